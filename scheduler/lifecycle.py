"""The one table of moves of a queue entry. `queue.py` alone makes them.

No route leads from draft to publishing without approve, or from unconfirmed back to it without a person: but for a
thread whose part was found, which goes on with the next one. Finish, and withdraw from held and lapsed, are for threads
of which a part is out."""

from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    QUEUED = "queued"
    PUBLISHING = "publishing"
    UNCONFIRMED = "unconfirmed"
    HELD = "held"
    LAPSED = "lapsed"
    FAILED = "failed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class Event(StrEnum):
    SUBMIT = "submit"
    DISCARD = "discard"
    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    RECALL = "recall"
    SCHEDULE = "schedule"
    EDIT = "edit"
    CLAIM = "claim"
    HOLD = "hold"
    LAPSE = "lapse"
    UNSCHEDULE = "unschedule"
    CONFIRM = "confirm"
    DEFER = "defer"
    REFUSE = "refuse"
    ESCALATE = "escalate"
    LOSE = "lose"
    FIND = "find"
    RULE_OUT = "rule_out"
    RELEASE = "release"
    WITHDRAW = "withdraw"
    GO_ON = "go_on"
    """A part of a thread is out and the next one follows."""
    FINISH = "finish"
    """A thread ends with the parts that are out."""


MOVES: dict[State, dict[Event, State]] = {
    State.DRAFT: {Event.SUBMIT: State.IN_REVIEW, Event.DISCARD: State.DISCARDED},
    State.IN_REVIEW: {Event.APPROVE: State.APPROVED, Event.REQUEST_CHANGES: State.DRAFT, Event.RECALL: State.DRAFT},
    State.APPROVED: {Event.SCHEDULE: State.QUEUED, Event.EDIT: State.DRAFT},
    State.QUEUED: {
        Event.CLAIM: State.PUBLISHING,
        Event.HOLD: State.HELD,
        Event.LAPSE: State.LAPSED,
        Event.UNSCHEDULE: State.APPROVED,
        Event.EDIT: State.DRAFT,
    },
    State.PUBLISHING: {
        Event.CONFIRM: State.PUBLISHED,
        Event.DEFER: State.QUEUED,
        Event.REFUSE: State.FAILED,
        Event.ESCALATE: State.HELD,
        Event.LOSE: State.UNCONFIRMED,
        Event.GO_ON: State.QUEUED,
    },
    State.UNCONFIRMED: {Event.FIND: State.PUBLISHED, Event.RULE_OUT: State.HELD, Event.GO_ON: State.QUEUED},
    State.HELD: {
        Event.EDIT: State.DRAFT,
        Event.DISCARD: State.DISCARDED,
        Event.RELEASE: State.QUEUED,
        Event.FIND: State.PUBLISHED,
        Event.FINISH: State.PUBLISHED,
        Event.WITHDRAW: State.WITHDRAWN,
    },
    State.LAPSED: {
        Event.EDIT: State.DRAFT,
        Event.DISCARD: State.DISCARDED,
        Event.SCHEDULE: State.QUEUED,
        Event.FINISH: State.PUBLISHED,
        Event.WITHDRAW: State.WITHDRAWN,
    },
    State.FAILED: {Event.EDIT: State.DRAFT, Event.DISCARD: State.DISCARDED},
    State.PUBLISHED: {Event.WITHDRAW: State.WITHDRAWN},
    State.WITHDRAWN: {},
    State.DISCARDED: {},
}

SETTLED = frozenset({State.PUBLISHED, State.WITHDRAWN, State.DISCARDED, State.FAILED, State.HELD, State.LAPSED})
"""States in which a worker has nothing left to do."""


def next_state(state: State, event: Event) -> State | None:
    """Where the event leads from that state; None when the table has no such move."""
    return MOVES[state].get(event)

"""A post's status, derived from its entries: the state that most needs somebody's attention speaks for the post."""

from collections.abc import Iterable

from scheduler.lifecycle import State

URGENCY = (
    State.UNCONFIRMED,
    State.HELD,
    State.FAILED,
    State.LAPSED,
    State.PUBLISHING,
    State.DRAFT,
    State.IN_REVIEW,
    State.APPROVED,
    State.QUEUED,
    State.PUBLISHED,
    State.WITHDRAWN,
    State.DISCARDED,
)


def status_of(states: Iterable[str]) -> str:
    """The first of URGENCY that any entry is in; 'draft' for a post without entries."""
    there = set(states)
    return next((state.value for state in URGENCY if state.value in there), State.DRAFT.value)

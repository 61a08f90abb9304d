"""The table of moves, and that `queue.py` keeps to it."""

import itertools
import re
from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

from scheduler import queue
from scheduler.entries import Entry, EntryHistory
from scheduler.lifecycle import MOVES, SETTLED, Event, State, next_state
from scheduler.planning import plan_post
from tests.scheduler.helpers import Force

TABLE = """
draft: submit in_review, discard discarded
in_review: approve approved, request_changes draft, recall draft
approved: schedule queued, edit draft
queued: claim publishing, hold held, lapse lapsed, unschedule approved, edit draft
publishing: confirm published, defer queued, refuse failed, escalate held, lose unconfirmed, go_on queued
unconfirmed: find published, rule_out held, go_on queued
held: edit draft, discard discarded, release queued, find published, finish published, withdraw withdrawn
lapsed: edit draft, discard discarded, schedule queued, finish published, withdraw withdrawn
failed: edit draft, discard discarded
published: withdraw withdrawn
withdrawn:
discarded:
"""


def stated() -> dict[tuple[str, str], str]:
    moves = {}
    for line in TABLE.strip().splitlines():
        state, _, rest = line.partition(":")
        for move in filter(None, (part.strip() for part in rest.split(","))):
            event, after = move.split()
            moves[state, event] = after
    return moves


@pytest.mark.parametrize(("state", "event"), list(itertools.product(State, Event)))
def test_a_move_leads_where_the_table_says_and_nowhere_else(state: State, event: Event) -> None:
    assert next_state(state, event) == stated().get((state.value, event.value))


def routes(start: State, end: State, without: Event) -> Iterator[list[Event]]:
    """Every way from start to end that never makes the move `without` and passes no state twice."""
    paths: list[tuple[State, tuple[State, ...], list[Event]]] = [(start, (start,), [])]
    while paths:
        here, seen, events = paths.pop()
        for event, after in MOVES[here].items():
            if event is without:
                continue
            if after is end:
                yield [*events, event]
            elif after not in seen:
                paths.append((after, (*seen, after), [*events, event]))


def test_no_route_leads_from_draft_to_publishing_without_an_approval() -> None:
    assert not list(routes(State.DRAFT, State.PUBLISHING, without=Event.APPROVE))


def test_what_may_have_gone_out_is_sent_again_only_by_way_of_a_person() -> None:
    """A part of a thread that was found is known to be out: what goes on is the next (`test_threads.py`)."""
    by_person = {Event.RELEASE, Event.EDIT}
    for events in routes(State.UNCONFIRMED, State.PUBLISHING, without=Event.FIND):
        if events == [Event.GO_ON, Event.CLAIM]:
            continue
        assert events[0] is Event.RULE_OUT
        assert by_person & set(events)


def test_a_worker_has_nothing_to_do_in_a_settled_state() -> None:
    assert all(Event.CLAIM not in MOVES[state] for state in SETTLED)


def test_the_queue_makes_every_move_of_the_table_with_its_history_and_refuses_the_others(force: Force) -> None:
    plan_post(force.context, force.post(), force.author)
    made = []
    for state, event in itertools.product(State, Event):
        after = stated().get((state.value, event.value))
        with force.context.database.write() as session:
            entry = put_into(session, state)
            if after is None:
                with pytest.raises(queue.WrongState):
                    queue.move(session, entry, event, actor="test", now=force.clock.now())
            else:
                queue.move(session, entry, event, actor="test", now=force.clock.now(), reason="because")
                made.append((state.value, event.value, after, "because"))
        assert force.entry().state == (after or state.value)
    with force.context.database.read() as session:
        history = session.exec(select(EntryHistory)).all()
    assert [(h.from_state, h.event, h.to_state, h.reason) for h in history] == made
    assert len(made) == len(stated())


def put_into(session: Session, state: State) -> Entry:
    """Set the stage: no route is walked, the state is simply written."""
    entry = session.exec(select(Entry)).one()
    entry.state = state.value
    session.flush()
    return entry


def test_a_move_from_a_state_that_has_passed_changes_nothing(force: Force) -> None:
    post_id = force.queued()
    with force.context.database.read() as session:
        stale = session.exec(select(Entry)).one()
    queue.claim(force.context, "other")
    with force.context.database.write() as session, pytest.raises(queue.Overtaken):
        queue.move(session, stale, Event.EDIT, actor="late", now=force.clock.now())
    assert force.entry(post_id).state == "publishing"


def test_only_the_queue_writes_an_entrys_state() -> None:
    from pathlib import Path

    import scheduler

    for path in Path(scheduler.__file__).parent.rglob("*.py"):
        if path.name not in ("queue.py", "entries.py"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"entry\.state = (?!'\w+'\")", text), path.name  # a comparison in SQL is none

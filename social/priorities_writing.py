"""Priorities that people of the force enter themselves: not every force publishes open data, and not every meeting waits
for it. What was read from data.police.uk is changed there and not here."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from social.audit import record
from social.clock import as_local
from social.context import Context
from social.errors import InputError
from social.places import Place
from social.police_data_areas import SOURCE
from social.priorities import Priority
from social.profile_input import LONGEST_TEXT, Checking, changed_meanwhile
from social.staff import Action, Person, require

ENTERED = "the force"
"""In `Priority.source` of one that was entered here."""


@dataclass(frozen=True)
class PriorityInput:
    """issue: what residents raised.  issued_on: since when.  action, acted_on: what was done and when, or nothing yet."""

    place_id: int
    issue: str
    issued_on: date | None
    action: str = ""
    acted_on: date | None = None


def put_priority(
    context: Context,
    person: Person,
    given: PriorityInput,
    *,
    number: int | None = None,
    seen_at: datetime | None = None,
) -> int:
    """Add a priority, or change one that was entered here.  number: which one; None adds.  Returns its number.

    seen_at: of the priority as the person saw it; None overwrites any.

    Raises NotAllowed, or InputError with every problem."""
    with context.database.write() as session:
        now = context.clock.now()
        one = _entered(session, number) if number is not None else None
        require(session, person, Action.KEEP_PROFILES, one.place_id if one is not None else given.place_id)
        if one is not None and seen_at is not None and one.seen_at != seen_at:
            raise InputError(changed_meanwhile("This priority"))
        today, check = as_local(now).date(), Checking()
        if session.get(Place, given.place_id) is None:
            check.wrong("That area is not on the map any more. Choose again.")
        issue = check.words("what residents raised", given.issue, LONGEST_TEXT)
        issued_on = check.day("the day since when it is a priority", given.issued_on, today)
        action = check.words("what was done", given.action, LONGEST_TEXT, needed=False) or None
        acted_on = None
        if given.acted_on is not None:
            acted_on = check.day("the day on which something was done", given.acted_on, today, not_before=issued_on)
            if action is None:
                check.wrong("Enter what was done, or leave its day empty.")
        check.end()
        before = None if one is None else {"issued": str(one.issued_on), "acted": str(one.acted_on)}
        one = one or Priority(place_id=given.place_id, issue=issue, source=ENTERED, seen_at=now)
        one.issue, one.issued_on, one.action, one.acted_on, one.seen_at = issue, issued_on, action, acted_on, now
        session.add(one)
        session.flush()
        record(session, now, actor=person, action="enter priority" if before is None else "change priority",
               subject=("priority", one.id or 0), place_id=one.place_id, before=before,
               after={"issued": str(issued_on), "acted": str(acted_on)})  # fmt: skip
        return one.id or 0


def end_priority(context: Context, person: Person, number: int, *, seen_at: datetime | None = None) -> None:
    """It is no priority any more; it is kept with what was done.  seen_at: as in `put_priority`.

    Raises NotAllowed, InputError."""
    with context.database.write() as session:
        one = _entered(session, number)
        require(session, person, Action.KEEP_PROFILES, one.place_id)
        if seen_at is not None and one.seen_at != seen_at:
            raise InputError(changed_meanwhile("This priority"))
        if one.ended_at is not None:
            raise InputError("That priority has ended already.")
        one.ended_at = one.seen_at = context.clock.now()
        session.add(one)
        record(session, one.ended_at, actor=person, action="end priority", subject=("priority", number),
               place_id=one.place_id)  # fmt: skip


def _entered(session: Session, number: int) -> Priority:
    one = session.get(Priority, number)
    if one is None:
        raise InputError(f"There is no priority {number}.")
    if one.source == SOURCE:
        raise InputError("That priority comes from data.police.uk. Change it there; it is read from there again.")
    return one

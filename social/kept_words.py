"""Words that staff keep to use again, answers and templates alike: found as they were seen, kept and put on record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from sqlmodel import Session

from social.audit import record
from social.errors import InputError
from social.staff import Action, Person, require


class KeptWords(Protocol):
    """place_id: the area whose people may use it, None for the whole force.  version: counts its changes."""

    id: int | None
    place_id: int | None
    active: bool
    version: int
    changed_at: datetime


Words = TypeVar("Words", bound=KeptWords)


def found_as_seen(
    session: Session, person: Person, table: type[Words], number: int, *, version: int, action: Action, called: str
) -> Words:
    """The row of that number, which the person may change and nobody has changed since.

    version: the one that the person saw.  called: what people call such a row.  Raises InputError and NotAllowed."""
    one = session.get(table, number)
    if one is None:
        raise InputError(f"{called.capitalize()} {number} is not there. Open the page again.")
    require(session, person, action, one.place_id)
    if one.version != version:
        raise InputError(f"Somebody changed this {called} meanwhile. Open the page again and look at it first.")
    return one


def keep_words(
    session: Session, now: datetime, person: Person, one: KeptWords, *, called: str, action: str,
    before: Mapping[str, object] | None = None,
) -> int:  # fmt: skip
    """Keep a row, new or changed, with its row in the record, which holds no words.  Returns its number."""
    one.version += 1
    one.changed_at = now
    session.add(one)
    session.flush()
    record(
        session, now, actor=person, action=action, subject=(called, one.id or 0), before=before,
        after={"version": one.version, "place": one.place_id, "active": one.active}, place_id=one.place_id,
    )  # fmt: skip
    return one.id or 0


def retire_words(session: Session, now: datetime, person: Person, one: KeptWords, *, called: str, back: bool) -> None:
    """Take a row out of use, or put it back."""
    before = {"version": one.version, "active": one.active}
    one.active = back
    keep_words(session, now, person, one, called=called, action=f"{'put' if back else 'retire'} {called}{' back' if back else ''}",
               before=before)  # fmt: skip

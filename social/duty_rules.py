"""Who is to be told of an emergency, how often, and which replies are worth waking somebody for (R16, R19).

Pure: data and the time go in, a value comes out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

REPEAT = timedelta(minutes=5)
"""Between two messages about the same emergency to the same person."""
ESCALATE = timedelta(minutes=10)
"""After which the next contact is told as well."""
EVERYBODY = 4
"""The level, reached after half an hour, at which every contact and corporate communications are told."""
FRESH = timedelta(hours=24)
PATIENCE = timedelta(minutes=1)
"""So long a reply may wait for an analyser that can read nothing before somebody is told: the next round may mend it."""
LONGEST_AGE = timedelta(days=7)
SURE_ENOUGH = {"emergency": 0.0, "welfare": 0.3, "threat": 0.3}
"""From which probability on a kind or a flag opens a call. Recall before precision (R19): whatever the analyser calls an
emergency is one; what the two flags find and miss from there on was measured (docs/model-card.md)."""


@dataclass(frozen=True)
class Recipient:
    """Somebody who can be told.  address: of e-mail, lower case.  person_id: of the person, or for a desk of whoever
    put it on the list.  desk: the address is a desk's and not the person's own.  phone_sealed: number for texts, sealed,
    None for none."""

    address: str
    name: str
    person_id: int
    desk: bool = False
    phone_sealed: bytes | None = field(default=None, repr=False, compare=False)


def level_at(opened_at: datetime, now: datetime) -> int:
    """How far an emergency has escalated: 1 the first contact, 2 and 3 the next ones too, EVERYBODY all. >= 1."""
    return min(1 + max(0, (now - opened_at) // ESCALATE), EVERYBODY)


def recipients_at(level: int, contacts: Sequence[Recipient], corporate: Sequence[Recipient]) -> tuple[Recipient, ...]:
    """Who is told at that level, each address once.

    contacts: of the area, then of the wider ones, in their order.  corporate: who is told when these have not
    answered, or when there are none.  Where no next contact is left, everybody is told at once."""
    if level < EVERYBODY and level <= len(contacts):
        return _once(contacts[:level])
    return _once([*contacts, *corporate])


def _once(recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    found: dict[str, Recipient] = {}
    for one in recipients:
        found.setdefault(one.address, one)
    return tuple(found.values())


def next_telling(opened_at: datetime, now: datetime) -> datetime:
    """When to tell again: the next whole five minutes since it was opened, so that a late round does not put off all
    that follow."""
    return opened_at + REPEAT * ((now - opened_at) // REPEAT + 1)


def worth_telling(written_at: datetime, arrived_at: datetime, connected_at: datetime, now: datetime) -> bool:
    """Whether a reply that is read now may wake somebody.

    Not when it came in more than a day ago: a new version of the analyser reads old replies again, and nobody is woken
    for those. Not when it was written before the account was connected and more than a day ago: that is history that was
    brought in. Otherwise up to a week, so that what was written while Beatline stood still is not lost."""
    if now - arrived_at > FRESH:
        return False
    age = now - written_at
    return age <= FRESH or (written_at >= connected_at and age <= LONGEST_AGE)

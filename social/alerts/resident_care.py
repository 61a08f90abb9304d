"""What staff do for one resident who asks them: find, change, leave. Each is on record, without a word of who it was.

A resident is found by the whole address that they give; there is no list of them (R25)."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import select

from social.alerts.contacts import Contact, clean_email, contact_of, email_key
from social.alerts.membership import BY_STAFF, put_change, put_leaving
from social.alerts.residents import Resident, ResidentState
from social.alerts.wishes import Preferences, preferences_of
from social.audit import record
from social.context import Context
from social.errors import InputError
from social.staff import Action, Person, require


@dataclass(frozen=True)
class Member:
    """One resident, for whoever looks after them at this moment.  joined_at: when they signed up."""

    id: int
    state: str
    joined_at: datetime
    confirmed_at: datetime | None
    email_works: bool
    number_checked: bool
    contact: Contact = field(repr=False)
    preferences: Preferences


def find_resident(context: Context, person: Person, email: str) -> Member | None:
    """Whoever has this address; None for nobody and for somebody who left.  Raises NotAllowed, InputError."""
    key = email_key(context.vault, clean_email(email))
    with context.database.write() as session:
        require(session, person, Action.KEEP_RESIDENTS)
        resident = session.exec(select(Resident).where(Resident.email_key == key)).first()
        gone = resident is None or resident.state == ResidentState.LEFT
        record(session, context.clock.now(), actor=person, action="look up a resident",
               subject=("resident", "none" if resident is None else resident.id or 0), after={"found": not gone})  # fmt: skip
        if resident is None or gone:
            return None
        return Member(
            resident.id or 0, resident.state, resident.joined_at, resident.confirmed_at,
            resident.email_stopped_at is None, resident.phone_checked_at is not None,
            contact_of(context.vault, resident), preferences_of(session, resident),
        )  # fmt: skip


def change_for(
    context: Context, person: Person, resident_id: int, wanted: Preferences, *, phone: str | None = None
) -> bool:
    """`membership.change` on the word of a resident who asks.  Raises NotAllowed, InputError."""
    with context.database.write() as session:
        require(session, person, Action.KEEP_RESIDENTS)
        texted = put_change(context, session, resident_id, wanted, phone=phone)
        record(session, context.clock.now(), actor=person, action="change a resident's choices",
               subject=("resident", resident_id), after={"another_number": phone is not None})  # fmt: skip
    return texted


def leave_for(context: Context, person: Person, resident_id: int) -> None:
    """`membership.leave` on the word of a resident who asks.  Raises NotAllowed; InputError for nobody."""
    with context.database.write() as session:
        require(session, person, Action.KEEP_RESIDENTS)
        if not put_leaving(session, resident_id, context.clock.now(), BY_STAFF):
            raise InputError("They are no member any more.")
        record(
            session, context.clock.now(), actor=person, action="take a resident out", subject=("resident", resident_id)
        )

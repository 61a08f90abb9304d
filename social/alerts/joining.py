"""Signing up (R30): what somebody asks for is kept, and a message asks the address itself whether it is theirs.

Whoever signs up an address learns nothing about it. One that is known already gets a message with the link to its
settings, and the caller gets the same answer as for a new one."""

from datetime import datetime

from sqlmodel import Session, select

from social.alerts.asked import Asked, everything_asked, keep_asked
from social.alerts.contacts import Contact, clean_contact, email_key, phone_key
from social.alerts.mailings import SOON, MessageKind, Way
from social.alerts.messages import new_message, require_account, told_lately
from social.alerts.residents import Resident, ResidentState
from social.alerts.wishes import Preferences, Wishes, problems_of, put_preferences
from social.audit import record
from social.context import Context
from social.errors import InputError, Problem
from social.staff import Action, Person, require
from social.vault import Vault

WEBSITE = "website"
OFFICER = "officer"
EVENT = "event: "
"""What a source begins with that is an event; its name follows."""
LONGEST_EVENT = 60
SIGN_UP = "sign up a resident"


def ask_to_join(context: Context, wishes: Wishes, source: str = WEBSITE) -> None:
    """Keep what somebody asks for, unconfirmed, and have their address asked.

    Done twice, or twice at once, there is one resident and one message.  Raises InputError with every problem of what
    was given, and while the alert service has no account; never for anything that is known of the address."""
    with context.database.write() as session:
        contact = _checked(session, wishes)
        _join(context, session, contact, wishes.preferences, source)


def sign_up(
    context: Context, person: Person, wishes: Wishes, *, event: str | None = None, number_checked: bool = False
) -> None:
    """The same, typed in by an officer beside the resident, who still confirms from their own address.

    event: where, for counting; None for nowhere in particular.  number_checked: the officer has seen that the number is
    the resident's, so that it may be texted.  Raises NotAllowed, InputError."""
    with context.database.write() as session:
        require(session, person, Action.SIGN_UP_RESIDENTS)
        contact, source = _checked(session, wishes), source_of(event)
        now = context.clock.now()
        _join(context, session, contact, wishes.preferences, source, number_checked=number_checked)
        # Whose address it is, and whether it was known, is for nobody to read.
        record(session, now, actor=person, action=SIGN_UP, subject=("residents", "sign-up"),
               after={"event": event is not None, "number_checked": number_checked})  # fmt: skip


def source_of(event: str | None) -> str:
    """What is kept as the source of a consent given to an officer.  Raises InputError for a name that is none."""
    name = " ".join((event or "").split())
    if len(name) > LONGEST_EVENT or not name.isprintable():
        raise InputError(Problem(f"Give the event a name of at most {LONGEST_EVENT} letters.", column="event"))
    return f"{EVENT}{name}" if name else OFFICER


def _checked(session: Session, wishes: Wishes) -> Contact:
    """What is wrong is looked for before the address is: the answer must not depend on whom it belongs to."""
    problems, contact = problems_of(session, wishes.preferences), Contact()
    try:
        contact = clean_contact(wishes.email, wishes.phone, wishes.name)
    except InputError as error:
        problems = [*error.problems, *problems]
    if wishes.preferences.by_text and not wishes.phone.strip():
        problems.append(Problem("Give a mobile number to be told by text.", column="phone"))
    if problems:
        raise InputError(*problems)
    require_account(session)
    return contact


def _join(
    context: Context,
    session: Session,
    contact: Contact,
    wanted: Preferences,
    source: str,
    *,
    number_checked: bool = False,
) -> None:
    """Of a member nothing is changed on somebody's word: the message that goes out leads to the settings."""
    now, key = context.clock.now(), email_key(context.vault, contact.email)
    resident = session.exec(select(Resident).where(Resident.email_key == key)).first()
    if resident is None:
        resident = Resident(contact_sealed=b"", email_key=key, consent_at=now, consent_source=source, joined_at=now,
                            changed_at=now)  # fmt: skip
    if resident.state != ResidentState.CONFIRMED:
        earlier = _earlier(context.vault, session, resident, contact, wanted) if resident.id is not None else []
        _begin(context.vault, resident, contact, source, now)
        keep_asked(context.vault, resident, contact, wanted, earlier)
        resident.phone_checked_at = now if number_checked and contact.phone else None
        session.add(resident)
        session.flush()
        put_preferences(session, resident, wanted)
    if not told_lately(session, resident, Way.EMAIL, now):
        new_message(session, require_account(session), resident, MessageKind.CONFIRM, Way.EMAIL, now, rank=SOON,
                    period=f"{now.isoformat()} {Way.EMAIL.value}")  # fmt: skip


def _earlier(
    vault: Vault, session: Session, resident: Resident, contact: Contact, wanted: Preferences
) -> list[Asked]:  # fmt: skip
    """What was asked for with the address before and is something else: whoever confirms says which is theirs."""
    if resident.state == ResidentState.LEFT:
        return []
    new = Asked(wanted, resident.joined_at, "", phone=contact.phone, name=contact.name).mark(vault)
    return [one for one in everything_asked(session, vault, resident) if one.mark(vault) != new]


def _begin(vault: Vault, resident: Resident, contact: Contact, source: str, now: datetime) -> None:
    """Somebody new, somebody who comes back, or somebody who has not confirmed and asks again."""
    if resident.state == ResidentState.LEFT:
        resident.link_version += 1  # links of the membership that ended open nothing of the new one
    resident.state = ResidentState.UNCONFIRMED.value
    resident.phone_key = phone_key(vault, contact.phone)
    resident.text_stopped_at, resident.code_tries = None, 0
    resident.consent_at, resident.consent_source = now, source
    resident.joined_at, resident.changed_at, resident.confirmed_at = now, now, None

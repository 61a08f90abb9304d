"""What is held of a member of the alert service, handed over or erased when they ask (R29).

They are found by the whole address that they give themselves; there is no list to look through and no search by part of
an address, a name or a number (R25)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from social.alerts.asked import everything_asked
from social.alerts.contacts import clean_email, contact_of, email_key
from social.alerts.letters_kept import forget_writer, letters_by
from social.alerts.mailings import DigestItem, Mailing, Message
from social.alerts.residents import LeftAddress, Resident
from social.alerts.residents_kept import cut_ties
from social.alerts.topics import GROUPS, TOPICS
from social.alerts.wishes import FREQUENCIES, LANGUAGES, preferences_of
from social.audit import erase_reasons, record
from social.context import Context
from social.errors import InputError
from social.places import Place
from social.staff import Action, Person, require
from social.subject_requests import ERASE, EXPORT, Erased, in_lines, sound_reference

NOT_HELD = (
    "What a resident answered in a survey cannot be told from what others answered, and so is not in this file. What they "
    "wrote on a network, or from another address, is found by its words. Who opened a message is kept only where the force has turned that on."
)
KEPT_OF_LEFT = (
    "You left. A keyed hash of the address alone is kept, which cannot be turned back into it, so that an old list does "
    "not sign you up again."
)


@dataclass(frozen=True)
class HeldMember:
    """What is known of the owner of an address, for whoever deals with their request.  number: None when only the hash of
    an address that left is kept.  messages: how many were sent or wait."""

    number: int | None
    state: str
    since: datetime | None
    messages: int


def find_member(context: Context, person: Person, email: str) -> HeldMember | None:
    """Whether anything is held of the owner of this address; None for nothing.  Raises NotAllowed, InputError."""
    key = email_key(context.vault, clean_email(email))
    with context.database.write() as session:
        require(session, person, Action.ERASE)
        resident, left = _held_of(session, key)
        found = None
        if resident is not None:
            found = HeldMember(resident.id, resident.state, resident.joined_at, len(_messages(session, resident)))
        elif left:
            found = HeldMember(None, "left", None, 0)
        record(session, context.clock.now(), actor=person, action="find what is held", subject=("resident", "request"),
               after={"found": found is not None})  # fmt: skip
    return found


def export_member(context: Context, person: Person, email: str) -> dict[str, Any]:
    """Everything that is held of the owner of this address, ready for JSON.

    Raises NotAllowed; InputError when nothing is held."""
    key = email_key(context.vault, clean_email(email))
    with context.database.write() as session:
        require(session, person, Action.ERASE)
        resident, left = _held_of(session, key)
        if resident is None and not left:
            raise InputError("Nothing is held of the owner of that address.")
        number = resident.id or 0 if resident is not None else 0
        record(session, context.clock.now(), actor=person, action=EXPORT, subject=("resident", number),
               after={"residents": 1})  # fmt: skip
        held = [_told(context, session, resident)] if resident is not None else [{"kept": KEPT_OF_LEFT}]
    return {"made_at": context.clock.now().isoformat(), "held": held, "not_held": NOT_HELD}


def erase_member(context: Context, person: Person, email: str, *, request: str) -> Erased:
    """Erase everything of the owner of this address but its keyed hash, which keeps an old list from bringing it back.

    request: reference of the request, letters and digits.  Raises NotAllowed; InputError when nothing is held."""
    request, key = sound_reference(request, "request"), email_key(context.vault, clean_email(email))
    with context.database.write() as session:
        require(session, person, Action.ERASE)
        resident, _left = _held_of(session, key)
        if resident is None or resident.id is None:
            raise InputError("Nothing is held of the owner of that address that could be erased.")
        now = context.clock.now()
        forget_writer(session, resident.id)
        cut_ties(session, [resident.id], now)
        erase_reasons(session, now, actor=person, subject=("resident", resident.id))
        record(session, now, actor=person, action=ERASE, subject=("resident", resident.id),
               after={"residents": 1, "request": request})  # fmt: skip
    return Erased(1, context.database.forget_erased())


def member_text(held: dict[str, Any]) -> str:
    """The export for whoever asked: one thing a line, in plain words."""
    lines = ["What the alert service holds of you", "", held["not_held"], ""]
    for one in held["held"]:
        lines += in_lines(one, "")
    return "\n".join(lines) + "\n"


def _held_of(session: Session, key: str) -> tuple[Resident | None, bool]:
    resident = session.exec(select(Resident).where(Resident.email_key == key)).first()
    return resident, session.get(LeftAddress, key) is not None


def _messages(session: Session, resident: Resident) -> list[Message]:
    query = select(Message).where(Message.resident_id == resident.id).order_by(col(Message.id))
    return list(session.exec(query))


def _told(context: Context, session: Session, resident: Resident) -> dict[str, Any]:
    contact, chosen = contact_of(context.vault, resident), preferences_of(session, resident)
    places = {
        place.id: place.name for place in session.exec(select(Place).where(col(Place.id).in_(list(chosen.areas))))
    }
    areas = [
        f"{places.get(one, '')}, {km:g} km around" if km else places.get(one, "") for one, km in chosen.areas.items()
    ]
    return {
        "address": contact.email or "deleted; a keyed hash is kept",
        "mobile_number": contact.phone or None,
        "name": contact.name or None,
        "state": resident.state,
        "topics": [TOPICS.get(one, one) for one in chosen.topics],
        "areas": areas,
        "groups": [GROUPS.get(one, one) for one in chosen.groups],
        "how_often": FREQUENCIES.get(chosen.frequency, chosen.frequency),
        "by_email": chosen.by_email,
        "by_text": chosen.by_text,
        "language": LANGUAGES.get(chosen.lang, chosen.lang),
        "quiet_hours": "{:02}:{:02} to {:02}:{:02}".format(*divmod(chosen.quiet[0], 60), *divmod(chosen.quiet[1], 60))
        if chosen.quiet else None,
        "also_asked_for_with_this_address": _asked_besides(context, session, resident),
        "consent": {"given_at": resident.consent_at.isoformat(), "where": resident.consent_source},
        **{name: _moment(getattr(resident, name)) for name in
           ("joined_at", "confirmed_at", "changed_at", "left_at", "phone_checked_at", "email_stopped_at",
            "text_stopped_at", "last_told_at")},
        "left_because": resident.left_reason,
        "messages": [_message(session, one) for one in _messages(session, resident)],
        "waiting_for_a_digest": _waiting(session, resident),
        "letters": letters_by(session, context.vault, resident.id or 0),
    }  # fmt: skip


def _asked_besides(context: Context, session: Session, resident: Resident) -> list[dict[str, Any]]:
    """Other sign-ups of the address that nobody has confirmed."""
    every = everything_asked(session, context.vault, resident) if resident.contact_sealed else []
    return [
        {"at": one.at.isoformat(), "where": one.source, "mobile_number": one.phone or None, "name": one.name or None,
         "topics": [TOPICS.get(key, key) for key in one.preferences.topics]}
        for one in every[1:]
    ]  # fmt: skip


def _message(session: Session, message: Message) -> dict[str, Any]:
    mailing = session.get(Mailing, message.mailing_id) if message.mailing_id is not None else None
    return {
        "kind": message.kind, "way": message.way, "subject": mailing.subject if mailing is not None else None,
        "made_at": _moment(message.made_at), "state": message.state, "useful": message.useful,
        "opened_at": _moment(message.opened_at),
    }  # fmt: skip


def _waiting(session: Session, resident: Resident) -> list[str]:
    query = select(Mailing.subject).join(DigestItem, col(DigestItem.mailing_id) == col(Mailing.id)).where(
        DigestItem.resident_id == resident.id, col(DigestItem.message_id).is_(None), col(DigestItem.dropped_at).is_(None)
    )  # fmt: skip
    return list(session.exec(query))


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value is not None else None

"""Puts words and addresses to the messages of a batch. An alert's words are asked for once for each language, however
many residents get it; addresses are opened here and go nowhere but to the carrier."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from social.alerts import letters
from social.alerts.carriers import Delivery, Parcel
from social.alerts.contacts import contact_of
from social.alerts.letters import Letter
from social.alerts.mailings import Message, MessageKind, Way
from social.alerts.residents import Resident
from social.context import Context
from social.database_trouble import DatabaseTrouble
from social.errors import bare
from social.smtp import Result

log = logging.getLogger("beatline.alerts")

SAME_FOR_ALL = (MessageKind.ALERT.value, MessageKind.CORRECTION.value)
"""Kinds whose words depend on nothing but the alert and the language."""


_Same = tuple[str, str, int | None, str]


@dataclass
class Prepared:
    """parcels: ready for the carrier, in order.  told: of those that will not go, why.  unwanted: numbers of those that
    have nothing to say any more."""

    parcels: list[Parcel] = field(default_factory=list)
    told: list[Delivery] = field(default_factory=list)
    unwanted: list[int] = field(default_factory=list)


def prepare(context: Context, held: Mapping[int, int]) -> Prepared:
    """What these messages say and where they go.  held: number -> fence, in the order in which they are to go."""
    prepared = Prepared()
    known: dict[_Same, Letter | None] = {}
    with context.database.read() as session:
        messages = load(session, held)
        residents = _residents(session, messages)
        for message in messages:
            resident = residents.get(message.resident_id or 0)
            _prepare_one(session, context, message, resident, known, prepared)
    return prepared


def load(session: Session, held: Mapping[int, int]) -> list[Message]:
    """Those that are still held, in the order given."""
    query = select(Message).where(col(Message.id).in_(held))
    found = {message.id: message for message in session.exec(query)}
    return [found[number] for number, fence in held.items() if number in found and found[number].fence == fence]


def _residents(session: Session, messages: list[Message]) -> dict[int, Resident]:
    numbers = {message.resident_id for message in messages if message.resident_id is not None}
    return {r.id: r for r in session.exec(select(Resident).where(col(Resident.id).in_(numbers))) if r.id is not None}


def _prepare_one(
    session: Session,
    context: Context,
    message: Message,
    resident: Resident | None,
    known: dict[_Same, Letter | None],
    prepared: Prepared,
) -> None:
    assert message.id is not None
    key = (message.kind, message.way, message.mailing_id, resident.lang if resident is not None else "")
    try:
        if message.kind not in SAME_FOR_ALL:
            letter = letters.write(session, context, message, resident)
        elif key in known:
            letter = known[key]
        else:
            letter = known[key] = letters.write(session, context, message, resident)
        to = _address(context, message, resident, letter)
    except DatabaseTrouble:
        raise
    except Exception as error:
        # One message's trouble is its own.
        log.error("message %s could not be made ready", message.id, exc_info=bare(error))
        prepared.told.append(
            Delivery(message.id, Result.NOT_SENT, f"it could not be made ready ({type(error).__name__})")
        )
        return
    if letter is None:
        prepared.unwanted.append(message.id)
    elif not to:
        prepared.told.append(Delivery(message.id, Result.REFUSED, "there is no address or number to send it to"))
    else:
        prepared.parcels.append(Parcel(message, resident, letter, to))


def _address(context: Context, message: Message, resident: Resident | None, letter: Letter | None) -> str:
    if letter is not None and letter.to is not None:
        return letter.to
    if resident is None:
        return ""
    contact = contact_of(context.vault, resident)
    return contact.email if message.way == Way.EMAIL else contact.phone

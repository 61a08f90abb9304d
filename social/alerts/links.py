"""Signed links: what a resident may do from any message without signing in, and nobody else (R30).

A token names nobody: it is the purpose, the resident's number and what it is about, sealed with AES-SIV, so the same
link is always the same and one that was guessed or changed is refused by arithmetic alone, before the database hears of
it. Every token holds the resident's `link_version`; raising that ends all that were sent before."""

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from social.alerts.mailings import Message
from social.alerts.residents import Resident
from social.context import Context
from social.errors import InputError


class Purpose(StrEnum):
    """What a link is good for, and where it leads below /alerts/. One for something else is refused there."""

    CONFIRM = "confirm"
    SETTINGS = "settings"
    LEAVE = "leave"
    USEFUL = "useful"
    SURVEY = "survey"
    OPENED = "opened"
    NUMBER = "number"
    """From the text with a code: this number is not theirs who gave it. It opens nothing else of the resident."""


@dataclass(frozen=True)
class Claim:
    """What a token says that was sealed by us; whether it still holds, only the database knows."""

    resident_id: int
    link_version: int
    about: int | None


@dataclass(frozen=True)
class Opened:
    """A link that holds.  about: the number of the message or survey that the link was made for."""

    resident: Resident
    about: int | None


_ID, _VERSION = 5, 4
"""Bytes of a number and of a link version in a token; with 16 of the seal that makes 40 characters."""
_BYTES = 2 * _ID + _VERSION
TOKEN_LENGTH = 40


def public_base(context: Context) -> str:
    """Where residents reach `beatline web`, without a slash at the end.

    Raises InputError while nobody has said so: nothing is sent then, as nobody could leave by a link (R30)."""
    base = context.settings.public_address
    if not base:
        raise InputError(
            "Residents could not open a link: set public_address (BEATLINE_PUBLIC_ADDRESS) to the address at which "
            "they reach `beatline web`, such as https://alerts.example.org. See docs/alert-pages.md."
        )
    return base


def link(context: Context, purpose: Purpose, resident: Resident, about: int | None = None) -> str:
    """The whole address for this resident.  about: a message's or a survey's number, where the purpose needs one.

    Raises InputError without `public_address`."""
    return public_base(context) + path(context, purpose, resident, about)


def path(context: Context, purpose: Purpose, resident: Resident, about: int | None = None) -> str:
    """The same without the address of the service: for one of its pages that leads to another."""
    assert resident.id is not None
    return _path(context, purpose, Claim(resident.id, resident.link_version, about))


def useful_links(context: Context, resident: Resident, message: Message) -> tuple[str, str]:
    """Where 'yes' and where 'no' lead below 'Was this useful?'. Raises InputError without `public_address`."""
    base = link(context, Purpose.USEFUL, resident, message.id)
    return f"{base}?yes", f"{base}?no"


def tracking_picture(context: Context, message: Message) -> str | None:
    """The address of a picture that says that a message was opened; None unless the force turned tracking on (M08)."""
    if not context.settings.alert_tracking or message.id is None or message.resident_id is None:
        return None
    return public_base(context) + _path(context, Purpose.OPENED, Claim(message.resident_id, 0, message.id))


def claim(context: Context, purpose: Purpose, token: str) -> Claim | None:
    """What a token says; None for one that is not ours or for something else. The database is not asked."""
    if len(token) != TOKEN_LENGTH:
        return None
    plain = context.vault.open_link(purpose.value, token)
    if plain is None or len(plain) != _BYTES:
        return None
    about = int.from_bytes(plain[_ID + _VERSION :])
    return Claim(
        resident_id=int.from_bytes(plain[:_ID]),
        link_version=int.from_bytes(plain[_ID : _ID + _VERSION]),
        about=about - 1 if about else None,
    )


def opened(context: Context, session: Session, purpose: Purpose, token: str) -> Opened | None:
    """The resident whom a link belongs to, as the session sees them; None for one that is not or no longer ours.

    A resident who left is handed back as well: what a link may still do for them is for the caller to say. Ask `claim`
    first where the session is one that writes: that one is open already, and a bad token should open none."""
    said = claim(context, purpose, token)
    return still_holds(session, said) if said is not None else None


def still_holds(session: Session, said: Claim) -> Opened | None:
    """The resident of a link that was sealed by us; None once they have another link version, or are erased."""
    resident = session.get(Resident, said.resident_id)
    if resident is None or resident.link_version != said.link_version:
        return None
    return Opened(resident, said.about)


def _path(context: Context, purpose: Purpose, said: Claim) -> str:
    about = 0 if said.about is None else said.about + 1
    plain = b"".join(
        number.to_bytes(size) for number, size in ((said.resident_id, _ID), (said.link_version, _VERSION), (about, _ID))
    )
    return f"/alerts/{purpose.value}/{context.vault.seal_link(purpose.value, plain)}"

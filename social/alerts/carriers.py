"""What carries messages to residents: a mail server, or GOV.UK Notify, behind one protocol.

The order is the promise that nobody gets an alert twice. `load` does whatever can be done before anything happens;
`leave` lets go of what the sender has meanwhile recorded as leaving; `answers` says what came of it. What left and was
never answered is asked about with `look`, and where nobody can say, it is not sent again (PLATFORMS.md 3)."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from importlib import import_module
from typing import Protocol

from social.accounts import Account
from social.alerts.letters import Letter
from social.alerts.mailings import Message
from social.alerts.residents import Resident
from social.context import Context
from social.smtp import Result


class Bounce(StrEnum):
    """What a refusal says of the address or number.  HARD: there is none such, nothing goes there any more.
    SOFT: it takes nothing just now, such as a mailbox that is full."""

    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True)
class Parcel:
    """One message made ready.  resident: None for an answer to somebody who is no member.  to: the address or the number,
    by the message's way."""

    message: Message
    resident: Resident | None
    letter: Letter
    to: str = field(repr=False)

    @property
    def message_id(self) -> int:
        assert self.message.id is not None
        return self.message.id


@dataclass(frozen=True)
class Delivery:
    """What came of one message.

    result: SENT, it was taken.  NOT_SENT, it was not, and it is tried again later.  REFUSED, it never will be.
    UNKNOWN, it may have been.  detail: a code and words of ours, never the provider's words, an address or a number.
    provider_id: GOV.UK Notify's number for it.  bounce: what it says of the address or number, None for nothing.
    again_at_once: the connection was lost before anything happened; the message's own turn was not used up.
    refuses_us: it is no matter of this recipient: nothing of ours is passed on.
    ask_again: UNKNOWN so far; a later look may tell."""

    message_id: int
    result: Result
    detail: str
    provider_id: str | None = None
    bounce: Bounce | None = None
    again_at_once: bool = False
    refuses_us: bool = False
    ask_again: bool = False

    @classmethod
    def dropped(cls, message_id: int) -> "Delivery":
        """It did not leave, through no fault of its own."""
        return cls(message_id, Result.NOT_SENT, "it was held up before it left", again_at_once=True)


class CarrierDown(Exception):
    """Nobody can be told anything by this carrier just now; what was loaded has not left.

    detail: a sentence of ours.  needs_person: it does not pass by itself, such as a password that is not taken.
    not_before: the moment that the provider named, None where it named none."""

    def __init__(self, detail: str, *, needs_person: bool = False, not_before: datetime | None = None) -> None:
        super().__init__(detail)
        self.detail, self.needs_person, self.not_before = detail, needs_person, not_before


Note = Callable[[int], bool]
"""Notes that the message of this number leaves now."""


Heard = Callable[[Delivery], None]
"""Is told what came of one message, as soon as that is known."""


def unnoted(_message_id: int) -> bool:
    """For whoever keeps no journal."""
    return True


def unheard(_delivery: Delivery) -> None:
    """For whoever keeps no journal."""


class Carrier(Protocol):
    """One account's way to residents. Used by one thread at a time.

    shows_once: a message handed over twice under one name is read once, as by most mail programs."""

    shows_once: bool

    @property
    def free(self) -> int:
        """How many parcels `load` takes now, while others may still be on their way; 0 while answers must come first."""
        ...

    def load(self, parcels: Sequence[Parcel]) -> list[Delivery]:
        """Do everything that can be done before these leave.  Returns one for each that will not leave, NOT_SENT or
        REFUSED; the others wait for `leave`.  Raises CarrierDown: then none of them is loaded."""
        ...

    def leave(self, message_ids: Collection[int], note: Note = unnoted) -> None:
        """Let these of the loaded leave, and drop the other loaded ones.  note: called right before each leaves; where it
        says no, that one must not, and `answers` says NOT_SENT of it. Raises nothing: what goes wrong from here on
        `answers` says."""
        ...

    def answers(self, heard: Heard = unheard) -> list[Delivery]:
        """What came of everything that left and was not yet told: one for each, waited for.  heard: called with each of
        them as soon as it is certain."""
        ...

    def look(self, message: Message) -> Delivery:
        """What became of a message that left and was never answered: SENT, NOT_SENT where it certainly did not go, or
        UNKNOWN where nobody can say, yet or ever.  Raises CarrierDown when it cannot be asked just now."""
        ...

    def close(self) -> None:
        """Let go of connections. What was loaded and did not leave is dropped."""
        ...


def carrier_of(context: Context, account: Account) -> Carrier:
    """By what the account's messages go: GOV.UK Notify where it has a key for it, else the mail server of the settings.

    Raises BeatlineError for credentials that cannot be opened."""
    by_notify = context.vault.open(account.credentials_sealed).get("notify_api_key")
    module, name = ("notify_carrier", "NotifyCarrier") if by_notify else ("smtp_carrier", "SmtpCarrier")
    carrier: Carrier = getattr(import_module(f"social.alerts.{module}"), name)(context, account)
    return carrier

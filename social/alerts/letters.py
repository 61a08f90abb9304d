"""What one message says, before it becomes mail or a text. Whoever sends asks `write` and knows no kind of message."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from sqlmodel import Session

from social.alerts.mailings import Message
from social.alerts.residents import Resident
from social.channels.base import Picture
from social.context import Context


@dataclass(frozen=True)
class Letter:
    """subject: for mail.  text: plain words, without greeting line breaks of its own.  html: the body's inner HTML, None
    to make it from the text.  pictures: shown in the mail, each with its alt text.  settings_link: whether the message
    carries the links to settings and leaving (R30); all that residents did not ask for at this moment do.
    leave_link: the one to leaving alone, for a message whose own words hold the others.
    useful_link: whether it asks if it was useful.  in_reply_to: Message-ID of what is answered.  lang: of the words,
    None for the resident's.  to: where it goes, for a message without a resident; None means the resident's address."""

    subject: str
    text: str
    html: str | None = None
    pictures: tuple[Picture, ...] = ()
    settings_link: bool = True
    leave_link: bool = False
    useful_link: bool = False
    in_reply_to: str | None = None
    lang: str | None = None
    to: str | None = None


Writer = Callable[[Session, Context, Message, Resident | None], Letter | None]

LETTERS: dict[str, str] = {
    "alert": "social.alerts.alert_letter",
    "correction": "social.alerts.alert_letter",
    "digest": "social.alerts.digest_letter",
    "confirm": "social.alerts.joining_letter",
    "survey": "social.alerts.survey_letter",
    "answer": "social.alerts.answer_letter",
}
"""Kind of message -> module whose `write` says what stands in it."""


def write(session: Session, context: Context, message: Message, resident: Resident | None) -> Letter | None:
    """What the message says now; None when there is nothing to say any more, and it is not sent.

    resident: None for an answer to a letter of somebody who is no member."""
    writer: Writer = import_module(LETTERS[message.kind]).write
    return writer(session, context, message, resident)

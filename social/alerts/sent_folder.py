"""What the mail server filed of what it took: a folder in which a message whose answer was lost is found, or is not.

A message that is there was taken. One that is not there was not, but only where the folder is known to be complete: a
mail server may still be busy with it (RFC 5321, section 4.5.3.2.6 gives it ten minutes), and copies may come late. So
absence counts after `imap_sent_wait`, when messages that were handed over next before and behind it are there; where
none was handed over since, when those before it are, after twice as long. A look that fails says nothing (PLATFORMS.md 3)."""

import contextlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from social.alerts.addresses import message_id
from social.alerts.carriers import Delivery
from social.alerts.letterbox_imap import Mailbox
from social.alerts.mailings import Message, MessageState, Way
from social.context import Context
from social.database_trouble import DatabaseTrouble
from social.errors import BeatlineError
from social.mail_password import LETTERBOX, mail_password
from social.smtp import Result

log = logging.getLogger("beatline.alerts")

WITNESSES = 3
"""Messages that were taken next to it, on either side, and have to be there before its absence counts."""
GIVE_UP_AFTER = timedelta(hours=1)
"""How long beyond the wait it is looked for; then a person is told that nobody knows."""
FOUND = "found in the folder of what the mail server took"
ABSENT = "not in the folder of what the mail server took"
_NEAR = 1_000
"""Messages by number among which witnesses are looked for."""
_TAKEN = (MessageState.SENT.value, MessageState.DELIVERED.value)


def open_sent_folder(context: Context) -> Mailbox:
    """The folder `imap_sent_folder`, to be opened by `with`; nothing in it is changed.  Raises BeatlineError for a
    password that cannot be opened."""
    with context.database.read() as session:
        password = mail_password(session, context.vault, LETTERBOX)
    return Mailbox(context.settings, password, context.settings.imap_sent_folder)


class SentFolder:
    """Of one account, for one round of a sender: signed in when the first message is looked for.

    from_address: the account's."""

    def __init__(self, context: Context, from_address: str) -> None:
        self._context, self._from = context, from_address
        self._wait = timedelta(seconds=context.settings.imap_sent_wait)
        self._open = contextlib.ExitStack()
        self._box: Mailbox | None = None

    def look(self, message: Message) -> Delivery:
        """SENT, NOT_SENT where it certainly was not taken, or UNKNOWN: with `ask_again` while that may still change."""
        assert message.id is not None
        try:
            result, detail = self._found(message)
        except DatabaseTrouble:
            raise
        except BeatlineError as error:
            self.close()
            log.warning("the folder of what the mail server took could not be read: %s", error)
            result, detail = Result.UNKNOWN, "the folder of what the mail server took could not be read"
        over = self._age(message) >= self._wait + GIVE_UP_AFTER
        return Delivery(message.id, result, detail, ask_again=result is Result.UNKNOWN and not over)

    def close(self) -> None:
        """Sign out."""
        self._open.close()
        self._box = None

    def _age(self, message: Message) -> timedelta:
        return self._context.clock.now() - (message.sending_at or message.made_at)

    def _found(self, message: Message) -> tuple[Result, str]:
        """Witnesses are looked for before the message itself, so that what they prove holds when it is not there."""
        complete = self._is_complete(message)
        if self._has(message):
            return Result.SENT, FOUND
        return (Result.NOT_SENT, ABSENT) if complete else (Result.UNKNOWN, f"{ABSENT} so far")

    def _is_complete(self, message: Message) -> bool:
        """Whether what the server took at the message's time is in the folder by now."""
        age, left = self._age(message), message.sending_at
        if left is None or age < self._wait:
            return False
        with self._context.database.read() as session:
            before, after = _neighbours(session, message, left)
        if not after and age < 2 * self._wait:
            return False
        # Those before it of the same hour as well: a folder that is emptied of what is older may have held it.
        near = before if not after else [one for one in before if left - _left(one) <= GIVE_UP_AFTER]
        witnesses = near + after
        return bool(witnesses) and all(self._has(one) for one in witnesses)

    def _has(self, message: Message) -> bool:
        if self._box is None:
            self._box = self._open.enter_context(open_sent_folder(self._context))
        self._box.refresh()
        return bool(self._box.with_message_id(message_id(message, self._from)))


def _neighbours(session: Session, message: Message, left: datetime) -> tuple[list[Message], list[Message]]:
    """Messages of the account that the server said it took: the nearest that left before this one, and behind it.

    They are looked for among those with near numbers, which leave together, and among the newest."""
    number = message.id or 0
    newest = select(func.max(col(Message.id)) - _NEAR).scalar_subquery()
    spans = col(Message.id).between(number - _NEAR, number + _NEAR), col(Message.id) > newest
    before = {one.id: one for span in spans for one in _nearest(session, message, span, left, behind=False)}
    after = {one.id: one for span in spans for one in _nearest(session, message, span, left, behind=True)}
    session.expunge_all()
    return sorted(before.values(), key=_order)[-WITNESSES:], sorted(after.values(), key=_order)[:WITNESSES]


def _nearest(session: Session, message: Message, span: Any, left: datetime, *, behind: bool) -> Sequence[Message]:
    when, number = col(Message.sending_at), col(Message.id)
    same = (Message.account_id == message.account_id, Message.way == Way.EMAIL.value, Message.id != message.id,
            col(Message.state).in_(_TAKEN), when > left if behind else when < left)  # fmt: skip
    order = (when, number) if behind else (when.desc(), number.desc())
    return session.exec(select(Message).where(*same, span).order_by(*order).limit(WITNESSES)).all()


def _order(message: Message) -> tuple[datetime, int]:
    return _left(message), message.id or 0


def _left(message: Message) -> datetime:
    assert message.sending_at is not None
    return message.sending_at

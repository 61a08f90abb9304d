"""Receipts of GOV.UK Notify: told by it (`social.web.notify_callback`), or asked for here where none came.

Asking goes through what is still awaited from the newest to the oldest, some requests a run, and begins anew at the end:
one request brings up to 250, and a look over 32,000 messages stays cheap whatever has become of them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, update
from sqlmodel import Field, Session, SQLModel, col, select

from social.accounts import Account, AccountState
from social.alerts.addresses import message_of
from social.alerts.mailings import Message, MessageState
from social.alerts.notify_carrier import AT_ONCE
from social.alerts.notify_client import PAGE, Notified, NotifyClient
from social.alerts.receipts import OUTCOMES, note_receipt
from social.context import Context
from social.errors import BeatlineError, ChannelError, Refused

AWAITED_FROM = timedelta(seconds=20)
AWAITED_FOR = timedelta(days=6)
"""Notify tries for three days and keeps what it knows for seven."""
DISORDER = 2 * AT_ONCE
"""So far Notify's order may differ from that of our numbers: some messages leave at once."""
MOST_REQUESTS = 20
"""A run and account: of 3,000 a minute that sending needs as well."""
_log = logging.getLogger("beatline.alerts")


class ReceiptLook(SQLModel, table=True):
    """How far down an account's messages the look for receipts has come.  before: number of the message that was asked
    about last; None to begin with the newest."""

    __tablename__ = "receipt_look"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    before: int | None = None


def look_for_receipts(context: Context) -> int:
    """Ask about messages that went by Notify and of which nothing was heard.  Returns how many were settled."""
    settled = 0
    for account in _accounts(context):
        if context.stopping.is_set():
            break
        try:
            credentials = context.vault.open(account.credentials_sealed)
            client = NotifyClient(credentials, account.base_url, context.settings, context.clock)
            settled += _look(context, account, client)
        except ChannelError as error:
            # Sending meets the same and tells whoever answers for the account; here it only waits.
            _log.info("receipts for account %s have to wait: %s", account.id, error.code)
        except BeatlineError:
            _log.warning("the credentials of account %s cannot be opened", account.id)
    return settled


def settle(session: Session, account_id: int, told: Notified, now: datetime) -> bool:
    """Settle the message that a notification belongs to, if it is one of this account's.  Returns whether it changed."""
    outcome = OUTCOMES.get(told.status)
    if outcome is None:
        return False
    of_account = select(Message).where(Message.account_id == account_id).with_for_update()
    message = session.exec(of_account.where(Message.provider_id == told.id)).first()
    if message is None:
        named = message_of(told.reference)
        if named is None:
            return False
        # Not recorded yet, or its answer was lost. One that has another number was sent again since.
        by_name = of_account.where(Message.id == named[0], Message.token == named[1])
        message = session.exec(by_name.where(col(Message.provider_id).is_(None))).first()
        if message is None or message.sending_at is None:
            return False
        message.provider_id = told.id
    return note_receipt(session, message, outcome, now)


def _accounts(context: Context) -> Sequence[Account]:
    """Accounts that await receipts."""
    with context.database.read() as session:
        awaits = select(Message.id).where(*_awaited(context.clock.now()), Message.account_id == Account.id).exists()
        query = select(Account).where(Account.state == AccountState.ACTIVE.value, Account.channel == "alert", awaits)
        found = session.exec(query).all()
        for account in found:
            session.expunge(account)
    return found


def _awaited(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Message.state) == MessageState.SENT.value,
        col(Message.provider_id).is_not(None),
        col(Message.receipt_at).is_(None),
        col(Message.sending_at) < now - AWAITED_FROM,
    )


def _look(context: Context, account: Account, client: NotifyClient) -> int:
    assert account.id is not None
    _forget_old(context, account.id)
    settled = 0
    for _ in range(MOST_REQUESTS // 2):
        first = _next(context, account.id)
        if first is None or context.stopping.is_set():
            break
        try:
            told = [client.one(first.provider_id)]
        except Refused:
            told = []  # Notify does not have it any more
        told += client.page(older_than=first.behind)
        settled += _keep(context, account.id, first.number, told)
    return settled


@dataclass(frozen=True)
class _Awaited:
    """A message that is asked about.  behind: Notify's number of one that left a little later, so that the page that
    begins behind it holds this one's neighbours too; None for the newest page."""

    number: int
    provider_id: str
    behind: str | None


def _next(context: Context, account_id: int) -> _Awaited | None:
    """The newest awaited message below where the look has come to; None at the end, and then it begins anew."""
    mine = select(Message.id, Message.provider_id).where(Message.account_id == account_id)
    with context.database.read() as session:
        look = session.get(ReceiptLook, account_id)
        before = look.before if look is not None else None
        query = mine.where(*_awaited(context.clock.now())).order_by(col(Message.id).desc()).limit(1)
        found = session.exec(query if before is None else query.where(col(Message.id) < before)).first()
        if found is not None and found[0] is not None and found[1] is not None:
            later = mine.where(col(Message.id) >= found[0] + DISORDER, col(Message.provider_id).is_not(None))
            behind = session.exec(later.order_by(col(Message.id)).limit(1)).first()
            return _Awaited(found[0], found[1], behind[1] if behind is not None else None)
    if before is not None:
        with context.database.write() as session:
            session.exec(_come_to(account_id, None))
    return None


def _forget_old(context: Context, account_id: int) -> None:
    """What was never heard of by now will not be: it stays sent, and is asked about no more."""
    now = context.clock.now()
    old = (*_awaited(now), col(Message.account_id) == account_id, col(Message.sending_at) < now - AWAITED_FOR)
    with context.database.write() as session:
        if session.get(ReceiptLook, account_id) is None:
            session.add(ReceiptLook(account_id=account_id))
        session.exec(update(Message).where(*old).values(receipt_at=now).execution_options(synchronize_session=False))


def _keep(context: Context, account_id: int, number: int, told: Sequence[Notified]) -> int:
    """Settle what was told, and remember how far down that was."""
    now, settled = context.clock.now(), 0
    named = [message_of(one.reference) for one in told]
    oldest = next((one[0] for one in reversed(named) if one is not None), number)
    overlap = DISORDER if len(told) >= PAGE else 0  # a page that is not full was the last
    with context.database.write() as session:
        for one in told:
            settled += settle(session, account_id, one, now)
        session.exec(_come_to(account_id, min(number, oldest + overlap)))
    return settled


def _come_to(account_id: int, before: int | None) -> Update:
    row = update(ReceiptLook).where(col(ReceiptLook.account_id) == account_id).values(before=before)
    return row.execution_options(synchronize_session=False)

"""Texts to the duty contact, beside the mail: for emergencies, where the contact has a number and an account of the alert
service sends by GOV.UK Notify (R16).

A text is a row before it is sent, and recorded as leaving before its request does. One of which nobody knows whether it
arrived is not sent again: the next telling, five minutes on, is a text of its own."""

import logging
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, select

from social.accounts import Account, AccountState
from social.alarms import Alarm, AlarmMailItem
from social.alerts.notify_client import NotifyClient
from social.context import Context
from social.database import UTCDateTime
from social.duty_letter import calls_of
from social.duty_tables import DutyCall
from social.errors import BeatlineError, ChannelError, OutcomeUnknown, TryLater
from social.settings import Settings
from social.sign_in_ways import address_of

OVERTAKEN = timedelta(minutes=5)
"""A text that waits for longer than this is not sent: the next telling says the same anew."""
MOST_AT_ONCE = 20
_log = logging.getLogger("beatline.duty")


class DutyText(SQLModel, table=True):
    """One text.  mail_id: the message that says the same by mail, and hangs on the alarms.  phone_sealed: the number,
    empty once it is over.  outcome: sent, refused, unknown, seen (before it left) or overtaken; None while it waits."""

    __tablename__ = "duty_text"

    id: int | None = Field(default=None, primary_key=True)
    mail_id: int = Field(foreign_key="alarm_mail.id")
    phone_sealed: bytes
    token: str
    made_at: datetime = Field(sa_type=UTCDateTime, index=True)
    left_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    outcome: str | None = None
    detail: str | None = None


def owe_text(session: Session, now: datetime, mail_id: int, phone_sealed: bytes) -> None:
    """Somebody is to be texted, in the transaction that makes the mail."""
    session.add(DutyText(mail_id=mail_id, phone_sealed=phone_sealed, token=secrets.token_hex(12), made_at=now))


def send_texts(context: Context) -> int:
    """Send what waits.  Returns how many Notify took; 0 where no account sends by it."""
    with context.database.read() as session:
        waiting = select(DutyText.id).where(col(DutyText.outcome).is_(None), col(DutyText.left_at).is_(None))
        numbers = session.exec(waiting.order_by(col(DutyText.id)).limit(MOST_AT_ONCE)).all()
        account = texting_account(session, context) if numbers else None
    return sum(_send(context, account, number) for number in numbers if number is not None)


def texting_account(session: Session, context: Context) -> Account | None:
    """The account that texts go by: the first that is not paused and has a key and a template for them."""
    active = select(Account).where(Account.channel == "alert", Account.state == AccountState.ACTIVE.value)
    for account in session.exec(active.order_by(col(Account.id))):
        try:
            credentials = context.vault.open(account.credentials_sealed)
        except BeatlineError:
            continue
        if credentials.get("notify_api_key") and credentials.get("notify_text_template"):
            session.expunge(account)
            return account
    return None


def _send(context: Context, account: Account | None, number: int) -> int:
    words = _leaving(context, number, may_leave=account is not None)
    if words is None or account is None:
        return 0
    to, text, reference = words
    outcome, detail = "sent", None
    try:
        credentials = context.vault.open(account.credentials_sealed)
        NotifyClient(credentials, account.base_url, context.settings, context.clock).send_text(to, text, reference)
    except OutcomeUnknown as error:
        outcome, detail = "unknown", error.code
    except TryLater as error:
        _log.warning("a text to the duty contact has to wait: %s", error.code)
        _record(context, number, None, error.code)
        return 0
    except ChannelError as error:
        _log.warning("a text to the duty contact was not taken: %s", error.code)
        outcome, detail = "refused", error.code
    _record(context, number, outcome, detail)
    return outcome == "sent"


def _leaving(context: Context, number: int, *, may_leave: bool) -> tuple[str, str, str] | None:
    """Record that the text leaves.  Returns (number, words, reference); None where it does not."""
    with context.database.write() as session:
        row, now = session.get_one(DutyText, number, with_for_update=True), context.clock.now()
        if row.outcome is not None or row.left_at is not None:
            return None
        alarms, calls = _open(session, row.mail_id)
        if not alarms or now - row.made_at > OVERTAKEN:
            row.outcome, row.phone_sealed = "overtaken" if alarms else "seen", b""
        elif may_leave:
            row.left_at = now
        session.add(row)
        if row.left_at is None:
            return None
        to = context.vault.open(row.phone_sealed)["phone"]
        return to, words_of(context.settings, len(alarms), calls), f"duty.{row.id}.{row.token}"


def _open(session: Session, mail_id: int) -> tuple[list[Alarm], list[DutyCall]]:
    """What of the message nobody has seen yet."""
    query = select(Alarm).join(AlarmMailItem, col(AlarmMailItem.alarm_id) == col(Alarm.id))
    unseen = query.where(
        AlarmMailItem.mail_id == mail_id, col(Alarm.seen_at).is_(None), col(Alarm.cleared_at).is_(None)
    )
    alarms = list(session.exec(unseen.order_by(col(Alarm.id))))
    return alarms, calls_of(session, alarms)


def words_of(settings: Settings, count: int, calls: Sequence[DutyCall]) -> str:
    """What a text says: how many, where, and what to do. Never a word of a resident's."""
    if not calls:
        return "Beatline: a test of the duty contact. Nothing has happened."
    first = calls[0]
    needs = "1 reply needs" if count == 1 else f"{count} replies need"
    where = f"{address_of(settings)}/replies?reply={first.interaction_id}" if first.interaction_id else ""
    told = f", told {first.tellings} times" if first.tellings > 1 else ""
    lines = [f"EMERGENCY? {needs} you now.", where, f"Call {first.id}{told}. Look, ring the control room, say 'seen'."]
    return "\n".join(line for line in lines if line)


def _record(context: Context, number: int, outcome: str | None, detail: str | None) -> None:
    """What came of it; outcome None: nothing happened, and it waits again."""
    with context.database.write() as session:
        row = session.get_one(DutyText, number)
        row.outcome, row.detail = outcome, detail
        if outcome is None:
            row.left_at = None
        else:
            row.phone_sealed = b""
        session.add(row)

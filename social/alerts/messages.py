"""Making one message: for whatever is told to one resident alone. Whoever tells many at once writes rows of its own."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, func, select

from social.accounts import Account, AccountState
from social.alerts.mailings import NORMAL, Message, MessageKind, MessageState, Way
from social.alerts.residents import Resident
from social.context import Context
from social.errors import InputError
from social.places import Place, PlaceKind

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
MOST_A_DAY = 3
"""Confirmations that one address or number gets in a day, whoever types it into a form."""


def new_token() -> str:
    """What a reply or a link finds its message by: small letters and digits, which mail systems leave as they are."""
    return secrets.token_hex(12)


def new_message(
    session: Session,
    account: Account,
    resident: Resident,
    kind: MessageKind,
    way: Way,
    now: datetime,
    *,
    rank: int = NORMAL,
    due_at: datetime | None = None,
    period: str | None = None,
    subject_id: int | None = None,
) -> Message:
    """One message that waits to be sent, in the caller's transaction; it has its number.  due_at: now when not given."""
    assert account.id is not None
    assert resident.id is not None
    message = Message(
        account_id=account.id, resident_id=resident.id, kind=kind.value, way=way.value, subject_id=subject_id,
        period=period, rank=rank, token=new_token(), made_at=now, due_at=due_at or now,
    )  # fmt: skip
    session.add(message)
    session.flush()
    return message


def sending_account(session: Session) -> Account | None:
    """The account that speaks for the alert service where nothing says which: the first that is not paused."""
    accounts = select(Account).where(Account.channel == "alert").order_by(col(Account.id))
    found = list(session.exec(accounts))
    return next((one for one in found if one.state == AccountState.ACTIVE), found[0] if found else None)


def require_account(session: Session) -> Account:
    """`sending_account`.  Raises InputError while there is none: nobody can be told anything then."""
    account = sending_account(session)
    if account is None:
        raise InputError("The alert service is not open yet: it has no account to send from (channel `alert`).")
    return account


def can_text(context: Context, account: Account) -> bool:
    """Whether the account sends texts: only by GOV.UK Notify."""
    return bool(account.credentials_sealed and context.vault.open(account.credentials_sealed).get("notify_api_key"))


def told_lately(session: Session, resident: Resident, way: Way, now: datetime) -> bool:
    """Whether a confirmation waits, was made within the hour, or `MOST_A_DAY` within the day: nobody's mailbox is filled
    by whoever types its address into a form, and no telephone by many who give its number."""
    theirs = col(Message.resident_id) == resident.id
    if way is Way.TEXT and resident.phone_key is not None:
        same_number = col(Message.resident_id).is_not(None) & col(Message.period).endswith(resident.phone_key)
        theirs = or_(theirs, same_number)
    made = select(func.count(), func.max(Message.made_at)).where(
        theirs, Message.kind == MessageKind.CONFIRM.value, Message.way == way.value, Message.made_at > now - _DAY
    )
    count, newest = session.exec(made).one()
    waits = select(Message.id).where(
        Message.resident_id == resident.id, Message.kind == MessageKind.CONFIRM.value, Message.way == way.value,
        Message.state == MessageState.WAITING.value,
    )  # fmt: skip
    if count >= MOST_A_DAY or session.exec(waits.limit(1)).first() is not None:
        return True
    return newest is not None and newest > now - _HOUR


def force_name(session: Session) -> str:
    """Who speaks: the force's name on the map, 'your police force' while there is none."""
    force = session.exec(select(Place).where(Place.kind == PlaceKind.FORCE.value).order_by(col(Place.id))).first()
    return force.name if force is not None else "your police force"

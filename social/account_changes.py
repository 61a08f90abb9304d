"""Two people for whatever could turn an account against residents (R31): one asks, another one confirms.

Connecting an account of a real network, giving it other credentials or another address, recording its agreement and
taking it out of a pause that a person ordered wait until a second person with the same right has confirmed. Whoever
asks never confirms. Pausing is the kill switch: one person alone, at once. Accounts on the practice network reach nobody
and are exempt."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import update
from sqlmodel import Field, Session, SQLModel, col, select

from social.accounts import Account, AccountState, account_named
from social.audit import record
from social.context import Context
from social.database import UTCDateTime
from social.errors import InputError
from social.loopback import is_loopback
from social.staff import Action, Person, is_own, require


class Kind(StrEnum):
    ADD = "add"
    CREDENTIALS = "credentials"
    ADDRESS = "address"
    AGREEMENT = "agreement"
    RESUME = "resume"


SAID = {
    Kind.ADD: "connect this account",
    Kind.CREDENTIALS: "give it other credentials",
    Kind.ADDRESS: "give it another address",
    Kind.AGREEMENT: "record the agreement with the network",
    Kind.RESUME: "end the pause",
}
WAITING, CONFIRMED, REFUSED, OVERTAKEN = "waiting", "confirmed", "refused", "overtaken"
NAME_YOURSELF = (
    "An account of a real network is changed by two people (R31). Name the one who asks with --by EMAIL; another "
    "administrator then confirms. `beatline people add` adds administrators."
)


class AccountChange(SQLModel, table=True):
    """One thing that somebody asked for.  kind: one of Kind.  asked_by, decided_by: e-mail addresses.

    credentials_sealed, base_url, agreement_reference: what it would become; credentials stay sealed while they wait and
    are erased once decided.  state: waiting, confirmed, refused, or overtaken by a newer one of its kind."""

    __tablename__ = "account_change"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    kind: str
    asked_by: str
    asked_at: datetime = Field(sa_type=UTCDateTime)
    credentials_sealed: bytes | None = None
    base_url: str | None = None
    agreement_reference: str | None = None
    state: str = WAITING
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


def on_practice(channel: str, base_url: str | None) -> bool:
    """Whether nothing that goes there reaches anybody: the memory channel, or an address of this machine."""
    return channel == "memory" or is_loopback(base_url)


def needs_two(account: Account, base_url: str | None = None) -> bool:
    """Whether a change of this account waits for a second person.  base_url: the address it would have then."""
    return not on_practice(account.channel, account.base_url) or (
        base_url is not None and not on_practice(account.channel, base_url)
    )


def waits_sentence(name: str) -> str:
    return f"It waits for a second person: `beatline accounts confirm '{name}' --by EMAIL`, or the page Accounts and health."


def ask(
    session: Session,
    now: datetime,
    account: Account,
    kind: Kind,
    by: Person | None,
    *,
    credentials_sealed: bytes | None = None,
    base_url: str | None = None,
    agreement_reference: str | None = None,
) -> AccountChange:
    """Keep the change until somebody else decides. A newer one of the same kind takes the place of the older.

    Raises InputError when nobody is named as the one who asks, NotAllowed when they may not."""
    if by is None or is_own(by):
        raise InputError(NAME_YOURSELF)
    require(session, by, Action.MANAGE_ACCOUNTS)
    assert account.id is not None
    older = update(AccountChange).where(
        col(AccountChange.account_id) == account.id,
        col(AccountChange.kind) == kind.value,
        col(AccountChange.state) == WAITING,
    )
    session.exec(older.values(state=OVERTAKEN, decided_by=by.email, decided_at=now, credentials_sealed=None))
    change = AccountChange(
        account_id=account.id, kind=kind.value, asked_by=by.email, asked_at=now,
        credentials_sealed=credentials_sealed, base_url=base_url, agreement_reference=agreement_reference,
    )  # fmt: skip
    session.add(change)
    session.flush()
    record(session, now, actor=by, action=f"ask: {kind.value} of account", subject=("account", account.id),
           after={"change": change.id})  # fmt: skip
    return change


def waiting_changes(session: Session, account_id: int | None = None) -> list[tuple[AccountChange, Account]]:
    """What waits for a second person, the oldest first.  account_id: of that account alone."""
    query = select(AccountChange, Account).join(Account, col(Account.id) == AccountChange.account_id)
    query = query.where(AccountChange.state == WAITING).order_by(col(AccountChange.asked_at), col(AccountChange.id))
    return list(session.exec(query if account_id is None else query.where(AccountChange.account_id == account_id)))


def require_connected(session: Session, account: Account) -> None:
    """Raise InputError while nobody has confirmed that the account is to be connected at all."""
    if any(change.kind == Kind.ADD for change, _ in waiting_changes(session, account.id or 0)):
        raise InputError(f"'{account.name}' is not connected yet. {waits_sentence(account.name)}")


def pause_account(context: Context, name: str, by: Person, reason: str) -> None:
    """The kill switch of one account: nothing goes out there and nothing is read, from the commit on.

    One person alone may do it. Trouble that ends does not end it, nor does verifying.
    Raises NotAllowed, and InputError without a reason or for an unknown account."""
    if not reason.strip():
        raise InputError("Say why the account is paused. The record keeps it.")
    with context.database.write() as session:
        require(session, by, Action.MANAGE_ACCOUNTS)
        account = account_named(session, name)
        before = account.state
        account.state, account.paused_by = AccountState.PAUSED.value, by.email
        account.paused_reason = f"{by.name} paused it: {reason.strip()}"
        session.add(account)
        record(session, context.clock.now(), actor=by, action="pause account", subject=("account", account.id or 0),
               before={"state": before}, after={"state": account.state}, reason=reason.strip())  # fmt: skip


def resume_account(context: Context, name: str, by: Person) -> bool:
    """End a pause that a person ordered.  Returns False when a second person has to confirm it first.

    Raises NotAllowed, and InputError for an account that nobody paused."""
    with context.database.write() as session:
        require(session, by, Action.MANAGE_ACCOUNTS)
        account, now = account_named(session, name), context.clock.now()
        require_connected(session, account)
        if account.state != AccountState.PAUSED or account.paused_by is None:
            raise InputError(f"Nobody paused '{name}'. Where a network stopped it, run `beatline accounts verify`.")
        if needs_two(account):
            ask(session, now, account, Kind.RESUME, by)
            return False
        end_pause(session, now, account, by)
        return True


def end_pause(session: Session, now: datetime, account: Account, by: Person) -> None:
    account.state, account.paused_reason, account.paused_by = AccountState.ACTIVE.value, None, None
    session.add(account)
    record(session, now, actor=by, action="resume account", subject=("account", account.id or 0),
           before={"state": "paused"}, after={"state": account.state})  # fmt: skip

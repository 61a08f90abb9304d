"""Raises the alarms of posts and accounts from what the database says, and clears those that are over.

A look at what is, not a message from whoever changed it: nothing is missed when a process dies between the change and
the alarm."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from scheduler import queue
from scheduler.entries import STUCK, Entry
from scheduler.lifecycle import State
from scheduler.thread_parts import is_begun, what_is_out
from social.accounts import Account, AccountState, list_accounts
from social.alarm_mail import mail_alarms
from social.alarms import clear_alarm, open_alarms, owner_of, raise_alarm
from social.budgets import NEAR, standing
from social.clock import as_local
from social.context import Context
from social.gaps import SILENT_REASONS, silent_since

UNKNOWN_TOO_LONG = timedelta(minutes=15)
"""After which a post of which nobody knows whether it went out is somebody's matter."""
SILENT_TOO_LONG = timedelta(hours=1)
"""After which an account from which nothing is read is somebody's matter."""
PREFIXES = ("entry:", "account:")
"""Of the keys that this module raises; others raise and clear their own."""

_SAID = {
    State.HELD: "waits for a decision",
    State.FAILED: "was refused and did not go out",
    State.LAPSED: "missed its moment and did not go out",
}


@dataclass(frozen=True)
class Matter:
    """Something that a person has to know.  person_id: None means whoever looks after accounts."""

    key: str
    about: str
    person_id: int | None
    text: str


def look_after_alarms(context: Context) -> int:
    """Bring the alarms up to date and send what is due.  Returns 0: nothing else waits for it."""
    with context.database.read() as session:
        now = context.clock.now()
        matters = {matter.key: matter for matter in _matters(session, now)}
        known = {alarm.key for alarm in open_alarms(session) if alarm.key.startswith(PREFIXES)}
    if matters.keys() != known:
        _bring_up_to_date(context)
    mail_alarms(context, queue.worker_name())
    return 0


def _bring_up_to_date(context: Context) -> None:
    with context.database.write() as session:
        now = context.clock.now()
        matters = {matter.key: matter for matter in _matters(session, now)}
        known = {alarm.key for alarm in open_alarms(session) if alarm.key.startswith(PREFIXES)}
        for key in sorted(known - matters.keys()):
            clear_alarm(session, now, key)
        for key, matter in matters.items():
            if key not in known:
                raise_alarm(session, now, key, matter.about, matter.person_id, matter.text)


def _matters(session: Session, now: datetime) -> Iterator[Matter]:
    accounts = {account.id: account for account in list_accounts(session)}
    owners = {account_id: owner_of(session, account_id) for account_id in accounts if account_id is not None}
    yield from _of_entries(session, now, accounts, owners)
    for account_id, account in accounts.items():
        assert account_id is not None
        yield from _of_account(session, account, owners[account_id], now)


def _of_entries(
    session: Session, now: datetime, accounts: dict[int | None, Account], owners: dict[int, int | None]
) -> Iterator[Matter]:
    """Posts that a person has to look at. What somebody holds back on purpose is nobody's alarm."""
    query = select(Entry).where(STUCK).where(
        or_(col(Entry.state) != State.UNCONFIRMED.value, col(Entry.updated_at) <= now - UNKNOWN_TOO_LONG),
        col(Entry.hold_id).is_(None),
    ).order_by(col(Entry.id))  # fmt: skip
    for entry in session.exec(query):
        state, name = State(entry.state), accounts[entry.account_id].name
        said = _SAID.get(state, "may have gone out or not, and nobody knows yet")
        if is_begun(entry):
            said = f"stands still between two parts: {what_is_out(session, entry).removesuffix('.')}"
        text = f"A post for {name} {said}. The page of post {entry.post_id} says why; `beatline queue explain {entry.id}` too."
        person = owners[entry.account_id] or entry.owner_id
        yield Matter(f"entry:{entry.id}:{state.value}", f"entry:{entry.id}", person, text)


def _of_account(session: Session, account: Account, owner: int | None, now: datetime) -> Iterator[Matter]:
    about = f"account:{account.id}"
    if account.state == AccountState.PAUSED:
        text = f"{account.name} is paused and nothing goes out there. The page Accounts and health says why."
        yield Matter(f"{about}:paused", about, owner, text)
    if account.reading_paused_reason is not None:
        text = f"Nothing is read from {account.name}. The page Accounts and health says why."
        yield Matter(f"{about}:reading", about, owner, text)
    else:
        yield from _of_silence(session, account, owner, now)
    stand = standing(session, account, now)
    opens = f"{as_local(stand.opens_at).day} {as_local(stand.opens_at):%B}"
    for what, used in (("publishing to", stand.used), ("reading from", stand.read_used)):
        if used is None or used < NEAR:
            continue
        kind = "spent" if used >= 100 else "near"
        said = "is used up" if used >= 100 else f"is used to {NEAR} per cent or more"
        text = (
            f"This month's budget for {what} {account.name} {said}. It opens again on {opens}; "
            "`beatline accounts budget` raises it."
        )
        yield Matter(f"{about}:budget:{stand.month}:{what.split()[0]}:{kind}", about, owner, text)


def _of_silence(session: Session, account: Account, owner: int | None, now: datetime) -> Iterator[Matter]:
    """Nothing is read although nobody stopped it: the network is out, or keeps us waiting (R19)."""
    began = silent_since(session, account.id or 0, SILENT_REASONS)
    if began is not None and now - began >= SILENT_TOO_LONG:
        text = (
            f"Nothing was read from {account.name} since {as_local(began):%H:%M} on {as_local(began).day} "
            f"{as_local(began):%B}. Replies may stand there that nobody has seen: look at the network itself."
        )
        yield Matter(f"account:{account.id}:silent", f"account:{account.id}", owner, text)

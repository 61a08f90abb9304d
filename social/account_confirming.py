"""The second person's part of a change to an account (R31): to say yes, and only then does it take effect; or no."""

from datetime import datetime

from sqlmodel import Session

from social.account_changes import (
    CONFIRMED,
    REFUSED,
    SAID,
    WAITING,
    AccountChange,
    Kind,
    end_pause,
    waiting_changes,
)
from social.accounts import Account, account_named
from social.accounts_admin import take_over
from social.audit import record
from social.context import Context
from social.errors import InputError, NotAllowed
from social.staff import Action, Person, is_own, require


def the_one_waiting(session: Session, name: str, change_id: int | None = None) -> AccountChange:
    """What waits for a second person at this account.  change_id: which, where there is more than one.

    Raises InputError when nothing waits, or when it is not clear which is meant."""
    found = [change for change, _ in waiting_changes(session, account_named(session, name).id)]
    if change_id is not None:
        found = [change for change in found if change.id == change_id]
    if not found:
        raise InputError(f"Nothing of '{name}' waits for a second person.")
    if len(found) > 1:
        listed = "; ".join(f"{one.id}: {SAID[Kind(one.kind)]}, asked by {one.asked_by}" for one in found)
        raise InputError(f"More than one change of '{name}' waits. Say which with --change: {listed}.")
    return found[0]


def confirm_change(context: Context, change_id: int, by: Person) -> None:
    """Say yes as the second person: the change is in force when this returns.

    New credentials are tried at the network first; when it does not take them, they go on waiting.
    Raises NotAllowed for whoever asked and for whoever may not, InputError when it does not wait any more, ChannelError
    from the network."""
    with context.database.read() as session:
        change, account = _decidable(session, change_id, by)
    if change.kind == Kind.CREDENTIALS:
        assert change.credentials_sealed is not None
        credentials = context.vault.open(change.credentials_sealed)
        take_over(context, account, credentials, by, lambda session, _: _say_yes(session, context, change_id, by))
        return
    with context.database.write() as session:
        change, account = _decidable(session, change_id, by)
        _put_in_force(session, context.clock.now(), change, account, by)
        _say_yes(session, context, change_id, by)
    context.forget_channels()


def refuse_change(context: Context, change_id: int, by: Person, reason: str = "") -> None:
    """Say no: nothing changes, and credentials that waited are erased. Whoever asked may take it back so as well.

    An account that was to be added stays paused; it can be asked for anew with `beatline accounts resume`."""
    with context.database.write() as session:
        require(session, by, Action.MANAGE_ACCOUNTS)
        _decide(session, context, change_id, by, REFUSED, reason)


def _put_in_force(session: Session, now: datetime, change: AccountChange, account: Account, by: Person) -> None:
    if change.kind in (Kind.ADD, Kind.RESUME):
        end_pause(session, now, account, by)
    elif change.kind == Kind.ADDRESS:
        account.base_url, account.verified_at = change.base_url or None, None
    elif change.kind == Kind.AGREEMENT:
        account.agreement_reference, account.agreement_recorded_at = change.agreement_reference, now
    session.add(account)


def _decidable(session: Session, change_id: int, by: Person) -> tuple[AccountChange, Account]:
    require(session, by, Action.MANAGE_ACCOUNTS)
    change = _waiting(session, change_id)
    if is_own(by):
        raise NotAllowed("The second person has to be named: give --by EMAIL (R31).")
    if by.email == change.asked_by:
        raise NotAllowed("Whoever asked for a change never confirms it (R31). Ask another administrator.")
    return change, session.get_one(Account, change.account_id)


def _say_yes(session: Session, context: Context, change_id: int, by: Person) -> None:
    _decidable(session, change_id, by)
    _decide(session, context, change_id, by, CONFIRMED)


def _waiting(session: Session, change_id: int) -> AccountChange:
    change = session.get(AccountChange, change_id)
    if change is None or change.state != WAITING:
        raise InputError("This change does not wait any more. Look at the page Accounts and health.")
    return change


def _decide(session: Session, context: Context, change_id: int, by: Person, state: str, reason: str = "") -> None:
    change, now = _waiting(session, change_id), context.clock.now()
    change.state, change.decided_by, change.decided_at = state, by.email, now
    change.credentials_sealed = None
    session.add(change)
    record(session, now, actor=by, action=f"{state}: {change.kind} of account", subject=("account", change.account_id),
           before={"change": change.id, "asked_by": change.asked_by}, reason=reason.strip() or None)  # fmt: skip

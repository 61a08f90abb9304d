"""Who answers for an account, and what it may spend: decided by whoever looks after accounts, and recorded."""

from datetime import date

from sqlmodel import Session

from social import account_events, audit, budgets
from social.account_events import What
from social.accounts import Account, account_named
from social.alarms import Alarm, mark_seen, people_told
from social.channels.prices import CHARGING
from social.clock import as_local
from social.context import Context
from social.errors import InputError
from social.staff import Action, Person, require


def set_owner(context: Context, name: str, owner: Person | None, by: Person) -> None:
    """Name the person who is told when something is wrong with the account.  owner: None for nobody.

    Raises NotAllowed, and InputError for somebody who has left."""
    if owner is not None and not owner.active:
        raise InputError(f"{owner.name} is shut out of Beatline and cannot answer for an account.")
    with context.database.write() as session:
        require(session, by, Action.MANAGE_ACCOUNTS)
        now, account = context.clock.now(), account_named(session, name)
        before, account.owner_id = account.owner_id, owner.id if owner is not None else None
        session.add(account)
        audit.record(
            session, now, actor=by, action="set account owner", subject=("account", account.id or 0),
            before={"owner": before}, after={"owner": account.owner_id},
        )  # fmt: skip
        account_events.note(session, account.id or 0, now, What.OWNER, "Somebody else answers for the account.")


def set_budget(
    context: Context,
    name: str,
    by: Person,
    *,
    pence: int | None,
    posts: int | None,
    reads: int | None,
    kept_for_posts: int = budgets.KEPT_FOR_POSTS,
) -> budgets.Standing:
    """Allow so much a month; None for no limit.  Returns how the account stands then.

    Raises NotAllowed, and InputError for an account whose network charges nothing."""
    with context.database.write() as session:
        require(session, by, Action.MANAGE_ACCOUNTS)
        now, account = context.clock.now(), account_named(session, name)
        assert account.id is not None
        if account.channel not in CHARGING:
            raise InputError(f"The network of '{name}' charges nothing, so there is nothing to limit.")
        known = session.get(budgets.Budget, account.id)
        before = _as_recorded(known) if known is not None else None
        fresh = budgets.set_budget(
            session, account.id, now, pence=pence, posts=posts, reads=reads, kept_for_posts=kept_for_posts
        )
        session.flush()
        audit.record(
            session, now, actor=by, action="set account budget", subject=("account", account.id), before=before,
            after=_as_recorded(fresh),
        )  # fmt: skip
        account_events.note(session, account.id, now, What.BUDGET, "The month's budget was set anew.")
        return budgets.standing(session, account, now)


def _as_recorded(budget: budgets.Budget) -> dict[str, int | None]:
    return {"pence": budget.pence, "posts": budget.posts, "reads": budget.reads, "kept": budget.kept_for_posts}


def see_alarm(context: Context, alarm_id: int, by: Person) -> Alarm:
    """Say that somebody knows of it, so that no more reminders come.

    Raises NotAllowed unless the alarm is for this person, or the person looks after accounts."""
    with context.database.write() as session:
        now = context.clock.now()
        _require_told(session, alarm_id, by)
        return mark_seen(session, now, alarm_id, by)


def _require_told(session: Session, alarm_id: int, by: Person) -> None:
    alarm = session.get(Alarm, alarm_id)
    if alarm is None or all(person.id != by.id for person in people_told(session, alarm)):
        require(session, by, Action.MANAGE_ACCOUNTS)


def owner_name(session: Session, account: Account) -> str | None:
    """Who answers for the account; None when nobody was named."""
    owner = session.get(Person, account.owner_id) if account.owner_id is not None else None
    return owner.name if owner is not None else None


def say_standing(stand: budgets.Standing) -> list[str]:
    """How an account stands in this month, in sentences."""
    money = "" if stand.pence is None else f" of £{stand.pence / 100:,.2f}"
    lines = [
        f"{stand.account}, {_month_name(stand.month)}: £{stand.spent_pence / 100:,.2f}{money} spent, "
        f"£{stand.read_pence / 100:,.2f} of it on reading.",
        f"Posts sent: {stand.spent_posts:,}{_of(stand.posts)}. Posts read: {stand.spent_reads:,}{_of(stand.reads)}.",
    ]
    if stand.pence is None and stand.posts is None and stand.reads is None:
        lines.append("No budget is set.")
    if stand.pence is not None:
        lines.append(f"Reading leaves {stand.kept_for_posts} per cent of the money to publishing.")
    opens = as_local(stand.opens_at)
    for what, used in (("Publishing", stand.used), ("Reading", stand.read_used)):
        if used is not None and used >= 100:
            lines.append(
                f"{what} has stopped. It goes on from {opens.day} {opens:%B %Y}, or when the budget is raised."
            )
    return lines


def _month_name(month: str) -> str:
    """'November 2026' for '2026-11'."""
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"


def _of(most: int | None) -> str:
    return "" if most is None else f" of {most:,}"

"""Two administrators, for tests of accounts of real networks: one asks, the other one confirms (R31)."""

from typing import Any

from social.account_changes import waiting_changes
from social.account_confirming import confirm_change
from social.accounts import Account, account_named
from social.accounts_admin import add_account
from social.context import Context
from social.staff import Person, Role, find_or_add_person


def administrators(context: Context) -> tuple[Person, Person]:
    """Whoever asks, and whoever confirms."""
    with context.database.write() as session:
        return (
            find_or_add_person(session, "first.admin@woldershire.example", Role.ADMINISTRATOR),
            find_or_add_person(session, "second.admin@woldershire.example", Role.ADMINISTRATOR),
        )


def confirm_all(context: Context, name: str) -> None:
    _, second = administrators(context)
    with context.database.read() as session:
        waiting = [change.id or 0 for change, account in waiting_changes(session) if account.name == name]
    for change_id in waiting:
        confirm_change(context, change_id, second)


def connect(context: Context, **given: Any) -> Account:
    """An account of a real network that two people have connected."""
    first, _ = administrators(context)
    account = add_account(context, by=first, **given)
    confirm_all(context, account.name)
    with context.database.read() as session:
        return account_named(session, account.name)

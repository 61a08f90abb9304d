"""What tests of GOV.UK Notify build with: an account on the practice network, and messages by both ways."""

from collections.abc import Iterable
from dataclasses import replace

from social.accounts import Account
from social.alerts.mailings import NORMAL, URGENT, Mailing, Message, Way
from social.alerts.messages import new_token
from social.alerts.residents import Resident
from social.context import Context
from social.practice.network import PracticeNetwork
from social.practice.notify_store import Notification


def notify_office(context: Context, practice: PracticeNetwork, *, base_url: str | None = None) -> Account:
    """An account that sends by the practice Notify."""
    context.settings = replace(
        context.settings, public_address="https://alerts.woldershire.example", connect_timeout=1.0, read_timeout=0.4,
    )  # fmt: skip
    account = Account(
        name="alerts", channel="alert", credentials_sealed=context.vault.seal(practice.credentials("alert")),
        base_url=base_url or practice.base_url, added_at=context.clock.now(), verified_at=context.clock.now(),
    )  # fmt: skip
    with context.database.write() as session:
        session.add(account)
    return account


def an_alert(
    context: Context,
    account: Account,
    residents: Iterable[Resident],
    *,
    way: Way = Way.EMAIL,
    key: str = "beatline-1-1",
    text: str = "Two sheds were broken into overnight.",
    urgent: bool = False,
) -> list[int]:
    """An alert that waits to be sent to these, as opening it leaves it.  Returns the numbers of its messages."""
    now = context.clock.now()
    mailing = Mailing(account_id=account.id, key=key, subject="Sheds broken into in Marlpit End", text=text,
                      link="https://woldershire.example/appeals/14", reference="WP-1402", topic="burglary",
                      urgent=urgent, audience="{}", made_at=now)  # fmt: skip
    with context.database.write() as session:
        session.add(mailing)
        session.flush()
        messages = [
            Message(account_id=account.id, resident_id=resident.id, kind="alert", way=way.value, mailing_id=mailing.id,
                    rank=URGENT if urgent else NORMAL, token=new_token(), made_at=now, due_at=now)
            for resident in residents
        ]  # fmt: skip
        session.add_all(messages)
        session.flush()
        return [message.id or 0 for message in messages]


def taken(practice: PracticeNetwork) -> list[Notification]:
    """What Notify took, oldest first."""
    return practice.notify.store.listed(practice.world.now_ms())[::-1]


def message(context: Context, number: int) -> Message:
    with context.database.read() as session:
        return session.get_one(Message, number)

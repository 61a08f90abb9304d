"""What tests of sending build with: an account, an alert as `opening` leaves it, and a mail server that misbehaves."""

from collections.abc import Iterable
from dataclasses import replace

from sqlmodel import col, select

from social.accounts import Account
from social.alerts.mailings import NORMAL, URGENT, Mailing, Message
from social.alerts.messages import new_token
from social.alerts.residents import Resident
from social.context import Context
from tests.alerts.helpers import a_resident

FROM = "alerts@woldershire.example"


def open_office(context: Context, port: int, **settings: object) -> Account:
    """An account that sends through the mail server of this port."""
    context.settings = replace(
        context.settings, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", connect_timeout=2.0, read_timeout=3.0,
        public_address="https://alerts.woldershire.example", **settings,  # type: ignore[arg-type]  # passed on by name
    )  # fmt: skip
    account = Account(
        name="alerts", channel="alert", credentials_sealed=context.vault.seal({"from_address": FROM}),
        added_at=context.clock.now(), verified_at=context.clock.now(),
    )  # fmt: skip
    with context.database.write() as session:
        session.add(account)
    return account


def a_mailing(
    context: Context,
    account: Account,
    residents: Iterable[Resident],
    *,
    key: str = "beatline-1-1",
    subject: str = "Sheds broken into in Marlpit End",
    text: str = "Two sheds were broken into overnight.",
    urgent: bool = False,
    lang: str = "en",
) -> int:
    """An alert that waits to be sent to these by e-mail, as opening it leaves it.  Returns its number."""
    now = context.clock.now()
    assert account.id is not None
    mailing = Mailing(account_id=account.id, key=key, subject=subject, text=text, topic="burglary", urgent=urgent,
                      lang=lang, audience="{}", made_at=now)  # fmt: skip
    with context.database.write() as session:
        session.add(mailing)
        session.flush()
        assert mailing.id is not None
        session.add_all(
            Message(account_id=account.id, resident_id=resident.id, kind="alert", way="email", mailing_id=mailing.id,
                    rank=URGENT if urgent else NORMAL, token=new_token(), made_at=now, due_at=now)
            for resident in residents
        )  # fmt: skip
    return mailing.id


def residents_of(context: Context, count: int) -> list[Resident]:
    return [a_resident(context, email=f"resident{number}@example.org") for number in range(count)]


def messages_of(context: Context, mailing_id: int) -> list[Message]:
    """In the order in which they were made."""
    with context.database.read() as session:
        query = select(Message).where(Message.mailing_id == mailing_id)
        return list(session.exec(query.order_by(col(Message.id))))


def states_of(context: Context, mailing_id: int) -> list[str]:
    return [message.state for message in messages_of(context, mailing_id)]

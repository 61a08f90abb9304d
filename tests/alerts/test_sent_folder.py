"""Messages whose answer was lost, looked for in the folder in which a real Postfix and Dovecot file what was taken."""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from social.accounts import Account
from social.alarms import open_alarms
from social.alerts.mailings import Message
from social.alerts.sending import send_messages
from social.clock import SettableClock
from social.context import Context
from social.mail_password import LETTERBOX, keep_password
from tests.alerts.cutting import CutsOff
from tests.alerts.helpers import a_resident
from tests.alerts.post_office import a_mailing, messages_of, open_office, states_of
from tests.mail_servers import MailServers

pytestmark = pytest.mark.sqlite_only
WAIT = timedelta(minutes=10)


@pytest.fixture
def office(context: Context, mail: MailServers) -> Account:
    """An account whose mail the server files in the folder `Accepted` of its letterbox."""
    address = mail.filing_mailbox()
    account = open_office(
        context, mail.smtp_port, imap_host="localhost", imap_port=mail.imaps_port, imap_security="tls",
        imap_ca_file=str(mail.ca_file), imap_user=address, imap_sent_folder="Accepted", smtp_user="",
    )  # fmt: skip
    with context.database.write() as session:
        account.credentials_sealed = context.vault.seal({"from_address": address})
        session.add(account)
        keep_password(session, context.vault, mail.passwords[address], LETTERBOX)
    return account


@contextmanager
def cut_off(context: Context, mail: MailServers, *, before: bool) -> Iterator[None]:
    """Connections break, before or after the server has taken the text."""
    with CutsOff(mail.smtp_port, before=before) as cutting:
        context.settings = replace(context.settings, smtp_port=cutting.port)
        yield
    assert cutting.cut.is_set()
    context.settings = replace(context.settings, smtp_port=mail.smtp_port)


def lost(
    context: Context, mail: MailServers, office: Account, *, before: bool, urgent: bool = False
) -> tuple[int, str]:
    """An alert to one resident whose answer is lost.  Returns its number and the resident's address."""
    address = mail.new_mailbox("resident")
    with cut_off(context, mail, before=before):
        number = a_mailing(context, office, [a_resident(context, email=address)], key=address, urgent=urgent)
        send_messages(context)
    assert states_of(context, number) == ["sending"]
    return number, address


def one_more(context: Context, mail: MailServers, office: Account) -> str:
    """An alert that arrives, and whose copy lies in the folder.  Returns its resident's address."""
    address = mail.new_mailbox("resident")
    number = a_mailing(context, office, [a_resident(context, email=address)], key=address)
    send_messages(context)
    assert states_of(context, number) == ["sent"]
    mail.letters(address, at_least=1)
    return address


def after(context: Context, clock: SettableClock, time: timedelta) -> None:
    clock.advance(time)
    for _ in range(2):
        send_messages(context)


def test_a_message_that_was_taken_is_found_and_not_sent_again(
    context: Context, mail: MailServers, office: Account, clock: SettableClock
) -> None:
    number, address = lost(context, mail, office, before=False)
    mail.letters(address, at_least=1)
    after(context, clock, timedelta(seconds=46))
    assert states_of(context, number) == ["sent"]
    assert len(mail.letters(address)) == 1
    with context.database.read() as session:
        assert open_alarms(session) == []


def test_one_that_was_not_taken_is_sent_once_more_when_later_ones_are_in_the_folder(
    context: Context, mail: MailServers, office: Account, clock: SettableClock
) -> None:
    number, address = lost(context, mail, office, before=True)
    clock.advance(timedelta(seconds=1))
    one_more(context, mail, office)
    after(context, clock, WAIT - timedelta(seconds=2))
    assert states_of(context, number) == ["sending"], "the server may still be busy with it"
    after(context, clock, timedelta(minutes=1))
    assert states_of(context, number) == ["sent"]
    (letter,) = mail.letters(address, at_least=1)
    (message,) = messages_of(context, number)
    assert f"alert.{message.id}.{message.token}@" in letter["Message-ID"]
    assert message.tries == 2


def test_one_behind_which_nothing_left_waits_twice_as_long(
    context: Context, mail: MailServers, office: Account, clock: SettableClock
) -> None:
    one_more(context, mail, office)
    clock.advance(timedelta(seconds=1))
    number, address = lost(context, mail, office, before=True)
    after(context, clock, 2 * WAIT - timedelta(seconds=1))
    assert states_of(context, number) == ["sending"]
    after(context, clock, timedelta(minutes=1))
    assert states_of(context, number) == ["sent"]
    assert len(mail.letters(address, at_least=1)) == 1


def test_a_folder_that_lacks_what_was_taken_later_proves_nothing(
    context: Context, mail: MailServers, office: Account, clock: SettableClock
) -> None:
    number, address = lost(context, mail, office, before=True)
    clock.advance(timedelta(seconds=1))
    one_more(context, mail, office)
    empty(mail, context.settings.imap_user)
    for _ in range(3):
        after(context, clock, WAIT)
        assert states_of(context, number) == ["sending"]
    told_to_a_person(context, clock, number)
    assert mail.letters(address) == []


def test_a_folder_that_lost_what_was_taken_before_proves_nothing_though_later_ones_are_there(
    context: Context, mail: MailServers, office: Account, clock: SettableClock
) -> None:
    one_more(context, mail, office)
    clock.advance(timedelta(seconds=1))
    number, address = lost(context, mail, office, before=False)
    mail.letters(address, at_least=1)
    clock.advance(timedelta(seconds=1))
    one_more(context, mail, office)
    empty(mail, context.settings.imap_user, "1:2")
    after(context, clock, WAIT + timedelta(minutes=1))
    assert states_of(context, number) == ["sending"]
    told_to_a_person(context, clock, number)
    assert len(mail.letters(address)) == 1


@pytest.mark.parametrize(
    "wrong", [{"imap_sent_folder": "Sent items"}, {"imap_port": 1}, {"imap_user": "nobody"}], ids=str
)
def test_a_look_that_fails_is_no_absence(
    context: Context, mail: MailServers, office: Account, clock: SettableClock, wrong: dict[str, object]
) -> None:
    number, address = lost(context, mail, office, before=False)
    clock.advance(timedelta(seconds=1))
    one_more(context, mail, office)
    context.settings = replace(context.settings, **wrong)  # type: ignore[arg-type]  # passed on by name
    after(context, clock, 2 * WAIT)
    assert states_of(context, number) == ["sending"]
    told_to_a_person(context, clock, number)
    assert len(mail.letters(address)) == 1


def test_what_is_urgent_does_not_wait_for_the_proof(
    context: Context, mail: MailServers, office: Account, clock: SettableClock
) -> None:
    number, address = lost(context, mail, office, before=True, urgent=True)
    after(context, clock, timedelta(seconds=46))
    assert states_of(context, number) == ["sent"]
    assert len(mail.letters(address, at_least=1)) == 1


def told_to_a_person(context: Context, clock: SettableClock, number: int) -> None:
    after(context, clock, timedelta(hours=1))
    assert states_of(context, number) == ["unknown"]
    with context.database.read() as session:
        (alarm,) = open_alarms(session)
        (message,) = session.exec(select(Message).where(Message.mailing_id == number))
    assert alarm.text.startswith(f"Of 1 message of alert {number} nobody knows")
    assert message.tries == 1


def empty(mail: MailServers, address: str, which: str = "1:*") -> None:
    with mail.mailbox(address) as server:
        assert isinstance(server, imaplib.IMAP4)
        server.select("Accepted")
        server.store(which, "+FLAGS", r"(\Deleted)")
        server.expunge()

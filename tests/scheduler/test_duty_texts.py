"""Emergencies reach the duty contact by text as well, where there is a number and GOV.UK Notify (R16)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from social.accounts import Account
from social.alerts.mailings import Message
from social.audit import AuditRecord
from social.clock import SettableClock
from social.context import Context
from social.duty import contact_lists, phone_of, set_contacts
from social.duty_opening import open_for_person
from social.duty_seen import say_not_emergency
from social.duty_tables import DutyContact
from social.duty_telling import look_after_duty
from social.duty_test import send_test
from social.duty_texts import DutyText
from social.errors import InputError
from social.interactions import Interaction
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from social.practice.notify_store import Notification
from social.publications import Publication, record_publication
from social.staff import Person, Role, find_or_add_person
from tests.social.mail_server import MailServer

pytestmark = pytest.mark.sqlite_only
SAM, DESK = "sam.reed@woldershire.example", "Control room desk <desk@woldershire.example>"


class Duty:
    """A force whose first contact has a number, with its mail server and its Notify."""

    def __init__(self, context: Context, practice: PracticeNetwork, mail: MailServer) -> None:
        self.context, self.practice, self.mail = context, practice, mail
        context.settings = replace(
            context.settings, smtp_host="127.0.0.1", smtp_port=mail.port, smtp_security="none",
            smtp_from="beatline@woldershire.example", connect_timeout=1.0, read_timeout=0.4,
        )  # fmt: skip
        with context.database.write() as session:
            find_or_add_person(session, SAM, Role.CONTACT_DESK, "Sam Reed")
            self.keeper: Person = find_or_add_person(
                session, "kay.lunt@woldershire.example", Role.CORPORATE, "Kay Lunt"
            )
            sealed = context.vault.seal(practice.credentials("alert"))
            now = context.clock.now()
            session.add(Account(name="hexley", channel="memory", credentials_sealed=b"", added_at=now))
            session.add(Account(name="alerts", channel="alert", base_url=practice.base_url, credentials_sealed=sealed,
                                added_at=now))  # fmt: skip
        set_contacts(context, None, [f"{SAM} 07700 900123", DESK], self.keeper)

    def emergency(self) -> int:
        """A reply that a colleague marked.  Returns the number of its call."""
        now = self.context.clock.now()
        with self.context.database.write() as session:
            account_id = session.exec(select(Account.id).where(Account.name == "hexley")).one()
            publication = record_publication(
                session, Publication(account_id=account_id, platform_id="p", text="Words", published_at=now), now
            )
            reply = Interaction(account_id=account_id, publication_id=publication.id, platform_id="r",
                                text="Help, Ann Sharp", created_at=now, fetched_at=now)  # fmt: skip
            session.add(reply)
            session.flush()
            return open_for_person(session, now, reply.id or 0)

    def texts(self) -> list[Notification]:
        return self.practice.notify.store.listed(self.practice.world.now_ms(), kind="sms")[::-1]

    def rows(self) -> list[DutyText]:
        with self.context.database.read() as session:
            return list(session.exec(select(DutyText).order_by(DutyText.id)))  # type: ignore[arg-type]  # a column

    def tick(self, minutes: float = 0) -> None:
        assert isinstance(self.context.clock, SettableClock)
        self.context.clock.advance(timedelta(minutes=minutes))
        look_after_duty(self.context)


@pytest.fixture
def duty(context: Context, clock: SettableClock, tmp_path: Path) -> Iterator[Duty]:
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=0) as practice, MailServer() as mail:
        yield Duty(context, practice, mail)


def test_an_emergency_goes_by_mail_and_by_text_again_and_again_until_it_is_seen(duty: Duty) -> None:
    call = duty.emergency()
    for _ in range(3):
        duty.tick(0 if not duty.texts() else 5)
    assert [one.recipient for one in duty.texts()] == ["447700900123"] * 3
    assert len({one.reference for one in duty.texts()}) == 3
    first, _, third = (one.body for one in duty.texts())
    assert first.startswith("EMERGENCY? 1 reply needs you now.")
    assert "told 3 times" in third
    assert "Sharp" not in first + third
    assert [row.outcome for row in duty.rows()] == ["sent"] * 3
    assert {row.phone_sealed for row in duty.rows()} == {b""}
    say_not_emergency(duty.context, call, duty.keeper, "A joke")
    duty.tick(10)
    assert len(duty.texts()) == 3


@pytest.mark.parametrize(
    ("fault", "outcome", "arrived"), [("reset_after", "unknown", 1), ("not_allowed", "refused", 0)]
)
def test_a_text_that_may_have_gone_is_not_sent_again_and_the_next_telling_is_one_of_its_own(
    duty: Duty, fault: str, outcome: str, arrived: int
) -> None:
    duty.practice.faults.add(Fault("publish", fault, network="notify"))
    duty.emergency()
    for _ in range(3):
        duty.tick()
    assert [row.outcome for row in duty.rows()] == [outcome]
    assert len(duty.texts()) == arrived
    duty.tick(5)
    assert [row.outcome for row in duty.rows()] == [outcome, "sent"]


def test_what_notify_puts_off_goes_later_and_is_overtaken_by_the_next_telling(duty: Duty) -> None:
    duty.practice.faults.add(Fault("publish", "429", network="notify", times=1))
    duty.emergency()
    duty.tick()
    assert [(row.outcome, row.left_at) for row in duty.rows()] == [(None, None)]
    duty.tick(1)
    assert len(duty.texts()) == 1
    duty.practice.faults.add(Fault("publish", "429", network="notify", times=100))
    duty.tick(4)
    duty.tick(6)
    assert "overtaken" in [row.outcome for row in duty.rows()]


def test_no_key_means_mail_alone(duty: Duty) -> None:
    with duty.context.database.write() as session:
        account = session.exec(select(Account).where(Account.name == "alerts")).one()
        account.credentials_sealed = duty.context.vault.seal({"from_address": "alerts@woldershire.example"})
        session.add(account)
    duty.emergency()
    duty.tick()
    assert len(duty.mail.envelopes) == 1
    assert duty.texts() == []


def test_the_number_is_sealed_shown_to_its_keeper_and_stands_in_no_record(duty: Duty) -> None:
    with duty.context.database.read() as session:
        (area,) = contact_lists(session)
        kept = session.exec(select(DutyContact)).all()
        _nowhere(session)
    assert [phone_of(duty.context.vault, one) for one in area.contacts] == ["+447700900123", ""]
    assert b"900123" not in (kept[0].phone_sealed or b"")
    assert "900123" not in repr(area)
    with pytest.raises(InputError, match="mobile number"):
        set_contacts(duty.context, None, [f"{SAM} 020 7946 0018"], duty.keeper)
    set_contacts(duty.context, None, [f"{DESK}, +44 7700 900456"], duty.keeper)
    with duty.context.database.read() as session:
        assert phone_of(duty.context.vault, contact_lists(session)[0].contacts[0]) == "+447700900456"


def _nowhere(session: Session) -> None:
    said = " ".join(f"{one.before} {one.after}" for one in session.exec(select(AuditRecord)))
    assert "person:1+text" in said
    assert "900123" not in said
    assert session.exec(select(Message)).all() == []


def test_a_test_reaches_the_number_too(duty: Duty) -> None:
    told = send_test(duty.context, None, duty.keeper)
    assert told == [(SAM, "sent"), ("desk@woldershire.example", "sent"), (f"{SAM}, by text", "sent")]
    assert [one.body for one in duty.texts()] == ["Beatline: a test of the duty contact. Nothing has happened."]

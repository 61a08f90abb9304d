"""Alerts by GOV.UK Notify, from the message that is due to what the practice Notify took of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from social.accounts import Account
from social.alarms import Alarm, open_alarms
from social.alerts.mailings import MessageState, Way
from social.alerts.receipt_looking import look_for_receipts
from social.alerts.sending import send_messages
from social.alerts.sending_trouble import CarrierTrouble
from social.alerts.text_parts import parts_of
from social.budgets import Spending
from social.clock import SettableClock
from social.context import Context
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from tests.alerts.helpers import a_resident
from tests.alerts.notify_office import an_alert, message, notify_office, taken

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def practice(clock: SettableClock, tmp_path: Path) -> Iterator[PracticeNetwork]:
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=0) as network:
        yield network


def test_an_email_says_it_all_and_how_to_answer_change_and_leave(context: Context, practice: PracticeNetwork) -> None:
    account = notify_office(context, practice)
    (number,) = an_alert(context, account, [a_resident(context, email="r.okafor@example.org")])
    assert send_messages(context) == 1
    (one,) = taken(practice)
    sent = message(context, number)
    assert (sent.state, sent.provider_id) == (MessageState.SENT, one.id)
    assert (one.type, one.recipient, one.reference) == ("email", "r.okafor@example.org", f"alert.{number}.{sent.token}")
    assert one.subject is not None
    assert "Sheds broken into in Marlpit End" in one.subject
    assert "Two sheds were broken into overnight." in one.body
    assert f"alerts+{sent.token}@woldershire.example" in one.body
    for purpose in ("settings", "leave", "useful"):
        assert f"https://alerts.woldershire.example/alerts/{purpose}/" in one.body
    assert one.unsubscribe is not None
    assert one.unsubscribe.startswith("https://alerts.woldershire.example/alerts/leave/")
    assert "<" not in one.body


def test_a_text_is_short_and_holds_link_reference_and_the_way_out(context: Context, practice: PracticeNetwork) -> None:
    account = notify_office(context, practice)
    resident = a_resident(context, phone="07700 900123", by_text=True)
    an_alert(context, account, [resident], way=Way.TEXT, urgent=True, text="Have you seen Maya? " * 40)
    assert send_messages(context) == 1
    (one,) = taken(practice)
    assert (one.type, one.recipient) == ("sms", "447700900123")
    assert parts_of(one.body) == 2
    for part in (
        "https://woldershire.example/appeals/14",
        "WP-1402",
        "https://alerts.woldershire.example/alerts/settings/",
    ):
        assert part in one.body


def test_a_text_beyond_those_that_were_paid_for_with_the_alert_is_counted(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    account = notify_office(context, practice)
    resident = a_resident(context, phone="07700900003", by_text=True)
    an_alert(context, account, [resident], way=Way.TEXT, urgent=True, text="Have you seen Maya? " * 40)

    def spent() -> float:
        with context.database.read() as session:
            return sum(one.money for one in session.exec(select(Spending)))

    send_messages(context)
    assert spent() == 0  # set aside when the alert was published
    clock.advance(timedelta(minutes=1))
    look_for_receipts(context)
    clock.advance(timedelta(hours=2))
    send_messages(context)
    assert len(taken(practice)) == 2
    assert spent() == 2 * context.settings.text_pence * 1000


@pytest.mark.parametrize(
    ("fault", "urgent"),
    [
        ("hang_after", True),
        ("reset_after", False),
        ("500_after", True),
        ("cut_body", False),
        ("garbled", True),
        ("late", False),
    ],
)
def test_a_timeout_is_looked_up_and_never_sent_again_blind(
    context: Context, practice: PracticeNetwork, clock: SettableClock, fault: str, urgent: bool
) -> None:
    account = notify_office(context, practice)
    (number,) = an_alert(context, account, [a_resident(context)], urgent=urgent)
    practice.faults.add(Fault("publish", fault, network="notify"))
    send_messages(context)
    assert message(context, number).state == MessageState.SENDING
    _wait_for(practice, 1)
    for _ in range(6):
        clock.advance(timedelta(seconds=50))
        send_messages(context)
    (one,) = taken(practice)
    kept = message(context, number)
    assert (kept.state, kept.provider_id) == (MessageState.SENT, one.id)


def test_while_nobody_can_look_nothing_is_sent_again(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    account = notify_office(context, practice)
    (number,) = an_alert(context, account, [a_resident(context)], urgent=True)
    practice.faults.add(Fault("publish", "reset_after", network="notify"))
    practice.faults.add(Fault("find", "500_before", network="notify", times=3))
    send_messages(context)
    for _ in range(12):
        clock.advance(timedelta(minutes=2))
        send_messages(context)
    assert len(taken(practice)) == 1
    assert message(context, number).state == MessageState.SENT


def test_what_a_complete_look_does_not_find_is_sent_once(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    account = notify_office(context, practice)
    (number,) = an_alert(context, account, [a_resident(context)])
    practice.faults.add(Fault("publish", "reset_before", network="notify"))
    for _ in range(6):
        send_messages(context)
        clock.advance(timedelta(minutes=1))
    assert [one.id for one in taken(practice)] == [message(context, number).provider_id]


def test_what_goes_to_a_recipient_that_notify_keeps_nothing_of_stays_unknown(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    account = notify_office(context, practice)
    resident = a_resident(context, email="simulate-delivered@notifications.service.gov.uk")
    (number,) = an_alert(context, account, [resident], urgent=True)
    practice.faults.add(Fault("publish", "reset_after", network="notify"))
    for _ in range(6):
        send_messages(context)
        clock.advance(timedelta(minutes=1))
    kept = message(context, number)
    assert (kept.state, kept.tries) == (MessageState.UNKNOWN, 1)
    assert practice.world.asked["notify", "publish"] == 1


def test_the_daily_limit_waits_for_midnight_utc_and_loses_nothing(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    account = notify_office(context, practice)
    practice.notify.a_day = 2
    an_alert(context, account, [a_resident(context) for _ in range(4)])
    send_messages(context)
    asked = practice.world.asked["notify", "publish"]
    midnight = clock.now().replace(hour=0, minute=0) + timedelta(days=1)
    clock.set(midnight - timedelta(minutes=1))
    send_messages(context)
    assert len(taken(practice)) == 2
    assert practice.world.asked["notify", "publish"] == asked
    clock.set(midnight + timedelta(seconds=1))
    send_messages(context)
    assert len({one.recipient for one in taken(practice)}) == len(taken(practice)) == 4


def test_a_key_that_is_not_taken_is_told_to_one_person_once_and_nothing_is_lost(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    account = notify_office(context, practice)
    an_alert(context, account, [a_resident(context) for _ in range(9)])
    practice.notify.keys.revoke("live")
    for _ in range(4):
        send_messages(context)
        clock.advance(timedelta(minutes=20))
    with context.database.read() as session:
        (alarm,) = _alarms(session, account)
        trouble = session.get_one(CarrierTrouble, account.id)
    assert trouble.needs_person
    assert "does not take the key" in alarm.text
    with context.database.write() as session:
        account.credentials_sealed = context.vault.seal(practice.credentials("alert"))
        session.add(account)
    send_messages(context)
    assert len(taken(practice)) == 9
    with context.database.read() as session:
        assert not _alarms(session, account)


def test_a_service_in_trial_mode_loses_nobody_their_alert(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    account = notify_office(context, practice)
    numbers = an_alert(context, account, [a_resident(context) for _ in range(40)])
    practice.faults.add(Fault("publish", "not_allowed", network="notify", times=10_000))
    send_messages(context)
    assert {message(context, number).state for number in numbers} == {MessageState.WAITING}
    assert practice.world.asked["notify", "publish"] <= 16
    with context.database.read() as session:
        assert "whether the service is live" in _alarms(session, account)[0].text
    practice.faults.clear()
    clock.advance(timedelta(minutes=20))
    send_messages(context)
    clock.advance(timedelta(minutes=2))
    send_messages(context)  # a connection that broke on a busy machine is looked up, and not sent again blind
    assert {message(context, number).state for number in numbers} == {MessageState.SENT}


def test_one_refusal_among_others_is_that_messages_own(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    account = notify_office(context, practice)
    numbers = an_alert(context, account, [a_resident(context) for _ in range(12)])
    practice.faults.add(Fault("publish", "not_allowed", network="notify", times=2))
    send_messages(context)
    states = [message(context, number).state for number in numbers]
    assert (states.count(MessageState.FAILED), states.count(MessageState.SENT)) == (2, 10)


def _alarms(session: Session, account: Account) -> list[Alarm]:
    return [one for one in open_alarms(session) if one.about == f"account:{account.id}"]


def _wait_for(practice: PracticeNetwork, count: int) -> None:
    """A request that came late is done a second after its sender gave up."""
    import threading

    ready = threading.Event()
    for _ in range(200):
        if len(taken(practice)) >= count:
            return
        ready.wait(0.02)

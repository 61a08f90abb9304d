"""What is heard of messages by receipts: told by GOV.UK Notify, or asked for."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlmodel import Session, select
from starlette.testclient import TestClient

from social.accounts import Account
from social.alerts.carriers import Bounce
from social.alerts.mailings import Message, MessageState, Way
from social.alerts.messages import new_token
from social.alerts.receipt_looking import look_for_receipts
from social.alerts.receipts import Outcome, note_receipt, note_refusal
from social.alerts.residents import Resident, ResidentState
from social.alerts.sending import send_messages
from social.clock import SettableClock
from social.context import Context
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from social.web.notify_callback import HOOK, MOST_BYTES
from social.web.public import public_app
from tests.alerts.helpers import a_resident
from tests.alerts.notify_office import an_alert, message, notify_office, taken

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def practice(clock: SettableClock, tmp_path: Path) -> Iterator[PracticeNetwork]:
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=0) as network:
        yield network


def resident(context: Context, number: int | None) -> Resident:
    with context.database.read() as session:
        return session.get_one(Resident, number)


def sent(context: Context, practice: PracticeNetwork, *members: Resident, way: Way = Way.EMAIL) -> list[int]:
    """An alert that went to these."""
    numbers = an_alert(context, notify_office(context, practice), members, way=way, urgent=way is Way.TEXT)
    send_messages(context)
    return numbers


def later(context: Context, clock: SettableClock, **by: float) -> None:
    clock.advance(timedelta(**by))
    look_for_receipts(context)


def test_receipts_that_are_asked_for_settle_message_and_resident(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    fine = a_resident(context, email="r.okafor@example.org")
    dead = a_resident(context, email="perm-fail@simulator.notify")
    numbers = sent(context, practice, fine, dead)
    later(context, clock, seconds=60)
    assert [message(context, one).state for one in numbers] == [MessageState.DELIVERED, MessageState.BOUNCED]
    assert resident(context, fine.id).email_stopped_at is None
    after = resident(context, dead.id)
    assert after.email_stopped_at == clock.now()
    assert after.state == ResidentState.UNREACHABLE


def test_who_can_still_be_texted_is_not_unreachable(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    both = a_resident(context, email="perm-fail@simulator.notify", phone="07700900123", by_text=True)
    sent(context, practice, both)
    later(context, clock, seconds=60)
    after = resident(context, both.id)
    assert (after.state, after.email_stopped_at is None, after.text_stopped_at) == (
        ResidentState.CONFIRMED,
        False,
        None,
    )


def test_a_full_mailbox_is_tried_again_rarer_and_rarer_and_then_given_up(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    full = a_resident(context, email="temp-fail@simulator.notify")
    (number,) = sent(context, practice, full)
    waits = []
    for _ in range(30):
        later(context, clock, minutes=1)
        kept = message(context, number)
        if kept.state == MessageState.WAITING:
            waits.append(round((kept.due_at - clock.now()).total_seconds() / 3600))
            clock.set(kept.due_at)
        send_messages(context)
    assert waits == [1, 4, 12]
    assert len({one.id for one in taken(practice)}) == 4
    assert message(context, number).state == MessageState.FAILED
    assert resident(context, full.id).soft_bounces == 1
    assert resident(context, full.id).email_stopped_at is None


def test_a_new_try_keeps_quiet_hours_and_ends_with_the_alert(context: Context, clock: SettableClock) -> None:
    quiet = a_resident(context, quiet=(22 * 60, 7 * 60))
    with context.database.write() as session:
        clock.set(clock.now().replace(hour=20, minute=30))  # half past nine in London
        one = _message(session, clock.now(), quiet.id)
        assert note_receipt(session, one, Outcome.SOFT, clock.now())
        assert (one.state, one.due_at.hour, one.due_at.minute) == (MessageState.WAITING, 6, 0)
        old = _message(session, clock.now() - timedelta(days=4), quiet.id)
        assert note_receipt(session, old, Outcome.SOFT, clock.now())
        assert old.state == MessageState.FAILED


def test_given_up_three_times_in_a_row_over_days_is_as_good_as_no_address(
    context: Context, clock: SettableClock
) -> None:
    full = a_resident(context)
    stopped = []
    for number in range(4):
        clock.advance(timedelta(days=2))
        with context.database.write() as session:
            one = _message(session, clock.now(), full.id, tries=4)
            note_receipt(session, one, Outcome.SOFT, clock.now())
        stopped.append(resident(context, full.id).email_stopped_at is not None)
        if number == 0:
            with context.database.write() as session:  # one arrived between them
                _message(session, clock.now(), full.id, state=MessageState.DELIVERED)
    assert stopped == [False, False, False, True]


def test_a_refusal_at_the_door_counts_for_the_resident(context: Context, clock: SettableClock) -> None:
    gone = a_resident(context)
    with context.database.write() as session:
        one = _message(session, clock.now(), gone.id, state=MessageState.BOUNCED)
        note_refusal(session, one, Bounce.HARD, clock.now())
    assert resident(context, gone.id).state == ResidentState.UNREACHABLE


def test_what_the_provider_never_sent_is_sent_soon(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    (number,) = sent(context, practice, a_resident(context))
    practice.notify.settle(taken(practice)[0].id, "technical-failure")
    later(context, clock, seconds=60)
    assert message(context, number).state == MessageState.WAITING
    clock.advance(timedelta(minutes=6))
    send_messages(context)
    later(context, clock, seconds=60)
    assert message(context, number).state == MessageState.DELIVERED
    assert message(context, number).provider_id == taken(practice)[1].id


def test_a_lost_answer_to_a_new_try_is_not_taken_for_the_try_before(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    (number,) = sent(context, practice, a_resident(context))
    practice.notify.settle(taken(practice)[0].id, "technical-failure")
    later(context, clock, seconds=60)
    practice.faults.add(Fault("publish", "reset_before", network="notify"))
    for _ in range(5):
        clock.advance(timedelta(minutes=6))
        send_messages(context)
    first, second = taken(practice)
    assert message(context, number).provider_id == second.id != first.id


def test_asking_for_many_receipts_takes_few_requests_and_asks_nothing_when_all_is_known(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    members = [a_resident(context) for _ in range(60)]
    numbers = sent(context, practice, *members)
    for one in taken(practice)[10:20]:
        practice.notify.store.settle(one.id, "delivered", practice.world.now_ms() + 86_400_000)  # takes a day
    later(context, clock, seconds=60)
    asked = practice.world.asked["notify", "find"]
    assert asked <= 6
    look_for_receipts(context)
    states = [message(context, one).state for one in numbers]
    assert states.count(MessageState.DELIVERED) == 50
    later(context, clock, days=1, seconds=60)
    later(context, clock, seconds=60)
    assert {message(context, one).state for one in numbers} == {MessageState.DELIVERED}
    asked = practice.world.asked["notify", "find"]
    later(context, clock, seconds=60)
    assert practice.world.asked["notify", "find"] == asked


class Door:
    """The public address, and what stands behind it."""

    def __init__(self, context: Context, practice: PracticeNetwork) -> None:
        self.token = practice.credentials("alert")["notify_callback_token"]
        self.client = TestClient(public_app(lambda: context), raise_server_exceptions=False)

    def tell(self, body: object, token: str | None = None) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        return self.client.post(HOOK, content=content, headers=headers)


def _receipt(practice: PracticeNetwork, number: int, status: str) -> dict[str, object]:
    """A receipt for the message of this number; Notify may have taken several in another order."""
    (one,) = [one for one in taken(practice) if (one.reference or "").startswith(f"alert.{number}.")]
    return {"id": one.id, "reference": one.reference, "to": one.recipient, "status": status, "template_version": 1}


def test_a_receipt_with_the_token_is_taken_once_and_in_any_order(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    numbers = sent(context, practice, a_resident(context), a_resident(context))
    door = Door(context, practice)
    one, two = numbers
    told = ((two, "delivered"), (one, "permanent-failure"), (two, "delivered"), (one, "delivered"), (two, "sending"))
    for number, status in told:
        assert door.tell(_receipt(practice, number, status)).status_code == 200
    assert [message(context, one).state for one in numbers] == [MessageState.BOUNCED, MessageState.DELIVERED]


def test_what_notify_itself_delivers_is_understood(
    context: Context, practice: PracticeNetwork, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = Door(context, practice)
    practice.callbacks.deliver_to("http://127.0.0.1:8502/hooks/notify", door.token)
    numbers = sent(context, practice, a_resident(context), a_resident(context, email="perm-fail@simulator.notify"))

    def post(_session: requests.Session, address: str, **how: Any) -> Any:
        return door.client.post(
            address.removeprefix("http://127.0.0.1:8502"), content=how["data"], headers=how["headers"]
        )

    monkeypatch.setattr(requests.Session, "post", post)
    clock.advance(timedelta(seconds=10))
    assert practice.callbacks.run_due() == [200, 200]
    assert [message(context, one).state for one in numbers] == [MessageState.DELIVERED, MessageState.BOUNCED]


def test_without_the_token_nothing_is_taken_and_nothing_is_told(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    door = Door(context, practice)
    assert door.tell({"id": "x"}).status_code == 404  # no account has a token yet
    (number,) = sent(context, practice, a_resident(context))
    clock.advance(timedelta(minutes=2))
    receipt = _receipt(practice, number, "permanent-failure")
    for token in ("", "wrong", door.token[:-1], f"{door.token}x"):
        assert door.tell(receipt, token).status_code == 403
    assert message(context, number).state == MessageState.SENT


def test_what_cannot_be_read_or_is_none_of_ours_is_taken_and_changes_nothing(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    (number,) = sent(context, practice, a_resident(context))
    door, good = Door(context, practice), _receipt(practice, number, "permanent-failure")
    strange: list[object] = [
        b"", b"[]", b"{", b"\xff\xfe", b"[" * 9000, {}, {"id": 5}, {"id": None, "status": []},
        {**good, "id": "0" * 36, "reference": "alert.1.0123456789abcdef01234567"}, {**good, "status": "lost"},
        {**good, "id": "0" * 36, "reference": None}, {**good, "id": "x' OR 1=1 --"},
    ]  # fmt: skip
    assert {door.tell(one).status_code for one in strange} == {200}
    assert door.tell(b"x" * (MOST_BYTES + 1)).status_code == 413
    assert message(context, number).state == MessageState.SENT


def test_a_receipt_quicker_than_the_senders_own_record_is_not_written_over(
    context: Context, practice: PracticeNetwork, clock: SettableClock
) -> None:
    (number,) = sent(context, practice, a_resident(context))
    with context.database.write() as session:
        one = session.get_one(Message, number)
        one.state, one.provider_id, one.settled_at = MessageState.SENDING.value, None, None
        fence = one.fence
        session.add(one)
    assert Door(context, practice).tell(_receipt(practice, number, "delivered")).status_code == 200
    kept = message(context, number)
    assert (kept.state, kept.provider_id) == (MessageState.DELIVERED, taken(practice)[0].id)
    assert kept.fence > fence


def _message(
    session: Session, now: datetime, resident_id: int | None, *, state: MessageState = MessageState.SENT, tries: int = 1
) -> Message:
    """A message as it stands after it left by mail."""
    account = session.exec(select(Account)).first()
    if account is None:
        account = Account(name="alerts", channel="alert", credentials_sealed=b"", added_at=now)
        session.add(account)
        session.flush()
    message = Message(
        account_id=account.id, resident_id=resident_id, kind="alert", way="email", token=new_token(), state=state.value,
        made_at=now, due_at=now, sending_at=now, settled_at=now, tries=tries,
    )  # fmt: skip
    session.add(message)
    session.flush()
    return message

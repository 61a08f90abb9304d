"""Answers through the network as the account: pressed by a person, sent once, and never again unasked (R23)."""

import threading
from collections.abc import Iterator

import pytest
from sqlmodel import select

from social.accounts import Account
from social.answer_records import AnswerState, steps_of
from social.answers import drop_answer, send_again
from social.audit import AuditRecord
from social.channels import memory
from social.channels.base import Published
from social.channels.memory import MemoryChannel
from social.clock import SettableClock
from social.context import Context
from social.errors import InputError, NeedsPerson, NotAllowed, OutcomeUnknown, Refused, TryLater
from social.interactions import EMERGENCY
from social.staff import Membership, Role, find_or_add_person
from tests.social.answer_desk import WORDS, AnswerDesk


@pytest.fixture
def desk(context: Context, clock: SettableClock) -> Iterator[AnswerDesk]:
    yield AnswerDesk(context, clock)
    memory.reset()


def unknown(desk: AnswerDesk) -> OutcomeUnknown:
    return OutcomeUnknown("memory", "reply", "", "No answer came.", sent_at=desk.clock.now())


def test_an_answer_goes_out_as_the_account_and_stands_in_the_thread_at_once(desk: AnswerDesk) -> None:
    reply = desk.hear()
    assert desk.work() == 0, "nothing goes out that nobody pressed send for"
    number = desk.press(reply)
    assert desk.live() == [], "pressing only writes it down"
    assert desk.work() == 1
    assert desk.live() == [WORDS]
    answer = desk.answer(number)
    assert (answer.state, answer.sent_at) == (AnswerState.SENT, desk.clock.now())
    (ours,) = desk.ours()
    assert (ours.platform_id, ours.text) == (answer.platform_id, WORDS)
    assert desk.reply(reply).answered_at == desk.clock.now()
    for heard in desk.network.replies:
        desk.store(heard)
    assert len(desk.ours()) == 1, "collecting it later does not double it"
    assert desk.work() == 0


def test_a_double_press_makes_one_answer_also_from_two_windows_at_once(desk: AnswerDesk) -> None:
    reply = desk.hear()
    together, numbers = threading.Barrier(2), []

    def press() -> None:
        together.wait()
        numbers.append(desk.press(reply, key="one form"))

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == [numbers[0]] * 2
    desk.work()
    assert desk.press(reply, key="one form") == numbers[0], "also when it is out already"
    desk.work()
    assert desk.live() == [WORDS]


def test_two_workers_send_each_answer_once(desk: AnswerDesk) -> None:
    replies = [desk.hear(f"Question {number}?") for number in range(6)]
    for reply in replies:
        desk.press(reply, f"Answer {reply}")
    together = threading.Barrier(2)

    def work() -> None:
        together.wait()
        desk.work()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    desk.work()
    assert sorted(desk.live()) == sorted(f"Answer {reply}" for reply in replies)


class Death(BaseException):
    """The process ends here: nothing that would run afterwards runs."""


@pytest.mark.parametrize("where", ["before the request", "after the request"])
def test_a_worker_that_dies_around_the_request_leaves_an_answer_that_is_looked_up_and_never_doubled(
    desk: AnswerDesk, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    number, send = desk.press(desk.hear()), MemoryChannel.reply

    def dies(channel: MemoryChannel, platform_id: str, text: str, *, key: str) -> Published:
        if where == "after the request":
            send(channel, platform_id, text, key=key)
        raise Death

    monkeypatch.setattr(MemoryChannel, "reply", dies)
    with pytest.raises(Death):
        desk.work()
    monkeypatch.setattr(MemoryChannel, "reply", send)
    assert desk.state(number) is AnswerState.SENDING, "recorded before it left"
    assert desk.work() == 0, "nobody touches it while its lease lives"
    desk.later(minutes=3)
    assert desk.state(number) is AnswerState.UNKNOWN
    desk.later(minutes=2)
    if where == "after the request":
        assert desk.state(number) is AnswerState.FOUND
        assert len(desk.ours()) == 1
    else:
        assert desk.state(number) is AnswerState.WAITING
        assert desk.live() == [], "absence is proved, and still a person is asked"
        send_again(desk.context, desk.person, number, rules=desk.rules)
        desk.work()
    assert desk.live() == [WORDS]
    assert desk.alarms() == []


@pytest.mark.sqlite_only
@pytest.mark.parametrize("taken", [True, False])
def test_an_answer_whose_fate_is_unknown_is_looked_for_before_anything_else(desk: AnswerDesk, taken: bool) -> None:
    number = desk.press(desk.hear())
    desk.network.fail_next("reply", unknown(desk), accepted=taken)
    desk.work()
    assert desk.state(number) is AnswerState.UNKNOWN
    with pytest.raises(InputError, match="perhaps sent"):
        drop_answer(desk.context, desk.person, number)
    assert desk.later(seconds=10) == 0, "the network must have settled"
    desk.later(minutes=1)
    assert desk.state(number) is (AnswerState.FOUND if taken else AnswerState.WAITING)
    assert desk.network.sent.count("reply") == 1


@pytest.mark.sqlite_only
def test_a_look_that_fails_is_no_absence_and_in_the_end_a_person_decides(desk: AnswerDesk) -> None:
    number = desk.press(desk.hear())
    desk.network.fail_next("reply", unknown(desk))
    desk.work()
    desk.network.reachable = False
    desk.later(minutes=1)
    assert desk.state(number) is AnswerState.UNKNOWN
    for _ in range(12):
        desk.later(hours=1)
    desk.network.reachable = True
    assert desk.state(number) is AnswerState.WAITING
    with pytest.raises(InputError, match="not certain"):
        send_again(desk.context, desk.person, number, rules=desk.rules)
    drop_answer(desk.context, desk.person, number)
    assert desk.live() == []
    desk.press(desk.reply(desk.answer(number).interaction_id).id or 0, "Other words for the same.")
    desk.work()
    assert desk.live() == ["Other words for the same."]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("seen_by_look", [True, False])
def test_the_word_of_a_worker_that_was_held_up_changes_nothing_but_proof_is_kept(
    desk: AnswerDesk, monkeypatch: pytest.MonkeyPatch, seen_by_look: bool
) -> None:
    """Its lease ran out in the middle of its request; meanwhile another worker looked."""
    number, send = desk.press(desk.hear()), MemoryChannel.reply

    def slow(channel: MemoryChannel, platform_id: str, text: str, *, key: str) -> Published:
        monkeypatch.setattr(MemoryChannel, "reply", send)
        if seen_by_look:
            published = send(channel, platform_id, text, key=key)
        desk.later(minutes=3)
        desk.later(minutes=2)
        expected = AnswerState.FOUND if seen_by_look else AnswerState.WAITING
        assert desk.state(number) is expected
        return published if seen_by_look else send(channel, platform_id, text, key=key)

    monkeypatch.setattr(MemoryChannel, "reply", slow)
    desk.work()
    assert desk.state(number) is AnswerState.FOUND
    assert desk.live() == [WORDS]
    assert len(desk.ours()) == 1
    with pytest.raises(InputError):
        send_again(desk.context, desk.person, number, rules=desk.rules)


@pytest.mark.sqlite_only
def test_what_the_network_refuses_is_told_to_whoever_pressed_with_what_to_do(desk: AnswerDesk) -> None:
    reply = desk.hear("My name is on your page!")
    number = desk.press(reply)
    said = "X did not take the answer. Answer in X's own app."
    desk.network.fail_next("reply", Refused("memory", "reply", "403", said, reason="not_summoned"))
    desk.work()
    answer = desk.answer(number)
    assert (answer.state, answer.reason) == (AnswerState.REFUSED, said)
    (alarm,) = desk.alarms()
    assert alarm.person_id == desk.person.id
    assert f"beatline answers explain {number}" in alarm.text
    assert "Mill Road" not in alarm.text
    assert "My name" not in alarm.text
    desk.press(reply, "Please ring 101 about this.")
    assert desk.alarms() == [], "somebody has acted on it"


@pytest.mark.sqlite_only
def test_trouble_with_the_account_leaves_the_answer_with_its_person(desk: AnswerDesk) -> None:
    number = desk.press(desk.hear())
    needs = NeedsPerson("memory", "reply", "200", "Facebook does not allow it.", action="Grant the permission.")
    desk.network.fail_next("reply", needs)
    desk.work()
    answer = desk.answer(number)
    assert answer.state == AnswerState.WAITING
    assert "Grant the permission." in (answer.reason or "")
    assert len(desk.alarms()) == 1
    send_again(desk.context, desk.person, number, rules=desk.rules)
    desk.work()
    assert desk.live() == [WORDS]
    assert desk.alarms() == []


@pytest.mark.sqlite_only
def test_an_answer_that_cannot_leave_is_tried_again_and_after_an_hour_shown_to_a_person(desk: AnswerDesk) -> None:
    number = desk.press(desk.hear())
    desk.network.fail_next("reply", TryLater("memory", "reply", "429", "The network asks us to wait."))
    desk.work()
    assert desk.state(number) is AnswerState.WRITTEN
    assert desk.work() == 0, "not in a circle"
    desk.later(seconds=6)
    assert desk.live() == [WORDS]

    other = desk.press(desk.hear("And tomorrow?"), "We will be there tomorrow as well.")
    desk.network.reachable = False
    for _ in range(14):
        desk.later(minutes=5)
    desk.network.reachable = True
    answer = desk.answer(other)
    assert answer.state == AnswerState.WAITING
    assert "within an hour" in (answer.reason or "")
    assert desk.live() == [WORDS]


@pytest.mark.sqlite_only
def test_what_is_stopped_after_the_press_waits_for_a_new_press(desk: AnswerDesk) -> None:
    number = desk.press(desk.hear())
    desk.rules.stop = "Everything is stopped by hold 1."
    desk.work()
    assert desk.state(number) is AnswerState.WAITING
    desk.rules.stop = None
    desk.later(minutes=1)
    assert desk.live() == [], "on release nothing goes out by itself (R37)"
    send_again(desk.context, desk.person, number, rules=desk.rules)
    desk.work()
    assert desk.live() == [WORDS]


@pytest.mark.sqlite_only
def test_an_order_to_stop_is_obeyed_where_the_request_leaves(desk: AnswerDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """R31: the request was recorded, then everything was stopped before it left."""
    number, open_channel = desk.press(desk.hear()), Context.channel

    def stopped_now(context: Context, account: Account) -> object:
        if desk.state(number) is AnswerState.SENDING:
            desk.rules.stop = "Everything is stopped by hold 1."
        return open_channel(context, account)

    monkeypatch.setattr(Context, "channel", stopped_now)
    monkeypatch.setattr("social.channels.leaving.LOOK_AGAIN", -1.0)
    desk.work()
    assert desk.live() == []
    assert desk.state(number) is AnswerState.WRITTEN
    desk.later(minutes=1)
    assert desk.state(number) is AnswerState.WAITING


@pytest.mark.sqlite_only
def test_a_paused_account_and_a_reply_that_is_gone_are_not_answered(desk: AnswerDesk) -> None:
    first, second = desk.hear("One?"), desk.hear("Two?")
    numbers = [desk.press(first, "To one."), desk.press(second, "To two.")]
    with desk.context.database.write() as session:
        account = session.get_one(Account, desk.account.id)
        account.state, account.paused_reason = "paused", "The token ended."
        session.add(account)
    desk.work()
    assert [desk.state(number) for number in numbers] == [AnswerState.WAITING] * 2
    with pytest.raises(InputError, match="hexley is paused"):
        send_again(desk.context, desk.person, numbers[0], rules=desk.rules)
    with desk.context.database.write() as session:
        session.get_one(Account, desk.account.id).state = "active"
        session.get_one(type(desk.reply(first)), first).gone_at = desk.clock.now()
    with pytest.raises(InputError, match="not on the network any more"):
        send_again(desk.context, desk.person, numbers[0], rules=desk.rules)
    send_again(desk.context, desk.person, numbers[1], rules=desk.rules)
    desk.work()
    assert desk.live() == ["To two."]


@pytest.mark.sqlite_only
def test_one_answer_to_a_reply_at_a_time_and_the_same_words_once(desk: AnswerDesk) -> None:
    reply = desk.hear()
    number = desk.press(reply)
    with pytest.raises(InputError, match=f"on its way \\(answer {number}\\)"):
        desk.press(reply, "Other words.")
    desk.work()
    with pytest.raises(InputError, match="The same answer stands"):
        desk.press(reply, WORDS + " ", key="another form")
    desk.press(reply, "And on Sunday too.")
    desk.work()
    assert desk.live() == [WORDS, "And on Sunday too."]
    with pytest.raises(InputError, match="our own answer"):
        desk.press(desk.ours()[0].id or 0)


def test_nobody_answers_differently_from_an_answer_that_they_have_not_seen(desk: AnswerDesk) -> None:
    """Two people write at once: the first answer went out before the second press, so 'one at a time' does not hold it."""
    reply = desk.hear()
    seen = desk.answers_seen(reply)
    desk.press(reply)
    desk.work()
    with pytest.raises(InputError, match="Somebody answered this reply while you were writing"):
        desk.press(reply, "No patrol tonight, sorry.", seen=seen)
    assert desk.live() == [WORDS]
    desk.press(reply, "No patrol tonight, sorry.", seen=desk.answers_seen(reply))
    desk.work()
    assert desk.live() == [WORDS, "No patrol tonight, sorry."], "who has seen it may still send"

    other = desk.hear("And tomorrow?")
    seen, number = desk.answers_seen(other), desk.reply(other).platform_id
    ours = desk.network.add_reply(desk.publication.platform_id, "Tomorrow as well.", parent=number, ours=True)
    desk.store(next(one for one in desk.network.replies if one.platform_id == ours))
    with pytest.raises(InputError, match="look at that answer first"):
        desk.press(other, seen=seen)


@pytest.mark.sqlite_only
def test_an_emergency_is_told_to_call_999_and_anything_else_asks_for_a_second_confirmation(desk: AnswerDesk) -> None:
    """R19."""
    reply = desk.hear("He has a knife, help")
    with desk.context.database.write() as session:
        session.get_one(type(desk.reply(reply)), reply).urgency = EMERGENCY
    with pytest.raises(InputError, match="Please call 999 now"):
        desk.press(reply, "Thanks for telling us, we will look into it.")
    with pytest.raises(InputError, match="R19"):
        desk.press(reply, "Please call 999 now. Or send us a message.")
    with pytest.raises(InputError, match="R19"):
        desk.press(reply, "")
    desk.press(reply, "Please call 999 now.")
    desk.work()
    desk.press(reply, "Officers are with you now.", other_words=True)
    desk.work()
    assert desk.live() == ["Please call 999 now.", "Officers are with you now."]
    with desk.context.database.read() as session:
        records = session.exec(select(AuditRecord).where(AuditRecord.action == "answer reply")).all()
    assert ['"other_words":true' in (record.after or "") for record in records] == [False, True]


@pytest.mark.sqlite_only
def test_who_may_not_answer_here_sends_nothing_and_the_record_holds_no_words(desk: AnswerDesk) -> None:
    reply = desk.hear("Secret words of a resident")
    with desk.context.database.write() as session:
        reader = find_or_add_person(session, "rae@woldershire.example", Role.RECORDS)
        stranger = find_or_add_person(session, "sam@woldershire.example", Role.AUTHOR)
        session.add(Membership(person_id=stranger.id or 0, place_id=desk.place_id or 0))
        session.get_one(type(desk.publication), desk.publication.id).place_id = None
    number = desk.press(reply)
    person = desk.person
    for other in (reader, stranger):
        desk.person = other
        with pytest.raises(NotAllowed):
            desk.press(reply, "Anything.")
        for act in (lambda: drop_answer(desk.context, other, number), lambda: send_again(desk.context, other, number, rules=desk.rules)):  # fmt: skip  # noqa: B023
            if other is reader:
                with pytest.raises(NotAllowed):
                    act()
    desk.person = person
    desk.work()
    with desk.context.database.read() as session:
        rows = session.exec(select(AuditRecord).where(AuditRecord.subject_kind == "reply")).all()
        steps = [(step.actor, step.to_state) for step in steps_of(session, number)]
    assert [row.action for row in rows] == ["answer reply", "answer is out"]
    assert not any(word in str(row) for row in rows for word in ("Secret", "Mill Road"))
    assert [state for _, state in steps] == ["written", "sending", "sent"]
    assert steps[0][0] == person.email


@pytest.mark.sqlite_only
def test_an_account_that_hangs_keeps_no_other_waiting_and_its_own_answers_go_in_their_order(
    desk: AnswerDesk, context: Context, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        desk.press(desk.hear(f"{number}?"), f"Answer {number}")
    town = desk.beside("town")
    town.press(town.hear(), "Answer in town")
    send, town_is_out, order = MemoryChannel.reply, threading.Event(), []

    def waits(channel: MemoryChannel, platform_id: str, text: str, *, key: str) -> Published:
        if text == "Answer 0":
            assert town_is_out.wait(20), "the other account waits for this one"
        published = send(channel, platform_id, text, key=key)
        order.append(text)
        if text == "Answer in town":
            town_is_out.set()
        return published

    monkeypatch.setattr(MemoryChannel, "reply", waits)
    assert desk.work() == 3
    assert order == ["Answer in town", "Answer 0", "Answer 1"]

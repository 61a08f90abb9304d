"""Answers with all that stands around them: the kill switch, the checks, money, real requests, killed processes."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.answering import RULES, send_answers
from scheduler.hold_kinds import HoldKind
from scheduler.holds import Order, place_hold
from social.accounts import Account
from social.accounts_admin import add_account, verify_account
from social.answer_records import LIVE, AnswerState
from social.answers import concerns_about, send_again
from social.budgets import set_budget, spending_of
from social.channels import memory
from social.clock import SettableClock
from social.collecting import collect
from social.context import Context
from social.errors import InputError
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from social.settings import Settings
from social.staff import Person, Role, find_or_add_person
from tests.social.answer_desk import WORDS, AnswerDesk

ROOT = Path(__file__).parents[2]
ANSWERER = (
    "from social.channels.registry import make_channel\n"
    "from social.context import open_context\n"
    "from social.settings import load_settings\n"
    "from scheduler.answering import send_answers\n"
    "send_answers(open_context(load_settings(), make_channel))\n"
)
TALKED_ABOUT = "Our youngest volunteer named the new patrol bike. Meet Sergeant Spokes! What would you have called it?"

Start = Callable[[str, SettableClock], tuple[AnswerDesk, PracticeNetwork]]


@pytest.fixture
def desk(context: Context, clock: SettableClock) -> Iterator[AnswerDesk]:
    built = AnswerDesk(context, clock)
    built.rules = RULES  # type: ignore[assignment]  # the real ones
    yield built
    memory.reset()


@pytest.fixture
def chief(context: Context) -> Person:
    with context.database.write() as session:
        return find_or_add_person(session, "chief@woldershire.example", Role.SUPERVISOR)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("kind", [HoldKind.STOP_ALL, HoldKind.CRITICAL_INCIDENT])
def test_the_kill_switch_stops_answers_and_other_holds_do_not(desk: AnswerDesk, chief: Person, kind: HoldKind) -> None:
    """R31: the kill switch knows no exception. R18: in a critical incident residents are answered all the same."""
    reply, other = desk.hear(), desk.hear("And tomorrow?")
    number = desk.press(reply)
    place_hold(desk.context, Order(kind, place_id=desk.place_id, reason="A trial of the switch."), chief)
    send_answers(desk.context)
    stopped = kind is HoldKind.STOP_ALL
    assert desk.live() == ([] if stopped else [WORDS])
    assert desk.state(number) is (AnswerState.WAITING if stopped else AnswerState.SENT)
    if stopped:
        with pytest.raises(InputError, match="Everything is stopped by hold 1"):
            desk.press(other)
        with pytest.raises(InputError, match="Everything is stopped by hold 1"):
            send_again(desk.context, desk.person, number, rules=RULES)


@pytest.mark.sqlite_only
def test_words_that_may_not_go_out_are_refused_with_what_to_do(desk: AnswerDesk) -> None:
    reply = desk.hear()
    for words, why in (
        ("Ring Sam on 07700 900123 about it.", "somebody's own number"),
        ("Mr Jones of 12 Mill Road has been told.", "looks like somebody's home"),
        ("It was Kevin Smith who saw it.", "'Kevin Smith' names a person"),
        ("Ask Cllr Sarah Brown about that.", "names a party, an elected member"),
        ("Police. " * 70, "the network takes 500"),
        ("   ", "Write an answer first"),
    ):
        with pytest.raises(InputError) as refused:
            desk.press(reply, words)
        assert why in str(refused.value)
    assert desk.work() == 0


@pytest.mark.sqlite_only
def test_usual_answers_raise_no_concern_and_staff_may_be_named(desk: AnswerDesk) -> None:
    reply = desk.hear()
    for words in (
        "Thank you for telling us. PC Nia Abbot will be at the library on Mill Road at 2pm on Saturday.",
        "We cannot discuss a case here. Please ring 101, or Crimestoppers on 0800 555 111.",
        "Sorry to hear that. The Hexley Moor team will patrol Larkfield Rise tonight.",
        "Diolch. Ffoniwch 101.",
    ):
        assert concerns_about(desk.context, reply, words, RULES) == []


# At the practice network


@pytest.fixture
def start(tmp_path: Path, context: Context) -> Iterator[Start]:
    """start("x", clock) -> a desk whose account is on a practice network, and the network, which takes the same words
    as often as they come."""
    running: list[PracticeNetwork] = []

    def started(channel: str, clock: SettableClock) -> tuple[AnswerDesk, PracticeNetwork]:
        context.clock = clock
        network = PracticeNetwork(tmp_path / "practice", clock=clock, pace=24.0, history_weeks=0, refuses_repeats=False)
        running.append(network.start())
        add_account(
            context, channel=channel, name="town", base_url=network.base_url,
            credentials=network.credentials(channel), page_id=network.page_id if channel == "facebook" else None,
        )  # fmt: skip
        verify_account(context, "town")
        with context.database.read() as session:
            account = session.get_one(Account, 1)
        desk = AnswerDesk(context, clock, account)
        desk.rules = RULES  # type: ignore[assignment]  # the real ones
        return desk, network

    yield started
    for network in running:
        network.stop()


def heard(desk: AnswerDesk, wanted: int) -> list[int]:
    """So many residents' replies under our posts, collected.  Returns their ids here."""
    found: dict[str, int] = {}
    channel = desk.context.channel(desk.account)
    for number in range(30):
        desk.publication = desk.publish(f"{TALKED_ABOUT} Week {number}.")
        desk.clock.advance(timedelta(hours=2))
        pages = channel.listen(desk.publication.platform_id, cursor=None, published_at=desk.publication.published_at)
        for item in (one for page in pages for one in page.items):
            if not item.ours and item.text.strip():
                found[item.platform_id] = desk.store(item)
            if len(found) == wanted:
                return list(found.values())
    raise AssertionError("residents stay silent")


FAULTS = ("500_before", "500_after", "reset_before", "reset_after", "cut_body", "garbled", "html_503", "429")


@pytest.mark.sqlite_only
@pytest.mark.parametrize("channel", ["x", "facebook"])
def test_whatever_goes_wrong_on_the_way_each_answer_is_there_exactly_once(start: Start, channel: str) -> None:
    desk, practice = start(channel, SettableClock(datetime(2026, 6, 1, 9, 0, tzinfo=UTC)))
    wanted = {}
    for number, (reply, fault) in enumerate(zip(heard(desk, len(FAULTS)), FAULTS, strict=True)):
        practice.faults.add(Fault("publish", fault, network=channel))
        wanted[reply] = desk.press(reply, f"Thank you, answer {number}.")
        send_answers(desk.context)
        desk.clock.advance(timedelta(seconds=20))
    practice.faults.clear()
    for _ in range(12):
        desk.clock.advance(timedelta(minutes=6))
        send_answers(desk.context)
        for number in wanted.values():
            if desk.state(number) is AnswerState.WAITING:
                send_again(desk.context, desk.person, number, rules=RULES)
    assert all(desk.state(number) in LIVE for number in wanted.values())
    there = [one["reply_to"] for one in practice.truth() if one["text"].startswith("Thank you, answer")]
    assert sorted(there) == sorted(desk.reply(reply).platform_id for reply in wanted)
    with desk.context.database.write() as session:
        session.get_one(Account, desk.account.id).agreement_reference = "Enterprise agreement 2026/17"
    assert collect(desk.context, everything=True).problems == []
    assert len(desk.ours()) == len(FAULTS), "collecting them later doubles none"
    assert all(desk.reply(reply).answered_at is not None for reply in wanted)


def test_a_process_killed_in_the_middle_of_its_request_neither_loses_nor_doubles_an_answer(
    start: Start, settings: Settings
) -> None:
    """kill -9, while the network has taken the answer and the worker waits for its word."""
    clock = SettableClock(datetime.now(UTC) - timedelta(hours=20))
    desk, practice = start("x", clock)
    (reply,) = heard(desk, 1)
    clock.set(datetime.now(UTC))  # as the other process's
    number = desk.press(reply)
    practice.faults.add(Fault("publish", "hang_after"))
    environment = {
        **os.environ,
        "BEATLINE_HOME": str(settings.home),
        "BEATLINE_KEY": "k" * 40,
        "BEATLINE_DATABASE_URL": settings.database_url,
    }
    with subprocess.Popen([sys.executable, "-c", ANSWERER], cwd=ROOT, env=environment) as child:
        pause = threading.Event()
        while child.poll() is None and not _there(practice):
            pause.wait(0.02)
        assert child.poll() is None, "it is still waiting for the answer"
        os.kill(child.pid, signal.SIGKILL)
    assert desk.state(number) is AnswerState.SENDING
    clock.set(datetime.now(UTC) + timedelta(minutes=5))
    send_answers(desk.context)
    assert desk.state(number) is AnswerState.UNKNOWN
    clock.advance(timedelta(minutes=2))
    send_answers(desk.context)
    assert desk.state(number) is AnswerState.FOUND
    assert len(_there(practice)) == 1
    assert len(desk.ours()) == 1


def _there(practice: PracticeNetwork) -> list[str]:
    return [one["platform_id"] for one in practice.truth() if one["text"] == WORDS]


@pytest.mark.sqlite_only
def test_xs_rule_for_answers_is_a_refusal_that_says_what_to_do(start: Start) -> None:
    """Since February 2026 apps that pay by use may answer only those who mentioned or quoted the account."""
    desk, practice = start("x", SettableClock(datetime(2026, 6, 1, 9, 0, tzinfo=UTC)))
    (reply,) = heard(desk, 1)
    number = desk.press(reply)
    practice.faults.add(Fault("publish", "not_allowed"))
    send_answers(desk.context)
    assert desk.state(number) is AnswerState.REFUSED
    assert "Answer in X's own app" in (desk.answer(number).reason or "")
    assert _there(practice) == []


@pytest.mark.sqlite_only
def test_an_answer_on_x_costs_what_a_post_costs_and_the_budget_stops_it_before(
    start: Start,
) -> None:
    desk, practice = start("x", SettableClock(datetime(2026, 6, 1, 9, 0, tzinfo=UTC)))
    account = desk.account.id or 0
    first, second, third = heard(desk, 3)

    def spent() -> tuple[int, int]:
        with desk.context.database.read() as session:
            month = spending_of(session, account, desk.clock.now())
            return month.posts, month.money - month.read_money

    posts, money = spent()
    desk.press(first, "Thank you. Read https://www.example.org/beat about it.")
    send_answers(desk.context)
    assert spent() == (posts + 1, money + 16_000), "with a link"
    practice.faults.add(Fault("publish", "429"))
    number = desk.press(second)
    send_answers(desk.context)
    assert desk.state(number) is AnswerState.WRITTEN
    assert spent() == (posts + 1, money + 16_000), "what was refused comes back"
    with desk.context.database.write() as session:
        set_budget(session, account, desk.clock.now(), pence=None, posts=posts + 1, reads=None)
    with pytest.raises(InputError, match="budget to publish to town"):
        desk.press(third)
    desk.clock.advance(timedelta(minutes=20))
    send_answers(desk.context)
    assert "budget" in (desk.answer(number).reason or "")
    assert len(practice.truth()) == len([one for one in practice.truth() if one["reply_to"] is None]) + 1

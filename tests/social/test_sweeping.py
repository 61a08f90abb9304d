"""Whole accounts are listened to every few minutes, and how soon a reply is found is said as it is (R19)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from social.accounts import Account
from social.accounts_admin import add_account
from social.channels.base import Capabilities
from social.channels.facebook import FacebookChannel
from social.channels.memory import network_of, reset
from social.channels.x import XChannel
from social.clock import SettableClock
from social.collect_plan import FOUND_WITHIN, SWEEP_AGAIN, SWEEP_EVERY
from social.collecting import collect
from social.context import Context
from social.errors import Refused, TryLater
from social.found_within import findings, found_within, promised
from social.interactions import Interaction
from social.publications import Publication, record_publication
from tests.alerts.letterbox_helpers import told

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def account(context: Context, clock: SettableClock) -> Account:
    """One with a post of ten days ago that has been read, and so is not due for hours."""
    reset()
    network_of("first").clock = context.clock
    account = add_account(context, channel="memory", name="first", credentials={})
    assert account.id is not None
    now = clock.now()
    post = network_of("first").add_past_post("Hello", now)
    with context.database.write() as session:
        record_publication(
            session, Publication(account_id=account.id, platform_id=post, text="Hello", published_at=now), now
        )
    clock.advance(timedelta(days=10))
    collect(context)
    return account


def asked(context: Context) -> list[str]:
    """What was asked of the network in one more round."""
    sent = network_of("first").sent
    before = len(sent)
    collect(context)
    return sent[before:]


def test_between_two_sweeps_nothing_is_asked_and_a_sweep_asks_once(
    context: Context, account: Account, clock: SettableClock
) -> None:
    assert asked(context) == []
    clock.advance(SWEEP_EVERY - timedelta(seconds=1))
    assert asked(context) == []
    clock.advance(timedelta(seconds=1))
    assert asked(context) == ["mentions"]
    assert asked(context) == []
    clock.set(clock.now() - timedelta(hours=1))
    assert asked(context) == ["mentions"], "a clock that was put back holds no sweep up"


def test_a_sweep_that_fails_is_tried_again_within_a_minute_and_no_sooner(
    context: Context, account: Account, clock: SettableClock
) -> None:
    clock.advance(SWEEP_EVERY)
    network_of("first").fail_next("mentions", TryLater("memory", "mentions", "503", "Not now."))
    assert asked(context) == ["mentions"]
    assert asked(context) == []
    clock.advance(SWEEP_AGAIN)
    assert asked(context) == ["mentions"]


def test_an_account_without_a_post_is_not_listened_to(context: Context, account: Account, clock: SettableClock) -> None:
    network_of("second").clock = context.clock
    add_account(context, channel="memory", name="second", credentials={})
    clock.advance(SWEEP_EVERY)
    before = list(network_of("second").sent)
    collect(context)
    assert network_of("second").sent == before


@pytest.mark.parametrize(
    ("can", "age", "short", "longest", "said"),
    [
        (
            FacebookChannel.can,
            timedelta(days=20),
            False,
            FOUND_WITHIN,
            "of the last 90 days are found within 4 minutes",
        ),
        (XChannel.can, timedelta(minutes=30), False, timedelta(minutes=1), "replies are found within 4 minutes"),
        (XChannel.can, timedelta(days=20), False, FOUND_WITHIN, "under posts of the last 90 days."),
        (XChannel.can, timedelta(days=5), True, FOUND_WITHIN, "an emergency among them may wait longer"),
        (FacebookChannel.can, timedelta(days=5), True, FOUND_WITHIN, "an emergency among them may wait longer"),
    ],
)
def test_what_is_promised_of_a_network_is_what_it_can_do(
    can: Capabilities, age: timedelta, short: bool, longest: timedelta | None, said: str
) -> None:
    found = promised("hexley", can, age, short=short)
    assert found.longest == longest
    assert said in found.sentence


@pytest.mark.parametrize(
    ("short", "longest", "said"),
    [(False, timedelta(days=1), "is found within a day"), (True, None, "not enough to read all that is due")],
)
def test_more_threads_than_a_sweep_listens_to_are_said_to_wait(
    short: bool, longest: timedelta | None, said: str
) -> None:
    found = promised("hexley", XChannel.can, timedelta(days=20), short=short, crowded=True)
    assert found.longest == longest
    assert said in found.sentence
    assert "96 youngest posts" in found.sentence


def test_a_sweep_hears_what_residents_say_to_each_other_under_an_old_post(
    context: Context, account: Account, clock: SettableClock
) -> None:
    network = network_of("first")
    [post] = network.live_posts
    first = network.add_reply(post.platform_id, "I saw him too", author="a", created_at=clock.now())
    clock.advance(SWEEP_EVERY)
    collect(context)  # names the account, so it is among its mentions
    network.add_reply(post.platform_id, "Help, he is back", author="b", parent=first, created_at=clock.now())
    clock.advance(SWEEP_EVERY)
    network.fail_next("mentions", Refused("memory", "mentions", "403", "Not in your plan."))
    assert asked(context) == ["mentions", "threads"]
    with context.database.read() as session:
        assert "Help, he is back" in session.exec(select(Interaction.text)).all()


def test_where_nothing_is_read_doctor_says_that_an_emergency_waits(
    context: Context, account: Account, clock: SettableClock
) -> None:
    [fine] = findings(context)
    assert "replies are found within 4 minutes: those that name the account" in fine.what
    clock.advance(timedelta(minutes=10))
    assert "has not gone well lately" in found_within(context)[0].sentence, "no worker was at work"
    network_of("first").fail_next(
        "mentions", TryLater("memory", "mentions", "429", "Too many.", not_before=clock.now() + timedelta(hours=1))
    )
    collect(context)
    [late] = findings(context)
    assert (late.level, found_within(context)[0].longest) == ("note", None)
    assert "the network asked us to wait until" in late.what
    assert late.what.endswith("An emergency there waits as long.")


def test_answers_to_alerts_come_by_the_letterbox_so_nothing_is_promised_of_reading_them(context: Context) -> None:
    told(context)
    assert found_within(context) == []

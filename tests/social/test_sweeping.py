"""Whole accounts are listened to every few minutes, and how soon a reply is found is said as it is (R19)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from social.accounts import Account
from social.accounts_admin import add_account
from social.channels.base import Capabilities
from social.channels.facebook import FacebookChannel
from social.channels.memory import MemoryChannel, network_of, reset
from social.channels.x import XChannel
from social.clock import SettableClock
from social.collect_plan import FOUND_WITHIN, SWEEP_AGAIN, SWEEP_EVERY
from social.collecting import collect
from social.context import Context
from social.errors import Refused, TryLater
from social.found_within import findings, found_within, promised
from social.interactions import Interaction
from social.publications import Publication, record_publication
from social.rotating import Ring, Standing
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


def ring(kind: Ring, posts: int, requests: int, a_turn: int, lately: timedelta | None = None) -> Standing:
    return Standing(kind, posts, requests, a_turn, lately)


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
    assert asked(context) == ["mentions", "unnamed"]
    assert asked(context) == []
    clock.set(clock.now() - timedelta(hours=1))
    assert asked(context) == ["mentions", "unnamed"], "a clock that was put back holds no sweep up"


def test_a_sweep_that_fails_is_tried_again_within_a_minute_and_no_sooner(
    context: Context, account: Account, clock: SettableClock
) -> None:
    clock.advance(SWEEP_EVERY)
    network_of("first").fail_next("mentions", TryLater("memory", "mentions", "503", "Not now."))
    assert asked(context) == ["mentions"]
    assert asked(context) == []
    clock.advance(SWEEP_AGAIN)
    assert asked(context) == ["mentions", "unnamed"]


def test_an_account_without_a_post_is_not_listened_to(context: Context, account: Account, clock: SettableClock) -> None:
    network_of("second").clock = context.clock
    add_account(context, channel="memory", name="second", credentials={})
    clock.advance(SWEEP_EVERY)
    before = list(network_of("second").sent)
    collect(context)
    assert network_of("second").sent == before


@pytest.mark.parametrize(
    ("can", "rings", "short", "longest", "said"),
    [
        (FacebookChannel.can, [ring(Ring.OLD, 900, 9, 200)], False, FOUND_WITHIN, "whatever the age of the post."),
        (XChannel.can, [ring(Ring.ANSWERED, 300, 24, 24)], False, FOUND_WITHIN, "whatever the age of the post."),
        (XChannel.can, [ring(Ring.QUIET, 0, 0, 0)], True, FOUND_WITHIN, "an emergency among them may wait longer"),
        (
            FacebookChannel.can,
            [ring(Ring.OLD, 12_000, 120, 30)],
            False,
            timedelta(minutes=13),
            "Those under its 12,000 older posts are found within 13 minutes: that takes 120 requests, and the network's "
            "limits leave 30 every 3 minutes. An emergency there may wait that long.",
        ),
        (
            XChannel.can,
            [ring(Ring.ANSWERED, 300, 24, 24), ring(Ring.QUIET, 4_000, 308, 8, lately=timedelta(hours=5))],
            False,
            timedelta(hours=5, minutes=1),
            "in one of 4,000 threads in which nobody is known to have written, is found within 5 hours: a round took that "
            "long lately, though it takes 308 requests and the network's limits leave 8 every 3 minutes now.",
        ),
        (
            XChannel.can,
            [ring(Ring.ANSWERED, 74, 6, 6), ring(Ring.QUIET, 1, 1, 1, lately=timedelta(days=4))],
            False,
            timedelta(days=4, minutes=1),
            "in the one thread in which nobody is known to have written, is found within 4 days: a round took that long "
            "lately, though it takes 1 request and",
        ),
    ],
)
def test_what_is_promised_of_a_network_is_what_its_limits_leave(
    can: Capabilities, rings: list[Standing], short: bool, longest: timedelta | None, said: str
) -> None:
    found = promised("hexley", can, timedelta(days=20), rings, short=short)
    assert found.longest == longest
    assert said in found.sentence


@pytest.mark.parametrize(
    ("short", "longest", "said"),
    [(False, timedelta(hours=12), "within 12 hours"), (True, None, "not enough to read all that is due")],
)
def test_a_network_that_tells_of_one_post_at_a_time_promises_no_more_than_its_looks(
    short: bool, longest: timedelta | None, said: str
) -> None:
    can = replace(XChannel.can, hears_mentions=False, hears_threads=False)
    found = promised("hexley", can, timedelta(days=10), short=short)
    assert found.longest == longest
    assert said in found.sentence


def test_a_sweep_hears_what_residents_say_to_each_other_under_an_old_post(
    context: Context, account: Account, clock: SettableClock
) -> None:
    network = network_of("first")
    [post] = network.live_posts
    first = network.add_reply(post.platform_id, "I saw him too", author="a", created_at=clock.now())
    clock.advance(SWEEP_EVERY)
    collect(context)  # names the account, so it is among its mentions
    collect(context)  # the first under this post: what was written there before is looked for
    network.add_reply(post.platform_id, "Help, he is back", author="b", parent=first, created_at=clock.now())
    clock.advance(SWEEP_EVERY)
    network.fail_next("mentions", Refused("memory", "mentions", "403", "Not in your plan."))
    assert asked(context) == ["mentions", "unnamed", "threads"]
    with context.database.read() as session:
        assert "Help, he is back" in session.exec(select(Interaction.text)).all()


def test_where_nothing_is_read_doctor_says_that_an_emergency_waits(
    context: Context, account: Account, clock: SettableClock
) -> None:
    [fine] = findings(context)
    assert "replies are found within 4 minutes, whatever the age of the post." in fine.what
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


def test_the_first_answer_under_a_quiet_old_post_is_found_although_it_leaves_our_name_out(
    context: Context, account: Account, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = network_of("first")
    monkeypatch.setattr(MemoryChannel, "mentions", lambda *_, **__: iter(()))
    clock.advance(timedelta(days=300))
    collect(context)
    collect(context)
    network.add_reply(network.live_posts[0].platform_id, "Help, he is back", author="b", created_at=clock.now())
    clock.advance(SWEEP_EVERY)
    collect(context)
    with context.database.read() as session:
        assert "Help, he is back" in session.exec(select(Interaction.text)).all()

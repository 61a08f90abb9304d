"""Known replies are followed: changed words, hidden ones, and those that their writers took away."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, select, update

from social.channels.base import Rechecked
from social.channels.memory import MemoryChannel, MemoryNetwork
from social.clock import SettableClock
from social.collect_budget import Candidate, Cost, Left, kept_for_known, plan
from social.collecting import collect
from social.context import Context
from social.errors import TryLater
from social.heard import store_heard
from social.interactions import Interaction, Reading
from social.publications import CollectingState, Publication
from social.rechecks import Thread, affordable, batches, next_recheck
from tests.social.memory_posts import Hexley

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def hexley(context: Context) -> Hexley:
    return Hexley(context)


@pytest.fixture
def network(hexley: Hexley) -> MemoryNetwork:
    return hexley.network


Publish = Callable[..., str]


@pytest.fixture
def publish(hexley: Hexley) -> Publish:
    return hexley.publish


def rows(context: Context, table: type[SQLModel]) -> list[Any]:
    with context.database.read() as session:
        return list(session.exec(select(table)))


def reply(context: Context, platform_id: str) -> Interaction:
    with context.database.read() as session:
        return session.exec(select(Interaction).where(Interaction.platform_id == platform_id)).one()


def test_a_reply_that_its_writer_deletes_is_noted_and_its_words_are_erased(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    post = publish()
    taken_back, stays = network.add_reply(post, "It was him at no 4"), network.add_reply(post, "Lovely bike")
    collect(context)
    with context.database.write() as session:
        read = Reading(interaction_id=reply(context, taken_back).id or 0, version="v", stance="unknown", kind="other",
                       kind_p=1, lang="en", lang_p=1, read_at=clock.now())  # fmt: skip
        session.add(read)
    network.remove_reply(taken_back)
    clock.advance(timedelta(hours=1))
    report = collect(context)
    gone, left = reply(context, taken_back), reply(context, stays)
    assert (gone.text, gone.author_key, gone.unread, gone.gone_at) == ("", None, False, clock.now())
    assert (left.text, left.gone_at) == ("Lovely bike", None)
    assert left.author_key is not None
    assert (report.rechecked, report.gone) == (2, 1)
    assert len(rows(context, Reading)) == 1, "kind and moment are numbers of the figures (M13)"
    clock.advance(timedelta(hours=1))
    assert collect(context).gone == 0, "it is gone once"


def test_changed_words_are_read_again_and_hidden_ones_are_noted(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    post = publish()
    edited, hidden = network.add_reply(post, "Great"), network.add_reply(post, "Rude words")
    collect(context)
    with context.database.write() as session:
        for one in session.exec(select(Interaction)):
            one.unread = False
            session.add(one)
    network.edit_reply(edited, "Great, not")
    network.hide_reply(hidden)
    clock.advance(timedelta(hours=1))
    collect(context)
    assert (reply(context, edited).text, reply(context, edited).unread) == ("Great, not", True)
    assert (reply(context, hidden).hidden, reply(context, hidden).unread) == (True, False)
    network.hide_reply(hidden, hidden=False)
    clock.advance(timedelta(hours=1))
    collect(context)
    assert not reply(context, hidden).hidden


@pytest.mark.sqlite_only
def test_the_words_of_a_lead_stay_for_the_enquiry_and_our_own_stay_ours(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    """R22, R24: a lead has a purge of its own."""
    post = publish()
    lead = network.add_reply(post, "A white van, AB12")
    answer = network.add_reply(post, "Thank you", ours=True, author="page")
    collect(context)
    with context.database.write() as session:
        one = session.exec(select(Interaction).where(Interaction.platform_id == lead)).one()
        one.purpose = "law_enforcement"
        session.add(one)
    network.remove_reply(lead)
    network.remove_reply(answer)
    clock.advance(timedelta(hours=1))
    assert collect(context).gone == 2
    assert (reply(context, lead).text, reply(context, lead).gone_at) == ("A white van, AB12", clock.now())
    assert (reply(context, answer).text, reply(context, answer).gone_at) == ("Thank you", clock.now())


@pytest.mark.sqlite_only
def test_the_words_of_an_emergency_stay_until_a_person_has_closed_it(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    """R19: whoever is called at night must be able to read what was written."""
    number = network.add_reply(publish(), "He has a knife, Mill Road")
    collect(context)

    def change(**values: object) -> None:
        with context.database.write() as session:
            one = session.exec(select(Interaction).where(Interaction.platform_id == number)).one()
            one.sqlmodel_update(values)
            session.add(one)

    change(urgency=0)
    network.remove_reply(number)
    clock.advance(timedelta(hours=1))
    assert collect(context).gone == 1
    assert (reply(context, number).text, reply(context, number).gone_at) == ("He has a knife, Mill Road", clock.now())
    for _ in range(9):
        clock.advance(timedelta(days=1))
        collect(context)
    assert reply(context, number).text == "He has a knife, Mill Road"
    change(done_at=clock.now())
    clock.advance(timedelta(days=1))
    collect(context)
    assert (reply(context, number).text, reply(context, number).author_key) == ("", None)
    assert {state.recheck_at for state in rows(context, CollectingState)} == {None}


@pytest.mark.sqlite_only
def test_a_late_page_from_before_the_deletion_does_no_lasting_harm(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    post = publish()
    number = network.add_reply(post, "Hello")
    late = network.replies[-1]
    collect(context)
    network.remove_reply(number)
    clock.advance(timedelta(hours=1))
    collect(context)
    [publication] = rows(context, Publication)
    with context.database.write() as session:
        store_heard(session, context.vault, publication.account_id, {post: publication.id}, [late], clock.now())
    clock.advance(timedelta(hours=1))
    collect(context)
    assert (reply(context, number).text, reply(context, number).gone_at) == ("", clock.now())


def test_an_old_thread_is_rechecked_only_while_somebody_waits_for_an_answer(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    waiting, talk = publish("Questions?", age=timedelta(days=9)), publish("Ducks", age=timedelta(days=9))
    question = network.add_reply(waiting, "When is the meeting?")
    network.add_reply(talk, "Quack")
    collect(context)
    with context.database.write() as session:
        for one in session.exec(select(Interaction)):
            one.urgency = 2 if one.platform_id == question else 3
            one.done_at = None if one.platform_id == question else clock.now()
            session.add(one)
    clock.advance(timedelta(days=1))
    network.sent.clear()
    assert collect(context).rechecked == 1
    assert network.sent.count("recheck") == 1
    network.add_reply(waiting, "At seven.", ours=True, parent=question, author="page")
    for _ in range(3):
        clock.advance(timedelta(days=1))
        collect(context)
    assert {state.recheck_at for state in rows(context, CollectingState)} == {None}


@pytest.mark.sqlite_only
def test_what_is_written_under_a_post_of_a_year_ago_is_followed_too(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    post = publish(age=timedelta(days=400))
    collect(context)
    collect(context)  # brought in, read to its end and finished
    clock.advance(timedelta(hours=1))
    late = network.add_reply(post, "It was him at no 4", created_at=clock.now())
    collect(context)
    assert reply(context, late).text == "It was him at no 4"
    network.remove_reply(late)
    clock.advance(timedelta(hours=1))
    collect(context)
    assert (reply(context, late).text, reply(context, late).gone_at) == ("", clock.now())


@pytest.mark.sqlite_only
def test_a_thread_without_replies_is_never_rechecked(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    publish()
    for _ in range(4):
        collect(context, everything=True)
        clock.advance(timedelta(hours=2))
    assert "recheck" not in network.sent


@pytest.mark.sqlite_only
def test_collecting_everything_rechecks_what_is_not_due_yet(
    context: Context, network: MemoryNetwork, publish: Publish
) -> None:
    number = network.add_reply(publish(), "Hello")
    collect(context)
    network.remove_reply(number)
    assert collect(context).gone == 0
    assert collect(context, everything=True).gone == 1


@pytest.mark.sqlite_only
def test_a_recheck_that_fails_is_put_off_and_what_was_heard_stays(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    post = publish()
    number = network.add_reply(post, "Hello")
    collect(context)
    network.remove_reply(number)
    network.add_reply(post, "Hello too")
    clock.advance(timedelta(hours=1))
    network.fail_next("recheck", TryLater("memory", "recheck", "500", "Their side failed."))
    report = collect(context)
    assert (report.replies, report.gone, len(report.problems)) == (1, 0, 1)
    assert reply(context, number).text == "Hello"
    [state] = rows(context, CollectingState)
    assert clock.now() < state.recheck_at <= clock.now() + timedelta(hours=1)
    clock.advance(timedelta(hours=1))
    assert collect(context).gone == 1


def test_a_delivery_while_its_replies_are_rechecked_is_not_forgotten(
    context: Context, clock: SettableClock, network: MemoryNetwork, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What changed behind the look's back is looked at with the next round, not a day later."""
    first = network.add_reply(publish("Hello"), "One")
    collect(context)
    clock.advance(timedelta(hours=2))
    whole = MemoryChannel.recheck

    def told_meanwhile(self: MemoryChannel, replies: Mapping[str, Sequence[str]]) -> Rechecked:
        monkeypatch.setattr(MemoryChannel, "recheck", whole)
        found = whole(self, replies)
        network.edit_reply(first, "Two")
        with context.database.write() as session:  # as `webhook_work.take_in` does
            session.connection().execute(update(CollectingState).values(recheck_at=clock.now()))
        return found

    monkeypatch.setattr(MemoryChannel, "recheck", told_meanwhile)
    collect(context)
    assert rows(context, CollectingState)[0].recheck_at == clock.now()
    collect(context)
    assert reply(context, first).text == "Two"
    assert rows(context, CollectingState)[0].recheck_at > clock.now()


def test_a_thread_is_looked_at_hourly_then_daily_then_no_more() -> None:
    def wait(age: timedelta, *, waiting: bool = False, newest: timedelta | None = None) -> timedelta | None:
        written = None if newest is None else START - newest
        at = next_recheck(START - age, START, waiting=waiting, newest=written)
        return None if at is None else at - START

    assert wait(timedelta(hours=3)) == timedelta(hours=1)
    assert wait(timedelta(days=3)) == timedelta(days=1)
    assert wait(timedelta(days=8)) is None
    assert wait(timedelta(days=8), waiting=True) == timedelta(days=1)
    assert wait(timedelta(days=28), waiting=True) is None
    assert wait(timedelta(days=400), newest=timedelta(hours=2)) == timedelta(hours=1)
    assert wait(timedelta(days=400), newest=timedelta(days=8)) is None
    assert wait(timedelta(days=400), waiting=True, newest=timedelta(days=8)) == timedelta(days=1)
    assert wait(timedelta(days=400), waiting=True, newest=timedelta(days=28)) is None


def thread(number: int, count: int) -> Thread:
    return Thread(number, f"p{number}", START, tuple(f"{number}-{one}" for one in range(count)))


def chosen(threads: list[Thread], **left: int) -> list[int]:
    x = Cost(requests=1, page=100, item=400)
    return [one.publication_id for one in affordable(threads, x, Left(START, **left))]  # type: ignore[arg-type]  # amounts


def test_rechecks_take_only_what_looking_left_and_a_hundred_replies_at_once() -> None:
    threads = [thread(1, 30), thread(2, 90), thread(3, 10), thread(4, 60), thread(5, 250)]
    assert chosen(threads, today=16_500, month=90_000) == [1, 3], "12 pence and 4 of the 16.5 that are left"
    assert chosen(threads, requests=3) == [1, 2, 3]
    assert chosen(threads) == [1, 2, 3, 4, 5]
    assert chosen(threads, today=0, month=90_000) == [], "what nobody has read yet goes before what is known"
    assert [[one.publication_id for one in batch] for batch in batches(threads)] == [[1], [2, 3], [4], [5]]


def test_a_tenth_of_each_day_is_kept_from_looks_so_that_deletions_are_noticed_on_a_tight_budget() -> None:
    """However much is due that nobody has read: X asks to forget what is gone."""
    x, week = Cost(requests=1, page=100, item=400), START - timedelta(days=7)
    hungry = [Candidate(n, week, week, START, per_hour=50.0) for n in range(20)]
    kept = kept_for_known(90_000, 10_000)
    assert kept == 10_000
    planned = plan(hungry, x, Left(START, today=90_000, month=900_000, kept=kept))
    assert planned.is_scarce
    assert planned.left.today == kept
    assert [one.publication_id for one in affordable([thread(1, 25)], x, planned.left)] == [1]
    assert kept_for_known(4_000, 96_000) == 4_000, "and no more than there is"

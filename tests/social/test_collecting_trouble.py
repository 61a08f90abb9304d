"""One account's trouble is noted, waited for or handed to a person, and never holds up another's."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from social.accounts import Account, account_named
from social.accounts_admin import add_account, verify_account
from social.channels.memory import MemoryChannel, network_of, reset
from social.clock import SettableClock
from social.collecting import collect, import_history
from social.collecting_jobs import JOBS
from social.context import Context
from social.errors import NeedsPerson, Refused, TryLater
from social.interactions import Interaction
from social.publications import CollectingState, Publication, record_publication


@pytest.fixture(autouse=True)
def _fresh_networks() -> None:
    reset()


def add(context: Context, name: str) -> Account:
    network_of(name).clock = context.clock
    return add_account(context, channel="memory", name=name, credentials={})


def publish(context: Context, account: Account, text: str = "Hello") -> str:
    assert account.id is not None
    now = context.clock.now()
    platform_id = network_of(account.name).add_past_post(text, now)
    publication = Publication(account_id=account.id, platform_id=platform_id, text=text, published_at=now)
    with context.database.write() as session:
        record_publication(session, publication, now)
    network_of(account.name).add_reply(platform_id, f"Reply to {text}")
    return platform_id


def account_now(context: Context, name: str) -> Account:
    with context.database.read() as session:
        return account_named(session, name)


def texts(context: Context) -> list[str]:
    with context.database.read() as session:
        return sorted(row.text for row in session.exec(select(Interaction)))


def rows(context: Context, table: type[SQLModel]) -> list[Any]:
    with context.database.read() as session:
        return list(session.exec(select(table)))


def test_a_wait_that_the_network_asks_for_is_kept_and_the_others_go_on(context: Context, clock: SettableClock) -> None:
    first, second = add(context, "first"), add(context, "second")
    publish(context, first, "One")
    publish(context, second, "Two")
    until = clock.now() + timedelta(minutes=15)
    network_of("first").fail_next("listen", TryLater("memory", "listen", "429", "Too many requests.", not_before=until))
    report = collect(context)
    assert texts(context) == ["Reply to Two"]
    account = account_now(context, "first")
    assert (account.reading_not_before, account.not_before) == (until, None), "what is due still goes out"
    assert len(report.problems) == 1
    assert "first" in report.problems[0]
    assert "from 10:15." in report.problems[0], "9:15 in UTC is 10:15 for people in June"
    asked = len(network_of("first").sent)
    collect(context, everything=True)
    assert len(network_of("first").sent) == asked
    clock.advance(timedelta(minutes=15))
    collect(context)
    assert texts(context) == ["Reply to One", "Reply to Two"]


def test_trouble_that_only_a_person_can_mend_pauses_reading_with_the_reason_and_lets_posts_go_out(
    context: Context,
) -> None:
    first, second = add(context, "first"), add(context, "second")
    publish(context, first, "One")
    publish(context, second, "Two")
    error = NeedsPerson("memory", "listen", "401", "The token is not taken.", action="Connect the account again.")
    network_of("first").fail_next("listen", error)
    collect(context)
    account = account_now(context, "first")
    assert account.state == "active"
    assert account.reading_paused_reason == "The token is not taken. Connect the account again."
    assert texts(context) == ["Reply to Two"]
    assert "Nothing is read from first" in collect(context, everything=True).problems[0]
    verify_account(context, "first")
    assert collect(context, everything=True).problems == []
    assert texts(context) == ["Reply to One", "Reply to Two"]


def test_one_refused_post_does_not_stop_the_rest_of_the_account(context: Context, clock: SettableClock) -> None:
    account = add(context, "first")
    publish(context, account, "One")
    publish(context, account, "Two")
    network_of("first").fail_next("listen", Refused("memory", "listen", "400", "No such post."))
    report = collect(context)
    assert network_of("first").sent.count("listen") == 2
    assert report.problems == [f"first: post {_failed(context)}: No such post."]
    clock.advance(timedelta(minutes=2))
    assert collect(context).problems == []
    assert {state.failures for state in rows(context, CollectingState)} == {0}


def _failed(context: Context) -> str:
    with context.database.read() as session:
        query = select(Publication).join(CollectingState).where(CollectingState.failures == 1)
        return session.exec(query).one().platform_id


def test_a_post_that_keeps_failing_waits_longer_each_time_and_comes_last(
    context: Context, clock: SettableClock
) -> None:
    account = add(context, "first")
    publish(context, account, "One")
    waits = []
    for _ in range(3):
        network_of("first").fail_next("listen", TryLater("memory", "listen", "500", "Their side failed."))
        collect(context, everything=True)
        [state] = rows(context, CollectingState)
        waits.append(state.next_at - clock.now())
    assert waits == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert rows(context, CollectingState)[0].last_error == "Their side failed."
    publish(context, account, "Two")
    network_of("first").fail_next("listen", TryLater("memory", "listen", "500", "Their side failed."))
    collect(context, everything=True)
    assert [state.failures for state in rows(context, CollectingState)] == [3, 1]


def test_a_failed_measure_keeps_the_replies_that_were_heard(context: Context) -> None:
    account = add(context, "first")
    publish(context, account, "One")
    network_of("first").fail_next("measure", TryLater("memory", "measure", "500", "Their side failed."))
    report = collect(context)
    assert (report.replies, len(report.problems)) == (1, 1)
    assert texts(context) == ["Reply to One"]


def test_mentions_that_the_network_refuses_keep_no_figure_away(context: Context) -> None:
    account = add(context, "first")
    platform_id = publish(context, account, "One")
    network_of("first").set_figures(platform_id, reach=5)
    network_of("first").fail_next("mentions", Refused("memory", "mentions", "404", "There is no such page."))
    report = collect(context)
    assert (report.replies, report.figures) == (1, 1)
    assert report.problems == ["first: mentions cannot be read. There is no such page."]


def test_a_page_is_kept_when_the_next_one_fails(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    account = add(context, "first")
    platform_id = publish(context, account, "One")
    for number in range(70):
        network_of("first").add_reply(platform_id, f"Reply {number}")
    whole = MemoryChannel.listen

    def broken(self: MemoryChannel, *args: Any, **kwargs: Any) -> Any:
        yield next(iter(whole(self, *args, **kwargs)))
        raise TryLater("memory", "listen", "500", "Their side failed.")

    monkeypatch.setattr(MemoryChannel, "listen", broken)
    assert collect(context).replies == 50
    monkeypatch.setattr(MemoryChannel, "listen", whole)
    assert collect(context, everything=True).replies == 21
    assert len(set(texts(context))) == 71


def test_what_could_not_be_read_of_a_page_is_told_and_its_neighbours_are_kept(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = add(context, "first")
    publish(context, account, "One")
    whole = MemoryChannel.listen

    def listen(self: MemoryChannel, *args: Any, **kwargs: Any) -> Any:
        return (replace(page, skipped=2) for page in whole(self, *args, **kwargs))

    monkeypatch.setattr(MemoryChannel, "listen", listen)
    report = collect(context)
    assert texts(context) == ["Reply to One"]
    assert report.problems == ["first: 2 replies could not be read and were left out."]


def test_without_the_agreement_that_the_network_asks_for_nothing_is_collected(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = add(context, "first")
    publish(context, account, "One")
    needs = MemoryChannel.can.__class__(**{**MemoryChannel.can.__dict__, "needs_agreement": True})
    monkeypatch.setattr(MemoryChannel, "can", needs)
    report = collect(context)
    assert texts(context) == []
    assert "agreement" in report.problems[0]
    assert network_of("first").sent == []
    assert "agreement" in import_history(context, account, since=context.clock.now()).problems[0]


def test_the_job_says_how_much_was_new(context: Context) -> None:
    account = add(context, "first")
    platform_id = publish(context, account, "One")
    network_of("first").set_figures(platform_id, reach=5)
    job, _ = JOBS
    assert [job.run(context), job.run(context)] == [2, 0]


def test_the_job_writes_down_what_it_could_not_read_and_lasting_trouble_once(
    context: Context, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("social.collecting_jobs._told", {"collect": set()})
    account = add(context, "first")
    publish(context, account, "One")
    job, _ = JOBS
    assert job.thorough is not None
    error = NeedsPerson("memory", "listen", "401", "The token is not taken.", action="Connect the account again.")
    network_of("first").fail_next("listen", error)
    for _ in range(3):
        job.thorough(context)
    said = [record.getMessage() for record in caplog.records if record.name == "beatline.collecting"]
    assert said[0] == "Nothing is read from first: The token is not taken. Connect the account again."
    assert len(said) == len(set(said)) == 1


def test_an_error_nobody_foresaw_is_raised_after_the_other_accounts_were_heard(context: Context) -> None:
    first, second = add(context, "first"), add(context, "second")
    publish(context, first, "One")
    publish(context, second, "Two")
    network_of("first").fail_next("listen", KeyError("data"))  # type: ignore[arg-type]  # a bug, not one of our errors
    with pytest.raises(KeyError):
        collect(context)
    assert texts(context) == ["Reply to Two"]

"""Collecting keeps to an account's budget on the practice network, and says what it left unread and what that costs."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlmodel import select
from typer.testing import CliRunner

from social.accounts import Account, account_named
from social.accounts_admin import add_account, verify_account
from social.budgets import MILLI, set_budget, spending_of
from social.channels import memory
from social.channels.reading_costs import reading_cost, requests_left
from social.clock import SettableClock
from social.collect_commands import add_commands
from social.collect_unread import left_unread, reading_plan, summed
from social.collecting import collect
from social.context import Context
from social.interactions import Interaction
from social.limits import Purpose, RateLimit, Scope, Seen, record_seen
from social.practice.network import PracticeNetwork
from social.publications import CollectingState, Publication, record_publication

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def network(tmp_path: Path, clock: SettableClock) -> Iterator[PracticeNetwork]:
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=3, limit_scale=100) as network:
        yield network


@pytest.fixture
def account(context: Context, network: PracticeNetwork) -> Account:
    """An account on X whose posts of three weeks are known and not yet read."""
    add_account(context, channel="x", name="moor-x", base_url=network.base_url, credentials=network.credentials("x"))
    verify_account(context, "moor-x")
    with context.database.read() as session:
        account = account_named(session, "moor-x")
    past = list(context.channel(account).history(since=context.clock.now() - timedelta(days=21)))
    with context.database.write() as session:
        for post in past:
            publication = Publication(account_id=account.id or 0, platform_id=post.platform_id, text=post.text,
                                      published_at=post.published_at, content_type="other")  # fmt: skip
            record_publication(session, publication, context.clock.now())
    assert len(past) > 10
    return account


def allow(context: Context, account: Account, pence: int | None) -> None:
    with context.database.write() as session:
        set_budget(session, account.id or 0, context.clock.now(), pence=pence, posts=None, reads=None, kept_for_posts=0)


def read_pence(context: Context, account: Account) -> float:
    with context.database.read() as session:
        return spending_of(session, account.id or 0, context.clock.now()).read_money / MILLI


def states(context: Context) -> list[CollectingState]:
    with context.database.read() as session:
        return list(session.exec(select(CollectingState)))


def replies(context: Context) -> set[str]:
    with context.database.read() as session:
        return {row.platform_id for row in session.exec(select(Interaction))}


@pytest.mark.sqlite_only
def test_a_small_budget_is_kept_day_by_day_and_every_post_gets_its_turn(
    context: Context, account: Account, clock: SettableClock
) -> None:
    allow(context, account, 75)
    first = collect(context)
    assert first.problems == []
    assert first.left_unread > 0
    assert first.left_unread_pence > 0
    share, of_a_page = 75 / 30, 100 * context.settings.x_read_pence
    assert read_pence(context, account) <= share + of_a_page
    [told] = summed(left_unread(context))
    assert (told.account, told.again_at) == ("moor-x", datetime(2026, 6, 2, tzinfo=UTC))
    assert 0 < told.posts <= first.left_unread
    assert told.why == "today's share of the month's money for reading is spent"
    assert told.pence > 0
    for _ in range(20):
        clock.advance(timedelta(hours=16))
        collect(context)
        assert read_pence(context, account) <= 75
    assert all(state.last_at is not None for state in states(context))


@pytest.mark.sqlite_only
def test_more_money_reads_what_was_left_and_nothing_is_told_twice(
    context: Context, account: Account, clock: SettableClock
) -> None:
    allow(context, account, 75)
    some = collect(context)
    allow(context, account, None)
    rest = collect(context)
    assert rest.left_unread == 0
    assert left_unread(context) == []
    assert len(replies(context)) == some.replies + rest.replies
    assert {state.failures for state in states(context)} == {0}
    planned = reading_plan(context)
    assert planned.looks
    assert planned.unread == ()
    assert all(look.at > clock.now() for look in planned.looks)


@pytest.mark.sqlite_only
def test_without_money_everything_due_is_unread_with_its_price_and_the_reason(
    context: Context, account: Account
) -> None:
    allow(context, account, 0)
    assert len(collect(context).problems) == 1
    found = left_unread(context)
    assert len(found) == len(states(context))
    assert {one.why for one in found} == {
        "moor-x: The budget to read from moor-x in June is used up. It opens again on 1 July, or when somebody raises it"
    }
    assert sum(one.pence for one in found) >= len(found) * context.settings.x_read_pence


def command(context: Context, *arguments: str) -> Any:
    cli = typer.Typer()

    @cli.callback()
    def top() -> None: ...

    add_commands(cli, lambda: context)
    return CliRunner().invoke(cli, ["collect", *arguments])


@pytest.mark.sqlite_only
def test_the_command_says_what_would_be_read_when_and_what_is_left(context: Context, account: Account) -> None:
    allow(context, account, 100)
    with context.database.write() as session:
        session.get_one(Publication, reading_plan(context).looks[0].publication).post_id = 4711
    asked = command(context, "--plan")
    assert asked.exit_code == 0
    assert "01/06 10:00  moor-x, post 4711: " in asked.stdout, "a post by the number that people know"
    assert "01/06 10:00  moor-x, the post of " in asked.stdout
    assert "Left unread:\n  moor-x: " in asked.stdout
    assert "There is more from 02/06 01:00." in asked.stdout
    assert [state.last_at for state in states(context)] == [None] * len(states(context)), "it reads nothing"
    document = json.loads(command(context, "--plan", "--json").stdout)
    assert document["unread_pence"] == pytest.approx(sum(one["pence"] for one in document["unread"]))
    assert {"account", "publication", "at", "why", "replies", "requests", "pence"} <= document["looks"][0].keys()
    assert command(context, "--plan", "--once").exit_code == 2
    once = command(context, "--once")
    assert "Left unread: " in once.stdout
    assert "`beatline collect --plan` says which and why." in once.stdout


def test_x_is_not_read_before_the_agreement_and_the_command_says_why(context: Context) -> None:
    """docs/decisions/09: the developer agreement's part on government use."""
    sealed = context.vault.seal(
        dict.fromkeys(("consumer_key", "consumer_secret", "access_token", "access_token_secret"), "a")
    )
    with context.database.write() as session:
        session.add(Account(name="moor x", channel="x", platform_id="1", credentials_sealed=sealed, added_at=NOW))
        session.flush()
        account = account_named(session, "moor x")
        publication = Publication(account_id=account.id or 0, platform_id="5", text="Hello", published_at=NOW)
        record_publication(session, publication, NOW)
    once = command(context, "--once")
    assert once.exit_code == 1
    for words in ("developer agreement", "made in writing", "surveillance", "neither replies nor figures"):
        assert words in once.stderr
    assert "`beatline accounts agree 'moor x' --reference TEXT`" in once.stderr
    asked = command(context, "--plan")
    assert "the written agreement that the network asks a public body for is not recorded" in asked.stdout
    assert [state.last_at for state in states(context)] == [None]


def test_with_few_requests_left_the_rest_of_the_window_goes_where_replies_are_likely(
    context: Context, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one worker learnt of X's window steers the next round of all."""
    memory.reset()
    account = add_account(context, channel="memory", name="hexley", credentials={})
    network = memory.network_of("hexley")
    network.clock = clock
    monkeypatch.setattr("social.collect_budget_now.requests_left", lambda _, *rest: requests_left("x", *rest))
    ids = {}
    for name in ("quiet", "lively", "appeal"):
        ids[name] = network.add_past_post(name, clock.now() - timedelta(hours=30))
        kind = "appeal_witness" if name == "appeal" else "patrol_update"
        publication = Publication(account_id=account.id or 0, platform_id=ids[name], text=name, content_type=kind,
                                  published_at=clock.now() - timedelta(hours=30))  # fmt: skip
        with context.database.write() as session:
            record_publication(session, publication, clock.now())
    for number in range(30):
        network.add_reply(ids["lively"], f"Reply {number}")
    collect(context)
    clock.advance(timedelta(hours=3))
    for name in ids:
        network.add_reply(ids[name], f"More under {name}")
    with context.database.write() as session:
        seen = Seen(Scope.ACCOUNT, "search", Purpose.READ, limit=300, remaining=2)
        record_seen(session, clock.now(), account.id or 0, None, seen)
    report = collect(context)
    assert report.left_unread == 1
    with context.database.read() as session:
        heard = {row.text for row in session.exec(select(Interaction)) if row.text.startswith("More")}
    # Mentions, which memory hears too, bring what was left: so what was listened to counts.
    assert network.sent[-6:].count("listen") == 2
    assert heard >= {"More under lively", "More under appeal"}
    clock.advance(timedelta(minutes=15))
    assert collect(context).left_unread == 0


def test_what_is_known_of_limits_counts_only_while_it_is_fresh() -> None:
    def told(family: str, remaining: int | None, minutes: int = 5) -> RateLimit:
        at = NOW - timedelta(minutes=minutes)
        return RateLimit(holder="account:1", family=family, purpose="read", most=300, remaining=remaining, seen_at=at)

    ends = NOW + timedelta(minutes=10)
    assert requests_left("x", [told("search", 7), told("lookup", 1)], NOW) == (7, ends)
    assert requests_left("x", [told("search", 7), told("search a day", 3)], NOW) == (3, ends)
    assert requests_left("x", [told("search", 7, 20), told("search", None)], NOW) is None
    assert requests_left("facebook", [told("everything", 60)], NOW) is None, "40 per cent are used"
    assert requests_left("facebook", [told("everything", 30)], NOW) == (5 * 3, ends)
    assert requests_left("facebook", [told("everything", 3)], NOW) == (0, ends)
    assert requests_left("memory", [told("search", 7)], NOW) is None


@pytest.mark.sqlite_only
def test_the_price_of_a_look_on_x_is_that_of_the_settings(context: Context) -> None:
    cost = reading_cost("x", context.settings)
    assert (cost.item, cost.figures, cost.aside) == (400, 400, 40_000)
    assert reading_cost("facebook", context.settings).item == 0

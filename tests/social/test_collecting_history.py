"""An account's past comes in once, sorted by its words, with its replies and figures."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from social.accounts import Account
from social.accounts_admin import add_account
from social.channels.memory import MemoryNetwork, network_of, reset
from social.clock import SettableClock
from social.collecting import HistoryReport, collect, import_history
from social.context import Context
from social.errors import TryLater
from social.interactions import Interaction
from social.measurements import Measurement
from social.places import PlaceKind, find_or_add_place
from social.publications import CollectingState, Publication, record_publication

WEEKS_12 = timedelta(weeks=12)


@pytest.fixture
def account(context: Context) -> Account:
    reset()
    return add_account(context, channel="memory", name="hexley", credentials={})


@pytest.fixture
def network(account: Account, clock: SettableClock) -> MemoryNetwork:
    network = network_of(account.name)
    network.clock = clock
    return network


def past(network: MemoryNetwork, days: int, text: str) -> str:
    platform_id = network.add_past_post(text, network.clock.now() - timedelta(days=days))
    network.add_reply(platform_id, f"Under: {text}", created_at=network.clock.now() - timedelta(days=days - 1))
    network.set_figures(platform_id, reach=100 + days)
    return platform_id


def bring_in(context: Context, account: Account) -> HistoryReport:
    return import_history(context, account, since=context.clock.now() - WEEKS_12)


def rows(context: Context, table: type[SQLModel]) -> list[Any]:
    with context.database.read() as session:
        return list(session.exec(select(table)))


def test_posts_replies_and_figures_come_in_once(context: Context, account: Account, network: MemoryNetwork) -> None:
    past(network, 3, "Meet the team")
    past(network, 60, "Coffee with a PCSO")
    past(network, 100, "Too long ago")
    assert bring_in(context, account) == HistoryReport(2, 2, 2)
    assert bring_in(context, account) == HistoryReport(0, 0, 0)
    assert {row.text for row in rows(context, Publication)} == {"Meet the team", "Coffee with a PCSO"}
    assert all(row.imported and row.post_id is None for row in rows(context, Publication))


def test_a_past_post_is_sorted_by_its_words_and_marked_as_guessed(
    context: Context, account: Account, network: MemoryNetwork
) -> None:
    with context.database.write() as session:
        place = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD)
    past(network, 3, "Dashcam footage wanted: were you on Quarry Lane, Hexley Moor? Witnesses please message us.")
    past(network, 4, "Hello everybody")
    bring_in(context, account)
    sorted_, unsorted = sorted(rows(context, Publication), key=lambda row: row.content_type == "")
    assert sorted_.content_type in ("appeal_witness", "appeal_cctv")
    assert (sorted_.content_type_guessed, sorted_.place_id) == (True, place.id)
    assert (unsorted.content_type, unsorted.content_type_guessed, unsorted.place_id) == ("", False, None)


def test_a_post_that_was_planned_here_is_left_as_it_is(
    context: Context, account: Account, network: MemoryNetwork
) -> None:
    platform_id = past(network, 3, "Drop-in at the library")
    assert account.id is not None
    planned = Publication(
        account_id=account.id, platform_id=platform_id, text="Drop-in at the library", content_type="event",
        published_at=context.clock.now() - timedelta(days=3), post_id=12, entry_id=34,
    )  # fmt: skip
    with context.database.write() as session:
        record_publication(session, planned, context.clock.now())
    assert bring_in(context, account).posts == 0
    [kept] = rows(context, Publication)
    assert (kept.post_id, kept.entry_id, kept.imported) == (12, 34, False)


def test_a_post_found_before_it_was_confirmed_becomes_the_planned_one(
    context: Context, account: Account, network: MemoryNetwork
) -> None:
    """Its answer was lost, history brought it in, then the look for it found it: one fact, one row."""
    platform_id = past(network, 1, "Road closed")
    bring_in(context, account)
    assert account.id is not None
    confirmed = Publication(
        account_id=account.id, platform_id=platform_id, text="Road closed", content_type="road_info",
        published_at=context.clock.now() - timedelta(days=1), post_id=5, entry_id=6,
    )  # fmt: skip
    with context.database.write() as session:
        record_publication(session, confirmed, context.clock.now())
    [kept] = rows(context, Publication)
    assert (kept.post_id, kept.entry_id, kept.imported, kept.content_type) == (5, 6, False, "road_info")
    assert len(rows(context, Interaction)) == 1


def test_what_trouble_cut_short_is_taken_up_by_collecting(
    context: Context, account: Account, network: MemoryNetwork, clock: SettableClock
) -> None:
    past(network, 3, "One")
    past(network, 60, "Two")
    network.fail_next("listen", TryLater("memory", "listen", "500", "Their side failed."))
    report = bring_in(context, account)
    assert (report.posts, len(report.problems)) == (2, 1)
    clock.advance(timedelta(minutes=5))
    collect(context)
    assert len(rows(context, Interaction)) == 2
    assert len(rows(context, Measurement)) == 2


def test_old_posts_are_finished_once_they_are_read(context: Context, account: Account, network: MemoryNetwork) -> None:
    past(network, 3, "Young")
    past(network, 60, "Old")
    bring_in(context, account)
    states = {state.publication_id: state.next_at for state in rows(context, CollectingState)}
    young, old = sorted(rows(context, Publication), key=lambda row: row.text, reverse=True)
    assert states[young.id] is not None
    assert states[old.id] is None

"""Reading over HTTP from the practice network through an outage: what is stored is what the network shows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from social.accounts import Account, account_named
from social.accounts_admin import add_account, verify_account
from social.channels.base import Draft
from social.clock import SettableClock
from social.collecting import collect
from social.context import Context
from social.gaps import ReadingGap, gaps_to_tell
from social.interactions import Interaction
from social.practice.habits import Habits
from social.practice.network import PracticeNetwork
from social.practice.troubles import Unrest
from social.publications import Publication, record_publication

pytestmark = pytest.mark.sqlite_only


TEXTS = (
    "Appeal: did you see a white van on Mill Road, Hexley Moor, at 9 last night? Tell us or Crimestoppers.",
    "Our youngest volunteer named the new patrol bike. Meet Sergeant Spokes! What would you have called it?",
)


@pytest.fixture
def network(tmp_path: Path, clock: SettableClock) -> Iterator[PracticeNetwork]:
    unrest = Unrest(habits=Habits(replies=40, deleted=0.3, edited=0.2))
    folder = tmp_path / "practice"
    with PracticeNetwork(folder, clock=clock, history_weeks=0, limit_scale=100, pace=0.5, unrest=unrest) as network:
        yield network


@pytest.fixture(params=["x", "facebook"])
def account(request: pytest.FixtureRequest, context: Context, network: PracticeNetwork) -> Account:
    """An account with two posts that have just gone out, to residents who take back much of what they write."""
    name = request.param
    add_account(context, channel=name, name=name, base_url=network.base_url, credentials=network.credentials(name),
                page_id=network.page_id if name == "facebook" else None)  # fmt: skip
    verify_account(context, name)
    with context.database.read() as session:
        account = account_named(session, name)
    for text in TEXTS:
        sent, now = context.channel(account).publish(Draft(text), key=text[:9]), context.clock.now()
        publication = Publication(account_id=account.id or 0, platform_id=sent.platform_id, text=text, published_at=now)
        with context.database.write() as session:
            record_publication(session, publication, now)
    return account


def stored(context: Context) -> dict[str, Interaction]:
    with context.database.read() as session:
        return {row.platform_id: row for row in session.exec(select(Interaction))}


def test_an_outage_of_nine_days_is_filled_as_far_as_the_network_reaches_back(
    context: Context, account: Account, network: PracticeNetwork, clock: SettableClock
) -> None:
    """X refuses a cursor older than seven days and says so in its own words; Facebook takes hers."""
    clock.advance(timedelta(hours=6))
    assert collect(context).problems == []
    first, stopped = len(stored(context)), clock.now()
    assert first > 5
    clock.advance(timedelta(days=9))
    assert collect(context).problems == []
    with context.database.read() as session:
        gap = session.exec(select(ReadingGap)).all()[-1]
        told = gaps_to_tell(session, clock.now())[0]
    reach = context.channel(account).can.reaches_back
    lost_until = None if reach is None else clock.now() - reach
    assert (gap.began_at, gap.filled_at, gap.lost_until) == (stopped, clock.now(), lost_until)
    assert bool(told.lost) is (account.channel == "x")
    there = {one["platform_id"]: one["said_at"] for one in network.said() if not one["gone"]}
    reached = {id_ for id_, at in there.items() if lost_until is None or datetime.fromisoformat(at) > lost_until}
    assert stored(context).keys() >= reached
    assert len(stored(context)) > first, "residents went on writing, and what was in reach was read"
    again = len(stored(context))
    clock.advance(timedelta(hours=1))
    assert collect(context, everything=True).problems == []
    assert len(stored(context)) >= again


def test_what_residents_take_back_or_change_is_so_here_too_and_nothing_else_is(
    context: Context, account: Account, network: PracticeNetwork, clock: SettableClock
) -> None:
    for _ in range(10):
        clock.advance(timedelta(hours=8))
        assert collect(context).problems == []
    collect(context, everything=True)
    said = {one["platform_id"]: one for one in network.said()}
    rows = {id_: row for id_, row in stored(context).items() if id_ in said}
    assert {id_ for id_, one in said.items() if not one["gone"] and not one["hidden"]} <= rows.keys()
    for id_, row in rows.items():
        assert (row.gone_at is not None) == said[id_]["gone"], id_
        assert row.text == ("" if said[id_]["gone"] else said[id_]["text"])
    gone = [row for row in rows.values() if row.gone_at is not None]
    assert gone, "some were read before their writers took them back"
    assert all(row.author_key is None for row in gone)

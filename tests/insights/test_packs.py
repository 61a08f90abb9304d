"""Figures of many posts are those of the posts' own rows, whichever way they are read."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlmodel import select

from insights import reach_posts
from insights.chosen import Chosen
from insights.facts import FoldedWeek, PublicationFacts, ReachPack, WeekPack
from insights.figure_filters import Filters
from insights.figure_sums import sums_by
from insights.figures import GROUPS, figures_by, totals
from insights.folds import fold_weeks, folded_weeks
from insights.medians import _of_packs, _of_rows
from insights.packed import Posts, Shape, pack, unpack
from insights.packs import pack_weeks
from insights.reach import reach_by, reach_of
from insights.reach_series import reach_series
from insights.weeks import start_of, week_of, whole_weeks
from social.clock import SettableClock
from social.context import Context
from social.errors import BeatlineError
from social.places import Place
from social.publications import Publication

Desk = Any


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Ninety posts of half a year, some without a place, some without figures, an alert among them."""
    choose = random.Random(11)
    with desk.context.database.write() as session:
        session.add(town := Place(name="Hexley Moor", kind="section"))
        session.flush()
        session.add(part := Place(name="Copperbeck", kind="neighbourhood", parent_id=town.id))
        session.flush()
        places = [None, town.id, part.id]
    for number in range(90):
        figures = {
            name: choose.randrange(0, 60)
            for name in ("reach", "impressions", "shares", "clicks")
            if choose.random() < 0.7
        }
        desk.publish(choose.choice(["event", "road_info", "", "event", "appeal_missing"]), days=choose.random() * 180, figures=figures,
                     channel=choose.choice(["facebook", "x", "alert"]) if number % 9 else "alert",
                     campaign=choose.choice([None, "ducks"]), place_id=choose.choice(places))  # fmt: skip
    return desk


def wanted(now: datetime) -> Iterator[Filters]:
    week = start_of(week_of(now - timedelta(days=60)))
    for since in (None, now - timedelta(days=100), week, now - timedelta(days=3)):
        for until in (None, now - timedelta(days=40), week + timedelta(days=14)):
            yield Filters(since, until)
    yield Filters(channel="x")
    yield Filters(channel="alert", since=week)
    yield Filters(content_type="event", place_id=1)
    yield Filters(place_id=None, only_here=True)
    yield Filters(place_id=1, only_here=True)
    yield Filters(place_id=2, since=now - timedelta(days=90))


@pytest.mark.sqlite_only
def test_medians_from_packs_are_those_of_the_rows(busy: Desk) -> None:
    assert pack_weeks(busy.context) > 10
    assert pack_weeks(busy.context) == 0
    compared = 0
    with busy.context.database.read() as session:
        for filters in wanted(busy.context.clock.now()):
            for by in (None, *GROUPS[:-1]):
                rows = _of_rows(session, by, filters)
                assert _of_packs(session, by, filters) == rows
                compared += len(rows)
    assert compared > 100


@pytest.mark.sqlite_only
def test_reach_from_packs_is_that_of_the_rows(busy: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """M03, M05: highest, quartiles, factors, ages and lines, of every choice and grouping."""
    now, chosen = busy.context.clock.now(), [Chosen(**_of(filters)) for filters in wanted(busy.context.clock.now())]
    with busy.context.database.read() as session:
        rows = [_all_of_reach(session, now, one) for one in chosen]
    assert pack_weeks(busy.context) > 10
    monkeypatch.setattr(reach_posts, "FEW", 0)
    with busy.context.database.read() as session:
        assert [_all_of_reach(session, now, one) for one in chosen] == rows


def _of(filters: Filters) -> dict[str, Any]:
    return {name: value for name, value in vars(filters).items() if name not in ("only_here", "inside")}


def _all_of_reach(session: Any, now: datetime, chosen: Chosen) -> list[Any]:
    whole = [reach_of(session, now, chosen)]
    groups = [row for by in GROUPS for row in reach_by(session, now, by, chosen)]
    lines = [
        reach_series(session, weeks=20, until=now, age=age, metric=metric, chosen=chosen)
        for age in ("7d", "now")
        for metric in ("reach", "impressions")
    ]
    return [*whole, *groups, *lines]


def test_sums_of_weeks_and_edges_are_those_of_the_posts(busy: Desk) -> None:
    """The same figures, group by group, as from the rows one by one (M04: none where nobody reports)."""
    _agree(busy)
    assert fold_weeks(busy.context) > 10
    assert fold_weeks(busy.context) == 0
    _agree(busy)
    late = busy.publish(days=70, figures={"impressions": 9, "shares": 1})
    busy.measure(late, impressions=12)
    assert len(folded(busy.context)) > 10
    _agree(busy)
    assert fold_weeks(busy.context) == 1


def folded(context: Context) -> list[FoldedWeek]:
    with context.database.read() as session:
        return list(session.exec(select(FoldedWeek)))


def _agree(busy: Desk) -> None:
    with busy.context.database.read() as session:
        posts = session.exec(select(PublicationFacts)).all()
        for filters in wanted(busy.context.clock.now()):
            chosen = [one for one in posts if _lets_through(filters, one)]
            named = {name: value for name, value in vars(filters).items() if name not in ("only_here", "inside")}
            if not filters.only_here:
                row = totals(session, **named)
                shown = [one.impressions for one in chosen if one.impressions is not None]
                done = [actions for one in chosen if (actions := one.actions()) is not None]
                assert row.posts == len(chosen)
                assert row.impressions == (sum(shown) if shown else None)
                assert row.engagement == (sum(done) if done else None)
                assert row.reach_posts == sum(one.reach is not None for one in chosen)
            for by in GROUPS:
                assert sum(
                    row.posts for row in figures_by(session, by, **{**named, "only_here": filters.only_here})
                ) == len(chosen)


def _lets_through(filters: Filters, post: PublicationFacts) -> bool:
    """In plain words what the filters say; place 2 lies in place 1."""
    within = {None: {None, 1, 2}, 1: {1, 2}, 2: {2}}[filters.place_id]
    return (
        (filters.since is None or post.published_at >= filters.since)
        and (filters.until is None or post.published_at < filters.until)
        and (post.channel == filters.channel if filters.channel else post.channel != "alert")
        and post.place_id in ({filters.place_id} if filters.only_here else within)
        and filters.content_type in (None, post.content_type)
    )


def test_a_pack_of_reach_goes_with_followers_an_age_and_a_way_of_counting(desk: Desk, clock: SettableClock) -> None:
    """What medians are not taken over leaves their pack as it is."""
    desk.followers(100, days=91)
    post, other = desk.publish(days=90), desk.publish(days=60)
    desk.measure(other, reach=5)
    assert pack_weeks(desk.context) == 2
    desk.followers(200, days=70)
    with desk.context.database.read() as session:
        weeks = [session.get_one(PublicationFacts, number).week for number in (post, other)]
        assert [pack.week for pack in session.exec(select(ReachPack))] == weeks[:1]
        assert len(session.exec(select(WeekPack)).all()) == 2
    assert pack_weeks(desk.context) == 1
    with desk.context.database.write() as session:
        session.get_one(PublicationFacts, other).reach_7d = 4
    with desk.context.database.read() as session:
        assert [pack.week for pack in session.exec(select(ReachPack))] == weeks[:1]


@pytest.mark.parametrize("change", ["figure", "place", "answer", "new", "gone"])
def test_a_pack_goes_with_the_change_that_it_does_not_hold(desk: Desk, clock: SettableClock, change: str) -> None:
    post, other = desk.publish(days=60), desk.publish("road_info", days=90)
    desk.reply(post, "What time?", kind="reply")
    _read_as_question(desk.context)
    assert pack_weeks(desk.context) == 2
    with desk.context.database.write() as session:
        publication = session.get_one(Publication, post)
        if change == "place":
            session.add(place := Place(name="Copperbeck", kind="neighbourhood"))
            session.flush()
            publication.place_id = place.id
        if change == "gone":
            _delete_all_of(session, post)
    if change == "figure":
        desk.measure(post, reach=4)
    if change == "answer":
        _answer(desk.context)
    if change == "new":
        desk.publish(days=60)
    with desk.context.database.read() as session:
        left = [[pack.week for pack in session.exec(select(table))] for table in (WeekPack, ReachPack)]
        kept = session.get_one(PublicationFacts, other).week
    assert left == [[kept], [kept]]


def _read_as_question(context: Context) -> None:
    from insights.reading.stored import read_new

    assert read_new(context) == 1


def _answer(context: Context) -> None:
    from social.interactions import Interaction

    with context.database.write() as session:
        reply = session.exec(select(Interaction)).one()
        reply.answered_at = reply.created_at + timedelta(minutes=5)


def _delete_all_of(session: Any, post: int) -> None:
    from social.interactions import Interaction, Reading
    from social.publications import CollectingState

    for table in (Reading, Interaction):
        for row in session.exec(select(table)):
            session.delete(row)
        session.flush()
    session.delete(session.get_one(CollectingState, post))
    session.flush()
    session.delete(session.get_one(Publication, post))


@pytest.mark.sqlite_only
def test_a_week_is_whole_when_all_of_it_lies_between(clock: SettableClock) -> None:
    monday = week_of(clock.now())
    week = timedelta(weeks=1)
    assert whole_weeks(start_of(monday), start_of(monday + week)) == (monday, monday + week)
    assert whole_weeks(start_of(monday) + timedelta(seconds=1), start_of(monday + 2 * week)) == (
        monday + week,
        monday + 2 * week,
    )
    assert Filters(start_of(monday) + timedelta(hours=1), start_of(monday + week)).weeks() is None


def test_a_campaign_named_by_what_stands_between_values_shifts_no_other_post(desk: Desk) -> None:
    for name, reach in (("quiet\x1fnights", 5), ("ducks", 70), (None, 900)):
        desk.publish(campaign=name, figures={"reach": reach})
    with desk.context.database.read() as session:
        reached = {row.label: row.reach for row in figures_by(session, "campaign", channel="facebook")}
        by_median = {key: one.reach for key, one in _of_packs(session, "campaign", Filters(channel="facebook")).items()}
    assert (reached["Ducks"], reached["No campaign"]) == (70, 900)
    assert by_median == {"quiet nights": 5, "ducks": 70, None: 900}


def test_a_pack_of_another_shape_is_read_by_its_own_and_bytes_of_none_are_no_figures() -> None:
    columns = {"channel": np.array([0, 1]), "place_id": np.array([3, 4]), "posts": np.array([5, 6])}
    wide = Shape(("channel",), {"place_id": "<i4", "posts": "<i8"})
    body = pack(wide, Posts(columns, {"channel": ["x", "facebook"]}))
    now = Shape(("channel",), {"place_id": "<i4", "posts": "<i4"})
    assert unpack(now, body, 2).columns["posts"].tolist() == [5, 6]
    of_before = b'{"channel": ["x", "facebook"]}' + body[body.index(b"\n") :]
    assert unpack(wide, of_before, 2).columns["posts"].tolist() == [5, 6]
    with pytest.raises(BeatlineError, match="another version"):
        unpack(now, of_before, 2)


def test_a_week_that_is_folded_while_a_question_is_answered_counts_once(
    desk: Desk, busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL shows each statement what was committed before it."""
    with desk.context.database.read() as session:
        wanted_sums = sums_by(session, "content_type", Filters())
    fold_weeks(desk.context)
    with desk.context.database.read() as session:
        all_of_them = folded_weeks(session, None, None)
        monkeypatch.setattr("insights.figure_sums.folded_weeks", lambda *_: set(sorted(all_of_them)[::2]))
        assert sums_by(session, "content_type", Filters()) == wanted_sums

"""What posts reached: network by network, never added up, with where each figure came from and what nobody knows."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.chosen import Chosen
from insights.denominators import Residents, per_1000, residents_of, residents_of_choice
from insights.packed import microseconds
from insights.reach import GroupReach, reach_by, reach_of
from insights.reach_chart import series_chart
from insights.reach_posts import Source, source_of
from insights.reach_series import Series, reach_series
from insights.reach_tables import headline, limits, say_told, series_subtitle, series_table, table
from insights.reaching import answer
from social.context import Context
from social.measurements import Measurement
from social.places import Place, PlaceKind, find_or_add_place
from social.profiles import CommunityPage, PageShare
from tests.conftest import START
from tests.insights.conftest import Desk

pytestmark = pytest.mark.sqlite_only


def whole(context: Context, **chosen: Any) -> GroupReach:
    with context.database.read() as session:
        return reach_of(session, context.clock.now(), Chosen(**chosen))


def place(context: Context, name: str, population: int | None = None, parent: Place | None = None) -> int:
    with context.database.write() as session:
        found = find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD if parent else PlaceKind.FORCE, parent)
        if population:
            found.population, found.population_year, found.population_source = population, 2024, "an estimate"
        session.add(found)
        session.flush()
        return found.id or 0


def share(desk: Desk, publication_id: int, name: str, *, seen: int | None = None, how: str | None = None) -> None:
    now = desk.context.clock.now()
    area = place(desk.context, "Woldershire")
    with desk.context.database.write() as session:
        page = CommunityPage(
            place_id=area, channel="facebook", name=name, address=f"https://{name}.example", changed_at=now
        )
        session.add(page)
        session.flush()
        session.add(PageShare(page_id=page.id or 0, publication_id=publication_id, shared_on=now.date(), seen=seen,
                              seen_how=how, noted_by="sam", noted_at=now))  # fmt: skip


def measured_at(desk: Desk, publication_id: int, *, after: timedelta, reach: int, source: str = "reach") -> None:
    """A look so long after posting."""
    with desk.context.database.write() as session:
        from social.publications import Publication

        at = session.get_one(Publication, publication_id).published_at + after
        session.add(Measurement(publication_id=publication_id, metric="reach", value=reach, source_metric=source,
                                fetched_at=at, checked_at=at))  # fmt: skip


def test_thirty_thousand_of_three_thousand_followers_is_a_factor_of_ten(desk: Desk) -> None:
    """M05."""
    desk.followers(3_000, days=5)
    desk.publish(figures={"reach": 30_000, "shares": 200, "reactions": 800})
    [one] = whole(desk.context).channels
    assert one.factor.median == 10.0
    assert one.audience.median == 3_000
    assert one.amplification == 0.2
    assert one.highest is not None
    assert one.highest.measured
    assert one.highest.source == "reach"
    assert one.highest.definition == 1
    assert one.highest.fetched_at == desk.context.clock.now()


def test_reach_is_told_by_network_and_never_added_up(desk: Desk) -> None:
    """M03: the highest single figure is the floor, and there is no ceiling."""
    desk.publish(figures={"reach": 4_000})
    desk.publish(figures={"reach": 2_500})
    desk.publish(channel="x", figures={"impressions": 9_000})
    found = whole(desk.context)
    assert [one.label for one in found.channels] == ["Facebook", "X"]
    assert found.highest is not None
    assert found.highest.value == 4_000
    assert found.highest_channel == "facebook"
    assert found.as_row()["most"] is None
    assert "At least 4,000 accounts" in headline(found)
    assert "is not known" in limits(found)
    x = found.channels[1]
    assert (x.highest, x.reach.median, x.factor.median, x.impressions) == (None, None, None, 9_000)
    assert table(found)[1]["Reach of a post, median"] == "not reported"


@settings(max_examples=12, deadline=None)
@given(reaches=st.lists(st.integers(min_value=1, max_value=10**6), min_size=2, max_size=6, unique=True))
def test_no_figure_is_a_sum_of_reach_and_the_floor_never_passes_the_largest(reaches: list[int]) -> None:
    from insights.packed import Posts
    from insights.reach import _group
    from insights.reach_posts import ReachPosts

    n = len(reaches)
    none, zero = np.full(n, -1), np.zeros(n, dtype="<i4")
    columns = {
        **dict.fromkeys(("followers", "impressions", "shares", "engagement", "before", "reach_changed_at"), none),
        **dict.fromkeys(("channel", "content_type", "source"), zero),
        **dict.fromkeys(("reach", "reach_1h", "reach_24h", "reach_7d", "reach_28d"), np.array(reaches)),
        "publication_id": np.arange(n),
        "published_at": np.full(n, microseconds(START)),
    }
    posts = ReachPosts(Posts(columns, {"channel": ["facebook"], "content_type": [""], "source": ["m v1"]}), "reach")
    found = _group("", "All", posts, {}, START + timedelta(days=40), None)
    assert found.highest is not None
    assert found.highest.value == max(reaches)
    assert sum(reaches) not in set(_numbers(asdict(found)))


def _numbers(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [n for one in value.values() for n in _numbers(one)]
    if isinstance(value, list | tuple):
        return [n for one in value for n in _numbers(one)]
    return [value] if isinstance(value, int | float) else []


def test_an_estimate_stands_by_itself_and_changes_no_measured_figure(desk: Desk) -> None:
    desk.followers(3_000, days=5, channel="x")
    post = desk.publish(channel="x")
    before = whole(desk.context).channels[0]
    share(desk, post, "copperbeck-news", seen=30_000, how="estimated")
    share(desk, post, "hexley-moor-notices")
    [one] = whole(desk.context).channels
    assert (one.page_shares, one.pages) == (2, 2)
    assert one.estimated is not None
    assert (one.estimated.value, one.estimated.measured, one.estimated.source) == (30_000, False, "copperbeck-news")
    assert one.estimated_factor == 10.0
    assert "estimated, as copperbeck-news told" in say_told(one.estimated)
    assert (
        (one.highest, one.reach, one.factor)
        == (before.highest, before.reach, before.factor)
        == (None, one.reach, one.factor)
    )


def test_a_copy_that_was_measured_can_be_the_floor(desk: Desk) -> None:
    post = desk.publish(figures={"reach": 900})
    share(desk, post, "copperbeck-news", seen=5_000, how="measured")
    found = whole(desk.context)
    assert found.highest is not None
    assert (found.highest.value, found.highest.page_id is not None) == (5_000, True)
    assert found.channels[0].reach.median == 900
    assert "by one post on the page 'copperbeck-news', which passed it on" in headline(found), "not on Facebook"
    assert "on the page 'copperbeck-news'" in answer("Copperbeck", found, [], "today")[0]


def test_a_group_with_an_appeal_for_a_missing_person_is_held_against_no_other(desk: Desk) -> None:
    """R11, M09."""
    here, there = (place(desk.context, name) for name in ("Copperbeck", "Stonemere"))
    for number in (here, there):
        for _ in range(5):
            desk.publish(place_id=number, figures={"reach": 2_000})
    desk.publish("appeal_missing", place_id=here, figures={"reach": 90_000})
    with desk.context.database.read() as session:
        found = reach_by(session, desk.context.clock.now(), "place")
    assert [(row.label, row.ranked) for row in found] == [("Copperbeck", False), ("Stonemere", True)]


def test_rates_stand_where_the_population_is_known_with_its_year_and_source(desk: Desk) -> None:
    top = place(desk.context, "Woldershire")
    with desk.context.database.read() as session:
        force = session.get_one(Place, top)
    known = place(desk.context, "Copperbeck", 4_000, force)
    unknown = place(desk.context, "Stonemere", None, force)
    for number in (known, unknown):
        desk.publish(place_id=number, figures={"reach": 2_000})
    with desk.context.database.read() as session:
        rows = {row.label: row for row in reach_by(session, desk.context.clock.now(), "place")}
        assert set(residents_of(session)) == {known}
        assert residents_of_choice(session, None) is None
    assert rows["Copperbeck"].channels[0].per_1000 == 500
    assert rows["Copperbeck"].residents == Residents(known, "Copperbeck", 4_000, 2024, "an estimate")
    assert rows["Stonemere"].channels[0].per_1000 is None
    assert rows["Stonemere"].residents is None
    assert table(rows["Stonemere"])[0]["Median for each 1,000 residents"] == "population not known"
    assert per_1000(None, rows["Copperbeck"].residents) is None


def test_parts_are_added_up_where_each_is_known_and_of_one_year(desk: Desk) -> None:
    """D09."""
    numbers: dict[str, int] = {}

    def area(
        name: str, within: str = "", residents: int | None = None, year: int = 2024, source: str = "an estimate"
    ) -> None:
        with desk.context.database.write() as session:
            said = (residents, year, source) if residents else (None, None, None)
            one = Place(name=name, kind="team", parent_id=numbers.get(within), population=said[0], population_year=said[1],
                        population_source=said[2])  # fmt: skip
            session.add(one)
            session.flush()
            numbers[name] = one.id or 0

    def of(name: str) -> Residents | None:
        with desk.context.database.read() as session:
            return residents_of(session, [numbers[name]]).get(numbers[name])

    area("Woldershire")
    area("North", "Woldershire")
    area("Copperbeck", "North", 4_000)
    area("Stonemere", "North", 6_000, source="the census")
    area("South", "Woldershire", 3_000)
    area("Thornleigh Vale", "South", 900)
    summed = Residents(
        numbers["North"], "North", 10_000, 2024, "an estimate and the census; the sum of 2 areas in it", 2
    )
    assert of("North") == summed
    south = of("South")  # its own number goes before those of what lies in it
    assert south is not None
    assert (south.number, south.parts) == (3_000, 0)
    force = of("Woldershire")
    assert force is not None
    assert (force.number, force.parts) == (13_000, 3)
    assert force.source == "an estimate and the census; the sum of 3 areas in it"
    with desk.context.database.read() as session:
        assert residents_of_choice(session, None) == force
    area("Oakenford Town", "South", 2_000, 2021)
    assert of("Woldershire") == force  # South has a number of its own
    area("Elderwick", "North", 2_000, 2021)
    assert of("North") is None  # of another year
    assert of("Woldershire") is None
    area("Larkfield Rise", "Thornleigh Vale")
    assert of("Larkfield Rise") is None


def test_young_posts_are_in_no_median_of_an_older_age(desk: Desk) -> None:
    old = desk.publish(days=10)
    for after, reach in ((timedelta(hours=1), 100), (timedelta(days=1), 400), (timedelta(days=7), 900)):
        measured_at(desk, old, after=after, reach=reach)
    young = desk.publish(days=2)
    for after, reach in ((timedelta(hours=1), 300), (timedelta(days=1), 800)):
        measured_at(desk, young, after=after, reach=reach)
    ages = {at.age: at for at in whole(desk.context).channels[0].ages}
    assert (ages["1h"].reach.median, ages["1h"].reach.n) == (200, 2)
    assert (ages["24h"].reach.median, ages["24h"].reach.n) == (600, 2)
    assert (ages["7d"].reach.median, ages["7d"].reach.n, ages["7d"].old_enough) == (900, 1, 1)
    assert (ages["28d"].reach.median, ages["28d"].old_enough) == (None, 0)


def series(desk: Desk, weeks: int = 6) -> Series:
    with desk.context.database.read() as session:
        [found] = reach_series(session, weeks=weeks, until=desk.context.clock.now(), age="24h")
    return found


def test_a_metric_that_is_redefined_breaks_the_line_and_blanks_no_neighbour(desk: Desk) -> None:
    """Five weeks: two by the old metric, one without a report, two by the new one; then a week too young to tell."""
    for days, reach, source in ((35, 100, "old"), (28, 110, "old"), (21, None, ""), (14, 50, "new"), (7, 60, "new")):
        post = desk.publish(days=days)
        if reach:
            measured_at(desk, post, after=timedelta(days=1), reach=reach, source=source)
    desk.publish(days=0.1)
    found = series(desk)
    assert [(s.source.metric, [p.value for p in s.points]) for s in found.segments] == [
        ("old", [100, 110]),
        ("new", [50, 60]),
    ]
    assert [gap.why for gap in found.gaps] == ["not reported", "too young"]
    assert found.changes == (found.segments[1].points[0].week,)
    assert "line is broken there" in series_subtitle(found, "Copperbeck")
    assert [line["Median"] for line in series_table(found)] == [
        "100",
        "110",
        "not reported",
        "50",
        "60",
        "posts too young yet",
    ]
    drawn = series_chart(found, dark=False).to_dict()
    records = [record for dataset in drawn["datasets"].values() for record in dataset]
    assert {(r["line"], r["how"]) for r in records} == {(0, "before"), (1, "in force")}


def test_a_post_whose_metric_changed_while_it_was_young_has_each_age_by_its_own(desk: Desk) -> None:
    post = desk.publish(days=10)
    measured_at(desk, post, after=timedelta(days=1), reach=400, source="old")
    measured_at(desk, post, after=timedelta(days=7), reach=90, source="new")
    assert [s.source for s in series(desk).segments] == [Source("old", 1)]
    one = whole(desk.context).channels[0]
    assert one.source == Source("new", 1)
    assert {at.age: at.reach.median for at in one.ages} == {"1h": None, "24h": None, "7d": 90, "28d": None}


def test_posts_counted_in_two_ways_are_in_no_median_together(desk: Desk) -> None:
    for days, reach, source in ((9, 1_000, "old"), (8, 2_000, "old"), (3, 30, "new")):
        measured_at(desk, desk.publish(days=days), after=timedelta(days=1), reach=reach, source=source)
    [one] = whole(desk.context).channels
    assert (one.reach.median, one.reach.n) == (30, 1)
    assert [(part.source.metric, part.reach.median) for part in one.earlier] == [("old", 1_500)]


def test_a_source_is_a_name_and_a_version() -> None:
    assert source_of("post_media_view v2") == Source("post_media_view", 2)
    assert source_of("a v b") == Source("a v b")
    assert source_of(None) is None


def test_weeks_are_whole_and_an_unknown_age_is_refused(desk: Desk) -> None:
    measured_at(desk, desk.publish(days=5), after=timedelta(days=1), reach=5)
    assert series(desk, weeks=2).weeks == (date(2026, 5, 25), date(2026, 6, 1))
    with desk.context.database.read() as session, pytest.raises(ValueError, match="an age is one of"):
        reach_series(session, weeks=2, until=desk.context.clock.now(), age="3d")

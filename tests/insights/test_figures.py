"""Each figure against its definition; missing stays missing."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from insights import sayings
from insights.figures import GROUPS, FigureRow, figures_by, post_figures, rate, totals, weekly_series
from insights.held import nothing_held
from insights.reading.stored import read_new
from social.campaigns import Campaign
from social.places import PlaceKind, find_or_add_place
from social.publications_erased import erase_publications
from social.staff import Role, find_or_add_person

Desk = Any


def by(desk: Desk, group: str, **filters: Any) -> dict[str, FigureRow]:
    read_new(desk.context)
    with desk.context.database.read() as session:
        return {row.group: row for row in figures_by(session, group, **filters)}


def test_reach_is_the_median_of_those_that_report_it_and_never_a_sum(desk: Desk) -> None:
    """M03, M09."""
    for reach in (100, 200, 900):
        desk.publish(figures={"reach": reach})
    desk.publish(figures={"reactions": 1})
    row = by(desk, "content_type")["event"]
    assert (row.posts, row.reach, row.reach_posts) == (4, 200.0, 3)


def test_engagement_rate_is_the_median_of_each_posts_own_rate(desk: Desk) -> None:
    desk.publish(figures={"reach": 100, "reactions": 5, "replies": 2, "shares": 1, "clicks": 1, "saves": 1})
    desk.publish(figures={"reach": 1000, "reactions": 20})
    desk.publish(figures={"reach": 0, "reactions": 4})
    desk.publish(figures={"reactions": 4})
    row = by(desk, "content_type")["event"]
    assert row.engagement == 10 + 20 + 4 + 4
    assert row.engagement_median == 7.0
    assert row.engagement_rate == pytest.approx((0.1 + 0.02) / 2)
    assert row.engagement_rate_by_impressions is None


def test_a_network_without_reach_has_a_rate_by_impressions_only(desk: Desk) -> None:
    desk.publish(channel="x", figures={"impressions": 200, "reactions": 10})
    row = by(desk, "channel")["x"]
    assert (row.engagement_rate, row.reach, row.reach_posts) == (None, None, 0)
    assert row.engagement_rate_by_impressions == pytest.approx(0.05)
    assert row.impressions == 200


def test_nothing_reported_is_none_and_not_nought(desk: Desk) -> None:
    """M04: 'n/a', not 0."""
    desk.publish()
    row = by(desk, "content_type")["event"]
    assert (row.reach, row.impressions, row.engagement, row.engagement_rate, row.amplification) == (None,) * 5
    assert (row.share_negative, row.share_unknown, row.response_minutes_median) == (None, None, None)
    assert (row.posts, row.replies, row.unanswered) == (1, 0, 0)


def test_reported_noughts_stay_noughts(desk: Desk) -> None:
    desk.publish(figures={"impressions": 0, "reactions": 0, "shares": 0})
    row = by(desk, "content_type")["event"]
    assert (row.impressions, row.engagement, row.amplification, row.engagement_rate_by_impressions) == (
        0,
        0,
        None,
        None,
    )


def test_amplification_is_shares_of_engagement_where_shares_are_reported(desk: Desk) -> None:
    """M05."""
    desk.publish(figures={"reactions": 6, "shares": 2})
    desk.publish(figures={"reactions": 50})
    assert by(desk, "content_type")["event"].amplification == pytest.approx(0.25)


def test_shares_of_stance_are_of_the_replies_read_and_add_up_to_one(desk: Desk) -> None:
    """R34: the unknown have a share of their own."""
    post = desk.publish()
    for text in ("Thank you so much", "Nobody ever comes when we ring", "What time?", "Diolch yn fawr iawn"):
        desk.reply(post, text)
    row = by(desk, "content_type")["event"]
    assert (row.replies, row.replies_read) == (4, 4)
    assert (row.share_positive, row.share_negative, row.share_neutral, row.share_unknown) == (0.25,) * 4


def test_response_time_is_the_median_over_posts_and_the_unanswered_are_counted_apart(desk: Desk) -> None:
    for answered in (10, 30, 600, None):
        desk.reply(desk.publish(), "What time does it start?", answered=answered)
    row = by(desk, "content_type")["event"]
    assert (row.response_minutes_median, row.unanswered) == (30.0, 1)


def test_groups_carry_labels_for_people(desk: Desk) -> None:
    with desk.context.database.write() as session:
        place = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD)
    desk.publish("appeal_cctv", place_id=place.id, campaign="op_sceptre")
    desk.publish("", channel="x")
    labels = {group: [row.label for row in by(desk, group).values()] for group in GROUPS}
    assert labels == {
        "content_type": ["CCTV appeal", "Not sorted"],
        "place": ["Hexley Moor", "No neighbourhood"],
        "week": ["Week of 25 May 2026"],
        "channel": ["Facebook", "X"],
        "account": ["desk-facebook", "desk-x"],
        "campaign": ["Op sceptre", "No campaign"],
        "post": ["A post", "A post"],
    }


def test_filters_let_through_only_what_they_say(desk: Desk) -> None:
    now = desk.context.clock.now()
    desk.publish("event", days=1)
    desk.publish("road_info", days=10, channel="x")
    desk.publish("event", days=30)
    assert set(by(desk, "content_type", since=now - timedelta(days=20))) == {"event", "road_info"}
    assert by(desk, "content_type", until=now - timedelta(days=20))["event"].posts == 1
    assert set(by(desk, "content_type", channel="x")) == {"road_info"}
    assert set(by(desk, "channel", content_type="event")) == {"facebook"}
    with desk.context.database.read() as session:
        assert totals(session).posts == 3
        assert totals(session, channel="x").posts == 1
        assert totals(session, channel="none") == FigureRow("", "All posts")


def test_an_unknown_grouping_is_refused(desk: Desk) -> None:
    with desk.context.database.read() as session, pytest.raises(ValueError, match="not by author"):
        figures_by(session, "author")


def test_missing_appeals_and_small_groups_are_not_for_ranking(desk: Desk) -> None:
    """R11, M09."""
    for _ in range(5):
        desk.publish("appeal_missing")
        desk.publish("event")
    desk.publish("survey")
    ranked = {group: row.ranked for group, row in by(desk, "content_type").items()}
    assert ranked == {"appeal_missing": False, "event": True, "survey": False}


def test_a_group_that_holds_a_missing_person_appeal_is_not_for_ranking(desk: Desk) -> None:
    """R11: its median would rank the appeal with the rest, whatever the group is by; edges of weeks and whole weeks."""
    with desk.context.database.write() as session:
        moor, beck = (
            find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD).id for name in ("Hexley Moor", "Copperbeck")
        )
    for day in range(1, 7):
        desk.publish("event", days=day, place_id=moor, campaign="op_sceptre")
        desk.publish("event", days=day, place_id=beck, campaign="op_other")
    desk.publish("appeal_missing", days=10, place_id=moor, campaign="op_sceptre")
    desk.publish("appeal_missing", days=10)  # no area, no campaign: nobody else's fault
    since = desk.context.clock.now() - timedelta(days=12)
    for filters in ({}, {"since": since}):
        places = {row.label: row.ranked for row in by(desk, "place", **filters).values()}
        assert places == {"Hexley Moor": False, "Copperbeck": True, "No neighbourhood": False}
        campaigns = {group: row.ranked for group, row in by(desk, "campaign", **filters).items()}
        assert campaigns == {"op_sceptre": False, "op_other": True, "": False}
    assert by(desk, "place", content_type="event")[str(moor)].ranked
    assert sayings.headline([by(desk, "place")[str(moor)]], lambda row: 1.0, what="reach") == sayings.NEVER_HELD


def test_one_posts_figures_are_its_own(desk: Desk) -> None:
    post = desk.publish(figures={"reach": 100, "reactions": 5})
    desk.publish(figures={"reach": 900})
    with desk.context.database.read() as session:
        row = post_figures(session, post)
        assert row is not None
        assert (row.group, row.label, row.reach, row.engagement_rate) == (str(post), "Event", 100.0, 0.05)
        assert post_figures(session, 999) is None


def test_a_week_without_posts_is_a_row_of_no_posts(desk: Desk) -> None:
    desk.publish(days=3)
    desk.publish(days=17)
    with desk.context.database.read() as session:
        series = weekly_series(session, weeks=4, until=desk.context.clock.now())
    assert [(row.group, row.posts, row.reach) for row in series] == [
        ("2026-05-11", 1, None),
        ("2026-05-18", 0, None),
        ("2026-05-25", 1, None),
        ("2026-06-01", 0, None),
    ]


counts = st.none() | st.integers(0, 10_000)


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.fixed_dictionaries(dict.fromkeys(("reach", "impressions", "reactions", "shares"), counts)), max_size=6)
)
def test_figures_keep_to_their_ranges_or_are_none(desk: Desk, posts: list[dict[str, int | None]]) -> None:
    for figures in posts:
        desk.publish(figures={name: value for name, value in figures.items() if value is not None})
    with desk.context.database.read() as session:
        rows = [totals(session), *figures_by(session, "content_type")]
    for row in rows:
        for share in (row.amplification, row.share_negative, row.share_positive, row.share_unknown):
            assert share is None or 0 <= share <= 1
        for value in (row.reach, row.impressions, row.engagement, row.engagement_rate):
            assert value is None or value >= 0
        assert (row.reach is None) == (row.reach_posts == 0)


@pytest.mark.parametrize(("part", "whole", "expected"), [(1, 4, 0.25), (0, 4, 0.0), (1, 0, None), (None, 4, None), (1, None, None)])  # fmt: skip
def test_a_rate_of_nothing_is_none(part: int | None, whole: int | None, expected: float | None) -> None:
    assert rate(part, whole) == expected


def test_the_figures_of_an_area_hold_those_of_the_areas_beneath_it(desk: Desk) -> None:
    with desk.context.database.write() as session:
        team = find_or_add_place(session, "Hexley", PlaceKind.TEAM)
        below = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD, team)
        other = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD)
    for place in (team, below, other):
        desk.publish(place_id=place.id)
    with desk.context.database.read() as session:
        counts = [totals(session, place_id=place.id).posts for place in (team, below, other)]
        named = {row.label for row in figures_by(session, "place", place_id=team.id)}
    assert (counts, named) == ([2, 1, 1], {"Hexley", "Hexley Moor"})


def test_single_posts_have_figures_of_their_own_and_are_never_ranked(desk: Desk) -> None:
    """M09."""
    number = desk.publish(figures={"reach": 100, "reactions": 5})
    row = by(desk, "post")[str(number)]
    assert (row.label, row.posts, row.reach, row.engagement, row.ranked) == ("A post", 1, 100.0, 5, False)


@pytest.mark.sqlite_only
def test_an_erased_post_stays_in_its_campaigns_figures(desk: Desk) -> None:
    """M13: numbers are kept when words are erased; a label that nobody made a campaign of may hold words, and goes."""
    now = desk.context.clock.now()
    with desk.context.database.write() as session:
        owner = find_or_add_person(session, "author@woldershire.example", Role.AUTHOR).id
        session.add(Campaign(name="ducks", title="Ducks", made_at=now, owner_id=owner, made_by_id=owner))
    kept = desk.publish(campaign="ducks", figures={"reach": 40})
    gone = desk.publish(campaign="words of somebody", figures={"reach": 30})
    with desk.context.database.write() as session:
        erase_publications(session, [kept, gone], now)
    with desk.context.database.read() as session:
        rows = {row.group: row for row in figures_by(session, "campaign")}
    assert (rows["ducks"].posts, rows["ducks"].reach) == (1, 40.0)
    assert set(rows) == {"ducks", ""}


@pytest.mark.sqlite_only
def test_before_the_oldest_post_nothing_is_held(desk: Desk) -> None:
    """M04: a 0 would be made up."""
    now = desk.context.clock.now()
    with desk.context.database.read() as session:
        assert nothing_held(session, now)
    desk.publish(days=20)
    with desk.context.database.read() as session:
        assert nothing_held(session, now - timedelta(days=28))
        assert not nothing_held(session, now - timedelta(days=10))

"""Each kind of finding, from values made by hand: what it says, what it leaves out, and that it comes with its evidence."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from math import inf
from typing import Any

import pytest

from insights.chosen import Chosen
from insights.comparison_values import Compared, Comparison
from insights.count_shares import Change
from insights.coverage import AreaCoverage, Coverage, OldPriority
from insights.findings.areas import areas
from insights.findings.base import Finding, hold_together
from insights.findings.differences import LOOKED_AT, differences
from insights.findings.gathering import work_out
from insights.findings.light import light
from insights.findings.reached import Reached, posts_reached, reached
from insights.findings.times import times
from insights.findings.tone import tone
from insights.light_serious import Estimate, LightSerious
from insights.sentiment import Sentiment
from insights.shares import Share
from insights.timing import Moment, Timing
from social.places import PlaceKind, find_or_add_place
from social.sorting import NEVER_RANKED

Desk = Any
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
CAUSE = ("caused", "led to", "because of", "thanks to")


def picture(chance: float, ratio: float = 1.6) -> Comparison:
    groups = (
        Compared("yes", "With a picture", 14, 900.0, 700.0, 1200.0, ratio, 1.3, 2.0, 1.5, 1.2, 1.9, chance),
        Compared("no", "Without a picture", 12, 600.0, 400.0, 800.0, 1 / ratio, 0.5, 0.8, 0.7, 0.5, 0.8, chance),
        Compared("", "Not known", 2, reason="too few to tell"),
    )
    return Comparison("picture", "reach", "7d", groups, 26, limits=("It does not say that they did so because of it.",))


def complete(found: Finding) -> None:
    """A sentence, a table that fits its headings, a chart that is not empty, limits, a method and a way on."""
    assert found.sentence.endswith(".")
    assert found.rows
    assert all(len(row) == len(found.headings) for row in found.rows)
    assert found.chart in ("bars", "ranges")
    assert found.marks
    assert found.limits
    assert found.method.startswith("docs/")
    assert found.page
    assert found.n > 0
    assert not any(word in found.sentence.lower() for word in CAUSE)


def test_a_yes_or_no_is_one_difference_told_of_the_side_that_had_more() -> None:
    [found] = hold_together(differences([picture(0.001)]))
    complete(found)
    assert found.sentence == (
        "With a picture, people reached: about two thirds more than posts like them (14 posts; somewhere between a third "
        "more and double)."
    )
    assert found.rows[2] == ("Not known", 2, None, "too few to tell", None, None)


def test_a_difference_that_chance_may_bring_or_that_is_too_small_is_no_finding() -> None:
    assert hold_together(differences([picture(0.2)])) == []
    assert hold_together(differences([picture(0.0001, ratio=1.05)])) == []


def test_an_interval_without_an_end_stands_in_no_chart_and_as_missing_in_the_table() -> None:
    endless = Compared("a", "Hexley Moor", 6, 9.0, 8.0, 9.0, 2.0, 1.5, inf, 1.8, 1.2, 4.0, 0.001)
    other = [Compared(key, key, 6, 9.0, 8.0, 9.0, 1.0, 0.9, 1.1, 1.0, 0.9, 1.1, 0.9) for key in ("b", "c")]
    found = differences([Comparison("place", "reach", "7d", (endless, *other), 18, limits=("x",))])[0]
    assert [mark.label for mark in found.marks] == ["b", "c"]
    assert found.rows[0][-1] is None


def test_kinds_of_posts_networks_and_accounts_are_never_held_against_each_other_here() -> None:
    """M10: their aims and followers differ."""
    assert not {"content_type", "channel", "account"} & set(LOOKED_AT)


def moment(key: str, chance: float | None, ratio: float | None = 1.4) -> Moment:
    if ratio is None:
        return Moment(key, key, 2, None, None, None, None, False, "Too few posts to say.")
    return Moment(key, key, 9, ratio, 1.1, 1.8, chance, False, f"{key}, people reached: about a third more.")


def test_a_time_is_told_only_where_the_posts_bear_it_out() -> None:
    """M12."""
    clear = Timing("reach", "7d", (moment("6", 0.0001), moment("9", 0.8), moment("0", None, None)), (moment("1", 0.9),),
                   20, 0.001, 0.9, "", ())  # fmt: skip
    candidates = times(clear)
    assert len(candidates) == 3
    [found] = hold_together(candidates)
    complete(found)
    assert found.sentence.startswith("6, people reached")


def estimate(name: str, chance: float, *, clear: bool = False, value: float = 1.5) -> Estimate:
    return Estimate(name, "ratio", 12, 14, value, value * 0.8, value * 1.2, chance, clear, "", f"{name} differ.")


def test_light_posts_are_told_with_what_cannot_be_concluded_and_the_check_before_them() -> None:
    """M14."""
    answer = LightSerious(estimate("Followers", 0.9), estimate("After", 0.001), estimate("Before", 0.9), "", ())
    [found] = hold_together(light(answer))
    complete(found)
    assert found.sentence == "After differ."
    assert "It cannot say" in found.limits
    assert "Before differ." in found.limits


def test_what_shows_before_the_light_posts_as_well_is_no_finding() -> None:
    answer = LightSerious(
        estimate("Followers", 0.9), estimate("After", 0.001), estimate("Before", 0.001, clear=True), "", ()
    )
    assert hold_together(light(answer)) == []


def test_replies_that_became_more_critical_are_told_with_both_shares() -> None:
    """M06."""

    def period(share: float, read: int) -> Sentiment:
        shares = {"negative": Share(share, share - 0.05, share + 0.05)}
        return Sentiment("", "All posts", 9, read, read, 2, 0.01, 0, shares, {}, False, 40)

    names = ("in the 8 weeks before", "in the last 4 weeks")
    [found] = hold_together(tone(period(0.12, 300), period(0.21, 200), Change(0.09, 0.03, 0.15, 0.005), names))
    complete(found)
    assert found.sentence == (
        "Replies were more critical in the last 4 weeks than in the 8 weeks before: 21% critical of the police or the post "
        "against 12% (a change of +3 to +15 points)."
    )
    assert tone(period(0.12, 300), period(0.21, 200), None, names) == []


def area(number: int, name: str, days: int | None) -> AreaCoverage:
    at = None if days is None else NOW - timedelta(days=days)
    return AreaCoverage(number, name, "neighbourhood", 0, at, days, days is None or days > 14, 1, 0, 0, None)


def test_areas_left_out_are_counted_and_named() -> None:
    """M15."""
    covered = Coverage(NOW, (area(1, "Copperbeck", 3), area(2, "Hexley Moor", 20), area(3, "Stonemere", None)))
    old = [OldPriority(2, "Hexley Moor", "Speeding", date(2026, 1, 1), 151), OldPriority(2, "Hexley Moor", "Litter", date(2026, 2, 1), 120)]  # fmt: skip
    silent, priorities = areas(covered, old)
    complete(silent)
    complete(priorities)
    assert silent.sentence == "2 of 3 areas had no post in the last 14 days: Hexley Moor and Stonemere."
    assert priorities.sentence == "2 priorities in 1 area are older than 90 days: Hexley Moor."
    assert silent.chance is None


def test_a_force_that_has_posted_nothing_is_not_told_that_its_areas_are_silent() -> None:
    assert areas(Coverage(NOW, (area(1, "Copperbeck", None),)), []) == []


def test_reach_beyond_followers_is_counted_from_five_posts_on() -> None:
    """M05, M09."""
    posts = [Reached("facebook", "event", times) for times in (0.5, 0.8, 1.2, 2.0, 3.0)]
    assert reached(posts[:4], "in the last 12 weeks") == []
    [found] = reached([*posts, Reached("facebook", "survey", 1.0)], "in the last 12 weeks")
    complete(found)
    assert found.sentence == (
        "On Facebook, 3 of 6 posts in the last 12 weeks whose reach and followers are known reached more accounts than follow the "
        "account; half reached 110 or more for every 100 followers."
    )
    assert found.rows[-1] == ("Kinds with fewer than 5 posts", 1, "too few to tell")


@pytest.mark.sqlite_only
def test_appeals_for_missing_people_are_in_no_finding(desk: Desk) -> None:
    """R11."""
    desk.followers(100, days=40)
    for number in range(8):
        desk.publish("appeal_missing", days=5 + number, has_picture=number % 2 == 0, figures={"reach": 900})
    with desk.context.database.read() as session:
        now = desk.context.clock.now()
        assert posts_reached(session, Chosen(since=now - timedelta(weeks=12), until=now)) == []
        every: Sequence[Finding] = work_out(session, now)
    assert every == []
    assert "appeal_missing" in NEVER_RANKED


@pytest.mark.sqlite_only
def test_an_areas_findings_are_of_its_own_posts_and_lead_back_to_it(desk: Desk) -> None:
    """Eight posts about one area, five about another: each list counts its own, and an area without any says nothing."""
    with desk.context.database.write() as session:
        here, there, empty = (
            find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD).id
            for name in ("Copperbeck", "Hexley Moor", "Larkfield Rise")
        )
    desk.followers(100, days=60)
    for number in range(13):
        desk.publish("event", days=5 + number, place_id=here if number < 8 else there, figures={"reach": 150 + number})
    with desk.context.database.read() as session:
        now = desk.context.clock.now()
        lists = {place: work_out(session, now, place) for place in (here, there, empty)}
    counted = {place: [one.n for one in found if one.kind == "reached"] for place, found in lists.items()}
    assert counted == {here: [8], there: [5], empty: []}
    assert all(one.link_params["i_area"] == "Copperbeck" for one in lists[here])
    assert all(one.limits.startswith("Of posts about Copperbeck") for one in lists[here])
    assert all(one.chance is None for found in lists.values() for one in found), "too few to tell"

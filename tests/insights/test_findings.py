"""The finding of the week is computed, and says so when there is too little to tell."""

import random
from typing import Any

import pytest

from insights.findings import Finding, chance_of, finding_of_the_week
from insights.keeping import keep_facts
from insights.reading.stored import read_new

Desk = Any


def finding(desk: Desk) -> Finding | None:
    read_new(desk.context)
    keep_facts(desk.context)
    with desk.context.database.read() as session:
        return finding_of_the_week(session, desk.context.clock.now())


def fill(
    desk: Desk, content_type: str, *, with_picture: int, without: int, each: int = 8, channel: str = "facebook"
) -> None:
    dice = random.Random(4)
    for number in range(each):
        for has_picture, typical in ((True, with_picture), (False, without)):
            desk.publish(
                content_type, channel=channel, days=5 + number, has_picture=has_picture,
                figures={"reach": 1000, "reactions": typical + dice.randint(-3, 3)},
            )  # fmt: skip


def test_without_posts_there_is_nothing_to_say(desk: Desk) -> None:
    assert finding(desk) is None


def test_a_clear_difference_between_like_posts_is_told_with_its_numbers(desk: Desk) -> None:
    fill(desk, "event", with_picture=60, without=30)
    found = finding(desk)
    assert found is not None
    assert found.sentence.startswith("Event on Facebook: posts with a picture (8) had ")
    assert "times the engagement rate of posts without one (8)." in found.sentence
    assert (found.n, found.link_params) == (16, {"channel": "facebook", "content_type": "event"})
    assert found.counted == "posts"


def test_where_no_reach_is_reported_the_finding_says_what_it_measured(desk: Desk) -> None:
    dice = random.Random(4)
    for number in range(8):
        for has_picture, typical in ((True, 60), (False, 30)):
            desk.publish(
                "event", channel="x", days=5 + number, has_picture=has_picture,
                figures={"impressions": 1000, "reactions": typical + dice.randint(-3, 3)},
            )  # fmt: skip
    found = finding(desk)
    assert found is not None
    assert found.sentence.startswith("Event on X: posts with a picture (8) had ")
    assert "times the engagement rate by times shown of posts without one (8)." in found.sentence


def test_four_posts_a_group_are_too_few_to_tell(desk: Desk) -> None:
    """M09."""
    fill(desk, "event", with_picture=60, without=30, each=4)
    found = finding(desk)
    assert found is not None
    assert found.sentence.startswith("Too few to tell")


def test_missing_person_appeals_are_never_compared(desk: Desk) -> None:
    """R11."""
    fill(desk, "appeal_missing", with_picture=90, without=10)
    assert finding(desk) is None


def test_no_difference_is_no_finding(desk: Desk) -> None:
    fill(desk, "event", with_picture=30, without=30)
    found = finding(desk)
    assert found is not None
    assert found.sentence.startswith("No clear difference")


def test_kinds_and_accounts_are_not_mixed(desk: Desk) -> None:
    """M10: light posts with pictures and appeals without are no comparison."""
    for number in range(8):
        desk.publish("lighthearted", has_picture=True, days=5 + number, figures={"reach": 1000, "reactions": 90})
        desk.publish("appeal_cctv", has_picture=False, days=5 + number, figures={"reach": 1000, "reactions": 10})
    found = finding(desk)
    assert found is not None
    assert found.sentence.startswith("Too few to tell")


def test_waiting_questions_are_told_when_nothing_else_is_clear(desk: Desk) -> None:
    post = desk.publish()
    desk.reply(post, "What time does it start?")
    desk.reply(post, "Is there parking?", answered=5)
    found = finding(desk)
    assert found == Finding(
        "1 of 2 questions and complaints under the posts of the last 7 days still waits for an answer.",
        2,
        {"kinds": "question,complaint"},
        "questions and complaints",
    )


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ([1, 2, 3], [1, 2, 3], 1.0, 1.0),
        ([1, 1, 1], [1, 1, 1], 1.0, 1.0),
        # scipy.stats.mannwhitneyu, method="asymptotic": 0.0079 would be exact, 0.0122 with the correction
        ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 0.012, 0.0125),
        ([1, 2, 2, 3], [2, 3, 4, 5], 0.1, 0.2),
    ],
)
def test_chance_is_that_of_the_mann_whitney_test(
    first: list[float], second: list[float], low: float, high: float
) -> None:
    assert low <= chance_of(first, second) <= high
    assert chance_of(first, second) == pytest.approx(chance_of(second, first))

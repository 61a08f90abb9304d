"""What of a post's words is compared is read as it is meant (M11)."""

import pytest

from insights.comparison_features import (
    asks_question,
    asks_to_share,
    has_emoji,
    has_link,
    has_place_hashtag,
    length_of,
    names_officer,
    squashed,
)
from insights.comparison_words import say_end, say_interval, say_ratio


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("PCSO Ashdown will be at the library", True),
        ("Meet Sgt O'Farrell on Friday", True),
        ("Officer Brackley has your bike", True),
        ("The PCSO team is out tonight", False),
        ("Officers are at the scene. Police Station Road is closed", False),
        ("Your PCSO Police Community Support", False),
    ],
)
def test_an_officer_is_named_with_a_rank_and_a_name(text: str, named: bool) -> None:
    assert names_officer(text) is named


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Please share this with your neighbours", True),
        ("Spread the word!", True),
        ("Please RT", True),
        ("Please share your views on speeding", False),
        ("Please share any footage with us", False),
        ("We share the road with horses", False),
    ],
)
def test_asking_to_share_the_post_is_not_asking_for_something_else(text: str, asks: bool) -> None:
    assert asks_to_share(text) is asks


def test_a_question_mark_in_a_link_asks_nothing() -> None:
    assert asks_question("Were you there?")
    assert not asks_question("Read on: https://example.org/a?b=1")


def test_only_the_name_of_a_place_makes_a_hashtag_one_of_the_place() -> None:
    places = {squashed("Hexley Moor")}
    assert has_place_hashtag("Out tonight #HexleyMoor", places)
    assert not has_place_hashtag("#StarWarsDay in Hexley Moor", places)


def test_length_emoji_and_links_are_told() -> None:
    assert [length_of(text) for text in ("a" * 99, "a" * 100, "a" * 280, "https://example.org/" + "a" * 200)] == [
        "short", "medium", "long", "short",
    ]  # fmt: skip
    assert has_emoji("Quack 🦆")
    assert not has_emoji("Quack :)")
    assert has_link("See www.example.org")


def test_ratios_are_said_as_people_say_them() -> None:
    said = [say_ratio(ratio) for ratio in (1.0, 1.33, 2.0, 0.5, 0.67, 7.2)]
    assert said == [
        "about the same as", "about a third more than", "about double that of", "about half that of",
        "about a third less than", "about 7 times that of",
    ]  # fmt: skip
    assert say_interval(1.0, 2.0) == "somewhere between no difference and double"
    assert say_interval(0.0, float("inf")) == "somewhere between next to nothing and no end that can be told"
    assert say_end(1.5) == "half as much again"
    assert say_interval(1.01, 1.04) == "no difference"

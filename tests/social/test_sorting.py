"""Past posts are sorted by their words; when the words do not say, so does the answer."""

import csv
from pathlib import Path

import pytest

from insights.figures import NEVER_RANKED
from scheduler.content_types import CONTENT_TYPES
from social.places import Place
from social.sorting import CONTENT_TYPE_LABELS, guess_content_type, guess_place

SAMPLE = Path(__file__).parents[2] / "examples" / "posts.csv"


def test_the_sample_posts_are_sorted_as_people_sorted_them() -> None:
    """The rules were written with this sample at hand: it guards against breaking them, and promises no more."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        posts = list(csv.DictReader(file))
    assert len(posts) == 40
    wrong = [row["post_id"] for row in posts if guess_content_type(row["text"]) not in (row["content_type"], "")]
    sure = [row for row in posts if guess_content_type(row["text"])]
    assert wrong == []
    assert len(sure) >= 36


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MISSING: have you seen Joan? She was last seen in Elderwick at 4pm.", "appeal_missing"),
        ("Joan has now been found safe and well. Thank you for sharing.", "appeal_closed"),
        ("Were you driving on Mill Road at 6pm? We are looking for witnesses to a collision. Dashcam?", "appeal_witness"),
        ("A burglar has been jailed for four years at crown court after pleading guilty.", "court_result"),
        ("Mill Road is closed in both directions, avoid the area and expect delays.", "road_info"),
        ("Join us for a coffee at the village hall, no booking needed.", "event"),
        ("Escaped goats in Stonemere: all four suspects are now in custody of the farmer 🐐", "lighthearted"),
        ("Lock your sheds, remember to keep tools out of sight, and never leave keys in the door.", "crime_prevention"),
        ("Have your say: our survey closes on Friday.", "survey"),
    ],
)  # fmt: skip
def test_other_words_for_the_same_kinds_are_understood(text: str, expected: str) -> None:
    assert guess_content_type(text) == expected


@pytest.mark.parametrize("text", ["", "Good morning everybody.", "https://example.org/cctv-arrest-survey", "🎄🎄🎄"])
def test_words_that_do_not_say_give_no_type(text: str) -> None:
    assert guess_content_type(text) == ""


def test_the_reporting_line_says_nothing_about_the_kind() -> None:
    """R15: it stands under posts of every kind."""
    line = " To report a crime call 101 or use our website. In an emergency always call 999. Crimestoppers is anonymous on 0800 555 111."
    assert guess_content_type(line) == ""


def test_every_guess_is_a_type_with_a_label() -> None:
    from social.sorting import _COMPILED

    assert {key for key, _, _ in _COMPILED} < set(CONTENT_TYPE_LABELS)


def test_a_post_of_the_past_and_a_planned_one_bear_the_same_names() -> None:
    assert {key: kind.label for key, kind in CONTENT_TYPES.items()} == CONTENT_TYPE_LABELS
    assert {key for key, kind in CONTENT_TYPES.items() if not kind.ranked} == NEVER_RANKED


def place(number: int, name: str, kind: str = "neighbourhood") -> Place:
    return Place(id=number, name=name, kind=kind)


PLACES = [place(1, "Hexley Moor"), place(2, "Elderwick"), place(3, "Woldershire", "force"), place(4, "End")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Extra patrols in Hexley Moor tonight", 1),
        ("Extra patrols tonight #HexleyMoor", 1),
        ("Elderwick and hexley moor, and Elderwick again", 2),
        ("From Hexley Moor to Elderwick", None),
        ("Across Woldershire", 3),
        ("Woldershire: patrols in Elderwick", 2),
        ("The weekend ends", None),
        ("Nowhere", None),
    ],
)
def test_the_area_named_most_is_the_one_it_is_about(text: str, expected: int | None) -> None:
    assert guess_place(text, PLACES) == expected

"""What stays the same when only a name, a place, a voice or the typing changes, and what moves when the meaning does."""

import pytest

from insights.reading import default_analyser
from training import behaviour
from training.behaviour import Rate, rates
from training.replies import bare, close
from training.written import FOLDER, written

pytestmark = pytest.mark.sqlite_only


@pytest.fixture(scope="module")
def found() -> dict[str, Rate]:
    return {rate.name: rate for rate in rates(default_analyser())}


def test_no_sentence_of_the_behaviour_tests_is_a_lesson() -> None:
    asked = [bare(frame.format(who="my neighbour", place="Mill Road")) for frame, _, _ in behaviour.FRAMES]
    asked += [bare(text) for pairs in behaviour.VOICES.values() for pair in pairs for text in pair]
    told = [bare(lesson.text) for lesson in written()]
    assert [words for words in asked if len(words) > 5 and any(close(words, other) for other in told)] == []


def test_who_somebody_is_and_where_changes_next_to_nothing(found: dict[str, Rate]) -> None:
    for name in ("names", "places", "identity terms"):
        rate = found[f"stays: {name}"]
        assert rate.held / rate.tried >= 0.9, rate


def test_typing_and_politeness_change_little(found: dict[str, Rate]) -> None:
    for name in ("typing: capitals", "typing: small letters, no marks", "typing: two letters swapped", "politeness"):
        rate = found[f"stays: {name}"]
        assert rate.held / rate.tried >= 0.7, rate


def test_most_of_what_must_move_moves(found: dict[str, Rate]) -> None:
    moved = [rate for name, rate in found.items() if name.startswith("direction: ")]
    assert sum(rate.held for rate in moved) / sum(rate.tried for rate in moved) >= 0.75, moved


def test_every_line_of_the_lessons_can_be_read_and_none_stands_twice_under_a_post() -> None:
    told = written()
    lines = [
        row for path in FOLDER.glob("*.txt") for row in path.read_text(encoding="utf-8").splitlines()
        if row.strip() and not row.startswith(("# ", "@ "))
    ]  # fmt: skip
    assert len(told) == len(lines) > 3300
    assert len({(lesson.post, lesson.text) for lesson in told}) == len(told)
    assert {lesson.kind for lesson in told if lesson.stance != "neutral"} <= {
        "complaint",
        "abuse",
        "thanks",
        "banter",
        "other",
    }

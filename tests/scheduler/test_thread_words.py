"""Where a text is parted."""

import pytest

from scheduler.thread_words import drafts_of, parts_of, without_breaks


@pytest.mark.parametrize(
    "line",
    ["\n---\n", "\r\n---\r\n", "\r---\r", "\u2028---\u2028", "\n\u00a0---\u00a0\n", "\n \u2014- \n", "\n-----\n"],
)
def test_residents_never_see_the_dashes_that_part_a_text(line: str) -> None:
    text = f"One.{line}Two."
    assert parts_of(text) == ("One.", "Two.")
    assert "-" not in without_breaks(text)
    assert len(without_breaks(text)) == len(text)


@pytest.mark.parametrize("text", ["One.\n\u2014\nTwo.", "One.\n--\nTwo.", "One. --- Two.", "One.\n--- a\nTwo."])
def test_other_dashes_part_nothing(text: str) -> None:
    assert parts_of(text) == (text,)


def test_a_link_is_not_lost_because_a_part_has_a_longer_one() -> None:
    first, second = drafts_of("One.\n---\nTwo: x.uk/abc", "x.uk/a", threads=True)
    assert (first.link, second.link) == ("x.uk/a", None)

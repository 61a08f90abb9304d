"""The form in which a text is compared with the network's copy of it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social.channels.canonical import canonical, has_link, unshortened, with_link


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Cafe\u0301 watch", "Café watch"),
        ("two  spaces\n\nand lines ", "two spaces and lines"),
        ("see example.org/map", "see http://example.org/map/"),
        ("❤\ufe0f", "❤"),
    ],
)
def test_what_readers_would_call_the_same_is_the_same(ours: str, theirs: str) -> None:
    assert canonical(ours) == canonical(theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("Road closed", "Road open"), ("Beat 1", "Beat 2"), ("yes/no", "yesno"), ("“quoted”", '"quoted"')],
)
def test_what_readers_would_tell_apart_is_not_the_same(ours: str, theirs: str) -> None:
    assert canonical(ours) != canonical(theirs)


@given(st.text())
def test_the_way_accents_are_composed_does_not_matter(text: str) -> None:
    assert canonical(unicodedata.normalize("NFD", text)) == canonical(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("text", "link", "whole"),
    [
        ("Say", None, "Say"),
        ("Say", "", "Say"),
        ("Say ", "https://a.example", "Say https://a.example"),
        ("See https://a.example now", "https://a.example", "See https://a.example now"),
        ("", "https://a.example", "https://a.example"),
    ],
)
def test_a_link_is_appended_once(text: str, link: str | None, whole: str) -> None:
    assert with_link(text, link) == whole


def test_only_the_signs_that_x_escapes_are_put_back() -> None:
    assert (
        unshortened("&lt;b&gt; &amp;amp; &copy; t.co/a", [("t.co/a", "e.org/?a&lt;b")])
        == "<b> &amp; &copy; e.org/?a&lt;b"
    )


@pytest.mark.parametrize(
    ("text", "whole"),
    [("See x.uk/a.", True), ("(https://x.uk/a)", True), ("x.uk/a/ now", True), ("x.uk/abc", False), ("x.uk/a?b=1", False),
     ("x.uk/a/b and x.uk/a", True), ("x.uk/a.pdf", False)],
)  # fmt: skip
def test_a_link_that_begins_a_longer_one_is_not_in_the_text(text: str, whole: bool) -> None:
    assert has_link(text, "x.uk/a") is whole
    assert with_link(text, "x.uk/a") == (text if whole else f"{text} x.uk/a")

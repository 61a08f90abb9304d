"""Counting as X counts, in an environment that may not have what the library was written against."""

import subprocess
import sys
from pathlib import Path

import pytest

from social.channels.x_text import extract_urls_with_indices, parse_tweet

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Hello", 5),
        ("é", 1),
        ("👮", 2),
        ("👩‍👩‍👧‍👦", 2),
        ("日本", 4),
        ("See https://woldershire.example.org/a/very/long/path/that/goes/on", 27),
    ],
)
def test_a_text_weighs_what_x_says_it_weighs(text: str, length: int) -> None:
    assert parse_tweet(text).weightedLength == length


def test_a_text_of_280_units_fits_and_one_more_does_not() -> None:
    assert parse_tweet("a" * 280).valid
    assert not parse_tweet("a" * 281).valid


def test_links_are_found_where_they_stand() -> None:
    found = extract_urls_with_indices("See https://woldershire.example.org/a now")
    assert [(link["url"], tuple(link["indices"])) for link in found] == [("https://woldershire.example.org/a", (4, 37))]


def test_the_library_is_loaded_without_setuptools_and_leaves_nothing_in_its_place() -> None:
    program = (
        "import sys; sys.modules['setuptools'] = None\n"
        "from social.channels.x_text import parse_tweet\n"
        "print(parse_tweet('👮').weightedLength, 'pkg_resources' in sys.modules)"
    )
    command = [sys.executable, "-W", "error::UserWarning", "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["2", "False"], done.stderr

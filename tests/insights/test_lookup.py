"""What is said of many texts at once is what is said of each by itself; and the sort of a post is told by its words."""

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from insights.reading.features import seen_in
from insights.reading.lookup import Keys, Spellings
from insights.reading.posts import NAMES, marked, sort_of
from training.written import written

pytestmark = pytest.mark.sqlite_only


class Numbered(Keys):
    def __missing__(self, key: str) -> int:
        self[key] = len(self)
        return self[key]


def compare(texts: list[str]) -> None:
    words = sorted({word for text in texts[::2] for pair in seen_in(text).pairs for word in pair.split(" ")})
    in_pairs = {word: at for at, word in enumerate(words)}
    keys = Numbered()
    looked = Spellings(keys, in_pairs, frozenset()).look(texts)
    names = list(keys)
    for number, (text, start, count) in enumerate(zip(texts, looked.starts, looked.counts, strict=True)):
        seen = seen_in(text)
        assert [names[at] for at in looked.keys[start : start + count]] == seen.words
        codes = [
            in_pairs[one] * len(in_pairs) + in_pairs[two] if one in in_pairs and two in in_pairs else -1
            for one, two in (pair.split(" ") for pair in seen.pairs)
        ]
        assert looked.pairs[start + number : start + number + count + 1].tolist() == codes


def test_lessons_are_seen_the_same_one_by_one_and_together() -> None:
    compare([lesson.text for lesson in written()[::5]])


@hypothesis_settings(deadline=None, max_examples=60)
@given(st.lists(st.text(alphabet="ab not n't.,!?#@é’1 ¬^$…:)", max_size=40), min_size=1, max_size=6))
def test_odd_texts_are_seen_the_same_one_by_one_and_together(texts: list[str]) -> None:
    compare(texts)


def test_the_sort_of_a_post_is_told_by_its_words() -> None:
    asked = {
        "Have you seen Joan? She left home at 9.": "missing",
        "We are appealing for witnesses after an assault.": "appeal",
        "A man has been arrested.": "arrest",
        "A burglar has been jailed for two years.": "court",
        "ROAD CLOSED at the bridge.": "road",
        "This duck would not give his name. 🦆": "light",
        "Come along to our open day.": "event",
        "The lights are on.": "rest",
        "": "",
    }
    assert {post: sort_of(post) for post in asked} == asked
    rows = marked([*asked, None], len(asked) + 1)
    assert rows.sum(axis=1).tolist() == [float(bool(sort)) for sort in asked.values()] + [0.0]
    assert rows.shape[1] == len(NAMES)

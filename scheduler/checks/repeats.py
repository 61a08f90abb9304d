"""Has the same just been said, or does another team speak at the same moment?"""

import re
from collections.abc import Iterator
from functools import lru_cache

from scheduler.checks.base import Finding, Subject

ALIKE = 0.6
"""Share of the three-word runs of two posts that they have in common, from which they say the same."""
_LINE = re.compile(
    r"To report a crime call 101 or use our website\.?|In an emergency always call 999\.?|Crimestoppers is anonymous on 0800 555 111\.?|[#@]\w+|https?://\S+",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+(?:['’]\w+)?")


def check_repeats(subject: Subject) -> Iterator[Finding]:
    """REPEATS: nearly the words of a post of the last days.  CLASH: another team's post within 30 minutes."""
    mine = runs(subject.text)
    for other in subject.others:
        if mine and not other.clashes and alike(mine, runs(other.text)) >= ALIKE:
            yield Finding(
                "REPEATS",
                "advise",
                "",
                f"Nearly the same was said on {other.when}: '{_short(other.text)}'. Residents tire of it, and some networks refuse it. "
                "Say what is new.",
                "text",
            )
            break
    for other in subject.others:
        if other.clashes:
            yield Finding(
                "CLASH",
                "advise",
                "",
                f"{other.place or 'Another team'} posts at {other.when} as well: '{_short(other.text)}'. Two posts within 30 minutes take "
                "readers from each other. Move one of them.",
                "scheduled_local",
            )
            break


@lru_cache(maxsize=4096)
def runs(text: str) -> frozenset[tuple[str, ...]]:
    """Every run of three words, the reporting line, hashtags and links left out; of fewer words, those alone."""
    words = [word.lower() for word in _WORD.findall(_LINE.sub(" ", text))]
    if len(words) < 3:
        return frozenset([tuple(words)]) if words else frozenset()
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def alike(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """What share of both they have in common, 0 to 1."""
    return len(one & other) / len(one | other) if one and other else 0.0


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"

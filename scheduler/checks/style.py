"""Emoji and capitals (R32). Advice only."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject

MOST_EMOJI = 3
MOST_CAPITALS = 5
_EMOJI = r"(?:[\U0001F1E6-\U0001F1FF]{2}|[\U0001F300-\U0001FAFF\u2600-\u27BF\u2B50\u2B55\u231A\u231B\u23E9-\u23FA](?:[\uFE0F\U0001F3FB-\U0001F3FF]|\u200D[\U0001F300-\U0001FAFF\u2600-\u27BF]\uFE0F?)*)"
_RUN = re.compile(rf"{_EMOJI}(?:\s?{_EMOJI}){{{MOST_EMOJI},}}")
_CAPITALS = re.compile(
    rf"\b[A-ZŴŶÂÊÎÔÛ]{{2,}}(?:['’][A-Z]+)?(?:[\s,!&-]+(?:[A-ZŴŶÂÊÎÔÛ]{{2,}}(?:['’][A-Z]+)?|[AIYO]\b)){{{MOST_CAPITALS},}}\b"
)


def fewer_emoji(run: str) -> str:
    """The first two of a run."""
    return "".join(re.findall(_EMOJI, run)[:2])


def check_style(subject: Subject) -> Iterator[Finding]:
    """EMOJI_RUN, CAPITALS."""
    if run := _RUN.search(subject.text):
        yield Finding(
            "EMOJI_RUN",
            "advise",
            "R32",
            f"'{run[0]}' is a run of more than {MOST_EMOJI} emoji, and a screen reader says each by its name. Keep one or two, at the end.",
            "text",
            run.span(),
        )
    if shout := _CAPITALS.search(subject.text):
        yield Finding(
            "CAPITALS",
            "advise",
            "R32",
            f"'{shout[0][:40]}' is more than {MOST_CAPITALS} words in capitals, which is hard to read and sounds like shouting. Use small letters.",
            "text",
            shout.span(),
        )

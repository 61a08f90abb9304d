"""What sort of post a reply stands under, told by the post's own words: the same words mean different things there.

'Disgusting' under an appeal is about a crime; under a joke it may be about the police. The sort is one of the things
that the fast analyser's heads see; a reply whose post is not known has none."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SORTS: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"(?:\b|(?=\W))(?:{words})", re.IGNORECASE)
    for name, words in {
        "missing": r"missing|have you seen|last seen|concern(?:ed)? (?:is growing )?for|ar goll",
        "court": r"jailed|sentenced|prison|magistrates|crown court|pleaded guilty|convicted|found guilty|banned from",
        "arrest": r"arrest|charged|in custody|warrant|seized|recovered",
        "appeal": (
            r"appeal|witness|did you see|do you (?:know|recogni)|information|footage|dashcam|doorbell|cctv|wanted\b"
            r"|stolen|burgl|assault|robbe"
        ),
        "road": r"road closed|is closed|collision|diversion|avoid the area|traffic is|both directions|roads? will",
        "event": (
            r"join us|join your|drop.in|meet (?:your|our|the)|surgery|come along|open day|pop in|survey|welcome|hiring|recruit"
            r"|apply|say hello|you said|newest"
        ),
        "light": (
            r"[\U0001F000-\U0001FAFF]|duck|swan|goose|geese|pigs?\b|puppy|pancake|hallowe|valentine|may the fourth|hedgehog"
            r"|seagull|badger|marrow|wedding|pumpkin|national \w+ day|cub\b|kitten|class \d|year \d"
        ),
        "advice": (
            r"week\b|campaign|scam|lock (?:it|your)|remember|warning|advice|protect|never|talk to|reach out|please"
            r"|patrols?|op(?:eration)? [A-Z]|fraud"
        ),
    }.items()
}
"""Sort -> what tells it; the first that is found holds."""
REST = "rest"
"""What a post is that has no sign of any sort."""
NAMES = (*SORTS, REST)


def sort_of(post: str | None) -> str:
    """One of NAMES; '' without a post."""
    if not post or not post.strip():
        return ""
    return next((name for name, pattern in SORTS.items() if pattern.search(post)), REST)


def marked(posts: Sequence[str | None] | None, count: int) -> NDArray[np.float32]:
    """count x NAMES: 1 where a text stands under a post of that sort.  posts: one a text, or None for none known."""
    found = np.zeros((count, len(NAMES)), np.float32)
    known: dict[str, int] = {}
    for row, post in enumerate(posts or ()):
        if post:
            if post not in known:
                known[post] = NAMES.index(sort_of(post)) if sort_of(post) else -1
            if known[post] >= 0:
                found[row, known[post]] = 1
    return found

"""What to say to somebody who typed a word that is not known."""

import difflib
from collections.abc import Iterable


def suggestion(value: str, known: Iterable[str]) -> str:
    """'Did you mean ...?' when one of the known words is near, else all of them."""
    words = list(known)
    near = difflib.get_close_matches(value, words, n=1, cutoff=0.75)
    return f"Did you mean '{near[0]}'?" if near else f"Give one of: {', '.join(words)}."

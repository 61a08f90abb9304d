"""Words that say one thing brought another about: without a comparison nobody can know that (M14)."""

import re

_CAUSE = re.compile(
    r"\b(?:caus(?:ed|ing)|(?:led|leads|leading) to|result(?:ed|s|ing) in|brought about|brings about|because of"
    r"|due to|thanks to (?:the|our|this)|as a result of|owing to|down to (?:the|our|this) (?:campaign|operation|work)|responsible for"
    r"|(?:the|our|this) (?:campaign|operation|work) (?:cut|reduced|raised|improved|stopped|ended|increased|prevented))\b",
    re.IGNORECASE,
)


def cause_words(text: str) -> tuple[str, ...]:
    """Those words in it, each once, as they are written, in their order; () for none."""
    return tuple(dict.fromkeys(found.group().lower() for found in _CAUSE.finditer(text)))


def cause_warning(text: str, *, compared: bool) -> str | None:
    """What to say of them.  compared: whether a before and after is set against a comparison area.  None for nothing."""
    found = cause_words(text)
    if compared or not found:
        return None
    listed = ", ".join(f"\u2018{one}\u2019" for one in found)
    return (
        f"This says {listed}, and nothing is compared: the same may have happened elsewhere. Add numbers of an area "
        "without the campaign, or say what changed and leave open why."
    )

"""Says a ratio and how sure it is in words that need no training in figures: 'about a third more than posts like them'."""

from collections.abc import Sequence
from dataclasses import replace

from insights.comparison_values import GROUPINGS, LATEST, MEASURES, MOST, Compared, Comparison

_MORE = (
    (1.05, ""), (1.15, "a tenth more than"), (1.22, "a fifth more than"), (1.29, "a quarter more than"),
    (1.42, "a third more than"), (1.58, "half as much again as"), (1.7, "two thirds more than"),
    (1.85, "three quarters more than"), (2.25, "double that of"), (2.75, "two and a half times that of"),
    (3.5, "three times that of"),
)  # fmt: skip
_LESS = (
    (0.12, "a tenth of that of"), (0.22, "a fifth of that of"), (0.29, "a quarter of that of"),
    (0.42, "a third of that of"), (0.58, "half that of"), (0.71, "a third less than"), (0.77, "a quarter less than"),
    (0.85, "a fifth less than"), (0.95, "a tenth less than"), (1.0, ""),
)  # fmt: skip


def say_ratio(ratio: float) -> str:
    """'about a third more than', 'about double that of', 'about the same as': to be followed by what it is held against.

    ratio: >= 0; may be endless."""
    return f"about {_against(ratio) or 'the same as'}"


def say_end(ratio: float) -> str:
    """One end of an interval: 'a third more', 'half', 'no difference', 'next to nothing', 'no end that can be told'."""
    if ratio == float("inf"):
        return "no end that can be told"
    if ratio < 0.05:
        return "next to nothing"
    words = _against(ratio)
    if not words:
        return "no difference"
    for long, short in (("of that of", "of it"), (" that of", ""), (" again as", " again"), (" than", "")):
        if words.endswith(long):
            return words.removesuffix(long) + short
    return words


def say_interval(low: float, high: float) -> str:
    """'somewhere between a tenth less and double'; 'no difference' where both ends are."""
    first, last = say_end(low), say_end(high)
    return first if first == last else f"somewhere between {first} and {last}"


def _against(ratio: float) -> str:
    if ratio < 0.05:
        return "next to none of that of"
    steps = _LESS if ratio < 1 else _MORE
    for end, words in steps:
        if ratio < end:
            return words
    return f"{ratio:,.0f} times that of" if ratio < 1e6 else "many times that of"


def say_posts(count: int) -> str:
    """'1 post', '1,204 posts'."""
    return f"{count:,} post{'' if count == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """'channel, account and week'."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def worded(comparison: Comparison) -> Comparison:
    """The comparison with its headline, sentences and limits, all computed."""
    return replace(
        comparison, headline=_headline(comparison), sentences=_sentences(comparison), limits=_limits(comparison)
    )


def say_group(group: Compared, measure: str) -> str:
    """'Event, people reached: about a third more than posts like them (46 posts; somewhere between ... and ...).'"""
    if group.ratio is None or group.low is None or group.high is None:
        return f"{group.label}: {group.reason}"
    return (
        f"{group.label}, {MEASURES[measure]}: {say_ratio(group.ratio)} posts like them "
        f"({say_posts(group.n)}; {say_interval(group.low, group.high)})."
    )


def _headline(comparison: Comparison) -> str:
    if comparison.reason:
        return comparison.reason
    found = sorted(comparison.findings, key=lambda group: group.chance or 0.0)
    if len(comparison.findings) == 2 == sum(not group.reason for group in comparison.groups):
        found = [group for group in found if (group.ratio or 0) > 1]
    if found and found[0].ratio is not None:
        return f"{found[0].label}, {MEASURES[comparison.measure]}: {say_ratio(found[0].ratio)} posts like them."
    return (
        f"By {GROUPINGS[comparison.by]}, no difference in {MEASURES[comparison.measure]} that chance would seldom show."
    )


def _sentences(comparison: Comparison) -> tuple[str, ...]:
    told = [group for group in comparison.groups if not group.reason]
    if not told:
        return (comparison.reason,)
    chosen = [group for group in told if group.is_finding]
    if len(told) == 2:
        chosen = chosen[:1]
    said = [say_group(group, comparison.measure) for group in chosen]
    rest = len(told) - sum(group.is_finding for group in told)
    if not said:
        said = [f"What sets the {len(told)} groups apart may be chance: nothing is claimed."]
    elif rest:
        said.append(
            f"Of {'one other group' if rest == 1 else f'the {rest} other groups'} nothing is claimed: chance may have done it."
        )
    few = sum(bool(group.reason) for group in comparison.groups)
    if few:
        said.append(f"Too few to tell of {'1 group' if few == 1 else f'{few} groups'}.")
    return tuple(said)


def _limits(comparison: Comparison) -> tuple[str, ...]:
    said = ["Posts like these did so here: it does not say that they did so because of it."]
    if comparison.by in ("channel", "account"):
        said.append(
            "An account has its own followers: whether it is the channel or its followers cannot be told apart."
        )
    if comparison.by == "content_type":
        said.append("Kinds of posts have different aims: a light post is not better than an appeal.")
    if comparison.by == "place":
        said.append("Networks do not tell where readers live: this counts posts about an area.")
    if comparison.age == LATEST:
        said.append("Posts younger than a week are left out: they still gather their figures.")
    if comparison.is_cut:
        said.append(f"These are the newest {MOST:,} posts of the period; there are more.")
    said.append("Appeals for missing people are left out, and posts that nobody has sorted.")
    return tuple(said)

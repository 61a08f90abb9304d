"""Findings on whether replies became more or less critical of the police, the analyser's known errors allowed for (M06)."""

from insights.count_shares import Change
from insights.findings.base import Finding, Mark
from insights.sentiment import Sentiment

METHOD = "docs/methods/sentiment-shares.md"
LIMITS = (
    "The share is corrected for the analyser's known errors; what it does not know of its errors stays in. It says that the "
    "replies differ, not why, and those who reply are not all who live here. Other posts bring other replies."
)


def tone(earlier: Sentiment, later: Sentiment, change: Change | None, names: tuple[str, str]) -> list[Finding]:
    """The one candidate; none where too few replies were read.  names: of the earlier and the later period."""
    if change is None or not earlier.shares or not later.shares:
        return []
    was, now = earlier.shares["negative"], later.shares["negative"]
    more = "more" if change.estimate > 0 else "less"
    return [
        Finding(
            key="tone negative", kind="tone",
            sentence=f"Replies were {more} critical {names[1]} than {names[0]}: {now.estimate:.0%} critical of the police or "
            f"the post against {was.estimate:.0%} (a change of {_points(change.low)} to {_points(change.high)} points).",
            n=earlier.read + later.read, counted="replies that were read", substance=more,
            headings=("Period", "Replies read", "Critical", "95% interval from", "to", "Language not read"),
            rows=tuple(
                (name[:1].upper() + name[1:], one.read, *(f"{share:.1%}" for share in _ends(one)), one.unknown)
                for name, one in zip(names, (earlier, later), strict=True)
            ),
            chart="ranges",
            marks=tuple(
                Mark(name[:1].upper() + name[1:], estimate, f"{estimate:.0%}", one.read, low, high)
                for name, one in zip(names, (earlier, later), strict=True)
                for estimate, low, high in (_ends(one),)
            ),
            measure="Share of the replies read that are critical of the police or the post, with 95% interval; replies in "
            "brackets",
            limits=LIMITS, method=METHOD, link_params={"i_part": "What replies say", "i_period": "Last 12 weeks"}, chance=change.chance,
        )
    ]  # fmt: skip


def _ends(one: Sentiment) -> tuple[float, float, float]:
    share = one.shares["negative"]
    return share.estimate, share.low, share.high


def _points(change: float) -> str:
    return f"{change * 100:+.0f}"

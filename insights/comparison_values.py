"""What a comparison of posts can be asked and what it says: groupings, measures, ages, and its rows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

ENOUGH = 5
"""Posts that a group needs before anything is said of it (M09)."""
CHANCE = 0.025
"""A difference is told as a finding when chance alone would show one among all that were looked at in fewer than so many
runs (Holm). Half of 5 %, so that it stays under that where the model is not quite right."""
MOST = 20_000
"""Posts that a comparison is made of, the newest first: more would make a page wait and tell nothing more."""
SMALLEST = 1.1
"""Smaller differences are no finding, however sure they are: they are not worth acting on."""

GROUPINGS: dict[str, str] = {
    "content_type": "content type",
    "place": "neighbourhood",
    "channel": "channel",
    "account": "account",
    "hour": "time of day",
    "weekday": "day of the week",
    "picture": "picture or not",
    "officer": "named officer or not",
    "campaign": "campaign",
    "question": "asks a question or not",
    "ask_to_share": "asks to share or not",
    "place_hashtag": "hashtag of the place or not",
    "length": "length",
    "emoji": "emoji or not",
    "link": "link or not",
}
"""What posts can be grouped by."""
MEASURES: dict[str, str] = {
    "reach": "people reached",
    "impressions": "times shown",
    "engagement": "engagement",
    "reactions": "reactions",
    "replies": "replies",
    "shares": "shares",
    "engagement_rate": "engagement for each person reached",
    "engagement_rate_by_impressions": "engagement for each time shown",
    "replies_rate": "replies for each person reached",
    "shares_rate": "shares for each person reached",
}
"""What can be compared."""
RATES: Mapping[str, tuple[str, str]] = {
    "engagement_rate": ("engagement", "reach"),
    "engagement_rate_by_impressions": ("engagement", "impressions"),
    "replies_rate": ("replies", "reach"),
    "shares_rate": ("shares", "reach"),
}
"""Rate -> what is counted, and what it is taken of (M04)."""
LATEST = "latest"
"""The age that is none: whatever was reported last."""
AGES: dict[str, str] = {
    "1h": "1 hour after posting",
    "24h": "24 hours after posting",
    "7d": "7 days after posting",
    "28d": "28 days after posting",
    "latest": "so far",
}


@dataclass(frozen=True)
class Compared:
    """One group of posts held against the others that were compared.

    group: its key as text.  label: for people.  n: posts with the measure.  median, lower, upper: of the raw measure and
    its quartiles, None under 5 posts.  ratio: the group's typical measure over that of all the other posts that were
    compared, like with like (1.5: half as much again); low, high: its 95% interval.  cautious, cautious_low,
    cautious_high: the same drawn towards no difference (partial pooling); what groups are put in order by.
    chance: two-sided p of `ratio` = 1, on its own, not corrected for how many were looked at.
    is_finding: told as a difference, with all groups of all comparisons that were looked at together allowed for (Holm).
    reason: why there is no ratio, in words; '' where there is one.  All figures are None where reason is not ''."""

    group: str
    label: str
    n: int
    median: float | None = None
    lower: float | None = None
    upper: float | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    cautious: float | None = None
    cautious_low: float | None = None
    cautious_high: float | None = None
    chance: float | None = None
    is_finding: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Comparison:
    """One measure, held against each other over one grouping.

    groups: highest `cautious` first, then those without a ratio by label.  n: posts in the model.  model: which one, in
    words ('' when none was fitted).  adjusted_for: what was allowed for.  chance: two-sided p that no group differs from
    any other (of the smallest `chance`, Holm), None when nothing was compared.  reason: why nothing was compared, '' when something was.
    is_cut: whether older posts were left out, since there are more than MOST.
    headline, sentences: computed, in plain words.  limits: what must be kept in mind."""

    by: str
    measure: str
    age: str
    groups: tuple[Compared, ...]
    n: int = 0
    model: str = ""
    adjusted_for: tuple[str, ...] = ()
    chance: float | None = None
    reason: str = ""
    is_cut: bool = False
    headline: str = ""
    sentences: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Compared, ...]:
        """The groups of which a difference is told."""
        return tuple(group for group in self.groups if group.is_finding)

    def as_dict(self) -> dict[str, Any]:
        """Everything, for a file or `--json`."""
        return asdict(self)

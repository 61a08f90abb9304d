"""What this team's own posts say about the hour and the day, drawn towards no effect; no claim otherwise (M12).

Elsewhere the time of day showed no clear effect: so nothing is called a good time unless the team's own posts show it
beyond what chance would. What cannot wait goes at once and is never in it: missing and wanted people, roads, corrections."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from insights.comparison_posts import band_of_hour
from insights.comparison_values import MEASURES, Compared, Comparison
from insights.comparison_words import say_interval, say_posts, say_ratio
from insights.comparisons import compare_many
from social.clock import as_local

TOO_FEW = "Too few posts to say."
NO_EFFECT = "Your own posts show no clear effect of this time."
NO_CLAIM = (
    "No time of day and no day of the week does better or worse beyond what chance would bring: post when it suits."
)
LIMITS = (
    "Each estimate is drawn towards no effect: the fewer its posts, the more.",
    "Posts of one hour may differ in more than the hour: what was allowed for is the account, the content type, the age "
    "of the post, the trend and the week.",
    "Appeals for missing or wanted people, road information and corrections go at once: they are never timed.",
)


@dataclass(frozen=True)
class Moment:
    """An hour of the day or a day of the week.

    n: posts.  ratio: its measure over that of the team's other posts, like with like and drawn towards no effect (1:
    none); low, high: its 95% interval; None where it cannot be told, and then words say why.  chance: two-sided p before
    that.  is_claimed: told as better or worse, with all hours and days allowed for (Holm).  words: for people."""

    key: str
    label: str
    n: int
    ratio: float | None
    low: float | None
    high: float | None
    chance: float | None
    is_claimed: bool
    words: str


@dataclass(frozen=True)
class Timing:
    """hours, days: in the order of the clock and the week, those with posts.  n: posts looked at.  hours_chance,
    days_chance: two-sided p that none differs, None where nothing could be compared.  headline, sentences, limits: words."""

    measure: str
    age: str
    hours: tuple[Moment, ...]
    days: tuple[Moment, ...]
    n: int
    hours_chance: float | None
    days_chance: float | None
    headline: str
    sentences: tuple[str, ...]
    limits: tuple[str, ...] = LIMITS

    @property
    def claims(self) -> tuple[Moment, ...]:
        """The hours and days of which something is claimed, the surest first."""
        return _claims((*self.hours, *self.days))

    def as_dict(self) -> dict[str, Any]:
        """Everything, for a file or `--json`."""
        return asdict(self)

    def say_slot(self, start: datetime) -> str:
        """What a slot at this instant has going for it by the team's own posts; 'Too few posts to say.' when they are."""
        local = as_local(start)
        return self.say_weekly((local.weekday(),), local.hour)

    def say_weekly(self, days: Iterable[int], hour: int) -> str:
        """The same of a slot that comes every week.  days: 0 for Monday.  hour: 0 to 23, by people's clocks."""
        there = [_find(self.hours, band_of_hour(hour)), *(_find(self.days, day) for day in days)]
        known = [moment for moment in there if moment is not None and moment.ratio is not None]
        if not known:
            return TOO_FEW
        return " ".join(moment.words for moment in known if moment.is_claimed) or NO_EFFECT


def timing(session: Session, measure: str = "reach", *, age: str = "7d", **filters: Any) -> Timing:
    """What hour and weekday have to do with the measure.

    measure, age: as for `insights.comparisons.compare`; filters: since, until, channel, place_id, content_type."""
    by_hour, by_day = compare_many(session, [("hour", measure), ("weekday", measure)], age=age, **filters)
    hours, days = _moments(by_hour), _moments(by_day)
    claims = _claims((*hours, *days))
    told = any(moment.ratio is not None for moment in (*hours, *days))
    looked = max((sum(moment.n for moment in part) for part in (hours, days)), default=0)
    headline = claims[0].words if claims else NO_CLAIM if told else TOO_FEW
    sentences = tuple(moment.words for moment in claims) or (headline,)
    return Timing(measure, age, hours, days, looked, by_hour.chance, by_day.chance, headline, sentences)


def _claims(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    return tuple(sorted((one for one in moments if one.is_claimed), key=lambda one: one.chance or 0.0))


def _moments(comparison: Comparison) -> tuple[Moment, ...]:
    ordered = sorted(comparison.groups, key=lambda group: int(group.group))
    return tuple(_moment(group, comparison.measure) for group in ordered)


def _moment(group: Compared, measure: str) -> Moment:
    if group.cautious is None or group.cautious_low is None or group.cautious_high is None:
        return Moment(group.group, group.label, group.n, None, None, None, None, False, group.reason or TOO_FEW)
    words = (
        f"{group.label}, {MEASURES[measure]}: {say_ratio(group.cautious)} your other posts like them "
        f"({say_posts(group.n)}; {say_interval(group.cautious_low, group.cautious_high)})."
    )
    return Moment(
        group.group, group.label, group.n, group.cautious, group.cautious_low, group.cautious_high, group.chance,
        group.is_finding, words,
    )  # fmt: skip


def _find(moments: tuple[Moment, ...], key: int) -> Moment | None:
    return next((moment for moment in moments if moment.key == str(key)), None)

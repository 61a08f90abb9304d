"""Which posts a comparison is made of: read from facts in one query, with the words only where the grouping is one of words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from insights.chosen import OF_FACTS, Chosen
from insights.comparison_features import LABELS, readers, squashed
from insights.comparison_values import LATEST, MOST, RATES
from insights.facts import PublicationFacts as Facts
from insights.labels import label_groups
from social.clock import as_local
from social.places import Place
from social.publications import Publication
from social.sorting import NEVER_RANKED, NEVER_TIMED

ACTIONS = ("reactions", "replies", "shares", "clicks", "saves")
SETTLED_AFTER = timedelta(days=7)
"""'latest': younger posts, as seen from the newest, still gather their figures and are left out."""
BANDS = (0, 6, 9, 12, 15, 18, 21, 24)
"""Hours at which a time of day begins; three each, but for the night."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WORDING = frozenset(("officer", "question", "ask_to_share", "place_hashtag", "length", "emoji", "link"))
"""Groupings that need a post's words; a post whose words were erased has none."""


@dataclass(frozen=True)
class Asked:
    """Which posts, and which of their figures.  None lets everything through."""

    by: str
    measure: str
    age: str
    since: datetime | None = None
    until: datetime | None = None
    channel: str | None = None
    place_id: int | None = None
    content_type: str | None = None


@dataclass(frozen=True)
class Post:
    """What a comparison needs of a post.  value: the count.  of: what the rate is taken of, None for a count.

    source: the network's own name of the figure, where it may have been retired for another."""

    group: Any
    value: int
    of: int | None
    account_id: int
    content_type: str
    source: str
    published_at: datetime
    week: date

    @property
    def measure(self) -> float:
        return self.value if self.of is None else self.value / self.of


def posts_for(session: Session, asked: Asked) -> tuple[list[Post], bool]:
    """The posts that have the figure and the group that was asked for, and whether older ones were left out (`MOST`).

    Never in it: missing-person appeals and what else is not to be ranked (R11), by hour and day what cannot wait (M12), posts that nobody has sorted and so may
    be one, alerts (M08), rates of nothing (M04), for words those whose words were erased, for places those about none."""
    counted, of = RATES.get(asked.measure, (asked.measure, None))
    suffix = _suffix(asked)
    figures = _figures(asked)
    whole: Any = getattr(Facts, (of or counted if counted != "engagement" else of or "reactions") + suffix)
    source: Any = Facts.impressions_source if "impressions" in (of, counted) else Facts.reach_source
    has_words = asked.by in WORDING
    columns: list[Any] = [
        Facts.account_id, Facts.channel, Facts.content_type, Facts.place_id, Facts.campaign, Facts.published_at,
        Facts.week, Facts.has_picture, source, whole, *figures,
    ]  # fmt: skip
    query = select(*columns, *([col(Publication.text)] if has_words else []))
    if has_words:
        query = query.join(Publication, col(Publication.id) == col(Facts.publication_id)).where(
            col(Publication.erased_at).is_(None), col(Publication.text) != ""
        )
    query = _narrowed(query, asked).order_by(col(Facts.published_at).desc(), col(Facts.publication_id)).limit(MOST)
    rows = session.connection().execute(query).all()
    is_cut = len(rows) == MOST
    if asked.age == LATEST and rows:
        newest = asked.until or max(row[5] for row in rows)
        rows = [row for row in rows if newest - row[5] >= SETTLED_AFTER]
    group_of = _grouping(session, asked.by, has_words)
    sourced = "reach" in (of, counted) or "impressions" in (of, counted)
    found = []
    for row in rows:
        reported = [value for value in row[10 : 10 + len(figures)] if value is not None]
        group = group_of(row)
        if reported and group is not None and (of is None or row[9]):
            found.append(
                Post(group, sum(reported), row[9] if of else None, row[0], row[2],
                     (row[8] or "") if sourced else "", row[5], row[6])
            )  # fmt: skip
    return found, is_cut


def count_for(session: Session, asked: Asked) -> int:
    """How many posts have the figure."""
    query = _narrowed(select(func.count()).select_from(Facts), asked)
    return int(session.connection().execute(query).scalar_one())


def _suffix(asked: Asked) -> str:
    return "" if asked.age == LATEST else f"_{asked.age}"


def _figures(asked: Asked) -> list[Any]:
    """The columns that are counted together."""
    counted, _ = RATES.get(asked.measure, (asked.measure, None))
    return [getattr(Facts, name + _suffix(asked)) for name in (ACTIONS if counted == "engagement" else (counted,))]


def _narrowed(query: Any, asked: Asked) -> Any:
    """Only posts that may be compared, that the filters let through, and whose figure was reported."""
    query = query.where(or_(*(col(figure).is_not(None) for figure in _figures(asked))))
    if asked.measure in RATES:
        query = query.where(col(getattr(Facts, RATES[asked.measure][1] + _suffix(asked))) > 0)
    left_out = NEVER_RANKED | NEVER_TIMED if asked.by in ("hour", "weekday") else NEVER_RANKED
    query = query.where(col(Facts.content_type) != "", col(Facts.content_type).not_in(sorted(left_out)))
    query = query.where(col(Facts.channel) != "alert")
    chosen = Chosen(asked.since, asked.until, asked.channel, asked.place_id, asked.content_type)
    return query.where(*chosen.by(OF_FACTS))


def band_of(moment: datetime) -> int:
    """The hour at which the time of day begins that holds the instant, by people's clocks."""
    return band_of_hour(as_local(moment).hour)


def band_of_hour(hour: int) -> int:
    """The hour at which the time of day begins that holds this one.  hour: 0 to 23."""
    return max(start for start in BANDS if start <= hour)


def _grouping(session: Session, by: str, has_words: bool) -> Callable[[Any], Any]:
    """What reads a row's group; None for a row that belongs to none."""
    if has_words:
        places = {squashed(name) for name in session.connection().execute(select(col(Place.name))).scalars()}
        read = readers(places)[by]
        return lambda row: read(row[-1])
    columns = {"account": 0, "channel": 1, "content_type": 2, "place": 3}
    if by in columns:
        index = columns[by]
        return lambda row: row[index]
    return {
        "campaign": lambda row: row[4] or "",
        "hour": lambda row: band_of(row[5]),
        "weekday": lambda row: as_local(row[5]).weekday(),
        "picture": lambda row: "yes" if row[7] else "no",
    }[by]


def labels_for(session: Session, by: str, keys: Sequence[Any]) -> dict[Any, str]:
    """A name for people for each group."""
    if by in LABELS:
        return {key: LABELS[by][key] for key in keys}
    if by == "weekday":
        return {key: DAYS[key] for key in keys}
    if by == "hour":
        ends = dict(pairwise(BANDS))
        return {key: f"{_clock(key)} to {_clock(ends[key])}" for key in keys}
    return label_groups(session, by, keys)


def _clock(hour: int) -> str:
    if hour in (0, 24):
        return "midnight"
    return "midday" if hour == 12 else f"{hour}am" if hour < 12 else f"{hour - 12}pm"

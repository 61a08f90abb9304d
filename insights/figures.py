"""The figures that pages, reports and the command line show, all computed from `PublicationFacts`.

Not reported is None, never 0 (docs/definitions.md). Reach is never added up over posts or channels (M03); counts are
skewed, so a group's rate is the median of its posts' rates (M09)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from insights.facts import PublicationFacts as Facts
from insights.labels import content_type_label, label_groups
from social.clock import as_local
from social.places import places_within
from social.sorting import NEVER_RANKED

GROUPS = ("content_type", "place", "week", "channel", "account", "campaign", "post")
"""What figures can be grouped by."""
_COLUMNS = {"place": "place_id", "account": "account_id", "post": "publication_id"}
"""The column of a grouping, where it has another name."""
ENOUGH_POSTS = 5
"""Groups with fewer posts are shown and never ranked (M09)."""


@dataclass(frozen=True)
class FigureRow:
    """The figures of a group of posts.

    group: the group's key as text ('' for none or for all).  label: for people.  posts: publications, >= 0.
    reach: median over the `reach_posts` posts whose reach was reported.  impressions, engagement: totals over the
    posts that report them; engagement counts reactions, replies, shares, clicks and saves.
    engagement_median: per post.  engagement_rate: engagement / reach, per post, then the median; may pass 1.
    engagement_rate_by_impressions: the same with impressions, for networks that report no reach.
    amplification: shares / engagement of the posts that report both (M05), in [0, 1].
    replies: residents' replies that are stored.  replies_read: of these, read by the analyser.
    share_*: of replies_read, in [0, 1], add up to 1.  response_minutes_median: over posts, from the first question
    or complaint to our first answer.  answered, unanswered: questions and complaints with and without an answer.
    ranked: False where the group must not be held against others (R11, M09).  None: not reported, or 0 of 0."""

    group: str
    label: str
    posts: int = 0
    reach: float | None = None
    reach_posts: int = 0
    impressions: int | None = None
    engagement: int | None = None
    engagement_median: float | None = None
    engagement_rate: float | None = None
    engagement_rate_by_impressions: float | None = None
    amplification: float | None = None
    replies: int = 0
    replies_read: int = 0
    share_negative: float | None = None
    share_neutral: float | None = None
    share_positive: float | None = None
    share_unknown: float | None = None
    response_minutes_median: float | None = None
    answered: int = 0
    unanswered: int = 0
    ranked: bool = False


def figures_by(
    session: Session,
    by: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    channel: str | None = None,
    place_id: int | None = None,
    content_type: str | None = None,
    only_here: bool = False,
) -> list[FigureRow]:
    """The figures of posts published in [since, until), grouped, in order of the label (weeks: oldest first).

    by: one of GROUPS; raises ValueError for another.  place_id: with what lies beneath it.  A filter of None lets
    everything through; alerts alone are left out unless the channel is theirs (M08).  only_here: of the place itself
    and of nothing beneath it; of posts about no place where place_id is None."""
    if by not in GROUPS:
        raise ValueError(f"figures can be grouped by {', '.join(GROUPS)}, not by {by}")
    key = col(getattr(Facts, _COLUMNS.get(by, by)))
    narrow = _narrow(since, until, channel, place_id, content_type, only_here)
    rows = _rows(session, key, narrow)
    labels = label_groups(session, by, list(rows))
    found = [_finish(row, _text_key(key_value), labels[key_value], by, content_type) for key_value, row in rows.items()]
    return sorted(found, key=lambda row: (row.group == "", row.group if by == "week" else row.label))


def totals(
    session: Session,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    channel: str | None = None,
    place_id: int | None = None,
    content_type: str | None = None,
) -> FigureRow:
    """One row over all posts that the filters let through; zero posts give a row of zeros and Nones."""
    rows = _rows(session, None, _narrow(since, until, channel, place_id, content_type))
    return _finish(rows.get(None, _Sums()), "", "All posts", "", content_type)


def post_figures(session: Session, publication_id: int) -> FigureRow | None:
    """The figures of one publication; None while no facts are kept of it."""

    def only_this(query: Any) -> Any:
        return query.where(col(Facts.publication_id) == publication_id)

    rows = _rows(session, col(Facts.content_type), only_this)
    for content_type, sums in rows.items():
        return _finish(sums, str(publication_id), content_type_label(content_type), "", content_type)
    return None


def weekly_series(session: Session, *, weeks: int, until: datetime, **filters: Any) -> list[FigureRow]:
    """The `weeks` local weeks up to the one that holds `until`, oldest first; a week without posts is a row of 0 posts.

    weeks: >= 1.  filters: channel, place_id, content_type as in `figures_by`."""
    last = week_of(until)
    starts = [last - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
    # A day of slack on the left: the filter speaks of instants, the weeks of local days.
    since = until - timedelta(weeks=weeks, days=1)
    known = {row.group: row for row in figures_by(session, "week", since=since, **filters)}
    labels = label_groups(session, "week", starts)
    return [known.get(start.isoformat(), FigureRow(start.isoformat(), labels[start])) for start in starts]


def week_of(moment: datetime) -> date:
    """Monday of the local week that holds the instant."""
    local = as_local(moment).date()
    return local - timedelta(days=local.weekday())


Narrow = Callable[[Any], Any]


def _narrow(
    since: datetime | None,
    until: datetime | None,
    channel: str | None,
    place_id: int | None,
    content_type: str | None,
    only_here: bool = False,
) -> Narrow:
    def narrowed(query: Any) -> Any:
        if since is not None:
            query = query.where(col(Facts.published_at) >= since)
        if until is not None:
            query = query.where(col(Facts.published_at) < until)
        if channel is not None:
            query = query.where(col(Facts.channel) == channel)
        else:  # alerts are another measure of other people: beside social figures, never in them (M08)
            query = query.where(col(Facts.channel) != "alert")
        if only_here:
            query = query.where(col(Facts.place_id) == place_id)  # IS NULL for None
        elif place_id is not None:
            query = query.where(col(Facts.place_id).in_(places_within(place_id)))
        if content_type is not None:
            query = query.where(col(Facts.content_type) == content_type)
        return query

    return narrowed


_ACTIONS: tuple[Any, ...] = (Facts.reactions, Facts.replies, Facts.shares, Facts.clicks, Facts.saves)


def _engagement() -> Any:
    """Actions on a post as far as they are reported; None when none of them is."""
    reported = sum((func.coalesce(action, 0) for action in _ACTIONS[1:]), func.coalesce(_ACTIONS[0], 0))
    return case((func.coalesce(*_ACTIONS).is_not(None), reported), else_=None)


@dataclass
class _Sums:
    posts: int = 0
    impressions: int | None = None
    engagement: int | None = None
    shares: int | None = None
    shared_of: int | None = None
    replies: int = 0
    replies_read: int = 0
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    unknown: int = 0
    answered: int = 0
    unanswered: int = 0
    values: Sequence[tuple[int | None, int | None, int | None, float | None]] = ()
    """Per post: reach, impressions, engagement, response minutes."""


def _rows(session: Session, key: Any, narrow: Narrow) -> dict[Any, _Sums]:
    """Sums by key, with the few values per post that medians need.  key None: one group of all."""
    engagement = _engagement()
    shared = col(Facts.shares).is_not(None)
    sums: list[Any] = [
        func.count(),
        func.sum(Facts.impressions),
        func.sum(engagement),
        func.sum(Facts.shares),
        func.sum(case((shared, engagement), else_=None)),
        *(
            func.sum(column)
            for column in (
                Facts.replies_stored,
                Facts.replies_read,
                Facts.n_negative,
                Facts.n_neutral,
                Facts.n_positive,
                Facts.n_unknown,
                Facts.answered,
                Facts.unanswered,
            )
        ),
    ]
    values: list[Any] = [Facts.reach, Facts.impressions, engagement, Facts.response_minutes]
    connection = session.connection()
    if key is None:
        row = connection.execute(narrow(select(*sums).select_from(Facts))).one()
        if not row[0]:
            return {}
        return {None: _sums(row, [tuple(one) for one in connection.execute(narrow(select(*values)))])}
    listed: dict[Any, list[Any]] = {}
    for one in connection.execute(narrow(select(key, *values))):
        listed.setdefault(one[0], []).append(tuple(one[1:]))
    grouped = connection.execute(narrow(select(key, *sums).select_from(Facts)).group_by(key))
    return {row[0]: _sums(row[1:], listed.get(row[0], [])) for row in grouped}


def _sums(row: Sequence[Any], values: list[Any]) -> _Sums:
    made = _Sums(*row)
    made.values = values
    return made


def _finish(sums: _Sums, group: str, label: str, by: str, content_type: str | None) -> FigureRow:
    reaches = [reach for reach, _, _, _ in sums.values if reach is not None]
    engagements = [e for _, _, e, _ in sums.values if e is not None]
    kind = group if by == "content_type" else content_type
    return FigureRow(
        group=group,
        label=label,
        posts=sums.posts,
        reach=_median(reaches),
        reach_posts=len(reaches),
        impressions=sums.impressions,
        engagement=sums.engagement,
        engagement_median=_median(engagements),
        engagement_rate=_median(rate(e, reach) for reach, _, e, _ in sums.values),
        engagement_rate_by_impressions=_median(rate(e, shown) for _, shown, e, _ in sums.values),
        amplification=rate(sums.shares, sums.shared_of),
        replies=sums.replies,
        replies_read=sums.replies_read,
        share_negative=rate(sums.negative, sums.replies_read),
        share_neutral=rate(sums.neutral, sums.replies_read),
        share_positive=rate(sums.positive, sums.replies_read),
        share_unknown=rate(sums.unknown, sums.replies_read),
        response_minutes_median=_median(minutes for _, _, _, minutes in sums.values),
        answered=sums.answered,
        unanswered=sums.unanswered,
        ranked=sums.posts >= ENOUGH_POSTS and kind not in NEVER_RANKED and group != "",
    )


def rate(part: int | None, whole: int | None) -> float | None:
    """part / whole; None when either is not reported or the whole is 0 (M04: 'n/a', not 0)."""
    return None if part is None or not whole else part / whole


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(median(known)) if known else None


def _text_key(key: Any) -> str:
    return "" if key is None else key.isoformat() if isinstance(key, date) else str(key)

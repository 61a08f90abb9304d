"""What pages ask of figures, asked of posts, counts and replies themselves: what the answers cost where no facts are kept.

The same posts, groups and figures, with as much left to the database as can be: a row a post, from which sums and medians
are taken."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Select, String, and_, case, cast, func, null, select
from sqlmodel import Session, col

from bench.figures_fill import NOW
from insights.weeks import week_of
from social.accounts import Account
from social.clock import as_local
from social.interactions import Interaction, Reading
from social.measurements import Measurement, Metric
from social.places import places_within
from social.publications import Publication

ASKED = ("question", "complaint")
STANCES = ("negative", "neutral", "positive", "unknown")
KEYS: dict[str | None, Any] = {
    None: null(), "content_type": Publication.content_type, "place": Publication.place_id, "channel": Account.channel,
    "account": Publication.account_id, "week": Publication.published_at, "post": Publication.id,
    "place and kind": cast(Publication.place_id, String) + col(Publication.content_type),
}  # fmt: skip


def figures(
    session: Session, by: str | None = None, *, since: datetime | None = None, place_id: int | None = None
) -> dict[Any, Any]:
    """Sums and medians of counts and replies, as `insights.figures.figures_by` has them."""
    groups = counts(session, by, since=since, place_id=place_id)
    replies = shares(session, by, since=since, place_id=place_id)
    return {key: (found, replies.get(key)) for key, found in groups.items()}


def counts(
    session: Session, by: str | None = None, *, since: datetime | None = None, place_id: int | None = None,
    channel: str | None = None,
) -> dict[Any, Any]:  # fmt: skip
    """Of the latest counts of every post: sums, and medians of reach, engagement and the two rates."""
    listed: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    for _, key, *values in session.connection().execute(_posts(_counted(by), since, place_id, channel)):
        listed[week_of(key) if by == "week" else key].append(tuple(values))
    return {key: list(_summed(rows)) for key, rows in listed.items()}


def _counted(by: str | None) -> Select[Any]:
    latest = select(func.max(col(Measurement.id))).where(col(Measurement.publication_id) == col(Publication.id))
    last = latest.group_by(col(Measurement.metric)).correlate(Publication.__table__)  # type: ignore[attr-defined]  # SQLModel's own
    values = [func.max(case((col(Measurement.metric) == metric.value, col(Measurement.value)))) for metric in Metric]
    there = and_(col(Measurement.publication_id) == col(Publication.id), col(Measurement.id).in_(last))
    query = select(col(Publication.id), KEYS[by], *values).select_from(Publication)
    query = query.join(Account, col(Account.id) == col(Publication.account_id)).outerjoin(Measurement, there)
    return query.group_by(col(Publication.id), *([KEYS[by]] if by else []))


def _summed(rows: list[tuple[Any, ...]]) -> Iterator[Any]:
    places = {metric: place for place, metric in enumerate(Metric)}
    actions = [place for metric, place in places.items() if metric not in (Metric.IMPRESSIONS, Metric.REACH)]
    reach, shown = ([row[places[metric]] for row in rows] for metric in (Metric.REACH, Metric.IMPRESSIONS))
    done = [sum(there) if (there := [row[at] for at in actions if row[at] is not None]) else None for row in rows]
    yield len(rows)
    for values in (reach, shown, done):
        known = [value for value in values if value is not None]
        yield sum(known), median(known) if known else None
    for whole in (reach, shown):
        rates = [part / of for part, of in zip(done, whole, strict=True) if part is not None and of]
        yield median(rates) if rates else None


def shares(
    session: Session, by: str | None = None, *, since: datetime | None = None, place_id: int | None = None
) -> dict[Any, Any]:
    """Replies by stance, questions with and without an answer, and the median of first answers."""
    asked = col(Reading.kind).in_(ASKED)
    amounts: list[Any] = [
        func.count(), *(func.sum(case((col(Reading.stance) == stance, 1), else_=0)) for stance in STANCES),
        func.sum(case((and_(asked, col(Interaction.answered_at).is_not(None)), 1), else_=0)),
        func.sum(case((asked, 1), else_=0)),
        func.min(case((asked, col(Interaction.created_at)))), func.min(case((asked, col(Interaction.answered_at)))),
    ]  # fmt: skip
    query = select(col(Publication.id), KEYS[by], *amounts).select_from(Publication)
    query = query.join(Account, col(Account.id) == col(Publication.account_id))
    query = query.join(Interaction, col(Interaction.publication_id) == col(Publication.id))
    query = query.join(Reading, col(Reading.interaction_id) == col(Interaction.id)).where(~col(Interaction.ours))
    query = query.group_by(col(Publication.id), *([KEYS[by]] if by else []))
    sums: dict[Any, list[int]] = defaultdict(lambda: [0] * 7)
    minutes: dict[Any, list[float]] = defaultdict(list)
    for _, key, *amounts in session.connection().execute(_posts(query, since, place_id)):
        group = week_of(key) if by == "week" else key
        *numbers, first_asked, first_answered = amounts
        sums[group] = [one + more for one, more in zip(sums[group], numbers, strict=True)]
        if first_asked and first_answered:
            minutes[group].append((first_answered - first_asked) / timedelta(minutes=1))
    return {key: (found, median(minutes[key]) if minutes[key] else None) for key, found in sums.items()}


def hours(session: Session, place_id: int) -> dict[tuple[int, int], tuple[int, int]]:
    """Posts about a place and the replies under them, by weekday and hour of people's clocks."""
    query = select(col(Publication.published_at), func.count(col(Interaction.id)))
    query = query.outerjoin(Interaction, col(Interaction.publication_id) == col(Publication.id))
    query = query.where(col(Publication.place_id) == place_id).group_by(
        col(Publication.id), col(Publication.published_at)
    )
    found: dict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for moment, replies in session.connection().execute(query):
        local = as_local(moment)
        posts, before = found[local.weekday(), local.hour]
        found[local.weekday(), local.hour] = posts + 1, before + replies
    return found


def last_posts(session: Session) -> list[Any]:
    """Of each place when it was last posted about, and how often in a fortnight."""
    young = func.sum(case((col(Publication.published_at) >= NOW - timedelta(days=14), 1), else_=0))
    query = select(col(Publication.place_id), func.max(col(Publication.published_at)), young)
    return list(session.connection().execute(query.group_by(col(Publication.place_id))))


def _posts(query: Select[Any], since: datetime | None, place_id: int | None, channel: str | None = None) -> Select[Any]:
    query = query.where(col(Account.channel) != "alert" if channel is None else col(Account.channel) == channel)
    if since is not None:
        query = query.where(col(Publication.published_at) >= since)
    if place_id is not None:
        query = query.where(col(Publication.place_id).in_(places_within(place_id)))
    return query

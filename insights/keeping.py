"""Keeps `PublicationFacts` in step with what is stored, publication by publication, as news arrives.

Whoever stores news of a publication writes its `StalePublication` row in the same transaction; only those are worked
out again. `rebuild_facts` works out all of them and must come to the same (a property test holds the two together)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, func, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from insights.facts import PublicationFacts
from insights.figures import week_of
from insights.reading.base import CURRENT_VERSION, Kind, Stance
from social.accounts import Account, Audience
from social.context import Context
from social.interactions import Interaction, Reading
from social.labels import KIND, STANCE, Label
from social.measurements import Measurement, Metric
from social.publications import Publication, StalePublication
from social.retention_tables import ReplyTally
from social.upsert import insert_into, table_of

BATCH = 400

Progress = Callable[[int, int], None]


def keep_facts(context: Context) -> int:
    """Work out the facts of every publication that has news.  Returns how many were worked out."""
    done = 0
    while True:
        with context.database.write() as session:
            query: Any = select(col(StalePublication.publication_id), col(StalePublication.since))
            # Two workers must not take the same rows; on SQLite there is one writer anyway.
            stale = session.connection().execute(query.limit(BATCH).with_for_update(skip_locked=True)).all()
            if not stale:
                return done
            _work_out(session, [row[0] for row in stale], context.clock.now())
            _take_away(session, [(row[0], row[1]) for row in stale])
        done += len(stale)


def rebuild_facts(context: Context, progress: Progress | None = None) -> int:
    """Work out the facts of every publication from nothing.  progress(done, of) is called now and then."""
    with context.database.read() as session:
        every: Any = select(col(Publication.id)).order_by(col(Publication.id))
        ids: list[int] = list(session.connection().execute(every).scalars())
    with context.database.write() as session:
        known = select(col(Publication.id))
        session.connection().execute(delete(PublicationFacts).where(col(PublicationFacts.publication_id).not_in(known)))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with context.database.write() as session:
            query: Any = select(col(StalePublication.publication_id), col(StalePublication.since)).where(
                col(StalePublication.publication_id).in_(batch)
            )
            stale = [(row[0], row[1]) for row in session.connection().execute(query)]
            _work_out(session, batch, context.clock.now())
            _take_away(session, stale)
        if progress:
            progress(min(start + BATCH, len(ids)), len(ids))
    return len(ids)


def _take_away(session: Session, stale: Sequence[tuple[int, datetime]]) -> None:
    """Only rows as they were read: one that was renewed meanwhile tells of news that the facts do not hold yet."""
    if stale:
        pairs = tuple_(col(StalePublication.publication_id), col(StalePublication.since))
        session.connection().execute(delete(StalePublication).where(pairs.in_(stale)))


def _work_out(session: Session, ids: Sequence[int], now: datetime) -> None:
    """A few grouped queries for the batch, then one upsert."""
    query: Any = select(table_of(Publication), col(Account.channel).label("channel"))
    query = query.join(Account, col(Account.id) == col(Publication.account_id)).where(col(Publication.id).in_(ids))
    publications = session.connection().execute(query)
    figures = _latest_figures(session, ids)
    replies = _reply_counts(session, ids)
    followers = _followers(session, ids)
    rows = [
        {
            "publication_id": row.id,
            "account_id": row.account_id,
            "channel": row.channel,
            "content_type": row.content_type,
            "place_id": row.place_id,
            "campaign": row.campaign,
            "published_at": row.published_at,
            "week": week_of(row.published_at),
            "has_picture": row.has_picture,
            "followers": followers.get(row.id),
            **{metric.value: figures.get((row.id, metric.value)) for metric in Metric},
            **replies.get(row.id, _NO_REPLIES),
            "updated_at": now,
        }
        for row in publications
    ]
    if not rows:
        return
    statement = insert_into(session, PublicationFacts)
    columns = {name: statement.excluded[name] for name in rows[0] if name != "publication_id"}
    session.connection().execute(statement.on_conflict_do_update(index_elements=["publication_id"], set_=columns), rows)


def _latest_figures(session: Session, ids: Sequence[int]) -> dict[tuple[int, str], int]:
    newest = (
        select(func.max(col(Measurement.id)))
        .where(col(Measurement.publication_id).in_(ids))
        .group_by(col(Measurement.publication_id), col(Measurement.metric))
    )
    query = select(col(Measurement.publication_id), col(Measurement.metric), col(Measurement.value)).where(
        col(Measurement.id).in_(newest)
    )
    return {(row[0], row[1]): row[2] for row in session.connection().execute(query)}


_ASKED = (Kind.QUESTION.value, Kind.COMPLAINT.value)
_COUNTS = (
    "replies_stored",
    "replies_read",
    *(f"n_{stance.value}" for stance in Stance),
    *(f"n_{kind.value}" for kind in Kind),
    "answered",
    "unanswered",
)
_NO_REPLIES: dict[str, Any] = {**dict.fromkeys(_COUNTS, 0), "response_minutes": None, "analyser": None}


def _reply_counts(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Counts of residents' replies by stance and kind, and how soon we answered.

    As the current version reads them, and otherwise where a person said otherwise."""
    said_kind, said_stance = aliased(Label), aliased(Label)
    kind, stance = _shown(said_kind, Reading.kind), _shown(said_stance, Reading.stance)
    asked = kind.in_(_ASKED)
    answered = and_(asked, col(Interaction.answered_at).is_not(None))
    columns: list[Any] = [
        func.count(),
        func.count(col(Reading.id)),
        *(_count_where(stance == one.value) for one in Stance),
        *(_count_where(kind == one.value) for one in Kind),
        _count_where(answered),
        _count_where(and_(asked, col(Interaction.answered_at).is_(None))),
        func.min(case((asked, col(Interaction.created_at)), else_=None)),
        func.min(case((asked, col(Interaction.answered_at)), else_=None)),
    ]
    query = (
        select(col(Interaction.publication_id), *columns)
        .select_from(table_of(Interaction))
        .join(
            Reading,
            and_(col(Reading.interaction_id) == col(Interaction.id), col(Reading.version) == CURRENT_VERSION),
            isouter=True,
        )
        .join(said_kind, _says(said_kind, KIND), isouter=True)
        .join(said_stance, _says(said_stance, STANCE), isouter=True)
        .where(col(Interaction.publication_id).in_(ids), col(Interaction.ours).is_(False))
        .group_by(col(Interaction.publication_id))
    )
    found: dict[int, _Counted] = {}
    for row in session.connection().execute(query):
        found[row[0]] = _Counted(dict(zip(_COUNTS, row[1:-2], strict=True)), row[-2], row[-1])
    _add_forgotten(session, ids, found)
    return {publication_id: counted.as_columns() for publication_id, counted in found.items()}


@dataclass
class _Counted:
    """Counts by name, and the first question or complaint with the first answer to one."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTS, 0))
    asked_at: datetime | None = None
    answered_at: datetime | None = None

    def as_columns(self) -> dict[str, Any]:
        analyser = CURRENT_VERSION if self.counts["replies_read"] else None
        return {**self.counts, "response_minutes": _minutes(self.asked_at, self.answered_at), "analyser": analyser}


def _add_forgotten(session: Session, ids: Sequence[int], found: dict[int, _Counted]) -> None:
    """Replies whose time is over (R28) count on, as they were read last."""
    tallies = select(table_of(ReplyTally)).where(col(ReplyTally.publication_id).in_(ids))
    for tally in session.connection().execute(tallies):
        counted = found.setdefault(tally.publication_id, _Counted())
        names = ["replies_stored"]
        if tally.kind:
            names += ["replies_read", f"n_{tally.stance}", f"n_{tally.kind}"]
        if tally.kind in _ASKED:
            names.append("answered" if tally.answered else "unanswered")
            counted.asked_at = _first(counted.asked_at, tally.first_asked_at)
            counted.answered_at = _first(counted.answered_at, tally.first_answered_at)
        for name in names:
            counted.counts[name] += tally.replies


def _first(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


def _says(label: Any, aspect: str) -> Any:
    return and_(label.interaction_id == col(Interaction.id), label.aspect == aspect, label.in_force)


def _shown(label: Any, read: Any) -> Any:
    """What a person said, else what was read; NULL for what no analyser has read yet, whoever said something of it."""
    return case((col(Reading.id).is_not(None), func.coalesce(label.right, read)), else_=None)


def _count_where(condition: Any) -> Any:
    return func.count(case((condition, 1), else_=None))


def _minutes(asked: datetime | None, answered: datetime | None) -> float | None:
    """Minutes between the two, >= 0; None when either is missing."""
    if asked is None or answered is None:
        return None
    return max(0.0, (answered - asked).total_seconds() / 60)


def _followers(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """The account's followers when each was published: the last count at or before; no entry when there is none."""
    latest = (
        select(func.max(col(Audience.fetched_at)))
        .where(
            col(Audience.account_id) == col(Publication.account_id),
            col(Audience.fetched_at) <= col(Publication.published_at),
        )
        .correlate(table_of(Publication))
        .scalar_subquery()
    )
    columns: list[Any] = [Publication.id, Audience.followers]
    query = (
        select(*columns)
        .join(Audience, col(Audience.account_id) == col(Publication.account_id))
        .where(col(Publication.id).in_(ids), col(Audience.fetched_at) == latest)
        .order_by(col(Audience.id))
    )
    return {row[0]: row[1] for row in session.connection().execute(query)}

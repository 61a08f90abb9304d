"""Works the facts out from nothing, publication by publication, and then the weeks.

The database keeps them itself as rows arrive (docs/decisions/21-facts-kept-by-triggers.md). A rebuild is for whoever
doubts that, or changed rows by hand: it shares nothing with the triggers, and a property test holds the two together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, case, cast, delete, func, insert, or_, select
from sqlmodel import Field, Session, SQLModel, col

from insights.facts import NO_PLACE, FoldedWeek, PublicationFacts, WeeklyFacts, WeekPack
from insights.facts_counted import known_of_counts
from insights.facts_replies import known_of_replies, mend_what_is_seen
from insights.weeks import week_of
from social.accounts import Account, Audience
from social.clock import as_local
from social.context import Context
from social.database import UTCDateTime
from social.measurements import Metric
from social.publications import Publication
from social.upsert import put_rows, table_of

BATCH = 400

Progress = Callable[[int, int], None]


class FactsRebuild(SQLModel, table=True):
    """How far a rebuild is that was broken off or is under way: one row, or none.

    publication_id: the last one that was worked out.  week: the last one that was summed; None before the first."""

    __tablename__ = "facts_rebuild"

    id: int = Field(default=1, primary_key=True)
    begun_at: datetime = Field(sa_type=UTCDateTime)
    publication_id: int = 0
    week: date | None = None


def rebuild_facts(context: Context, progress: Progress | None = None) -> int:
    """Work out every row of facts.  Returns how many publications it worked out.

    progress(done, of) is called now and then.  Each step is a transaction of its own, so nobody waits for the whole, what
    arrives meanwhile is counted, and a rebuild that was broken off goes on where it stood."""
    with context.database.write() as session:
        state = session.get(FactsRebuild, 1) or FactsRebuild(begun_at=context.clock.now())
        session.add(state)
        for worked_out_of_these in (WeekPack, FoldedWeek):
            session.connection().execute(delete(worked_out_of_these))
    with context.database.read() as session:
        ids: Any = select(func.count()).select_from(table_of(Publication))
        total = session.connection().execute(ids).scalar_one()
        done = before = (
            session.connection().execute(ids.where(col(Publication.id) <= state.publication_id)).scalar_one()
        )
    while count := _next_publications(context):
        done += count
        if progress:
            progress(done, max(done, total))
    while _next_week(context):
        pass
    with context.database.write() as session:
        session.connection().execute(delete(FactsRebuild))
    return int(done - before)


def _next_publications(context: Context) -> int:
    with context.database.write() as session:
        state = session.get(FactsRebuild, 1)
        if state is None:
            return 0  # another process that was at it too has finished it
        query: Any = select(col(Publication.id)).where(col(Publication.id) > state.publication_id)
        ids = list(session.connection().execute(query.order_by(col(Publication.id)).limit(BATCH)).scalars())
        if ids:
            work_out(session, ids)
            state.publication_id = ids[-1]
        return len(ids)


def _next_week(context: Context) -> bool:
    """The sums of one week more.  Returns False when there is none left."""
    with context.database.write() as session:
        state = session.get(FactsRebuild, 1)
        if state is None:
            return False
        found = []
        for table in (table_of(PublicationFacts), table_of(WeeklyFacts)):
            query = select(func.min(table.c.week))
            if state.week is not None:
                query = query.where(table.c.week > state.week)
            found.append(session.connection().execute(query).scalar())
        week = min((one for one in found if one is not None), default=None)
        if week is not None:
            sum_week(session, week)
            state.week = week
        return week is not None


def work_out(session: Session, ids: Sequence[int]) -> None:
    """The facts of these publications, in the caller's transaction."""
    mend_what_is_seen(session, ids)
    query: Any = select(table_of(Publication), col(Account.channel).label("channel"))
    query = query.join(Account, col(Account.id) == col(Publication.account_id)).where(col(Publication.id).in_(ids))
    publications = session.connection().execute(query).all()
    counts = known_of_counts(session, {row.id: row.published_at for row in publications})
    replies = known_of_replies(session, ids)
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
            "local_weekday": as_local(row.published_at).weekday(),
            "local_hour": as_local(row.published_at).hour,
            "has_picture": row.has_picture,
            "followers": followers.get(row.id),
            **counts[row.id],
            **replies[row.id],
        }
        for row in publications
    ]
    put_rows(session, PublicationFacts, rows, _where_it_differs)


def _where_it_differs(statement: Any) -> Any:
    """A row that is right already is not written."""
    new, table = statement.excluded, table_of(PublicationFacts)
    names = [column.name for column in table.columns if column.name != "publication_id"]
    return statement.on_conflict_do_update(
        index_elements=["publication_id"],
        set_={name: new[name] for name in names},
        where=or_(*(table.c[name].is_distinct_from(new[name]) for name in names)),
    )


def sum_week(session: Session, week: date) -> None:
    """The sums of one week, from the facts of its publications, in the caller's transaction."""
    session.connection().execute(delete(WeeklyFacts).where(col(WeeklyFacts.week) == week))
    facts, sums = table_of(PublicationFacts).c, dict(_sums())
    key = {
        "week": facts.week,
        "place_id": func.coalesce(facts.place_id, NO_PLACE),
        "content_type": facts.content_type,
        "channel": facts.channel,
        "account_id": facts.account_id,
        "campaign": func.coalesce(facts.campaign, ""),
    }
    query = select(*key.values(), *sums.values()).where(facts.week == week).group_by(*key.values())
    session.connection().execute(insert(table_of(WeeklyFacts)).from_select([*key, *sums], query))


def _sums() -> Iterable[tuple[str, Any]]:
    facts = table_of(PublicationFacts).c
    actions = [facts[metric.value] for metric in Metric if metric not in (Metric.IMPRESSIONS, Metric.REACH)]
    engagement = sum((func.coalesce(one, 0) for one in actions[1:]), func.coalesce(actions[0], 0))
    yield "posts", func.count()
    yield "posts_with_picture", func.sum(cast(facts.has_picture, Integer))
    for metric in Metric:
        yield f"{metric.value}_posts", func.count(facts[metric.value])
        if metric is not Metric.REACH:
            yield metric.value, func.coalesce(func.sum(facts[metric.value]), 0)
    yield "engagement_posts", func.count(func.coalesce(*actions))
    shared = case((facts.shares.is_not(None), engagement), else_=0)
    yield "engagement_where_shares", func.sum(shared)
    for column in table_of(WeeklyFacts).columns:
        if column.name.startswith(("replies_stored", "replies_read", "n_", "answered", "unanswered")):
            yield column.name, func.sum(facts[column.name])


def _followers(session: Session, ids: Sequence[int]) -> Mapping[int, int]:
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

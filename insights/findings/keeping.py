"""Works findings out once a day, keeps them, and tells each week one of them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from insights.figures import week_of
from insights.findings.base import Finding, from_text
from insights.findings.choosing import Told, choose
from insights.findings.gathering import work_out
from insights.findings.kept import FindingOfWeek, KeptFinding
from social.context import Context
from social.upsert import insert_into, table_of

EVERY = timedelta(hours=24)


def keep_findings(context: Context) -> int:
    """Work them out if that was not done for a day, or in this week.  Returns how many are new or say something else."""
    now = context.clock.now()
    with context.database.read() as session:
        last = session.connection().execute(select(func.max(col(KeptFinding.worked_out_at)))).scalar()
        if last is not None and now - last < EVERY and week_of(last) == week_of(now):
            return 0
        found = work_out(session, now)
    with context.database.write() as session:
        before = {row.key: row.body for row in session.connection().execute(select(_kept()))}
        _keep(session, found, now)
        changed = len([one for one in found if before.get(one.key) != one.as_text()])
        return changed + _tell_the_week(session, found, now)


def findings_now(session: Session, now: datetime) -> tuple[list[Finding], datetime]:
    """The findings and when they were worked out, most telling first; right now where no worker has done it yet."""
    rows = session.connection().execute(select(_kept()).order_by(col(KeptFinding.position))).all()
    if rows:
        return [from_text(row.body) for row in rows], rows[0].worked_out_at
    return work_out(session, now), now


def finding_of_the_week(session: Session, now: datetime) -> Finding | None:
    """What this local week is told; the same all week.  None when there is nothing, or nothing new."""
    week = week_of(now)
    query: Any = select(col(FindingOfWeek.body)).where(col(FindingOfWeek.week) == week)
    body = session.connection().execute(query).scalar()
    if body is not None:
        return from_text(body)
    found, _ = findings_now(session, now)
    return choose(found, told_before(session, now))


def told_at(session: Session, now: datetime) -> datetime | None:
    """When this week's finding was worked out; its figures are of then.  None: nothing is kept, so it is worked out now."""
    query: Any = select(col(FindingOfWeek.told_at)).where(col(FindingOfWeek.week) == week_of(now))
    found: datetime | None = session.connection().execute(query).scalar()
    return found


def told_before(session: Session, now: datetime) -> list[Told]:
    """What the weeks before the one of `now` were told."""
    query: Any = select(col(FindingOfWeek.week), col(FindingOfWeek.key), col(FindingOfWeek.substance))
    rows = session.connection().execute(query.where(col(FindingOfWeek.week) < week_of(now)))
    return [Told(row[0], row[1], row[2]) for row in rows]


def _kept() -> Any:
    return table_of(KeptFinding)


def _keep(session: Session, found: list[Finding], now: datetime) -> None:
    connection = session.connection()
    connection.execute(delete(KeptFinding).where(col(KeptFinding.key).not_in([one.key for one in found])))
    if not found:
        return
    rows = [
        {"key": one.key, "position": place, "body": one.as_text(), "worked_out_at": now}
        for place, one in enumerate(found)
    ]
    statement = insert_into(session, KeptFinding)
    columns = {name: statement.excluded[name] for name in rows[0] if name != "key"}
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=columns), rows)


def _tell_the_week(session: Session, found: list[Finding], now: datetime) -> int:
    """Of two workers that do this at once, the first one's choice stands."""
    chosen = choose(found, told_before(session, now))
    if chosen is None:
        return 0
    statement = insert_into(session, FindingOfWeek).values(
        week=week_of(now), key=chosen.key, substance=chosen.substance, body=chosen.as_text(), told_at=now
    )
    done = session.connection().execute(statement.on_conflict_do_nothing().returning(col(FindingOfWeek.week)))
    return len(done.all())

"""Stores figures as they were reported: a row when a figure is the first or has changed, else when it was last seen."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlmodel import Session, col

from social.channels.base import Figure
from social.measurements import DEFINITION_VERSION, Measurement
from social.upsert import table_of


def store_figures(
    session: Session, publication_ids: Mapping[str, int], figures: Sequence[Figure], now: datetime
) -> int:
    """Store what one look brought, in the caller's transaction.  Returns how many figures were first or changed.

    publication_ids: our publications by platform id; figures of others are dropped."""
    reported = {
        (publication_ids[f.platform_id], f.metric.value): f for f in figures if f.platform_id in publication_ids
    }
    latest = _latest(session, sorted({publication_id for publication_id, _ in reported}))
    same = [latest[key].id for key, figure in reported.items() if key in latest and _is_same(latest[key], figure)]
    fresh: list[dict[str, Any]] = [
        {
            "publication_id": key[0],
            "metric": key[1],
            "value": figure.value,
            "source_metric": figure.source_metric,
            "definition_version": DEFINITION_VERSION,
            "fetched_at": now,
            "checked_at": now,
        }
        for key, figure in reported.items()
        if key not in latest or not _is_same(latest[key], figure)
    ]
    if same:
        session.connection().execute(
            update(Measurement)
            .where(col(Measurement.id).in_(same), col(Measurement.checked_at) < now)
            .values(checked_at=now)
        )
    if fresh:
        session.connection().execute(insert(table_of(Measurement)), fresh)
    return len(fresh)


def _latest(session: Session, publication_ids: Sequence[int]) -> dict[tuple[int, str], Any]:
    newest = (
        select(func.max(col(Measurement.id)))
        .where(col(Measurement.publication_id).in_(publication_ids))
        .group_by(col(Measurement.publication_id), col(Measurement.metric))
    )
    query = select(table_of(Measurement)).where(col(Measurement.id).in_(newest))
    return {(row.publication_id, row.metric): row for row in session.connection().execute(query)}


def _is_same(known: Any, figure: Figure) -> bool:
    return (known.value, known.source_metric, known.definition_version) == (
        figure.value,
        figure.source_metric,
        DEFINITION_VERSION,
    )

"""What is known of the reported counts of publications, worked out from every count that is stored: for a rebuild."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from insights.facts import AGES
from social.measurements import Measurement, Metric

_SOURCED = (Metric.IMPRESSIONS, Metric.REACH)


def known_of_counts(session: Session, published: Mapping[int, datetime]) -> dict[int, dict[str, Any]]:
    """The columns of facts that come from measurements, by publication.  published: when each of them went out."""
    columns: list[Any] = [
        Measurement.publication_id, Measurement.metric, Measurement.value, Measurement.source_metric,
        Measurement.definition_version, Measurement.fetched_at, Measurement.checked_at,
    ]  # fmt: skip
    query = select(*columns).where(col(Measurement.publication_id).in_(published)).order_by(col(Measurement.id))
    stored: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in session.connection().execute(query):
        stored[row.publication_id, row.metric].append(row)
    return {
        number: {
            name: value
            for metric in Metric
            for name, value in _of_metric(metric, stored.get((number, metric.value), ()), at).items()
        }
        for number, at in published.items()
    }


def _of_metric(metric: Metric, rows: Sequence[Any], published_at: datetime) -> dict[str, Any]:
    """rows: every count of one metric of one publication, the latest last."""
    name = metric.value
    found: dict[str, Any] = {name: rows[-1].value if rows else None}
    for label, age in AGES.items():
        first, last = published_at + age.after - age.before, published_at + age.after + age.late
        near = [row.value for row in rows if row.fetched_at <= last and row.checked_at >= first]
        found[f"{name}_{label}"] = near[-1] if near else None
    if metric in _SOURCED:
        sources = [f"{row.source_metric} v{row.definition_version}" for row in rows]
        others = [number for number, source in enumerate(sources) if source != sources[-1]]
        found[f"{name}_source"] = sources[-1] if sources else None
        found[f"{name}_source_before"] = sources[others[-1]] if others else None
        found[f"{name}_changed_at"] = rows[others[-1] + 1].fetched_at if others else None
    return found

"""One figure of reach with where it came from: measured by a network, or told by a page that passed the post on.

Estimates come in by one door: what the owner of a community page told and somebody noted as an estimate. They are
never put among what was measured (M05)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from insights.chosen import Chosen
from insights.facts import PublicationFacts as Facts
from social.measurements import Measurement
from social.profiles import CommunityPage, PageShare, SeenHow


@dataclass(frozen=True)
class Told:
    """value: accounts, >= 0; None where a page passed a post on and nobody told how many saw it there.

    measured: False for an estimate.  source: the network's own metric, or the name of the community page that told.
    definition: version of ours, None where a page told.  fetched_at: when the value was first so; as_of: when it was
    last seen to be so, None where not looked up.  page_id: of the community page, None for a network's figure."""

    value: int | None
    measured: bool
    source: str
    definition: int | None
    fetched_at: datetime | None
    publication_id: int
    page_id: int | None = None
    as_of: datetime | None = None


def where_seen(one: Told, network: str) -> str:
    """'on Facebook', or on whose page a copy of the post was seen: that page may be on another network."""
    return f"on {network}" if one.page_id is None else f"on the page '{one.source}', which passed it on"


def told_of(session: Session, chosen: Chosen) -> dict[int, list[Told]]:
    """What community pages on record passed on, by publication. Only pages are kept, and nobody else is named (R25)."""
    columns: list[Any] = [
        PageShare.publication_id, PageShare.page_id, PageShare.seen, PageShare.seen_how, PageShare.noted_at,
        CommunityPage.name,
    ]  # fmt: skip
    query = (
        select(*columns)
        .join(CommunityPage, col(CommunityPage.id) == col(PageShare.page_id))
        .join(Facts, col(Facts.publication_id) == col(PageShare.publication_id))
        .where(*chosen.where())
        .order_by(col(PageShare.id))
    )
    found: dict[int, list[Told]] = {}
    for publication_id, page_id, seen, how, noted_at, name in session.connection().execute(query):
        one = Told(seen, how == SeenHow.MEASURED, name, None, noted_at, publication_id, page_id, noted_at)
        found.setdefault(publication_id, []).append(one)
    return found


def with_moments(session: Session, figures: Iterable[Told | None], metric: str = "reach") -> dict[int, Told]:
    """The networks' own figures among these, by publication, with the moments of the row that each came from."""
    wanted = {one.publication_id: one for one in figures if one is not None and one.page_id is None}
    return {
        number: replace(wanted[number], fetched_at=fetched, as_of=checked)
        for number, fetched, checked in _moments(session, wanted, metric)
    }


def _moments(session: Session, publication_ids: Collection[int], metric: str) -> list[Any]:
    if not publication_ids:
        return []
    newest = (
        select(func.max(col(Measurement.id)))
        .where(col(Measurement.publication_id).in_(sorted(publication_ids)), col(Measurement.metric) == metric)
        .group_by(col(Measurement.publication_id))
    )
    columns: list[Any] = [Measurement.publication_id, Measurement.fetched_at, Measurement.checked_at]
    return list(session.connection().execute(select(*columns).where(col(Measurement.id).in_(newest))))

"""What came of appeals, in numbers: leads, handed off, used, hours to the first lead (M07). Likes are none of it.

What is purged leaves its numbers behind, so that a count never falls. Nothing here knows who wrote a lead (R25)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Field, Session, SQLModel, col

from social.database import UTCDateTime
from social.interactions import Interaction
from social.leads import Lead, LeadState
from social.publications import Publication

_POST = re.compile(r"POST-([0-9]{1,9})")
"""A person may type any reference: what no database takes for a number is no post's."""
NONE = ""
"""Stands for leads that belong to no appeal."""


class LeadTally(SQLModel, table=True):
    """What purged leads of one appeal leave behind.  reference: '' for none.  first_lead_at: when the earliest of them was
    written.  purged_at: when the last of them was; scrubbed_at: the database's files hold no trace of them since."""

    __tablename__ = "lead_tally"

    reference: str = Field(primary_key=True)
    leads: int = 0
    handed_off: int = 0
    used: int = 0
    first_lead_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    purged_at: datetime = Field(sa_type=UTCDateTime)
    scrubbed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


@dataclass(frozen=True)
class LeadCount:
    """One appeal's leads.

    reference: None for leads that belong to none.  leads: ever made, those purged too.  waiting: not handed off yet.
    handed_off: given to a desk, whatever came of it.  used: the desk said so.  hours_to_first: from the appeal's first
    publication to the first reply that became a lead, >= 0; None without a lead or a publication (M07)."""

    reference: str | None
    leads: int
    waiting: int
    handed_off: int
    used: int
    hours_to_first: float | None


def lead_counts(session: Session, references: Collection[str] | None = None) -> list[LeadCount]:
    """The counts of every appeal that has had a lead, by reference; those of no appeal last.

    references: these alone, with zeros for those without a lead; None for all."""
    found = {row[0] or NONE: row[1:] for row in session.connection().execute(_living(references)).all()}
    query = select(LeadTally) if references is None else select(LeadTally).where(
        col(LeadTally.reference).in_(list(references))
    )  # fmt: skip
    tallies = {tally.reference: tally for tally in session.execute(query).scalars()}
    names = set(references) if references is not None else {*found, *tallies}
    out = _first_out(session, names)
    return [
        _count(name, found.get(name), tallies.get(name), out.get(name))
        for name in sorted(names, key=lambda name: (name == NONE, name))
    ]


def _living(references: Collection[str] | None) -> Any:
    columns: list[Any] = [
        Lead.reference,
        func.count(),
        func.sum(case((col(Lead.state) == LeadState.NEW.value, 1), else_=0)),
        func.sum(case((col(Lead.handed_off_at).is_not(None), 1), else_=0)),
        func.sum(case((col(Lead.state) == LeadState.USED.value, 1), else_=0)),
        func.min(Interaction.created_at),
    ]
    query = select(*columns).join(Interaction, col(Interaction.id) == col(Lead.interaction_id)).group_by(Lead.reference)
    return query if references is None else query.where(col(Lead.reference).in_(list(references)))


def _first_out(session: Session, names: Collection[str]) -> dict[str, datetime]:
    """When the first publication of each appeal went out."""
    posts = {int(match[1]): name for name in names if (match := _POST.fullmatch(name))}
    reference, post, at = (getattr(Publication, name) for name in ("appeal_ref", "post_id", "published_at"))
    named = select(reference, func.min(at)).where(reference.in_(list(names))).group_by(reference)
    numbered = select(post, func.min(at)).where(post.in_(list(posts)), reference.is_(None)).group_by(post)
    rows = session.connection().execute(named).all()
    found = {str(name): moment for name, moment in rows}
    for number, moment in session.connection().execute(numbered).all() if posts else ():
        found.setdefault(posts[number], moment)
    return found


def _count(name: str, living: Any, tally: LeadTally | None, out: datetime | None) -> LeadCount:
    leads, waiting, handed_off, used, first = living or (0, 0, 0, 0, None)
    if tally is not None:
        leads, handed_off, used = leads + tally.leads, handed_off + tally.handed_off, used + tally.used
        first = min((moment for moment in (first, tally.first_lead_at) if moment is not None), default=None)
    hours = max(0.0, (first - out) / timedelta(hours=1)) if first is not None and out is not None else None
    return LeadCount(name or None, leads, waiting, handed_off, used, hours)


def add_to_tally(session: Session, lead: Lead, written_at: datetime, now: datetime) -> None:
    """Move one lead's numbers to the tally, in the transaction that removes the lead."""
    tally = session.get(LeadTally, lead.reference or NONE)
    if tally is None:
        tally = LeadTally(reference=lead.reference or NONE, purged_at=now)
    tally.leads += 1
    tally.handed_off += lead.handed_off_at is not None
    tally.used += lead.state == LeadState.USED.value
    tally.first_lead_at = min(tally.first_lead_at or written_at, written_at)
    tally.purged_at, tally.scrubbed_at = now, None
    session.add(tally)

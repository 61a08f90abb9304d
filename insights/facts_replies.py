"""What is known of the replies under publications, counted from every one that is stored: for a rebuild."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select, update
from sqlmodel import Session, col

from insights.reading.base import Kind, Stance
from social.interactions import Interaction, Reading
from social.labels import KIND, STANCE, Label
from social.retention_tables import ReplyTally
from social.upsert import table_of

_ASKED = (Kind.QUESTION.value, Kind.COMPLAINT.value)
_COUNTS = (
    "replies_stored",
    "replies_read",
    *(f"n_{stance.value}" for stance in Stance),
    *(f"n_{kind.value}" for kind in Kind),
    "answered",
    "unanswered",
)


@dataclass
class _Counted:
    """Counts by name, and the first question or complaint with the first answer to one."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTS, 0))
    asked_at: datetime | None = None
    answered_at: datetime | None = None

    def as_columns(self) -> dict[str, Any]:
        moments = {"first_asked_at": self.asked_at, "first_answered_at": self.answered_at}
        return {**self.counts, **moments, "response_minutes": _minutes(self.asked_at, self.answered_at)}


def mend_what_is_seen(session: Session, ids: Sequence[int]) -> None:
    """Write into the replies under these publications what people see of them, where it is not there already."""
    here = table_of(Interaction).c.id

    def shown(aspect: str, read: Any) -> Any:
        said = select(col(Label.right)).where(
            col(Label.interaction_id) == here, col(Label.aspect) == aspect, col(Label.in_force)
        )
        latest = select(func.coalesce(said.correlate(table_of(Interaction)).scalar_subquery(), read))
        latest = latest.where(col(Reading.interaction_id) == here).order_by(col(Reading.id).desc()).limit(1)
        return latest.correlate(table_of(Interaction)).scalar_subquery()

    kind, stance = shown(KIND, col(Reading.kind)), shown(STANCE, col(Reading.stance))
    wrong = or_(
        col(Interaction.seen_kind).is_distinct_from(kind), col(Interaction.seen_stance).is_distinct_from(stance)
    )
    mend = update(Interaction).where(col(Interaction.publication_id).in_(ids), wrong)
    session.connection().execute(mend.values(seen_kind=kind, seen_stance=stance))


def known_of_replies(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The columns of facts that come from replies, by publication: residents' own, and those that are forgotten."""
    kind, stance = col(Interaction.seen_kind), col(Interaction.seen_stance)
    asked, has_answer = kind.in_(_ASKED), col(Interaction.answered_at).is_not(None)
    columns: list[Any] = [
        func.count(),
        func.count(kind),
        *(_count_where(stance == one.value) for one in Stance),
        *(_count_where(kind == one.value) for one in Kind),
        _count_where(and_(asked, has_answer)),
        _count_where(and_(asked, ~has_answer)),
        func.min(case((asked, col(Interaction.created_at)), else_=None)),
        func.min(case((asked, col(Interaction.answered_at)), else_=None)),
    ]
    query = (
        select(col(Interaction.publication_id), *columns)
        .where(col(Interaction.publication_id).in_(ids), col(Interaction.ours).is_(False))
        .group_by(col(Interaction.publication_id))
    )
    found = {number: _Counted() for number in ids}
    for row in session.connection().execute(query):
        found[row[0]] = _Counted(dict(zip(_COUNTS, row[1:-2], strict=True)), row[-2], row[-1])
    _add_forgotten(session, ids, found)
    return {number: counted.as_columns() for number, counted in found.items()}


def _add_forgotten(session: Session, ids: Sequence[int], found: dict[int, _Counted]) -> None:
    """Replies whose time is over (R28) count on, as they were read last."""
    tallies = select(table_of(ReplyTally)).where(col(ReplyTally.publication_id).in_(ids))
    for tally in session.connection().execute(tallies):
        counted = found[tally.publication_id]
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


def _count_where(condition: Any) -> Any:
    return func.count(case((condition, 1), else_=None))


def _minutes(asked: datetime | None, answered: datetime | None) -> float | None:
    """Minutes between the two, to a thousandth, >= 0; None when either is missing."""
    if asked is None or answered is None:
        return None
    return round(max(0.0, (answered - asked).total_seconds() / 60), 3)

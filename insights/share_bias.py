"""How the analyser errs with this force's replies, by what its people said of them."""

from typing import Any

from sqlalchemy import and_, select
from sqlmodel import Session, col

from insights.count_shares import shares_of_counts
from insights.known_errors import errors_here
from insights.measuring import ENOUGH
from insights.reading import CURRENT_VERSION, Probabilities, default_analyser
from insights.reading.in_force import version_in_force
from insights.shares import BASE, CLASSES, Bias, Correction, learn_bias
from social.interactions import Reading
from social.labels import STANCE, Label


def bias_here(session: Session) -> tuple[Bias | None, int]:
    """The bias, and the judgements that it rests on; None below `ENOUGH`, which say nothing."""
    version = version_in_force(session)
    columns: list[Any] = [Label.right, Reading.p_negative, Reading.p_neutral, Reading.p_positive]
    rows = session.connection().execute(
        select(*columns)
        .join(Reading, and_(col(Reading.interaction_id) == col(Label.interaction_id), col(Reading.version) == version))
        .where(col(Label.in_force), col(Label.aspect) == STANCE, col(Label.right).in_(CLASSES))
        .where(col(Reading.p_neutral).is_not(None))
    )
    judged = [Correction(_summable(version, *p), CLASSES.index(right)) for right, *p in rows]
    if len(judged) < ENOUGH:
        return None, len(judged)
    return learn_bias(judged, _mix_here(session)), len(judged)


def _summable(version: str, *p: float) -> tuple[float, float, float]:
    """A stored reading's probabilities as `shares_of_file` adds them up."""
    from insights.reading.fast import summable

    negative, neutral, positive = p
    if version != CURRENT_VERSION:
        return negative, neutral, positive
    return summable(default_analyser(), Probabilities(negative, neutral, positive))


def _mix_here(session: Session) -> tuple[float, float, float]:
    """The shares among all of this force's replies; BASE where none is known."""
    errors = errors_here(session)
    shares = shares_of_counts(errors.read, (0, 0, 0), errors)
    if not shares:
        return BASE
    negative, neutral, positive = (max(0.005, shares[name].estimate) for name in CLASSES)
    return negative, neutral, positive

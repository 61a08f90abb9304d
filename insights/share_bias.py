"""How the analyser errs with this force's replies, by what its people said of them."""

from typing import Any

from sqlalchemy import and_, select
from sqlmodel import Session, col

from insights.measuring import ENOUGH
from insights.reading.base import CURRENT_VERSION
from insights.shares import CLASSES, Bias, Correction, learn_bias
from social.interactions import Reading
from social.labels import STANCE, Label


def bias_here(session: Session, version: str = CURRENT_VERSION) -> tuple[Bias | None, int]:
    """The bias, and the judgements that it rests on; None below `ENOUGH`, which say nothing."""
    columns: list[Any] = [Label.right, Reading.p_negative, Reading.p_neutral, Reading.p_positive]
    rows = session.connection().execute(
        select(*columns)
        .join(Reading, and_(col(Reading.interaction_id) == col(Label.interaction_id), col(Reading.version) == version))
        .where(col(Label.in_force), col(Label.aspect) == STANCE, col(Label.right).in_(CLASSES))
        .where(col(Reading.p_neutral).is_not(None))
    )
    judged = [Correction(tuple(p), CLASSES.index(right)) for right, *p in rows]
    return (learn_bias(judged) if len(judged) >= ENOUGH else None), len(judged)

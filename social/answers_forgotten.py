"""Takes the words out of answers and of what was kept of hidden replies, where a reply's own words are erased."""

from collections.abc import Collection

from sqlmodel import Session, col, select, update

from social.answer_records import Answer, AnswerStep
from social.hiding_records import Hiding

_FORGOTTEN: dict[str, None] = {"evidence": None, "note": None, "reason": None}


def forget_answers(session: Session, interaction_ids: Collection[int]) -> None:
    """The words of the answers to these replies, which may repeat theirs, and what networks said of them."""
    ids = sorted(interaction_ids)
    answers = select(col(Answer.id)).where(col(Answer.interaction_id).in_(ids))
    session.exec(update(AnswerStep).where(col(AnswerStep.answer_id).in_(answers)).values(reason=None))
    session.exec(update(Answer).where(col(Answer.interaction_id).in_(ids)).values(text="", reason=None))


def forget_hidings(session: Session, interaction_ids: Collection[int]) -> None:
    """The copies of hidden replies and the notes about them. Only where somebody's words have to go altogether (R10,
    R29): a reply that is merely old leaves its copy to the copy's own clock (R20, R28)."""
    session.exec(update(Hiding).where(col(Hiding.interaction_id).in_(sorted(interaction_ids))).values(**_FORGOTTEN))


def forget_hidings_under(session: Session, publication_ids: Collection[int]) -> None:
    """The same for all that was hidden under these posts, of replies too that were purged themselves (R10)."""
    session.exec(update(Hiding).where(col(Hiding.publication_id).in_(sorted(publication_ids))).values(**_FORGOTTEN))

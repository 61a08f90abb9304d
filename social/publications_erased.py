"""Takes the words out of publications and of what residents wrote under them, and keeps the numbers (R10, M13).

No more is taken in under them afterwards: `heard.py` leaves out what belongs to an erased publication."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, literal, or_, update
from sqlmodel import Session, col, select

from social.answers_forgotten import forget_answers, forget_hidings, forget_hidings_under
from social.attachments import ERASED, forget_attachments
from social.campaigns import Campaign
from social.desk_tables import ReplyNote
from social.forgotten import forget_reasons
from social.hiding_records import Hiding
from social.interactions import Interaction
from social.lead_purging import AT_ONCE, forget_leads
from social.publications import CollectingState, Publication


def erase_publications(session: Session, publication_ids: Sequence[int], now: datetime) -> int:
    """Erase what these said, and every reply under them; nothing more is read from them.  Returns how many replies."""
    if not publication_ids:
        return 0
    session.exec(
        update(Publication)
        .where(col(Publication.id).in_(publication_ids))
        .values(text="", campaign=_on_record(), erased_at=now)
    )
    session.exec(
        update(CollectingState)
        .where(col(CollectingState.publication_id).in_(publication_ids))
        .values(next_at=None, cursor=None, last_error=None)
    )
    forget_hidings_under(session, publication_ids)
    return _erase(session, now, col(Interaction.publication_id).in_(publication_ids))


def _on_record() -> Any:
    """The campaign that a post was part of, where it has a record of its own: the numbers stay in its figures (M13).

    A label that nobody made a campaign of may hold words of the post, and goes with them."""
    own = select(Campaign.name).where(col(Campaign.name) == col(Publication.campaign))
    return own.correlate(Publication).scalar_subquery()


def erase_replies_naming(session: Session, names: Collection[str], now: datetime, *, since: datetime) -> int:
    """Erase replies anywhere that give one of these names, written since then, and copies that were kept of such when they
    were hidden.  Returns how many replies."""
    if not names:
        return 0
    forget = {"evidence": None, "note": None, "reason": None}
    session.exec(update(Hiding).where(col(Hiding.asked_at) >= since, _gives(Hiding.evidence, names)).values(**forget))
    return _erase(session, now, col(Interaction.created_at) >= since, _gives(Interaction.text, names))


def _gives(words: Any, names: Collection[str]) -> Any:
    return or_(*(func.lower(words).contains(name.lower(), autoescape=True) for name in sorted(names)))


def _erase(session: Session, now: datetime, *where: Any) -> int:
    """The words, the key that joins a thread and what came with them; leads among them are forgotten with their notes
    (R28). Kind, stance and moments are numbers of the figures and stay."""
    found = select(Interaction.id).where(*where, col(Interaction.text) != "")
    ids = [number for number in session.exec(found) if number is not None]
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        forget_leads(session, some, now)
        forget_attachments(session, some)
        _forget_beside(session, some, now)
        erased = {"text": "", "author_key": None, "unread": False, "retention": ERASED}
        session.exec(update(Interaction).where(col(Interaction.id).in_(some)).values(**erased))
    # A reply that its writer deleted has no words left, but what people kept and said of it has.
    kept: Any = select(literal(1)).where(col(Hiding.interaction_id) == col(Interaction.id), col(Hiding.evidence) != "")
    noted: Any = select(literal(1)).where(col(ReplyNote.interaction_id) == col(Interaction.id))
    there = or_(kept.correlate(Interaction).exists(), noted.correlate(Interaction).exists())
    rest = select(Interaction.id).where(*where, col(Interaction.text) == "", there)
    _forget_beside(session, [number for number in session.exec(rest) if number is not None], now)
    return len(ids)


def _forget_beside(session: Session, ids: Sequence[int], now: datetime) -> None:
    """What stands beside these replies and may repeat their words: answers, copies, notes and reasons."""
    if ids:
        forget_answers(session, ids)
        forget_hidings(session, ids)
        session.exec(delete(ReplyNote).where(col(ReplyNote.interaction_id).in_(ids)))
        forget_reasons(session, ids, now)

"""Takes the words out of publications and of what residents wrote under them, and keeps the numbers (R10, M13).

No more is taken in under them afterwards: `heard.py` leaves out what belongs to an erased publication."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, update
from sqlmodel import Session, col, select

from social.answers_forgotten import forget_answers, forget_hidings
from social.attachments import ERASED, forget_attachments
from social.interactions import Interaction
from social.lead_purging import AT_ONCE, forget_leads
from social.publications import CollectingState, Publication, mark_stale


def erase_publications(session: Session, publication_ids: Sequence[int], now: datetime) -> int:
    """Erase what these said, and every reply under them; nothing more is read from them.  Returns how many replies."""
    if not publication_ids:
        return 0
    session.exec(
        update(Publication)
        .where(col(Publication.id).in_(publication_ids))
        .values(text="", campaign=None, erased_at=now)
    )
    session.exec(
        update(CollectingState)
        .where(col(CollectingState.publication_id).in_(publication_ids))
        .values(next_at=None, cursor=None, last_error=None)
    )
    mark_stale(session, set(publication_ids), now)  # figures kept of it take the campaign's label off too
    return _erase(session, now, col(Interaction.publication_id).in_(publication_ids))


def erase_replies_naming(session: Session, names: Collection[str], now: datetime, *, since: datetime) -> int:
    """Erase replies anywhere that give one of these names, written since then.  Returns how many."""
    if not names:
        return 0
    named = [func.lower(Interaction.text).contains(name.lower(), autoescape=True) for name in sorted(names)]
    return _erase(session, now, col(Interaction.created_at) >= since, or_(*named))


def _erase(session: Session, now: datetime, *where: Any) -> int:
    """The words, the key that joins a thread and what came with them; leads among them are forgotten with their notes
    (R28). Kind, stance and moments are numbers of the figures and stay."""
    found = select(Interaction.id).where(*where, col(Interaction.text) != "")
    ids = [number for number in session.exec(found) if number is not None]
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        forget_leads(session, some, now)
        forget_attachments(session, some)
        forget_answers(session, some)
        forget_hidings(session, some)
        erased = {"text": "", "author_key": None, "unread": False, "retention": ERASED}
        session.exec(update(Interaction).where(col(Interaction.id).in_(some)).values(**erased))
    return len(ids)

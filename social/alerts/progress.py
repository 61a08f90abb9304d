"""How far an alert has come: counts of its messages, never of what one resident did (R25)."""

from dataclasses import dataclass, field

from sqlalchemy import case, func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from social.alerts.mailings import DigestItem, Mailing, Message


@dataclass(frozen=True)
class Progress:
    """states: messages by `MessageState`, both ways together.  texts: of them, text messages.  in_digests: residents
    who read it in a daily or weekly message; to_come: of them, those who have not yet.  corrections: messages by state
    that told residents that it was taken back."""

    mailing: Mailing
    states: dict[str, int] = field(default_factory=dict)
    texts: int = 0
    in_digests: int = 0
    to_come: int = 0
    corrections: dict[str, int] = field(default_factory=dict)

    @property
    def sent(self) -> int:
        """Messages that left."""
        return sum(self.states.get(state, 0) for state in ("sent", "delivered", "unknown"))


def progress_of(session: Session, mailing_id: int) -> Progress | None:
    """None for a mailing that is not there."""
    mailing = session.get(Mailing, mailing_id)
    if mailing is None:
        return None
    states, texts = _by_state(session, mailing_id)
    correction = session.exec(select(Mailing.id).where(Mailing.corrects_id == mailing_id)).first()
    waits = case((col(DigestItem.message_id).is_(None), 1), else_=0)
    items = rows_of(func.count(), func.coalesce(func.sum(waits), 0)).where(
        col(DigestItem.mailing_id) == mailing_id, col(DigestItem.dropped_at).is_(None)
    )
    in_digests, to_come = session.connection().execute(items).one()
    corrections = _by_state(session, correction)[0] if correction is not None else {}
    return Progress(mailing, states, texts, in_digests, to_come, corrections)


def _by_state(session: Session, mailing_id: int) -> tuple[dict[str, int], int]:
    query = rows_of(col(Message.state), col(Message.way), func.count()).where(col(Message.mailing_id) == mailing_id)
    states: dict[str, int] = {}
    texts = 0
    for state, way, count in session.connection().execute(query.group_by(col(Message.state), col(Message.way))):
        states[state] = states.get(state, 0) + count
        texts += count if way == "text" else 0
    return states, texts

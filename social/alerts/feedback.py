"""What a resident says of one message with one tap, and, only where the force turned it on, that it was opened (M08)."""

from sqlalchemy import CursorResult, Update, update
from sqlmodel import Session, col

from social.alerts.links import Claim, still_holds
from social.alerts.mailings import Message
from social.alerts.residents import Resident
from social.context import Context


def note_useful(context: Context, said: Claim, useful: bool) -> Resident | None:
    """Keep whether the message was useful; the last word counts.

    Returns whose message it was; None for a link that holds no more or is about no message of theirs."""
    with context.database.write() as session:
        found = still_holds(session, said)
        if found is None or not _put(session, said, useful=useful):
            return None
        return found.resident


def note_opened(context: Context, said: Claim) -> None:
    """Keep when the message was first opened. Nothing is kept unless `alert_tracking` is on."""
    if context.settings.alert_tracking:
        with context.database.write(together=True) as session:
            _change(session, _of(said).where(col(Message.opened_at).is_(None)).values(opened_at=context.clock.now()))


def _put(session: Session, said: Claim, *, useful: bool) -> bool:
    return _change(session, _of(said).values(useful=useful)) == 1


def _of(said: Claim) -> Update:
    return update(Message).where(col(Message.id) == said.about, col(Message.resident_id) == said.resident_id)


def _change(session: Session, statement: Update) -> int:
    """Rows changed."""
    done = session.connection().execute(statement)
    assert isinstance(done, CursorResult)
    return done.rowcount

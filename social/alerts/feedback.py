"""What a resident says of one message with one tap, and, only where the force turned it on, that it was opened (M08)."""

from enum import StrEnum

from sqlalchemy import CursorResult, Update, update
from sqlmodel import Session, col, select

from social.alerts.links import Claim, still_holds
from social.alerts.mailings import Message
from social.alerts.residents import Resident
from social.context import Context


class UsefulBy(StrEnum):
    """How it is known whether a message was useful.  YES, NO: that link was opened.  BOTH: both were, as guards of mail do
    and no reader does, so that neither counts.  BUTTON: somebody pressed a button, and opened links say nothing more."""

    YES = "yes"
    NO = "no"
    BOTH = "both"
    BUTTON = "button"


def note_tapped(context: Context, said: Claim, useful: bool) -> bool | None:
    """One of the two links was opened: that is the answer, unless the other one was opened as well.

    Returns what is kept now; None for nothing, also of a link that holds no more."""
    with context.database.write() as session:
        theirs = select(Message).where(Message.id == said.about, Message.resident_id == said.resident_id)
        message = session.exec(theirs.with_for_update()).first()
        if message is None or still_holds(session, said) is None:
            return None
        by = message.useful_by or (UsefulBy.BUTTON if message.useful is not None else None)
        this = UsefulBy.YES if useful else UsefulBy.NO
        if by is None:
            message.useful, message.useful_by = useful, this.value
        elif by in (UsefulBy.YES, UsefulBy.NO) and by != this:
            message.useful, message.useful_by = None, UsefulBy.BOTH.value
        session.add(message)
        return message.useful


def note_useful(context: Context, said: Claim, useful: bool) -> Resident | None:
    """Keep whether the message was useful, as a button said; the last word counts.

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
    return _change(session, _of(said).values(useful=useful, useful_by=UsefulBy.BUTTON.value)) == 1


def _of(said: Claim) -> Update:
    return update(Message).where(col(Message.id) == said.about, col(Message.resident_id) == said.resident_id)


def _change(session: Session, statement: Update) -> int:
    """Rows changed."""
    done = session.connection().execute(statement)
    assert isinstance(done, CursorResult)
    return done.rowcount

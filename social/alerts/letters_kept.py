"""What is kept of a letter beside the reply that it became: who wrote it, sealed, and by what the answer finds its way.

It goes when the reply goes; what belongs to no reply goes after the same days (R28)."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import Session, col, select, update

from social.alerts.letterbox_tables import LetterIn, LetterState
from social.audit import record
from social.context import Context
from social.interactions import Interaction
from social.purging import PURGE, Purger, before
from social.retention import LETTER
from social.settings import Settings
from social.staff import Action, Person, require
from social.upsert import table_of
from social.vault import Vault

PREFIX = "letter-"
"""How the platform ids of letters begin."""
OUR_PREFIX = "answer-"
"""How the platform ids of our answers begin."""


@dataclass(frozen=True)
class Sealed:
    """What is sealed beside a letter.  sender: the bare address.  message_id, references: with angle brackets, '' for
    none.  text: only while a person has to say which alert it is about."""

    sender: str = field(repr=False)
    subject: str = field(repr=False, default="")
    message_id: str = ""
    references: str = ""
    text: str = field(repr=False, default="")


def seal(vault: Vault, written: Sealed) -> bytes:
    return vault.seal(asdict(written))


def opened(vault: Vault, letter: LetterIn) -> Sealed | None:
    """None where nothing is kept.  Raises BeatlineError for another key's seal."""
    return Sealed(**vault.open(letter.sealed)) if letter.sealed else None


def platform_id_of(letter: LetterIn) -> str:
    """What the letter's reply goes by in its thread."""
    return f"{PREFIX}{letter.mark}"


def letter_of(session: Session, account_id: int, platform_id: str) -> LetterIn | None:
    """The letter that became this reply; None when there is none, or none any more."""
    query = select(LetterIn).join(Interaction, col(Interaction.id) == col(LetterIn.interaction_id))
    return session.exec(
        query.where(Interaction.account_id == account_id, Interaction.platform_id == platform_id)
    ).first()


def forget_writer(session: Session, resident_id: int) -> int:
    """Let go of who wrote: nothing leads from a letter to this resident any more, and nobody can answer there.

    The replies stay until they are over their time or are erased by themselves.  Returns how many letters it was."""
    mine = col(LetterIn.resident_id) == resident_id
    session.connection().execute(delete(table_of(LetterIn)).where(mine, col(LetterIn.interaction_id).is_(None)))
    changed = session.exec(update(LetterIn).where(mine).values(resident_id=None, message_id=None, sealed=None))
    return int(changed.rowcount)


def letters_by(session: Session, vault: Vault, resident_id: int) -> list[dict[str, Any]]:
    """What is held of this resident's letters, for whoever answers their request (R29); oldest first."""
    query = select(LetterIn).where(LetterIn.resident_id == resident_id).order_by(col(LetterIn.id))
    return [_told(session, vault, letter) for letter in session.exec(query)]


def _told(session: Session, vault: Vault, letter: LetterIn) -> dict[str, Any]:
    kept = opened(vault, letter)
    reply = session.get(Interaction, letter.interaction_id) if letter.interaction_id is not None else None
    return {
        "arrived_at": letter.arrived_at.isoformat(),
        "state": letter.state,
        "subject": kept.subject if kept is not None else None,
        "words": reply.text if reply is not None else kept.text if kept is not None else None,
        "reply": letter.interaction_id,
    }


def _count(session: Session, settings: Settings, now: datetime) -> int:
    """Letters that belong to no reply and are over their time."""
    query = select(func.count(col(LetterIn.id))).where(*_due(settings, now))
    return int(session.exec(query).one())


def _purge(context: Context, actor: Person | str, step: Callable[[int], None]) -> int:
    with context.database.write() as session:
        if isinstance(actor, Person):
            require(session, actor, Action.ERASE, None)
        now = context.clock.now()
        gone = session.connection().execute(delete(table_of(LetterIn)).where(*_due(context.settings, now)))
        done = int(gone.rowcount)
        if done:
            record(session, now, actor=actor, action=PURGE, subject=("records", LETTER.key), after={"records": done})
    step(done)
    return done


def _due(settings: Settings, now: datetime) -> Sequence[Any]:
    return (
        col(LetterIn.interaction_id).is_(None),
        col(LetterIn.arrived_at) <= before(settings, now, "reply_days"),
        # What was read a moment ago and is being stored has no reply yet.
        col(LetterIn.state) != LetterState.REPLY.value,
    )


PURGERS: tuple[Purger, ...] = (Purger(LETTER.key, _count, _purge),)

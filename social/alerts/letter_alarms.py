"""An emergency in a letter that no alert claims must not lie there until somebody looks (R19): the duty contact is mailed at
once, again every five minutes, and more people the longer nobody says what the letter is about.

What reads the words is `insights.reading.letter_texts`; who is told, `social.duty_elsewhere`. A letter that stands in Replies is told of as every reply is."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from social.alarms import LETTER, open_alarm
from social.alerts.letterbox_tables import LetterIn, LetterState
from social.alerts.letters_kept import opened
from social.clock import as_local
from social.context import Context
from social.duty_elsewhere import raise_for_duty, tell_elsewhere

BATCH = 200


def unread_letters(context: Context) -> list[tuple[int, str]]:
    """Letters that no alert claims and nothing has read yet, at most `BATCH`: number and words."""
    query = select(LetterIn).where(LetterIn.state == LetterState.UNMATCHED.value, col(LetterIn.unread).is_(True))
    with context.database.read() as session:
        found = [(letter.id or 0, opened(context.vault, letter)) for letter in session.exec(query.limit(BATCH))]
    return [(number, kept.text if kept is not None else "") for number, kept in found]


def note_read(context: Context, kinds: Mapping[int, str | None], urgent: Mapping[int, str]) -> int:
    """These letters were read.  kinds: as what, by their numbers; None for one that could not be.  urgent: those that
    somebody must see at once, with what they read like.

    Returns how many alarms were raised: one for each letter, however often it is read."""
    with context.database.write() as session:
        now = context.clock.now()
        waits = col(LetterIn.state) == LetterState.UNMATCHED.value
        for number, kind in kinds.items():
            session.exec(update(LetterIn).where(col(LetterIn.id) == number, waits).values(unread=False, kind=kind))
        return sum(_raise(session, now, number, why) for number, why in urgent.items())


def _raise(session: Session, now: datetime, letter_id: int, why: str) -> bool:
    key, letter = f"{LETTER}{letter_id}", session.get(LetterIn, letter_id)
    if letter is None or letter.state != LetterState.UNMATCHED or open_alarm(session, key) is not None:
        return False
    arrived = as_local(letter.arrived_at)
    text = (
        f"Letter {letter_id} in the alert service's letterbox {why}. It came on {arrived.day} {arrived:%B %Y at %H:%M}."
    )
    raise_for_duty(session, now, key=key, about=f"letter:{letter_id}", place_id=None, text=text)
    return True


def tell_of_letters(context: Context) -> int:
    """Make the mails that are due; the duty contact's job sends them.  Returns how many alarms were told of."""
    return tell_elsewhere(context, LETTER, lambda _session, _alarm: None)

"""An emergency in a letter that no alert claims must not lie there until somebody looks (R19): the duty contact is mailed at
once, again every five minutes, and more people the longer nobody says what the letter is about.

What reads the words is `insights.reading.letter_texts`. A letter that stands in Replies is told of as every reply is."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from social.alarms import LETTER, Alarm, AlarmMail, AlarmMailItem, open_alarm
from social.alerts.letterbox_tables import LetterIn, LetterState
from social.alerts.letters_kept import opened
from social.clock import as_local
from social.context import Context
from social.duty import contacts_for, last_resort
from social.duty_rules import REPEAT, level_at, recipients_at
from social.duty_telling import make_mail

BATCH = 200


def unread_letters(context: Context) -> list[tuple[int, str]]:
    """Letters that no alert claims and nothing has read yet, at most `BATCH`: number and words."""
    query = select(LetterIn).where(LetterIn.state == LetterState.UNMATCHED.value, col(LetterIn.unread).is_(True))
    with context.database.read() as session:
        found = [(letter.id or 0, opened(context.vault, letter)) for letter in session.exec(query.limit(BATCH))]
    return [(number, kept.text if kept is not None else "") for number, kept in found]


def note_read(context: Context, letter_ids: Collection[int], urgent: Mapping[int, str]) -> int:
    """These letters were read.  urgent: those that somebody must see at once, with what they read like.

    Returns how many alarms were raised: one for each letter, however often it is read."""
    with context.database.write() as session:
        now = context.clock.now()
        session.exec(update(LetterIn).where(col(LetterIn.id).in_(list(letter_ids))).values(unread=False))
        return sum(_raise(session, now, number, why) for number, why in urgent.items())


def _raise(session: Session, now: datetime, letter_id: int, why: str) -> bool:
    key, letter = f"{LETTER}{letter_id}", session.get(LetterIn, letter_id)
    if letter is None or letter.state != LetterState.UNMATCHED or open_alarm(session, key) is not None:
        return False
    told = (*contacts_for(session, None), *last_resort(session, None))
    person = next((one.person_id for one in told if not one.desk), None)
    arrived = as_local(letter.arrived_at)
    text = (
        f"Letter {letter_id} in the alert service's letterbox {why}. It came on {arrived.day} {arrived:%B %Y at %H:%M}."
    )
    session.add(Alarm(key=key, about=f"letter:{letter_id}", person_id=person, text=text, raised_at=now))
    return True


def tell_of_letters(context: Context) -> int:
    """Make the mails that are due; the duty contact's job sends them.  Returns how many alarms were told of."""
    if not context.settings.smtp_host:
        return 0
    with context.database.read() as session:
        if not _due(session, context.clock.now()):
            return 0
    with context.database.write() as session:
        now = context.clock.now()
        due = _due(session, now)
        contacts, rest = contacts_for(session, None), last_resort(session, None)
        for alarm in due:
            for one in recipients_at(level_at(alarm.raised_at, now), contacts, rest):
                make_mail(session, now, one, [alarm.id or 0])
    return len(due)


def _due(session: Session, now: datetime) -> list[Alarm]:
    """Open ones of which nobody was told in the last five minutes."""
    last = (
        select(func.max(AlarmMail.made_at))
        .join(AlarmMailItem, col(AlarmMailItem.mail_id) == col(AlarmMail.id))
        .where(col(AlarmMailItem.alarm_id) == col(Alarm.id))
        .correlate(Alarm)
        .scalar_subquery()
    )
    query = select(Alarm).where(
        col(Alarm.key).startswith(LETTER, autoescape=True),
        col(Alarm.cleared_at).is_(None),
        col(Alarm.seen_at).is_(None),
    )
    return list(session.exec(query.where(~func.coalesce(last > now - REPEAT, False)).order_by(col(Alarm.id))))

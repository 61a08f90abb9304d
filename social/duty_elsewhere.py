"""Emergencies that are no replies: what somebody wrote in a survey, a letter that belongs to no alert (R19).

Each is an alarm whose key begins with a word for its kind. Whoever is on duty is told of it by the rules of replies: at
once, again every five minutes, and more people the longer nobody says that they have seen it. Whoever raises one says
there what ends it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from social.alarms import Alarm, AlarmMail, AlarmMailItem
from social.context import Context
from social.duty import contacts_for, last_resort
from social.duty_rules import REPEAT, level_at, recipients_at
from social.duty_telling import make_mail

PlaceOf = Callable[[Session, Alarm], int | None]
"""Which area an alarm is about; None is the whole force."""


def raise_for_duty(session: Session, now: datetime, *, key: str, about: str, place_id: int | None, text: str) -> None:
    """Raise the alarm; it stands on Today for the first who is told and has an account.  text: a sentence of ours."""
    told = (*contacts_for(session, place_id), *last_resort(session, place_id))
    person = next((one.person_id for one in told if not one.desk), None)
    session.add(Alarm(key=key, about=about, person_id=person, text=text, raised_at=now))


def tell_elsewhere(context: Context, prefix: str, place_of: PlaceOf) -> int:
    """Make the mails that are due for alarms whose keys begin so; the duty contact's job sends them.

    Returns how many alarms were told of; 0 without a mail server."""
    if not context.settings.smtp_host:
        return 0
    with context.database.read() as session:
        if not _due(session, prefix, context.clock.now()):
            return 0
    with context.database.write() as session:
        now = context.clock.now()
        due = _due(session, prefix, now)
        for alarm in due:
            place_id = place_of(session, alarm)
            contacts, rest = contacts_for(session, place_id), last_resort(session, place_id)
            for one in recipients_at(level_at(alarm.raised_at, now), contacts, rest):
                make_mail(session, now, one, [alarm.id or 0])
    return len(due)


def unseen(session: Session, prefix: str) -> list[Alarm]:
    """Those that nobody has seen, oldest first."""
    return list(session.exec(select(Alarm).where(*_open(prefix)).order_by(col(Alarm.id))))


def _open(prefix: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Alarm.key).startswith(prefix, autoescape=True),
        col(Alarm.cleared_at).is_(None),
        col(Alarm.seen_at).is_(None),
    )


def _due(session: Session, prefix: str, now: datetime) -> list[Alarm]:
    """Open ones of which nobody was told in the last five minutes."""
    last = (
        select(func.max(AlarmMail.made_at))
        .join(AlarmMailItem, col(AlarmMailItem.mail_id) == col(AlarmMail.id))
        .where(col(AlarmMailItem.alarm_id) == col(Alarm.id))
        .correlate(Alarm)
        .scalar_subquery()
    )
    lately = func.coalesce(last > now - REPEAT, False)
    return list(session.exec(select(Alarm).where(*_open(prefix), ~lately).order_by(col(Alarm.id))))

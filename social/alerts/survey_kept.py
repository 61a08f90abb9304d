"""Erases what residents wrote in surveys once its time is over (R28). What was chosen stays, as numbers."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, literal, select, update
from sqlmodel import Session, col

from social.alarms import Alarm
from social.alerts.survey_alarms import ABOUT
from social.alerts.surveys import SurveyAnswer, SurveyResponse
from social.audit import record
from social.clock import as_local
from social.context import Context
from social.purging import PURGE, RULE, Purger
from social.retention import SURVEY_TEXT
from social.settings import Settings
from social.staff import Action, Person, require


def forget_texts(context: Context, actor: Person | str, step: Callable[[int], None]) -> int:
    """Erase the words of answers that are over their time; whether there was a text stays.  Returns how many."""
    with context.database.write() as session:
        if isinstance(actor, Person):
            require(session, actor, Action.ERASE, None)
        now = context.clock.now()
        due = _count(session, context.settings, now)
        if due:
            erased = update(SurveyAnswer).where(_due(context.settings, now)).values(words_sealed=None, unread=False)
            session.connection().execute(erased)
            record(
                session, now, actor=actor, action=PURGE, subject=("records", SURVEY_TEXT.key), after={"records": due}
            )
    step(due)
    return due


def _last_day(settings: Settings, now: datetime) -> date:
    return as_local(now - timedelta(days=settings.reply_days)).date()


def _due(settings: Settings, now: datetime) -> Any:
    """Answers with words from before the period, but for one that somebody has to look at first (R19)."""
    old = select(col(SurveyResponse.id)).where(col(SurveyResponse.day) < _last_day(settings, now))
    about = literal(ABOUT) + col(SurveyAnswer.response_id) + literal(":")
    waits = exists(
        select(literal(1)).where(col(Alarm.about).startswith(about), col(Alarm.cleared_at).is_(None))
    ).correlate(SurveyAnswer)
    return col(SurveyAnswer.words_sealed).is_not(None) & col(SurveyAnswer.response_id).in_(old) & ~waits


def _count(session: Session, settings: Settings, now: datetime) -> int:
    return int(session.connection().execute(select(func.count()).where(_due(settings, now))).scalar_one())


PURGERS = (Purger(SURVEY_TEXT.key, _count, forget_texts),)


def forget_old_texts(context: Context) -> int:
    """The job."""
    done = forget_texts(context, RULE, lambda _records: None)
    if done:
        context.database.wipe_freed()
    return done

"""Opens a survey, switches its open link, closes it. Somebody other than its authors opens it (R17): what residents are
asked in the force's name has been read by two people, and opening it is the approval."""

from datetime import date, datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from social.alerts.survey_writing import LONGEST_RUN, authors_of, questions_of
from social.alerts.surveys import Survey, SurveyAnswered, SurveyState, survey_with_id
from social.audit import record
from social.clock import as_local
from social.context import Context
from social.errors import InputError, NotAllowed
from social.staff import Action, Person, require


def open_survey(context: Context, person: Person, survey_id: int, *, expected_version: int) -> None:
    """Let it take answers from its first day on.  expected_version: the one that the person read.

    Raises NotAllowed for one of its authors and for whoever approves no posts for its area, InputError when it cannot
    be opened as it is."""
    with context.database.write() as session:
        survey = survey_with_id(session, survey_id)
        require_may_open(session, survey, person)
        if survey.state != SurveyState.DRAFT:
            raise InputError("It was opened before.")
        if survey.version != expected_version:
            raise InputError("The survey was changed after you read it. Read it again before you open it.")
        now = context.clock.now()
        today = as_local(now).date()
        survey.opens_on = max(survey.opens_on or today, today)
        _require_complete(session, survey, today)
        survey.state, survey.opened_at, survey.opened_by_id = SurveyState.OPEN.value, now, person.id
        session.add(survey)
        record(
            session, now, actor=person, action="open survey", subject=("survey", survey_id),
            after={"version": survey.version, "until": survey.closes_on, "open_link": survey.open_link},
            place_id=survey.place_id,
        )  # fmt: skip


def require_may_open(session: Session, survey: Survey, person: Person) -> None:
    """Raise NotAllowed unless this person may be the second one to have read it."""
    require(session, person, Action.RUN_SURVEYS, survey.place_id)
    if person.id in authors_of(session, survey.id or 0):
        raise NotAllowed(
            "Nobody opens a survey that they wrote or changed (R17). Ask somebody else to read and open it."
        )
    require(session, person, Action.APPROVE_LOCAL, survey.place_id)


def _require_complete(session: Session, survey: Survey, today: date) -> None:
    questions = questions_of(session, survey.id or 0)
    wrong = []
    if not questions:
        wrong.append("Ask at least one question.")
    if survey.closes_on is None:
        wrong.append("Say on which day it closes.")
    elif survey.closes_on < (survey.opens_on or today):
        wrong.append("Its last day has passed. Choose a later one.")
    elif (survey.closes_on - (survey.opens_on or today)).days > LONGEST_RUN:
        wrong.append(f"Take answers for {LONGEST_RUN} days at the most.")
    if wrong:
        raise InputError(*wrong)


def switch_open_link(context: Context, person: Person, survey_id: int, on: bool) -> None:
    """Let whoever has the open address answer, or members alone: what is asked stays the same.  Raises NotAllowed."""
    with context.database.write() as session:
        survey = survey_with_id(session, survey_id)
        require(session, person, Action.RUN_SURVEYS, survey.place_id)
        if survey.state != SurveyState.OPEN:
            raise InputError("Only a survey that is open has an open link to switch.")
        before, survey.open_link = survey.open_link, on
        session.add(survey)
        record(session, context.clock.now(), actor=person, action="switch open link", subject=("survey", survey_id),
               before={"open_link": before}, after={"open_link": on}, place_id=survey.place_id)  # fmt: skip


def close_survey(context: Context, person: Person, survey_id: int) -> None:
    """Take no more answers, for good.  Raises NotAllowed, InputError when it is not open."""
    with context.database.write() as session:
        survey = survey_with_id(session, survey_id)
        require(session, person, Action.RUN_SURVEYS, survey.place_id)
        if survey.state != SurveyState.OPEN:
            raise InputError("Only a survey that is open can be closed.")
        _close(session, survey, context.clock.now(), person)


def close_ended(context: Context) -> int:
    """Close what is past its last day.  Returns how many were closed."""
    now = context.clock.now()
    over = select(Survey).where(Survey.state == SurveyState.OPEN.value, col(Survey.closes_on) < as_local(now).date())
    with context.database.read() as session:
        if session.exec(over.limit(1)).first() is None:
            return 0
    with context.database.write() as session:
        ended = list(session.exec(over))
        for survey in ended:
            _close(session, survey, now, "surveys")
    return len(ended)


def _close(session: Session, survey: Survey, now: datetime, actor: Person | str) -> None:
    survey.state, survey.closed_at = SurveyState.CLOSED.value, now
    session.add(survey)
    # Nobody can answer twice any more, so nobody has to be known to have answered.
    session.connection().execute(delete(SurveyAnswered).where(col(SurveyAnswered.survey_id) == survey.id))
    record(
        session, now, actor=actor, action="close survey", subject=("survey", survey.id or 0), place_id=survey.place_id
    )


def takes_answers(survey: Survey, now: datetime) -> bool:
    """Whether it takes answers on this day."""
    today = as_local(now).date()
    begun = survey.opens_on is None or survey.opens_on <= today
    return survey.state == SurveyState.OPEN and begun and (survey.closes_on is None or today <= survey.closes_on)

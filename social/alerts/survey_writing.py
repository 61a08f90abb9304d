"""Writes a survey while it is a draft: its words, its days, its questions. Once it was opened, only a copy can be
changed, so that what was asked stays as it was asked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from social.alerts.surveys import (
    Question,
    QuestionKind,
    Survey,
    SurveyAuthor,
    SurveyQuestion,
    SurveyState,
    survey_with_id,
)
from social.alerts.wishes import LANGUAGES
from social.audit import record
from social.clock import as_local
from social.context import Context
from social.errors import InputError
from social.places import Place
from social.profile_input import require_same
from social.staff import Action, Person, require

LONGEST_TITLE, LONGEST_INTRO, LONGEST_QUESTION, LONGEST_OPTION = 100, 1_500, 250, 120
MOST_QUESTIONS = 20
MOST_OPTIONS = 15
MOST_RANKED = 7
"""A ranking asks for every option: with more of them nobody does it on a phone."""
LONGEST_RUN = 90
"""Days that a survey takes answers for at the most."""
_WITH_OPTIONS = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.RANK)


@dataclass(frozen=True)
class SurveyInput:
    """What a survey says about itself.  The fields are those of `Survey`."""

    title: str
    intro: str = ""
    lang: str = "en"
    place_id: int | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    open_link: bool = False


@dataclass(frozen=True)
class QuestionInput:
    """A question to be asked.  options: what can be chosen; of a scale, what its two ends mean, or nothing.

    steps: of a scale, its highest number.  most: of several answers, how many; None for any number."""

    kind: QuestionKind
    text: str
    options: tuple[str, ...] = ()
    steps: int = 5
    most: int | None = None
    required: bool = False
    concerns: bool = False


def create_survey(context: Context, person: Person, given: SurveyInput) -> int:
    """A new draft.  Returns its number.  Raises NotAllowed, InputError."""
    with context.database.write() as session:
        require(session, person, Action.RUN_SURVEYS, given.place_id)
        now = context.clock.now()
        given = _sound(session, given, now)
        survey = Survey(**vars(given), made_at=now, made_by_id=person.id or 0)
        return _made(session, survey, person, now, "write survey")


def change_survey(
    context: Context, person: Person, survey_id: int, given: SurveyInput, *, seen: SurveyInput | None = None
) -> None:
    """Other words, days or area.  seen: what it said when the person began; None overwrites any.

    Raises NotAllowed for either area, InputError for what is no draft any more or says something else by now."""
    with context.database.write() as session:
        survey = _draft(session, person, survey_id)
        if seen is not None:
            require_same(survey_input(survey), seen, "This survey")
        require(session, person, Action.RUN_SURVEYS, given.place_id)
        now = context.clock.now()
        for name, value in vars(_sound(session, given, now)).items():
            setattr(survey, name, value)
        _changed(session, survey, person, now, "change survey")


QUESTIONS_CHANGED = (
    "Somebody else changed the questions meanwhile, so nothing was done. They stand here as they are now."
)


def survey_input(survey: Survey) -> SurveyInput:
    """What the survey says of itself now."""
    return SurveyInput(**{name: getattr(survey, name) for name in SurveyInput.__dataclass_fields__})


def put_question(
    context: Context, person: Person, survey_id: int, given: QuestionInput, *, at: int | None = None
) -> None:
    """Add a question as the last one, or put it in the place of one.  at: its position, from 1.

    Raises NotAllowed, and InputError with everything that is wrong with it."""
    given = _sound_question(given)
    with context.database.write() as session:
        survey = _draft(session, person, survey_id)
        there = rows_of(session, survey_id)
        if at is None and len(there) >= MOST_QUESTIONS:
            raise InputError(f"A survey has {MOST_QUESTIONS} questions at the most; people give up long before.")
        if given.concerns:
            _one_asks_for_concerns(session, survey_id)
        row = SurveyQuestion(survey_id=survey_id, position=len(there) + 1, kind="", text="")
        if at is not None:
            row = _at(there, at)
        row.kind, row.text, row.options = given.kind.value, given.text, json.dumps(given.options, ensure_ascii=False)
        row.steps = given.steps if given.kind is QuestionKind.SCALE else None
        row.most = given.most if given.kind is QuestionKind.MULTIPLE else None
        row.required, row.concerns = given.required, given.concerns
        session.add(row)
        _changed(session, survey, person, context.clock.now(), "change question" if at else "add question")


def remove_question(context: Context, person: Person, survey_id: int, at: int, *, seen: int | None = None) -> None:
    """Take a question out; those behind it move up.  seen: id of the one that was seen there; None takes any.  Raises NotAllowed, InputError."""
    with context.database.write() as session:
        survey = _draft(session, person, survey_id)
        there = rows_of(session, survey_id)
        row = _at(there, at, seen)
        session.connection().execute(delete(SurveyQuestion).where(col(SurveyQuestion.id) == row.id))
        _number(session, [one for one in there if one is not row])
        _changed(session, survey, person, context.clock.now(), "remove question")


def move_question(
    context: Context, person: Person, survey_id: int, at: int, to: int, *, seen: int | None = None
) -> None:
    """Put the question at another position.  seen: as in `remove_question`.  Raises NotAllowed, InputError for a position that there is not."""
    with context.database.write() as session:
        survey = _draft(session, person, survey_id)
        there = rows_of(session, survey_id)
        row = _at(there, at, seen)
        _at(there, to)
        there.remove(row)
        there.insert(to - 1, row)
        _number(session, there)
        _changed(session, survey, person, context.clock.now(), "move question")


def copy_survey(context: Context, person: Person, survey_id: int) -> int:
    """A new draft with the same words and questions, to be changed and opened anew.  Returns its number."""
    with context.database.write() as session:
        old = survey_with_id(session, survey_id)
        require(session, person, Action.RUN_SURVEYS, old.place_id)
        now = context.clock.now()
        survey = Survey(
            title=old.title, intro=old.intro, lang=old.lang, place_id=old.place_id, open_link=old.open_link, made_at=now, made_by_id=person.id or 0, copied_from_id=old.id,
        )  # fmt: skip
        number = _made(session, survey, person, now, "copy survey")
        # Whoever wrote the words that are repeated is one of their authors here too (R17).
        wrote = session.exec(select(SurveyAuthor.person_id).where(SurveyAuthor.survey_id == survey_id))
        session.add_all(SurveyAuthor(survey_id=number, person_id=one) for one in wrote if one != person.id)
        for row in rows_of(session, survey_id):
            session.add(SurveyQuestion(**row.model_dump(exclude={"id", "survey_id"}), survey_id=number))
        return number


def rows_of(session: Session, survey_id: int) -> list[SurveyQuestion]:
    """The questions' rows, in their order."""
    query = select(SurveyQuestion).where(SurveyQuestion.survey_id == survey_id)
    return list(session.exec(query.order_by(col(SurveyQuestion.position))))


def questions_of(session: Session, survey_id: int) -> tuple[Question, ...]:
    """The questions in their order."""
    return tuple(
        Question(
            row.id or 0, row.position, QuestionKind(row.kind), row.text, tuple(json.loads(row.options)), row.steps or 0,
            row.most, row.required, row.concerns,
        )
        for row in rows_of(session, survey_id)
    )  # fmt: skip


def authors_of(session: Session, survey_id: int) -> frozenset[int]:
    """Ids of everybody who wrote or changed it, or the words that it repeats (R17)."""
    return frozenset(session.exec(select(SurveyAuthor.person_id).where(SurveyAuthor.survey_id == survey_id)))


def _made(session: Session, survey: Survey, person: Person, now: datetime, action: str) -> int:
    session.add(survey)
    session.flush()
    assert survey.id is not None
    session.add(SurveyAuthor(survey_id=survey.id, person_id=person.id or 0))
    session.flush()
    record(session, now, actor=person, action=action, subject=("survey", survey.id),
           after={"copy_of": survey.copied_from_id}, place_id=survey.place_id)  # fmt: skip
    return survey.id


def _draft(session: Session, person: Person, survey_id: int) -> Survey:
    survey = survey_with_id(session, survey_id)
    require(session, person, Action.RUN_SURVEYS, survey.place_id)
    if survey.state != SurveyState.DRAFT:
        raise InputError("It was opened: what was asked stays as it was asked. Make a copy, and change that.")
    return survey


def _changed(session: Session, survey: Survey, person: Person, now: datetime, action: str) -> None:
    before, survey.version = survey.version, survey.version + 1
    session.add(survey)
    session.merge(SurveyAuthor(survey_id=survey.id or 0, person_id=person.id or 0))
    session.flush()
    record(session, now, actor=person, action=action, subject=("survey", survey.id or 0), before={"version": before},
           after={"version": survey.version}, place_id=survey.place_id)  # fmt: skip


def _number(session: Session, rows: Sequence[SurveyQuestion]) -> None:
    """Positions in this order. By way of numbers that nobody has: each position is there once at every moment."""
    for shift in (1_000, 0):
        for position, row in enumerate(rows, start=1):
            where = update(SurveyQuestion).where(col(SurveyQuestion.id) == row.id)
            session.connection().execute(where.values(position=position + shift))
    session.expire_all()


def _at(rows: Sequence[SurveyQuestion], position: int, seen: int | None = None) -> SurveyQuestion:
    if not 1 <= position <= len(rows):
        raise InputError(f"There is no question {position}. Load the page again.")
    if seen is not None and rows[position - 1].id != seen:
        raise InputError(QUESTIONS_CHANGED)
    return rows[position - 1]


def _one_asks_for_concerns(session: Session, survey_id: int) -> None:
    """The newest to say so is the one: two answers to 'what matters most' would feed the plan with two truths."""
    rows = update(SurveyQuestion).where(col(SurveyQuestion.survey_id) == survey_id)
    session.connection().execute(rows.values(concerns=False))


def _sound(session: Session, given: SurveyInput, now: datetime) -> SurveyInput:
    """The same without stray spaces.  Raises InputError with everything that is wrong."""
    given = replace(given, title=" ".join(given.title.split()), intro=given.intro.replace("\0", "").strip())
    wrong: list[str] = []
    if not 1 <= len(given.title) <= LONGEST_TITLE:
        wrong.append(f"Give it a title of {LONGEST_TITLE} characters at the most.")
    if len(given.intro) > LONGEST_INTRO:
        wrong.append(f"Keep the introduction to {LONGEST_INTRO:,} characters.")
    if given.lang not in LANGUAGES:
        wrong.append(f"Languages are: {', '.join(LANGUAGES)}.")
    if given.place_id is not None and session.get(Place, given.place_id) is None:
        wrong.append("That area is not on the force's map. Choose from the list.")
    wrong += _days(given, as_local(now).date())
    if wrong:
        raise InputError(*wrong)
    return given


def _days(given: SurveyInput, today: date) -> list[str]:
    begins = given.opens_on or today
    if given.opens_on is not None and given.opens_on < today:
        return ["The first day has passed. Choose today or later."]
    if given.closes_on is not None and not begins <= given.closes_on:
        return ["The last day lies before the first, or has passed."]
    if given.closes_on is not None and (given.closes_on - begins).days > LONGEST_RUN:
        return [f"Take answers for {LONGEST_RUN} days at the most."]
    return []


def _sound_question(given: QuestionInput) -> QuestionInput:
    """The same without stray spaces and empty options.  Raises InputError with everything that is wrong."""
    options = tuple(" ".join(one.split()) for one in given.options if one.strip())
    given = replace(given, text=" ".join(given.text.split()), options=options)
    wrong: list[str] = []
    if not 1 <= len(given.text) <= LONGEST_QUESTION:
        wrong.append(f"Write the question, in {LONGEST_QUESTION} characters at the most.")
    if any(len(one) > LONGEST_OPTION for one in options):
        wrong.append(f"Keep each option to {LONGEST_OPTION} characters.")
    if len(set(options)) < len(options):
        wrong.append("Two options are the same. Each must be there once.")
    if given.kind in _WITH_OPTIONS and not 2 <= len(options) <= _most(given.kind):
        wrong.append(f"Give 2 to {_most(given.kind)} options, one on each line.")
    if given.kind is QuestionKind.SCALE and (len(options) not in (0, 2) or not 3 <= given.steps <= 10):
        wrong.append("A scale goes from 1 to a number from 3 to 10, and says what both ends mean, or neither.")
    if given.kind is QuestionKind.MULTIPLE and given.most is not None and not 1 <= given.most <= len(options):
        wrong.append("The most that may be chosen lies between 1 and the number of options.")
    if given.kind is QuestionKind.TEXT and options:
        wrong.append("A question that is answered in words has no options.")
    if given.concerns and given.kind not in _WITH_OPTIONS:
        wrong.append("What matters most is asked with options to choose from or to rank.")
    if wrong:
        raise InputError(*wrong)
    return given


def _most(kind: QuestionKind) -> int:
    return MOST_RANKED if kind is QuestionKind.RANK else MOST_OPTIONS

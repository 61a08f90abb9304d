"""Keeps what residents answer: once for each member and once for each form of the open page, without who answered what.

Two posts of one form at the same instant count once, because the hash that says 'has answered' is written first and is
unique. The answers themselves get a random number and the day (R25)."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlmodel import Session, col, select

from social.alerts.survey_running import takes_answers
from social.alerts.survey_writing import questions_of
from social.alerts.surveys import QuestionKind, Survey, SurveyAnswer, SurveyAnswered, SurveyResponse
from social.clock import as_local
from social.context import Context
from social.places import Place, PlaceKind, places_within
from social.upsert import insert_into, put_rows
from social.vault import Vault

Given = int | tuple[int, ...] | str
"""One answer: an option or a scale's number; several options, in their order for a ranking; words."""


@dataclass(frozen=True)
class Answers:
    """What a form says, checked against its questions.  place_id: the neighbourhood, None for none.

    given: by the question's id; without an entry where it was left out."""

    place_id: int | None
    given: Mapping[int, Given] = field(repr=False)


@dataclass(frozen=True)
class Who:
    """Who answers, as far as it has to be known for counting once: a member by number, or a form by its random word.

    address: the member's `email_key`.  It counts in place of the number, so that somebody who left, or had everything
    erased, and signed up anew with the same address has still answered."""

    member_id: int | None = None
    form: str = ""
    address: str | None = None


def keep_answers(context: Context, survey_id: int, who: Who, answers: Answers) -> bool:
    """Store them.  Returns False when nothing was stored: this member or form has answered, or the survey takes no
    answers any more."""
    with context.database.write() as session:
        survey = session.get(Survey, survey_id)
        now = context.clock.now()
        if survey is None or not takes_answers(survey, now) or not _first(session, context.vault, survey_id, who):
            return False
        number = secrets.token_hex(12)
        day = as_local(now).date()
        row = {"id": number, "survey_id": survey_id, "place_id": answers.place_id, "member": who.member_id is not None}
        put_rows(session, SurveyResponse, [{**row, "day": day}], _as_it_is)
        kinds = {question.id: question.kind for question in questions_of(session, survey_id)}
        rows = [
            {"response_id": number, "question_id": question_id, **cells}
            for question_id, given in answers.given.items()
            for cells in _cells(context.vault, kinds[question_id], given)
        ]
        for one in rows:  # a handful of different shapes: no use in one statement
            session.connection().execute(insert_into(session, SurveyAnswer).values(one))
    return True


def has_answered(session: Session, vault: Vault, survey_id: int, who: Who) -> bool:
    """Whether this member or form has answered, while the survey is open."""
    return any(
        session.get(SurveyAnswered, (survey_id, one)) is not None
        for one in (_hash(vault, survey_id, who), _by_number(vault, survey_id, who))
    )


def areas_offered(session: Session, survey: Survey) -> dict[int, str]:
    """The neighbourhoods that residents choose from, by number, in the order of their names; {} where there is no choice."""
    found = _neighbourhoods(session, survey)
    return found if len(found) > 1 else {}


def only_area(session: Session, survey: Survey) -> int | None:
    """What counts as the neighbourhood where none is asked for: the only one there is, or the survey's own area."""
    found = _neighbourhoods(session, survey)
    return next(iter(found), survey.place_id) if len(found) < 2 else None


def _neighbourhoods(session: Session, survey: Survey) -> dict[int, str]:
    query = select(Place).where(Place.kind == PlaceKind.NEIGHBOURHOOD.value).order_by(Place.name)
    if survey.place_id is not None:
        query = query.where(col(Place.id).in_(places_within(survey.place_id)))
    return {place.id or 0: place.name for place in session.exec(query)}


def _first(session: Session, vault: Vault, survey_id: int, who: Who) -> bool:
    if who.address and session.get(SurveyAnswered, (survey_id, _by_number(vault, survey_id, who))) is not None:
        return False
    statement = insert_into(session, SurveyAnswered).values(survey_id=survey_id, who=_hash(vault, survey_id, who))
    fresh = statement.on_conflict_do_nothing().returning(col(SurveyAnswered.survey_id))
    return session.connection().execute(fresh).first() is not None


def _hash(vault: Vault, survey_id: int, who: Who) -> str:
    kind = f"address:{who.address}" if who.address else f"member:{who.member_id}" if who.member_id is not None else ""
    return vault.thread_key(f"survey:{survey_id}", kind or f"form:{who.form}")


def _by_number(vault: Vault, survey_id: int, who: Who) -> str:
    """As it was kept before addresses counted: surveys that were open then know their members by number."""
    return _hash(vault, survey_id, replace(who, address=None))


def _cells(vault: Vault, kind: QuestionKind, given: Given) -> Iterator[dict[str, Any]]:
    if isinstance(given, str):
        yield {"choice": 0, "words_sealed": vault.seal({"text": given}), "unread": True}
    elif isinstance(given, int):
        yield {"choice": given, "unread": False}
    else:
        ranked = kind is QuestionKind.RANK
        yield from (
            {"choice": choice, "rank": place if ranked else None, "unread": False}
            for place, choice in enumerate(given, start=1)
        )


def _as_it_is(insert: Any) -> Any:
    return insert

"""Counts what was answered, and hands it on as it may be shown.

While a survey is open, only whole days count: who looks before and after somebody answers must not see what they
answered (R25)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from social.alerts.mailings import Message, MessageState
from social.alerts.survey_results import Area, Counts, QuestionResult, Ranks, result_of, split
from social.alerts.survey_small_numbers import LEAST
from social.alerts.survey_writing import questions_of
from social.alerts.surveys import (
    Question,
    Survey,
    SurveyAnswer,
    SurveyResponse,
    SurveyState,
    is_invitation,
)
from social.clock import as_local
from social.places import Place
from social.vault import Vault

_NEVER_CAME = (MessageState.STOPPED.value, MessageState.FAILED.value, MessageState.BOUNCED.value)


@dataclass(frozen=True)
class SurveyResults:
    """before: only answers of earlier days count, None for all of a closed survey.  answered: forms that count; None
    when they are too few.  members, others: of these, by a member's link and by the open one; None when hidden.
    invited: members whom an invitation has reached, or may yet.  questions: in their order; of those in words, `texts_of`."""

    survey: Survey
    before: date | None
    answered: int | None
    members: int | None
    others: int | None
    invited: int
    questions: tuple[QuestionResult, ...]

    @property
    def response_rate(self) -> float | None:
        """Members who answered, of those invited, in [0, 1]; None where either is unknown."""
        return min(1.0, self.members / self.invited) if self.members is not None and self.invited else None


def results(session: Session, survey: Survey, now: datetime) -> SurveyResults:
    """What may be shown of a survey's answers now."""
    assert survey.id is not None
    before = _before(survey, now)
    counted = _counted(survey.id, before)
    questions = questions_of(session, survey.id)
    counts = _counts(session, counted)
    names = _names(session)
    forms = {bool(member): int(n) for member, n in _rows(
        session, select(col(SurveyResponse.member), func.count()).where(*counted).group_by(col(SurveyResponse.member))
    )}  # fmt: skip
    members, others = forms.get(True, 0), forms.get(False, 0)
    sent = invited(session, survey.id)
    parts = split(members, others, sent) if members + others >= LEAST else None
    return SurveyResults(
        survey, before, members + others if members + others >= LEAST else None, parts[0] if parts else None,
        parts[1] if parts else None, sent,
        tuple(result_of(one, counts.get(one.id, Counts()), names) for one in questions),
    )  # fmt: skip


def result_of_one(session: Session, survey: Survey, question: Question, now: datetime) -> QuestionResult:
    """What may be shown of the answers to one question, at the cost of that one."""
    counted = (*_counted(survey.id or 0, _before(survey, now)), col(SurveyAnswer.question_id) == question.id)
    return result_of(question, _counts(session, counted).get(question.id, Counts()), _names(session))


def _before(survey: Survey, now: datetime) -> date | None:
    return as_local(now).date() if survey.state == SurveyState.OPEN else None


def invited(session: Session, survey_id: int) -> int:
    """Members who were sent an invitation, or will be, without those whom it could not reach."""
    found = select(func.count()).where(is_invitation(survey_id), col(Message.state).not_in(_NEVER_CAME))
    return int(session.connection().execute(found).scalar_one())


def answered_so_far(session: Session, survey_id: int) -> int:
    """Forms that came in, those of today too; it tells nothing of what they say."""
    count = select(func.count()).where(col(SurveyResponse.survey_id) == survey_id)
    return int(session.connection().execute(count).scalar_one())


def texts_of(
    session: Session, vault: Vault, found: SurveyResults, result: QuestionResult
) -> list[tuple[str, list[str] | None]]:
    """What residents wrote in answer to a question in words, by area as the result has them: name and texts, in the
    order of their letters; None where the time of all of them is over (R28). Areas with fewer than five are put together,
    and nothing is handed out below five in all (R27)."""
    assert found.survey.id is not None
    query = (
        select(col(SurveyResponse.place_id), col(SurveyAnswer.words_sealed))
        .join(SurveyResponse, col(SurveyResponse.id) == col(SurveyAnswer.response_id))
        .where(
            *_counted(found.survey.id, found.before),
            col(SurveyAnswer.question_id) == result.question.id,
            col(SurveyAnswer.words_sealed).is_not(None),
        )
    )
    by_area: dict[Area, list[str]] = {}
    for place_id, sealed in _rows(session, query):
        by_area.setdefault(place_id, []).append(vault.open(sealed)["text"])
    shown = []
    for row in result.rows:
        texts = sorted((text for area in row.areas for text in by_area.get(area, ())), key=str.casefold)
        shown.append((row.name, texts or None))
    return shown


def _counted(survey_id: int, before: date | None) -> tuple[Any, ...]:
    where: tuple[Any, ...] = (col(SurveyResponse.survey_id) == survey_id,)
    return where if before is None else (*where, col(SurveyResponse.day) < before)


def _counts(session: Session, counted: tuple[Any, ...]) -> dict[int, Counts]:
    """By question."""
    place, question, choice = (
        col(SurveyResponse.place_id), col(SurveyAnswer.question_id), col(SurveyAnswer.choice),
    )  # fmt: skip
    rank = col(SurveyAnswer.rank)
    joined = and_(col(SurveyAnswer.response_id) == col(SurveyResponse.id), *counted)
    answered = select(question, place, func.count(func.distinct(SurveyAnswer.response_id))).join(SurveyResponse, joined)
    chosen = select(question, place, choice, func.count(), func.sum(rank), func.sum(rank * rank))
    found: dict[int, Counts] = {}
    for number, area, n in _rows(session, answered.group_by(question, place)):
        found.setdefault(number, Counts()).answered[area] = n
    query = chosen.join(SurveyResponse, joined).group_by(question, place, choice)
    for number, area, option, n, total, squares in _rows(session, query):
        counts = found[number]
        counts.chosen[area, option] = n
        if total is not None:
            counts.ranks[area, option] = Ranks(int(total), int(squares))
    return found


def _names(session: Session) -> Mapping[Area, str]:
    return dict(_rows(session, select(col(Place.id), col(Place.name))).all())


def _rows(session: Session, query: Any) -> Any:
    return session.connection().execute(query)

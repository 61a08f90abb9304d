"""What residents of an area said matters most, for whoever plans there: from the newest survey that asked it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from social.alerts.survey_counts import result_of_one
from social.alerts.survey_results import MeanRank, QuestionResult, Share, leading
from social.alerts.survey_writing import questions_of
from social.alerts.surveys import Survey, SurveyQuestion, SurveyState
from social.clock import as_local
from social.places import Place, areas_above

MOST = 3


@dataclass(frozen=True)
class Concern:
    """One thing that residents named.  share: of those who answered, in [0, 1], with its 95 % interval; None for a
    ranking, then rank is its mean place."""

    text: str
    share: float | None
    low: float
    high: float
    rank: float | None = None


@dataclass(frozen=True)
class Concerns:
    """What came first.  where: whose answers these are, in words; here: whether they are the area's alone.

    n: who answered.  day: the last on which they did.  survey_id, title: of the survey.
    certain: False where a number that is hidden could stand higher than these."""

    survey_id: int
    title: str
    where: str
    here: bool
    n: int
    day: date
    leading: tuple[Concern, ...]
    certain: bool = True


def top_concerns(session: Session, place_id: int, now: datetime) -> Concerns | None:
    """What matters most to residents of this area, by the newest survey that asked; None when none did or too few said.

    Where too few of the area itself answered it is what everybody in the survey said, and says so (R27)."""
    for survey in surveys_that_asked(session, place_id):
        for question in questions_of(session, survey.id or 0):
            one = result_of_one(session, survey, question, now) if question.concerns else None
            found = _of(session, survey, one, place_id, now) if one is not None and one.total is not None else None
            if found is not None and found.leading:
                return found
    return None


def surveys_that_asked(session: Session, place_id: int) -> list[Survey]:
    """Those of the area, or of one that it lies in, that asked what matters most, the newest first."""
    about = [col(Survey.place_id).in_(areas_above(session, place_id)), col(Survey.place_id).is_(None)]
    query = (
        select(Survey)
        .where(
            col(Survey.state).in_((SurveyState.OPEN.value, SurveyState.CLOSED.value)),
            col(Survey.id).in_(select(SurveyQuestion.survey_id).where(col(SurveyQuestion.concerns).is_(True))),
            or_(*about),
        )
        .order_by(col(Survey.opened_at).desc(), col(Survey.id).desc())
    )
    return list(session.exec(query))


def _of(session: Session, survey: Survey, result: QuestionResult, place_id: int, now: datetime) -> Concerns:
    assert result.total is not None
    own = next((row for row in result.rows if row.areas == (place_id,)), None)
    first, certain = leading(result, own, MOST) if own is not None else ([], False)
    row, here = own, True
    if row is None or not (first and certain):
        row, here = result.total, survey.place_id == place_id
        first, certain = leading(result, row, MOST)
    place = session.get(Place, survey.place_id) if survey.place_id is not None else None
    ends = as_local(survey.closed_at or now).date()
    return Concerns(
        survey.id or 0, survey.title, place.name if place is not None else "the whole force", here, row.n,
        min(survey.closes_on or ends, ends), _concerns(result, first), certain,
    )  # fmt: skip


def _concerns(result: QuestionResult, first: Sequence[tuple[int, Share | MeanRank]]) -> tuple[Concern, ...]:
    found = []
    for choice, told in first:
        text = result.question.choices[choice]
        if isinstance(told, MeanRank):
            found.append(Concern(text, None, told.low, told.high, told.mean))
        elif told.share is not None and told.low is not None and told.high is not None:
            found.append(Concern(text, told.share, told.low, told.high))
    return tuple(found)


def in_words(found: Concerns) -> str:
    """'Residents here said in May 2026 what matters most: speeding (34%, between 26% and 43%), ... n 120.'"""
    who = "Residents here" if found.here else f"Residents of {found.where}"
    said = "; ".join(_in_words(one) for one in found.leading)
    hidden = "" if found.certain else " Numbers that are hidden could stand as high."
    return f"{who} said in {found.day:%B %Y} what matters most: {said}. {found.n:,} answered.{hidden}"


def _in_words(one: Concern) -> str:
    if one.share is None:
        return f"{one.text} (place {one.rank:.1f} on average, {one.low:.1f} to {one.high:.1f})"
    return f"{one.text} ({one.share:.0%}, between {one.low:.0%} and {one.high:.0%})"

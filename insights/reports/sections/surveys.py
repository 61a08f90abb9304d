"""What residents answered in surveys, as it may be shown: with n, intervals, and without small numbers (R27)."""

from datetime import date

from sqlmodel import col, or_, select

from insights.reports.document import Between, Block, Column, Heading, Paragraph, Table, Value
from insights.reports.scope import Scope, local_day
from social.alerts.survey_concerns import in_words, top_concerns
from social.alerts.survey_counts import SurveyResults, results
from social.alerts.survey_results import HIDDEN, QuestionResult
from social.alerts.surveys import QuestionKind, Survey, SurveyState
from social.places import areas_above
from social.words import say_count, say_share

_MOST_ROWS = 12


def concerns(scope: Scope) -> list[Block]:
    """What matters most to residents here, by the newest survey that asked, or by everybody where too few of the area
    answered."""
    place_id = scope.place_id
    if place_id is None:
        return (
            [Paragraph("What matters most differs from area to area. The sheet of each area says it.")]
            if scope.outside
            else []
        )
    found = top_concerns(scope.session, place_id, scope.now)
    if found is None:
        return [Paragraph(f"No survey has told yet what matters most to residents of {scope.where}: not measured.")]
    return [Paragraph(in_words(found))]


def surveys_of(scope: Scope) -> list[Survey]:
    """Surveys that took answers in the period: of the area, of one around it or beneath it, or of the whole force."""
    places = {*scope.place_ids, *areas_above(scope.session, scope.place_id)}
    query = select(Survey).where(
        col(Survey.state).in_((SurveyState.OPEN.value, SurveyState.CLOSED.value)),
        or_(col(Survey.place_id).in_(places), col(Survey.place_id).is_(None)),
        col(Survey.opened_at).is_not(None), col(Survey.opened_at) < scope.end,
    )  # fmt: skip
    return [
        one for one in scope.session.exec(query.order_by(col(Survey.opened_at))) if _last_day(one, scope) >= scope.since
    ]


def _last_day(survey: Survey, scope: Scope) -> date:
    ends = local_day(survey.closed_at or scope.now)
    return min(survey.closes_on or ends, ends)


def surveys(scope: Scope) -> list[Block]:
    """Each survey with its questions; what residents wrote in words is left out."""
    found = surveys_of(scope)
    if not found:
        return [Paragraph("No survey took answers in this period: not measured.")]
    return [block for one in found for block in _survey(scope, results(scope.session, one, scope.now))]


def _survey(scope: Scope, told: SurveyResults) -> list[Block]:
    blocks: list[Block] = [Heading(f"Survey: {told.survey.title}", 3)]
    if told.answered is None:
        return [*blocks, Paragraph("Fewer than 5 residents have answered: too few to show anything.")]
    until = "" if told.before is None else " It is still open: whole days count, today does not."
    blocks.append(Paragraph(f"{say_count(told.answered, 'resident')} answered.{until} {_how_many_of(told)}".strip()))
    blocks += [_question(scope, one) for one in told.questions if one.question.kind is not QuestionKind.TEXT]
    return blocks


def _how_many_of(told: SurveyResults) -> str:
    if told.response_rate is None:
        return ""
    return f"Of {say_count(told.invited, 'member')} who were invited, {say_share(told.response_rate)} did."


def _question(scope: Scope, result: QuestionResult) -> Table:
    """One line a choice: what residents of the area said, or everybody where too few of them answered (R27)."""
    own = next((row for row in result.rows if row.areas == (scope.place_id,)), None)
    total = own or result.total
    caption = f"“{result.question.text}”"
    if total is None:
        return Table(caption, (Column("Answer"),), (), empty="Fewer than 5 residents answered this: too few to show.")
    if total.ranks:
        columns: tuple[Column, ...] = (
            Column("Choice"),
            Column("Place", "number", "mean, 1 is first"),
            Column("95% interval", "figure"),
        )
        ranked = sorted(total.ranks.items(), key=lambda one: one[1].mean)
        rows: list[tuple[Value, ...]] = [
            (
                result.question.choices[number],
                rank.mean,
                Between(f"{rank.low:.1f} to {rank.high:.1f}", None, rank.low, rank.high, share=False),
            )
            for number, rank in ranked
        ]
    else:
        columns = (
            Column("Answer"),
            Column("Residents", "count"),
            Column("Share", "share"),
            Column("95% interval", "figure"),
        )
        rows = []
        for choice, share in total.shares.items():
            words = result.question.choices[choice]
            if share.count is None or share.share is None or share.low is None or share.high is None:
                rows.append((words, HIDDEN, "hidden", "hidden"))
            else:
                within = f"{share.low * 100:.0f}% to {share.high * 100:.0f}%"
                rows.append((words, share.count, share.share, Between(within, None, share.low, share.high)))
    whose = f"of {scope.where}" if own is not None else "of all areas together"
    notes = (f"{say_count(total.n, 'resident')} {whose} answered this. They chose to answer, so that they are no fair sample of all "
             "residents.",)  # fmt: skip
    return Table(caption, columns, tuple(rows[:_MOST_ROWS]), notes=notes, source="Beatline's survey")

"""A survey's results as a file or as one JSON document: only what may be shown (R27); taking them is recorded (R24)."""

import csv
import io
from typing import Any

from social.alerts.survey_counts import SurveyResults, results
from social.alerts.survey_results import HIDDEN, MeanRank, Row, Share
from social.alerts.surveys import survey_with_id
from social.context import Context
from social.csv_file import csv_cell
from social.exports import record_export
from social.staff import Action, Person, require

COLUMNS = (
    "Question",
    "Kind",
    "Area",
    "Answer",
    "n",
    "Count",
    "Share",
    "Low (95%)",
    "High (95%)",
    "Mean place",
    "Median",
)


def export(context: Context, person: Person, survey_id: int) -> bytes:
    """The results as CSV, UTF-8 with a mark so that Excel sees it.  Raises NotAllowed, InputError."""
    with context.database.read() as session:
        require(session, person, Action.READ_FIGURES)
        found = results(session, survey_with_id(session, survey_id), context.clock.now())
    lines = list(_lines(found))
    record_export(context, person, f"survey-{survey_id}", len(lines))
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    writer.writerows([csv_cell(str(cell)) for cell in line] for line in lines)
    return target.getvalue().encode("utf-8-sig")


def _lines(found: SurveyResults) -> Any:
    """One line for each question, area and answer; '' where a column does not apply."""
    for result in found.questions:
        question = result.question
        for row in (*result.rows, *((result.total,) if result.total else ())):
            head = (f"{question.number}. {question.text}", question.kind.value, row.name)
            median = "" if row.median is None else f"{row.median:g}"
            if not question.choices:
                yield (*head, "", row.n, "", "", "", "", "", "")
            for choice, words in question.choices.items():
                yield (*head, words, row.n, *_cells(row, choice), median)


def _cells(row: Row, choice: int) -> tuple[object, ...]:
    told: Share | MeanRank = row.ranks[choice] if row.ranks else row.shares[choice]
    if isinstance(told, MeanRank):
        return "", "", f"{told.low:.2f}", f"{told.high:.2f}", f"{told.mean:.2f}"
    if told.count is None:
        return HIDDEN, "", "", "", ""
    return told.count, f"{told.share:.4f}", f"{told.low:.4f}", f"{told.high:.4f}", ""


def as_json(found: SurveyResults) -> dict[str, Any]:
    """The same as plain values; a number that is hidden is None."""
    survey = found.survey
    return {
        "survey": survey.id, "title": survey.title, "state": survey.state,
        "counted_before": found.before.isoformat() if found.before else None,
        "answered": found.answered, "members": found.members, "open_link": found.others, "invited": found.invited,
        "response_rate": found.response_rate,
        "questions": [
            {"number": one.question.number, "kind": one.question.kind.value, "text": one.question.text,
             "areas": [_row(one.question.choices, row) for row in one.rows],
             "total": _row(one.question.choices, one.total) if one.total else None}
            for one in found.questions
        ],
    }  # fmt: skip


def _row(choices: dict[int, str], row: Row) -> dict[str, Any]:
    answers = []
    for choice, words in choices.items():
        told: Share | MeanRank = row.ranks[choice] if row.ranks else row.shares[choice]
        answers.append({"answer": words, **vars(told)})
    return {"area": row.name, "n": row.n, "median": row.median, "answers": answers}

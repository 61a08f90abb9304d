"""Findings on answers to residents: how many came in time, and which wait too long (R18)."""

from insights.findings.base import Finding, Mark
from insights.response_times import ResponseRow, ResponseTimes
from social.words import say_share

METHOD = "docs/definitions.md#figures-worked-out-from-them"
ENOUGH = 5
"""Questions and complaints below which no share is told (M09)."""


def answers(found: ResponseTimes, period: str) -> list[Finding]:
    """What the teams' answers come to.  found: of one period; period: in words, such as 'written in the last 12 weeks'."""
    total = found.total
    known = total.answered + total.overdue
    if known < ENOUGH or total.share_in_time is None:
        return []
    sentence = (
        f"{say_none(total.in_time)} of {known:,} questions and complaints {period} were answered within 72 hours"
        f"{_waiting(total)}."
    )
    teams = [row for row in found.teams if row.answered + row.overdue]
    return [
        Finding(
            key="answers", kind="answers", sentence=sentence, n=known, counted="questions and complaints",
            substance=f"{total.share_in_time:.0%}, {total.overdue} overdue",
            headings=("Team", "Written", "Answered within 72 hours", "Answered later", "Overdue", "Still in time"),
            rows=tuple(_row(row) for row in (*teams, total)),
            chart="bars",
            marks=tuple(
                Mark(row.label, row.share_in_time, say_share(row.share_in_time), row.answered + row.overdue)
                for row in (*(team for team in teams if team.answered + team.overdue >= ENOUGH), total)
                if row.share_in_time is not None
            ),
            measure=f"Share answered within 72 hours, of those answered or overdue, {period}; their number in brackets",
            limits="Counted, not estimated. It does not say whether an answer helped, and replies that were wrongly read "
            "as something else are not in it.",
            method=METHOD, page="replies", link_params={"kinds": "question,complaint"},
        )
    ]  # fmt: skip


def say_none(count: int) -> str:
    """'None' at the head of a sentence for 0."""
    return f"{count:,}" if count else "None"


def _waiting(total: ResponseRow) -> str:
    if not total.overdue:
        return ", and none had waited longer by then"
    return f"; {total.overdue:,} had waited longer by then"


def _row(row: ResponseRow) -> tuple[str | int, ...]:
    return (row.label, row.received, row.in_time, row.answered - row.in_time, row.overdue, row.running)

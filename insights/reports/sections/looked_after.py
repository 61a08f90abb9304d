"""Which areas are left out, what the mix of posts is against what was aimed at, and what stands as a finding."""

import re
from typing import Any

from insights import charts
from insights.content_mix import MixRow, content_mix
from insights.coverage import coverage
from insights.coverage_tables import (
    COVERAGE_COLUMNS,
    MIX_COLUMNS,
    coverage_row,
    coverage_sentences,
    mix_headline,
    mix_row,
)
from insights.findings import Finding, findings_now, work_out
from insights.reports.document import Block, Bullets, Chart, Column, Paragraph, Table, Value
from insights.reports.scope import Scope
from social.words import say_moment

MOST_FINDINGS = 6
MOST_ROWS = 12
"""Of a finding's table on paper."""
_PAGES = {"works": "What works", "replies": "Replies", "areas": "Areas"}
"""Where the posts or replies behind a finding are shown."""
_FIGURE = re.compile(r"[+-]?[\d,.]+%?( to [\d,.]+%?)?$")


def covered(scope: Scope) -> list[Block]:
    """Areas without posts, with old priorities, with officers to contact; as of now, whatever the period."""
    found = coverage(scope.session, scope.now, scope.place_id)
    lines = [coverage_row(one) for one in found.areas]
    columns = tuple(Column(head, "text" if head == COVERAGE_COLUMNS[0] else "count") for head in COVERAGE_COLUMNS)
    rows: tuple[tuple[Value, ...], ...] = tuple(tuple(_cell(value) for value in line.values()) for line in lines)
    return [
        *([Bullets(tuple(coverage_sentences(found)))] if len(found.areas) > 1 else []),
        Table(f"Areas looked after, {scope.where}, {say_moment(scope.now)}", columns, rows,
              source="posts and priorities kept by Beatline; officers from data.police.uk"),
    ]  # fmt: skip


def mix(scope: Scope) -> list[Block]:
    """The share of each kind of post, against its target where one is set."""
    found = content_mix(scope.session, scope.place_id, scope.start, scope.end)
    kinds = ("text", "count", "share", "figure", "text")
    columns = tuple(Column(head, kind) for head, kind in zip(MIX_COLUMNS, kinds, strict=True))
    rows: tuple[tuple[Value, ...], ...] = tuple(_mix_line(row) for row in found.rows)
    return [
        Paragraph(mix_headline(found), strong=True),
        Table(scope.caption("What was posted, by kind"), columns, rows,
              notes=("The same words on two networks count once.",), source="posts kept by Beatline",
              empty=f"Nothing was posted{scope.about} in this period."),
    ]  # fmt: skip


def _mix_line(row: MixRow) -> tuple[Value, ...]:
    """As the page has it, the share as a number that a spreadsheet can work with."""
    label, posts, share, *rest = mix_row(row).values()
    return (_cell(label), _cell(posts), _cell(share) if row.share is None else row.share, *map(_cell, rest))


def findings(scope: Scope) -> list[Block]:
    """What stands after allowing for everything that was looked at: of the area's own posts, or of the whole force."""
    if scope.place_id is None:
        found, at = findings_now(scope.session, scope.now)
    else:
        found, at = work_out(scope.session, scope.now, scope.place_id), scope.now
    if not found:
        about = f" about {scope.where}" if scope.about else ""
        return [
            Paragraph(f"Too few to tell: no finding{about} stands after allowing for everything that was looked at.")
        ]
    blocks: list[Block] = [
        Paragraph(
            f"Of {scope.where}, worked out {say_moment(at)} from the 12 weeks before, whatever this report's period"
            f"{'' if at == scope.now else ': what came in since then stands in the other sections alone'}."
        )
    ]
    for one in found[:MOST_FINDINGS]:
        blocks += finding_told(one)
    return blocks


def finding_told(one: Finding) -> list[Block]:
    """Its sentence, its chart where there is more than one thing to draw, its table, its limits and where to look."""
    kinds = [_kind_of([row[at] for row in one.rows]) if at else "text" for at in range(len(one.headings))]
    columns = tuple(Column(head, kind) for head, kind in zip(one.headings, kinds, strict=True))
    rows = tuple(tuple(_cell(value) for value in row) for row in one.rows[:MOST_ROWS])
    left_out = f" The first {MOST_ROWS} of {len(one.rows)} lines." if len(one.rows) > MOST_ROWS else ""
    notes = (
        f"It rests on {one.n:,} {one.counted}. {one.limits}{left_out}",
        f"In Beatline: the page {_PAGES[one.page]}.",
    )
    measured = one.measure.split("; ")[0]  # what follows is about the marks of its chart
    table = Table(measured, columns, rows, notes=notes)
    spoken = "; ".join(f"{mark.label} {mark.shown} from {mark.n}" for mark in one.marks)
    return [Chart(one.sentence, one.measure, _drawn(one), f"Chart. {one.sentence} {spoken}.", table)]


def _drawn(one: Finding) -> dict[str, Any] | None:
    """As the page draws it, for paper; None where there is nothing to hold against anything."""
    if one.chart == "ranges":
        rows = [
            charts.Range(mark.label, mark.value, mark.low, mark.high, mark.shown, mark.n)
            for mark in one.marks
            if mark.low is not None and mark.high is not None
        ]
        return charts.spec(charts.whiskers(rows, even_at=one.even_at)) if rows else None
    bars = [charts.Bar(mark.label, mark.value, mark.shown, mark.n) for mark in one.marks]
    told = len(bars) > 1 and any(bar.value for bar in bars)
    return charts.spec(charts.bars(bars, dark=False, as_given=True)) if told else None


def _kind_of(cells: list[object]) -> str:
    """Of a column: whole numbers, figures, or words."""
    known = [cell for cell in cells if cell is not None]
    if known and all(isinstance(cell, int) for cell in known):
        return "count"
    numbers = [cell for cell in known if isinstance(cell, int | float) or _FIGURE.match(str(cell))]
    return "figure" if numbers else "text"


def _cell(value: object) -> Value:
    """Numbers in a column of words are said as they are read."""
    if value is None:
        return "–"
    return value if isinstance(value, str | int | float) else str(value)

"""Which areas are left out, what the mix of posts is against what was aimed at, and what stands as a finding."""

from insights.content_mix import content_mix
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
from insights.reports.document import Block, Bullets, Column, Heading, Paragraph, Table, Value
from insights.reports.scope import Scope
from social.words import say_moment

MOST_FINDINGS = 6


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
    columns = tuple(Column(head, "count" if head == "Posts" else "text") for head in MIX_COLUMNS)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        tuple(_cell(value) for value in mix_row(row).values()) for row in found.rows
    )
    return [
        Paragraph(mix_headline(found), strong=True),
        Table(scope.caption("What was posted, by kind"), columns, rows,
              notes=("The same words on two networks count once.",), source="posts kept by Beatline",
              empty=f"Nothing was posted{scope.about} in this period."),
    ]  # fmt: skip


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
            f"Of {scope.where}, worked out {say_moment(at)} from the last 12 weeks, whatever this report's period."
        )
    ]
    for one in found[:MOST_FINDINGS]:
        blocks += _finding(one)
    return blocks


def _finding(one: Finding) -> list[Block]:
    numbers = [all(isinstance(row[at], int) for row in one.rows) for at in range(len(one.headings))]
    columns = tuple(Column(head, "count" if only else "text") for head, only in zip(one.headings, numbers, strict=True))
    rows = tuple(tuple(_cell(value) for value in row) for row in one.rows[:12])
    measured = one.measure.split("; ")[0]  # what follows is about the marks of its chart
    table = Table(measured, columns, rows, notes=(f"It rests on {one.n:,} {one.counted}. {one.limits}",))
    return [Heading(one.sentence, 3), *([table] if rows else [Paragraph(one.limits)])]


def _cell(value: object) -> Value:
    """Numbers in a column of words are said as they are read."""
    if value is None:
        return "–"
    return value if isinstance(value, str | int | float) else str(value)

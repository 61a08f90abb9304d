"""What the page, its files, the command line and the report say of one force is the same number, each and every one."""

import csv
import html
import io
import json
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import docx
import openpyxl
import pypdfium2
import pytest
import typer
from sqlmodel import select
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from insights import (
    comparison_tables,
    coverage_tables,
    drill_tables,
    reach_tables,
    response_tables,
    sayings,
    sentiment_tables,
)
from insights.chosen import Chosen
from insights.commands import add_commands
from insights.comparison_values import Compared
from insights.content_mix import MixRow
from insights.coverage import AreaCoverage
from insights.drilldown import Counts, DrillRow, Level
from insights.figures import FigureRow
from insights.findings import keep_findings
from insights.light_serious import Estimate
from insights.reach import reach_of
from insights.reading.stored import read_new
from insights.reports.document import Between, Document, Value, say_cell, tables_in
from insights.reports.kinds import document_of
from insights.reports.request import Format, Kind, Request
from insights.reports.writing import write
from insights.response_times import ResponseRow
from insights.sentiment import sentiment_by, sentiment_of
from insights.timing import Moment
from social.clock import as_local
from social.publications import Publication
from social.words import say_number, say_share
from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only
WINDOW = ("--channel", "memory", "--since", "28d", "--json")


@pytest.fixture
def full(force: Force) -> Force:
    """Twenty-three posts of three kinds with figures, one of them with questions and thanks, some answered."""
    post = force.publish()
    for number in range(7):
        force.answer(post, "What time is it on?", kind="question", stance="neutral")
        force.answer(post, f"Thank you {number}", kind="thanks")
    read_new(force.context)
    force.past("survey", 9, reach=1200, reactions=37)
    force.past("event", 13, reach=900, reactions=61)
    force.context.clock.advance(timedelta(hours=80))  # type: ignore[attr-defined]
    keep_findings(force.context)
    return force


def told(force: Force, *arguments: str) -> Any:
    """What the command prints as JSON."""
    cli = typer.Typer()
    add_commands(cli, lambda: force.context)
    result = CliRunner().invoke(cli, ["insights", *arguments])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def tables(app: AppTest) -> list[list[dict[str, object]]]:
    assert not app.exception
    return [frame.value.to_dict("records") for frame in app.dataframe]


def from_file(file: bytes) -> list[list[str]]:
    """The rows of a CSV file without its headings."""
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))[1:]


def as_cells(rows: list[dict[str, object]]) -> list[list[str]]:
    return [[str(cell) for cell in row.values()] for row in rows]


def test_every_figure_at_a_glance_is_the_commands_the_files_and_the_reports(full: Force, open_page: OpenPage) -> None:
    app = open_page("works")
    [total] = [FigureRow(**row) for row in told(full, "--by", "total", *WINDOW)]
    waiting = told(full, "--response-times", *WINDOW)["total"]
    assert total.posts == 23
    assert {metric.label: metric.value for metric in app.metric} == {
        "Posts on In-memory network": say_number(total.posts),
        "Reach of a post, median": say_number(total.reach),
        "Engagement rate, median": say_share(total.engagement_rate),
        "Replies": say_number(total.replies),
        "Questions and complaints without an answer": say_number(waiting["running"] + waiting["overdue"]),
    }
    of_kinds, areas, weeks, stances = tables(app)
    for by, shown in (("content_type", of_kinds), ("place", areas)):
        rows = [FigureRow(**row) for row in told(full, "--by", by, *WINDOW)]
        assert shown == sayings.table(rows)
        assert as_cells(shown) == from_file(sayings.as_csv(rows))
    with full.context.database.read() as session:
        chosen = Chosen(since=full.context.clock.now() - timedelta(days=28), channel="memory")
        kinds = [row for row in sentiment_by(session, "content_type", chosen) if row.read]
        assert stances == sentiment_tables.table(kinds)
        assert sentiment_tables.headline(sentiment_of(session, chosen)) in text_of(app)
    by_week = {row["label"]: row for row in told(full, "--by", "week", "--channel", "memory", "--json")}
    with_posts = [row for row in weeks if row["Posts"]]
    assert with_posts == sayings.table([FigureRow(**by_week[str(row["Group"])]) for row in with_posts])
    said = as_told(full)
    assert said["Posts"] == say_number(total.posts)
    assert said["Replies by residents"] == say_number(total.replies)
    assert said["Engagement rate on Memory (for tests), median"] == say_share(total.engagement_rate)
    assert said["Reach of a post on Memory (for tests), median accounts"] == say_number(total.reach)
    [network] = told(full, "--by", "channel", "--since", "28d", "--json")
    [pack] = [
        table
        for table in tables_in(report(full, Kind.QUARTERLY))
        if "by network" in table.caption and "came of" in table.caption
    ]
    [[_, posts, _, engagement, rate, by_impressions, replies]] = pack.rows
    assert (posts, engagement, rate, by_impressions, replies) == (
        network["posts"], network["engagement"], network["engagement_rate"], network["engagement_rate_by_impressions"],
        network["replies"],
    )  # fmt: skip


def test_coverage_and_mix_of_areas_are_the_commands_the_files_and_the_reports(full: Force, open_page: OpenPage) -> None:
    shown = tables(open_page("areas"))
    found = told(full, "coverage", "--json")["areas"]
    rows = [coverage_tables.coverage_row(AreaCoverage(**{**one, "last_post_at": None})) for one in found]
    assert rows in shown
    assert as_cells(rows) == from_file(coverage_tables.as_csv(rows, coverage_tables.COVERAGE_COLUMNS))
    pack = tables_in(report(full, Kind.QUARTERLY))
    [covered] = [table.rows for table in pack if "Areas looked after" in table.caption]
    assert [list(row) for row in covered] == [list(row.values()) for row in rows]
    mixed = [MixRow(**one) for one in told(full, "mix", "--weeks", "4", "--json")["rows"]]
    lines = [coverage_tables.mix_row(row) for row in mixed]
    assert lines in shown, "all posts are of the last four weeks, so twelve say the same"
    [mix] = [table for table in pack if "What was posted, by kind" in table.caption]
    assert [
        [say_cell(cell, column) for cell, column in zip(row, mix.columns, strict=True)] for row in mix.rows
    ] == as_cells(lines)


def test_a_report_says_the_same_numbers_in_all_its_forms(full: Force) -> None:
    pack = report(full, Kind.QUARTERLY)
    made = {form: write(pack, form, full.context) for form in Format}
    book = openpyxl.load_workbook(io.BytesIO(made[Format.SHEET]))
    in_word = list(docx.Document(io.BytesIO(made[Format.WORD])).tables)
    on_page = re.findall(r"<table>.*?</table>", made[Format.HTML].decode(), re.S)
    on_paper = re.sub(
        r"\s+", "", "".join(p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(made[Format.PDF]))
    )
    shown = [table for table in tables_in(pack) if table.rows]
    assert len(shown) > 5
    sheets = [sheet for sheet, table in zip(book.worksheets[1:], tables_in(pack), strict=True) if table.rows]
    for table, sheet, word, page in zip(shown, sheets, in_word, on_page, strict=True):
        said = [[say_cell(cell, column) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows]
        assert [[cell.text for cell in row.cells] for row in word.rows[1:]] == said
        cells = [html.unescape(cell) for cell in re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", page)]
        assert cells[len(table.columns) :] == [cell for row in said for cell in row]
        for row, line in zip(table.rows, sheet.iter_rows(min_row=2), strict=False):
            numbers = [number for cell in row for number in numbers_in(cell)]
            written = [cell.value for cell in line if cell.data_type == "n" and cell.value is not None]
            assert written == pytest.approx(numbers, rel=1e-14), "sixteen digits are written"
        assert all(re.sub(r"\s+", "", cell) in on_paper for row in said for cell in row)


def numbers_in(cell: Value) -> list[int | float]:
    """What a spreadsheet has of a cell, a column each."""
    parts = (cell.value, cell.low, cell.high) if isinstance(cell, Between) else (cell,)
    return [part for part in parts if isinstance(part, int | float)]


def report(force: Force, kind: Kind) -> Document:
    now = force.context.clock.now()
    today = as_local(now).date()
    with force.context.database.read() as session:
        return document_of(session, Request(kind, today - timedelta(days=27), today), now)


def as_told(force: Force) -> dict[object, object]:
    """The key figures of the briefing over the same posts."""
    [key] = [table for table in tables_in(report(force, Kind.BRIEFING)) if table.caption.startswith("Key")]
    return {row[0]: row[1] for row in key.rows}


def test_totals_are_the_commands_and_the_files_at_each_level(full: Force, open_page: OpenPage) -> None:
    for address, arguments in (({}, ()), ({"level": str(full.place.id)}, ("--area", "Hexley Moor"))):
        [shown] = tables(open_page("works", i_part="Totals", **address))
        level = told(full, "drill", *arguments, *WINDOW)
        rows = tuple(DrillRow(**{**row, "counts": Counts(**row["counts"])}) for row in level["rows"])
        again = Level(level["place_id"], level["label"], (), rows, Counts(**level["total"]))
        assert shown == drill_tables.table(again)
        plain = [[label, *(cell.replace(",", "").replace("not reported", "") for cell in figures)]
                 for label, *figures in as_cells(shown)]  # fmt: skip
        assert plain == from_file(drill_tables.as_csv(again))
    assert shown[-1]["Posts"] == "23"


def test_answers_and_findings_are_the_commands_todays_and_the_reports(full: Force, open_page: OpenPage) -> None:
    [shown] = tables(open_page("works", i_part="Answers"))
    times = told(full, "--response-times", *WINDOW)
    rows = [ResponseRow(**row) for row in (*times["teams"], times["total"])]
    assert shown == response_tables.table(rows)
    assert (rows[-1].received, rows[-1].overdue) == (7, 7)
    assert as_told(full)["Overdue for an answer"] == "7"
    found = told(full, "findings", "--json")
    sentences = [one["sentence"] for one in found["findings"]]
    assert "None of 7 questions and complaints" in sentences[0]
    page, today = text_of(open_page("works", i_part="Findings")), text_of(open_page("today"))
    assert all(sentence in page for sentence in sentences)
    assert found["of_the_week"]["sentence"] in today


def test_reach_and_what_replies_say_are_the_commands_the_files_and_the_reports(
    full: Force, open_page: OpenPage
) -> None:
    app = open_page("works", i_part="Reach")
    [shown, *_] = tables(app)
    [whole] = told(full, "reach", *WINDOW)
    [of] = whole["channels"]
    with full.context.database.read() as session:
        found = reach_of(session, full.context.clock.now(), chosen(full))
    assert found.as_row() == whole
    lines = reach_tables.table(found)
    assert {row["Figure"]: row[of["label"]] for row in shown} == {
        name: str(lines[0][name]) for name in list(lines[0])[1:] if name != reach_tables.COUNTED_BY
    }
    assert str(lines[0][reach_tables.COUNTED_BY]) in text_of(app)
    assert [[str(cell) for cell in line.values()] for line in lines] == from_file(reach_tables.as_csv(lines))[
        : len(lines)
    ]
    [pack] = [table for table in tables_in(report(full, Kind.QUARTERLY)) if "Reach by network" in table.caption]
    [[label, posts, median, _, highest, followers, factor, *_]] = pack.rows
    assert (label, posts, median, highest, followers, factor) == (
        of["label"], of["posts"], of["reach"]["median"], of["highest"]["value"], of["audience"]["median"],
        of["factor"]["median"],
    )  # fmt: skip

    stances, _ = tables(open_page("works", i_part="What replies say"))[:2]
    said = told(full, "sentiment", "--by", "content_type", *WINDOW)
    with full.context.database.read() as session:
        rows = sentiment_by(session, "content_type", chosen(full))
        assert [row.as_row() for row in rows] == said
        mood = sentiment_tables.headline(sentiment_of(session, chosen(full)))
    known = [row for row in rows if row.read]
    assert stances == sentiment_tables.table(known)
    assert as_cells(stances) == from_file(sentiment_tables.as_csv(stances))[: len(stances)]
    assert mood in text_of(open_page("works", i_part="What replies say"))
    assert mood in " ".join(report(full, Kind.BRIEFING).summary)


def chosen(force: Force) -> Chosen:
    return Chosen(since=force.context.clock.now() - timedelta(days=28), channel="memory")


def test_like_with_like_times_and_light_are_the_commands_and_the_files(full: Force, open_page: OpenPage) -> None:
    with full.context.database.write() as session:
        for number, one in enumerate(session.exec(select(Publication))):
            one.published_at -= timedelta(days=8, hours=5 * number)
    [shown] = tables(open_page("works", i_part="Like with like"))
    found = told(full, "compare", "--age", "latest", *WINDOW)
    assert_same(shown, [Compared(**row) for row in found["groups"]])
    assert found["n"] == 0 or str(found["n"]) in text_of(open_page("works", i_part="Like with like"))
    found = told(full, "timing", "--age", "latest", *WINDOW)
    for shown, part in zip(tables(open_page("works", i_part="When to post")), ("hours", "days"), strict=True):
        assert_same(shown, [Moment(**row) for row in found[part]])
    [shown] = tables(open_page("works", i_part="Light and serious"))
    found = told(full, "light", *WINDOW)
    assert_same(shown, [Estimate(**found[name]) for name in ("followers", "reach", "before")])


def assert_same(shown: list[dict[str, object]], rows: Sequence[comparison_tables.Row]) -> None:
    """The page's table is that of the command's rows, and the file holds their numbers."""
    assert shown == comparison_tables.table(rows)
    written = from_file(comparison_tables.as_csv(rows))
    names = [name for _, name in comparison_tables.columns_of(rows[0])]
    for line, row in zip(written, rows, strict=True):
        for cell, name in zip(line, names, strict=True):
            value = getattr(row, name)
            assert (
                float(cell) == value
                if type(value) in (int, float)
                else cell.strip("'") == str(value if value is not None else "")
            )

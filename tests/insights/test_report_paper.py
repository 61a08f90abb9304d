"""Reports on paper: nothing is cut off or stands alone, numbers stand at the right, and who cannot see a PDF can read it."""

import io
from typing import Any

import docx
import openpyxl
import pikepdf
import pypdfium2
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from hypothesis import given, settings
from hypothesis import strategies as st

from insights import charts
from insights.findings import Finding, Mark
from insights.reports.document import Between, Chart, Column, Definitions, Document, Heading, Paragraph, Table
from insights.reports.request import Format
from insights.reports.sections.looked_after import finding_told
from insights.reports.widths import BOLD, ROOM, column_widths
from insights.reports.writing import write
from social.context import Context
from tests.insights.pdf_structure import faults_of, headings_of

pytestmark = pytest.mark.sqlite_only
ROWS = tuple((f"Neighbourhood policing team number {n}", n, "15% (1% to 38%)") for n in range(40))
TABLE = Table("Replies by team", (Column("Team"), Column("Replies", "count"), Column("Critical", "figure")), ROWS)


def report(*blocks: Any) -> Document:
    return Document("quarterly", "Quarterly pack: Copperbeck", "Woldershire Police", "July 2026", "As of now",
                    ("One thing.",), blocks)  # fmt: skip


def a_finding(*rows: tuple[Any, ...]) -> Finding:
    marks = (Mark("With a picture", 1.4, "1.4 times", 20, 1.1, 1.8), Mark("Without", 0.7, "0.7 times", 31, 0.5, 0.9))
    return Finding(
        "k", "difference", "Posts with a picture reached more people.", 51, "posts", "more", ("Picture", "Posts", "Times"),
        rows, "ranges", marks, "Reach, times that of posts like them; posts in brackets", "It does not say why.",
        "docs/methods/comparisons.md", even_at=1.0,
    )  # fmt: skip


def test_who_cannot_see_a_pdf_hears_all_of_it_in_its_order_and_finds_its_sections(context: Context) -> None:
    bars = charts.spec(charts.bars([charts.Bar("A", 2.0, "2", 9), charts.Bar("B", 1.0, "1", 8)], dark=False))
    made = write(
        report(
            Heading("How far posts went"), Paragraph("Far."), Chart("A went furthest.", "Reach", bars, "Bars: A 2, B 1.", TABLE),
            Heading("What the words mean"), Definitions((("Reach", "How many accounts."),)),
        ), Format.PDF, context,
    )  # fmt: skip
    assert faults_of(made) == []
    assert headings_of(made) == [
        (1, "Quarterly pack: Copperbeck"), (2, "In short"), (2, "How far posts went"), (3, "A went furthest."),
        (2, "What the words mean"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "key", "fault"),
    [("/Figure", "/Alt", "a picture without a description (13)"), ("/TH", "/A", "a header cell that does not say of what (15)")],
)  # fmt: skip
def test_the_check_of_a_pdf_finds_what_was_taken_out_of_it(context: Context, kind: str, key: str, fault: str) -> None:
    bars = charts.spec(charts.bars([charts.Bar("A", 2.0, "2", 9)], dark=False))
    made = write(report(Chart("A went furthest.", "Reach", bars, "Bars.", TABLE)), Format.PDF, context)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as pdf:
        element = next(one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == kind)
        del element[key]
        pdf.save(out)
    assert fault in faults_of(out.getvalue())


def test_what_leads_to_a_table_and_its_heading_stand_on_the_page_of_the_table(context: Context) -> None:
    """Tried at every height of the page at which the table can begin."""
    short = Table("Posts by kind", TABLE.columns, ROWS[:8])
    for lines in range(24, 40):
        filler = [Paragraph("Another line.")] * lines
        made = write(
            report(*filler, Heading("The section"), Paragraph("What leads to it.", strong=True), short),
            Format.PDF,
            context,
        )
        pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(made)]
        [page] = [page for page in pages if "The section" in page]
        assert all(words in page for words in ("What leads to it.", "Posts by kind", ROWS[0][0], ROWS[7][0])), lines


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["Facebook", "Followers", "1,234", "not reported", "a b", "too few to tell"]),
                         min_size=5, max_size=5), min_size=2, max_size=6))  # fmt: skip
def test_no_word_of_a_table_breaks_while_all_have_room(lines: list[list[str]]) -> None:
    widths = column_widths(lines, 100.0)
    for at, width in enumerate(widths):
        longest = max(len(word) for line in lines for word in line[at].split(" "))
        assert width >= longest * BOLD + ROOM - 1e-9
    assert sum(widths) == pytest.approx(100.0)


def test_word_keeps_a_table_with_what_leads_to_it_and_its_numbers_at_the_right(context: Context) -> None:
    short = Table("Posts by kind", TABLE.columns, ROWS[:3])
    word = docx.Document(
        io.BytesIO(write(report(Paragraph("What leads to it."), short, Paragraph("After.")), Format.WORD, context))
    )
    kept = {one.text: bool(one.paragraph_format.keep_with_next) for one in word.paragraphs}
    assert (kept["What leads to it."], kept["Posts by kind"], kept["After."]) == (True, True, False)
    [table] = word.tables
    assert [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in table.rows] == [True] * 3 + [
        False
    ]
    right = [[cell.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT for cell in row.cells] for row in table.rows]
    assert right == [[False, True, True]] * 4


def test_a_finding_on_paper_has_its_chart_its_table_its_limits_and_where_to_look() -> None:
    [chart] = finding_told(a_finding(("With a picture", 20, 1.4), ("Without", 31, 0.7)))
    assert isinstance(chart, Chart)
    assert chart.headline == "Posts with a picture reached more people."
    assert chart.spec is not None
    assert "With a picture 1.4 times from 20; Without 0.7 times from 31" in chart.alt
    assert [column.kind for column in chart.table.columns] == ["text", "count", "figure"]
    assert chart.table.notes == ("It rests on 51 posts. It does not say why.", "In Beatline: the page What works.")
    [long] = finding_told(a_finding(*((f"Area {n}", n, 1.0) for n in range(20))))
    assert isinstance(long, Chart)
    assert "The first 12 of 20 lines." in long.table.notes[0]


def test_a_spreadsheet_has_both_ends_of_an_interval_as_numbers_and_paper_has_them_in_words(context: Context) -> None:
    table = Table(
        "Shares", (Column("Kind"), Column("Critical", "figure"), Column("Middle half", "figure"), Column("Posts", "count")),
        (("Event", Between("15% (1% to 38%)", 0.15, 0.01, 0.38), Between("4 to 9", None, 4.0, 9.0, share=False), 7),
         ("Patrol", "too few to tell", "too few to tell", 2)),
    )  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(write(report(table), Format.SHEET, context))).worksheets[1]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_row=3)] == [
        ["Kind", "Critical", "Critical, from", "Critical, to", "Middle half, from", "Middle half, to", "Posts"],
        ["Event", 0.15, 0.01, 0.38, 4, 9, 7],
        ["Patrol", "too few to tell", None, None, "too few to tell", None, 2],
    ]
    assert [sheet["C2"].number_format, sheet["E2"].number_format] == ["0.0%", "#,##0.0"]
    assert '<td class="n">15% (1% to 38%)</td>' in write(report(table), Format.HTML, context).decode()

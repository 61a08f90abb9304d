"""Reports in every format: the same words and numbers, marked up for who cannot see them, and nothing that runs."""

import io
import json
import re
import sys
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any, cast

import docx
import openpyxl
import pikepdf
import pypdfium2
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select
from typer.testing import CliRunner

from insights import charts
from insights.figures import totals
from insights.report_commands import add_commands
from insights.reports.document import (
    Bullets,
    Chart,
    Column,
    Definitions,
    Document,
    Heading,
    Paragraph,
    Table,
    say_cell,
    tables_in,
)
from insights.reports.kinds import document_of
from insights.reports.request import Format, Kind, Request
from insights.reports.scope import Scope
from insights.reports.sections import meeting
from insights.reports.small_numbers import HIDDEN, column_shown, table_shown
from insights.reports.writing import write
from insights.response_times import ResponseRow, ResponseTimes
from social.audit import AuditRecord
from social.campaigns import Campaign, CampaignActivity, CampaignArea
from social.clock import SettableClock
from social.context import Context
from social.errors import BeatlineError
from social.places import PlaceKind, find_or_add_place
from social.profiles import AskedFor, DoneAbout
from social.staff import Role, find_or_add_person
from tests.insights.pdf_structure import faults_of

Desk = Any
pytestmark = pytest.mark.sqlite_only
HOSTILE = (
    '=HYPERLINK(1) #panic[x] #eval("1") $x$ @ref <lab> ]] \\ // `raw` *b* _i_ <script>alert(1)</script> '
    "![x](https://beacon.invalid/p.png) & \" ' \x07 𝔘 👍"
)
"""What a post, a place or an aim may be called, in the languages of all four formats."""
READABLE = HOSTILE.replace("\x07", "")
PRINTED = READABLE.replace("𝔘", "?").replace("👍", "(thumbs up sign)")


def hostile_document() -> Document:
    columns = (Column(HOSTILE), Column("Posts", "count"), Column("Rate", "share", HOSTILE))
    table = Table(HOSTILE, columns, ((HOSTILE, 8, 0.041), ("+1", 1234567, None)), (HOSTILE,), HOSTILE)
    spec = charts.spec(charts.bars([charts.Bar(READABLE, 0.2, "20%", 9), charts.Bar("A", 0.1, "10%", 8)], dark=False))
    blocks = (
        Heading(HOSTILE), Heading(HOSTILE, 3), Paragraph(HOSTILE), Paragraph(HOSTILE, strong=True), Bullets((HOSTILE,)),
        Definitions(((HOSTILE, HOSTILE),)), table, Chart(HOSTILE, HOSTILE, spec, HOSTILE, table),
        Table("Empty", columns, (), empty="Nothing here: not measured."),
    )  # fmt: skip
    return Document("quarterly", HOSTILE, HOSTILE, "May 2026", "As of now", (HOSTILE,), blocks, (HOSTILE,))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def tags_of(pdf: pikepdf.Pdf) -> list[tuple[str, str]]:
    """Every structure element's kind and description, in reading order."""
    found: list[tuple[str, str]] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for one in node:
                walk(one)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append((str(node.S), str(node.get("/Alt", ""))))
            walk(node.get("/K"))

    walk(pdf.Root.StructTreeRoot)
    return found


def rows_of(pdf: pikepdf.Pdf) -> list[list[str | None]]:
    """Of each row of each table, whose header each cell is: 'Column', 'Row', or None for a cell of figures."""
    found: list[list[str | None]] = []

    def scope(cell: Any) -> str | None:
        said = [str(one.Scope)[1:] for one in cell.get("/A", []) if "/Scope" in one]
        assert (cell.S == "/TH") == bool(said), "a header says whose it is, and nothing else does"
        assert not any(list(one.get("/Headers", [])) for one in cell.get("/A", [])), "a list would hide the row's"
        return said[0] if said else None

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for one in node:
                walk(one)
        elif isinstance(node, pikepdf.Dictionary):
            if node.get("/S") == "/TR":
                found.append([scope(cell) for cell in node.K])
            walk(node.get("/K"))

    walk(pdf.Root.StructTreeRoot)
    return found


def test_hostile_words_stay_words_in_a_pdf_that_is_tagged_for_who_cannot_see_it(context: Context) -> None:
    made = write(hostile_document(), Format.PDF, context)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        about = pdf.open_metadata()
        assert about["pdfuaid:part"] == "1", "it says of itself that it is PDF/UA-1"
        assert squeezed(str(about["dc:title"])) == squeezed(PRINTED)
        tags = tags_of(pdf)
        kinds = [kind for kind, _ in tags]
        assert kinds[:3] == ["/Document", "/H1", "/P"]
        assert kinds.count("/H1") == 1
        assert kinds.count("/H2") == 2, "'In short' and the section"
        assert [squeezed(alt) for kind, alt in tags if kind == "/Figure"] == [squeezed(PRINTED)]
        assert (kinds.count("/Table"), kinds.count("/THead"), kinds.count("/TR")) == (2, 2, 6)
        assert rows_of(pdf) == [["Column"] * 3, ["Row", None, None], ["Row", None, None]] * 2
        assert not any("/URI" in str(dict(link)) for page in pdf.pages for link in page.get("/Annots", []))
    document = pypdfium2.PdfDocument(made)
    text = squeezed("".join(page.get_textpage().get_text_bounded() for page in document))
    assert squeezed('#panic[x] #eval("1") $x$ @ref <lab> ]] \\ // `raw` *b* _i_') in text
    assert "Nothinghere:notmeasured." in text


def test_hostile_words_stay_words_in_a_web_page_that_fetches_and_runs_nothing(context: Context) -> None:
    page = write(hostile_document(), Format.HTML, context).decode()
    assert page.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    assert "<script" not in page
    assert "beacon.invalid/p.png" in page, "the words are there"
    assert not re.findall(r"""(?:src|href)=["'](?!#)""", page.replace("http://www.w3.org", ""))
    assert "default-src 'none'" in page
    assert page.count("<h1>") == 1
    assert page.count('<svg role="img" aria-label="=HYPERLINK(1)') == 1
    assert page.count('<th scope="col"') == 6
    assert page.count('<th scope="row"') == 4
    assert page.count("<caption") == 2
    assert "<nav" not in page, "two sections need no list"
    many = Document("quarterly", "T", "F", "May 2026", "now", (), tuple(Heading(f"{READABLE} {n}") for n in range(6)))
    page = write(many, Format.HTML, context).decode()
    links = re.findall(r'<li><a href="#(s[0-9]+)">', page)
    assert len(links) == 6
    assert re.findall(r'<h2 id="(s[0-9]+)">', page) == links


def test_hostile_words_stay_words_in_a_word_file_with_headings_headers_and_descriptions(context: Context) -> None:
    word = docx.Document(io.BytesIO(write(hostile_document(), Format.WORD, context)))
    styles = [(one.style.name, one.text) for one in word.paragraphs]
    assert styles[0] == ("Heading 1", READABLE)
    assert [name for name, _ in styles].count("Heading 2") == 2
    assert [name for name, _ in styles].count("Heading 3") == 2
    assert word.core_properties.language == "en-GB"
    assert word.core_properties.title == READABLE
    assert [one._inline.docPr.get("descr") for one in word.inline_shapes] == [READABLE]
    for table in word.tables:
        assert table.rows[0]._tr.trPr is not None
        assert "tblHeader" in table.rows[0]._tr.xml
        assert [cell.text for cell in table.rows[1].cells] == [READABLE, "8", "4.1%"]
        assert table.rows[2].cells[2].text == "not reported"
    xml = word.element.xml
    assert "fldChar" not in xml
    assert "HYPERLINK(1)" in xml


def test_hostile_words_are_no_formulas_in_a_spreadsheet_and_numbers_are_numbers(context: Context) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write(hostile_document(), Format.SHEET, context)))
    assert len(book.sheetnames) == 4, "notes, the table, the chart's table and the empty one"
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    sheet = book.worksheets[1]
    assert [cell.value for cell in sheet[2]] == [READABLE, 8, 0.041]
    assert sheet["C2"].number_format == "0.0%"
    assert [cell.value for cell in sheet[3]] == ["+1", 1234567, "not reported"]
    assert sheet.freeze_panes == "A2"
    assert any(cell.value == READABLE for cell in book["Notes"]["B"]), "what the figures mean goes with them"


@pytest.fixture
def force(context: Context, desk: Desk, clock: SettableClock) -> dict[str, int]:
    """An area with posts, replies and what was asked for, beside one with hardly any."""
    with context.database.write() as session:
        top = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        areas = {name: find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD, top).id or 0
                 for name in ("Copperbeck", "Hexley Moor", "Stonemere")}  # fmt: skip
        author = find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR)
        asked = AskedFor(place_id=areas["Copperbeck"], asked_on=date(2026, 5, 4), by="meeting",
                         text="A crossing at the school", changed_at=clock.now())  # fmt: skip
        session.add(asked)
        session.flush()
        session.add(DoneAbout(asked_id=asked.id or 0, done_on=date(2026, 5, 20), text="Speed checks twice a week",
                              changed_at=clock.now()))  # fmt: skip
        session.add(Campaign(
            name="quiet-nights", title="Quiet nights", aim=HOSTILE, owner_id=author.id or 0, made_by_id=author.id or 0,
            made_at=clock.now(), audience="", priority="", purpose="", feedback_plan="", objective="", scanning="",
            analysis="", response="", assessment="", impact="", learning="", other_causes="", comparison="",
            state="planned",
        ))  # fmt: skip
    for area, posts, replies in (("Copperbeck", 6, 2), ("Hexley Moor", 6, 1), ("Stonemere", 1, 1)):
        for number in range(posts):
            post = desk.publish(
                place_id=areas[area], days=2 + number, figures={"reach": 1000 + number, "reactions": 50}
            )
            for _ in range(replies):
                desk.reply(post, "When will you come?" if number % 2 else "Thank you")
    from insights.reading.stored import read_new

    read_new(context)
    return areas


def made(context: Context, kind: Kind, place_id: int | None = None, **more: Any) -> Document:
    request = Request(kind, date(2026, 5, 1), date(2026, 6, 1), place_id, **more)
    with context.database.read() as session:
        return document_of(session, request, context.clock.now())


def every_word(document: Document) -> str:
    """All that a report says, each cell as it is read."""
    said = [document.title, document.period, document.as_of, *document.summary]
    for block in document.blocks:
        if isinstance(block, Heading | Paragraph):
            said.append(block.text)
        elif isinstance(block, Bullets):
            said += block.items
        elif isinstance(block, Definitions):
            said += (f"{term}: {words}" for term, words in block.items)
        elif isinstance(block, Chart):
            said += [block.headline, block.subtitle, block.alt]
    for table in tables_in(document):
        said += [table.caption, *table.notes, *(() if table.rows else (table.empty,))]
        said += [
            say_cell(value, column) for row in table.rows for value, column in zip(row, table.columns, strict=True)
        ]
    return "\n".join(said)


def test_each_kind_says_what_was_measured_and_what_was_not(context: Context, force: dict[str, int]) -> None:
    campaign = {"campaign_id": 1}
    with context.database.read() as session:
        posts = totals(session, place_id=force["Copperbeck"]).posts
    pack = made(context, Kind.QUARTERLY, force["Copperbeck"])
    said = every_word(pack)
    assert f"{posts} posts about Copperbeck went out" in said
    assert "A crossing at the school" in said
    assert "20 May 2026: Speed checks twice a week." in said
    assert "No priority of Copperbeck is on record: not measured." in said
    assert "No survey took answers in this period: not measured." in said
    assert "Too few to tell: no finding about Copperbeck stands" in said or "Of Copperbeck, worked out" in said
    assert "Reach: How many accounts were shown a post" in said
    sheet = made(context, Kind.MEETING, force["Copperbeck"])
    said = every_word(sheet)
    assert "In an emergency call 999." in said
    assert "textphone 18000" in said
    assert "We posted 6 times on Facebook. A usual post was shown to about 1,000 accounts there." in said
    assessment = made(context, Kind.CAMPAIGN, **campaign)
    assert every_word(assessment).count("Not measured.") == 6, "six headings, nothing measured under any (M01)"
    brief = made(context, Kind.BRIEFING)
    assert len(pypdfium2.PdfDocument(write(brief, Format.PDF, context))) == 1, "a one-page briefing has one page"
    nowhere = made(context, Kind.QUARTERLY, find_empty(context))
    assert "Nothing was posted about Elderwick in this period" in every_word(nowhere)
    for one in (pack, sheet, assessment, nowhere, made(context, Kind.PARTNERS)):
        assert faults_of(write(one, Format.PDF, context)) == []


def test_an_area_pack_holds_nothing_against_appeals_or_a_time_of_which_nothing_is_held(
    context: Context, force: dict[str, int], desk: Desk
) -> None:
    """R11: never ranked, however few. M04: before the oldest post there is no 0."""
    desk.publish("appeal_missing", place_id=force["Copperbeck"], days=3, figures={"reach": 90_000})
    pack = made(context, Kind.QUARTERLY, force["Copperbeck"])
    (kinds,) = [one for one in tables_in(pack) if one.columns[-1].heading == "Can be compared"]
    assert {row[-1] for row in kinds.rows if row[0] == "Missing person appeal"} == {"never ranked"}
    (networks,) = [one for one in tables_in(pack) if "by network" in one.caption and "came of them" in one.caption]
    assert [row[2] for row in networks.rows] == ["not held"]


def test_a_long_table_breaks_where_the_page_ends(context: Context) -> None:
    long = Table("Areas", (Column("Area"), Column("Posts", "count")), tuple((f"Area {n}", n) for n in range(20)))
    page = Document(
        "briefing", "Three tables", "Woldershire Police", "May 2026", "as of now", (), (long,) * 3, None, False
    )
    made = write(page, Format.PDF, context)
    assert len(pypdfium2.PdfDocument(made)) == 2
    with pikepdf.open(io.BytesIO(made)) as pdf:
        kinds = [kind for kind, _ in tags_of(pdf)]
        assert (kinds.count("/Table"), kinds.count("/THead"), kinds.count("/TR")) == (3, 3, 63), "heads are told once"
        assert rows_of(pdf) == [["Column", "Column"], *[["Row", None]] * 20] * 3


def test_a_campaign_report_tells_of_no_few_people_met_nor_gives_them_away(
    context: Context, force: dict[str, int]
) -> None:
    """R27: an assessment is handed on, and the sum of each kind stands under the headings."""
    met = (("event", 12), ("event", 3), ("event", 40), ("visit", 2), ("visit", None))
    with context.database.write() as session:
        now, person = context.clock.now(), find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR)
        session.add_all(
            CampaignActivity(campaign_id=1, kind=kind, day=now.date(), people=people, added_at=now,
                             added_by_id=person.id or 0)
            for kind, people in met
        )  # fmt: skip
    tables = {table.caption: table for table in tables_in(made(context, Kind.CAMPAIGN, campaign_id=1))}
    activities = tables["Activities, online and offline"]
    said = sorted(str(row[3]) for row in activities.rows)
    assert said == sorted(["40", HIDDEN, HIDDEN, HIDDEN, "not said"])
    took_part = {str(row[0]): row[1] for table in tables.values() for row in table.rows if "took part" in str(row[0])}
    assert set(took_part.values()) == {"55", "fewer than 5"}


def test_a_pack_names_the_campaigns_that_ran_there_though_no_post_was_theirs(
    context: Context, force: dict[str, int]
) -> None:
    assert "No campaign ran about Copperbeck in this period." in every_word(
        made(context, Kind.QUARTERLY, force["Copperbeck"])
    )
    with context.database.write() as session:
        campaign = session.get_one(Campaign, 1)
        campaign.state, campaign.starts_on, campaign.ends_on = "running", date(2026, 4, 6), date(2026, 7, 5)
        session.add(campaign)
        session.add(CampaignArea(campaign_id=1, place_id=force["Copperbeck"]))
    assert "Quiet nights (6 April to 5 July 2026, running): no post about Copperbeck in this period." in (
        every_word(made(context, Kind.QUARTERLY, force["Copperbeck"]))
    )
    assert "No campaign ran about Stonemere" in every_word(made(context, Kind.QUARTERLY, force["Stonemere"]))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ResponseRow("", "", received=16, running=10, overdue=6, share_in_time=0.0),
         "Of the 6 whose 72 hours are over, none were answered in time; 10 are younger or were closed."),
        (ResponseRow("", "", received=12, answered=12, in_time=7, share_in_time=7 / 12),
         "Of the 12 whose 72 hours are over, 7 were answered in time."),
        (ResponseRow("", "", received=14, answered=3, in_time=3, overdue=11, share_in_time=3 / 14),
         "Of those whose 72 hours are over, fewer than half were answered in time."),
        (ResponseRow("", "", received=5, running=5), "none has waited for longer than 72 hours."),
    ],
)  # fmt: skip
def test_residents_read_of_young_questions_apart_and_of_no_small_number(
    row: ResponseRow, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R27; a question of yesterday is no failure of the 72 hours (R18)."""
    monkeypatch.setattr(meeting, "times", lambda _scope: ResponseTimes(row, ()))
    [paragraph] = meeting.answered(cast(Scope, None))
    assert said in cast(Paragraph, paragraph).text


def find_empty(context: Context) -> int:
    with context.database.write() as session:
        return find_or_add_place(session, "Elderwick", PlaceKind.NEIGHBOURHOOD).id or 0


def test_the_partner_pack_holds_sums_alone_and_no_number_below_five(context: Context, force: dict[str, int]) -> None:
    pack = made(context, Kind.PARTNERS)
    assert pack.outside
    counts = [
        value
        for table in tables_in(pack)
        for row in table.rows
        for value, column in zip(row, table.columns, strict=True)
        if column.kind == "count" and isinstance(value, int | float)
    ]
    assert counts, "something is shown"
    assert min(counts) >= 5
    said = every_word(pack)
    assert "When will you come?" not in said
    assert "A post" not in said.split("What the words mean")[0]
    assert HIDDEN in said


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=5))
def test_no_small_count_of_a_column_follows_from_its_sum(counts: list[int]) -> None:
    shown = column_shown(counts)
    gone = [number for number, value in enumerate(shown) if value == HIDDEN]
    assert all(counts[number] in (value, counts[number]) for number, value in enumerate(shown))
    assert {number for number, count in enumerate(counts) if count < 5} <= set(gone)
    rest = sum(counts[number] for number in gone)
    others = [one for one in product(range(rest + 1), repeat=len(gone)) if sum(one) == rest]
    for place, number in enumerate(gone):
        if len(counts) > len(gone) or (len(gone) > 1 and rest):  # else everything is hidden and nothing is left to add
            possible = {one[place] for one in others}
            assert counts[number] >= 5 or len(possible) > 1, (counts, shown)


def test_areas_with_few_people_stand_together_and_cells_protect_each_other() -> None:
    lines = table_shown({"Copperbeck": (20, 9), "Hexley Moor": (12, 7), "Stonemere": (1, 2)}, "All areas")
    assert [line[0] for line in lines] == ["Copperbeck", "Small ones, together", "All areas"]
    assert lines[-1][1] == 51
    lines = table_shown({"Copperbeck": (20, 9), "Hexley Moor": (12, 2)}, "All areas")
    assert lines[1][2] == (HIDDEN, HIDDEN), "the one that is small, and the one that would tell it"
    assert HIDDEN in lines[0][2] or HIDDEN in lines[2][2], "the sums of the columns do not tell it either"
    assert table_shown({"Stonemere": (1, 2)}, "All areas") == []


def run(context: Context, *arguments: str) -> Any:
    cli = typer.Typer()
    add_commands(cli, lambda: context)
    cli.command("other")(lambda: None)
    return CliRunner().invoke(cli, ["report", *arguments])


def test_the_command_makes_the_file_that_its_ending_asks_for_and_says_what_it_cannot(
    context: Context, force: dict[str, int], tmp_path: Path
) -> None:
    out = tmp_path / "pack.docx"
    days = ("--from", "2026-05-01", "--to", "2026-06-01")
    result = run(context, "briefing", "--area", "Copperbeck", *days, "--out", str(out), "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["format"], told["period"], told["bytes"]) == ("docx", "1 May to 1 June 2026", out.stat().st_size)
    assert docx.Document(str(out)).paragraphs[0].text == "One-page briefing: Copperbeck"
    with context.database.read() as session:
        assert session.exec(select(AuditRecord.subject_id).where(AuditRecord.action == "export")).all() == [
            "report briefing"
        ]
    unknown = run(context, "briefing", "--out", str(tmp_path / "pack.odt"))
    assert unknown.exit_code == 2
    assert "'odt' is no format of a report" in unknown.output
    assert run(context, "league-table", "--out", str(out)).exit_code == 2
    wrong = run(
        context, "quarterly", "--area", "Copperbeck", "--from", "2026-06-02", "--to", "2026-06-01", "--out", str(out)
    )
    assert isinstance(wrong.exception, BeatlineError)
    assert "lies before the first" in str(wrong.exception)


def test_without_the_engine_a_pdf_says_what_to_take_instead(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(BeatlineError, match="Take the web page"):
        write(hostile_document(), Format.PDF, context)


def test_a_post_of_the_last_minute_of_the_last_day_is_in_the_report(context: Context, desk: Desk) -> None:
    with context.database.read() as session:
        before = document_of(session, Request(Kind.BRIEFING, date(2026, 5, 30), date(2026, 5, 31)), context.clock.now())
    context.clock.advance(timedelta(days=3))  # type: ignore[attr-defined]  # the tests' clock can be moved
    desk.publish(days=(context.clock.now() - _last_minute()).total_seconds() / 86400, figures={"reach": 10})
    with context.database.read() as session:
        after = document_of(session, Request(Kind.BRIEFING, date(2026, 5, 30), date(2026, 5, 31)), context.clock.now())
    assert before.summary[0] == "Nothing was posted in this period."
    assert after.summary[0].startswith("1 post went out")


def _last_minute() -> Any:
    """23:59 of 31 May in London, which is 22:59 UTC."""
    from insights.reports.scope import local_midnight

    return local_midnight(date(2026, 6, 1)) - timedelta(minutes=1)

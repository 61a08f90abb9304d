"""The report as a Word file: real headings, tables whose first row is a header, pictures with a description, its language.

python-docx writes words as words; nothing of a report can become markup or a field."""

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from insights.reports.document import Bullets, Chart, Definitions, Document, Heading, Paragraph, Table, say_cell
from insights.reports.drawing import draw_png
from insights.reports.widths import column_widths

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff￾￿]")
_PAGE = 16.6
"""Centimetres of text across an A4 page with these margins."""
_SIZES = ((6, 8.0), (4, 9.0), (0, 10.0))
"""Points of the letters of a table with more columns than so many."""
_ACROSS = 830.0
"""Letters of Arial that go on one line across the page, times their size in points."""
_MOST_ROWS = 13
"""Of a table that is kept on one page, its head included; of a longer one the first and the last lines stay together."""
_TOGETHER = 4


def write_word(document: Document, made_at: datetime) -> bytes:
    """The file.  made_at: aware; stands in its properties."""
    import docx

    word = docx.Document()
    _prepare(word, document, made_at)
    word.add_heading(_said(document.title), level=0).style = word.styles["Heading 1"]
    for line in (document.force, document.period, document.as_of):
        word.add_paragraph(_said(line)).paragraph_format.space_after = 0
    if document.summary:
        word.add_heading("In short", level=2)
        for line in document.summary:
            word.add_paragraph(_said(line), style="List Bullet")
    for block, leads in document.in_turn:
        _add(word, block)
        if leads:
            word.paragraphs[-1].paragraph_format.keep_with_next = True
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def _said(text: str) -> str:
    """The words without what no XML file may hold."""
    return _NOT_XML.sub("", text)


def _add(word: Any, block: object) -> None:
    match block:
        case Heading(text, level):
            word.add_heading(_said(text), level=level)
        case Paragraph(text, strong):
            word.add_paragraph().add_run(_said(text)).bold = strong or None
        case Bullets(items):
            for item in items:
                word.add_paragraph(_said(item), style="List Bullet")
        case Definitions(items):
            for term, said in items:
                paragraph = word.add_paragraph()
                paragraph.paragraph_format.space_after = _points(3)
                for words, bold in ((f"{term}: ", True), (said, None)):
                    run = paragraph.add_run(_said(words))
                    run.bold, run.font.size = bold, _points(10)
        case Table():
            _add_table(word, block)
        case Chart():
            _add_chart(word, block)
        case _:
            raise AssertionError(f"a report holds no {type(block).__name__}")


def _add_chart(word: Any, chart: Chart) -> None:
    from docx.shared import Cm

    word.add_heading(_said(chart.headline), level=3)
    if chart.spec is not None:
        _caption(word, chart.subtitle)
        paragraph = word.add_paragraph()
        picture = paragraph.add_run().add_picture(BytesIO(draw_png(chart.spec)))
        broad = min(Cm(_PAGE), picture.width)
        picture.height, picture.width = int(picture.height * broad / picture.width), broad
        properties = picture._inline.docPr
        properties.set("descr", _said(chart.alt))
        properties.set("title", _said(chart.headline))
    if chart.beside or chart.spec is None:
        _add_table(word, chart.table)


def _caption(word: Any, text: str) -> None:
    paragraph = word.add_paragraph(_said(text), style="Caption")
    paragraph.paragraph_format.keep_with_next = True


def _add_table(word: Any, table: Table) -> None:
    if not table.rows:
        if table.empty:
            word.add_paragraph(_said(table.empty))
        return
    _caption(word, table.caption)
    said = [[say_cell(value, column) for value, column in zip(row, table.columns, strict=True)] for row in table.rows]
    _fill(word, table, [[column.full_heading for column in table.columns], *said])
    for note in (*table.notes, *((f"Source: {table.source}",) if table.source else ())):
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.space_after = _points(2)
        paragraph.add_run(_said(note)).font.size = _points(9)


def _fill(word: Any, table: Table, lines: list[list[str]]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    made = word.add_table(rows=len(lines), cols=len(table.columns))
    made.autofit = False
    _mark(made.rows[0]._tr, "w:tblHeader")
    size = next(size for columns, size in _SIZES if len(table.columns) > columns)
    widths = column_widths(lines, _ACROSS / size)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(_PAGE * width / sum(widths))
    _rule(made)
    for number, (line, row) in enumerate(zip(lines, made.rows, strict=True)):
        _mark(row._tr, "w:cantSplit")
        kept = number < len(lines) - 1 and (
            len(lines) <= _MOST_ROWS or number < _TOGETHER or number >= len(lines) - _TOGETHER
        )
        for column, width, text, cell in zip(table.columns, widths, line, row.cells, strict=True):
            cell.width = Cm(_PAGE * width / sum(widths))
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(_said(text))
            run.bold = number == 0 or None
            run.font.size = _points(size)
            spaced = paragraph.paragraph_format
            spaced.space_before = spaced.space_after = _points(2)
            spaced.keep_with_next = kept or None
            if column.kind != "text":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    after = word.add_paragraph().paragraph_format  # Word joins two tables that nothing stands between
    after.space_after, after.line_spacing = 0, _points(6)


def _rule(made: Any) -> None:
    """Lines between the rows and none between the columns, a strong one beneath the head: as on paper."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def lines(parent: Any, name: str, *sides: tuple[str, str, str]) -> None:
        borders = OxmlElement(name)
        for side, thick, colour in sides:
            line = OxmlElement(f"w:{side}")
            for key, value in (("val", "single"), ("sz", thick), ("space", "0"), ("color", colour)):
                line.set(qn(f"w:{key}"), value)
            borders.append(line)
        parent.append(borders)

    lines(made._tbl.tblPr, "w:tblBorders", ("bottom", "4", "B1B4B6"), ("insideH", "4", "B1B4B6"))
    for cell in made.rows[0].cells:
        lines(cell._tc.get_or_add_tcPr(), "w:tcBorders", ("bottom", "12", "0B0C0C"))


def _mark(row: Any, name: str) -> None:
    """A property of a table row that python-docx has no word for."""
    from docx.oxml import OxmlElement

    row.get_or_add_trPr().append(OxmlElement(name))


def _points(size: float) -> Any:
    from docx.shared import Pt

    return Pt(size)


def _prepare(word: Any, document: Document, made_at: datetime) -> None:
    """A4, our font, page numbers, and what the file says of itself."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(2.2)
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Caption"):
        font = word.styles[name].font
        font.name = "Arial"
        fonts = word.styles[name].element.rPr.rFonts
        for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(script), "Arial")
            fonts.attrib.pop(
                qn(f"{script}Theme".replace("csTheme", "cstheme")), None
            )  # the template's would go before it
        font.color.rgb = RGBColor(0x12, 0x43, 0x6D) if name.startswith("Heading") else RGBColor(0x0B, 0x0C, 0x0C)
        font.size = Pt({"Heading 1": 22, "Heading 2": 16, "Heading 3": 12.5, "Caption": 9.5}.get(name, 11))
        font.italic = False
    word.styles["Caption"].font.bold = False
    word.styles["Caption"].paragraph_format.space_after = Pt(4)
    word.styles["Normal"].paragraph_format.space_after = Pt(6)
    word.styles["Footer"].font.size = Pt(9)
    _speak_english(word)
    _number_pages(page.footer.paragraphs[0], _said(f"{document.title} · {document.period} · Page "))
    about = word.core_properties
    about.title, about.author, about.language = _said(document.title)[:255], _said(document.force)[:255], "en-GB"
    about.subject, about.comments = _said(document.period)[:255], ""
    about.created = about.modified = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    about.last_modified_by, about.keywords = "Beatline", document.kind


def _speak_english(word: Any) -> None:
    """British English for the whole file, so that a screen reader speaks it so."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for properties in word.styles.element.iter(qn("w:rPr")):
        found = properties.find(qn("w:lang"))
        if found is not None:
            found.set(qn("w:val"), "en-GB")
    normal = word.styles["Normal"].element.get_or_add_rPr()
    lang = normal.find(qn("w:lang"))
    if lang is None:
        lang = OxmlElement("w:lang")
        normal.append(lang)
    lang.set(qn("w:val"), "en-GB")


def _number_pages(paragraph: Any, before: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.add_run(before)
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run._r.append(part)

"""The report as a tagged PDF (PDF/UA-1): headings, tables with headers of columns and rows, and pictures that a screen
reader can tell apart.

typst sets it. The template is fixed; what the report says goes in as JSON, so that no word of it can be markup."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from insights.reports.document import Bullets, Chart, Definitions, Document, Heading, Paragraph, Table, say_cell
from insights.reports.drawing import draw_svg, font_folder, size_of
from insights.reports.letters import showable
from insights.reports.row_headers import with_row_headers
from insights.reports.widths import column_widths, lines_of
from social.errors import BeatlineError

TEMPLATE = Path(__file__).with_name("report.typ")
_SIZES = ((7, 8.5), (5, 9.0), (0, 10.0))
"""Points of the letters of a table with more columns than so many."""
_ACROSS = 940.0
"""Letters that go on one line across the page, times their size in points."""
_MOST_LINES = 12
"""Of a table that is kept on one page; a longer one may go on over the page, its head said again."""
MISSING = (
    "The part that makes PDF files (typst) is not installed here. Take the web page: it prints well. Or ask whoever looks "
    "after Beatline to install it."
)


def pdf_is_possible() -> bool:
    """Whether the engine is installed."""
    try:
        import typst  # noqa: F401
    except ImportError:
        return False
    return True


def write_pdf(document: Document, made_at: datetime) -> bytes:
    """The file.  made_at: aware; stands in the file as the time of its making.  Raises BeatlineError without typst."""
    try:
        import typst
    except ImportError as error:
        raise BeatlineError(MISSING) from error
    made = typst.compile(
        TEMPLATE,
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"report": json.dumps(_shown(as_data(document)), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=made_at.astimezone(UTC).replace(microsecond=0),
    )
    if not isinstance(made, bytes):
        raise BeatlineError("The PDF could not be made. Take the web page instead: it prints well.")
    return with_row_headers(made)


def _shown(value: Any) -> Any:
    """Every text in it as the font can show it."""
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, dict):
        return {name: _shown(one) for name, one in value.items()}
    return [_shown(one) for one in value] if isinstance(value, list) else value


def as_data(document: Document) -> dict[str, Any]:
    """The document as plain values for the template."""
    return {
        "kind": document.kind,
        "title": document.title,
        "force": document.force,
        "period": document.period,
        "as_of": document.as_of,
        "foot": f"{document.period} · {document.as_of}",
        "summary": list(document.summary),
        "blocks": [{**_block(block), "leads": leads} for block, leads in document.in_turn],
    }


def _block(block: object) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"block": "heading", "text": text, "level": level}
        case Paragraph(text, strong):
            return {"block": "paragraph", "text": text, "strong": strong}
        case Bullets(items):
            return {"block": "bullets", "items": list(items)}
        case Definitions(items):
            return {"block": "definitions", "items": [list(pair) for pair in items]}
        case Table():
            return {"block": "table", "table": _table(block)}
        case Chart():
            svg = draw_svg(block.spec) if block.spec is not None else None
            return {"block": "chart", "headline": block.headline, "subtitle": block.subtitle, "alt": block.alt,
                    "svg": svg, "width": size_of(svg)[0] if svg else 0, "table": _table(block.table),
                    "beside": block.beside or svg is None}  # fmt: skip
    raise AssertionError(f"a report holds no {type(block).__name__}")


def _table(table: Table) -> dict[str, Any]:
    rows = [[say_cell(value, column) for value, column in zip(row, table.columns, strict=True)] for row in table.rows]
    size = next(size for columns, size in _SIZES if len(table.columns) > columns)
    lines = [[column.full_heading for column in table.columns], *rows]
    letters = _ACROSS / size
    return {
        "size": size,
        "tall": lines_of(lines, letters) > _MOST_LINES,
        "caption": table.caption,
        "columns": [{"heading": column.full_heading, "number": column.kind != "text"} for column in table.columns],
        "widths": column_widths(lines, letters),
        "rows": rows,
        "notes": list(table.notes),
        "source": table.source,
        "empty": table.empty,
    }

"""The report as a spreadsheet: a sheet a table, numbers as numbers, and a first sheet that says what they mean.

Text is written as text, so that no word of a post or a place can run as a formula (R24)."""

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from insights.reports.document import Between, Column, Definitions, Document, Table, Value, say_cell, tables_in

_FORMATS = {"count": "#,##0", "number": "#,##0.0", "share": "0.0%"}
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff￾￿]")
_LONGEST = 31
"""Letters of a sheet's name that Excel allows."""


def write_sheet(document: Document, made_at: datetime) -> bytes:
    """The file.  made_at: aware; stands in its properties."""
    import openpyxl

    book = openpyxl.Workbook()
    about = book.properties
    about.title, about.creator, about.language = _text(document.title), _text(document.force), "en-GB"
    about.created = about.modified = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    tables = tables_in(document)
    names = _names(tables)
    _write_notes(book.active, document, list(zip(names, tables, strict=True)))
    for name, table in zip(names, tables, strict=True):
        _write_table(book.create_sheet(name), table)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _names(tables: list[Table]) -> list[str]:
    """'1 Posts by area': a number keeps two names apart."""
    return [
        f"{number} {_NOT_IN_NAMES.sub(' ', _text(table.caption))}"[:_LONGEST].strip(" '")
        for number, table in enumerate(tables, 1)
    ]


def _text(value: str) -> str:
    return _NOT_XML.sub("", value)


def _put(cell: Any, value: Value, column: Column | None = None) -> None:
    """A number as a number; anything else as text, whatever it begins with."""
    if value is None or isinstance(value, str | Between):
        cell.value = _text(say_cell(value, column or Column("")))
        cell.data_type = "s"
        cell.quotePrefix = True
        return
    cell.value = value
    if column is not None and column.kind in _FORMATS:
        cell.number_format = _FORMATS[column.kind]


def _with_ends(table: Table) -> tuple[list[Column], list[list[Value]]]:
    """The table with a column for each end of an interval, and one for the figure within it where there is one."""
    columns: list[Column] = []
    rows: list[list[Value]] = [[] for _ in table.rows]
    for at, column in enumerate(table.columns):
        cells = [row[at] for row in table.rows]
        ends = [cell for cell in cells if isinstance(cell, Between)]
        if not ends:
            columns.append(column)
            parts: list[tuple[Value, ...]] = [(cell,) for cell in cells]
        else:
            figure = any(cell.value is not None for cell in ends)
            kind = "share" if ends[0].share else "number"
            columns += [Column(column.heading, kind)] * figure
            columns += [Column(f"{column.heading}, {end}", kind) for end in ("from", "to")]
            parts = [_parts(cell, figure=figure) for cell in cells]
        for row, part in zip(rows, parts, strict=True):
            row.extend(part)
    return columns, rows


def _parts(cell: Value, *, figure: bool) -> tuple[Value, ...]:
    """Figure and ends; words in place of them stand in the first."""
    if isinstance(cell, Between):
        return (cell.value, cell.low, cell.high) if figure else (cell.low, cell.high)
    return (cell, "", "") if figure else (cell, "")


def _write_notes(sheet: Any, document: Document, tables: list[tuple[str, Table]]) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.title = "Notes"
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 100
    lines: list[tuple[str, str]] = [
        (document.title, ""), ("Made by", document.force), ("Period", document.period), ("As of", document.as_of),
        *(("In short", line) for line in document.summary),
        *((f"Sheet '{name}'", table.caption) for name, table in tables),
        *(pair for block in document.blocks if isinstance(block, Definitions) for pair in block.items),
        *(("Credit", credit) for credit in document.credits),
    ]  # fmt: skip
    for number, (term, said) in enumerate(lines, 1):
        for letter, text in (("A", term), ("B", said)):
            cell = sheet[f"{letter}{number}"]
            _put(cell, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=letter == "A", size=14 if number == 1 else 11)
    sheet.freeze_panes = "A2"


def _write_table(sheet: Any, table: Table) -> None:
    """The header in row 1, as programs that read the file expect it; what the table means stands beneath."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    columns, rows = _with_ends(table)
    for number, column in enumerate(columns, 1):
        cell = sheet.cell(1, number)
        _put(cell, column.full_heading)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="bottom", horizontal=None if column.kind == "text" else "right")  # fmt: skip
        longest = max((len(say_cell(row[number - 1], column)) for row in rows), default=0)
        sheet.column_dimensions[get_column_letter(number)].width = min(60, max(12, longest + 2))
    for line, row in enumerate(rows, 2):
        for number, (value, column) in enumerate(zip(row, columns, strict=True), 1):
            cell = sheet.cell(line, number)
            _put(cell, value, column)
            if column.kind != "text":
                cell.alignment = Alignment(horizontal="right")
    below = len(table.rows) + 3
    said = (
        table.caption,
        *(() if table.rows or not table.empty else (table.empty,)),
        *table.notes,
        f"Source: {table.source}",
    )
    for line, text in enumerate(said, below):
        _put(sheet.cell(line, 1), text)
    sheet.freeze_panes = "A2"

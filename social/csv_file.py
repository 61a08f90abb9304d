"""Reads a CSV file that people made into rows, and says plainly when it is not what it should be; and keeps the cells of
files that leave here from being run."""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from social.errors import InputError, Problem
from social.near_words import suggestion

MOST_BYTES = 20_000_000


@dataclass(frozen=True)
class Row:
    """One data row.  number: 1 is the first.  cells: by column, stripped; a column that the file lacks reads ''."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_rows(path: Path, *, needed: tuple[str, ...], known: Collection[str]) -> list[Row]:
    """The rows of a CSV file.  needed: columns that it must have.  known: those that it may have.

    Capitals and spaces in the names of columns do not matter.  Raises InputError when it cannot be read, is not CSV in UTF-8, lacks a column, has one that is not known, or has a
    row with too few or too many cells; every such row is named."""
    return rows_in(content_of(path), path.name, needed=needed, known=known)


def rows_in(content: bytes, name: str, *, needed: tuple[str, ...], known: Collection[str]) -> list[Row]:
    """The same of a file that was uploaded.  name: what people call it."""
    text = _text_of(content, name)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise InputError(f"{name} is not a whole CSV file: {error}. Save it again as CSV (UTF-8).") from error
    lines = [[cell.strip() for cell in line] for line in lines if any(cell.strip() for cell in line)]
    if not lines:
        raise InputError(f"{name} is empty. Its first line must name the columns.")
    header = [re.sub(r"\s+", "_", name.lower()) for name in lines[0]]
    problems = _header_problems(header, needed, known)
    if problems:
        raise InputError(*problems)
    if len(lines) == 1:
        raise InputError(f"{name} has a header and no rows.")
    uneven = [
        Problem(f"There are {len(line)} cells for {len(header)} columns. Put text that holds a comma in quotes.", n)
        for n, line in enumerate(lines[1:], 1)
        if len(line) != len(header)
    ]
    if uneven:
        raise InputError(*uneven)
    return [Row(number, dict(zip(header, line, strict=True))) for number, line in enumerate(lines[1:], 1)]


def csv_cell(value: object) -> str:
    """A cell that no spreadsheet runs as a formula: text that starts like one gets an apostrophe in front."""
    text = "" if value is None else str(value)
    starts = text.lstrip(" \t\r\n")[:1]
    return (
        f"'{text}"
        if not isinstance(value, (int, float)) and (starts in ("=", "+", "-", "@") or text[:1] in ("\t", "\r")) and text
        else text
    )


def digest_of(path: Path) -> str:
    """What the file is known by in the audit record: hex, of its content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def content_of(path: Path) -> bytes:
    """What is in the file.  Raises InputError when it cannot be read or is too large."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}. Give the name of a CSV file.") from error
    if size > MOST_BYTES:
        raise InputError(_too_large(path.name))
    return content


def _too_large(name: str) -> str:
    return f"{name} is larger than {MOST_BYTES // 1_000_000} MB. Part it into several files."


def _text_of(content: bytes, name: str) -> str:
    if len(content) > MOST_BYTES:
        raise InputError(_too_large(name))
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputError(f"{name} is a spreadsheet, not CSV. Open it there and save it as CSV (UTF-8).")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            f"{name} is not CSV in UTF-8 (line {line} cannot be read). Save it again as CSV (UTF-8)."
        ) from error
    if "\0" in text:
        raise InputError(f"{name} is not a CSV file: it holds binary data. Save it again as CSV (UTF-8).")
    return text


def _header_problems(header: list[str], needed: tuple[str, ...], known: Collection[str]) -> list[Problem]:
    names = ", ".join(known)
    unknown = [name for name in header if name not in known]
    if len(unknown) == len(header):
        parted = next((sign for sign in (";", "\t") if sign in "".join(header)), None)
        hint = "Its cells are parted by another sign than a comma. " if parted else ""
        return [Problem(f"The first line names no column that is known. {hint}Known columns: {names}.")]
    problems = [
        Problem(
            f"This column is not known. {_near(name, known)}Rename or remove it. Known columns: {names}.", column=name
        )
        for name in unknown
    ]
    problems += [
        Problem("This column is missing. Add it to the first line and fill it.", column=name)
        for name in needed
        if name not in header
    ]
    twice = [name for name, count in Counter(header).items() if count > 1]
    return problems + [Problem("This column is there more than once. Keep one.", column=name) for name in twice]


def _near(name: str, known: Collection[str]) -> str:
    near = suggestion(name, known)
    return f"{near} " if near.startswith("Did") else ""

"""What is wrong with a PDF for who cannot see it: the checks of the Matterhorn Protocol 1.1 that a program can make of a
file without forms, films and signatures. typst holds the file to PDF/UA-1 as it writes; this asks the finished file, after
the headers of rows were marked in it. Numbers in brackets are the protocol's checkpoints."""

import io
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf

PAINTS = frozenset({"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "EI"})
WITHIN = {"/TR": {"/THead", "/TBody", "/TFoot", "/Table"}, "/TH": {"/TR"}, "/TD": {"/TR"}, "/LI": {"/L"},
          "/LBody": {"/LI"}, "/Lbl": {"/LI"}, "/THead": {"/Table"}, "/TBody": {"/Table"}}  # fmt: skip


def faults_of(content: bytes) -> list[str]:
    """Each fault in a few words; none for a file without."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [*_of_the_file(pdf), *_of_the_tree(pdf), *_of_the_pages(pdf)]


def headings_of(content: bytes) -> list[tuple[int, str]]:
    """Level and words of each bookmark, in order."""
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        return list(_bookmarks(outline.root, 1))


def _bookmarks(items: Any, level: int) -> Iterator[tuple[int, str]]:
    for one in items:
        yield level, str(one.title)
        yield from _bookmarks(one.children, level + 1)


def _of_the_file(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if not str(root.get("/Lang", "")):
        yield "no language (11)"
    if not bool(root.get("/MarkInfo", {}).get("/Marked", False)):
        yield "not marked as tagged (06)"
    if bool(root.get("/MarkInfo", {}).get("/Suspects", False)):
        yield "its tags are suspect (06)"
    if not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
        yield "shows its name and not its title (07)"
    about = pdf.open_metadata()
    if not about.get("dc:title"):
        yield "no title (06)"
    if about.get("pdfuaid:part") != "1":
        yield "does not say that it is PDF/UA-1 (05)"


def _of_the_tree(pdf: pikepdf.Pdf) -> Iterator[str]:
    levels: list[int] = []
    for element, parent in _elements(pdf.Root.StructTreeRoot, ""):
        kind = str(element.S)
        if kind in WITHIN and parent not in WITHIN[kind]:
            yield f"{kind} within {parent or 'nothing'} (09)"
        if kind in ("/Figure", "/Formula") and not str(element.get("/Alt", "")).strip():
            yield "a picture without a description (13)"
        if kind == "/TH" and not any("/Scope" in one for one in element.get("/A", [])):
            yield "a header cell that does not say of what (15)"
        if kind == "/Table":
            yield from _of_a_table(element)
        if len(kind) == 3 and kind.startswith("/H") and kind[2].isdigit():
            levels.append(int(kind[2]))
    if levels[:1] != [1] or levels.count(1) != 1:
        yield "not one title at the head (14)"
    if any(later > earlier + 1 for earlier, later in pairwise(levels)):
        yield "a level of headings left out (14)"


def _of_a_table(table: Any) -> Iterator[str]:
    rows = [one for one, _ in _elements(table, "") if one.S == "/TR"]
    if len({len(list(row.K)) for row in rows}) != 1:
        yield "a table whose rows differ in cells (15)"
    if not all(cell.S == "/TH" for cell in rows[0].K):
        yield "a table without a row of headers (15)"


def _of_the_pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    """All that is painted is in the tree or set aside, in the tree's order, in fonts that can be read out."""
    marks = {number: list(marks) for number, marks in _parents(pdf.Root.StructTreeRoot.ParentTree)}
    read = _read_out(pdf.Root.StructTreeRoot)
    if not any(read.values()):
        yield "nothing is tagged (01)"
    if any(numbers != sorted(numbers) for numbers in read.values()):
        yield "not read out in the order in which it stands on the page (09)"
    for page in pdf.pages:
        if page.get("/Annots") and page.get("/Tabs") != "/S":
            yield "the tab key does not follow the tree (28)"
        owners = marks.get(int(page.get("/StructParents", -1)), [])
        for fault, mark in _marks(page):
            if fault:
                yield fault
            elif mark is not None and (mark >= len(owners) or owners[mark] is None):
                yield "content that no element of the tree owns (01)"
        for font in (page.get("/Resources", {}).get("/Font", {}) or {}).values():
            if "/ToUnicode" not in font:
                yield "a font whose letters cannot be read out (10)"
            if not any(
                name in found for found in _descriptors(font) for name in ("/FontFile2", "/FontFile3", "/FontFile")
            ):
                yield "a font that is not in the file (31)"


def _marks(page: Any) -> Iterator[tuple[str, int | None]]:
    """A fault for what is painted outside of all marks, and the number of each mark that belongs to the tree."""
    open_marks: list[bool] = []
    for one in pikepdf.parse_content_stream(page):
        operator = str(one.operator)
        if operator in ("BDC", "BMC"):
            open_marks.append(True)
            given = one.operands[1] if operator == "BDC" else {}
            if isinstance(given, pikepdf.Dictionary) and "/MCID" in given:
                yield "", int(given.MCID)
        elif operator == "EMC":
            open_marks.pop()
        elif operator in PAINTS and not open_marks:
            yield "something painted that is neither tagged nor set aside (01)", None


def _elements(node: Any, parent: str) -> Iterator[tuple[Any, str]]:
    """Every element of the structure with the kind of its parent, in reading order."""
    if isinstance(node, pikepdf.Array):
        for one in node:
            yield from _elements(one, parent)
    elif isinstance(node, pikepdf.Dictionary):
        kind = parent
        if "/S" in node:
            kind = str(node.S)
            yield node, parent
        yield from _elements(node.get("/K"), kind)


def _read_out(root: Any) -> dict[Any, list[int]]:
    """The numbers of the marks of each page, in the tree's order."""
    found: dict[Any, list[int]] = {}
    for element, _ in _elements(root, ""):
        kids = element.get("/K", [])
        for one in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(one, int):
                found.setdefault(element.Pg.objgen, []).append(one)
            elif isinstance(one, pikepdf.Dictionary) and "/MCID" in one:
                found.setdefault(one.get("/Pg", element.get("/Pg")).objgen, []).append(int(one.MCID))
    return found


def _parents(node: Any) -> Iterator[tuple[int, Any]]:
    for one in node.get("/Kids", []):
        yield from _parents(one)
    numbers = list(node.get("/Nums", []))
    for number, marks in zip(numbers[::2], numbers[1::2], strict=True):
        if isinstance(marks, pikepdf.Array):
            yield int(number), marks


def _descriptors(font: Any) -> list[Any]:
    within = list(font.get("/DescendantFonts", [])) or [font]
    return [one.FontDescriptor for one in within if "/FontDescriptor" in one]

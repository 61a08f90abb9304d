"""Row headers in the structure of a PDF: who hears a table reads out which row a cell is of, as well as which column.

typst 0.15 marks the cells of a table's head and no others (its `pdf.header-cell` is a trial that the Python package cannot
switch on). The first cell of each row is therefore marked here, in an update that is appended to the file as ISO 32000-1,
7.5.6, has it: what typst wrote stays byte for byte, and the changed elements of the structure tree follow with a table of
where they are. A row header says that it is one by its scope (14.8.5.7), as PDF/UA-1 (ISO 14289-1, 7.5) asks."""

import re
from collections.abc import Iterator

_ELEMENT = re.compile(rb"^(\d+) 0 obj\n<</Type/StructElem/S/(TD|TH|TR|TBody|THead)(/.*?)>>\nendobj$", re.M | re.S)
_TRAILER = re.compile(rb"trailer\n(<<.*?)>>\nstartxref\n(\d+)\n%%EOF\s*$", re.S)
_HEADERS = re.compile(rb"<</O/Table/Headers\[[^\]]*\]>>")
_SCOPE = b"<</O/Table/Scope/Row>>"


def with_row_headers(pdf: bytes) -> bytes:
    """The same file, the first cell of each row of a table's body marked as its header.

    pdf: as typst writes it, with its structure tree in plain objects.  Raises ValueError for any other file that holds
    cells, rather than leave a table without row headers."""
    elements = {number: (kind, rest) for number, kind, rest in _elements(pdf)}
    changed: dict[int, bytes] = {}
    for kind, rest in elements.values():
        if kind != b"TR" or elements[_parent(rest)][0] != b"TBody":
            continue
        first, *others = _children(rest)
        changed[first] = _element(b"TH", _as_header(elements[first][1]))
        for other in others:
            # A list of headers would be all that is read out: without one, scopes say which they are, rows' as well.
            changed[other] = _element(b"TD", _without_list(elements[other][1]))
    if not changed and b"/S/TD" in pdf:
        raise ValueError("the tables of this PDF are not written as was known; its row headers cannot be marked")
    return _appended(pdf, changed) if changed else pdf


def _elements(pdf: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    for found in _ELEMENT.finditer(pdf):
        yield int(found[1]), found[2], found[3]


def _parent(rest: bytes) -> int:
    found = re.search(rb"/P (\d+) 0 R", rest)
    if found is None:
        raise ValueError("an element of the PDF's structure has no parent")
    return int(found[1])


def _children(rest: bytes) -> list[int]:
    found = re.search(rb"/K\[([^\]]*)\]", rest)
    return [int(one) for one in re.findall(rb"(\d+) 0 R", found[1])] if found else []


def _as_header(rest: bytes) -> bytes:
    marked, times = _HEADERS.subn(_SCOPE, rest, count=1)
    return marked if times else rest.replace(b"/K[", b"/A[" + _SCOPE + b"]/K[", 1)


def _without_list(rest: bytes) -> bytes:
    return _HEADERS.sub(b"", rest).replace(b"/A[]", b"")


def _element(kind: bytes, rest: bytes) -> bytes:
    return b"<</Type/StructElem/S/" + kind + rest + b">>"


def _appended(pdf: bytes, changed: dict[int, bytes]) -> bytes:
    """The file with newer versions of these objects behind it, and where they and the older table are."""
    trailer = _TRAILER.search(pdf)
    if trailer is None:
        raise ValueError("the PDF does not end as was known; its row headers cannot be marked")
    made = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n")
    places: list[bytes] = []
    for number, written in sorted(changed.items()):
        places.append(b"%d 1\n%010d 00000 n\r\n" % (number, len(made)))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    begins = len(made)
    made += b"xref\n" + b"".join(places)
    made += b"trailer\n%s/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer[1], trailer[2], begins)
    return bytes(made)

"""The report as one web page that needs nothing else: no picture, font or script is fetched, and it prints on A4.

Whatever it says is escaped; charts are drawn inside it, with a description for who cannot see them."""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from insights.reports.document import Bullets, Chart, Definitions, Document, Heading, Paragraph, Table, Value, say_cell
from insights.reports.drawing import FONT, draw_svg

STYLE = Path(__file__).with_name("report.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What a browser may load for this page: its own style, nothing else, and no script runs."""
_MANY = 6
"""Sections from which on a page begins with a list of them."""


def write_html(document: Document) -> bytes:
    """The file, UTF-8."""
    body = "\n".join(_body(document))
    page = f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(document.title)} - {escape(document.force)}</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
{body}
</body>
</html>
"""
    return page.encode()


def _body(document: Document) -> Iterator[str]:
    yield f"<header><h1>{escape(document.title)}</h1>"
    yield f"<p>{escape(document.force)}<br>{escape(document.period)}<br>{escape(document.as_of)}</p></header>"
    yield '<main id="report">'
    if document.summary:
        lines = "".join(f"<li>{escape(line)}</li>" for line in document.summary)
        yield f'<section class="summary" aria-labelledby="in-short"><h2 id="in-short">In short</h2><ul>{lines}</ul></section>'
    yield _contents(document)
    for number, block in enumerate(document.blocks):
        yield _block(block, number)
    yield "</main>"


def _contents(document: Document) -> str:
    """The way to each section, where there are many."""
    sections = [
        (number, block.text)
        for number, block in enumerate(document.blocks)
        if isinstance(block, Heading) and block.level == 2
    ]
    if len(sections) < _MANY:
        return ""
    links = "".join(f'<li><a href="#s{number}">{escape(text)}</a></li>' for number, text in sections)
    return f'<nav aria-label="Contents"><ul>{links}</ul></nav>'


def _block(block: object, number: int) -> str:
    match block:
        case Heading(text, level):
            return f'<h{level} id="s{number}">{escape(text)}</h{level}>'
        case Paragraph(text, strong):
            return f"<p><strong>{escape(text)}</strong></p>" if strong else f"<p>{escape(text)}</p>"
        case Bullets(items):
            return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
        case Definitions(items):
            return "<dl>" + "".join(f"<dt>{escape(term)}</dt><dd>{escape(said)}</dd>" for term, said in items) + "</dl>"
        case Table():
            return _table(block, number)
        case Chart():
            return _chart(block, number)
    raise AssertionError(f"a report holds no {type(block).__name__}")


def _chart(chart: Chart, number: int) -> str:
    heading = f"<h3>{escape(chart.headline)}</h3>"
    if chart.spec is None:
        return heading + _table(chart.table, number)
    picture = _inside(draw_svg(chart.spec), chart.alt, number)
    # On a phone it scrolls by itself rather than become too small to read.
    figure = (
        f'<figure><figcaption id="f{number}">{escape(chart.subtitle)}</figcaption>'
        f'<div class="chart" role="group" tabindex="0" aria-labelledby="f{number}">{picture}</div></figure>'
    )
    return heading + figure + (_table(chart.table, number) if chart.beside else "")


def _inside(svg: str, alt: str, number: int) -> str:
    """The picture as one thing with one description: what vega says of its parts would be read out bar by bar."""
    plain = re.sub(r'\s(?:role|aria-[a-z]+)="[^"]*"', "", svg)
    # Names inside a picture hold for the whole page: two charts must not share them.
    plain = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>c{number}-", plain)
    plain = plain.replace(f'font-family="{FONT}"', f'font-family="{FONT}, Arial, sans-serif"')  # it is on few machines
    return plain.replace("<svg ", f'<svg role="img" aria-label="{escape(alt)}" ', 1)


def _table(table: Table, number: int) -> str:
    foot = "".join(f"<p>{escape(note)}</p>" for note in table.notes)
    foot += f"<p>Source: {escape(table.source)}</p>" if table.source else ""
    notes = f'<div class="notes">{foot}</div>' if foot else ""
    if not table.rows:
        return f"<p>{escape(table.empty)}</p>" if table.empty else ""
    numbers = [column.kind != "text" for column in table.columns]
    heads = "".join(
        f'<th scope="col"{_aligned(right)}>{escape(column.full_heading)}</th>'
        for column, right in zip(table.columns, numbers, strict=True)
    )
    rows = "".join(f"<tr>{_cells(row, table, numbers)}</tr>" for row in table.rows)
    # A broad table scrolls by itself; the keyboard reaches it.
    return (
        f'<div class="table" role="group" tabindex="0" aria-labelledby="t{number}"><table>'
        f'<caption id="t{number}">{escape(table.caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{notes}"
    )


def _cells(row: tuple[Value, ...], table: Table, numbers: list[bool]) -> str:
    said = [escape(say_cell(value, column)) for value, column in zip(row, table.columns, strict=True)]
    rest = "".join(f"<td{_aligned(right)}>{cell}</td>" for cell, right in zip(said[1:], numbers[1:], strict=True))
    return f'<th scope="row"{_aligned(numbers[0])}>{said[0]}</th>{rest}'


def _aligned(right: bool) -> str:
    return ' class="n"' if right else ""

"""The tables of the page Alerts, and the same as files: a figure that is missing is a dash and never 0, and by area a
small number is words (R27)."""

import csv
import io
from collections.abc import Mapping, Sequence

from insights.alert_measures import AlertMeasures, AlertRow
from insights.alert_small_numbers import hidden_figures, value_of
from social.alerts.survey_small_numbers import TOTAL
from social.csv_file import csv_cell
from social.words import say_moment

NOT_MEASURED = "not measured"
COLUMNS = (
    ("Residents", "members"), ("Messages sent", "sent"), ("Useful: yes", "useful"), ("Useful: answers", "useful_of"),
    ("Useful, share", "share_useful"), ("Replies", "replies"), ("Attachments", "attachments"),
    ("Left within 7 days", "left"), ("Left, share", "share_left"), ("Delivered", "delivered"),
    ("With a receipt", "told_of"), ("Came back", "bounced"), ("Opened", "opened"),
    ("Opened, share of mails", "share_opened"), ("In a digest", "in_digests"), ("Left out: told enough", "skipped"),
    ("Not sent", "failed"), ("Not known", "unknown"),
)  # fmt: skip
"""Heading of each column and the field of `AlertRow` or of its counts in it."""
_NOTHING: frozenset[str] = frozenset()
Line = dict[str, object]


def by_alert(found: AlertMeasures) -> list[Line]:
    """One line an alert, newest first, with every number: for the force's own eyes."""
    return [
        {"Alert": row.label, "Sent out": say_moment(row.made_at)} | _cells(row, _NOTHING, plain=False)
        for row in found.alerts
    ]


def by_area(found: AlertMeasures, *, plain: bool = False) -> list[Line]:
    """One line an area and one for all of them, without small numbers.  plain: numbers as a file holds them."""
    hidden = hidden_figures(found.areas)
    lines: list[Line] = []
    for row in (*found.areas, found.total):
        mine = hidden[TOTAL if row is found.total else row.group]
        cells = _cells(row, mine, plain=plain)
        lines.append({"Area": row.label, "Alerts": row.alerts} | cells)
    return lines if found.areas else []


def alerts_csv(found: AlertMeasures) -> bytes:
    """The table by alert as a file. It may leave the force, so that the numbers of one small alert are hidden (R27)."""
    lines = []
    for row in found.alerts:
        mine = hidden_figures([row])[row.group]
        lines.append({"Alert": row.label, "Sent out": row.made_at} | _cells(row, mine, plain=True))
    return _csv(lines)


def areas_csv(found: AlertMeasures) -> bytes:
    """The table by area as a file."""
    return _csv(by_area(found, plain=True))


def _cells(row: AlertRow, hidden: frozenset[str], *, plain: bool) -> Line:
    return {head: _cell(name, value_of(row, name, hidden), plain) for head, name in COLUMNS}


def _cell(name: str, value: object, plain: bool) -> object:
    if value is None:
        return NOT_MEASURED if name in ("opened", "share_opened", "delivered") else (None if plain else "–")
    if plain or isinstance(value, str):
        return value
    return f"{value:.0%}" if isinstance(value, float) else f"{value:,}"


def _csv(lines: Sequence[Mapping[str, object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    if lines:
        writer.writerow(list(lines[0]))
        writer.writerows([csv_cell(value) for value in line.values()] for line in lines)
    return out.getvalue().encode("utf-8-sig")

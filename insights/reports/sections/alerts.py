"""What came of alerts to residents who signed up: beside social figures, never added to them (M08)."""

from insights.alert_measures import AlertMeasures, alert_measures
from insights.alert_small_numbers import useful_said
from insights.alert_tables import by_area
from insights.reports.document import Block, Column, Paragraph, Table, Value
from insights.reports.scope import Scope
from social.words import say_count, say_number, say_share

_COLUMNS = (
    ("Area", Column("Area")), ("Alerts", Column("Alerts", "count")), ("Residents", Column("Residents", "count")),
    ("Replies", Column("Replies", "count")), ("Useful: yes", Column("Useful: yes", "count")),
    ("Useful: answers", Column("Useful: answers", "count")), ("Left within 7 days", Column("Left within 7 days", "count")),
)  # fmt: skip
"""A column of the page's own table -> the same here."""


def measured(scope: Scope) -> AlertMeasures:
    """The alerts that went out in the period about the area."""
    return alert_measures(
        scope.session, tracking=scope.tracking, since=scope.start, until=scope.end, place_id=scope.place_id
    )


def alerts(scope: Scope) -> list[Block]:
    """A sentence, the table by area without small numbers, and what it is not."""
    found = measured(scope)
    if not found.alerts:
        return [Paragraph(f"No alert went out{scope.about} in this period.")]
    lines = by_area(found, plain=True)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        tuple(_cell(line[head]) for head, _ in _COLUMNS) for line in lines
    )  # fmt: skip
    return [
        Paragraph(in_words(found)),
        Table(
            scope.caption("Alerts by area"), tuple(column for _, column in _COLUMNS), rows,
            notes=("Numbers below 5, and those that would give them away, are hidden. Who left within 7 days is counted with "
                   "the alert; nobody says that it was the reason.",),
            source="Beatline's own record of messages",
            empty="The areas have too few members each for a table.",
        ),
        Paragraph(
            "Alerts and social posts stand side by side and are never added up: residents who get alerts are people who "
            "signed up, reach is a network's count of accounts, and many people are in both or in neither."
        ),
    ]  # fmt: skip


def in_words(found: AlertMeasures) -> str:
    """'3 alerts went out. An alert was for 320 residents (median). 78% of 45 answers said that theirs was useful.'"""
    said = f"{say_count(found.total.alerts, 'alert')} went out. An alert was for {say_number(found.members_median)} residents"
    said += " (median)." if found.total.alerts > 1 else "."
    useful = useful_said(found)
    if useful is None:
        return f"{said} Too few residents said whether theirs was useful to tell."
    share, answers = useful
    return f"{said} {say_share(share)} of {say_count(answers, 'answer')} said that theirs was useful."


def _cell(value: object) -> Value:
    return value if isinstance(value, str | int | float) else None

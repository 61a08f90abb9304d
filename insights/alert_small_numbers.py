"""What is hidden in tables of alerts by area, so that nobody can tell one resident from the numbers (R27).

Whoever sees a table can subtract: of the residents of an area those who did something leave those who did not, and of a
total all other areas leave one. `survey_small_numbers` decides what has to be hidden with a small number."""

from collections.abc import Hashable, Mapping, Sequence

from insights.alert_measures import AlertMeasures, AlertRow
from social.alerts.survey_small_numbers import LEAST, TOTAL, Cell, hidden_cells

FEWER = f"fewer than {LEAST}"
HIDDEN = "hidden"
"""Said where a number is hidden that is not small itself, or not small alone."""
FIGURES: Mapping[str, tuple[str, ...]] = {
    "bounced": ("bounced", "share_bounced"),
    "replies": ("replies", "attachments", "share_replied"),
    "useful": ("useful", "useful_of", "share_useful", "useful_interval"),
    "opened": ("opened", "share_opened"),
    "left": ("left", "share_left"),
}
"""What residents did -> the fields of a row that tell of it."""


def hidden_figures(rows: Sequence[AlertRow]) -> dict[str, frozenset[str]]:
    """Group of a row, TOTAL for the total -> the keys of FIGURES that are hidden there.

    rows: areas of which none has fewer than `LEAST` members, as `alert_measures` pools them."""
    hidden: dict[str, set[str]] = {group: set() for group in (*(row.group for row in rows), TOTAL)}
    for name in FIGURES:
        counts: dict[Cell, int] = {}
        for row in rows:
            counts |= {(row.group, column): count for column, count in _split(row, name).items()}
        for group, _ in hidden_cells(counts):
            hidden[str(group)].add(name)
    return {group: frozenset(names) for group, names in hidden.items()}


def hidden_in_total(found: AlertMeasures) -> frozenset[str]:
    """What the table by area hides of all alerts together: whatever tells of them in words beside it keeps to that."""
    return hidden_figures(found.areas or (found.total,))[TOTAL]


def useful_said(found: AlertMeasures) -> tuple[float, int] | None:
    """Share that found alerts useful, and of how many answers; None where too few said anything, or it is hidden."""
    total = found.total
    if total.share_useful is None or total.counts.useful_of < LEAST or "useful" in hidden_in_total(found):
        return None
    return total.share_useful, total.counts.useful_of


def value_of(row: AlertRow, name: str, hidden: frozenset[str]) -> object:
    """A field of the row or of its counts as it may be shown: itself, or words in place of it."""
    value = getattr(row, name) if hasattr(row, name) else getattr(row.counts, name)
    if value is None or not any(name in FIGURES[one] for one in hidden):
        return value
    return FEWER if name in FIGURES and _said(row, name) < LEAST else HIDDEN


def _said(row: AlertRow, name: str) -> int:
    return int(getattr(row.counts, name))


def _split(row: AlertRow, name: str) -> dict[Hashable, int]:
    """Everybody whom the alerts were for: those who did it, those who said the opposite, and the rest."""
    if name == "useful":
        yes, no = row.counts.useful, row.counts.useful_of - row.counts.useful
        return {"yes": yes, "no": no, "rest": max(0, row.members - yes - no)}
    did = _said(row, name)
    return {"yes": did, "rest": max(0, row.members - did)}

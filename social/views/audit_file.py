"""The audit record as a file; taking it is a row of its own. No Streamlit here."""

import csv
import io
from itertools import islice

from social.audit_list import AuditRow, Wanted, every_row
from social.context import Context
from social.csv_file import csv_cell
from social.exports import record_export
from social.staff import Action, Person, require

MOST = 50_000
"""Rows that one file holds at most; narrow it for more."""
COLUMNS = {"Row": "seq", "When": "at", "Who": "actor", "What": "action", "About": "subject", "Before": "before",
           "After": "after", "Why": "reason"}  # fmt: skip


def export(context: Context, person: Person, wanted: Wanted) -> bytes:
    """The rows as CSV, newest first; UTF-8 with a mark so that Excel sees it.  Raises NotAllowed."""
    with context.database.read() as session:
        require(session, person, Action.READ_AUDIT)
        rows = list(islice(every_row(session, wanted), MOST))
    record_export(context, person, "audit", len(rows))
    return as_csv(rows)


def as_csv(rows: list[AuditRow]) -> bytes:
    """A header and one line a row, no cell of which a spreadsheet would run."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([csv_cell(str(getattr(row, field))) for field in COLUMNS.values()])
    return target.getvalue().encode("utf-8-sig")

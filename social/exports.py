"""What leaves Beatline as a file is recorded: who took what, and how much of it (R24)."""

from social.audit import record
from social.context import Context
from social.staff import Person

EXPORT = "export"


def record_export(context: Context, person: Person | str, what: str, rows: int) -> None:
    """Leave a row in the audit record.  what: such as 'audit' or 'figures', a code.  rows: how many were taken."""
    with context.database.write() as session:
        record(
            session, context.clock.now(), actor=person, action=EXPORT, subject=("export", what), after={"rows": rows}
        )

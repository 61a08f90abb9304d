"""What `beatline doctor` says of records that are over their time (R28)."""

from collections.abc import Iterator

from social.context import Context
from social.doctor import Finding, Level
from social.purging import purge
from social.retention import CLASSES

SHOWN = 5


def findings(context: Context) -> Iterator[Finding]:
    """What waits for a person, and what nobody purges."""
    report = purge(context, dry_run=True)
    for retention in dict.fromkeys(one.retention for one in report.kept):
        of_it = [one for one in report.kept if one.retention == retention]
        named = ", ".join(f"{kind} {number}" for kind, number in (one.subject for one in of_it[:SHOWN]))
        more = f" and {len(of_it) - SHOWN} more" if len(of_it) > SHOWN else ""
        yield Finding(
            Level.WRONG,
            f"Over their time and not forgotten: {named}{more}.",
            f"{of_it[0].why[:1].upper()}{of_it[0].why[1:]}.",
        )
    left = {key: records for key, records in report.counts.items() if records}
    if left:
        told = ", ".join(f"{records} of '{CLASSES[key].label}'" for key, records in left.items())
        yield Finding(Level.NOTE, f"Over their time: {told}.", "The worker purges every hour; or run `beatline purge`.")

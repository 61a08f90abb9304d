"""The clock of questions and complaints: an answer within 72 hours of being written (R18).

Weekends, nights and bank holidays count. An answer is a reply by the account right beneath the resident's."""

from datetime import datetime, timedelta

ANSWER_WITHIN = timedelta(hours=72)
ON_THE_CLOCK = frozenset({"question", "complaint"})
"""Kinds of reply for which the clock runs."""


def answer_due(kind: str | None, created_at: datetime) -> datetime | None:
    """When a reply of that kind is to be answered at the latest (R18); None where no clock runs.

    kind: None for a reply that nothing has read yet.  created_at: as the network says, aware.  The 72 hours are hours
    that pass: a change of the clocks makes none longer or shorter."""
    return created_at + ANSWER_WITHIN if kind in ON_THE_CLOCK else None

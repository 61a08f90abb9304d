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


def is_overdue(kind: str | None, created_at: datetime, answered_at: datetime | None, now: datetime) -> bool:
    """Whether an answer is still owed and its time is over. One that was answered late is late, not overdue."""
    due = answer_due(kind, created_at)
    return due is not None and answered_at is None and now > due


def in_time(created_at: datetime, answered_at: datetime) -> bool:
    """Whether an answer came within the 72 hours; the last moment counts."""
    return answered_at - created_at <= ANSWER_WITHIN


def clock_in_words(kind: str | None, created_at: datetime, answered_at: datetime | None, now: datetime) -> str | None:
    """'Answer due in 5 hours', 'Answer overdue by 2 days', 'Answered within 3 hours'; None where no clock runs."""
    due = answer_due(kind, created_at)
    if due is None:
        return None
    if answered_at is not None:
        took = say_span(max(answered_at - created_at, timedelta(0)))
        return f"Answered within {took}" if in_time(created_at, answered_at) else f"Answered late, after {took}"
    return f"Answer due in {say_span(due - now)}" if now <= due else f"Answer overdue by {say_span(now - due)}"


def say_span(span: timedelta) -> str:
    """'less than a minute', '12 minutes', '5 hours', '3 days': the whole units that have passed.

    Days only from two on: somebody who has 40 hours left reads hours."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    for size, unit, least in ((1440, "day", 2), (60, "hour", 1), (1, "minute", 1)):
        if minutes >= size * least:
            count = minutes // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    raise AssertionError("minutes are at least 1 here")

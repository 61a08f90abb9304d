"""Looks at everything that may be a finding, and keeps what can be told, most telling first."""

from datetime import datetime, timedelta

from sqlmodel import Session

from insights.findings.answers import answers
from insights.findings.base import Finding, hold_together
from insights.response_times import response_times

LOOKED_AT = timedelta(weeks=12)


def work_out(session: Session, now: datetime) -> list[Finding]:
    """Every finding of the whole force that stands as of `now`."""
    return hold_together(_candidates(session, now))


def _candidates(session: Session, now: datetime) -> list[Finding]:
    four_weeks = response_times(session, now, since=now - timedelta(weeks=4))
    return [*answers(four_weeks, "in the last 4 weeks")]

"""Quiet hours: when a resident wants no message that can wait (R30)."""

from datetime import datetime, timedelta

from social.clock import as_local, as_utc


def after_quiet(now: datetime, quiet_from: int | None, quiet_to: int | None) -> datetime:
    """The first moment from now on that lies outside of the quiet hours; now itself where it does.

    quiet_from, quiet_to: minutes after midnight, local time; from 1320 to 420 is ten in the evening to seven."""
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return now
    local = as_local(now)
    minute = local.hour * 60 + local.minute
    past_midnight = quiet_from > quiet_to
    within = minute >= quiet_from or minute < quiet_to if past_midnight else quiet_from <= minute < quiet_to
    if not within:
        return now
    day = local + timedelta(days=1) if past_midnight and minute >= quiet_from else local
    return as_utc(day.replace(hour=quiet_to // 60, minute=quiet_to % 60, second=0, microsecond=0, fold=0))

"""Quiet hours: when a resident wants no message that can wait (R30), right over both clock changes (R42). Pure."""

from datetime import datetime, time, timedelta

from social.clock import LONDON, as_local, as_utc


def awake_from(moment: datetime, quiet_from: int | None, quiet_to: int | None) -> datetime:
    """The first instant from `moment` on that lies outside of the quiet hours; `moment` itself where it does.

    quiet_from, quiet_to: minutes after midnight, local time; from 1320 to 420 is ten in the evening to seven."""
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return moment
    local = as_local(moment)
    minute = local.hour * 60 + local.minute
    past_midnight = quiet_from > quiet_to
    quiet = minute >= quiet_from or minute < quiet_to if past_midnight else quiet_from <= minute < quiet_to
    if not quiet:
        return moment
    day = local.date() + timedelta(days=1 if past_midnight and minute >= quiet_from else 0)
    # An hour that comes twice: the later of the two, as the clock reads a quiet hour again after the earlier one.
    ends = datetime.combine(day, time(quiet_to // 60, quiet_to % 60), tzinfo=LONDON).replace(fold=1)
    return max(moment, as_utc(ends))

"""When something comes again, by people's clocks: pure, and the same in summer and winter (R42)."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from scheduler.slots import to_instant
from social.errors import InputError

LOOK_FORWARD = 366 * 5 + 1
"""Days that are looked at for times that do not exist or come twice when a recurrence is set up."""
LAST = 0
"""In place of a day of the month: its last."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Rule:
    """When it comes again: on a weekday, or on a day of the month (LAST for its last), at a time by people's clocks.

    fold: which of the two autumn hours is meant.  last: None for no end."""

    at: time
    first: date
    weekday: int | None = None
    month_day: int | None = None
    fold: int | None = None
    last: date | None = None

    def days(self, start: date, end: date) -> Iterator[date]:
        """The days on which it comes, from `start` to `end`, both included."""
        day = max(start, self.first)
        end = min(end, self.last) if self.last is not None else end
        while day <= end:
            if self._comes_on(day):
                yield day
            day += timedelta(days=1)

    def _comes_on(self, day: date) -> bool:
        if self.weekday is not None:
            return day.weekday() == self.weekday
        wanted = self.month_day or monthrange(day.year, day.month)[1]
        return day.day == wanted

    def instant(self, day: date) -> datetime:
        """When it comes on that day, UTC.  Raises InputError for a time that the day does not have, or has twice."""
        return to_instant(datetime.combine(day, self.at), self.fold)


def problems_of(rule: Rule) -> list[str]:
    """What is wrong with it, with every day of the next five years looked at; [] when nothing is."""
    if (rule.weekday is None) is (rule.month_day is None):
        return ["Say either a day of the week or a day of the month."]
    if rule.weekday is not None and not 0 <= rule.weekday <= 6:
        return ["There is no such day of the week."]
    if rule.month_day is not None and not 0 <= rule.month_day <= 28:
        return ["Not every month has that day. Give 1 to 28, or 'last'."]
    if rule.last is not None and rule.last < rule.first:
        return ["The last day lies before the first."]
    days = list(rule.days(rule.first, rule.first + timedelta(days=LOOK_FORWARD)))
    if not days:
        return ["It would never come: no such day lies between the first and the last."]
    for day in days:
        try:
            rule.instant(day)
        except InputError as error:
            return [str(error)]
    return []


def in_words(rule: Rule) -> str:
    """'Every Monday at 09:30, UK time'."""
    if rule.weekday is not None:
        when = f"Every {DAYS[rule.weekday]}"
    else:
        when = "On the last day of every month" if rule.month_day == LAST else f"On day {rule.month_day} of every month"
    return f"{when} at {rule.at:%H:%M}, UK time"

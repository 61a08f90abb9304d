"""How far the comments of a post were read: Facebook's own cursor, and the time of the newest comment that was read.

Facebook's cursors are not for keeping (https://developers.facebook.com/docs/graph-api/results): one may be refused any
day. The time stands beside it, so that reading then goes on from there and not from the first comment."""

from dataclasses import dataclass
from datetime import datetime

_OVERLAP = 3600
"""Seconds that are read again: comments arrive out of order, and what is read twice is stored once."""


@dataclass(frozen=True)
class Reached:
    """after: Facebook's cursor.  newest: when the newest comment read was written, in Unix seconds.  since: from when
    on this very reading takes comments; it holds for one reading and is not kept."""

    after: str | None = None
    newest: int | None = None
    since: int | None = None

    @classmethod
    def parse(cls, text: str | None) -> "Reached":
        """What `str()` made. A bare cursor, as it was kept before, has no time: when it is refused, reading starts
        from the first comment."""
        if not text:
            return cls()
        after, bar, newest = text.rpartition("|")
        if not bar or not newest.isdecimal() or len(newest) > 12:
            return cls(text)
        return cls(after or None, int(newest))

    def past(self, after: str | None, newest: datetime | None) -> "Reached":
        """After a page whose newest comment is of that moment; None for a page without any."""
        time = self.newest if newest is None else max(int(newest.timestamp()), self.newest or 0)
        return Reached(after or self.after, time, self.since)

    def by_time(self) -> "Reached":
        """The cursor is refused: from the time that it had reached, or from the first comment where that is not known."""
        return Reached(None, self.newest, None if self.newest is None else max(self.newest - _OVERLAP, 0))

    def __str__(self) -> str:
        return f"{self.after or ''}|{self.newest or 0}"

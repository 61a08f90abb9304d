"""What somebody types into a profile, checked in one manner: words, web addresses, days and shares.

Each check takes the words of the field as people read them and adds what is wrong to a list, so that a person hears of
everything at once."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from sqlmodel import Session, SQLModel

from social.errors import InputError, Problem
from social.words import is_web_address, say_day

LONGEST_NAME = 120
LONGEST_TEXT = 500
LONGEST_ADDRESS = 300
FIRST_DAY = date(2000, 1, 1)
MOST_PEOPLE = 20_000_000
Versioned = TypeVar("Versioned", bound=SQLModel)
"""A table of profiles, with `version` and `changed_at`."""


class Checking:
    """Gathers what is wrong.  row: of a file, None for a form.  `end` raises InputError where anything was."""

    def __init__(self, row: int | None = None) -> None:
        self.problems: list[Problem] = []
        self._row = row

    def wrong(self, message: str) -> None:
        self.problems.append(Problem(message, self._row))

    def end(self) -> None:
        if self.problems:
            raise InputError(*self.problems)

    def words(self, field: str, text: str, most: int, *, needed: bool = True) -> str:
        """The text with single spaces.  field: as in 'Enter the name of the page'."""
        plain = " ".join(text.split())
        if needed and not plain:
            self.wrong(f"Enter {field}.")
        elif len(plain) > most:
            self.wrong(f"{_big(field)} must be {most} letters or fewer; it has {len(plain)}.")
        elif not plain.isprintable():
            self.wrong(f"{_big(field)} holds a sign that cannot be seen. Type it again.")
        return plain

    def address(self, field: str, given: str | None, *, needed: bool = False) -> str | None:
        """The web address as it is kept: the host in small letters, without a last slash; None where none was given."""
        text = (given or "").strip()
        if not text:
            if needed:
                self.wrong(f"Enter {field}, such as https://www.example.org/page.")
            return None
        if (
            not is_web_address(text)
            or len(text) > LONGEST_ADDRESS
            or any(c.isspace() or not c.isprintable() for c in text)
        ):
            self.wrong(f"{_big(field)} is no web address. Copy it from the browser; it begins with https://.")
            return None
        parts = urlsplit(text)
        return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path.rstrip("/"), parts.query, ""))

    def day(self, field: str, given: date | None, today: date, *, not_before: date = FIRST_DAY) -> date:
        """A local day that is not to come.  field: as in 'Enter the day on which it was asked for'."""
        if given is None:
            self.wrong(f"Enter {field}.")
            return today
        if given > today:
            self.wrong(f"{_big(field)} is still to come. Give today or an earlier day.")
        elif given < not_before:
            self.wrong(f"{_big(field)} must be {say_day(not_before)} or later.")
        return given

    def count(self, field: str, given: int | None) -> int | None:
        if given is not None and not 0 <= given <= MOST_PEOPLE:
            self.wrong(f"{_big(field)} must be a number from 0 to {MOST_PEOPLE:,}.")
        return given


def put_row(
    session: Session, row: Versioned | None, make: Callable[..., Versioned], values: Mapping[str, Any], now: datetime
) -> Versioned:
    """The row with these values and the next version; a new one where there is none yet.  Flushed, so that it has a number."""
    if row is None:
        row = make(**values, changed_at=now)
    else:
        row.sqlmodel_update({**values, "version": getattr(row, "version") + 1, "changed_at": now})  # noqa: B009 - of every such table
    session.add(row)
    session.flush()
    return row


def require_same(now: object, seen: object, what: str) -> None:
    """Raise InputError when somebody else changed it since the person looked.  now, seen: its version, or what it says
    by now and said then.  what: as in 'This page'."""
    if seen != now:
        raise InputError(changed_meanwhile(what))


def changed_meanwhile(what: str) -> str:
    return f"{what} has been changed by somebody else since you looked. Copy your words, load the page again and see what it says now."


def _big(field: str) -> str:
    return field[:1].upper() + field[1:]

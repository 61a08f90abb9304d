"""What a force sets for itself on the page Settings: the hours in which posts are better not sent, and the words that
somebody from corporate communications wants to look at. Whoever sets them is asked and recorded (R17)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import Field, Session, SQLModel

from social.audit import record
from social.clock import LONDON, as_local
from social.context import Context
from social.database import UTCDateTime
from social.errors import InputError, Problem
from social.staff import Action, Person, require
from social.words import say_time

QUIET, WORDS = "quiet_hours", "word_list"
MOST_WORDS = 500
LONGEST_WORD = 60


class HouseRule(SQLModel, table=True):
    """One rule.  name: QUIET or WORDS.  value: '22:00-07:00', or the words, one a line; '' for none.

    version: counts its changes, so that nobody overwrites another's."""

    __tablename__ = "house_rule"

    name: str = Field(primary_key=True)
    value: str = ""
    version: int = 0
    changed_at: datetime = Field(sa_type=UTCDateTime)
    changed_by_id: int = Field(foreign_key="person.id")


@dataclass(frozen=True)
class QuietHours:
    """From one time of day up to another, UK time; over midnight where the second is the earlier."""

    begin: time
    end: time

    def hold(self, at: datetime) -> bool:
        """Whether the instant lies in them."""
        local = as_local(at).time()
        if self.begin <= self.end:
            return self.begin <= local < self.end
        return local >= self.begin or local < self.end

    @property
    def in_words(self) -> str:
        """'10pm to 7am'."""
        begin, end = (datetime.combine(date(2026, 1, 1), one, LONDON) for one in (self.begin, self.end))
        return f"{say_time(begin)} to {say_time(end)}"

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True)
class HouseRules:
    """What holds.  quiet: None where no hours are set.  words: as they were typed, by alphabet.  versions: of both."""

    quiet: QuietHours | None = None
    words: tuple[str, ...] = ()
    quiet_version: int = 0
    words_version: int = 0


def house_rules(session: Session) -> HouseRules:
    """The rules in force."""
    quiet, words = session.get(HouseRule, QUIET), session.get(HouseRule, WORDS)
    return HouseRules(
        _hours(quiet.value) if quiet is not None and quiet.value else None,
        tuple(words.value.splitlines()) if words is not None else (),
        quiet.version if quiet is not None else 0,
        words.version if words is not None else 0,
    )


def _hours(value: str) -> QuietHours:
    begin, _, end = value.partition("-")
    return QuietHours(time.fromisoformat(begin), time.fromisoformat(end))


def set_quiet_hours(context: Context, by: Person, hours: QuietHours | None, *, version: int) -> None:
    """Say in which hours posts are better not sent.  hours: None for none.  version: the one that the person saw.

    Raises NotAllowed; InputError for hours that last no time, and when somebody changed them meanwhile."""
    if hours is not None and hours.begin == hours.end:
        raise InputError("Choose two different times, or take the hours away.")
    _set(context, by, QUIET, "" if hours is None else str(hours), version,
         as_recorded=lambda value: {"hours": value or None})  # fmt: skip


def set_words(context: Context, by: Person, text: str, *, version: int) -> None:
    """Say which words and phrases somebody from corporate communications looks at.  text: one a line.

    Raises as `set_quiet_hours`, and for more or longer words than can be kept."""
    words = sorted({" ".join(line.split()).lower() for line in text.splitlines() if line.strip()})
    problems = [
        Problem(f"'{word[:LONGEST_WORD]}' is too long, or holds a character that cannot be kept. Give words or a short phrase.")
        for word in words
        if len(word) > LONGEST_WORD or not word.isprintable() or not re.search(r"\w", word)
    ]  # fmt: skip
    if len(words) > MOST_WORDS:
        problems.append(Problem(f"There are {len(words):,} words; the most is {MOST_WORDS}."))
    if problems:
        raise InputError(*problems)
    # The record says how many there were: a word on the list may be somebody's name.
    _set(context, by, WORDS, "\n".join(words), version, as_recorded=lambda value: {"words": len(value.splitlines())})


def _set(
    context: Context,
    by: Person,
    name: str,
    value: str,
    version: int,
    *,
    as_recorded: Callable[[str], dict[str, object]],
) -> None:
    with context.database.write() as session:
        require(session, by, Action.KEEP_RULES, None)
        now = context.clock.now()
        rule = session.get(HouseRule, name) or HouseRule(name=name, changed_at=now, changed_by_id=by.id or 0)
        if rule.version != version:
            raise InputError("Somebody changed this meanwhile. Open the page again and look at it first.")
        if rule.value == value:
            return
        was = as_recorded(rule.value)
        rule.value, rule.version, rule.changed_at, rule.changed_by_id = value, version + 1, now, by.id or 0
        session.add(rule)
        record(session, now, actor=by, action=f"set {name.replace('_', ' ')}", subject=("house rule", name), before=was,
               after=as_recorded(value))  # fmt: skip

"""The awareness calendar: which days and weeks matter for what is posted, and how sure their dates are (D10, D12).

A date comes from a rule or from a person. `announced` days have no rule and never roll forward by themselves: they have
a date in the years for which somebody typed one in. Patterns and estimates say 'to be confirmed' until somebody did so
for that year. On a solemn day no light post goes out (R38)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, select

from scheduler.awareness_rules import Rule, parse_rule
from social.database import UTCDateTime
from social.places import areas_above

KINDS = ("day", "week", "month", "season", "sensitive")
TONES = ("serious", "mixed", "light", "solemn", "neutral")
STATUSES = ("published_rule", "law", "fixed", "table", "package", "observed", "table_estimate", "announced")
TO_CONFIRM = frozenset({"observed", "table_estimate", "announced"})
"""A date of such a day counts as sure once a person has confirmed it for its year."""
LONGEST = 366
"""Days that one occurrence may last at most."""


class AwarenessDay(SQLModel, table=True):
    """One row of the calendar's file.  rule: see `awareness_rules`.  duration_days counts the first day.

    evidence_dates: known start dates, ISO, parted by semicolons; some name a month only.  status: one of STATUSES."""

    __tablename__ = "awareness_day"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str
    kind: str
    rule: str
    duration_days: int = 1
    status: str
    evidence_dates: str = ""
    tone: str
    scope: str = ""
    hashtag: str = ""
    source: str = ""
    note: str = ""


class AwarenessDate(SQLModel, table=True):
    """A start date that a person typed in for its year.  duration_days: None for the day's own.

    place_id: only there and below; None is everywhere.  confirmed_by: an e-mail address."""

    __tablename__ = "awareness_date"

    id: int | None = Field(default=None, primary_key=True)
    day_id: int = Field(foreign_key="awareness_day.id", index=True)
    start: date
    duration_days: int | None = None
    place_id: int | None = Field(default=None, foreign_key="place.id")
    confirmed_by: str
    confirmed_at: datetime = Field(sa_type=UTCDateTime)


@dataclass(frozen=True)
class Typed:
    """A date that a person gave, or that is known from before.  days: None for the rule's own duration."""

    start: date
    days: int | None = None
    place_id: int | None = None


@dataclass(frozen=True)
class Awareness:
    """A row made ready for reckoning.  typed: dates for the years that somebody gave one for."""

    key: str
    name: str
    kind: str
    rule: Rule
    days: int
    status: str
    tone: str
    scope: str = ""
    hashtag: str = ""
    note: str = ""
    typed: tuple[Typed, ...] = ()


@dataclass(frozen=True)
class Occurrence:
    """One time that it happens.  first, last: both days count.  confirmed False: say 'to be confirmed'.

    place_id: only there and below; None is everywhere."""

    key: str
    name: str
    kind: str
    tone: str
    first: date
    last: date
    confirmed: bool
    scope: str = ""
    hashtag: str = ""
    note: str = ""
    place_id: int | None = None


def days_between(rules: Iterable[Awareness], start: date, end: date) -> list[Occurrence]:
    """Everything that touches the days from `start` up to and without `end`, by first day, then name.

    As many on one day as there are (D12)."""
    found = []
    for one in rules:
        earliest = start - timedelta(max([one.days, *(typed.days or 0 for typed in one.typed)]))
        for year in range(earliest.year - 1, end.year + 2):
            found += [hit for hit in occurrences_in(one, year) if hit.first < end and hit.last >= start]
    return sorted(found, key=lambda hit: (hit.first, hit.name, hit.last))


def occurrences_in(one: Awareness, year: int) -> list[Occurrence]:
    """What a day comes to in one year of its reckoning: the typed dates, else what the rule gives."""
    typed = [given for given in one.typed if given.start.year == year]
    by_rule = one.rule.dates(year)
    if typed and one.rule.word != "bank_holidays":
        return [_occurrence(one, given.start, "", given.days, True, given.place_id) for given in typed]
    listed = [_occurrence(one, day, name, None, one.status not in TO_CONFIRM, None) for day, name in by_rule]
    return listed + [_occurrence(one, given.start, "", given.days, True, given.place_id) for given in typed
                     if given.start not in {day for day, _ in by_rule}]  # fmt: skip


def missing_in(rules: Iterable[Awareness], year: int) -> list[Awareness]:
    """The days of which nobody knows the date in that year until somebody types one in."""
    return [one for one in rules if one.rule.word in ("announced", "table") and not occurrences_in(one, year)]


def read_calendar(session: Session, *, tone: str | None = None) -> list[Awareness]:
    """The whole calendar, by key, with the dates that were typed in.  tone: only such days."""
    query = select(AwarenessDay).order_by(col(AwarenessDay.key))
    days = session.exec(query.where(AwarenessDay.tone == tone) if tone else query).all()
    typed: dict[int, list[Typed]] = {}
    wanted = select(AwarenessDate).where(col(AwarenessDate.day_id).in_([day.id for day in days]))
    for row in session.exec(wanted.order_by(col(AwarenessDate.start), col(AwarenessDate.id))):
        typed.setdefault(row.day_id, []).append(Typed(row.start, row.duration_days, row.place_id))
    return [as_awareness(day, typed.get(day.id or 0, [])) for day in days]


def as_awareness(day: AwarenessDay, typed: Sequence[Typed] = ()) -> Awareness:
    """A row with its rule read. Known dates of the past count as typed in, where nobody typed another for that year."""
    years = {given.start.year for given in typed}
    known = [Typed(one) for one in evidence_of(day.evidence_dates) if one.year not in years]
    rule = parse_rule(day.rule)
    if rule.word == "bank_holidays":
        known = []
    return Awareness(day.key, day.name, day.kind, rule, day.duration_days, day.status, day.tone, day.scope, day.hashtag,
                     day.note, (*known, *typed))  # fmt: skip


def evidence_of(text: str) -> list[date]:
    """The whole dates among the evidence; months alone prove no day."""
    return [date.fromisoformat(part) for part in text.split(";") if len(part) == len("2026-01-01")]


def solemn_on(session: Session, day: date, place_id: int | None) -> Occurrence | None:
    """The solemn occasion of that day and place, on which nothing light goes out (R38); None on any other day.

    day: in UK time.  place_id: what the post is about; None is the whole force.  An occasion of an area stops what is
    about it, about what lies in it, and about what it lies in.  One whose date is still to be confirmed counts: harm
    from a joke lasts, and a joke can wait."""
    hits = days_between(read_calendar(session, tone="solemn"), day, day + timedelta(1))
    if any(hit.place_id is not None for hit in hits) and place_id is not None:
        here = areas_above(session, place_id)
        hits = [hit for hit in hits if hit.place_id is None or hit.place_id in here
                or place_id in areas_above(session, hit.place_id)]  # fmt: skip
    return hits[0] if hits else None


def _occurrence(
    one: Awareness, first: date, own_name: str, days: int | None, confirmed: bool, place_id: int | None
) -> Occurrence:
    name = f"{one.name}: {own_name}" if own_name else one.name
    last = first + timedelta((days or one.days) - 1)
    return Occurrence(
        one.key, name, one.kind, one.tone, first, last, confirmed, one.scope, one.hashtag, one.note, place_id
    )

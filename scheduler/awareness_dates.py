"""Dates that people type in for a year, what is still to be typed in or confirmed, and what to prepare for soon (D10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from scheduler.awareness import (
    LONGEST,
    TO_CONFIRM,
    Awareness,
    AwarenessDate,
    AwarenessDay,
    Occurrence,
    as_awareness,
    days_between,
    missing_in,
    occurrences_in,
)
from social.audit import record
from social.context import Context
from social.errors import InputError
from social.near_words import suggestion
from social.staff import NO_AREA, Action, Person, require

LEAD = {"day": 21, "week": 42, "month": 42, "season": 42, "sensitive": 28}
"""Days before its first day on which an idea for each kind appears."""
_SEVERAL = ("announced", "bank_holidays")
"""Rules that may have more than one date a year; of any other, a new date takes the place of the one before."""


@dataclass(frozen=True)
class Unsettled:
    """A date that waits for a person.  proposed: what the rule gives, None when nobody can know.  months: usual ones."""

    key: str
    name: str
    year: int
    proposed: date | None
    months: tuple[int, ...]
    note: str


@dataclass(frozen=True)
class Idea:
    """Something to prepare for.  days: until its first day, >= 1.  advice: a sentence."""

    occurrence: Occurrence
    days: int
    advice: str


def confirm_date(
    context: Context, key: str, start: date, person: Person, *, days: int | None = None, place_id: int | None = None
) -> Occurrence:
    """Type in, or confirm, the first day in one year.  days: how long this time, None for as long as ever.

    Of a day that comes once a year, the date takes the place of the one that was typed in for that year and place.
    Raises NotAllowed, and InputError for an unknown key or a length that is none."""
    if days is not None and not 1 <= days <= LONGEST:
        raise InputError(f"An awareness day lasts 1 to {LONGEST} days.")
    now = context.clock.now()
    with context.database.write() as session:
        require(session, person, Action.KEEP_CALENDAR, place_id if place_id is not None else NO_AREA)
        day = _day_with(session, key)
        one = as_awareness(day)
        before = [row for row in _typed(session, day, start.year) if row.place_id == place_id]
        for row in before:
            if one.rule.word not in _SEVERAL or row.start == start:
                session.delete(row)
        assert day.id is not None
        session.add(
            AwarenessDate(day_id=day.id, start=start, duration_days=days, place_id=place_id, confirmed_by=person.email,
                          confirmed_at=now)
        )  # fmt: skip
        record(session, now, actor=person, action="confirm awareness date", subject=("awareness", key), place_id=place_id,
               before={"dates": [row.start for row in before]}, after={"date": start, "days": days})  # fmt: skip
        return Occurrence(key, day.name, day.kind, day.tone, start, start + timedelta((days or one.days) - 1), True,
                          day.scope, day.hashtag, day.note, place_id)  # fmt: skip


def withdraw_date(context: Context, key: str, start: date, person: Person) -> None:
    """Take back a date that was typed in.  Raises NotAllowed, and InputError when there is none such."""
    now = context.clock.now()
    with context.database.write() as session:
        require(session, person, Action.KEEP_CALENDAR)
        day = _day_with(session, key)
        there = [row for row in _typed(session, day, start.year) if row.start == start]
        if not there:
            raise InputError(f"Nobody typed in {start} for '{key}'.")
        for row in there:
            session.delete(row)
        record(session, now, actor=person, action="withdraw awareness date", subject=("awareness", key),
               before={"date": start}, after={"date": None})  # fmt: skip


def unsettled(rules: Iterable[Awareness], today: date) -> list[Unsettled]:
    """What waits for a person in this year and the next: the soonest proposed dates first, then what nobody knows.

    What can only have passed already is left out."""
    rules = list(rules)
    found = []
    for year in (today.year, today.year + 1):
        for one in missing_in(rules, year):
            if year > today.year or not one.rule.months or max(one.rule.months) >= today.month:
                found.append(Unsettled(one.key, one.name, year, None, one.rule.months, one.note))
        for one in rules:
            if one.status in TO_CONFIRM:
                found += [Unsettled(one.key, one.name, year, hit.first, (), one.note)
                          for hit in occurrences_in(one, year) if not hit.confirmed and hit.last >= today]  # fmt: skip
    return sorted(found, key=lambda one: (one.proposed or date(one.year, min(one.months, default=12), 28), one.name))


def ideas(rules: Iterable[Awareness], today: date) -> list[Idea]:
    """What to prepare for now, soonest first: each kind appears with the time that its posts take."""
    coming = days_between(rules, today + timedelta(1), today + timedelta(max(LEAD.values()) + 1))
    return [
        Idea(one, (one.first - today).days, _advice(one))
        for one in coming
        if 1 <= (one.first - today).days <= LEAD[one.kind]
    ]


def say_lead(days: int) -> str:
    """'Tomorrow', 'In 5 days', 'In 3 weeks'."""
    if days == 1:
        return "Tomorrow"
    return f"In {days} days" if days < 14 else f"In {days // 7} weeks"


def _advice(one: Occurrence) -> str:
    if one.tone == "solemn":
        return "Plan nothing light for that day: Beatline stops it. If the force marks the day, ask for approval early."
    if one.kind == "sensitive":
        return "Nothing to celebrate, but mind it when you plan: see the note."
    if one.tone == "light":
        return "A light post needs a supervisor's yes. Write it now, and have another one ready in case it must not go out."
    return "Prepare posts, pictures with descriptions and the Welsh version now, and ask partners what they plan."


def _typed(session: Session, day: AwarenessDay, year: int) -> list[AwarenessDate]:
    rows = session.exec(select(AwarenessDate).where(col(AwarenessDate.day_id) == day.id))
    return [row for row in rows if row.start.year == year]


def _day_with(session: Session, key: str) -> AwarenessDay:
    day = session.exec(select(AwarenessDay).where(AwarenessDay.key == key.strip())).first()
    if day is None:
        keys = session.exec(select(AwarenessDay.key).order_by(AwarenessDay.key)).all()
        hint = suggestion(key, keys) if keys else "The calendar is empty: run `beatline import awareness FILE` first."
        raise InputError(f"There is no awareness day '{key}'. {hint}")
    return day

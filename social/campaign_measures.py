"""Keeps what a campaign means to change, as numbers: a baseline and a target (M02), and the numbers before and after, in
its own area and in one to compare it with (M14), typed or from a CSV file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from math import isfinite

from sqlalchemy import delete
from sqlmodel import Session, col, select

from social.campaign_writing import note, open_campaign
from social.campaigns import (
    Campaign,
    CampaignMeasure,
    CampaignPoint,
    CampaignState,
    MeasureKind,
    Stage,
    is_whole,
    measures_of,
)
from social.clock import as_local
from social.context import Context
from social.csv_file import Row, rows_in
from social.errors import InputError, Problem
from social.profile_input import FIRST_DAY, require_same
from social.staff import Person
from social.words import say_day

LONGEST_WORDS = 200
MOST_MEASURES = 10
MOST_POINTS = 1_000
"""Numbers of one measure, in each area."""
LARGEST = 1e12
"""More than anything that a force counts: a slip of the keyboard, and squares of it would pass what can be worked out."""
COLUMNS = ("date", "value", "of", "area", "source")
AREAS = {"": False, "campaign": False, "comparison": True}
"""What the column 'area' of a file may say, and whether that is the comparison area."""


@dataclass(frozen=True)
class MeasureInput:
    """The fields are those of `CampaignMeasure`."""

    name: str
    unit: str
    kind: MeasureKind = MeasureKind.COUNT
    stage: Stage = Stage.OUTCOME
    source: str = ""
    baseline: float | None = None
    baseline_on: date | None = None
    target: float | None = None
    target_on: date | None = None
    facts: str = ""


@dataclass(frozen=True)
class PointInput:
    """The fields are those of `CampaignPoint`.  source: the measure's own when ''."""

    starts_on: date
    value: float
    of: float | None = None
    comparison: bool = False
    source: str = ""


def put_measure(
    context: Context, person: Person, campaign_id: int, given: MeasureInput, *, measure_id: int | None = None,
    seen: MeasureInput | None = None,
) -> int:  # fmt: skip
    """Add a measure, or change one.  Returns its number.  Raises NotAllowed, and InputError with all that is wrong.

    seen: what the measure said when the person began; None overwrites any.

    While the campaign runs, the numbers that it set out with stay as they were: what is measured against is not moved
    afterwards. Another measure can be added."""
    with context.database.write() as session:
        campaign = open_campaign(session, person, campaign_id)
        there = measures_of(session, campaign_id)
        given = _sound(given, [one.name for one in there if one.id != measure_id])
        if measure_id is None and len(there) >= MOST_MEASURES:
            raise InputError(f"A campaign has {MOST_MEASURES} measures at the most. Measure what its aim is about.")
        row = (
            CampaignMeasure(campaign_id=campaign_id, name="", unit="")
            if measure_id is None
            else _own(there, measure_id)
        )
        if measure_id is not None and campaign.state == CampaignState.RUNNING and is_whole(row):
            raise InputError(
                "The campaign was launched with this measure: its baseline and target stay. Add another one."
            )
        if seen is not None:
            require_same(measure_input(row), seen, "This measure")
        told = {name: getattr(value, "value", value) for name, value in vars(given).items()}
        if (row.kind, row.facts) != (told["kind"], told["facts"]) and _any_point(session, measure_id):
            raise InputError("Its numbers were counted in the old way. Take them out first, or add another measure.")
        for name, value in told.items():
            setattr(row, name, value)
        session.add(row)
        session.flush()
        note(session, context.clock.now(), person, "change measure" if measure_id else "add measure", campaign,
             after={"measure": row.id, "kind": row.kind, "stage": row.stage, "baseline": row.baseline,
                    "target": row.target})  # fmt: skip
        return row.id or 0


def measure_input(row: CampaignMeasure) -> MeasureInput:
    """What the measure says now."""
    told = {name: getattr(row, name) for name in MeasureInput.__dataclass_fields__}
    return MeasureInput(**{**told, "kind": MeasureKind(row.kind), "stage": Stage(row.stage)})


def remove_measure(context: Context, person: Person, campaign_id: int, measure_id: int) -> None:
    """Take out a measure with its numbers, while the campaign is planned.  Raises NotAllowed, InputError."""
    with context.database.write() as session:
        campaign = open_campaign(session, person, campaign_id)
        row = _own(measures_of(session, campaign_id), measure_id)
        if campaign.state != CampaignState.PLANNED and is_whole(row):
            raise InputError(
                "The campaign was launched with this measure. What became of it is part of its assessment."
            )
        session.connection().execute(delete(CampaignPoint).where(col(CampaignPoint.measure_id) == measure_id))
        session.delete(row)
        session.flush()
        note(session, context.clock.now(), person, "remove measure", campaign, after={"measure": measure_id})


def put_points(
    context: Context, person: Person, campaign_id: int, measure_id: int, given: Sequence[PointInput],
    *, file: str | None = None,
) -> int:  # fmt: skip
    """Keep these numbers; one of the same day and area takes the place of what is there.  Returns how many.

    file: hex, of the file they came from.  Raises NotAllowed, and InputError with everything that is wrong."""
    with context.database.write() as session:
        campaign = open_campaign(session, person, campaign_id)
        measure = _own(measures_of(session, campaign_id), measure_id)
        now = context.clock.now()
        problems = [
            Problem(wrong, row) for row, one in enumerate(given, 1) if (wrong := _wrong_point(measure, one, now))
        ]
        if problems:
            raise InputError(*(problems if len(given) > 1 else [problems[0].message]))
        for one in given:
            session.merge(CampaignPoint(measure_id=measure_id, **{**vars(one), "source": one.source or measure.source}))
        session.flush()
        _require_room(session, measure_id)
        _require_one_way(session, measure_id)
        note(
            session,
            now,
            person,
            "add numbers",
            campaign,
            after={"measure": measure_id, "numbers": len(given), "file": file},
        )
    return len(given)


def import_points(
    context: Context, person: Person, campaign_id: int, measure_id: int, content: bytes, name: str
) -> int:
    """Keep the numbers of a CSV file with the columns date, value and perhaps of, area and source.  Returns how many.

    area: 'campaign', or 'comparison' for the area that it is compared with.  Raises NotAllowed, and InputError naming
    every row that is wrong: then nothing is kept."""
    rows = rows_in(content, name, needed=("date", "value"), known=COLUMNS)
    points, problems = [], []
    for row in rows:
        try:
            points.append(_point(row))
        except InputError as error:
            problems += [Problem(one.message, row.number, one.column) for one in error.problems]
    seen = [(one.starts_on, one.comparison) for one in points]
    if not problems and len(set(seen)) < len(seen):
        twice = next(n for n, one in enumerate(seen, 1) if one in seen[: n - 1])
        problems.append(Problem("The same date and area came before.", twice, "date"))
    if problems:
        raise InputError(*problems)
    return put_points(context, person, campaign_id, measure_id, points, file=sha256(content).hexdigest())


def remove_point(
    context: Context, person: Person, campaign_id: int, measure_id: int, starts_on: date, *, comparison: bool
) -> None:
    """Take a number out that is wrong.  Raises NotAllowed, InputError."""
    with context.database.write() as session:
        campaign = open_campaign(session, person, campaign_id)
        _own(measures_of(session, campaign_id), measure_id)
        row = session.get(CampaignPoint, (measure_id, comparison, starts_on))
        if row is None:
            raise InputError("There is no such number any more. Load the page again.")
        before = {"measure": measure_id, "on": starts_on, "comparison": comparison, "value": row.value, "of": row.of}
        session.delete(row)
        session.flush()
        note(session, context.clock.now(), person, "remove number", campaign, before=before)


def _own(there: Sequence[CampaignMeasure], measure_id: int) -> CampaignMeasure:
    found = next((one for one in there if one.id == measure_id), None)
    if found is None:
        raise InputError("This campaign has no such measure. Load the page again.")
    return found


def _sound(given: MeasureInput, others: Collection[str]) -> MeasureInput:
    name, unit, source = (" ".join(words.split()) for words in (given.name, given.unit, given.source))
    given = replace(given, name=name, unit=unit, source=source)
    problems = [f"The {what} must be {LONGEST_WORDS} characters or fewer."
                for what, words in (("name", name), ("unit", unit), ("source", source)) if len(words) > LONGEST_WORDS]  # fmt: skip
    if not name:
        problems.append("Say what is measured.")
    if name.casefold() in {other.casefold() for other in others}:
        problems.append("This campaign has a measure of that name already.")
    if not unit:
        problems.append("Say in what it is counted, such as 'reports a week'.")
    for what, number, day in (
        ("baseline", given.baseline, given.baseline_on),
        ("target", given.target, given.target_on),
    ):
        problems += _wrong_number(what, number, day, given.kind)
    if given.facts and given.kind is not MeasureKind.COUNT:
        problems.append("What is read from Beatline's own figures is a count of so many replies.")
    if given.baseline is not None and not source:
        problems.append("Say where the numbers come from.")
    if given.baseline is not None and given.baseline == given.target:
        problems.append("The target is the same as the baseline: say what shall be different.")
    if problems:
        raise InputError(*problems)
    return given


def _wrong_number(what: str, number: float | None, day: date | None, kind: MeasureKind) -> list[str]:
    if number is None:
        return []
    problems = [] if day is not None else [f"Say of which day the {what} is." if what == "baseline" else
                                           "Say by which day the target is to be met."]  # fmt: skip
    if not isfinite(number) or abs(number) > LARGEST:
        problems.append(f"The {what} must be a number, and one that can be true.")
    elif kind is not MeasureKind.NUMBER and number < 0:
        problems.append(f"The {what} cannot be less than 0.")
    elif kind is MeasureKind.SHARE and number > 100:
        problems.append(f"The {what} is a percentage: 100 at the most.")
    return problems


def _wrong_point(measure: CampaignMeasure, one: PointInput, now: datetime) -> str | None:
    """What is wrong with a number, in words; None for a sound one."""
    if not isfinite(one.value) or (one.of is not None and not (isfinite(one.of) and one.of > 0)):
        return "Give a number, and of how many only above 0."
    if max(abs(one.value), one.of or 0.0) > LARGEST:
        return "That number is too large to be true."
    if one.starts_on > as_local(now).date():
        return "That day is still to come."
    if one.starts_on < FIRST_DAY:
        return f"Give a day from {say_day(FIRST_DAY)} on."
    if len(one.source) > LONGEST_WORDS:
        return f"The source must be {LONGEST_WORDS} characters or fewer."
    if not (one.source or measure.source):
        return "Say where the number comes from."
    if measure.facts:
        return "This measure is read from Beatline's own figures. Nothing is typed in."
    if measure.kind == MeasureKind.NUMBER:
        return "A plain number is of nothing: leave 'of' empty." if one.of is not None else None
    if one.value < 0 or one.value != int(one.value):
        return "A count is a whole number, 0 or more."
    if measure.kind == MeasureKind.SHARE and (one.of is None or one.value > one.of):
        return "A share needs how many were asked, and no more can have said so."
    return None


def _require_room(session: Session, measure_id: int) -> None:
    if (
        len(session.exec(select(col(CampaignPoint.starts_on)).where(col(CampaignPoint.measure_id) == measure_id)).all())
        > 2 * MOST_POINTS
    ):
        raise InputError(f"A measure holds {MOST_POINTS:,} numbers an area. Add them up to weeks or months.")


def _require_one_way(session: Session, measure_id: int) -> None:
    """Raise InputError where some numbers of a measure say of how many and others do not: no rate is made of both."""
    of = col(CampaignPoint.of).is_(None)
    ways = session.exec(select(of).where(col(CampaignPoint.measure_id) == measure_id).distinct()).all()
    if len(ways) > 1:
        raise InputError(
            "Some numbers of this measure say of how many and others do not. Say it for all, in both areas, or for none."
        )


def _any_point(session: Session, measure_id: int | None) -> bool:
    query = select(CampaignPoint.measure_id).where(CampaignPoint.measure_id == measure_id).limit(1)
    return measure_id is not None and session.exec(query).first() is not None


def _point(row: Row) -> PointInput:
    problems = []
    try:
        day = date.fromisoformat(row["date"])
    except ValueError:
        day = date.min
        problems.append(Problem("Write the first day of the period as 2026-11-02.", column="date"))
    numbers = []
    for column in ("value", "of"):
        try:
            numbers.append(float(row[column]) if row[column] else None)
        except ValueError:
            numbers.append(None)
            problems.append(Problem(f"'{row[column]}' is no number.", column=column))
    value, of = numbers
    if value is None and not problems:
        problems.append(Problem("There is no number.", column="value"))
    if row["area"].lower() not in AREAS:
        problems.append(Problem("Write 'campaign' or 'comparison'.", column="area"))
    if problems or value is None:
        raise InputError(*problems)
    return PointInput(day, value, of, AREAS[row["area"].lower()], row["source"])


def points_template(measure: CampaignMeasure, campaign: Campaign) -> str:
    """A file to fill in, with its first line."""
    head = ",".join(COLUMNS)
    of = "" if measure.kind == MeasureKind.NUMBER else "100"
    return f"{head}\n{(campaign.starts_on or date(2026, 1, 5)).isoformat()},12,{of},campaign,\n"

"""What came of one campaign, as `insights.assessment` has it: the six headings, before and after, what was done."""

from collections.abc import Sequence
from datetime import date

from insights import charts
from insights.assessment_activity import TOOK_PART
from insights.assessment_values import NOT_MEASURED, Activity, Assessment, Figure, Heading, Result
from insights.campaign_charts import names_of, series, series_alt, series_headline
from insights.reports.document import Block, Bullets, Chart, Column, Definitions, Paragraph, Table, Value, listed
from insights.reports.document import Heading as Head
from insights.reports.scope import say_period, short_day, table_day
from insights.reports.small_numbers import column_shown, count_shown

NOT_SAID = "not said"
_MOST = 60
ENOUGH_POINTS = 4
"""Numbers of a series from which on it is drawn."""
MEANING = (
    ("Inputs", "What went in: time and money."),
    ("Outputs", "What was put out: posts, alerts, events."),
    ("Outtakes", "What residents took from it: what they saw, said and remembered."),
    ("Outcomes", "What residents did or felt differently."),
    ("Impact", "What it came to for the force's aim."),
    ("Learning and innovation", "What to do again, and what to do differently."),
)  # fmt: skip


def days_of(told: Assessment) -> str:
    """The campaign's days in words."""
    about = told.about
    if about.starts_on is None:
        return "No days set yet"
    return say_period(about.starts_on, about.ends_on) if about.ends_on else f"From {short_day(about.starts_on)}"


def about(told: Assessment) -> list[Block]:
    """Aim, audience, priority and who answers for it."""
    of = told.about
    said = (
        ("Aim", of.aim), ("Audience", of.audience), ("Priority", of.priority), ("Purpose", of.purpose),
        ("How residents hear what came of it", of.feedback_plan), ("Areas", ", ".join(of.areas) or "the whole force"),
        ("Compared with", of.comparison or "no other area"), ("Answers for it", of.owner), ("State", of.state),
    )  # fmt: skip
    return [Head("What it was for"), Definitions(tuple((name, words or NOT_SAID) for name, words in said))]


def results(told: Assessment) -> list[Block]:
    """Measure by measure: baseline, target and where it stands; then before and after in a sentence, with its limits."""
    table = Table(
        f"Measures of the campaign “{told.about.title}”",
        (Column("Measure"), Column("Before", "number"), Column("Target", "number"), Column("Latest", "number"),
         Column("As of"), Column("Target met")),
        tuple(_result(one) for one in told.results), source=_sources(told.results),
        empty=f"No measure was set: {NOT_MEASURED}.",
    )  # fmt: skip
    blocks: list[Block] = [Head("Against the target"), table]
    for one in told.results:
        said = Bullets(tuple(line for line in (one.sentence, one.change_sentence, *one.limits) if line))
        blocks += [_series(one, told) if len(one.points) >= ENOUGH_POINTS else Head(one.name, 3), said]
    return blocks


def _series(one: Result, told: Assessment) -> Chart:
    """The measure over time, before and after, beside the comparison area where there is one."""
    own, other = names_of(told.about)
    days = sorted({point.on for point in one.points})
    values = {(point.on, point.comparison): point.value for point in one.points}
    compared = any(point.comparison for point in one.points)
    columns = (Column("Beginning on"), Column(own, "number"), *((Column(other, "number"),) if compared else ()))
    rows = tuple(
        (table_day(day), *(values.get((day, side), NOT_MEASURED) for side in ((False, True) if compared else (False,))))
        for day in days
    )
    unit = f", {one.unit}" if one.unit else ""
    return Chart(
        series_headline(one), f"{one.name}{unit}, {own}" + (f" and {other}" if compared else ""),
        charts.spec(series(one, told.about, dark=False)), f"Line chart. {series_alt(one, told.about)}",
        Table(f"{one.name}{unit}", columns, rows, source=one.source),
    )  # fmt: skip


def _result(one: Result) -> tuple[Value, ...]:
    name = f"{one.name} ({one.unit})" if one.unit else one.name
    met = {True: "yes", False: "no", None: "not known"}[one.met]
    return (name, _or_words(one.baseline), _or_words(one.target), _or_words(one.latest), _day(one.latest_on), met)


def _or_words(value: float | None) -> Value:
    return NOT_MEASURED if value is None else value


def six_headings(told: Assessment) -> list[Block]:
    """Inputs to learning (M01); one that nothing was measured under says so."""
    blocks: list[Block] = [Head("The six headings of the Government Evaluation Cycle")]
    for one in told.headings:
        blocks += [Head(one.name, 3), *_heading(one, told)]
    return blocks


def _heading(one: Heading, told: Assessment) -> list[Block]:
    """Its figures; what stands in full under 'Against the target' is named alone."""
    if not one.measured:
        return [Paragraph(NOT_MEASURED.capitalize() + ".")]
    above = {said for result in told.results for said in (result.sentence, result.change_sentence)}
    rows = tuple(
        (figure.label, _people_shown(figure), _day(figure.as_of), figure.source)
        for figure in one.figures
        if figure.shown not in above
    )
    named = dict.fromkeys(result.name for result in told.results for figure in one.figures
                          if figure.shown in (result.sentence, result.change_sentence))  # fmt: skip
    columns = (Column("Figure"), Column("Value"), Column("As of"), Column("Source"))
    return [
        *([Table(f"{one.name}: figures with their day and source", columns, rows)] if rows else []),
        *([Paragraph(f"{listed(list(named))}: see 'Against the target'.")] if named else []),
        *([Paragraph(one.words)] if one.words else []),
    ]


def done(told: Assessment) -> list[Block]:
    """What was done, online and offline.  Few people met are not told, nor what gives them away beside the sum of their
    kind under the headings: an assessment is handed on (R27)."""
    met = _met(told.activities)
    rows = tuple(_activity(one, met.get(one.id, NOT_SAID)) for one in told.activities[:_MOST])
    return [
        Head("What was done"),
        Table(
            "Activities, online and offline",
            (Column("Day"), Column("What"), Column("Where"), Column("People met", "count"), Column("Minutes", "count"),
             Column("Cost", "number", "£")),
            rows, source="kept by the campaign's team", empty="No activity is on record.",
        ),
    ]  # fmt: skip


def _met(activities: Sequence[Activity]) -> dict[int, int | str]:
    """By activity: the people who took part, where that is known, as they may be shown."""
    kinds: dict[str, list[Activity]] = {}
    for one in activities:
        if one.people is not None:
            kinds.setdefault(one.kind, []).append(one)
    return {
        one.id: shown
        for ones in kinds.values()
        for one, shown in zip(ones, column_shown([one.people or 0 for one in ones]), strict=True)
    }


def _people_shown(figure: Figure) -> str:
    if figure.label.startswith(TOOK_PART) and figure.value is not None:
        shown = count_shown(int(figure.value))
        return shown if isinstance(shown, str) else figure.shown
    return figure.shown


def _activity(one: Activity, met: int | str) -> tuple[Value, ...]:
    on = "online" if one.online else "offline"
    pounds: Value = "not said" if one.pence is None else one.pence / 100
    return (table_day(one.day), f"{one.kind}, {on}: {one.what}" if one.what else f"{one.kind}, {on}", one.where or NOT_SAID,
            met, NOT_SAID if one.minutes is None else one.minutes, pounds)  # fmt: skip


def sara(told: Assessment) -> list[Block]:
    """Objective, scanning, analysis, response and assessment, in staff's own words (M14)."""
    said = tuple((name, words or "not written yet") for name, words in told.sara)
    other = told.other_causes or NOT_SAID
    blocks: list[Block] = [
        Head("How the problem was worked on (OSARA)"),
        Definitions((*said, ("What else may explain a change", other))),
    ]
    if told.warnings:
        blocks += [Paragraph("These words say more than was measured:", strong=True), Bullets(told.warnings)]
    return blocks


def in_short(told: Assessment) -> tuple[str, ...]:
    """The state, and what became of each measure."""
    said = [f"The campaign is {told.about.state}. Aim: {told.about.aim or NOT_SAID}"]
    said += [f"{one.name}: {one.change_sentence or one.sentence}" for one in told.results]
    blank = [one.name.lower() for one in told.headings if not one.measured]
    return (*said, *([f"Not measured: {', '.join(blank)}."] if blank else []))


def _sources(results: Sequence[Result]) -> str:
    return "; ".join(sorted({one.source for one in results if one.source}))


def _day(day: date | None) -> str:
    return table_day(day) if day is not None else "no day"

"""What a campaign means to change: each measure with its progress, its numbers before and after, and the forms for both."""

import csv
import io
from datetime import date
from typing import Any

import streamlit as st

from insights import campaign_charts
from insights.assessment_series import SERIES
from insights.assessment_values import Assessment, Result
from insights.assessment_words import say_value
from insights.charts import spec
from social.campaign_measures import (
    COLUMNS,
    MeasureInput,
    PointInput,
    import_points,
    measure_input,
    put_measure,
    put_points,
    remove_measure,
    remove_point,
)
from social.campaigns import (
    Campaign,
    CampaignMeasure,
    CampaignState,
    MeasureKind,
    Stage,
    is_whole,
    measures_of,
    points_of,
)
from social.clock import as_local
from social.csv_file import csv_cell
from social.exports import record_export
from social.views.begun import begun
from social.views.inert import inert
from social.views.parts import Page, done, heading, outside, told
from social.views.words import say_count, say_day

KINDS = {
    MeasureKind.COUNT: "A count in each period, such as reports a week",
    MeasureKind.SHARE: "A share, such as people of those asked",
    MeasureKind.NUMBER: "Any other number",
}
STAGES = {
    Stage.OUTCOME: "Outcome: what changed for people",
    Stage.OUTTAKE: "Outtake: what people did or thought of it",
    Stage.IMPACT: "Impact: what that is part of, in the long run",
}
TYPED = ""


def measures(page: Page, campaign: Campaign, found: Assessment, *, may: bool) -> None:
    st.header("What shall change", anchor=False)
    if not found.results:
        st.text("No measure yet. A campaign needs a number before it begins, and one to reach.")
    with page.read() as session:
        rows = {one.id: one for one in measures_of(session, campaign.id or 0)}
    for one in found.results:
        with st.container(border=True):
            _measure(page, campaign, found, one, rows[one.measure_id], may)
    if may:
        with st.expander("Add a measure", icon=":material/add:", expanded=not found.results):
            measure_form(page, campaign, None)


def _measure(page: Page, campaign: Campaign, found: Assessment, one: Result, row: CampaignMeasure, may: bool) -> None:
    dark = st.context.theme.type == "dark"
    head = campaign_charts.progress_headline(one)
    heading(head)
    outside(
        f"{one.unit.capitalize()}, {', '.join(found.about.areas) or 'the whole force'}. Source: {one.source or 'not said'}."
    )
    if one.baseline is not None:
        st.vega_lite_chart(spec=spec(campaign_charts.progress(one, dark=dark)), alt=f"{head} {one.sentence}",
                           key=f"c_progress_{one.measure_id}")  # fmt: skip
    outside(one.sentence)
    before_and_after(page, found, one, dark=dark)
    if may:
        forms(page, campaign, one, row)


def before_and_after(page: Page, found: Assessment, one: Result, *, dark: bool) -> None:
    """The series, with what it says and what it does not; nothing where there are no numbers."""
    if not one.points:
        return
    heading(campaign_charts.series_headline(one), 4)
    own, other = campaign_charts.names_of(found.about)
    both = any(point.comparison for point in one.points)
    outside(f"{one.unit.capitalize()}, {own} as a solid line{f' and {other} as a dashed one' if both else ''}.")
    drawn = campaign_charts.series(one, found.about, dark=dark)
    st.vega_lite_chart(
        spec=spec(drawn), alt=campaign_charts.series_alt(one, found.about), key=f"c_series_{one.measure_id}"
    )
    outside(one.change_sentence)
    for limit in one.limits:
        outside(f"Limit: {limit}")
    with st.expander(f"Table of {say_count(len(one.points), 'number')}"):
        table: list[dict[str, Any]] = [
            {"From": point.on, "Where": other if point.comparison else own, one.unit: round(point.value, 2),
             "Source": point.source}
            for point in one.points
        ]  # fmt: skip
        st.dataframe(
            table,
            hide_index=True,
            column_config={"From": st.column_config.DateColumn(format="DD/MM/YYYY")},
            alt=f"Numbers of the measure {one.name}, one row each",
        )
        st.download_button("Download as CSV", lambda: take_along(page, found, one), f"campaign-{found.about.id}.csv",
                           "text/csv", key=f"c_csv_{one.measure_id}", icon=":material/download:")  # fmt: skip


def take_along(page: Page, found: Assessment, one: Result) -> bytes:
    """The numbers as a file; that it was taken is recorded (R24)."""
    record_export(page.context, page.person, f"campaign-{found.about.id}", len(one.points))
    target = io.StringIO()
    writer = csv.writer(target)
    own, other = campaign_charts.names_of(found.about)
    writer.writerow([csv_cell(head) for head in ("From", "Where", one.unit, "Source")])
    for point in one.points:
        cells = (point.on.isoformat(), other if point.comparison else own, point.value, point.source)
        writer.writerow([csv_cell(cell) for cell in cells])
    return target.getvalue().encode("utf-8-sig")


def forms(page: Page, campaign: Campaign, one: Result, row: CampaignMeasure) -> None:
    if not row.facts:
        with st.expander("Add numbers", icon=":material/add:"):
            number_form(page, campaign, one)
    if campaign.state == CampaignState.PLANNED or not is_whole(row):
        with st.expander("Change the measure", icon=":material/edit:"):
            measure_form(page, campaign, row)
            if st.button("Remove the measure with its numbers", key=f"c_measure_off_{row.id}"):
                done(lambda: remove_measure(page.context, page.person, campaign.id or 0, row.id or 0), "It is removed.")


def number_form(page: Page, campaign: Campaign, one: Result) -> None:
    """One number, or a file of them; and taking one out."""
    number, measure = campaign.id or 0, one.measure_id
    form = begun("c_point_on", str(measure), campaign)  # a change of the campaign meanwhile takes nothing away
    key = form.key
    counted = one.kind is not MeasureKind.NUMBER
    with st.form(f"c_number_form_{key}", border=False):
        day = st.date_input("First day of the period", None, format="DD/MM/YYYY", key=f"c_point_on_{key}",
                            max_value=as_local(page.now).date())  # fmt: skip
        value = st.number_input("Number", value=None, key=f"c_point_value_{key}", step=1.0 if counted else None)
        of = st.number_input("Of how many (a share needs it)", value=None, min_value=0.0, step=1.0,
                             key=f"c_point_of_{key}") if counted else None  # fmt: skip
        other = st.radio("Where", [False, True], format_func=lambda b: "Comparison" if b else "Campaign's area",
                         horizontal=True, key=f"c_point_other_{key}")  # fmt: skip
        source = st.text_input("Source, where it is another than the measure's", key=f"c_point_source_{key}")
        pressed = st.form_submit_button("Keep the number")
    if pressed and (day is None or value is None):
        st.error("Enter the first day of the period and a number.")
    elif pressed and day is not None and value is not None:
        point = PointInput(day, float(value), None if of is None else float(of), bool(other), source or "")
        done(form.saved(lambda: put_points(page.context, page.person, number, measure, [point])), "The number is kept.")
    given = st.file_uploader(
        f"{inert(one.name)}: or a CSV file with the columns {', '.join(COLUMNS)}", type="csv", key=f"c_points_{key}",
        max_upload_size=5,
    )  # fmt: skip
    if given is not None and st.button("Keep the numbers of the file", key=f"c_points_keep_{key}"):
        content, name = given.getvalue(), given.name
        done(form.saved(lambda: import_points(page.context, page.person, number, measure, content, name)),
             "The numbers are kept.")  # fmt: skip
    take_out(page, number, measure, key)


def take_out(page: Page, number: int, measure: int, key: str) -> None:
    with page.read() as session:
        there = {f"{say_day(row.starts_on)}, {'comparison' if row.comparison else 'campaign'}: {say_value(row.value)}": row
                 for row in points_of(session, measure)}  # fmt: skip
    if not there:
        return
    wrong = st.selectbox("A number that is wrong", list(there), index=None, key=f"c_point_wrong_{key}")
    if wrong and st.button("Take it out", key=f"c_point_off_{key}"):
        row = there[wrong]
        done(lambda: remove_point(page.context, page.person, number, measure, row.starts_on, comparison=row.comparison),
             "The number is taken out.")  # fmt: skip


def measure_form(page: Page, campaign: Campaign, row: CampaignMeasure | None) -> None:
    form = begun("c_m_name", str(row.id if row else "new"), measure_input(row) if row else None, version=None)
    seen, key = form.record, form.key
    with st.form(f"c_measure_form_{key}", border=False):
        name = st.text_input("What is measured", seen.name if seen else "", key=f"c_m_name_{key}")
        kinds, stages, sources = list(KINDS), list(STAGES), [TYPED, *SERIES]
        kind = st.selectbox("What kind of number", kinds, index=kinds.index(seen.kind) if seen else 0,
                            format_func=lambda k: KINDS[k], key=f"c_m_kind_{key}")  # fmt: skip
        unit = st.text_input(
            "Counted in", seen.unit if seen else "", key=f"c_m_unit_{key}", placeholder="reports a week"
        )
        stage = st.selectbox("It tells of", stages, index=stages.index(seen.stage) if seen else 0,
                             format_func=lambda s: STAGES[s], key=f"c_m_stage_{key}")  # fmt: skip
        facts = st.selectbox("Where the series comes from", sources, index=sources.index(seen.facts) if seen else 0,
                             format_func=lambda f: f"Beatline: {SERIES[f]}" if f else "We type it, or bring a file",
                             key=f"c_m_facts_{key}")  # fmt: skip
        source = st.text_input("Source of the numbers", seen.source if seen else "", key=f"c_m_source_{key}",
                               placeholder="force crime records, extract of 2 March")  # fmt: skip
        baseline, baseline_on = _number("Baseline (a share in percent)", "Day of the baseline", key,
                                        seen.baseline if seen else None, seen.baseline_on if seen else None)  # fmt: skip
        target, target_on = _number("Target", "To be met by", f"{key}_t", seen.target if seen else None,
                                    seen.target_on if seen else None)  # fmt: skip
        pressed = st.form_submit_button("Save the measure", type="primary" if row is None else "secondary")
    if pressed:
        given = MeasureInput(name or "", unit or "", kind or MeasureKind.COUNT, stage or Stage.OUTCOME, source or "",
                             baseline, baseline_on, target, target_on, facts or TYPED)  # fmt: skip
        with told():
            done(form.saved(lambda: put_measure(page.context, page.person, campaign.id or 0, given, seen=seen,
                                                measure_id=row.id if row else None)), "The measure is saved.")  # fmt: skip


def _number(label: str, day: str, key: str, value: float | None, on: date | None) -> tuple[float | None, date | None]:
    found = st.number_input(label, value=value, key=f"c_m_number_{key}")
    when = st.date_input(day, on, format="DD/MM/YYYY", key=f"c_m_day_{key}")
    return (None if found is None else float(found)), when

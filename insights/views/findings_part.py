"""A part of What works: every finding that stands, each with its chart, its table, its limits and the way to the posts."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import streamlit as st

from insights import charts
from insights.comparison_values import GROUPINGS
from insights.comparison_words import listed
from insights.findings import (
    Finding,
    areas_told,
    finding_of_the_week,
    findings_now,
    findings_of_areas,
    told_at,
    work_out,
)
from insights.views.comparisons_part import how_worked_out
from insights.views.works_charts import bar_spec, dark, range_spec
from social.csv_file import csv_cell
from social.exports import record_export
from social.open_data_credit import credit_for
from social.places import place_choices
from social.staff import Action, home_of
from social.views.inert import inert
from social.views.parts import Page, heading, outside
from social.views.words import NETWORKS, NOT_REPORTED, say_count, say_moment

WORKS_PAGE = "insights/views/works.py"
PAGES = {
    "works": (WORKS_PAGE, "See the figures", ":material/insights:"),
    "replies": ("social/views/replies.py", "See the replies", ":material/forum:"),
    "areas": ("insights/views/areas.py", "See the areas", ":material/map:"),
}
"""Where the posts or replies behind a finding stand: the page, what its link is called, its sign."""
OF_AREAS = "areas"
"""The kind of finding that may hold priorities from data.police.uk (D06)."""
NOTHING = "Too few to tell: no finding stands yet. It takes at least 5 posts of a kind, and a difference that chance seldom brings."


def finding_card(page: Page) -> None:
    """What this week is told, with its evidence behind a click: of the person's own area where there is something to tell of
    it, else of the whole force."""
    with page.read() as session:
        own = findings_of_areas(session, page.now, areas_told(session, page.person))
        names = place_choices(session) if own else {}
    if own and own[0].finding is not None and own[0].place_id in names:
        _own_card(page, own[0].finding, names[own[0].place_id], own[0].told_at)
        return
    _force_card(page, [names[one.place_id] for one in own if one.place_id in names])


def area_finding(page: Page, place_id: int, area: str) -> None:
    """On an area's own page: what this week is told of it, if anything, and the way to all that was found of it."""
    with page.read() as session:
        told = findings_of_areas(session, page.now, [place_id])
    if told and told[0].finding is not None:
        st.subheader("Finding of the week", anchor=False)
        _own(page, told[0].finding, area, told[0].told_at)
    findings_link(area)


def _own(page: Page, found: Finding, area: str, told: datetime) -> None:
    """area: as the list of What works names it."""
    if "i_area" in found.link_params:
        found = replace(found, link_params={**found.link_params, "i_area": area})
    show_finding(page, found, "week")
    st.caption(f"Told all week as it was worked out {say_moment(told)}.")


def _own_card(page: Page, found: Finding, area: str, told: datetime) -> None:
    st.header("Finding of the week", anchor=False)
    outside(f"From posts about {area}.")
    _own(page, found, area, told)
    findings_link(area)
    st.page_link(WORKS_PAGE, label="Findings of the whole force", icon=":material/insights:",
                 query_params={"i_part": "Findings"})  # fmt: skip


def _force_card(page: Page, quiet: Sequence[str]) -> None:
    """quiet: areas of the person of which this week has nothing new to tell."""
    with page.read() as session:
        found = finding_of_the_week(session, page.now)
        every, _ = findings_now(session, page.now)
        told = told_at(session, page.now)
    st.header("Finding of the week", anchor=False)
    if quiet:
        outside(f"Nothing new stands this week from posts about {listed(quiet)} alone; this is of the whole force.")
    if found is not None:
        show_finding(page, found, "week")
        if told is not None:
            st.caption(f"Told all week as it was worked out {say_moment(told)}; the list of findings is newer.")
    elif every:
        st.text("Nothing new this week: what was found before still stands.")
    else:
        st.text(NOTHING)
    if every:
        st.page_link(WORKS_PAGE, label=f"See {say_count(len(every), 'finding')}", icon=":material/insights:",
                     query_params={"i_part": "Findings"})  # fmt: skip
    own_findings(page)


def own_findings(page: Page) -> None:
    """For whoever acts for one area alone: what its own posts show, a click away."""
    with page.read() as session:
        home = home_of(session, page.person)
        area = place_choices(session).get(home) if home is not None else None
    if area is not None:
        findings_link(area)


def findings_link(area: str) -> None:
    """area: as the list of What works names it."""
    st.page_link(WORKS_PAGE, label=f"Findings of {inert(area)}", icon=":material/lightbulb:",
                 query_params={"i_part": "Findings", "i_area": area})  # fmt: skip


def findings_part(page: Page, place_id: int | None = None, area: str = "the whole force") -> None:
    """Every finding, with its evidence behind a click.  place_id, area: of posts about an area, worked out now."""
    with page.read() as session:
        if place_id is None:
            found, worked_out_at = findings_now(session, page.now)
        else:
            found, worked_out_at = work_out(session, page.now, place_id), page.now
    st.header("Findings", anchor=False)
    if not found:
        st.info(NOTHING)
        return
    outside(
        f"{say_count(len(found), 'finding')} of {area}, worked out {say_moment(worked_out_at)} from the last 12 weeks."
    )
    st.caption(
        "Whatever was tested had to stand among all that was tested: chance alone brings any of these findings in at most 5 "
        "of 100 such lists. What was counted is said as counted."
    )
    for number, one in enumerate(found):
        show_finding(page, one, str(number))


def show_finding(page: Page, found: Finding, number: str) -> None:
    """number: tells it apart from others on the page."""
    with st.container(border=True):
        heading(found.sentence)
        st.caption(f"It rests on {found.n:,} {found.counted}. It says what was seen, not why.")
        evidence = st.expander("Chart, table and limits", key=f"evidence_{number}", on_change="rerun")
        if evidence.open:  # nothing is drawn that nobody looks at
            with evidence:
                _evidence(page, found, number)
        _link(page, found, number)


def _evidence(page: Page, found: Finding, number: str) -> None:
    outside(found.limits)
    st.caption(found.measure)
    _chart(found, number)
    st.dataframe(
        [dict(zip(found.headings, (_cell(cell) for cell in row), strict=True)) for row in found.rows],
        hide_index=True, alt=f"The figures behind the finding, {found.measure}",
    )  # fmt: skip
    how_worked_out()
    st.download_button("Download as CSV", lambda: _take_along(page, found), f"finding-{found.kind}.csv", "text/csv",
                       key=f"csv_finding_{number}", icon=":material/download:")  # fmt: skip


def _cell(value: object) -> object:
    if value is None:
        return NOT_REPORTED
    return f"{value:,}" if isinstance(value, int) else value


def _chart(found: Finding, number: str) -> None:
    spoken = "; ".join(f"{mark.label} {mark.shown} from {mark.n}" for mark in found.marks)
    spec = chart_spec(found)
    st.vega_lite_chart(spec=spec, alt=f"{found.sentence} {spoken}.", key=f"finding_{number}")


def chart_spec(found: Finding) -> dict[str, object]:
    """The finding's chart as Vega-Lite."""
    if found.chart == "ranges":
        rows = tuple(
            charts.Range(mark.label, mark.value, mark.low or 0.0, mark.high or 0.0, mark.shown, mark.n)
            for mark in found.marks
            if mark.low is not None and mark.high is not None
        )
        return range_spec(rows, dark(), found.even_at)
    return bar_spec(tuple(charts.Bar(m.label, m.value, m.shown, m.n) for m in found.marks), dark(), True)


def _link(page: Page, found: Finding, number: str) -> None:
    """The way to what is behind it; nothing where the person may not go there."""
    where, label, icon = PAGES[found.page]
    if found.page == "replies" and not page.may(Action.READ_REPLIES):
        return
    if where == WORKS_PAGE and st.session_state.get("_title") == "What works":
        # A link from the page to itself would leave the old view in the address: the choices are made anew instead.
        st.button(label, icon=icon, key=f"go_{number}", on_click=_choose, args=(dict(found.link_params),))
        return
    st.page_link(where, label=label, icon=icon, query_params=dict(found.link_params) or None)


def _choose(choices: dict[str, str]) -> None:
    """choices: by the address's words; the boxes hold keys.  What is not chosen is every area and every kind."""
    keys = {
        "i_net": {words: key for key, words in NETWORKS.items()},
        "i_by": {words.capitalize(): key for key, words in GROUPINGS.items()},
    }
    area = choices.pop("i_area", None)
    st.session_state.update({"i_kind": ""} if area else {"i_area": 0, "i_kind": ""})  # of an area: it is chosen already
    st.session_state.update({name: keys.get(name, {}).get(said, said) for name, said in choices.items()})


def _take_along(page: Page, found: Finding) -> bytes:
    """The file; that it was taken along is recorded (R24)."""
    credit = None
    if found.kind == OF_AREAS:
        with page.read() as session:
            credit = credit_for(session)
    record_export(page.context, page.person, "finding", len(found.rows))
    return _as_csv(found.headings, found.rows, credit)


def _as_csv(headings: Sequence[str], rows: Sequence[Sequence[object]], credit: str | None) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([csv_cell(cell) for cell in row] for row in rows)
    if credit:
        writer.writerows(([], [csv_cell(credit)]))
    return out.getvalue().encode("utf-8-sig")

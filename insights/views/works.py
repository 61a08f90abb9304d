"""What works: what was found, then the period against the one before; everything else a click away, so that it stays quick.

One network at a time: reach is not added up over networks (M03), and like is compared with like (M10)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import streamlit as st

from insights.chosen import Chosen
from insights.figures import FigureRow, totals
from insights.not_read import not_read
from insights.reaching import reaching
from insights.reports.request import KIND_NAMES, OWN_DAYS, Kind
from insights.views.comparisons_part import comparisons_part
from insights.views.drill_part import drill_part
from insights.views.findings_part import finding_card, findings_part
from insights.views.glance_part import FEWEST_WEEKS, glance_part
from insights.views.light_part import light_part
from insights.views.reach_part import reach_part
from insights.views.reading_quality import reading_quality
from insights.views.response_times import show_response_times
from insights.views.sentiment_part import sentiment_part
from insights.views.timing_part import timing_part
from insights.views.works_filters import View, choose, networks_of
from social.clock import as_local
from social.open_data_credit import credit_for
from social.places import places_within
from social.staff import Action
from social.views.concerns_part import concerns_part
from social.views.parts import Page, begin, heading, outside, told
from social.views.rooms import Room
from social.views.sign_in import still_there

GLANCE = "At a glance"
FINDINGS = "Findings"


def glance(page: Page, view: View, total: FigureRow) -> None:
    if total.posts:
        glance_part(page, view, total)
    else:
        st.info("No posts with figures in this period. Choose a longer one, or wait until the worker has read some.")


def drill(page: Page, view: View, _total: FigureRow) -> None:
    drill_part(page, view, {**view.address, "i_part": "Totals"})


def answers(page: Page, view: View, _total: FigureRow) -> None:
    show_response_times(page, since=view.since, channel=view.network, place_id=view.place_id,
                        content_type=view.content_type)  # fmt: skip


def findings(page: Page, view: View, _total: FigureRow) -> None:
    if view.place_id is None:
        findings_part(page)
    else:
        findings_part(page, view.place_id, view.area)


def compared(page: Page, view: View, _total: FigureRow) -> None:
    comparisons_part(page, view)


def timed(page: Page, view: View, _total: FigureRow) -> None:
    timing_part(page, view)


def lightened(page: Page, view: View, _total: FigureRow) -> None:
    light_part(page, view)


def far(page: Page, view: View, _total: FigureRow) -> None:
    weeks = max(FEWEST_WEEKS, view.days // 7)
    reach_part(page, Chosen(**view.filters), where=view.where, over_weeks=_weeks(view, weeks), weeks=weeks)


def thought(page: Page, view: View, _total: FigureRow) -> None:
    weeks = max(FEWEST_WEEKS, view.days // 7)
    sentiment_part(page, Chosen(**view.filters), where=view.where, over_weeks=_weeks(view, weeks), weeks=weeks)


def _weeks(view: View, weeks: int) -> str:
    """What a line over weeks is of: it is longer than the period, of which too few weeks say nothing."""
    return view.where_in(f"the last {weeks} weeks")


def readings(page: Page, _view: View, _total: FigureRow) -> None:
    reading_quality(page)


Draw = Callable[[Page, View, FigureRow], None]
PARTS: dict[str, Draw] = {
    GLANCE: glance,
    "Totals": drill,
    "Reach": far,
    "What replies say": thought,
    "Like with like": compared,
    "When to post": timed,
    "Light and serious": lightened,
    "Answers": answers,
    FINDINGS: findings,
    "How well replies are read": readings,
}
"""What can be looked at, one at a time: at most four charts are open at once."""


def not_up_to_date(page: Page, view: View) -> bool:
    """Says which accounts of the network stand still; whether any does."""
    with page.read() as session:
        behind = not_read(session, page.now, [a.id or 0 for a in page.accounts if a.channel == view.network])
    for one in behind:
        st.warning("Not up to date")
        outside(one.in_words())
    return bool(behind)


def reached(page: Page, view: View) -> None:
    """The question that a commander asks, where an area is chosen."""
    if view.place_id is None:
        return
    chosen = Chosen(since=view.since, place_id=view.place_id, content_type=view.content_type)
    with page.read() as session:
        said = reaching(session, page.now, view.area, chosen, f"in the last {view.days} days")
        credit = credit_for(session, places_within(view.place_id))
    heading(f"Are we reaching people in {view.area}, and with what?", level=2)
    for sentence in said:
        outside(sentence)
    st.caption(
        "Over all networks, each by itself. Networks do not tell where readers live: this is about posts on the area."
    )
    if credit:
        outside(credit)


def asked() -> tuple[object, ...]:
    """What the rest of the page depends on."""
    state = st.session_state
    return (*(state.get(key) for key in ("i_net", "i_period", "i_area", "i_kind")), state.get("i_part") == FINDINGS)


@st.fragment
def one_part(page: Page, view: View, drawn: tuple[object, ...]) -> None:
    """The part that is chosen: choosing another draws it anew, and nothing else of the page.

    drawn: what was asked when the page was drawn; a finding's button may ask for another network or area."""
    if asked() != drawn or not still_there(page, Action.READ_FIGURES):
        st.rerun(scope="app")
    page = replace(page, now=page.context.clock.now())
    if (
        "i_part" not in st.session_state and "i_part" not in st.query_params
    ):  # a default would speak against what findings lead to
        st.session_state["i_part"] = GLANCE
    part = st.segmented_control("Show", list(PARTS), required=True, key="i_part", bind="query-params")
    with told():
        with page.read() as session:
            total = totals(session, **view.filters)
        PARTS[part or GLANCE](page, view, total)


def show(page: Page) -> None:
    if not networks_of(page):
        st.info(
            "No account is connected yet, so there is nothing to learn from. Ask whoever looks after Beatline to connect one."
        )
        return
    view = choose(page)
    above, below = Room(200), Room(900)
    with above.fill():
        reached(page, view)
        if view.place_id is None and st.query_params.get("i_part") != FINDINGS:  # there it stands first anyway
            finding_card(page)
        concerns_part(page, view.place_id)
        if not_up_to_date(page, view):
            view = view.marked()
    with below.fill():
        one_part(page, view, asked())
    st.page_link("insights/views/reports.py", label="Make a one-page briefing", icon=":material/summarize:",
                 query_params=briefing_of(view))  # fmt: skip


def briefing_of(view: View) -> dict[str, str]:
    """The address of the briefing on the very days and area that the page shows, today included."""
    today = as_local(view.now).date()
    days = {"r_from": today - timedelta(days=view.days - 1), "r_to": today}
    return {"r_kind": KIND_NAMES[Kind.BRIEFING], "r_period": OWN_DAYS, "make": "1",
            **{name: day.isoformat() for name, day in days.items()}, **({"r_area": view.place} if view.place else {})}  # fmt: skip


page = begin("What works", needs=Action.READ_FIGURES)
with told():
    show(page)

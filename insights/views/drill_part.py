"""A part of What works: totals from the force down to a single post, one level at a time."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from insights.drill_tables import as_csv, table
from insights.drilldown import AREA, ITSELF, NOWHERE, POST, DrillRow, Level, drill_down
from insights.views.works_filters import View
from social.exports import record_export
from social.views.inert import inert
from social.views.parts import Page, heading, number_in_address

WORKS_PAGE = "insights/views/works.py"
POST_PAGE = "scheduler/views/post.py"
MOST_LINKS = 30
NOWHERE_NUMBER = 0
"""Stands in the address for everything, and with `here` for posts about no area."""


def drill_part(page: Page, view: View, address: dict[str, str]) -> None:
    """One level: where it stands, its table, and the way on.  address: what else the links carry along."""
    place_id, only_here = _place_of_address(view)
    with page.read() as session:
        filters: dict[str, Any] = {
            "since": view.since,
            "channel": view.network,
            "content_type": view.content_type,
        }
        level = drill_down(session, place_id, only_here=only_here, **filters)
    st.header("Totals, level by level", anchor=False)
    _breadcrumb(level, only_here, address)
    heading(_title(level, only_here))
    st.caption(
        f"Sums, {view.where_without_place}. Every level adds up to the one above it. Reach is not here: it cannot be added up, since "
        "the same people see several posts. 'Not reported' is a figure that the network does not give. Questions and "
        "complaints that were written before the account was connected are among these; under Answers they are not."
    )
    if not level.total.posts:
        st.info("No post in this period. Choose a longer one, or another area.")
    st.dataframe(table(level), hide_index=True, alt=f"{level.label}: totals, one row for each part and one for all")
    st.download_button("Download as CSV", lambda: take_along(page, level), "totals.csv", "text/csv", key="csv_drill",
                       icon=":material/download:")  # fmt: skip
    _ways_on(level.rows, address)


def _place_of_address(view: View) -> tuple[int | None, bool]:
    """The level, and whether only what is about the area itself; the chosen area where the address names no level."""
    given = number_in_address("level")
    only_here = st.query_params.get("here") == "1"
    if given is None:
        return view.place_id, False
    return given or None, only_here


def _title(level: Level, only_here: bool) -> str:
    if only_here:
        return f"About {level.label}, no single area below" if level.place_id else "About no area"
    return level.label


def _breadcrumb(level: Level, only_here: bool, address: dict[str, str]) -> None:
    """The way back up; the level itself is the heading below."""
    above = list(level.above)
    if only_here and level.place_id:
        above.append((level.place_id, level.label))
    if level.place_id is None and not only_here:
        return
    with st.container(horizontal=True):
        _link("Everything", {**address, "level": str(NOWHERE_NUMBER), "here": ""})
        for number, name in above:
            _link(name, {**address, "level": str(number), "here": ""})


def _ways_on(rows: Sequence[DrillRow], address: dict[str, str]) -> None:
    going = [row for row in rows if row.what in (AREA, ITSELF, NOWHERE) and row.counts.posts]
    if going:
        st.text("Go on to:")
    with st.container(horizontal=True):
        for row in going:
            here = "" if row.what == AREA else "1"
            number = row.number if row.number is not None else NOWHERE_NUMBER
            _link(row.label, {**address, "level": str(number), "here": here})
    posts = list(dict.fromkeys(row.post_id for row in rows if row.what == POST and row.post_id is not None))
    if posts:
        st.text("Open a post:")
        with st.container(horizontal=True):
            for number in posts[:MOST_LINKS]:
                st.page_link(POST_PAGE, label=f"Post {number}", query_params={"id": str(number)})


def _link(label: str, query: dict[str, str]) -> None:
    st.page_link(WORKS_PAGE, label=inert(label), query_params={name: value for name, value in query.items() if value})


def take_along(page: Page, level: Level) -> bytes:
    """The file; that it was taken along is recorded (R24)."""
    record_export(page.context, page.person, "totals", len(level.rows))
    return as_csv(level)

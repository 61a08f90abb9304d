"""Areas: how posts about each stand to its residents, which areas are left out, and the profile of each.

Whoever acts for one area alone begins with its profile. Networks do not tell where readers live, and the page says so."""

from datetime import timedelta
from typing import Any

import streamlit as st

from insights import area_tables, charts
from insights.area_map import MapArea, area_map, pressed_area
from insights.areas import NOTE, AreaFigures, area_figures
from insights.views.area_profile_part import show_profile
from insights.views.coverage_part import coverage_details, coverage_tiles
from insights.views.targets_part import content_mix_part
from social.boundaries import boundaries_of
from social.errors import InputError
from social.exports import record_export
from social.open_data_credit import credit_for
from social.places import Place, area_called, place_choices, places_named
from social.staff import Action, home_of
from social.views.parts import Page, begin, heading, number_in_address, outside, say_what_was_done, told
from social.views.plain import for_people
from social.views.police_data_part import police_data_part
from social.views.rooms import Room
from social.views.words import NETWORKS, say_count, word

AREAS_PAGE = "insights/views/areas.py"
PERIODS = {"Last 28 days": 28, "Last 12 weeks": 84, "Last 12 months": 365}
EVERY_NETWORK = "Every network"
MAP_KEY = "ar_map"
ALL = "all"
"""In the address: every area, for somebody who would begin with their own."""


def chosen_area(page: Page) -> int | None:
    """The area whose profile is wanted: that of the address, else the person's own; None for all."""
    if "area" in st.query_params:
        st.query_params["area"] = st.query_params["area"]  # a link to the same page leaves the browser's address behind
        return area_in_address(page)
    with page.read() as session:
        home = home_of(session, page.person)
    if home is not None:
        st.query_params["area"] = str(home)  # so that what is copied from the address is what is seen
    return home


def area_in_address(page: Page) -> int | None:
    """By its number, or by its name as commands take it; None for all of them, and for what is neither."""
    number, said = number_in_address("area"), st.query_params["area"]
    with page.read() as session:
        if number is not None and session.get(Place, number) is not None:
            return number
        if said == ALL:
            return None
        try:
            return area_called(session, said).id
        except InputError as error:
            said_so = for_people(str(error)) if places_named(session, said) else "There is no such area."
            outside(f"{said_so} These are all of them.")
            return None


def go_to_area() -> None:
    """The list of areas was used: the address follows, and the page with it."""
    area = st.session_state.get("ar_open")
    if area is not None:
        st.query_params["area"] = str(area)


def open_one(page: Page) -> None:
    with page.read() as session:
        places = place_choices(session)
    st.selectbox(
        "Open the profile of an area", list(places), index=None, format_func=lambda number: places[number],
        key="ar_open", on_change=go_to_area, placeholder="Choose an area",
    )  # fmt: skip


def narrowed(page: Page) -> tuple[str, str | None, bool]:
    """Period, network and whether only the person's own areas; the choices stand in the address."""
    networks = list(dict.fromkeys(account.channel for account in page.accounts if account.channel != "alert"))
    one, two = st.columns(2)
    period = one.selectbox("Period", list(PERIODS), index=1, key="ar_period", bind="query-params")
    network = two.selectbox(
        "Network", [EVERY_NETWORK, *networks], key="ar_net", bind="query-params",
        format_func=lambda key: key if key == EVERY_NETWORK else word(NETWORKS, key),
    )  # fmt: skip
    own = page.areas is not None and st.toggle("Only my areas", value=True, key="ar_own", bind="query-params")
    return period, None if network == EVERY_NETWORK else network, bool(own)


def open_pressed() -> None:
    """An area of the map was pressed: its profile opens."""
    found = pressed_area(st.session_state[MAP_KEY].get("selection", {}))
    if found is not None:
        st.query_params["area"] = str(found)


# Only figures and boundaries go in, and everybody who sees the page may see both.
@st.cache_data(max_entries=50, show_spinner=False)
def _map_spec(_areas: list[MapArea], rests_on: tuple[object, ...], on_dark: bool) -> dict[str, Any]:  # noqa: ARG001 of the key alone
    return charts.spec(area_map(_areas, dark=on_dark))


def show_map(page: Page, found: AreaFigures, where: str) -> None:
    """Drawn from stored boundaries; without any the table stands alone and says how to get them."""
    with page.read() as session:
        shapes = boundaries_of(session, [row.place_id for row in found.areas])
    drawn = [
        MapArea(number, row.name, shapes[row.place_id], row.per_1000 if row.rank is not None else None, row.place_id)
        for number, row in enumerate(found.areas, 1)
        if row.place_id in shapes
    ]
    if not drawn:
        st.caption("There is no map: no boundary of these areas is known. Whoever looks after the map of areas can "
                   "bring boundaries in.")  # fmt: skip
        return
    st.subheader("Map", anchor=False)
    st.caption(f"Reactions per 1,000 residents, {where}. The numbers are those of the table; areas that cannot be "
               "compared are grey. Press an area for its profile; with keys, choose it above.")  # fmt: skip
    spoken = "; ".join(f"{area.number} {area.name} {area_tables.say_rate(area.value)}" for area in drawn)
    rests_on = tuple((area.number, area.name, area.value, str(area.geometry)) for area in drawn)
    spec = _map_spec(drawn, (hash(rests_on),), st.context.theme.type == "dark")
    st.vega_lite_chart(
        spec=spec, alt=f"Map of {say_count(len(drawn), 'area')}: {spoken}.", key=MAP_KEY, on_select=open_pressed,
    )  # fmt: skip
    missing = len(found.areas) - len(drawn)
    if missing:
        st.caption(f"{say_count(missing, 'area')} without a known boundary: in the table, not on the map.")


def take_along(page: Page, found: AreaFigures) -> bytes:
    """The file; that it was taken along is recorded (R24)."""
    with page.read() as session:
        credit = credit_for(session, [row.place_id for row in found.areas])
    record_export(page.context, page.person, "areas", len(found.areas))
    return area_tables.as_csv(found, credit)


def side_by_side(page: Page) -> None:
    st.header("Areas side by side", anchor=False)
    period, network, own = narrowed(page)
    since = page.now - timedelta(days=PERIODS[period])
    with page.read() as session:
        found = area_figures(session, since=since, channel=network, within=page.areas if own else None)
        credit = credit_for(session, [row.place_id for row in found.areas])
    where = f"{word(NETWORKS, network) if network else 'all networks but alerts'}, {period[0].lower()}{period[1:]}"
    heading(area_tables.headline(found))
    st.caption(f"Posts and what came of them, by area, {where}. Areas with 5 posts or more and a known number of "
               "residents have a rank; missing-person appeals are never compared.")  # fmt: skip
    if not any(row.figures.posts for row in found.areas):
        st.info("No post is about one of these areas in this period. Choose a longer one, or write a post and say which "
                "area it is about.")  # fmt: skip
        if page.may(Action.PLAN):
            st.page_link("scheduler/views/write.py", label="Write a post", icon=":material/edit:")
    st.dataframe(
        area_tables.table(found.areas), hide_index=True, alt="Figures by area, one row an area", key="ar_table"
    )
    st.caption(" ".join(part for part in (NOTE, area_tables.left_over(found)) if part))
    st.download_button("Download as CSV", lambda: take_along(page, found), "areas.csv", "text/csv", key="ar_csv",
                       icon=":material/download:")  # fmt: skip
    drawn = Room(420)
    if credit:
        st.caption(credit)
    with drawn.fill():
        show_map(page, found, where)


def show_all(page: Page) -> None:
    with page.read() as session:
        there = bool(place_choices(session))
    if not there:
        st.info("There are no areas yet. Ask whoever looks after Beatline to bring in the force's map, or take the "
                "neighbourhoods from data.police.uk.")  # fmt: skip
    else:
        open_one(page)
        coverage_tiles(page, None)
        with told():
            side_by_side(page)
        coverage_details(page, None)
        content_mix_part(page, None)
    if page.may(Action.KEEP_PLACES, None):
        police_data_part(page)


page = begin("Areas", needs=Action.READ_FIGURES)
say_what_was_done()
with told():
    area = chosen_area(page)
    if area is None:
        show_all(page)
    else:
        st.page_link(AREAS_PAGE, label="All areas", icon=":material/arrow_back:", query_params={"area": ALL})
        show_profile(page, area)

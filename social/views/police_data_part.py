"""A part of Areas: takes open data of the force's neighbourhoods in, step by step (D02).

Nothing is asked of data.police.uk before a button is pressed, and nothing is written before the last one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import streamlit as st

from social.errors import BeatlineError
from social.police_data import PoliceData
from social.police_data_import import Taken, Wanted, read_areas, take_in
from social.police_data_matching import Offer, choosable, offers_for
from social.police_data_shapes import Named
from social.police_data_words import area_line
from social.views.inert import inert
from social.views.parts import Page, later, outside, problems
from social.views.words import say_count, say_moment

_KEY = "_police_data"
LEAVE_OUT, ADD = -1, 0
HOW = {"known": "as before", "name": "same name", "alike": "nearly the same name", "middle": "its middle lies there"}


@dataclass(frozen=True)
class Step:
    """How far one person has come.  wanted: with what was read, once that is done; preview: what it would change."""

    forces: tuple[Named, ...]
    force: Named | None = None
    offers: tuple[Offer, ...] = ()
    top_id: int | None = None
    wanted: Wanted | None = None
    preview: Taken | None = None
    as_of: datetime | None = None


def police_data_part(page: Page) -> None:
    """Draw the step that is next.  For whoever may look after the map."""
    st.header("Open data", anchor=False)
    st.text(
        "Boundaries, priorities and events of neighbourhoods can be taken from data.police.uk, the police forces' own open "
        "data (Open Government Licence). Officers' names are not taken, only how many of them can be contacted."
    )
    step: Step | None = st.session_state.get(_KEY)
    if step is None:
        if st.button("Look up the forces", key="pd_start", icon=":material/travel_explore:"):
            _go(page, lambda data: Step(data.forces()))
        return
    if step.force is None:
        _choose_force(page, step)
    elif step.preview is None:
        _match(page, step, step.force)
    else:
        _confirm(page, step, step.preview)
    st.button("Start again", key="pd_again", on_click=lambda: st.session_state.pop(_KEY, None))


def _go(page: Page, act: Callable[[PoliceData], Step]) -> None:
    """Do what the step needs of the service, and show the next one; or say what stood in the way."""
    data = PoliceData(page.context.settings, page.context.clock)
    try:
        reached = act(data)
    except BeatlineError as error:
        problems(error)
        return
    st.session_state[_KEY] = replace(reached, as_of=data.as_of)
    st.rerun()


def _choose_force(page: Page, step: Step) -> None:
    names = {one.id: one for one in step.forces}
    chosen = st.selectbox("Which force is yours", list(names), index=None, format_func=lambda key: names[key].name,
                          key="pd_force", placeholder="Choose a force")  # fmt: skip
    if st.button("Look up its neighbourhoods", key="pd_list", disabled=chosen is None, type="primary") and chosen:

        def listed(data: PoliceData) -> Step:
            top_id, offers = offers_for(page.context, data, names[chosen])
            return replace(step, force=names[chosen], top_id=top_id, offers=tuple(offers))

        _go(page, listed)


def _match(page: Page, step: Step, force: Named) -> None:
    """One list for each neighbourhood, those that nobody could match first."""
    outside(f"{force.name}: {say_count(len(step.offers), 'neighbourhood')} on data.police.uk")
    if not step.offers:
        st.info("This force has no neighbourhoods there.")
        return
    with page.read() as session:
        ours = choosable(session, step.top_id)
    open_ = [one for one in step.offers if one.place_id is None]
    sure = [one for one in step.offers if one.place_id is not None]
    st.text(f"{say_count(len(sure), 'neighbourhood')} matched to areas of yours. To be matched by you: {len(open_)}.")
    with st.form("pd_match"):
        chosen = {one.key: _which(one, ours) for one in open_}
        with st.expander(f"Matched by themselves ({len(sure)})"):
            chosen |= {one.key: _which(one, ours) for one in sure}
        year = st.number_input(
            "Year of the populations there", min_value=1801, max_value=page.now.year, value=None, step=1, key="pd_year",
            help="data.police.uk does not say which year its populations are of. Without a year none is taken over.",
        )  # fmt: skip
        pressed = st.form_submit_button("Read and show what would change", type="primary")
    if pressed:
        wanted = {key: None if place == ADD else place for key, place in chosen.items() if place != LEAVE_OUT}
        _go(page, lambda data: _read(page, step, force, wanted, None if year is None else int(year), data))


def _which(one: Offer, ours: dict[int, str]) -> int:
    labels = {LEAVE_OUT: "Leave it out", ADD: "Add it to the map", **ours}
    choices = [LEAVE_OUT, ADD, *one.candidates, *(number for number in ours if number not in one.candidates)]
    how = f" ({HOW[one.how]})" if one.how in HOW else ""
    chosen = st.selectbox(
        f"{inert(one.name)}{how}", choices, format_func=lambda number: labels.get(number, "An area that is gone"), key=f"pd_{one.key}",
        index=choices.index(one.place_id) if one.place_id in choices else 0,
    )  # fmt: skip
    return LEAVE_OUT if chosen is None else chosen


def _read(
    page: Page, step: Step, force: Named, chosen: dict[str, int | None], year: int | None, data: PoliceData
) -> Step:
    bar = st.progress(0.0, text="Reading data.police.uk")

    def tell(what: str, done: int, total: int) -> None:
        bar.progress(done / max(total, 1), text=f"{what}: {done} of {total}")

    areas = read_areas(data, force.id, list(chosen), tell)
    wanted = Wanted(force.id, force.name, chosen, step.top_id, year, areas)
    preview = take_in(page.context, page.person, wanted, as_of=data.as_of, dry_run=True)
    return replace(step, wanted=wanted, preview=preview)


def _confirm(page: Page, step: Step, preview: Taken) -> None:
    if step.as_of is not None:
        st.text(f"What data.police.uk said: {say_moment(step.as_of)}. Nothing is written yet.")
    if not preview.areas:
        st.info("No neighbourhood is chosen. Start again and choose an area of yours for at least one.")
        return
    for one in preview.areas:
        outside(area_line(one))
    if st.button(f"Take in {say_count(len(preview.areas), 'area')}", key="pd_take", type="primary") and step.wanted:
        try:
            taken = take_in(page.context, page.person, step.wanted, as_of=step.as_of)
        except BeatlineError as error:
            problems(error)
            return
        st.session_state.pop(_KEY, None)
        later(f"{say_count(len(taken.areas), 'area')} taken in from data.police.uk.")
        st.rerun()

"""People: who works with Beatline, in which role and for which areas; their one-time links; who is shut out (R17)."""

from collections.abc import Sequence

import streamlit as st

from social.errors import BeatlineError
from social.people import PersonView, add_person, change_role, let_in, list_people, set_areas, shut_out
from social.places import place_choices
from social.sign_in_links import link_for
from social.sign_in_ways import Way, way_in
from social.staff import ROLE_NAMES, Action, role_name
from social.views.parts import Page, begin, done, heading, outside, problems, say_what_was_done, told

ROLES = tuple(ROLE_NAMES)


def everybody(people: Sequence[PersonView]) -> None:
    if not people:
        st.info("Nobody has been added yet. Add the first person below.")
        return
    st.dataframe(
        [
            {
                "Name": one.name,
                "E-mail address": one.email,
                "Role": role_name(one.role),
                "Areas": ", ".join(one.areas) or "Whole force",
                "State": "At work" if one.active else "Shut out",
                "Password": "Set" if one.has_password else "None here",
            }
            for one in people
        ],
        hide_index=True,
        alt="Everybody who works with Beatline: name, e-mail address, role, areas, state, whether a password is set here",
    )


def one_person(page: Page, people: Sequence[PersonView], places: dict[int, str]) -> None:
    by_number = {one.id: one for one in people}
    chosen = st.selectbox("Person", list(by_number), index=None, key="person", placeholder="Choose a person",
                          format_func=lambda number: f"{by_number[number].name} ({by_number[number].email})")  # fmt: skip
    if chosen is None:
        return
    one = by_number[chosen]
    heading(one.name)
    if one.id == page.person.id:
        st.text("This is you. Somebody else who looks after people changes your role, areas and access.")
        return
    if not one.active:
        outside(f"{one.name} is shut out.")
        if st.button("Let in again", key="u_let_in", type="primary"):
            done(lambda: let_in(page.context, page.person, one.id), "They are let in again. Give them a new link.")
        return
    role_of(page, one)
    areas_for(page, one, places)
    if way_in(page.context) in (Way.NONE, Way.LOCAL):
        link(page, one)
    with st.expander("Shut out"):
        st.text("From the next click on they are out. What they did stays on record.")
        reason = st.text_input("Why?", key=f"u_why_{one.id}")
        if st.button("Shut out", key="u_shut_out"):
            done(lambda: shut_out(page.context, page.person, one.id, reason=reason), "They are shut out.")


def role_of(page: Page, one: PersonView) -> None:
    now = [role.value for role in ROLES].index(one.role)
    wanted = st.selectbox("Role", ROLES, index=now, key=f"u_role_{one.id}", format_func=role_name)
    if st.button("Save the role", key="u_save_role"):
        done(
            lambda: change_role(page.context, page.person, one.id, wanted),
            "The role is changed from the next click on.",
        )


def areas_for(page: Page, one: PersonView, places: dict[int, str]) -> None:
    wanted = st.multiselect("Areas; none is the whole force", list(places), default=list(one.area_ids),
                            key=f"u_areas_{one.id}", format_func=places.__getitem__)  # fmt: skip
    if st.button("Save the areas", key="u_save_areas"):
        done(
            lambda: set_areas(page.context, page.person, one.id, wanted),
            "The areas are changed from the next click on.",
        )


def link(page: Page, one: PersonView) -> None:
    """A one-time link, shown once: it is kept nowhere, so another click makes another."""
    if st.button("Make a one-time link", key="u_link"):
        try:
            address = link_for(page.context, page.person, one.id)
        except BeatlineError as error:
            problems(error)
            return
        st.text(f"Hand this to them in person or by a safe message. It works once, within "
                f"{page.context.settings.link_hours:g} hours, and whoever has it can use it.")  # fmt: skip
        st.code(address, language=None, wrap_lines=True)


def somebody_new(page: Page, places: dict[int, str]) -> None:
    st.header("Add a person", anchor=False)
    with st.form("u_new"):
        email = st.text_input("E-mail address", key="u_new_email")
        name = st.text_input("Name, as colleagues see it", key="u_new_name")
        role = st.selectbox("Role", ROLES, index=None, key="u_new_role", format_func=role_name)
        chosen = st.multiselect("Areas; none is the whole force", list(places), key="u_new_areas",
                               format_func=places.__getitem__)  # fmt: skip
        given = st.form_submit_button("Add", type="primary", key="u_add")
    if given and not role:
        st.error("Choose a role.")
    elif given and role:
        done(
            lambda: add_person(page.context, page.person, email=email, name=name, role=role, areas=chosen),
            "They are added. Where people sign in with a password, make them a link.",
        )


page = begin("People", needs=Action.MANAGE_PEOPLE)
say_what_was_done()
with told():
    with page.read() as looking:
        staff, areas = list_people(looking), place_choices(looking)
    everybody(staff)
    if staff:
        st.header("Change", anchor=False)
        one_person(page, staff, areas)
    somebody_new(page, areas)

"""A part of Areas: what an area is told about, held against what the force means to tell it; and the form for that."""

from datetime import timedelta

import streamlit as st

from insights.content_mix import ContentMix, content_mix, the_only_force
from insights.coverage_tables import MIX_COLUMNS, as_csv, mix_headline, mix_row
from social.content_targets import LIGHT, clear_target, set_target
from social.exports import record_export
from social.places import place_choices
from social.sorting import CONTENT_TYPE_LABELS
from social.staff import Action
from social.views.parts import Page, done, heading, outside
from social.views.words import say_count

PERIOD = timedelta(days=84)
KINDS = {LIGHT: "All light posts", **CONTENT_TYPE_LABELS}


def content_mix_part(page: Page, place_id: int | None) -> None:
    """The last twelve weeks.  place_id: None for the whole force."""
    with page.read() as session:
        mix = content_mix(session, place_id, page.now - PERIOD, page.now)
        whose = place_id if place_id is not None else the_only_force(session)
        names = place_choices(session)
    st.header("What is posted about", anchor=False)
    heading(mix_headline(mix))
    st.caption("Share of posts by kind in the last 12 weeks; a post on several networks counts once.")
    if mix.targets_of is not None and mix.targets_of != whose:
        outside(f"The targets are those of {names[mix.targets_of]}.")
    if mix.rows:
        st.dataframe([mix_row(row) for row in mix.rows], hide_index=True, key=f"mix_{place_id}",
                     alt=f"Kinds of post, with share and target: {say_count(len(mix.rows), 'row')}")  # fmt: skip
        st.download_button("Download the mix as CSV", lambda: _take_along(page, mix), "content-mix.csv", "text/csv",
                           key=f"csv_mix_{place_id}", icon=":material/download:")  # fmt: skip
    if whose is not None and page.may(Action.SET_TARGETS, whose):
        _form(page, whose, mix)


def _take_along(page: Page, mix: ContentMix) -> bytes:
    record_export(page.context, page.person, "content-mix", len(mix.rows))
    return as_csv([mix_row(row) for row in mix.rows], MIX_COLUMNS)


def _form(page: Page, place_id: int, mix: ContentMix) -> None:
    kinds = {**KINDS, **CONTENT_TYPE_LABELS}  # as the force's configuration has them by now
    with st.expander("Set a target", icon=":material/target:"):
        st.caption("It holds for this area and for what lies in it, except where an area has targets of its own.")
        kind = st.selectbox("Kind of post", list(kinds), format_func=lambda key: kinds[key], key=f"mix_kind_{place_id}")
        known = next((row for row in mix.rows if row.content_type == kind and row.least is not None), None)
        with st.form(f"mix_form_{place_id}_{kind}", border=False):
            least, most = st.slider(
                "From least to most, per cent of posts", 0, 100, step=5, key=f"mix_range_{place_id}_{kind}",
                value=(round(100 * (known.least or 0)), round(100 * (known.most or 0))) if known else (10, 30),
            )  # fmt: skip
            with st.container(horizontal=True):
                keep = st.form_submit_button("Save the target", type="primary")
                clear = (
                    known is not None and mix.targets_of == place_id and st.form_submit_button("Take the target back")
                )
    if keep and kind:
        done(
            lambda: set_target(page.context, page.person, place_id, kind, least / 100, most / 100),
            "The target is kept.",
        )
    if clear and kind:
        done(
            lambda: clear_target(page.context, page.person, place_id, kind),
            "There is no target of this area for it now.",
        )

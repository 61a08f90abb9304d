"""The form under an area's issues: priorities that the force enters itself."""

from functools import partial

import streamlit as st

from insights.area_profile import AreaProfile
from insights.views.area_forms_part import NEW, today, which
from social.police_data_areas import SOURCE
from social.priorities_writing import PriorityInput, end_priority, put_priority
from social.profile_input import LONGEST_TEXT
from social.views.begun import begun
from social.views.parts import Page, done
from social.views.words import shorten


def priority_form(page: Page, found: AreaProfile) -> None:
    """Add, change or end one. Those of data.police.uk are changed there."""
    here = found.place.id or 0
    own = {one.id or 0: one for one in found.priorities if one.source != SOURCE}
    with st.expander("Add or change a priority", icon=":material/edit:"):
        if len(own) < len(found.priorities):
            st.caption("Priorities from data.police.uk are changed there and read again.")
        number = which(
            "Which priority", "A new one", {key: shorten(one.issue, 60) for key, one in own.items()}, "ar_prio"
        )
        form = begun("ar_pri", f"{here}_{number}", own.get(number), version="seen_at")
        one, key = form.record, form.key
        with st.form(f"ar_prio_form_{key}", border=False):
            issue = st.text_area(
                "What residents raised", one.issue if one else "", max_chars=LONGEST_TEXT, key=f"ar_pri_{key}"
            )
            since = st.date_input("A priority since", (one.issued_on if one else None) or today(page),
                                  max_value=today(page), format="DD/MM/YYYY", key=f"ar_prs_{key}")  # fmt: skip
            action = st.text_area("What was done, if anything yet", (one.action or "") if one else "",
                                  max_chars=LONGEST_TEXT, key=f"ar_pra_{key}")  # fmt: skip
            acted = st.date_input("Done on", one.acted_on if one else None, max_value=today(page), format="DD/MM/YYYY",
                                  key=f"ar_prd_{key}")  # fmt: skip
            with st.container(horizontal=True):
                keep = st.form_submit_button("Save the priority", type="primary")
                end = one is not None and st.form_submit_button("It is no priority any more")
    if keep:
        given = PriorityInput(one.place_id if one else here, issue or "", since, action or "", acted)
        done(form.saved(partial(put_priority, page.context, page.person, given, number=None if number == NEW else number,
                                seen_at=one.seen_at if one else None)),
             "The priority is on record.")  # fmt: skip
    if end and one is not None:
        done(form.saved(partial(end_priority, page.context, page.person, number, seen_at=one.seen_at)),
             "It has ended, and is kept with what was done.")  # fmt: skip

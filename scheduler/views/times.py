"""Asking for a moment: a day and a time as the clock in the force's area shows them (R42)."""

from datetime import datetime

import streamlit as st

from scheduler.slots import comes_twice
from scheduler.views.composing import clock_change


def ask_moment(
    key: str, proposed: datetime, *, day: str = "Day", time: str = "Time (UK)"
) -> tuple[datetime, int | None]:
    """A local moment without a zone, and which of the two is meant where the clock shows it twice; None otherwise.

    key: begins the keys of the fields.  proposed: local, what they show at first."""
    left, right = st.columns(2)
    chosen_day = left.date_input(day, value=proposed.date(), key=f"{key}_day", format="DD/MM/YYYY")
    clock = proposed.time().replace(second=0, microsecond=0)
    chosen_time = right.time_input(time, value=clock, key=f"{key}_time", step=300)
    local = datetime.combine(chosen_day, chosen_time)
    skipped = clock_change(local)
    if skipped:
        st.warning(skipped)
    fold = None
    if comes_twice(local):
        fold = st.radio("The clock shows this time twice that night. Which one do you mean?", [0, 1], index=None,
                        format_func=lambda n: ("The first, in summer time", "The second, in winter time")[n], key=f"{key}_fold")  # fmt: skip
    return local, fold

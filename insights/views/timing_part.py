"""The part of What works about the time of posting: what the team's own posts show, and no claim otherwise (M12)."""

import streamlit as st

from insights.comparison_tables import is_rate
from insights.comparison_values import AGES, MEASURES
from insights.comparisons import usual_age
from insights.timing import Timing, timing
from insights.views.comparisons_part import how_worked_out, intervals, measure_box, under
from insights.views.works_filters import View
from scheduler.named_slots import in_words, list_slots
from social.views.parts import Page, heading, outside


def timing_part(page: Page, view: View) -> None:
    """Hours and days, for the network, period, area and kind that the page shows."""
    st.header("When to post", anchor=False)
    measure = measure_box(st, view, "i_timed")
    with page.read() as session:
        age = usual_age(session, measure, until=page.now, **view.filters)
        found = timing(session, measure, age=age, until=page.now, **view.filters)
    heading(found.headline)
    st.caption(
        f"{MEASURES[measure].capitalize()}, {AGES[age]}, {view.where}: how many times that of your other posts "
        "like them, drawn towards no effect, with the 95% interval; on the dashed line there is no effect. Number of posts "
        "in brackets."
    )
    for rows, name, key in ((found.hours, "by time of day", "hours"), (found.days, "by day of the week", "days")):
        heading(name.capitalize())
        if all(row.ratio is None for row in rows):
            outside("Too few posts to say.")
        intervals(rows, f"{MEASURES[measure].capitalize()} {name}.", key=key)
        under(page, rows, name, key=key, rate=is_rate(measure))
    for sentence in found.sentences:
        if sentence != found.headline:
            outside(sentence)
    _slots(page, found)
    st.caption(" ".join(found.limits))
    how_worked_out()


def _slots(page: Page, found: Timing) -> None:
    """What the team's own posts say of each slot that it named; most often that they are too few to say."""
    with page.read() as session:
        slots = list_slots(session)
    if not slots:
        return
    heading("Your slots")
    for slot in slots:
        days = [int(day) for day in slot.days.split(",")]
        outside(f"{slot.name} ({in_words(slot)}): {found.say_weekly(days, int(slot.at[:2]))}")

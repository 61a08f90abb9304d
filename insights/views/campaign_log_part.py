"""What was done in a campaign, online and off: the log, and the form for another row."""

import streamlit as st

from insights.assessment_activity import KIND_LABELS
from insights.assessment_values import Assessment
from insights.assessment_words import say_minutes, say_pence
from social.alerts.surveys import list_surveys
from social.campaign_activity import LONGEST_WHAT, ActivityInput, add_activity, remove_activity
from social.campaign_writing import LONGEST_NAME
from social.campaigns import ActivityKind, Campaign, CampaignState
from social.clock import as_local
from social.places import place_choices
from social.views.begun import begun
from social.views.parts import Page, done
from social.views.words import say_count, say_day

NOT_COUNTED = "not counted"
NO_SURVEY = 0


def log(page: Page, campaign: Campaign, found: Assessment, *, may: bool) -> None:
    st.header("What was done", anchor=False)
    if not found.activities:
        st.text("Nothing is written down yet. Posts with the campaign's name are counted by themselves; events, visits, "
                "leaflets, time and money are written down here.")  # fmt: skip
    else:
        rows = [
            {"Day": one.day, "What": f"{one.kind.capitalize()}, {'online' if one.online else 'offline'}", "Where": one.where,
             "Told": one.what, "People": NOT_COUNTED if one.people is None else f"{one.people:,}",
             "Time": NOT_COUNTED if one.minutes is None else say_minutes(one.minutes),
             "Money": NOT_COUNTED if one.pence is None else say_pence(one.pence)}
            for one in found.activities
        ]  # fmt: skip
        st.dataframe(
            rows,
            hide_index=True,
            column_config={"Day": st.column_config.DateColumn(format="DD/MM/YYYY")},
            alt=f"What was done: {say_count(len(rows), 'row')}, the newest first",
        )
    if not may:
        return
    with st.expander("Write down what was done", icon=":material/add:"):
        _add(page, campaign)
    if found.activities:
        with st.expander("Take out a row that is wrong"):
            there = {f"{say_day(one.day)}: {one.kind}, {one.where or 'no place'} (row {one.id})": one.id
                     for one in found.activities}  # fmt: skip
            wrong = st.selectbox("Which row", list(there), index=None, key="c_a_wrong")
            if st.button("Take it out", key="c_a_off", disabled=wrong is None) and wrong is not None:
                done(
                    lambda: remove_activity(page.context, page.person, campaign.id or 0, there[wrong]),
                    "It is taken out.",
                )


def _add(page: Page, campaign: Campaign) -> None:
    with page.read() as session:
        places = place_choices(session)
        surveys = {one.id or 0: one.title for one in list_surveys(session)}
    if campaign.state == CampaignState.PLANNED:
        st.caption("It is not launched yet: what goes into preparing it counts all the same.")
    form = begun("c_a_kind", str(campaign.id), campaign)  # a change of the campaign meanwhile takes nothing away
    key, kinds = form.key, list(ActivityKind)
    with st.form(f"c_log_form_{key}", border=False):
        kind = st.selectbox("What", kinds, format_func=lambda k: KIND_LABELS[k][0].capitalize(), key=f"c_a_kind_{key}")
        day = st.date_input("Day", as_local(page.now).date(), format="DD/MM/YYYY", key=f"c_a_day_{key}",
                            max_value=as_local(page.now).date())  # fmt: skip
        online = st.checkbox("It was online", key=f"c_a_online_{key}")
        area = st.selectbox(
            "Area", [0, *places], format_func=lambda n: places.get(n, "No single area"), key=f"c_a_area_{key}"
        )
        place = st.text_input(
            "Place", key=f"c_a_place_{key}", max_chars=LONGEST_NAME, placeholder="Library, allotments"
        )
        what = st.text_area("In a sentence", key=f"c_a_what_{key}", max_chars=LONGEST_WHAT, height=80,
                            help="What was done, never who was there.")  # fmt: skip
        people = st.number_input("People who took part", value=None, min_value=0, step=1, key=f"c_a_people_{key}")
        minutes = st.number_input("Minutes of staff time", value=None, min_value=0, step=5, key=f"c_a_minutes_{key}")
        pounds = st.number_input(
            "Money in pounds", value=None, min_value=0.0, step=1.0, format="%.2f", key=f"c_a_money_{key}"
        )
        survey = st.selectbox("If it is a survey of Beatline, which", [NO_SURVEY, *surveys], key=f"c_a_survey_{key}",
                              format_func=lambda n: surveys.get(n, "None"))  # fmt: skip
        st.caption("Leave empty what nobody counted: an empty field is no 0.")
        pressed = st.form_submit_button("Keep the row", type="primary")
    if pressed:
        given = ActivityInput(kind or ActivityKind.OTHER, day, bool(online), area or None, place or "", what or "",
                              None if people is None else int(people), None if minutes is None else int(minutes),
                              None if pounds is None else round(pounds * 100), survey or None)  # fmt: skip
        done(
            form.saved(lambda: add_activity(page.context, page.person, campaign.id or 0, given)), "It is written down."
        )

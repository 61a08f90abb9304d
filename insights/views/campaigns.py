"""Campaigns: what is planned and running, each in steps from its aim to its assessment (M01, M02, M14, M16)."""

from collections.abc import Mapping

import streamlit as st

from insights.assessment import assess, at_a_glance
from insights.assessment_values import About, Assessment
from insights.reports.request import KIND_NAMES, Kind
from insights.views.campaign_assessment_part import assessment, closing
from insights.views.campaign_log_part import log
from insights.views.campaign_measures_part import measures
from insights.views.campaign_steps_part import CAMPAIGNS_PAGE, new_campaign, steps
from scheduler.campaign_names import names_in_posts
from social.campaign_writing import drop_campaign, launch_campaign
from social.campaigns import Campaign, CampaignState, Unplanned, all_of, list_campaigns, unplanned_names
from social.staff import Action
from social.views.parts import (
    Page,
    begin,
    done,
    heading,
    number_in_address,
    outside,
    say_what_was_done,
    told,
)
from social.views.words import say_count, say_day

WORDS = {
    CampaignState.PLANNED: "Planned",
    CampaignState.RUNNING: "Running",
    CampaignState.CLOSED: "Closed",
    CampaignState.DROPPED: "Given up",
}
COLOURS = {CampaignState.PLANNED: "gray", CampaignState.RUNNING: "green", CampaignState.CLOSED: "blue",
           CampaignState.DROPPED: "gray"}  # fmt: skip


def list_all(page: Page) -> None:
    if page.may(Action.RUN_CAMPAIGNS):
        new_campaign(page)
    with page.read() as session:
        found = [at_a_glance(session, one, page.now) for one in list_campaigns(session)]
        names = {one.name: one for one in unplanned_names(session)}
        written = names_in_posts(session)
    if not found:
        st.info("No campaign is planned yet. A campaign says what shall be different, for whom, and by which number that "
                "will be told; afterwards it says what came of it.")  # fmt: skip
    for about, result in found:
        with st.container(border=True):
            badge(about)
            heading(about.title, 2)
            outside(summary(about))
            if result is not None:
                outside(f"{result.name}: {result.sentence}")
            st.page_link(CAMPAIGNS_PAGE, label=f"Look at campaign {about.id}", icon=":material/flag:",
                         query_params={"campaign": str(about.id)})  # fmt: skip
    adopting(page, names, written)


def adopting(page: Page, names: Mapping[str, Unplanned], written: Mapping[str, int]) -> None:
    """Names that posts carry and nobody planned: out already, or only written."""
    if names or written:
        st.header("Names that posts carry and nobody planned", anchor=False)
        st.text("These posts belong together by name, and nobody wrote down what for. Plan it, and they are its posts.")
    for name in sorted({*names, *written}):
        with st.container(border=True):
            heading(name)
            one = names.get(name)
            outside(f"{say_count(one.posts, 'post')} out, from {say_day(one.first)} to {say_day(one.last)}." if one
                    else f"{say_count(written[name], 'post')}, not out yet.")  # fmt: skip
            if page.may(Action.RUN_CAMPAIGNS):
                st.page_link(CAMPAIGNS_PAGE, label="Plan it", icon=":material/add:", query_params={"plan": name})


def badge(about: About) -> None:
    state = CampaignState(about.state)
    st.badge(WORDS[state], color=COLOURS[state])  # type: ignore[arg-type]  # of its colours


def summary(about: About) -> str:
    """Where, when and whose, in one line."""
    where = all_of(about.areas) if about.areas else "The whole force"
    begins = f"from {say_day(about.starts_on)}" if about.starts_on else "no first day yet"
    until = f" to {say_day(about.ends_on)}" if about.ends_on else ""
    return f"{where}, {begins}{until}. Owner: {about.owner}."


def one_campaign(page: Page, number: int) -> None:
    st.page_link(CAMPAIGNS_PAGE, label="All campaigns", icon=":material/arrow_back:", query_params={})
    with page.read() as session:
        campaign = session.get(Campaign, number)
        found = assess(session, number, page.now) if campaign is not None else None
    if campaign is None or found is None:
        st.info("There is no such campaign. Look at the list.")
        return
    places = found.about.place_ids or (None,)
    may = all(page.may(Action.RUN_CAMPAIGNS, place_id) for place_id in places)
    open_ = campaign.state in (CampaignState.PLANNED, CampaignState.RUNNING)
    badge(found.about)
    heading(found.about.title, 2)
    outside(f"Name on posts: {found.about.name}. {summary(found.about)}")
    if found.about.aim:
        outside(f"Aim: {found.about.aim}")
    if campaign.launched_at is not None:
        st.page_link("insights/views/reports.py", label="Make its assessment as a report", icon=":material/summarize:",
                     query_params={"r_kind": KIND_NAMES[Kind.CAMPAIGN], "r_campaign": campaign.title})  # fmt: skip
    if campaign.state == CampaignState.PLANNED:
        launching(page, found, may)
    if may and open_:
        steps(page, campaign, compared=found.compared)
    else:
        what_for(found)
    measures(page, campaign, found, may=may and open_)
    log(page, campaign, found, may=may and open_)
    assessment(found)
    if may and campaign.state == CampaignState.RUNNING:
        closing(page, campaign, found)
    if may and campaign.state == CampaignState.PLANNED:
        giving_up(page, number)


def launching(page: Page, found: Assessment, may: bool) -> None:
    if found.missing:
        st.warning(f"Before it can be launched it lacks {all_of(found.missing)}.")
        return
    st.text("It has all it needs. Once it runs, its baselines and targets stay as they are.")
    if may and st.button("Launch the campaign", type="primary", key="c_launch"):
        done(lambda: launch_campaign(page.context, page.person, found.about.id), "The campaign runs.")


def what_for(found: Assessment) -> None:
    """For whoever reads only."""
    about = found.about
    st.header("What it is for", anchor=False)
    for label, words in (("Aim", about.aim), ("Audience", about.audience), ("Priority", about.priority),
                         ("Purpose", about.purpose), ("Feedback", about.feedback_plan)):  # fmt: skip
        outside(f"{label}: {words or 'not said'}")


def giving_up(page: Page, number: int) -> None:
    with st.expander("Give the plan up"):
        reason = st.text_input("Why it is given up", key="c_why")
        if st.button("Give it up", key="c_drop"):
            done(lambda: drop_campaign(page.context, page.person, number, reason), "The plan is given up.")


page = begin("Campaigns", needs=Action.READ_FIGURES)
say_what_was_done()
with told():
    chosen = number_in_address("campaign")
    if chosen is None:
        list_all(page)
    else:
        one_campaign(page, chosen)

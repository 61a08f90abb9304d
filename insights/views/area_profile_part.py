"""The profile of one area, section by section; whoever looks after profiles finds the form under each."""

import streamlit as st

from insights.area_profile import CHANNELS_SINCE, MOST_POSTS, PERIOD, AreaProfile, area_profile
from insights.area_tables import NOT_KNOWN, say_members, say_officers, say_rate, say_residents
from insights.labels import CHANNEL_LABELS, content_type_label
from insights.reports.request import KIND_NAMES, Kind
from insights.sentiment_tables import headline
from insights.views.area_asked_part import show_asked
from insights.views.area_forms_part import language_forms, page_forms, partner_forms
from insights.views.coverage_part import coverage_details
from insights.views.findings_part import area_finding
from insights.views.priority_form_part import priority_form
from insights.views.targets_part import content_mix_part
from social.clock import as_local
from social.places import place_choices
from social.priorities import is_old
from social.profiles import LANGUAGES, PAGE_CHANNELS, PARTNER_KINDS, PartnerKind
from social.staff import Action
from social.views.concerns_part import concerns_part
from social.views.parts import Page, heading, outside
from social.views.words import say_day, say_moment, say_number, shorten


def show_profile(page: Page, place_id: int) -> None:
    """Everything that is known of the area.  Raises InputError for one that there is none of."""
    with page.read() as session:
        found = area_profile(session, place_id, page.now)
    heading(found.place.name, level=2)
    within = f"A {found.place.kind} of {' > '.join(found.above)}." if found.above else f"A {found.place.kind}."
    outside(f"{within} Residents: {say_residents(found.residents)}.")
    figures(found)
    reached(page, found)
    may = page.may(Action.KEEP_PROFILES, place_id)
    issues(page, found)
    if may:
        priority_form(page, found)
    show_asked(page, found, may=may)
    channels(found)
    st.subheader("Community pages", anchor=False)
    community_pages(found)
    if may:
        page_forms(page, found)
    st.subheader("Partners", anchor=False)
    partners(found)
    if may:
        partner_forms(page, found)
    st.subheader("Languages", anchor=False)
    languages(found)
    if may:
        language_forms(page, found)
    posts(found)
    events(found)
    if len(found.areas) > 1:
        st.subheader("What lies in it", anchor=False)
        coverage_details(page, place_id)
    content_mix_part(page, place_id)
    if found.credit:
        st.caption(found.credit)


def figures(found: AreaProfile) -> None:
    total = found.figures
    with st.container(horizontal=True):
        st.metric(f"Posts in {PERIOD.days} days", say_number(total.posts))
        st.metric("Reactions per 1,000 residents", say_rate(found.per_1000))
        st.metric("Questions and complaints without an answer", say_number(found.answers.waiting))
        st.metric("Named officers to contact", say_officers(found.contactable, found.with_officer))
    st.caption(f"Posts of the last {PERIOD.days} days about the area, all networks but alerts. {headline(found.sentiment)} "
               "Networks do not tell us where readers live: this counts posts about an area.")  # fmt: skip


def reached(page: Page, found: AreaProfile) -> None:
    st.subheader("What reached residents", anchor=False)
    for sentence in found.reached:
        outside(sentence)
    with page.read() as session:
        named = place_choices(session)[found.place.id or 0]  # as the list there names it
    st.page_link("insights/views/works.py", label="See what works", icon=":material/insights:",
                 query_params={"i_area": named})  # fmt: skip
    st.page_link("insights/views/reports.py", label="Make a meeting sheet", icon=":material/summarize:",
                 query_params={"r_kind": KIND_NAMES[Kind.MEETING], "r_area": named})  # fmt: skip
    area_finding(page, found.place.id or 0, named)


def issues(page: Page, found: AreaProfile) -> None:
    """What was named as a priority, and what residents said when they were asked."""
    st.subheader("Issues", anchor=False)
    concerns_part(page, found.place.id)
    if not found.priorities:
        st.text("No priority is on record for this area.")
    today = as_local(page.now).date()
    for one in found.priorities:
        with st.container(border=True):
            if is_old(one, today):
                st.badge("Older than 90 days", icon=":material/schedule:", color="orange")
            outside(one.issue)
            since = f"Priority since {say_day(one.issued_on)}" if one.issued_on else "Priority; nobody said since when"
            where = f", {found.areas.get(one.place_id, '')}" if len(found.areas) > 1 else ""
            outside(f"{since}{where}, by {one.source}.")
            if one.action:
                done = f"Done, {say_day(one.acted_on)}: " if one.acted_on else "Done: "
                outside(done + one.action)


def channels(found: AreaProfile) -> None:
    st.subheader("Channels", anchor=False)
    if found.channels:
        st.dataframe(
            [
                {"Account": one.account, "Network": CHANNEL_LABELS.get(one.channel, one.channel), "Posts here": one.posts,
                 "Last post": say_moment(one.last_post_at), "Followers of the account": say_number(one.followers)}
                for one in found.channels
            ],
            hide_index=True, alt="Accounts that posted about the area, one row an account", key="ar_channels",
        )  # fmt: skip
        st.caption(f"Accounts that posted about the area in the last {CHANNELS_SINCE.days} days. Followers are the account's, "
                   "wherever they live; they overlap and are never added up.")  # fmt: skip
    else:
        st.text("No account has posted about this area yet.")
    st.text(f"Members of the alert service who chose this area: {say_members(found.members)}.")


def community_pages(found: AreaProfile) -> None:
    if not found.pages:
        st.text("No community page is on the register for this area. Pages that pass posts on widen who sees them.")
        return
    st.dataframe(
        [
            {"Page": one.name, "Where": PAGE_CHANNELS.get(one.channel, one.channel), "Followers": NOT_KNOWN if one.followers is None else f"{one.followers:,}",
             "Read on": say_day(one.followers_on) if one.followers_on else "", "Address": one.address,
             **({"Area": found.areas.get(one.place_id, "")} if len(found.areas) > 1 else {})}
            for one in found.pages
        ],
        hide_index=True, alt="Community pages of the area, one row a page", key="ar_pages",
    )  # fmt: skip


def partners(found: AreaProfile) -> None:
    if not found.partners:
        st.text("No partner is on record for this area.")
    for one in found.partners:
        with st.container(border=True):
            outside(f"{one.name} ({PARTNER_KINDS[PartnerKind(one.kind)].lower()})")
            if one.about:
                outside(one.about)
            reach = ". ".join(part for part in (one.contact, one.website) if part)
            if reach:
                outside(reach)


def languages(found: AreaProfile) -> None:
    if not found.languages:
        st.text("Nobody has written down yet which languages residents use here.")
        return
    if found.languages_of != found.place.name:
        outside(f"There is no list for this area; this is the one of {found.languages_of}.")
    for one in found.languages:
        name = LANGUAGES.get(one.lang, one.lang)
        share = f": {one.share:.1%} of residents ({one.year}, {one.source})" if one.share is not None else ""
        outside(f"{name}{share}")


def posts(found: AreaProfile) -> None:
    st.subheader("Latest posts", anchor=False)
    if not found.posts:
        st.text("No post is about this area yet.")
        return
    st.dataframe(
        [
            {"Post": shorten(one.text) if one.text else "Erased", "When": say_moment(one.published_at),
             "Network": CHANNEL_LABELS.get(one.channel, one.channel), "Kind": content_type_label(one.content_type),
             "Reach": say_number(one.reach), "Reactions": say_number(one.reactions), "Replies": one.replies,
             "Without an answer": one.unanswered, "Passed on by": ", ".join(one.shared_by),
             "Still up": "no" if one.gone else "yes"}
            for one in found.posts
        ],
        hide_index=True, alt=f"The latest {len(found.posts)} posts about the area, one row a post", key="ar_posts",
        column_config={"Post": st.column_config.TextColumn(width="medium"), "When": st.column_config.TextColumn(width="small")},
    )  # fmt: skip
    st.caption(f"Up to {MOST_POSTS}, the newest first, and in no other order.")


def events(found: AreaProfile) -> None:
    st.subheader("Events coming", anchor=False)
    if not found.events:
        st.text("No event is known for the next 90 days.")
    for one in found.events:
        when = say_moment(one.starts_at) if one.starts_at else "No time given"
        outside(" · ".join(part for part in (when, one.title, one.address) if part))

"""What every page says about holds: that one is in force, why and until when; and the button that pauses everything."""

import streamlit as st

from scheduler.hold_kinds import HoldKind
from scheduler.hold_views import HoldView, holds_now
from scheduler.holds import stopped_posts
from social.staff import Action
from social.views.parts import Page, outside
from social.views.words import say_count

HOLDS_PAGE = "scheduler/views/holds.py"


def pause_button(page: Page) -> None:
    """In the sidebar: the first of the two clicks that pause everything (R31)."""
    if page.may(Action.HOLD):
        st.page_link(HOLDS_PAGE, label="Pause everything", icon=":material/front_hand:", query_params={"pause": "1"})


def pause_button_on_a_phone(page: Page) -> None:
    """The same above every page of a narrow window: there the sidebar is shut, and lies over the page when open."""
    if page.may(Action.HOLD):
        with st.container(key="pause_on_a_phone"):
            pause_button(page)


def hold_notice(page: Page) -> None:
    """Above every page, for everybody: which holds are in force."""
    with page.read() as session:
        holds = holds_now(session, page.now)
    for hold in holds:
        with st.container(border=True, key=f"hold_notice_{hold.id}"):
            title = "All publishing is stopped" if hold.kind is HoldKind.STOP_ALL else "Posts are held back"
            st.error(f"It stops {hold.stops}. What it stopped goes out only after somebody has said yes.", title=title)
            outside(in_words(hold))
            st.page_link(HOLDS_PAGE, label=f"See hold {hold.id}", icon=":material/front_hand:")


def waiting_notice(page: Page) -> None:
    """Says how many posts wait for a yes after a hold, to whoever may say it."""
    if not page.may(Action.RELEASE):
        return
    with page.read() as session:
        waiting = [post for post in stopped_posts(session, page.now) if post.still is None]
    if waiting:
        posts = say_count(len(waiting), "post waits", "posts wait")
        st.warning(f"{posts} for a yes after a hold. Nothing of it goes out by itself.")
        st.page_link(HOLDS_PAGE, label="Decide about them", icon=":material/front_hand:")


def in_words(hold: HoldView) -> str:
    """'Critical incident, Marlpit End, until it is released. Why: ... Placed by Joel Marsh, 6 May 2026, 12:30.'"""
    lines = [
        f"{hold.label}, {hold.area}, until {hold.until}"
        if hold.over_at
        else f"{hold.label}, {hold.area}, {hold.until}",
        f"Why: {hold.reason}",
        f"Placed by {hold.placed_by}, {hold.placed}",
    ]
    if hold.names:
        lines.append(f"Candidates: {', '.join(hold.names)}")
    return "\n".join(lines)

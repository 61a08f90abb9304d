"""How a queue entry and a post look wherever they are listed, and the notice about a silent worker."""

from datetime import datetime
from typing import Literal

import streamlit as st

from scheduler.content_types import label_of
from scheduler.queries import EntryView, PostSummary
from scheduler.worker_findings import worker_seen
from social.accounts import AccountState
from social.views.parts import Page, outside
from social.views.plain import for_people
from social.views.words import NETWORKS, STATES, say_long, say_moment, say_soon, word
from social.web.routes import WORKER_SILENT_AFTER

APPROVALS_PAGE = "scheduler/views/approvals.py"
POST_PAGE = "scheduler/views/post.py"
WRITE_PAGE = "scheduler/views/write.py"

Colour = Literal["red", "orange", "green", "blue", "gray"]
STUCK = ("failed", "unconfirmed", "held", "lapsed")
"""States in which a post waits for a person."""
COLOURS: dict[str, Colour] = {
    "failed": "red", "unconfirmed": "red", "held": "orange", "lapsed": "orange", "in_review": "orange",
    "published": "green", "queued": "blue", "publishing": "blue", "approved": "blue",
}  # fmt: skip

NEXT_STEP: dict[str, str] = {
    "failed": "Open it, change what the network refused, and send it again.",
    "unconfirmed": "Nothing to do yet: Beatline looks on the network whether it is there and never sends it twice.",
    "held": "Open it and give it a new time, or discard it.",
    "lapsed": "Its moment has passed. Open it and give it a new time, or discard it.",
}
"""What a person does about a stuck entry."""


def state_badge(state: str) -> None:
    """The state in words; the colour only repeats them."""
    st.badge(word(STATES, state), color=COLOURS.get(state, "gray"))


def write_button(key: str) -> None:
    """The page's one primary button, where the person may plan."""
    if st.button("Write a post", type="primary", icon=":material/edit:", key=key):
        # An address is given, if an empty one: to take away the old one is refused while a field is bound to it.
        st.switch_page(WRITE_PAGE, query_params={})


def open_link(post_id: int, label: str = "Open post") -> None:
    """A link to the post's page; its number tells one link from the next for those who hear them read out."""
    st.page_link(POST_PAGE, label=f"{label} {post_id}", icon=":material/article:", query_params={"id": str(post_id)})


def entry_card(entry: EntryView, now: datetime) -> None:
    """One post for one account: state, time, words, why it is where it is."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            state_badge(entry.state)
            when = entry.published_at or entry.due_at
            st.text(f"{word(NETWORKS, entry.channel)}, {say_soon(when, now) if when else 'no time yet'}")
        outside(entry.text)
        if entry.state in STUCK:
            st.text(f"Why: {entry.reason or 'no reason was recorded'}")
            st.text(f"What to do: {NEXT_STEP[entry.state]}")
            outside(f"Who decides: {entry.owner or 'nobody is named'}")
        about = f", about {entry.place}" if entry.place else ""
        outside(f"{label_of(entry.content_type)}, for {entry.account}{about}")
        open_link(entry.post_id)


def post_card(summary: PostSummary, now: datetime, link: str = "Open post") -> None:
    """One post, whatever accounts it goes to."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            state_badge(summary.status)
            st.text(f"{say_soon(summary.due_at, now) if summary.due_at else 'no time yet'}, {summary.label}")
        outside(summary.text)
        about = f"About {summary.place}. " if summary.place else ""
        outside(f"{about}Accounts: {', '.join(summary.accounts) or 'none'}")
        open_link(summary.post_id, link)


def account_notices(page: Page) -> None:
    """Says in red which accounts stand still until a person has acted: their posts wait unseen, and grow late."""
    for account in page.accounts:
        if account.state == AccountState.PAUSED:
            st.error("Nothing goes out there and nothing is read until somebody has done what it asks for and "
                     "whoever looks after Beatline has checked the account. Posts that grow too late meanwhile wait for a person.",
                     title="An account is paused")  # fmt: skip
            outside(f"{account.name}: {for_people(account.paused_reason or 'no reason was recorded')}")
        elif account.reading_paused_reason is not None:
            st.error("Posts still go out there, but nobody hears what residents answer until somebody has done what it "
                     "asks for and whoever looks after Beatline has checked the account.", title="Replies are not read")  # fmt: skip
            outside(f"{account.name}: {for_people(account.reading_paused_reason)}")


def worker_notice(page: Page) -> None:
    """Says in red when nobody publishes, and what that means for what is planned."""
    with page.read() as session:
        seen = worker_seen(session)
    silent = None if seen is None else page.now - seen
    if silent is not None and silent.total_seconds() <= WORKER_SILENT_AFTER:
        return
    since = (
        "has not been seen yet"
        if seen is None
        else f"was last seen {say_long(page.now - seen)} ago, {say_moment(seen)}"
    )
    st.error(
        f"The worker {since}. Nothing goes out and no replies come in until it runs. Posts keep their place; one that is "
        "more than 30 minutes late then is not sent by itself but waits for a person. "
        "Ask whoever looks after Beatline to start it.",
        title="Posts are not going out",
    )

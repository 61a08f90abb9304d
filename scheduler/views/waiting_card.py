"""One post that waits, as whoever decides about it needs it: what changed, how it will look, what the checks say, and the
three answers. A press of a button is kept as a `Decision` about the version that was on the page; the page then asks for
the right, and refuses it when the post is another one by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import streamlit as st

from scheduler.campaign_names import campaign_title
from scheduler.checking import findings_of
from scheduler.checks import Finding
from scheduler.content_types import label_of
from scheduler.lifecycle import Event
from scheduler.post_seen import Since, SinceThen, changed_for
from scheduler.queries import PostView, post_view
from scheduler.views.alert_post_part import alert_told
from scheduler.views.cards import open_link
from scheduler.views.checked import LEVEL_WORDS, list_findings
from scheduler.views.composing import next_slot
from scheduler.views.said import previews
from scheduler.views.times import ask_moment
from scheduler.views.versions import one_change
from scheduler.waiting import WaitingPost
from social.sorting import LIGHT_TYPES
from social.views.parts import Page, heading, outside
from social.views.words import say_long, say_moment, say_soon
from social.words import in_sentence

DECISION = "ap_decision"
SINCE: dict[Since, str] = {
    "opened": "Changed since you opened it",
    "looked": "Changed since you last looked",
    "approved": "Changed since it was approved",
}


@dataclass(frozen=True)
class Decision:
    """What was pressed.  posts: post id -> the version that was on the page.  due_local, fold: of a late post."""

    what: Literal["approve", "changes", "refuse"]
    posts: dict[int, int]
    due_local: datetime | None = None
    fold: int | None = None


@dataclass(frozen=True)
class Drawn:
    """A card that is on the page.  light: whether it may be approved together with others."""

    post_id: int
    version: int
    findings: Sequence[Finding]
    light: bool


def decide(decision: Decision) -> None:
    """For buttons: keep what was pressed until the page has made sure who presses."""
    st.session_state[DECISION] = decision


def card(page: Page, post: WaitingPost, *, first: bool) -> Drawn:
    """One post.  first: the soonest, whose Approve is the page's one primary button."""
    with page.read() as session:
        view = post_view(session, post.post_id)
        change = changed_for(session, view.post, page.person)
    findings = findings_of(page.context, view, answering=True)
    is_late = view.post.due_at is not None and view.post.due_at < page.now
    light = view.post.content_type in LIGHT_TYPES and not is_late and all(f.level != "block" for f in findings)
    with st.container(border=True, key=head_key(post.post_id)):
        about = f" about {view.place.name}" if view.place else ""
        heading(f"Post {post.post_id}: {in_sentence(label_of(view.post.content_type))}{about}", level=2)
        facts(page, view, is_late=is_late)
        if change is not None:
            tell_change(change)
        left, right = st.columns([3, 2], gap="medium")
        with left:
            heading("How it will look")
            previews(page, view)
            alert_told(page, view)
        with right:
            heading("What the checks say")
            list_findings(findings, all_well="The checks find nothing that stops this post.")
        answers(page, view, is_late=is_late, first=first)
        if light:
            st.checkbox(f"Choose post {post.post_id}, to approve several light posts together",
                        key=pick_key(post.post_id, view.post.version))  # fmt: skip
        open_link(post.post_id)
    return Drawn(post.post_id, view.post.version, findings, light)


def head_key(post_id: int) -> str:
    return f"ap_card_{post_id}"


def pick_key(post_id: int, version: int) -> str:
    """Of another version it is another choice: what was chosen unread is not approved."""
    return f"ap_pick_{post_id}_{version}"


def facts(page: Page, view: PostView, *, is_late: bool) -> None:
    due = view.post.due_at
    lines = [f"Goes out {say_soon(due, page.now)}" if due is not None else "It has no time yet"]
    if is_late:
        lines = [f"Was to go out {say_moment(due)}"]
    sent = [step.at for step in view.history if step.event == Event.SUBMIT.value]
    lines.append(f"Written by {view.author.name}" + (f", sent {say_long(page.now - sent[-1])} ago" if sent else ""))
    if view.post.campaign:
        with page.read() as session:
            lines.append(f"Campaign: {campaign_title(session, view.post.campaign)}")
    asked = [step.reason for step in view.history if step.event == Event.REQUEST_CHANGES.value and step.reason]
    if asked:
        lines.append(f"Asked for before: {asked[-1]}")
    outside("\n".join(lines))


def tell_change(change: SinceThen) -> None:
    """What is new to the reader, by name of its kind, word by word."""
    heading(SINCE[change.since])
    outside(f"Version {change.newer.version}, {say_moment(change.newer.at)}, by {change.newer.editor}")
    one_change(change.older, change.newer)


def answers(page: Page, view: PostView, *, is_late: bool, first: bool) -> None:
    """Approve, Ask for changes, Refuse: one press each."""
    post_id, posts = view.post.id or 0, {view.post.id or 0: view.post.version}
    local, fold = None, None
    if is_late:
        st.warning("Its time is over, so it does not go out at once. Give it a new time as you approve it.")
        local, fold = ask_moment(f"ap_late_{post_id}", next_slot(page.now))
    st.button(
        f"Approve post {post_id}", key=f"ap_approve_{post_id}", type="primary" if first else "secondary",
        icon=":material/task_alt:", shortcut="Mod+Enter" if first else None, on_click=decide,
        args=(Decision("approve", posts, local, fold),),
    )  # fmt: skip
    st.text_input(f"What should change in post {post_id}, or why may it not go out?", key=reason_key(post_id))
    with st.container(horizontal=True):
        st.button(f"Ask for changes to post {post_id}", key=f"ap_changes_{post_id}", icon=":material/undo:",
                  on_click=decide, args=(Decision("changes", posts),))  # fmt: skip
        st.button(f"Refuse post {post_id}", key=f"ap_refuse_{post_id}", icon=":material/block:",
                  on_click=decide, args=(Decision("refuse", posts),))  # fmt: skip


def reason_key(post_id: int) -> str:
    return f"ap_reason_{post_id}"


def together(drawn: Sequence[Drawn]) -> None:
    """Several light posts with one press, each with what the checks say of it; nothing while there is only one."""
    light = [one for one in drawn if one.light]
    if len(light) < 2:
        return
    chosen = [one for one in light if st.session_state.get(pick_key(one.post_id, one.version))]
    if not chosen:
        st.text("Several light posts wait. Choose them below to approve them together.")
        return
    with st.container(border=True):
        heading("Approve these together", level=2)
        for one in chosen:
            words = "; ".join(f"{LEVEL_WORDS[f.level]}: {f.message}" for f in one.findings) or "the checks find nothing"
            outside(f"Post {one.post_id}: {words}")
        st.button(f"Approve the {len(chosen)} chosen", key="ap_together", icon=":material/done_all:", on_click=decide,
                  args=(Decision("approve", {one.post_id: one.version for one in chosen}),))  # fmt: skip

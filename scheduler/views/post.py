"""One post: what it says, where it stands and why, what was done with it by whom, and what came of it."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from insights.figures import FigureRow, post_figures
from insights.views.post_reach_part import post_reach_part
from scheduler.approvals import LATE_APPROVAL
from scheduler.campaign_names import campaign_title
from scheduler.checking import findings_of
from scheduler.content_types import label_of
from scheduler.explain import explain
from scheduler.picture_reviews import keep_online
from scheduler.planning import approve_post, ask_for_changes, discard_post, move_post, refuse_post, withdraw_post
from scheduler.queries import EntryView, PostView, post_view, recent_posts
from scheduler.takedown import describe
from scheduler.takedown_tasks import open_tasks
from scheduler.thread_words import parts_of
from scheduler.views.alert_post_part import alert_told, correction_field
from scheduler.views.cards import WRITE_PAGE, post_card, state_badge
from scheduler.views.checked import show_findings
from scheduler.views.comes_again import comes_again
from scheduler.views.composing import next_slot
from scheduler.views.lookups import publication_of
from scheduler.views.said import pictures
from scheduler.views.times import ask_moment
from scheduler.views.versions import versions
from social.clock import as_local
from social.errors import InputError
from social.inbox import ReplyView, thread
from social.staff import Action
from social.views.parts import (
    Page,
    begin,
    done,
    number_in_address,
    outside,
    problems,
    say_what_was_done,
    told,
)
from social.views.plain import for_people
from social.views.replying import reply_card
from social.views.words import (
    EVENTS,
    NETWORKS,
    is_web_address,
    say_count,
    say_moment,
    say_number,
    say_share,
    say_soon,
    word,
)

LIVE = ("published",)
"""States in which the whole post is out; of a thread a part may be out in others (`is_live`)."""
UNSENT = ("draft", "in_review", "approved", "queued", "held", "lapsed", "failed")
MOVABLE = ("draft", "in_review", "approved", "queued", "held", "lapsed")


def choose(page: Page) -> None:
    """No post is named: offer the latest ones."""
    with page.read() as session:
        posts = recent_posts(session, 20)
    if not posts:
        st.info("There are no posts yet.")
        return
    st.text("Choose one of the latest posts:")
    for post in posts:
        post_card(post, page.now)


def what_it_says(page: Page, view: PostView) -> None:
    st.header("What it says", anchor=False)
    with st.container(border=True):
        words(view.post.text)
        if view.post.link:
            outside(view.post.link)
    for channel, text in view.variants.items():
        with st.container(border=True):
            st.badge(f"On {word(NETWORKS, channel)}", color="blue")
            words(text)
    pictures(page, view)


def words(text: str) -> None:
    """The words, part by part where they are a thread."""
    parts = parts_of(text)
    if len(parts) == 1:
        outside(text)
        return
    for number, part in enumerate(parts, 1):
        st.badge(f"Part {number} of {len(parts)}", color="gray")
        outside(part)


def is_live(entry: EntryView) -> bool:
    """Whether residents may see any of it: all, or the parts of a thread that are out."""
    return entry.platform_id is not None and entry.state != "withdrawn"


def facts(page: Page, view: PostView) -> None:
    post = view.post
    lines = [
        f"Due: {say_moment(post.due_at)}",
        f"Content type: {label_of(post.content_type)}",
        f"About: {view.place.name if view.place else 'no single area'}",
        f"Written by: {view.author.name}",
    ]
    if post.approved_version == post.version:
        lines.append(
            f"Approved by: {view.approver.name}" if view.approver else "Approval: this kind of post needs none"
        )
    if post.campaign:
        with page.read() as session:
            lines.append(f"Campaign: {campaign_title(session, post.campaign)}")
    if post.appeal_ref:
        lines.append(f"Appeal: {post.appeal_ref}")
    outside("\n".join(lines))


def where_it_stands(page: Page, view: PostView) -> None:
    st.header("Where it stands", anchor=False)
    with page.read() as session:
        coming_down = {task.entry_id: describe(session, task) for task in open_tasks(session, view.post.id)}
    for entry in view.entries:
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                state_badge(entry.state)
                when = entry.published_at or entry.due_at
                st.text(f"{word(NETWORKS, entry.channel)}, {say_soon(when, page.now) if when else 'no time yet'}")
            outside(entry.account)
            if entry.reason:
                outside(f"Why: {entry.reason}")
            if entry.id in coming_down:
                outside(coming_down[entry.id])
            if is_live(entry) and is_web_address(entry.url):  # what was taken down is no longer there to see
                st.link_button(
                    f"See it on {word(NETWORKS, entry.channel)}", entry.url or "", icon=":material/open_in_new:"
                )
            with page.read() as session:
                lines = explain(session, entry.id, page.now, page.context.settings.account_gap)
            with st.expander(f"Every step on {word(NETWORKS, entry.channel)}, for support"):
                outside("\n".join(for_people(line) for line in lines) or "Nothing yet.")


def trail(page: Page, view: PostView) -> None:
    """Who did what when, oldest first; one line where several accounts moved together, two where one moved twice."""
    st.header("How it got here", anchor=False)
    names = {person.email: person.name for person in (view.author, view.approver, page.person) if person is not None}
    lines = [f"{say_moment(view.post.created_at)}: Written by {view.author.name}"]
    moved: Counter[tuple[int, str]] = Counter()
    for step in view.history:
        line = f"{say_moment(step.at)}: {word(EVENTS, step.event)}, by {actor_in_words(step.actor, names)}"
        line += f". {step.reason}" if step.reason else ""
        moved[step.entry_id, line] += 1
        if moved[step.entry_id, line] > lines.count(line):
            lines.append(line)
    for line in lines:
        outside(line)


def actor_in_words(actor: str, names: dict[str, str]) -> str:
    """A person's name, or that Beatline did it by its rules, or the worker."""
    if actor in names or "@" in actor:
        return names.get(actor, actor)
    if actor == "R41":
        return "Beatline: this kind of post needs no approval"
    return "Beatline, by its rules" if re.fullmatch(r"[RMD]\d+", actor) else "the worker"


def results(page: Page, entry: EntryView) -> None:
    with page.read() as session:
        publication_id = publication_of(session, entry.id)
        figures = post_figures(session, publication_id) if publication_id is not None else None
        leads = page.may(Action.HAND_OFF)
        replies = thread(session, publication_id, leads=leads, limit=5_000) if publication_id is not None else []
    st.subheader(f"On {word(NETWORKS, entry.channel)}", anchor=False)
    outside(entry.account)
    if entry.channel == "alert":
        st.page_link("insights/views/alerts.py", label="What became of alerts", icon=":material/campaign:")
    elif figures is None or (figures.reach, figures.impressions, figures.engagement) == (None, None, None):
        st.text("No figures yet: they come in a few minutes after a post goes out.")
    else:
        figure_table(figures)
    if publication_id is not None and entry.channel != "alert":
        post_reach_part(page, publication_id)
    if page.may(Action.READ_REPLIES, entry.place_id):
        st.text(say_thread(replies))
        for reply in replies[:20]:
            reply_card(reply, page.now, under=False)
        if len(replies) > 20:
            st.page_link("social/views/replies.py", label=f"All {len(replies)} in the thread", icon=":material/forum:",
                         query_params={"thread": str(publication_id)})  # fmt: skip


def say_thread(replies: Sequence[ReplyView]) -> str:
    """'12 replies from residents and 1 answer of ours.'"""
    ours = sum(reply.ours for reply in replies)
    if not replies:
        return "No replies yet."
    theirs = say_count(len(replies) - ours, "reply", "replies") + " from residents"
    return f"{theirs} and {say_count(ours, 'answer')} of ours." if ours else f"{theirs}, no answer of ours."


def figure_table(row: FigureRow) -> None:
    """The figures as words and numbers; what the network did not tell is said, not left blank."""
    with st.container(horizontal=True):
        for label, value in (
            ("Reach", say_number(row.reach)),
            ("Times shown", say_number(row.impressions)),
            ("Engagement", say_number(row.engagement)),
            ("Engagement rate", say_share(row.engagement_rate)),
            ("Replies", say_number(row.replies)),
        ):
            st.metric(label, value)


def decide(page: Page, view: PostView) -> None:
    """The buttons that this person has for this post. Each is checked again where it is done."""
    states = {entry.state for entry in view.entries}
    post_id = view.post.id or 0
    if "in_review" in states:
        approval(page, view, post_id)
    place_id = view.post.place_id
    if page.may(Action.PLAN, place_id) and states & set(UNSENT):
        if not any(entry.state in UNSENT and is_live(entry) for entry in view.entries):
            st.page_link(WRITE_PAGE, label="Change it", icon=":material/edit:", query_params={"id": str(post_id)})
        if any(entry.state == "held" and entry.reason == LATE_APPROVAL for entry in view.entries):
            send_now(page, post_id)
        if states & set(MOVABLE):
            mover(page, view, post_id)
        with st.expander("Discard it"):
            st.text(
                "What has not gone out is dropped. What is out stays out; a thread ends with the parts that are out."
            )
            if st.button("Discard this post", key="p_discard", icon=":material/delete:"):
                done(lambda: discard_post(page.context, post_id, page.person), "The post is discarded.")
    # Words of a case or an appeal are never taken up by one press: they were true of that one day.
    if states & set(LIVE) and page.may(Action.PLAN) and not view.post.appeal_ref and view.post.case_stage == "none":
        st.page_link(WRITE_PAGE, label="Use again", icon=":material/repeat:", query_params={"again": str(post_id)})
    live = any(map(is_live, view.entries))
    if live and page.may(Action.WITHDRAW, place_id) and any(medium.review_by for medium in view.media):
        review(page, post_id)
    if live and page.may(Action.WITHDRAW, place_id):
        with st.expander("Take it down"):
            reason = st.text_input("Why is it taken down?", key="p_why")
            told_so = correction_field(page, view)
            also = "from the networks" if told_so is None else "and send these words to those who got the alert"
            sure = st.checkbox(f"Yes, take every live copy down {also}", key="p_sure")
            if st.button("Take it down", key="p_down", icon=":material/visibility_off:", disabled=not sure):
                done(
                    lambda: withdraw_post(page.context, post_id, page.person, reason, told_so),
                    "The post is taken down.",
                )


def approval(page: Page, view: PostView, post_id: int) -> None:
    st.header("Waiting for approval", anchor=False)
    place_id = view.post.place_id
    if not (page.may(Action.APPROVE_LOCAL, place_id) or page.may(Action.APPROVE_CORPORATE, place_id)):
        st.text("Someone who may approve posts has to look at it.")
        return
    if view.post.author_id == page.person.id:
        st.text("You wrote this post, so somebody else must approve it.")
        return
    # A press is about the version that was drawn before it, not about the one that is read anew because of it.
    drawn = st.session_state.get(f"p_drawn_{post_id}", view.post.version)
    st.session_state[f"p_drawn_{post_id}"] = view.post.version
    late = view.post.due_at is not None and view.post.due_at < page.now
    if late:
        st.warning("Its time is over. Once it is approved it is held: then send it now, or give it another time.")
    if st.button("Approve", type="primary", key="p_approve", icon=":material/task_alt:"):
        done(lambda: approve_post(page.context, post_id, page.person, expected_version=drawn),
             "Approved, and held: its time is over. Send it now, or give it another time." if late else "Approved.")  # fmt: skip
    reason = st.text_input("What should change, or why may it not go out?", key="p_reason")
    with st.container(horizontal=True):
        if st.button("Ask for changes", key="p_changes", icon=":material/undo:"):
            done(lambda: ask_for_changes(page.context, post_id, page.person, reason, expected_version=drawn),
                 "The post is sent back to its author.")  # fmt: skip
        if st.button("Refuse it", key="p_refuse", icon=":material/block:"):
            done(lambda: refuse_post(page.context, post_id, page.person, reason, expected_version=drawn),
                 "The post is refused.")  # fmt: skip


def review(page: Page, post_id: int) -> None:
    """What stays online is looked at again (R07)."""
    with st.expander("Review its picture"):
        st.text("Must the picture of this person still be online? If not, take the post down.")
        until = st.date_input("It may stay until", value=(page.now + timedelta(days=28)).date(), key="p_keep_until",
                              format="DD/MM/YYYY")  # fmt: skip
        why = st.text_input("Why must it stay?", key="p_keep_why")
        if st.button("It stays", key="p_keep", icon=":material/event_available:"):
            done(lambda: keep_online(page.context, post_id, until, why, page.person), "The review is recorded.")


def mover(page: Page, view: PostView, post_id: int) -> None:
    with st.expander("Give it another time"):
        due = view.post.due_at
        proposed = as_local(due).replace(tzinfo=None) if due is not None and due > page.now else next_slot(page.now)
        local, fold = ask_moment("p", proposed)
        if st.button("Move it", key="p_move", icon=":material/schedule:"):
            done(lambda: move_post(page.context, post_id, local, page.person, fold=fold), "The post has its new time.")


def send_now(page: Page, post_id: int) -> None:
    """A new time without a clock: what was approved, and waits for nothing else, goes out with a person's word (R42)."""
    if st.button("Send it now", type="primary", key="p_now", icon=":material/send:"):
        local = as_local(page.now).replace(microsecond=0)
        done(lambda: move_post(page.context, post_id, local.replace(tzinfo=None, fold=0), page.person, fold=local.fold),
             "It goes out now.")  # fmt: skip


def checked(page: Page, view: PostView) -> None:
    """What whoever approves it should know; nothing once it is all out or dropped."""
    if {entry.state for entry in view.entries} & set(UNSENT):
        show_findings(
            findings_of(page.context, view, answering=True), all_well="The checks find nothing that stops this post."
        )


def show(page: Page, post_id: int) -> None:
    try:
        with page.read() as session:
            view = post_view(session, post_id)
    except InputError as error:
        problems(error)
        st.page_link("scheduler/views/calendar.py", label="Look in the Calendar", icon=":material/calendar_month:")
        return
    say_what_was_done()
    left, right = st.columns([3, 2], gap="large")
    with left:
        with st.container(horizontal=True, vertical_alignment="center"):
            state_badge(view.status)
            st.text(f"Post {post_id}, {label_of(view.post.content_type)}")
        what_it_says(page, view)
        facts(page, view)
        with told():
            alert_told(page, view)
        with told():
            checked(page, view)
        with told():
            decide(page, view)
        with told():
            comes_again(page, view)
    with right:
        with told():
            where_it_stands(page, view)
        with told():
            trail(page, view)
        with told():
            versions(page, post_id)
    out = [entry for entry in view.entries if entry.published_at is not None]
    if out and page.may(Action.READ_FIGURES):
        st.header("What came of it", anchor=False)
        for entry in out:
            with told():
                results(page, entry)


page = begin("Post")
wanted = number_in_address("id")
with told():
    if wanted is not None:
        show(page, wanted)
    else:
        choose(page)

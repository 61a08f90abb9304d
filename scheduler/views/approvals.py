"""Approvals: what waits for this person, soonest first, with everything that the decision needs and one press for each."""

import streamlit as st

from scheduler.planning import ask_for_changes, refuse_post
from scheduler.post_seen import changed_for, note_seen
from scheduler.views.cards import open_link
from scheduler.views.waiting_card import (
    DECISION,
    Decision,
    Drawn,
    card,
    head_key,
    reason_key,
    tell_change,
    together,
)
from scheduler.waiting import Waiting, WaitingPost, approve_for, approved_this_week, waiting_for
from scheduler.writing import post_with_id
from social.errors import BeatlineError, InputError, Problem
from social.places import place_choices
from social.staff import Action
from social.views.parts import Page, begin, number_in_address, problems, said, say_what_was_done, told
from social.views.words import say_count

FEW = 6
"""Cards at once; those behind come up as these are decided."""

LEAD_ON = """export default function ({ data }) {
  const lead = (left) => {
    const head = document.querySelector(data.at);
    if (!head) { if (left) requestAnimationFrame(() => lead(left - 1)); return; }
    if (document.body.dataset.ledOn === String(data.times)) return;
    document.body.dataset.ledOn = String(data.times);
    head.tabIndex = -1;
    head.scrollIntoView({ block: "start" });
    head.focus();
  };
  lead(30);
}"""
"""A browser's part: whoever has decided about one post is led to the heading of the next."""


STYLE = """<style>@media (max-width:768px){[data-testid=stButton] [aria-label^="Shortcut "]{display:none}}</style>"""
"""A phone has no keys to speak of."""


def act(page: Page) -> None:
    """Do what was pressed, about the very version that was on the page; or tell what stands in the way."""
    decision: Decision | None = st.session_state.pop(DECISION, None)
    if decision is None:
        return
    failed: list[Problem] = []
    done: list[str] = []
    for post_id, version in decision.posts.items():
        try:
            done.append(_do(page, decision, post_id, version))
        except BeatlineError as error:
            found = error.problems if isinstance(error, InputError) else (Problem(str(error)),)
            failed += [Problem(f"Post {post_id}: {problem.message}", column=problem.column) for problem in found]
    if done:
        said(done[0] if len(done) == 1 else f"{len(done)} posts are approved.")
        st.session_state["ap_times"] = st.session_state.get("ap_times", 0) + 1
        st.session_state["ap_lead_on"] = not failed
        st.query_params.pop("id", None)
    if failed:
        problems(InputError(*failed))
        for post_id, version in decision.posts.items():
            _changed_meanwhile(page, post_id, version)


def _do(page: Page, decision: Decision, post_id: int, version: int) -> str:
    """One post.  Returns what to say.  Raises what the functions that decide raise."""
    reason = str(st.session_state.get(reason_key(post_id), ""))
    if decision.what == "changes":
        ask_for_changes(page.context, post_id, page.person, reason, expected_version=version)
        return f"Post {post_id} is sent back to its author."
    if decision.what == "refuse":
        refuse_post(page.context, post_id, page.person, reason, expected_version=version)
        return f"Post {post_id} is refused."
    if reason.strip():  # a key pressed too soon must not approve what somebody was just about to refuse
        raise InputError(
            "You have written a reason. Ask for changes or refuse the post, or empty the field to approve."
        )
    goes_out = approve_for(page.context, post_id, page.person, expected_version=version,
                           due_local=decision.due_local, fold=decision.fold)  # fmt: skip
    return f"Post {post_id} is approved." if goes_out else (
        f"Post {post_id} is approved, and held: its time is over. Open it to give it a new time."
    )  # fmt: skip


def _changed_meanwhile(page: Page, post_id: int, opened: int) -> None:
    """What somebody changed while the person was reading; nothing when they did not."""
    with page.read() as session:
        change = changed_for(session, post_with_id(session, post_id), page.person, opened)
    if change is not None:
        with st.container(border=True):
            tell_change(change)
            open_link(post_id)


def choose(page: Page) -> tuple[int | None, str | None]:
    """Area and account; both stand in the address."""
    with page.read() as session:
        places = {number: name for number, name in place_choices(session).items() if page.acts_for(number)}
    one, two = st.columns(2)
    place = one.selectbox("Area", [0, *places], format_func=lambda number: places.get(number, "Every area"),
                          key="ap_area", bind="query-params")  # fmt: skip
    account = two.selectbox("Account", ["", *(account.name for account in page.accounts)],
                            format_func=lambda name: name or "Every account", key="ap_account",
                            bind="query-params")  # fmt: skip
    return place or None, account or None


def in_order(waiting: Waiting, wanted: int | None) -> list[WaitingPost]:
    """The soonest first; before them all the one that the address names."""
    return sorted(waiting.mine, key=lambda post: post.post_id != wanted)


def lead_on(post_id: int | None) -> None:
    """Move sight and focus to the next heading, once for each decision.  post_id: None leads to the end of the list."""
    if st.session_state.pop("ap_lead_on", False):
        at = f".st-key-{head_key(post_id)} h2" if post_id is not None else ".st-key-ap_nothing"
        component = st.components.v2.component("beatline_lead_on", js=LEAD_ON)
        component(key="_lead_on", data={"at": at, "times": st.session_state["ap_times"]}, height=1)


def nothing_waits(page: Page, *, narrowed: bool) -> None:
    with page.read() as session:
        week = approved_this_week(session, page.now, page.areas)
    with st.container(key="ap_nothing"):
        st.text("Nothing of that waits." if narrowed else f"Nothing waits. {in_words(week.count, week.minutes)}")


def in_words(count: int, minutes: float | None) -> str:
    """'12 approved this week, median 38 minutes.'"""
    if not count:
        return "None approved this week."
    if minutes is None:
        return f"{count} approved this week."
    length = "under a minute" if minutes < 1 else say_count(round(minutes), "minute")
    return f"{count} approved this week, median {length if minutes < 120 else say_count(round(minutes / 60), 'hour')}."


def show(page: Page) -> None:
    place_id, account = choose(page)
    with page.read() as session:
        waiting = waiting_for(session, page.person, place_id=place_id, account=account)
    wanted = number_in_address("id")
    posts = in_order(waiting, wanted)
    if wanted is not None and wanted not in {post.post_id for post in posts}:
        st.info(f"Post {wanted} does not wait for you.")
        open_link(wanted)
    if not posts:
        nothing_waits(page, narrowed=place_id is not None or account is not None)
    else:
        st.text(f"{say_count(len(posts), 'post waits', 'posts wait')} for you, soonest first.")
    for number, words in ((waiting.own, "of your own waits|of your own wait"), (waiting.others, "waits|wait")):
        if number:
            one, more = words.split("|")
            st.text(f"{number} {one if number == 1 else more} for somebody else.")
    bar = st.container()
    drawn: list[Drawn] = []
    for post in posts[:FEW]:
        with told():
            drawn.append(card(page, post, first=not drawn))
    with bar:
        together(drawn)
    if len(posts) > FEW:
        st.text(f"and {len(posts) - FEW} more, which come up as you decide about these.")
    lead_on(posts[0].post_id if posts else None)
    note_seen(page.context, {one.post_id: one.version for one in drawn}, page.person)


page = begin("Approvals", needs=Action.APPROVE_LOCAL)
say_what_was_done()
st.html(STYLE)
with told():
    act(page)
    show(page)

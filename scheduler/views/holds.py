"""Holds: what is stopped and why, what waits for a yes afterwards, and the switch that stops it (R31, R35, R37, R38)."""

from datetime import datetime, timedelta

import streamlit as st

from scheduler.hold_kinds import KINDS, HoldKind
from scheduler.hold_views import HoldView, StoppedView, hold_views, stopped_views, went_out
from scheduler.holds import (
    LETS_SOME_THROUGH,
    Order,
    action_for,
    hold_of,
    let_through,
    place_hold,
    posts_stopped,
    release_hold,
    say_yes,
)
from scheduler.planning import discard_post, move_post
from scheduler.queries import posts_numbered
from scheduler.slots import to_instant
from scheduler.views.cards import open_link, post_card
from scheduler.views.composing import own_time_again
from scheduler.views.hold_notice import in_words
from scheduler.views.times import ask_moment
from social.clock import as_local
from social.errors import BeatlineError
from social.places import PlaceKind, list_places, place_choices
from social.staff import Action, areas_of
from social.views.parts import Page, begin, done, outside, say_what_was_done, told
from social.views.words import NETWORKS, say_count, say_moment, say_soon, word

FEW = 15  # most cards in one list; the rest is said as a number
WHOLE_FORCE = 0


def areas(page: Page) -> dict[int, str]:
    """The areas for which this person may order anything; 0 is the whole force."""
    with page.read() as session:
        mine, names = areas_of(session, page.person), place_choices(session)
        force = {place.id for place in list_places(session, PlaceKind.FORCE)}
    if mine is None:
        return {WHOLE_FORCE: "The whole force", **{n: name for n, name in names.items() if n not in force}}
    return {number: name for number, name in names.items() if number in mine}


def pause_everything(page: Page) -> None:
    """The second of the two clicks (R31)."""
    with st.container(border=True, key="pause_everything"):
        st.header("Pause everything", anchor=False)
        st.text("Nothing goes out from the moment you confirm, whatever it is, until somebody releases it.")
        choices = areas(page)
        area = st.selectbox("For", list(choices), format_func=choices.__getitem__, key="h_pause_area")
        reason = st.text_input("Why? Everybody sees it.", value=KINDS[HoldKind.STOP_ALL].suggested, key="h_pause_why")
        if st.button("Pause everything now", type="primary", key="h_pause", icon=":material/front_hand:"):
            order = Order(HoldKind.STOP_ALL, reason, area or None)
            done(lambda: pause(page, order), "Everything is paused.")


def pause(page: Page, order: Order) -> None:
    place_hold(page.context, order, page.person)
    st.query_params.pop("pause", None)  # the question is answered


def now_and_planned(page: Page, holds: list[HoldView]) -> None:
    st.header("In force and planned", anchor=False)
    if not holds:
        st.success("No hold is in force and none is planned.")
    for hold in holds:
        with st.container(border=True):
            in_force = hold.standing == "in force"
            st.badge("In force" if in_force else "Planned", color="red" if in_force else "orange")
            if not in_force:
                st.text(f"Begins {say_moment(hold.starts_at)}")
            outside(in_words(hold))
            st.text(f"It stops {hold.stops}. It lets through {hold.passes}.")
            went_out_before(page, hold)
            if page.may(Action.RELEASE):
                with st.expander(f"Release hold {hold.id}" if in_force else f"Call hold {hold.id} off"):
                    reason = st.text_input("Why does it end? Everybody sees it.", key=f"h_why_{hold.id}",
                                           value="It is over." if in_force else "It is not needed.")  # fmt: skip
                    st.text("Nothing that it stopped goes out by itself: each post waits for a yes.")
                    if st.button("Release it" if in_force else "Call it off", key=f"h_off_{hold.id}"):
                        done(lambda hold=hold, reason=reason: release_hold(page.context, hold.id, page.person, reason),  # type: ignore[misc]  # bound in the loop
                             f"Hold {hold.id} is over.")  # fmt: skip


def went_out_before(page: Page, hold: HoldView) -> None:
    """What cannot be stopped any more, so that somebody may take it down."""
    if hold.standing != "in force":
        return
    with page.read() as session:
        posts = went_out(session, hold.place_id, hold.starts_at)
    if not posts:
        st.text("Nothing went out there in the hour before.")
        return
    with st.expander(f"{say_count(len(posts), 'post')} went out there in the hour before"):
        st.text("A hold takes nothing down. Open a post to take it down.")
        for post in posts[:FEW]:
            outside(f"{say_moment(post.published_at)}, {word(NETWORKS, post.channel)}, {post.account}\n{post.text}")
            if post.post_id is not None:
                open_link(post.post_id)


def waiting(page: Page, posts: list[StoppedView]) -> None:
    st.header("Waiting for a yes", anchor=False)
    if not posts:
        st.text("No post waits for a yes.")
        return
    st.text(f"{say_count(len(posts), 'post was', 'posts were')} stopped by a hold that is over. Nothing goes out by "
            "itself: say yes, give a new time, or discard.")  # fmt: skip
    for post in posts[:FEW]:
        with st.container(border=True):
            what_it_is(page, post)
            decide(page, post)
    if len(posts) > FEW:
        st.text(f"and {len(posts) - FEW} more: decide about these first.")


def what_it_is(page: Page, post: StoppedView) -> None:
    summary = post.post
    when = say_soon(summary.due_at, page.now) if summary.due_at else "no time"
    st.text(f"{summary.label}, planned for {when}")
    outside(summary.text)
    about = f"About {summary.place}. " if summary.place else ""
    outside(f"{about}Accounts: {', '.join(summary.accounts)}. Stopped by hold {post.hold_id}.")
    open_link(summary.post_id)


def decide(page: Page, post: StoppedView) -> None:
    """Yes, another time, or no: one click each."""
    number, context, person = post.post.post_id, page.context, page.person
    if page.may(Action.RELEASE):
        yes = "Yes, send it now" if post.late else "Yes, at the planned time"
        if st.button(f"{yes} (post {number})", key=f"h_yes_{number}", type="primary", icon=":material/check:"):
            done(lambda: say_yes(context, number, person), f"Post {number} goes out.")
        proposed = own_time_again(post.post.due_at, page.now)
        local, fold = ask_moment(f"h_new_{number}", proposed, day="New day", time="New time (UK)")
        if st.button(f"Give post {number} the new time", key=f"h_move_{number}", icon=":material/schedule:"):
            done(lambda: move_post(context, number, local, person, fold=fold), f"Post {number} has its new time.")
    if page.may(Action.PLAN) and st.button(f"Discard post {number}", key=f"h_drop_{number}", icon=":material/delete:"):
        done(lambda: discard_post(context, number, person), f"Post {number} is discarded.")


def stopped_now(page: Page, posts: list[StoppedView], kinds: dict[int, HoldKind]) -> None:
    if not posts:
        return
    st.header("Stopped now", anchor=False)
    st.text(f"{say_count(len(posts), 'post is', 'posts are')} held. When the hold is over, each waits for a yes.")
    for post in posts[:FEW]:
        with st.container(border=True):
            what_it_is(page, post)
            if page.may(Action.APPROVE_CORPORATE) and kinds.get(post.still or 0) in LETS_SOME_THROUGH:
                exception(page, post.post.post_id)
    if len(posts) > FEW:
        st.text(f"and {len(posts) - FEW} more.")


def exception(page: Page, number: int) -> None:
    """What the law asks for or cannot wait may go out under a hold, one post at a time, with a reason (R37)."""
    with st.expander(f"Let post {number} through"):
        reason = st.text_input("Why can it not wait? Everybody sees it.", key=f"h_through_why_{number}")
        if st.button("Let it through", key=f"h_through_{number}"):
            done(lambda: let_through(page.context, number, page.person, reason), f"Post {number} goes out.")


def place_one(page: Page) -> None:
    kinds = [kind for kind in HoldKind if page.may(action_for(kind))]
    choices = areas(page)
    if not kinds or not choices:
        return
    st.header("Place a hold", anchor=False)
    kind = st.selectbox("Why", kinds, format_func=lambda kind: KINDS[kind].label, key="h_kind")
    st.text(f"It stops {KINDS[kind].stops}. It lets through {KINDS[kind].passes}.")
    if kind is HoldKind.SERIOUS_INCIDENT:
        choices = {number: name for number, name in choices.items() if number != WHOLE_FORCE}
    # Light posts of the wrong area would stop: nobody gets one merely because it stands first.
    known = len(choices) == 1 or WHOLE_FORCE in choices
    area = st.selectbox("For", list(choices), index=0 if known else None, format_func=choices.__getitem__,
                        placeholder="Choose the area", key=f"h_area_{kind}")  # fmt: skip
    if area is None:
        st.text("Choose the area that it is for.")
        return
    reason = st.text_input("In words that everybody may read", value=KINDS[kind].suggested, key=f"h_reason_{kind}")
    names = ""
    if kind is HoldKind.PRE_ELECTION:
        names = st.text_area("Candidates, one to a line", key="h_names", help="A post that names one of them needs the "
                             "approval of corporate communications.")  # fmt: skip
    starts = moment_or_none("h_from", "It begins at a time to come", page.now + timedelta(days=1))
    lasts = timedelta(hours=72) if kind is HoldKind.SERIOUS_INCIDENT else timedelta(days=1)
    ends = moment_or_none(f"h_until_{kind}", "It ends by itself", page.now + lasts,
                          given=kind in (HoldKind.PRE_ELECTION, HoldKind.SERIOUS_INCIDENT))  # fmt: skip
    try:
        order = Order(kind, reason, area or None, instant(starts), instant(ends), names)
        what_it_would_stop(page, order)
    except BeatlineError as error:
        st.text(str(error))
        return
    if st.button("Place the hold", key="h_place", icon=":material/front_hand:"):
        done(lambda: place_hold(page.context, order, page.person), f"The hold is placed: {KINDS[kind].label.lower()}.")


def moment_or_none(
    key: str, label: str, proposed: datetime, *, given: bool = False
) -> tuple[datetime, int | None] | None:
    """A moment where the box is ticked."""
    if not st.checkbox(label, value=given, key=f"{key}_on"):
        return None
    local = as_local(proposed).replace(tzinfo=None, fold=0, second=0, microsecond=0)
    return ask_moment(key, local - timedelta(minutes=local.minute % 5), day=f"{label}: day", time=f"{label}: time (UK)")


def instant(moment: tuple[datetime, int | None] | None) -> datetime | None:
    return to_instant(*moment) if moment is not None else None


def what_it_would_stop(page: Page, order: Order) -> None:
    with page.read() as session:
        numbers = posts_stopped(session, hold_of(session, order, page.person, page.now))
        posts = posts_numbered(session, numbers[:FEW])
    if not numbers:
        st.text("Nothing in the queue would be stopped now.")
        return
    with st.expander(f"It would stop {say_count(len(numbers), 'post')} in the queue"):
        for post in posts:
            post_card(post, page.now)
        if len(numbers) > FEW:
            st.text(f"and {len(numbers) - FEW} more.")


def past(holds: list[HoldView]) -> None:
    if not holds:
        return
    st.header("Over within 30 days", anchor=False)
    st.dataframe(
        [
            {
                "Hold": hold.id,
                "Kind": hold.label,
                "Area": hold.area,
                "From": say_moment(hold.starts_at),
                "Until": hold.until,
                "Why": hold.reason,
                "Placed by": hold.placed_by,
                "Ended by": hold.released_by or "its time",
                "Why it ended": hold.release_reason or "",
            }
            for hold in holds
        ],
        hide_index=True,
        alt="Holds that are over: kind, area, from when until when, why, placed and ended by whom",
    )


page = begin("Holds")
say_what_was_done()
if "pause" in st.query_params and page.may(Action.HOLD):
    with told():
        pause_everything(page)
holds: list[HoldView] = []  # and none when they cannot be read: that is told, and the form stays
with told():
    with page.read() as session:
        holds = hold_views(session, page.now)
        stopped = stopped_views(session, page.now)
    waiting(page, [post for post in stopped if post.still is None])
    now_and_planned(page, [hold for hold in holds if not hold.over])
    stopped_now(page, [post for post in stopped if post.still is not None], {hold.id: hold.kind for hold in holds})
with told():
    place_one(page)
past([hold for hold in holds if hold.over])

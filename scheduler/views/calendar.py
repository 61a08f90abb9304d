"""Calendar: every planned and published post by day, as a month, a week or a list, where posts are moved to other days;
with the holds, bank holidays and awareness days that bear on them, the days without a post and the mix of content.

The planner is drawn by the browser. Where that fails, a plain table of links stands in its place."""

from datetime import date
from typing import Any

import streamlit as st

from scheduler.awareness import Awareness, days_between, read_calendar
from scheduler.awareness_dates import ideas, say_lead
from scheduler.content_types import CONTENT_TYPES, label_of
from scheduler.hold_views import hold_views
from scheduler.queries import PostSummary, posts_between, recent_posts
from scheduler.views.calendar_data import (
    Choice,
    days_for,
    gaps,
    mix_list,
    mix_of,
    notes_by_day,
    posts_for,
    say_gaps,
    with_bank_holidays,
)
from scheduler.views.calendar_feed_part import calendar_feed_part
from scheduler.views.calendar_import_part import calendar_import_part
from scheduler.views.calendar_moves import Answer, answer_move, answer_undo
from scheduler.views.cards import POST_PAGE, WRITE_PAGE, post_card, write_button
from scheduler.views.occasions import say_days, say_sure
from scheduler.views.planner import asked_for, planner
from scheduler.views.spans import SPANS, days_table, in_month, midnight, month_table, span, step, title
from social.clock import as_local
from social.content_targets import targets_for
from social.places import place_choices, places_within
from social.staff import Action
from social.views.parts import Page, begin, is_practice, outside, say_what_was_done, told
from social.views.words import NETWORKS, say_count, word

STYLE = """<style>
:root[data-planner=on] .st-key-calendar_plain{display:none}
.st-key-planner:is([data-stale=true],:has([data-stale=true])),[data-stale=true]:has(.st-key-planner){opacity:.45!important;transition:opacity .1s!important}
</style>"""
"""The plain table makes room for the planner once that has drawn itself; an old month is grey while the next one loads."""


def chosen_day(page: Page) -> date:
    """The day in the address, else today; one that is no day is today too."""
    try:
        return date.fromisoformat(st.query_params.get("day", ""))
    except ValueError:
        return as_local(page.now).date()


def move_to(day: date) -> None:
    st.query_params["day"] = day.isoformat()


def move_to_today(day: date) -> None:
    """Show today's days, and tell a list of days to go to today also where it showed them already."""
    move_to(day)
    st.session_state["_today_pressed"] = int(st.session_state.get("_today_pressed", 0)) + 1


def lead(day: date, today: date) -> int:
    """A number that changes whenever the planner is to go to today; 0 while another day was asked for."""
    return int(st.session_state.get("_today_pressed", 0)) + 1 if day == today else 0


def controls(page: Page) -> tuple[str, date]:
    day = chosen_day(page)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = st.segmented_control("Show as", SPANS, default="Month", required=True, key="view", bind="query-params")
        view = view or "Month"
        unit = "week" if view == "Week" else "month"
        st.button(
            f"Previous {unit}",
            key="c_back",
            icon=":material/chevron_left:",
            on_click=move_to,
            args=(step(view, day, -1),),
        )
        st.button("Today", key="c_today", on_click=move_to_today, args=(as_local(page.now).date(),))
        st.button(
            f"Next {unit}", key="c_next", icon=":material/chevron_right:", on_click=move_to, args=(step(view, day, 1),)
        )
    return view, day


def choose(page: Page) -> tuple[Choice, int | None]:
    """What the calendar is narrowed to, and the area alone.  It stands in the address, so that a view can be shared."""
    with page.read() as session:
        places = place_choices(session)
    networks = dict.fromkeys(account.channel for account in page.accounts)
    accounts = {"": "Every account", **{f"network:{key}": f"All of {word(NETWORKS, key)}" for key in networks},
                **{f"account:{one.name}": one.name for one in page.accounts}}  # fmt: skip
    kinds = sorted(CONTENT_TYPES, key=label_of)
    one, two, three = st.columns(3)
    area = one.selectbox(
        "Area", [0, *places], format_func=lambda number: places.get(number, "Every area"), key="c_area",
        bind="query-params",
    )  # fmt: skip
    account = two.selectbox(
        "Account or network", list(accounts), format_func=lambda key: accounts[key], key="c_account",
        bind="query-params",
    )  # fmt: skip
    kind = three.selectbox(
        "Kind of post", ["", *kinds], format_func=lambda key: label_of(key) if key else "Every kind",
        key="c_kind", bind="query-params",
    )  # fmt: skip
    with page.read() as session:
        areas = frozenset(session.exec(places_within(area))) if area else None
    return Choice(areas, account or "", kind or ""), area or None


def coming_up(page: Page, calendar: list[Awareness]) -> None:
    """Ideas in time to prepare: the soonest three, and where the others are."""
    found = ideas(calendar, as_local(page.now).date())
    if not found:
        return
    with st.expander(f"{say_count(len(found), 'awareness day')} to prepare for", icon=":material/event_upcoming:"):
        for idea in found[:3]:
            outside(f"{say_lead(idea.days)}: {idea.occurrence.name} ({say_days(idea.occurrence)}"
                    f"{say_sure(idea.occurrence)}). {idea.advice}")  # fmt: skip
        st.page_link("scheduler/views/awareness.py", label="All awareness days", icon=":material/event_upcoming:")


def answer() -> Answer:
    """What the planner was told last."""
    told_last: Answer = st.session_state.get("planner_answer", Answer())
    return told_last


def moved(page: Page) -> None:
    st.session_state["planner_answer"] = answer_move(page.context, page.person, asked_for("move"), answer())


def undone(page: Page) -> None:
    st.session_state["planner_answer"] = answer_undo(page.context, page.person, answer())


def pressed(opened: Any, wanted: Any) -> None:
    """Go where the planner was asked to lead: to a post, or to a new one for a day."""
    if isinstance(opened, dict) and type(opened.get("id")) is int:
        st.switch_page(POST_PAGE, query_params={"id": str(opened["id"])})
    if isinstance(wanted, dict):
        st.switch_page(WRITE_PAGE, query_params={"day": str(wanted.get("day", ""))[:10]})


def what_is_shown(page: Page, view: str, day: date, inside: list[PostSummary], choice: Choice) -> None:
    """How many posts there are, and on which days there is none."""
    unit = "week" if view == "Week" else "month"
    first, end = span("List" if view == "Month" else view, day)
    chosen = " that you chose" if choice.narrows else ""
    today = as_local(page.now).date()
    bare = f" {say_gaps(gaps(first, end, today, inside))}" if end > today else ""
    if inside:
        st.text(f"{say_count(len(inside), 'post')} in this {unit}{chosen}.{bare}")
    else:
        st.info(f"No posts in this {unit}{chosen}.")


def content_mix(page: Page, inside: list[PostSummary], area: int | None) -> None:
    """Of which kinds the posts are, beside what the chosen area aims at."""
    with page.read() as session:
        whose, targets = targets_for(session, area) if area else (None, {})
    rows = mix_of(inside, targets)
    if not rows:
        return
    st.header("Content mix", anchor=False)
    st.html(mix_list(rows))
    if whose is not None:
        st.caption("Aims: what share of posts this area means to be of which kind.")


def show(page: Page) -> None:
    view, day = controls(page)
    choice, area = choose(page)
    first, end = span(view, day)
    today = as_local(page.now).date()
    st.header(title(view, day), anchor=False)
    with page.read() as session:
        posts = [post for post in posts_between(session, midnight(first), midnight(end)) if choice.holds(post)]
        undated = [
            post
            for post in recent_posts(session, 200)
            if post.due_at is None and post.status != "discarded" and choice.holds(post)
        ]
        calendar = read_calendar(session)
        holds = hold_views(session, page.now)
    marked, bank = with_bank_holidays(calendar)
    occasions = days_between(marked, first, end)
    inside = in_month(posts, day) if view == "Month" else posts
    what_is_shown(page, view, day, inside, choice)
    acting = page.person.id if page.accounts and all(is_practice(a) for a in page.accounts) else None
    days = days_for(first, end, day if view == "Month" else None, today, posts,
                    notes_by_day(first, end, occasions, holds, bank))  # fmt: skip
    may_move = {post.post_id: page.may(Action.PLAN, post.place_id) for post in posts}
    data = {
        "view": view, "title": title(view, day), "today": today.isoformat(), "days": days,
        "posts": posts_for(posts, may_move, acting), "mayWrite": page.may(Action.PLAN), "answer": answer().as_data(),
        "empty": empty_state(page, view, day, bool(inside)), "lead": lead(day, today),
    }  # fmt: skip
    st.html(STYLE)
    pressed(*planner(data, lambda: moved(page), lambda: undone(page)))
    with st.container(key="calendar_plain"):
        st.html(month_table(day, today, posts, acting, occasions) if view == "Month"
                else days_table(first, end, posts, acting, occasions))  # fmt: skip
    if inside:
        content_mix(page, inside, area)
    coming_up(page, calendar)
    if undated:
        st.header("No time yet", anchor=False)
        for post in undated:
            post_card(post, page.now)


def empty_state(page: Page, view: str, day: date, has_posts: bool) -> dict[str, str] | None:
    """What stands above an empty planner: the way to a first post, on the first day that is still to come."""
    if has_posts:
        return None
    first, end = span("List" if view == "Month" else view, day)
    soonest = max(first, as_local(page.now).date())
    may = page.may(Action.PLAN) and soonest < end
    text = "Nothing is planned yet." if soonest < end else "These days are over."
    return {"text": text, "day": soonest.isoformat() if may else ""}


page = begin("Calendar")
say_what_was_done()
if page.may(Action.PLAN):
    write_button("calendar_write")
with told():
    show(page)
    if page.may(Action.PLAN):
        calendar_import_part(page)
    calendar_feed_part(page)

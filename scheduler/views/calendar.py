"""Calendar: every planned and published post by day, as a month, a week or a list, each with a link to the post, beside
the awareness days that they may be about."""

from datetime import date

import streamlit as st

from scheduler.awareness import Awareness, Occurrence, days_between, read_calendar
from scheduler.awareness_dates import ideas, say_lead
from scheduler.queries import PostSummary, posts_between, recent_posts
from scheduler.views.calendar_feed_part import calendar_feed_part
from scheduler.views.cards import post_card, write_button
from scheduler.views.occasions import begins_on, say_days, say_sure
from scheduler.views.spans import SPANS, by_day, in_month, midnight, month_table, span, step, title
from social.clock import as_local
from social.staff import Action
from social.views.parts import Page, begin, is_practice, outside, say_what_was_done, told
from social.views.words import say_count, say_day


def chosen_day(page: Page) -> date:
    """The day in the address, else today; one that is no day is today too."""
    try:
        return date.fromisoformat(st.query_params.get("day", ""))
    except ValueError:
        return as_local(page.now).date()


def move_to(day: date) -> None:
    st.query_params["day"] = day.isoformat()


def controls(page: Page) -> tuple[str, date]:
    day = chosen_day(page)
    view = st.segmented_control("Show as", SPANS, default="Month", required=True, key="view", bind="query-params")
    view = view or "Month"
    with st.container(horizontal=True):
        unit = "week" if view == "Week" else "month"
        st.button(
            f"Previous {unit}",
            key="c_back",
            icon=":material/chevron_left:",
            on_click=move_to,
            args=(step(view, day, -1),),
        )
        st.button("Today", key="c_today", on_click=move_to, args=(as_local(page.now).date(),))
        st.button(
            f"Next {unit}", key="c_next", icon=":material/chevron_right:", on_click=move_to, args=(step(view, day, 1),)
        )
    return view, day


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


def day_by_day(page: Page, posts: list[PostSummary], occasions: list[Occurrence], first: date) -> None:
    there, marked = by_day(posts), begins_on(occasions, first)
    for day in sorted(there.keys() | marked.keys()):
        st.subheader(say_day(day), anchor=False)
        for one in marked.get(day, ()):
            solemn = " No light posts that day." if one.tone == "solemn" else ""
            outside(f"{one.name} ({say_days(one)}{say_sure(one)}).{solemn}")
        for post in there.get(day, ()):
            post_card(post, page.now)


def show(page: Page) -> None:
    view, day = controls(page)
    first, end = span(view, day)
    st.header(title(view, day), anchor=False)
    with page.read() as session:
        posts = posts_between(session, midnight(first), midnight(end))
        undated = [post for post in recent_posts(session, 200) if post.due_at is None and post.status != "discarded"]
        calendar = read_calendar(session)
    occasions = days_between(calendar, first, end)
    coming_up(page, calendar)
    unit, inside = ("week", posts) if view == "Week" else ("month", in_month(posts, day))
    if inside:
        st.text(f"{say_count(len(inside), 'post')} in this {unit}.")
    else:
        st.info(f"No posts in this {unit}.")
    if view == "Month":
        acting = page.person.id if page.accounts and all(is_practice(a) for a in page.accounts) else None
        st.html(month_table(day, as_local(page.now).date(), posts, acting, occasions))
    else:
        day_by_day(page, posts, occasions, first)
    if undated:
        st.header("No time yet", anchor=False)
        for post in undated:
            post_card(post, page.now)


page = begin("Calendar")
say_what_was_done()
if page.may(Action.PLAN):
    write_button("calendar_write")
with told():
    show(page)
    calendar_feed_part(page)

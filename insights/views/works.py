"""What works: one computed finding, then the figures by content type, area and week, each with its table.

One network at a time: reach is not added up over networks (M03), and like is compared with like (M10)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from insights import charts, sayings
from insights.figures import ENOUGH_POSTS, FigureRow, figures_by, totals, weekly_series
from insights.findings import finding_of_the_week
from insights.views.reading_quality import reading_quality
from insights.views.response_times import show_response_times
from social.exports import record_export
from social.places import place_choices
from social.staff import Action
from social.views.concerns_part import concerns_part
from social.views.parts import Page, begin, heading, outside, told
from social.views.words import NETWORKS, say_count, say_number, say_share, word

PERIODS = {"Last 28 days": 28, "Last 12 weeks": 84, "Last 12 months": 365}


def chosen(page: Page) -> tuple[str, str, int | None]:
    """Network, period and area; the choices stand in the address, so that a view can be shared."""
    networks = list(dict.fromkeys(account.channel for account in page.accounts if account.channel != "alert"))
    with page.read() as session:
        places = place_choices(session)
    one, two, three = st.columns(3)
    network = one.selectbox(
        "Network", networks, format_func=lambda key: word(NETWORKS, key), key="i_net", bind="query-params"
    )
    period = two.selectbox("Period", list(PERIODS), index=1, key="i_period", bind="query-params")
    place = three.selectbox(
        "Area", [0, *places], format_func=lambda number: places.get(number, "Every area"), key="i_area",
        bind="query-params",
    )  # fmt: skip
    return network, period, place or None


def dark() -> bool:
    return st.context.theme.type == "dark"


# Altair takes 25 ms to check and write out one chart: the same figures are drawn once. Only figures go in and no
# residents' words, so nothing is kept here that another person may not see.
@st.cache_data(max_entries=200, show_spinner=False)
def bar_spec(rows: tuple[charts.Bar, ...], on_dark: bool) -> dict[str, Any]:
    return charts.spec(charts.bars(rows, dark=on_dark))


@st.cache_data(max_entries=200, show_spinner=False)
def week_spec(points: tuple[tuple[str, float | None], ...], on_dark: bool) -> dict[str, Any]:
    return charts.spec(charts.weeks(points, dark=on_dark))


@st.cache_data(max_entries=200, show_spinner=False)
def mood_spec(rows: list[tuple[str, dict[str, float]]], on_dark: bool) -> dict[str, Any]:
    return charts.spec(charts.shares(rows, dark=on_dark))


def under_chart(rows: Sequence[FigureRow], name: str) -> None:
    """The table that says the same as the chart, and the same as a file."""
    with st.expander(f"Table: {name}"):
        st.dataframe(sayings.table(rows), hide_index=True, alt=f"Figures {name}, one row a group")
        page: Page = st.session_state["_page"]
        st.download_button("Download as CSV", lambda: take_along(page, rows), f"{name.replace(' ', '-')}.csv", "text/csv",
                           key=f"csv_{name}", icon=":material/download:")  # fmt: skip


def take_along(page: Page, rows: Sequence[FigureRow]) -> bytes:
    """The file; that it was taken along is recorded (R24)."""
    record_export(page.context, page.person, "figures", len(rows))
    return sayings.as_csv(rows)


def ranking(rows: Sequence[FigureRow], name: str, where: str) -> None:
    """Bars of the groups that may be compared, with what is left out said in words (M09, R11)."""
    value, what = sayings.rate_of(rows)
    head = sayings.headline(rows, value, what=what)
    heading(head)
    st.caption(
        f"{what.capitalize()}, median over posts, {name}, {where}. Number of posts in brackets; groups with {ENOUGH_POSTS} posts or more."
    )
    there = sayings.comparable(rows, value)
    if there:
        drawn = [charts.Bar(row.label, value(row) or 0.0, say_share(value(row)), row.posts) for row in there]
        spoken = "; ".join(f"{bar.label} {bar.shown} from {bar.posts} posts" for bar in drawn)
        st.vega_lite_chart(spec=bar_spec(tuple(drawn), dark()), alt=f"{head} {spoken}.", key=f"bars_{name}")
    few = sum(row.posts < ENOUGH_POSTS for row in rows)
    if few:
        st.caption(f"{say_count(few, 'group')} with fewer than {ENOUGH_POSTS} posts: too few to tell. See the table.")
    under_chart(rows, name)


def short_week(monday: str) -> str:
    """'7 Sep' for 2026-09-07."""
    day = date.fromisoformat(monday)
    return f"{day.day} {day:%b}"


def over_time(rows: Sequence[FigureRow], where: str) -> None:
    reach = any(row.reach is not None for row in rows)
    what = "median reach of a post" if reach else "median engagement of a post"

    def value(row: FigureRow) -> float | None:
        return row.reach if reach else row.engagement_median

    head = sayings.trend(rows[:-1], value, what=what)  # the week that still runs says nothing of a trend
    heading(head)
    missing = sayings.gaps(rows, value)
    broken = f" {say_count(missing, 'week')} in between without a report: the line is broken there." if missing else ""
    st.caption(f"{what.capitalize()} by week, {where}, from Monday to Sunday; the last week is not over.{broken}")
    points = [(short_week(row.group), value(row)) for row in rows]
    if any(number is not None for _, number in points):
        spoken = "; ".join(f"{row.label} {say_number(value(row))}" for row in rows)
        st.vega_lite_chart(spec=week_spec(tuple(points), dark()), alt=f"{head} {spoken}.", key="weeks")
    under_chart(rows, "by week")


def moods(rows: Sequence[FigureRow], total: FigureRow, where: str) -> None:
    head = sayings.mood_headline(total)
    heading(head)
    st.caption(f"Share of the replies that were read, by content type, {where}; types with {ENOUGH_POSTS} posts or more. "
               "Replies in a language that cannot be scored count as 'cannot be told', never as neutral.")  # fmt: skip
    there = [row for row in rows if row.ranked and row.replies_read]
    drawn = [
        (row.label, dict(zip(charts.MOODS, (row.share_negative or 0.0, row.share_neutral or 0.0,
                                            row.share_positive or 0.0, row.share_unknown or 0.0), strict=True)))
        for row in there
    ]  # fmt: skip
    if drawn:
        spoken = "; ".join(
            f"{label}: " + ", ".join(f"{m.lower()} {s:.0%}" for m, s in parts.items()) for label, parts in drawn
        )
        st.vega_lite_chart(spec=mood_spec(drawn, dark()), alt=f"{head} {spoken}.", key="moods")
    under_chart(rows, "replies by content type")


def headline_figures(total: FigureRow) -> None:
    with st.container(horizontal=True):
        st.metric("Posts", say_number(total.posts))
        st.metric("Reach of a post, median", say_number(total.reach))
        value, what = sayings.rate_of([total])
        st.metric(f"{what.capitalize()}, median", say_share(value(total)))
        st.metric("Replies", say_number(total.replies))
        st.metric("Questions and complaints without an answer", say_number(total.unanswered))


def show(page: Page) -> None:
    if all(account.channel == "alert" for account in page.accounts):  # those have a page of their own (M08)
        st.info(
            "No account is connected yet, so there is nothing to learn from. Ask whoever looks after Beatline to connect one."
        )
        return
    with page.read() as session:
        found = finding_of_the_week(session, page.now)
    st.header("Finding of the week", anchor=False)
    outside(found.sentence if found else "Too few to tell: a finding needs at least 5 posts of a kind.")
    if found:
        st.caption(f"Over all networks and areas. Computed from {found.n:,} {found.counted}.")
    network, period, place = chosen(page)
    concerns_part(page, place)
    days = PERIODS[period]
    since: datetime = page.now - timedelta(days=days)
    with page.read() as session:
        total = totals(session, since=since, channel=network, place_id=place)
        kinds = figures_by(session, "content_type", since=since, channel=network, place_id=place)
        areas = figures_by(session, "place", since=since, channel=network, place_id=place)
        by_week = weekly_series(session, weeks=max(4, days // 7), until=page.now, channel=network, place_id=place)
    where = f"{word(NETWORKS, network)}, {period[0].lower()}{period[1:]}"
    if not total.posts:
        st.info("No posts with figures in this period. Choose a longer one, or wait until the worker has read some.")
        show_response_times(page, since=since, channel=network, place_id=place)
        reading_quality(page)
        return
    headline_figures(total)
    st.header("By content type", anchor=False)
    ranking(kinds, "by content type", where)
    st.caption("Posts of different kinds have different aims: a light post is not better than an appeal. "
               "Missing-person appeals are never ranked.")  # fmt: skip
    if place is None or len(areas) > 1:  # one area has nothing to be held against
        st.header("By area", anchor=False)
        ranking(areas, "by area", where)
        st.caption("Networks do not tell where readers live: this counts posts about an area. "
                   "Areas post different kinds of posts, which alone may set them apart.")  # fmt: skip
    st.header("Week by week", anchor=False)
    over_time(by_week, where)
    st.header("What residents replied", anchor=False)
    moods(kinds, total, where)
    show_response_times(page, since=since, channel=network, place_id=place)
    reading_quality(page)


page = begin("What works", needs=Action.READ_FIGURES)
with told():
    show(page)

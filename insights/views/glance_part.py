"""A part of What works: the period against the one before, then by kind, by area, by week, and what residents replied."""

from collections.abc import Callable

import streamlit as st

from insights import sayings
from insights.against_before import at_a_week, say_against
from insights.chosen import Chosen
from insights.figures import FigureRow, figures_by, totals, weekly_series
from insights.held import nothing_held
from insights.response_times import ResponseRow, response_times
from insights.sentiment import sentiment_by, sentiment_of
from insights.sentiment_tables import basis, headline
from insights.views.again_part import again_part
from insights.views.sentiment_part import kinds_chart
from insights.views.works_charts import figures_table, over_time, ranking
from insights.views.works_filters import View
from social.views.parts import Page, heading
from social.views.words import NETWORKS, say_number, say_share, word

ENOUGH_FOR_CHARTS = 10
"""Posts below which they are shown one by one and nothing is drawn."""
FEWEST_WEEKS = 12
"""A line over fewer says nothing of where it goes."""


def headline_figures(page: Page, total: FigureRow, before: FigureRow, view: View) -> None:
    """The figures of the period, each with that of as many days before beside it.

    What waits for an answer is what Answers and reports count: history from before an account was connected was never
    a team's to answer."""
    value, what = sayings.rate_of([total, before])
    with page.read() as session:
        waiting = {
            id(row): response_times(session, page.now, **filters).total
            for row, filters in ((total, view.filters), (before, view.before))
        }
    network = word(NETWORKS, view.network)
    figures: tuple[tuple[str, Callable[[FigureRow], str]], ...] = (
        (f"Posts on {network}", lambda row: say_number(row.posts)),
        ("Reach of a post, median", lambda row: say_number(row.reach)),
        (f"{what.capitalize()}, median", lambda row: say_share(value(row))),
        ("Replies", lambda row: say_number(row.replies)),
        ("Questions and complaints without an answer", lambda row: _waiting(waiting[id(row)])),
    )
    with st.container(horizontal=True):
        for label, say in figures:
            st.metric(label, say(total))
    if not view.may_compare:
        st.caption("Appeals for missing people are counted, and never held against each other.")
        return
    with page.read() as session:
        unknown = nothing_held(session, view.before["until"])
    if unknown:
        st.caption("How it was before is not known: no older post is held.")
        return
    st.caption(
        f"{view.before_words[0].upper()}{view.before_words[1:]}: "
        + "; ".join(f"{label[0].lower()}{label[1:]} {say(before)}" for label, say in figures)
        + ". Figures of young posts still grow, so that the newer days look smaller than they will be."
    )


def _waiting(row: ResponseRow) -> str:
    """0 would say that all were answered where the account was not connected yet, so that none were counted."""
    return say_number(row.waiting) if row.received else "none counted"


def few_posts(page: Page, view: View, total: FigureRow) -> None:
    """Too few for a chart: the posts themselves."""
    with page.read() as session:
        rows = figures_by(session, "post", **view.filters)
    st.info(f"{total.posts} posts are too few to tell anything from a chart: here they are one by one."
            if total.posts > 1 else "One post is too few to tell anything: here it is.")  # fmt: skip
    figures_table(page, rows, "post by post")


def against_before(page: Page, view: View) -> None:
    """Young posts with young posts; never for missing people (R11)."""
    if not view.may_compare:
        return
    with page.read() as session:
        words, these = at_a_week(session, Chosen(**view.filters))
        _, before = at_a_week(session, Chosen(**view.before))
    st.text(say_against(words, these, before, view.before_words))


def glance_part(page: Page, view: View, total: FigureRow) -> None:
    """At most four charts.  total: of the period, at least one post."""
    with page.read() as session:
        before = totals(session, **view.before)
    headline_figures(page, total, before, view)
    against_before(page, view)
    if total.posts < ENOUGH_FOR_CHARTS:
        few_posts(page, view, total)
        return
    weeks = max(FEWEST_WEEKS, view.days // 7)
    with page.read() as session:
        kinds = figures_by(session, "content_type", **view.filters)
        areas = figures_by(session, "place", **view.filters)
        by_week = weekly_series(session, weeks=weeks, until=page.now, **view.narrowed)
    if view.content_type is None:
        st.header("By content type", anchor=False)
        ranking(page, kinds, "by content type", view.where)
        st.caption("Posts of different kinds have different aims: a light post is not better than an appeal. "
                   "Missing-person appeals are never ranked.")  # fmt: skip
        again_part(page, view, kinds)
    if view.place_id is None or len(areas) > 1:  # one area has nothing to be held against
        st.header("By area", anchor=False)
        ranking(page, areas, "by area", view.where)
        st.caption("Networks do not tell where readers live: this counts posts about an area. "
                   "Areas post different kinds of posts, which alone may set them apart.")  # fmt: skip
    if not view.may_compare:  # nor held against other weeks (R11)
        return
    st.header("Week by week", anchor=False)
    over_time(page, by_week, view.where_in(f"the last {weeks} weeks"))
    st.header("What residents replied", anchor=False)
    replied(page, view)


def replied(page: Page, view: View) -> None:
    """The same shares as under 'What replies say' and in reports: corrected for how the analyser errs (M06)."""
    chosen = Chosen(**view.filters)
    with page.read() as session:
        whole = sentiment_of(session, chosen)
        kinds = sentiment_by(session, "content_type", chosen) if view.content_type is None else []
    heading(headline(whole))
    st.caption(f"{view.where}. {basis(whole)}")
    if kinds:
        kinds_chart(page, kinds, view.where)

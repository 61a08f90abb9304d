"""A part of pages: what shares of replies are critical, neutral and supportive, how sure that is, some of the replies
themselves for those who may read them, and how often readings were right (M06)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import streamlit as st

from insights import charts
from insights.chosen import Chosen
from insights.figures import week_of
from insights.reply_sample import sample_replies
from insights.running_accuracy import running_accuracy
from insights.sentiment import FEW, Sentiment, sentiment_by, sentiment_of
from insights.sentiment_chart import weekly_chart
from insights.sentiment_tables import (
    LIMITS,
    Line,
    accuracy_headline,
    accuracy_table,
    as_csv,
    basis,
    headline,
    say_estimate,
    table,
)
from insights.weeks import start_of
from social.exports import record_export, record_view
from social.inbox import views_of
from social.sorting import NEVER_RANKED
from social.staff import Action
from social.views.parts import Page, heading, outside
from social.views.words import STANCES, say_count, say_date, word


def sentiment_part(page: Page, chosen: Chosen, *, where: str, over_weeks: str, weeks: int = 12) -> None:
    """The shares of the chosen posts' replies.  where, over_weeks: area and period in words, of the shares and of the line by week."""
    with page.read() as session:
        whole = sentiment_of(session, chosen)
        kinds = sentiment_by(session, "content_type", chosen) if chosen.content_type is None else []
        last = week_of(page.now)
        starts = [last - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
        by_week = sentiment_by(session, "week", replace(chosen, since=start_of(starts[0]), until=None))
    heading(headline(whole))
    st.caption(f"{where}. {basis(whole)} {LIMITS}")
    if whole.shares:
        if chosen.content_type not in NEVER_RANKED:  # appeals for missing people are not timed or compared (R11)
            kinds_chart(page, kinds, where)
            _weeks(page, starts, by_week, over_weeks)
        _sample(page, chosen)
    _accuracy(page)


def kinds_chart(page: Page, kinds: Sequence[Sentiment], where: str) -> None:
    """Kinds of post with enough replies, in the order of their names: their aims differ, so that none is ranked (M10)."""
    rows = [row for row in kinds if row.read]
    there = [row for row in rows if not row.few and row.group not in NEVER_RANKED and row.group]
    if there:
        drawn = tuple(
            charts.Range(row.label, one.estimate, one.low, one.high, say_estimate(one), row.read)
            for row in there for one in (row.shares["negative"],)
        )  # fmt: skip
        head = f"How critical replies are, by kind of post: {say_count(len(there), 'kind')} with {FEW} replies or more."
        heading(head, level=4)
        st.caption(f"Estimated share of critical replies with its 95% interval, number of replies in brackets, {where}. "
                   "Intervals that overlap show no difference.")  # fmt: skip
        spoken = "; ".join(f"{bar.label} {bar.shown} of {bar.n} replies" for bar in drawn)
        st.vega_lite_chart(spec=_range_spec(drawn, _dark()), alt=f"{head} {spoken}.", key="sentiment_kinds")
    _table(page, table(rows), "replies by kind of post")


def _weeks(page: Page, starts: Sequence[Any], rows: Sequence[Sentiment], where: str) -> None:
    known = [row for row in rows if not row.few and row.shares]
    if len(known) > 1:
        first, final = known[0].shares["negative"], known[-1].shares["negative"]
        apart = first.high < final.low or final.high < first.low
        head = (
            f"The critical share went {'up' if final.estimate > first.estimate else 'down'} from the first to the last of these weeks."
            if apart else "No clear change in the critical share between the first and the last of these weeks."
        )  # fmt: skip
        heading(head, level=4)
        st.caption(f"Estimated share of critical replies with its 95% interval by week of the post, {where}; weeks with "
                   f"{FEW} replies or more.")  # fmt: skip
        spoken = "; ".join(f"{row.label} {say_estimate(row.shares['negative'])}" for row in known)
        chart = charts.spec(weekly_chart(starts, known, dark=_dark()))
        st.vega_lite_chart(spec=chart, alt=f"{head} {spoken}.", key="sentiment_weeks")
    _table(page, table(rows), "replies by week")


def _sample(page: Page, chosen: Chosen) -> None:
    """Their words are for those who may read replies, of their own areas."""
    if not page.may(Action.READ_REPLIES):
        st.caption("Whoever may read replies sees a sample of them here.")
        return
    if not st.toggle("Show a sample of the replies", key="sentiment_sample"):
        return
    with page.read() as session:
        found = views_of(session, sample_replies(session, chosen, now=page.now, areas=page.areas))
    if not found:
        st.text("None of these replies is there to be read any more.")
        return
    record_view(page.context, page.person, ("replies", "sample"))
    st.caption("Drawn by chance from all that count, whoever wrote them; others tomorrow.")
    for reply in found:
        with st.container(border=True):
            st.caption(f"Read as {word(STANCES, reply.stance).lower()}, {say_date(reply.created_at)}")
            outside(reply.text)


def _accuracy(page: Page) -> None:
    with page.read() as session:
        rows = running_accuracy(session)
    heading(accuracy_headline(rows), level=4)
    st.caption("By what the analyser said when people here judged it. They judge what they look at, so this is no fair "
               "sample; it shows whether it gets better or worse. Every judgement of a stance also corrects the shares.")  # fmt: skip
    if rows:
        _table(page, accuracy_table(rows), "how often readings were right")


def _table(page: Page, lines: Sequence[Line], name: str) -> None:
    def made() -> bytes:
        """That it was taken along is recorded (R24)."""
        record_export(page.context, page.person, "sentiment", len(lines))
        return as_csv(lines, LIMITS)

    with st.expander(f"Table: {name}"):
        st.dataframe(lines, hide_index=True, alt=f"{name[:1].upper()}{name[1:]}, one row a group")
        st.download_button("Download as CSV", made, f"{name.replace(' ', '-')}.csv", "text/csv", key=f"csv_{name}",
                           icon=":material/download:")  # fmt: skip


def _dark() -> bool:
    return st.context.theme.type == "dark"


@st.cache_data(max_entries=100, show_spinner=False)
def _range_spec(rows: tuple[charts.Range, ...], on_dark: bool) -> dict[str, Any]:
    return charts.spec(charts.ranges(rows, dark=on_dark))

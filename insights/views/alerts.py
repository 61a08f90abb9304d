"""Alerts: what came of what residents were told, beside what social posts reach and never added to it (M08)."""

from datetime import timedelta
from typing import Any

import streamlit as st

from insights import alert_tables, charts
from insights.alert_facts import NO_REASON
from insights.alert_measures import AlertMeasures, alert_measures
from insights.alert_small_numbers import hidden_figures, hidden_in_total, useful_said, value_of
from social.alerts.membership import LEAVE_REASONS
from social.exports import record_export
from social.places import place_choices
from social.staff import Action
from social.views.parts import Page, begin, heading, told
from social.views.words import say_count, say_number, say_share

PERIODS = {"Last 28 days": 28, "Last 12 weeks": 84, "Last 12 months": 365}
ENOUGH_ANSWERS = 5
"""Fewer answers to 'Was this useful?' are in the table and in no chart (M09)."""


def chosen(page: Page) -> tuple[int, int | None]:
    """Days and area; the choices stand in the address."""
    with page.read() as session:
        places = place_choices(session)
    one, two = st.columns(2)
    period = one.selectbox("Period", list(PERIODS), index=1, key="a_period", bind="query-params")
    place = two.selectbox(
        "Area", [0, *places], format_func=lambda number: places.get(number, "Every area"), key="a_area",
        bind="query-params",
    )  # fmt: skip
    return PERIODS[period], place or None


def headline(found: AlertMeasures) -> str:
    """'12 alerts went out; 81% of 640 answers said that theirs was useful.'"""
    alerts, useful = say_count(found.total.alerts, "alert"), useful_said(found)
    if useful is None:
        return f"{alerts} went out; too few residents said whether theirs was useful to tell."
    share, answers = useful
    return f"{alerts} went out; {say_share(share)} of {say_count(answers, 'answer')} said that theirs was useful."


def headline_figures(found: AlertMeasures, tracking: bool) -> None:
    total, counts, hidden = found.total, found.total.counts, hidden_in_total(found)

    def kept(name: str, said: str) -> str:
        """As the table by area has it: what it hides of the total is not told beside it (R27)."""
        value = value_of(total, name, hidden)
        return value if isinstance(value, str) else said

    with st.container(horizontal=True):
        st.metric("Alerts", say_number(total.alerts))
        st.metric("Messages sent", say_number(counts.sent))
        st.metric("Came back", kept("bounced", f"{counts.bounced:,} of {counts.sent:,}"))
        delivered = alert_tables.NOT_MEASURED
        if total.delivered is not None:
            delivered = f"{total.delivered:,} of {counts.told_of:,}"
        st.metric("Delivered, of those with a receipt", delivered)
        st.metric("Replies", kept("replies", say_number(counts.replies)))
        st.metric("Left within 7 days", kept("left", f"{counts.left:,} of {total.members:,}"))
        opened = f"{total.opened:,} of {counts.opened_of:,}" if total.opened is not None else alert_tables.NOT_MEASURED
        st.metric("Opened, of mails", kept("opened", opened))
    if not tracking:
        st.caption("Opens are not measured: tracking is off, and the privacy page says so.")


def beside(found: AlertMeasures) -> None:
    """The two audiences side by side."""
    st.header("Beside social posts", anchor=False)
    one, two = st.columns(2)
    one.metric("Residents of an alert, median", say_number(found.members_median))
    reach = say_number(found.social_reach)
    two.metric("Accounts reached by a social post, median", reach)
    st.caption(
        f"Of {say_count(found.total.alerts, 'alert')} and of {say_count(found.social_posts, 'post')} that report reach, same "
        "area and period. Do not add them up: residents who get alerts are people who signed up, reach is a network's "
        "count of accounts, and many people are in both or in neither."
    )


@st.cache_data(max_entries=50, show_spinner=False)
def useful_spec(bars: tuple[charts.Bar, ...], on_dark: bool) -> dict[str, Any]:
    return charts.spec(charts.bars(bars, dark=on_dark))


def areas(page: Page, found: AlertMeasures) -> None:
    st.header("By area", anchor=False)
    hidden = hidden_figures(found.areas)
    drawn = tuple(
        charts.Bar(row.label, row.share_useful, say_share(row.share_useful), row.counts.useful_of)
        for row in found.areas
        if row.share_useful is not None and row.counts.useful_of >= ENOUGH_ANSWERS and "useful" not in hidden[row.group]
    )
    if drawn:
        st.caption("Share of those who answered that said their alert was useful; number of answers in brackets.")
        spoken = "; ".join(f"{bar.label} {bar.shown} of {bar.posts}" for bar in drawn)
        st.vega_lite_chart(spec=useful_spec(drawn, st.context.theme.type == "dark"), key="bars_useful",
                           alt=f"Share that found alerts useful, by area: {spoken}.")  # fmt: skip
    else:
        st.caption("Too few residents of any area said whether an alert was useful for a chart.")
    with st.expander("Table: alerts by area"):
        st.caption("Numbers below 5, and those that would give them away, are hidden.")  # R27
        st.dataframe(alert_tables.by_area(found), hide_index=True, alt="Figures of alerts, one row an area")
        st.download_button("Download as CSV", lambda: take_areas(page, found), "alerts-by-area.csv", "text/csv",
                           key="csv_areas", icon=":material/download:")  # fmt: skip


def one_by_one(page: Page, found: AlertMeasures) -> None:
    st.header("Alert by alert", anchor=False)
    st.caption("For use within the force: small numbers are not hidden here. In the file they are.")  # R27
    st.dataframe(alert_tables.by_alert(found), hide_index=True, alt="Figures of alerts, one row an alert, newest first")
    st.download_button("Download as CSV", lambda: take_alerts(page, found), "alerts.csv", "text/csv",
                       key="csv_alerts", icon=":material/download:")  # fmt: skip


def leaving(found: AlertMeasures) -> None:
    counts = found.total.counts
    if not counts.left:
        return
    st.header("Why residents left", anchor=False)
    st.caption(
        "Of those who left within 7 days of an alert. Nobody has to say why, and no alert is said to be the cause."
    )
    words = LEAVE_REASONS | {NO_REASON: "Did not say", "by_staff": "Asked an officer"}
    st.dataframe([{"Reason": words.get(key, key), "Residents": count} for key, count in counts.reasons.most_common()],
                 hide_index=True, alt="Reasons for leaving, most frequent first")  # fmt: skip


def take_areas(page: Page, found: AlertMeasures) -> bytes:
    """The file; that it was taken along is recorded (R24)."""
    record_export(page.context, page.person, "alerts by area", len(found.areas))
    return alert_tables.areas_csv(found)


def take_alerts(page: Page, found: AlertMeasures) -> bytes:
    """The same, alert by alert."""
    record_export(page.context, page.person, "alerts", len(found.alerts))
    return alert_tables.alerts_csv(found)


def show(page: Page) -> None:
    days, place = chosen(page)
    tracking = page.context.settings.alert_tracking
    with page.read() as session:
        found = alert_measures(session, tracking=tracking, since=page.now - timedelta(days=days), place_id=place)
    if not found.alerts:
        st.info(
            "No alert went out in this period. Choose a longer one, or write a post for the account that sends alerts."
        )
        return
    st.header("What came of them", anchor=False)
    heading(headline(found))
    headline_figures(found, tracking)
    beside(found)
    areas(page, found)
    one_by_one(page, found)
    leaving(found)


page = begin("Alerts", needs=Action.READ_FIGURES)
with told():
    show(page)

"""The part of the page Surveys that shows what residents answered: a chart and a table for each question, and a file."""

from typing import Any

import streamlit as st

from insights import charts
from social.alerts.survey_counts import SurveyResults, answered_so_far, results, texts_of
from social.alerts.survey_export import export
from social.alerts.survey_results import EVERYBODY, HIDDEN, QuestionResult, Row
from social.alerts.surveys import QuestionKind, Survey, SurveyState
from social.exports import record_view
from social.staff import Action
from social.views.inert import inert
from social.views.parts import Page, heading, outside
from social.views.words import say_count, say_day

NOT_EVERYBODY = (
    "These are the answers of those who answered, and not of all residents: whoever signs up for alerts, or comes by an "
    "open link, is not a sample of anybody else. Shares are not weighted."
)
A_PAGE = 25
"""Texts that are shown at once."""
SMALL = (
    f"'{HIDDEN}': fewer than 5 people, or a number from which one that small could be worked out. Neighbourhoods with fewer "
    "than 5 answers are put together."
)


@st.cache_data(max_entries=200, show_spinner=False)
def _spec(rows: tuple[charts.Bar, ...], on_dark: bool, as_given: bool) -> dict[str, Any]:
    return charts.spec(charts.bars(rows, dark=on_dark, as_given=as_given))


def show_results(page: Page, survey: Survey) -> None:
    """Everything that may be shown of it now."""
    assert survey.id is not None
    with page.read() as session:
        found = results(session, survey, page.now)
        so_far = answered_so_far(session, survey.id)
    st.header("Results", anchor=False)
    if found.before is not None:
        st.text(f"{say_count(so_far, 'form')} came in so far. Results count those from before today, so that nobody can see "
                "what somebody has just answered; once it is closed they count all.")  # fmt: skip
    if found.answered is None:
        st.info("Too few to tell: results are shown from five answers on.")
        return
    _who(found)
    st.caption(NOT_EVERYBODY)
    names = list(dict.fromkeys([EVERYBODY, *(row.name for one in found.questions for row in one.rows)]))
    area = st.selectbox("Answers of", names, key="s_area")
    for one in found.questions:
        _question(page, found, one, area or EVERYBODY)
    st.caption(SMALL)
    st.download_button(
        "Download results as CSV", lambda: export(page.context, page.person, survey.id or 0),
        f"survey-{survey.id}.csv", "text/csv", key="s_csv", icon=":material/download:",
    )  # fmt: skip


def _who(found: SurveyResults) -> None:
    with st.container(horizontal=True):
        st.metric("Answered", f"{found.answered:,}")
        st.metric("Members, by their own link", "hidden" if found.members is None else f"{found.members:,}")
        st.metric("By the open link", "hidden" if found.others is None else f"{found.others:,}")
        rate = found.response_rate
        st.metric("Of the members invited", "not known" if rate is None else f"{rate:.0%} of {found.invited:,}")


def _question(page: Page, found: SurveyResults, one: QuestionResult, area: str) -> None:
    heading(f"{one.question.number}. {one.question.text}")
    row = next((row for row in (*one.rows, one.total) if row is not None and row.name == area), None)
    if row is None:
        st.text("Too few answered this question here: they are among the neighbourhoods put together.")
        return
    if one.question.kind is QuestionKind.TEXT:
        _texts(page, found, one, area)
        return
    st.caption(f"{inert(area)}, {row.n:,} answered." + ("" if row.median is None else f" Median {row.median:g}."))
    _chart(one, row)
    with st.expander(f"Table: question {one.question.number}"):
        table = _table(one)
        st.dataframe(
            table, hide_index=True, alt=f"Answers to question {one.question.number}, one row an area and answer"
        )


def _chart(one: QuestionResult, row: Row) -> None:
    words, drawn = one.question.choices, []
    if row.ranks:
        most = len(words)
        drawn = [charts.Bar(words[o], most + 1 - r.mean, f"place {r.mean:.1f}", row.n) for o, r in row.ranks.items()]
    else:
        drawn = [
            charts.Bar(words[choice], share.share or 0.0, f"{share.share or 0:.0%}", share.count)
            for choice, share in row.shares.items()
            if share.count is not None
        ]
    if not drawn:
        st.text("Every number here is too small to be shown.")
        return
    spoken = "; ".join(f"{bar.label} {bar.shown}" for bar in drawn)
    ordered = one.question.kind is QuestionKind.SCALE
    spec = _spec(tuple(drawn), st.context.theme.type == "dark", ordered)
    st.vega_lite_chart(spec=spec, alt=f"{one.question.text} {spoken}.", key=f"s_bars_{one.question.number}")


def _table(one: QuestionResult) -> list[dict[str, str]]:
    lines = []
    for row in (*one.rows, *((one.total,) if one.total else ())):
        for choice, words in one.question.choices.items():
            line = {"Area": row.name, "Answered": f"{row.n:,}", "Answer": words}
            if row.ranks:
                told = row.ranks[choice]
                line |= {"Mean place": f"{told.mean:.1f}", "95% interval": f"{told.low:.1f} to {told.high:.1f}"}
            else:
                share = row.shares[choice]
                hidden = share.count is None
                line |= {
                    "Count": HIDDEN if hidden else f"{share.count:,}",
                    "Share": "" if hidden else f"{share.share:.0%}",
                    "95% interval": "" if hidden else f"{share.low:.0%} to {share.high:.0%}",
                }
            lines.append(line)
    return lines


def _texts(page: Page, found: SurveyResults, one: QuestionResult, area: str) -> None:
    """Residents' own words: for whoever reads replies for this area, and that they were looked at is recorded (R24)."""
    if not page.may(Action.READ_REPLIES, found.survey.place_id):
        st.text(
            f"{one.total.n if one.total else 0:,} wrote something. Whoever reads replies for this area can read it."
        )
        return
    with page.read() as session:
        told = texts_of(session, page.context.vault, found, one)
    record_view(page.context, page.person, ("survey", found.survey.id or 0))
    st.caption(
        "In their own words, in the order of the alphabet. They say nothing of who wrote them or what else they answered."
    )
    chosen = [(name, texts) for name, texts in told if area in (EVERYBODY, name)]
    every = [(name, text) for name, texts in chosen for text in texts or ()]
    if not every:
        st.text("Kept no longer: the time of these words is over.")
        return
    pages = range(0, len(every), A_PAGE)
    key = f"s_page_{one.question.number}"
    first = 0
    if len(pages) > 1:
        first = st.selectbox("Show", pages, key=key, format_func=lambda n: f"{n + 1} to {min(n + A_PAGE, len(every))} of {len(every):,}")  # fmt: skip
    shown = every[first : first + A_PAGE]
    for name in dict.fromkeys(name for name, _ in shown):
        outside(f"{name}:")
        for text in (text for where, text in shown if where == name):
            with st.container(border=True):
                outside(text)


def summary(survey: Survey) -> str:
    """Where a survey stands, in words."""
    if survey.state == SurveyState.DRAFT:
        return "A draft: somebody else than its authors reads and opens it."
    until = f" until {say_day(survey.closes_on)}" if survey.closes_on else ""
    return f"Takes answers{until}." if survey.state == SurveyState.OPEN else "Closed."

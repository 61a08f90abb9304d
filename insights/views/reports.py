"""Reports: choose one, see it, take it as web page, PDF, Word or spreadsheet, or have it mailed again and again."""

from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from insights.reports.document import Document
from insights.reports.html import write_html
from insights.reports.pdf import MISSING, pdf_is_possible
from insights.reports.request import (
    FORMAT_NAMES,
    KIND_NAMES,
    MEDIA_TYPES,
    OWN_DAYS,
    Format,
    Kind,
    Request,
    last_weeks,
)
from insights.reports.rhythm import Rhythm, period_of
from insights.reports.writing import file_name, hand_over, read_report
from insights.views.report_schedules_part import schedules
from social.campaigns import list_campaigns
from social.clock import as_local
from social.places import place_choices
from social.staff import Action
from social.views.parts import Page, begin, say_what_was_done, told

HOLDS = {
    Kind.QUARTERLY: "Everything of an area: posts and what came of them, replies, answers, alerts, surveys, what was asked for "
    "and done. For the force's own eyes.",
    Kind.CAMPAIGN: "What a campaign was for, what went in and what came of it, before and after.",
    Kind.MEETING: "One sheet for residents at a meeting: you said, we did. Small numbers are hidden.",
    Kind.PARTNERS: "Sums alone, for councils and other partners. Numbers below 5 are hidden.",
    Kind.BRIEFING: "One page with the figures that matter, beside the period before.",
}
ICONS = {
    Format.HTML: ":material/language:",
    Format.PDF: ":material/picture_as_pdf:",
    Format.WORD: ":material/description:",
    Format.SHEET: ":material/table:",
}
WEEKS, QUARTER, LAST_MONTH = "Last 13 weeks", "Last full quarter", "Last full month"


def chosen(page: Page) -> Request | None:
    """What is asked for; it stands in the address, so that a report can be shared as a link.  None: nothing to choose."""
    names = {one.value: name for one, name in KIND_NAMES.items()}
    key = st.selectbox("Report", list(names), format_func=names.__getitem__, key="r_kind", bind="query-params")
    kind = Kind(key)
    st.caption(HOLDS[kind])
    if kind is Kind.CAMPAIGN:
        return _campaign(page)
    with page.read() as session:
        places = place_choices(session)
    one, two = st.columns(2)
    place = one.selectbox("Area", [0, *places], format_func=lambda number: places.get(number, "The whole force"),
                          key="r_area", bind="query-params")  # fmt: skip
    period = two.selectbox("Period", [WEEKS, QUARTER, LAST_MONTH, OWN_DAYS], key="r_period", bind="query-params")
    since, until = _days(page, period)
    return Request(kind, since, until, place or None)


def _campaign(page: Page) -> Request | None:
    with page.read() as session:
        campaigns = {one.id or 0: one.title for one in list_campaigns(session)}
    if not campaigns:
        st.info("There is no campaign yet. Plan one on the page Campaigns.")
        return None
    number = st.selectbox(
        "Campaign", list(campaigns), format_func=campaigns.__getitem__, key="r_campaign", bind="query-params"
    )
    since, until = last_weeks(as_local(page.now).date())
    return Request(Kind.CAMPAIGN, since, until, None, number)


def _days(page: Page, period: str) -> tuple[date, date]:
    today = as_local(page.now).date()
    if period == WEEKS:
        return last_weeks(today)
    if period == OWN_DAYS:
        first, last = last_weeks(today)
        one, two = st.columns(2)
        return (one.date_input("First day", first, max_value=today, format="DD/MM/YYYY", key="r_from",
                               bind="query-params"),
                two.date_input("Last day", last, max_value=today, format="DD/MM/YYYY", key="r_to",
                               bind="query-params"))  # fmt: skip
    rhythm = Rhythm.QUARTERLY if period == QUARTER else Rhythm.MONTHLY
    before = period_of(rhythm, period_of(rhythm, today).since - timedelta(days=1))
    return before.since, before.until


def made(page: Page, request: Request) -> Document | None:
    """The report that was made last for this very choice; made now when somebody asks for it, by the button or by a link
    that says so."""
    kept: tuple[Request, Document] | None = st.session_state.get("_report")
    asked = st.query_params.pop("make", "")
    if st.button("Make the report", type="primary", icon=":material/summarize:", key="r_make") or asked:
        with st.status("Making the report", expanded=True) as status:
            st.write("Reading the figures")
            document = read_report(page.context, page.person, request)
            st.write("Drawing the charts")
            st.session_state["_report_shown"] = write_html(document).decode()
            status.update(label="The report is ready", state="complete", expanded=False)
        st.session_state["_report"] = kept = (request, document)
    if kept is None or kept[0] != request:
        return None
    return kept[1]


def take(page: Page, request: Request, document: Document) -> None:
    """A button for each format; the file is written, and that it was taken recorded, when one is pressed."""
    if not pdf_is_possible():
        st.warning(MISSING)
    with st.container(horizontal=True):
        for one in Format:
            if one is Format.PDF and not pdf_is_possible():
                continue
            st.download_button(
                f"Download: {FORMAT_NAMES[one]}",
                _maker(page, request, document, one),
                file_name(document, request, one), MEDIA_TYPES[one], key=f"r_take_{one}",
                icon=ICONS[one],
            )  # fmt: skip


def _maker(page: Page, request: Request, document: Document, wanted: Format) -> Callable[[], bytes]:
    return lambda: hand_over(page.context, page.person, request, document, wanted).content


def show(page: Page) -> None:
    say_what_was_done()
    request = chosen(page)
    if request is not None:
        with told():
            document = made(page, request)
            if document is None:
                st.text("Nothing is made yet. Choose, then press 'Make the report'.")
            else:
                take(page, request, document)
                st.header("What it says", anchor=False)
                st.iframe(st.session_state["_report_shown"], height=700, alt=f"The report: {document.title}")
    schedules(page, request)


page = begin("Reports", needs=Action.READ_FIGURES)
with told():
    show(page)

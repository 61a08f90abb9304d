"""The page Reports: choose, see, take, and have it mailed."""

from datetime import date
from urllib.parse import parse_qsl

import pytest
from sqlmodel import select

from insights.reports.tables import ReportRecipient, ReportSchedule
from social.audit import AuditRecord
from social.context import Context
from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


def test_a_report_is_chosen_made_seen_and_offered_in_four_formats(force: Force, open_page: OpenPage) -> None:
    force.past("event", 6, reach=1000, reactions=40)
    app = open_page("reports", as_person=force.reader, r_kind="One-page briefing")
    assert "Nothing is made yet." in text_of(app)
    app.button(key="r_make").click().run()
    assert not app.exception
    shown = app.session_state["_report_shown"]
    assert "One-page briefing" in shown
    assert "6 posts went out" in shown
    linked = open_page(
        "reports", as_person=force.reader, r_kind="One-page briefing", r_period="Last full month", make="1"
    )
    assert "make" not in linked.query_params, "a reload makes it no second time"
    assert linked.session_state["_report"][0].since.day == 1
    labels = [one.label for one in linked.get("download_button")]
    assert labels == ["Download: Web page", "Download: PDF", "Download: Word", "Download: Spreadsheet"]
    assert "Report by mail" not in text_of(app), "a reader may not have reports mailed"


def test_without_the_engine_for_pdf_the_web_page_is_offered_and_why_is_said(
    force: Force, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    force.past("event", 1, reach=10, reactions=1)
    monkeypatch.setitem(__import__("sys").modules, "typst", None)  # as if it were not installed
    app = open_page("reports", as_person=force.author, r_kind="Neighbourhood meeting sheet")
    assert "no mail server" in text_of(app), "nothing can be mailed either"
    app.button(key="r_make").click().run()
    assert "(typst) is not installed here. Take the web page" in " ".join(one.value for one in app.warning)
    assert "Download: PDF" not in [one.label for one in app.get("download_button")]


def test_an_author_has_a_report_mailed_and_ends_it(context: Context, force: Force, open_page: OpenPage) -> None:
    object.__setattr__(context.settings, "smtp_host", "localhost")
    app = open_page("reports", as_person=force.author, r_kind="Quarterly pack")
    app.multiselect(key="r_people").select(force.reader.id)
    next(one for one in app.button if one.label == "Have it mailed").click().run()
    said = text_of(app)
    assert "It will be mailed." in said
    assert "To Priya Holt. Next: Wednesday 1 July 2026, 7am." in said
    with context.database.read() as session:
        schedule = session.exec(select(ReportSchedule)).one()
        assert session.exec(select(ReportRecipient.person_id)).all() == [force.reader.id]
    app.button(key=f"r_end_{schedule.id}").click().run()
    assert "No report is mailed yet." in text_of(app)
    with context.database.read() as session:
        actions = session.exec(select(AuditRecord.action).where(AuditRecord.subject_kind == "report schedule")).all()
    assert actions == ["schedule report", "end report"]


def test_the_briefing_on_what_works_is_of_the_days_and_the_area_that_the_page_shows(
    force: Force, open_page: OpenPage
) -> None:
    force.past("event", 6, reach=1000, reactions=40)
    shown = open_page("works", as_person=force.reader, i_period="Last 12 weeks", i_area="Hexley Moor")
    link = next(one for one in shown.get("page_link") if one.label == "Make a one-page briefing")
    address = dict(parse_qsl(link.proto.query_string))
    app = open_page("reports", as_person=force.reader, **address)
    assert not app.exception
    request = app.session_state["_report"][0]
    assert (request.since, request.until, request.place_id) == (date(2026, 3, 10), date(2026, 6, 1), force.place.id)

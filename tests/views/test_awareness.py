"""Awareness days on the pages Awareness days and Calendar."""

from datetime import date

import pytest

from scheduler.awareness import days_between, read_calendar
from scheduler.awareness_import import import_awareness
from scheduler.demo.force import AWARENESS_DAYS
from scheduler.views.spans import month_table
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of


@pytest.fixture
def filled(force: Force) -> Force:
    import_awareness(force.context, AWARENESS_DAYS, force.corporate)
    return force


def test_the_month_shows_as_many_on_a_day_as_there_are_and_says_what_is_not_sure(filled: Force) -> None:
    """D10, D12."""
    with filled.context.database.read() as session:
        hits = days_between(read_calendar(session), date(2026, 4, 27), date(2026, 6, 1))
    table = month_table(date(2026, 5, 4), date(2026, 5, 4), [], None, hits)
    cell = next(part for part in table.split("<td") if "Star Wars Day" in part)
    assert "Bank holidays: May Day" in cell
    sceptre = next(part for part in table.split("<td") if "Operation Sceptre" in part)
    assert "until 24 May" in sceptre
    assert "to be confirmed" in sceptre


def test_names_from_a_file_are_escaped_in_the_month(filled: Force) -> None:
    with filled.context.database.read() as session:
        (one,) = [day for day in read_calendar(session) if day.key == "star_wars_day"]
    hostile = [type(one)(**{**vars(one), "name": HOSTILE})]
    table = month_table(
        date(2026, 5, 4), date(2026, 5, 4), [], None, days_between(hostile, date(2026, 5, 1), date(2026, 6, 1))
    )
    assert "<script>" not in table
    assert "&lt;script&gt;" in table


def test_the_calendar_tells_what_to_prepare_for_and_which_days_are_solemn(filled: Force, open_page: OpenPage) -> None:
    said = text_of(open_page("calendar", as_person=filled.author, view="List", day="2026-11-01"))
    assert "Armistice Day<br>no light posts" in said
    assert "to prepare for" in said
    assert "In 2 weeks: World Elder Abuse Awareness Day" in said


def test_a_date_is_typed_in_by_those_who_keep_the_calendar(filled: Force, open_page: OpenPage) -> None:
    app = open_page("awareness", as_person=filled.corporate)
    assert not app.exception
    waiting = next(box for box in app.selectbox if box.key == "a_which")
    number = next(n for n, name in enumerate(waiting.options) if name == "ASB Awareness Week, 2026")
    waiting.select_index(number).run()
    assert app.button(key="a_confirm").disabled
    app.date_input(key="a_start_asb_awareness_week_2026").set_value(date(2026, 7, 6))
    app.checkbox(key="a_sure_asb_awareness_week_2026").check().run()
    app.button(key="a_confirm").click().run()
    assert not app.exception
    assert any("ASB Awareness Week is in the calendar: Monday 6 July 2026" in box.value for box in app.success)
    with filled.context.database.read() as session:
        (asb,) = [day for day in read_calendar(session) if day.key == "asb_awareness_week"]
    assert date(2026, 7, 6) in [typed.start for typed in asb.typed]


def test_an_author_sees_the_days_and_no_form(filled: Force, open_page: OpenPage) -> None:
    app = open_page("awareness", as_person=filled.author)
    assert "2026: ASB Awareness Week. No date is known yet; usually in June or July or November." in text_of(app)
    assert not [button for button in app.button if button.key == "a_confirm"]

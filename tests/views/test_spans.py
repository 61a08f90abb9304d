"""The days that a view of the calendar shows, and its month as a table."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as some

from scheduler.queries import PostSummary
from scheduler.views.spans import SPANS, by_day, midnight, month_table, span, step
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of

DAYS = some.dates(date(2001, 1, 1), date(2099, 12, 31))


def summary(due: datetime, text: str = "Walk with us.") -> PostSummary:
    return PostSummary(7, due, "queued", "event", "Event", text, "Hexley Moor", ("town-desk",))


@given(some.sampled_from(SPANS), DAYS)
def test_a_view_holds_its_day_and_joins_the_next(view: str, day: date) -> None:
    first, end = span(view, day)
    assert first <= day < end
    if view != "Month":
        assert span(view, step(view, day, 1))[0] == end
    else:
        assert first.weekday() == 0
        assert (end - first).days % 7 == 0


def test_a_post_after_midnight_in_summer_belongs_to_its_local_day() -> None:
    days = by_day([summary(datetime(2026, 6, 30, 23, 30, tzinfo=UTC))])
    assert list(days) == [date(2026, 7, 1)]
    assert midnight(date(2026, 7, 1)) == datetime(2026, 6, 30, 23, 0, tzinfo=UTC)


def test_the_month_escapes_what_people_wrote() -> None:
    table = month_table(
        date(2026, 6, 1), date(2026, 6, 1), [summary(datetime(2026, 6, 9, 9, 0, tzinfo=UTC), f"<b>{HOSTILE}")], 3
    )
    assert "<b>!" not in table
    assert "<script>" not in table
    assert "&lt;b&gt;" in table
    assert 'href="post?id=7&amp;as=3"' in table


def test_the_calendar_lists_a_week_and_turns_to_the_next(force: Force, open_page: OpenPage) -> None:
    force.plan(text="See you at the market.")
    app = open_page("calendar", view="Week")
    assert "See you at the market." in text_of(app)
    app.button(key="c_next").click().run()
    assert "See you at the market." not in text_of(app)
    assert any("No posts in this week." in info.value for info in app.info)


def test_a_day_that_is_none_shows_this_month(force: Force, open_page: OpenPage) -> None:
    app = open_page("calendar", day="2026-02-30")
    assert any(header.value == "June 2026" for header in app.header)


def test_posts_of_the_neighbouring_month_are_shown_and_not_counted(force: Force, open_page: OpenPage) -> None:
    force.plan(due=datetime(2026, 6, 30, 11, 0))
    force.plan(text="We are at the market on the first.", due=datetime(2026, 7, 1, 11, 0))
    app = open_page("calendar", day="2026-06-15")
    assert "1 post in this month." in text_of(app)
    assert "We are at the market" in text_of(app)
    assert "1 post in this month." in text_of(open_page("calendar", day="2026-06-15", view="List"))

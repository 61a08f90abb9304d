"""What the calendar's planner draws, and what it may ask for; the planner itself is tried in tests/browser."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scheduler.awareness import Occurrence, days_between
from scheduler.hold_kinds import HoldKind
from scheduler.hold_views import hold_views
from scheduler.holds import Order, place_hold
from scheduler.import_preview import preview_posts
from scheduler.queries import PostSummary
from scheduler.views.calendar_data import (
    Choice,
    close_to_another,
    days_for,
    gaps,
    mix_list,
    mix_of,
    notes_by_day,
    posts_for,
    with_bank_holidays,
)
from scheduler.views.calendar_moves import UNREADABLE, Answer, answer_move, answer_undo, asks_of
from social.content_targets import ContentTarget
from social.errors import InputError
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only

DAY = date(2026, 12, 25)


def summary(number: int, hour: float, kind: str = "event", **changes: Any) -> PostSummary:
    due = datetime(2026, 12, 25, tzinfo=UTC) + timedelta(hours=hour)
    fields: dict[str, Any] = {
        "post_id": number, "due_at": due, "status": "queued", "content_type": kind, "label": "Event", "text": HOSTILE,
        "place": "Hexley Moor", "accounts": ("town-desk",), "channels": ("memory",), "states": ("queued",), "place_id": 4,
    }  # fmt: skip
    return PostSummary(**(fields | changes))


def test_a_post_is_drawn_on_its_local_day_with_why_it_stays() -> None:
    summer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    (late,) = posts_for([summary(1, 0, due_at=summer)], {1: True}, 3)
    assert (late["day"], late["clock"], late["fixed"], late["href"]) == ("2026-07-01", "00:30", None, "post?id=1&as=3")
    out, others = posts_for([summary(1, 9, status="published", states=("published",)), summary(2, 12)], {1: True})
    assert (out["fixed"], others["fixed"]) == ("already published", "you may not plan posts here")


def test_posts_of_one_account_within_half_an_hour_are_marked() -> None:
    posts = [summary(1, 9), summary(2, 9.25), summary(3, 9.3, accounts=("rural-desk",)), summary(4, 10)]
    assert close_to_another(posts) == {1, 2}


def test_a_day_without_a_post_that_residents_see_is_a_gap_and_past_days_are_not() -> None:
    failed = summary(1, 34, status="failed", states=("failed",))
    assert gaps(DAY, DAY + timedelta(4), DAY + timedelta(1), [summary(2, 10), failed, summary(3, 60)]) == [
        date(2026, 12, 26),
        date(2026, 12, 28),
    ]


def test_bank_holidays_stand_in_the_calendar_without_a_file_and_several_on_a_day() -> None:
    marked, bank = with_bank_holidays([])
    own = Occurrence("market", HOSTILE, "day", "solemn", date(2026, 12, 20), DAY + timedelta(1), confirmed=False)
    found = days_between(marked, DAY, DAY + timedelta(4))
    notes = notes_by_day(DAY, DAY + timedelta(4), [own, *found], [], bank)
    first, *_ = days_for(DAY, DAY + timedelta(4), DAY, DAY, [], notes)
    assert [note["text"] for note in first["notes"]] == [
        "Bank holiday: Christmas Day", f"No light posts: {HOSTILE}, until 26 December, to be confirmed",
    ]  # fmt: skip
    assert date(2026, 12, 28) in notes  # the substitute day


def test_a_hold_stands_on_each_of_its_days(force: Force) -> None:
    now = force.context.clock.now()
    place_hold(force.context, Order(HoldKind.MOURNING, "Mourning", ends_at=now + timedelta(days=2)), force.corporate)
    with force.context.database.read() as session:
        notes = notes_by_day(date(2026, 5, 31), date(2026, 6, 8), [], hold_views(session, now), ())
    assert sorted(notes) == [date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3)]
    assert notes[date(2026, 6, 1)][0]["text"].startswith("Hold: ")


def test_the_mix_counts_kinds_beside_what_the_area_aims_at() -> None:
    posts = [summary(n, n, kind) for n, kind in enumerate(("event", "event", "lighthearted", "survey"))]
    failed = summary(9, 9, status="failed", states=("failed",))
    aims = {"event": ContentTarget(place_id=1, content_type="event", least=0.1, most=0.3)}
    rows = mix_of([*posts, failed], aims)
    assert [(row.label, row.count, row.share) for row in rows] == [
        ("Event", 2, 0.5), ("Lighthearted", 1, 0.25), ("Survey", 1, 0.25), ("Light posts together", 1, 0.25),
    ]  # fmt: skip
    assert rows[0].aim == "aim 10% to 30%, above it"
    assert "Event: 2 (50%), aim 10% to 30%, above it" in mix_list(rows)
    assert mix_of([failed]) == []


def test_the_calendar_is_narrowed_by_area_account_and_kind() -> None:
    post = summary(1, 9)
    narrowed = [Choice(), Choice(frozenset({4})), Choice(account="account:town-desk"), Choice(account="network:memory")]
    assert all(choice.holds(post) for choice in [*narrowed, Choice(kind="event")])
    others = [Choice(frozenset({5})), Choice(account="account:x"), Choice(account="network:x"), Choice(kind="survey")]
    assert not any(choice.holds(post) for choice in others)


def wish(**changes: object) -> dict[str, Any]:
    return {"id": 1, "seen": "2026-06-01T10:00:00+00:00", "day": "2026-06-02", **changes}


@pytest.mark.parametrize(
    "sent",
    [
        None, "moves", {}, {"moves": [wish(id="1")]}, {"moves": [wish(id=True)]}, {"moves": [wish(day="soon")]},
        {"moves": [wish(seen="2026-06-01T10:00")]}, {"moves": [wish(clock="25:00")]}, {"moves": [wish(day="9999-12-31")]},
        {"moves": [wish()], "fold": 2}, {"moves": [None]}, {"moves": 3},
    ],
)  # fmt: skip
def test_what_a_browser_sends_that_is_no_move_moves_nothing(sent: object) -> None:
    with pytest.raises(InputError, match=UNREADABLE[:30]):
        asks_of(sent)


def test_the_planner_is_answered_in_words_and_the_move_is_taken_back(force: Force) -> None:
    post_id = force.plan()  # 1 June, 11am
    sent = {"moves": [{"id": post_id, "seen": "2026-06-01T10:00:00+00:00", "day": "2026-06-03"}]}
    moved = answer_move(force.context, force.author, sent, Answer())
    assert (moved.number, moved.text) == (1, f"Post {post_id} moved to Wednesday 3 June 2026, 11am.")
    assert answer_move(force.context, force.author, sent, moved).trouble
    back = answer_undo(force.context, force.author, moved)
    assert back.text == "Taken back: 1 post again on Monday 1 June 2026, 11am."
    assert answer_undo(force.context, force.author, back).text == "There is no move to take back."
    sent["moves"][0] |= {"day": "2026-10-25", "clock": "01:30"}
    asked = answer_move(force.context, force.author, sent, back).as_data()
    assert "01:30 on Sunday 25 October 2026 comes twice" in asked["question"]["text"]
    assert asked["question"]["moves"] == sent["moves"]


def test_the_page_keeps_its_choice_in_the_address_and_says_gaps_and_mix(force: Force, open_page: OpenPage) -> None:
    force.plan(text="See you at the market.")
    said = text_of(open_page("calendar", as_person=force.author, view="Week", c_kind="Patrol update"))
    assert "1 post in this week that you chose. 6 days from today on have no post: Tuesday 2 June" in said
    assert "Patrol update: 1 (100%)" in said
    assert "See you at the market." in said
    other = open_page("calendar", view="Week", c_kind="Survey")
    assert any("No posts in this week that you chose." in info.value for info in other.info)


def test_a_day_in_the_address_is_the_day_of_a_new_post(force: Force, open_page: OpenPage) -> None:
    app = open_page("write", as_person=force.author, day="2026-06-17")
    assert app.date_input(key="w_day").value == date(2026, 6, 17)
    assert not open_page("write", as_person=force.author, day="2926-02-30").exception


def test_a_file_of_posts_is_shown_row_by_row_and_planned_only_as_a_whole(force: Force, open_page: OpenPage) -> None:
    head = "content_type,text,scheduled_local,channel,neighbourhood"
    good = "event,See you at the market.,2026-06-09T10:00,memory,Hexley Moor"
    app = open_page("calendar", as_person=force.author)
    bad = f"{head}\n{good}\nevent,{HOSTILE.split(' ')[0]},2027-03-28T01:30,memory,Hexley Moor\n"
    app.file_uploader(key="c_file").upload("posts.csv", bad.encode(), "text/csv").run()
    assert any("1 row is wrong" in error.value for error in app.error)
    (table,) = app.dataframe
    assert list(table.value["Row"]) == [1, 2]
    assert "does not exist" in table.value["What becomes of it"][1]
    assert not [button for button in app.button if button.key == "c_bring_in"]
    app.file_uploader(key="c_file").clear().upload("posts.csv", f"{head}\n{good}\n".encode(), "text/csv").run()
    app.button(key="c_bring_in").click().run()
    assert any("1 post planned." in said.value for said in app.success)
    assert "See you at the market." in text_of(app)
    again = preview_posts(force.context, {"posts.csv": f"{head}\n{good}\n".encode()}, force.author)
    assert ([row.outcome[:19] for row in again.rows], again.fits) == (["Was brought in befo"], False)


def test_a_file_without_its_columns_and_two_files_are_told_in_words(force: Force) -> None:
    lacks = preview_posts(force.context, {"posts.csv": b"text\nDucks.\n"}, force.author)
    assert not lacks.fits
    assert any("content_type" in line for line in lacks.general)
    both = preview_posts(force.context, {"a.csv": b"", "b.csv": b""}, force.author)
    assert both.general == ("Choose one CSV file, and the pictures that it names.",)

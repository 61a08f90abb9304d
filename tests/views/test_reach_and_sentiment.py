"""The parts of What works on reach and on what replies say: full, empty, and for people with and without a right to read."""

import pytest
from sqlmodel import select

from social.audit import AuditRecord
from social.context import Context
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


def test_reach_is_shown_with_its_floor_its_limits_and_where_it_came_from(force: Force, open_page: OpenPage) -> None:
    force.past("patrol_update", 6, reach=1_200, reactions=30)
    force.past("appeal_missing", 3, reach=9_000, reactions=90)
    app = open_page("works", i_part="Reach")
    assert not app.exception
    said = text_of(app)
    assert "At least 9,000 accounts reached" in said
    assert "how many in all is unknown" in said
    assert "the population of the area is not on record" in said
    figures = {row["Figure"]: row["Memory (for tests)"] for row in app.dataframe[0].value.to_dict("records")}
    assert figures["Highest single post"].startswith("9,000 (measured, ")
    assert len(figures["Highest single post"]) < 40, "no cell is so long that it is cut off"
    assert "The highest on Memory (for tests) is counted by test, definition 1, fetched" in said
    assert figures["Highest for each 1,000 residents"] == "population not known"
    assert figures["Passed on by community pages"] == "not on record"
    late = open_page("works", i_part="Reach", reach_age="the latest count")
    assert not late.exception
    assert late.selectbox(key="reach_age").value == "now"
    assert "Reach of a post as counted last" in text_of(late)


def test_appeals_for_missing_people_have_no_line_over_weeks(force: Force, open_page: OpenPage) -> None:
    """R11."""
    force.past("appeal_missing", 8, reach=9_000, reactions=90)
    app = open_page("works", i_part="Reach", i_kind="Missing person appeal")
    assert not app.exception
    assert "never held against each other" in text_of(app)
    assert "reach_age" not in {box.key for box in app.selectbox}


def test_shares_have_a_sample_for_those_who_may_read_and_for_nobody_else(
    force: Force, open_page: OpenPage, context: Context
) -> None:
    """M06."""
    post = force.publish()
    for number in range(24):
        force.answer(post, f"{HOSTILE} {number}", stance="negative" if number < 12 else "neutral", kind="complaint")
    app = open_page("works", as_person=force.corporate, i_part="What replies say")
    assert not app.exception
    said = text_of(app)
    assert "of replies are critical of the police: between" in said
    assert "24 replies read" in said
    assert "Nobody has judged how a reply's stance was read yet." in said
    assert HOSTILE not in said
    app.toggle(key="sentiment_sample").set_value(True).run()
    shown = [text.value for text in app.text if HOSTILE in text.value]
    assert len(shown) == 10
    with context.database.read() as session:
        seen = session.exec(select(AuditRecord).where(AuditRecord.action == "view replies")).all()
    assert [(one.subject_kind, one.subject_id) for one in seen] == [("replies", "sample")]
    reader = open_page("works", as_person=force.reader, i_part="What replies say")
    assert "sentiment_sample" not in {toggle.key for toggle in reader.toggle}
    assert "Whoever may read replies sees a sample" in text_of(reader)


def test_nothing_read_says_so(force: Force, open_page: OpenPage) -> None:
    force.past("patrol_update", 2, reach=None, reactions=3)
    app = open_page("works", i_part="What replies say")
    assert not app.exception
    assert "No reply has been read yet" in text_of(app)
    reach = open_page("works", i_part="Reach")
    assert not reach.exception
    assert "is not reported by Memory" in text_of(reach)


def test_a_post_says_how_far_it_went_and_what_its_replies_say(force: Force, open_page: OpenPage) -> None:
    post = force.publish()
    for number in range(3):
        force.answer(post, f"Good to see you {number}")
    app = open_page("post", id=str(post))
    assert not app.exception
    rows = {row["Figure"]: row["This post"] for table in app.dataframe for row in table.value.to_dict("records")
            if "This post" in row}  # fmt: skip
    assert rows["Reach after 24 hours"] == "not reported"
    assert rows["Supportive replies, estimated"].endswith("100%)")
    assert "Too few to tell: 3 replies read" in text_of(app)

"""The page Appeals: two clicks take everything down, and nothing is forgotten that a person still has to remove."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from scheduler.erasing import erase_due
from scheduler.planning import PostInput, approve_post, plan_post, send_for_approval
from scheduler.worker import publish_due
from social.clock import SettableClock
from social.context import Context
from social.errors import Refused
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only
TEXT = "Have you seen Oriel Tamsett, 34, of Elderwick? Call 101, or 999 if you see her now."


def appeal(force: Force, clock: SettableClock, *, reference: str = "WD-9", kind: str = "appeal_missing") -> int:
    given = PostInput(kind, TEXT, ("town-desk",), place="Hexley Moor", appeal_ref=reference,
                      due_local=(clock.now() + timedelta(hours=1)).replace(tzinfo=None))  # fmt: skip
    post_id = plan_post(force.context, given, force.author)
    send_for_approval(force.context, post_id, force.author)
    approve_post(force.context, post_id, force.corporate)
    publish_due(force.context)
    return post_id


def button(app: AppTest, key: str):  # type: ignore[no-untyped-def]  # Streamlit's own element
    return app.button(key=key)


def test_with_no_appeal_the_page_says_so(force: Force, open_page: OpenPage) -> None:
    app = open_page("appeals", force.corporate)
    assert not app.exception
    assert "No appeal is running" in text_of(app)
    assert "Nothing is left to take down" in text_of(app)


def test_two_clicks_take_everything_down(
    force: Force, context: Context, clock: SettableClock, open_page: OpenPage
) -> None:
    appeal(force, clock)
    app = open_page("appeals", force.corporate)
    assert "WD-9: Missing person appeal" in text_of(app)
    assert "1 copy is live." in text_of(app)
    app = button(app, "a_end_1").click().run()
    assert "1 live copy will be taken down" in text_of(app)
    assert "This cannot be undone" in text_of(app)
    app = button(app, "a_yes_1").click().run()
    assert not app.exception
    assert not force.network.live_posts
    assert "must not repeat the name" in text_of(app)
    assert "Hours to takedown, over 1 appeal" in text_of(app)
    assert erase_due(context) == 0  # it was done at once


def test_no_click_is_made_by_mistake(force: Force, clock: SettableClock, open_page: OpenPage) -> None:
    appeal(force, clock)
    app = open_page("appeals", force.corporate)
    app = button(app, "a_end_1").click().run()
    app = button(app, "a_no_1").click().run()
    assert force.network.live_posts
    assert "will be taken down" not in text_of(app)


def test_what_a_person_must_remove_is_named_with_its_link_until_it_is_gone(
    force: Force, clock: SettableClock, open_page: OpenPage
) -> None:
    appeal(force, clock)
    force.network.fail_next("withdraw", Refused("memory", "withdraw", "403", "Too old to delete."))
    app = open_page("appeals", force.corporate)
    app = button(button(app, "a_end_1").click().run(), "a_yes_1").click().run()
    said = text_of(app)
    assert "Too old to delete." in said
    assert "Who is asked: Nia Abbot" in said
    assert "Must be removed by hand" in said
    today = text_of(open_page("today", force.corporate))
    assert "Too old to delete." in today
    app = button(app, "t_gone_1").click().run()
    assert "still to be seen" in text_of(app)
    force.network.posts[0].removed_at = clock.now()
    app = button(app, "t_gone_1").click().run()
    assert "A look proved that the copy is gone" in text_of(app)


def test_whoever_may_not_change_a_case_sees_no_button(force: Force, clock: SettableClock, open_page: OpenPage) -> None:
    appeal(force, clock)
    app = open_page("appeals", force.author)
    assert "1 copy is live." in text_of(app)
    assert not [one for one in app.button if one.key and one.key.startswith(("a_", "c_"))]


def test_a_reference_from_a_file_is_shown_as_nothing_but_text(
    force: Force, clock: SettableClock, open_page: OpenPage
) -> None:
    appeal(force, clock, reference=HOSTILE[:60])
    app = open_page("appeals", force.corporate)
    assert not app.exception
    assert not any("beacon" in block.value for block in app.markdown)
    assert not any("beacon" in one.label for one in app.button)


def test_the_stage_of_a_case_is_changed_on_the_page(force: Force, open_page: OpenPage) -> None:
    app = open_page("appeals", force.corporate)
    app.text_input(key="c_reference").set_value("WD-7")
    app.selectbox(key="c_stage").select("arrested")
    app.text_input(key="c_why").set_value("The enquiry says so.")
    app = button(app, "c_change").click().run()
    assert "The stage is changed" in text_of(app)
    assert "Arrested" in str(app.dataframe[0].value)


def test_a_change_without_a_reason_says_what_is_missing(force: Force, open_page: OpenPage) -> None:
    app = open_page("appeals", force.corporate)
    app.text_input(key="c_reference").set_value("WD-7")
    app.selectbox(key="c_stage").select("arrested")
    assert "Say why" in text_of(button(app, "c_change").click().run())

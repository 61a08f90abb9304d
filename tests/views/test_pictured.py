"""The questions about a picture where a post is written, and where its answers are seen and reviewed (R07)."""

import io
from datetime import date, datetime

import pytest
from PIL import Image
from sqlmodel import select

from scheduler.picture_answers import PictureAnswers, answers_of
from scheduler.planning import MediaInput, PostInput, plan_post, send_for_approval
from scheduler.posts import Media
from social.context import Context
from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only

LINE = "Call 101, 999 in an emergency or Crimestoppers on 0800 555 111."


def blue_card() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (40, 30), "#336699").save(target, "PNG")
    return target.getvalue()


def waiting(force: Force) -> int:
    answers = PictureAnswers(True, "cctv", lawful_reason="To identify him.", enquiry_approver="DS Rowan Hale",
                             others_masked="none", review_by=date(2026, 6, 20))  # fmt: skip
    media = (MediaInput("image", content=blue_card(), alt_text="CCTV still of a man in a coat.", answers=answers),)
    given = PostInput("appeal_image", f"Do you know him? {LINE}", ("town-desk",), datetime(2026, 6, 1, 11), media=media)
    post_id = plan_post(force.context, given, force.author)
    send_for_approval(force.context, post_id, force.author)
    return post_id


def test_a_persons_picture_is_asked_about_and_its_answers_are_kept(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    app = open_page("write", as_person=force.author)
    app.selectbox(key="w_type").select("appeal_image")
    app.text_area(key="w_text").set_value(f"Do you know him? {LINE}")
    app.file_uploader(key="w_picture").upload("blue.png", blue_card(), "image/png").run()
    app.text_area(key="w_alt").set_value("CCTV still of a man in a coat.").run()
    app.button(key="w_save").click().run()
    assert "Say whether it does" in text_of(app)
    assert not [field for field in app.text_input if field.key == "w_image_lawful_reason"]
    app.radio(key="w_image_shows_person").set_value(True).run()
    app.selectbox(key="w_image_source").select("cctv")
    app.text_input(key="w_image_enquiry_approver").set_value("DS Rowan Hale")
    app.text_input(key="w_image_lawful_reason").set_value("To identify him.")
    app.selectbox(key="w_image_others_masked").select("none")
    app.run()
    assert "the day on which somebody reviews it" in text_of(app)
    app.date_input(key="w_image_review_by").set_value(date(2026, 6, 20)).run()
    app.button(key="w_save").click().run()
    with context.database.read() as session:
        kept = answers_of(session.exec(select(Media)).one())
    assert kept == PictureAnswers(True, "cctv", lawful_reason="To identify him.", enquiry_approver="DS Rowan Hale",
                                  others_masked="none", review_by=date(2026, 6, 20))  # fmt: skip


def test_the_answers_are_there_when_the_post_is_opened_again(force: Force, open_page: OpenPage) -> None:
    app = open_page("write", as_person=force.author, id=str(waiting(force)))
    assert app.radio(key="w_image_shows_person").value is True
    assert app.text_input(key="w_image_lawful_reason").value == "To identify him."
    assert app.date_input(key="w_image_review_by").value == date(2026, 6, 20)


def test_whoever_approves_sees_the_answers_and_may_refuse_with_a_reason(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    post_id = waiting(force)
    app = open_page("post", as_person=force.corporate, id=str(post_id))
    for words in ("Reason: To identify him.", "Approved in the enquiry by: DS Rowan Hale", "reviewed by: 20 June 2026"):
        assert words in text_of(app)
    app.button(key="p_refuse").click().run()
    assert "Say why it is refused" in text_of(app)
    app.text_input(key="p_reason").set_value("The enquiry has found him.").run()
    app.button(key="p_refuse").click().run()
    assert "The post is refused." in [notice.value for notice in app.success]
    assert "Refused: The enquiry has found him." in text_of(app)


def test_a_review_is_a_task_of_today_and_done_on_the_post(force: Force, context: Context, open_page: OpenPage) -> None:
    from scheduler.worker import publish_due
    from social.clock import SettableClock

    post_id = waiting(force)
    app = open_page("post", as_person=force.corporate, id=str(post_id))
    app.button(key="p_approve").click().run()
    assert isinstance(context.clock, SettableClock)
    context.clock.set(datetime.fromisoformat("2026-06-01T10:05:00+00:00"))
    publish_due(context)
    context.clock.set(datetime.fromisoformat("2026-06-22T10:05:00+00:00"))
    today = open_page("today", as_person=force.corporate)
    assert "its picture is to be reviewed by 20 June 2026" in text_of(today)
    assert "its picture" not in text_of(open_page("today", as_person=force.author))
    app = open_page("post", as_person=force.corporate, id=str(post_id))
    app.button(key="p_keep").click().run()
    assert "Say why the picture must stay online." in text_of(app)
    app.text_input(key="p_keep_why").set_value("The enquiry goes on.").run()
    app.button(key="p_keep").click().run()
    assert "The review is recorded." in [notice.value for notice in app.success]
    assert "its picture is to be reviewed" not in text_of(open_page("today", as_person=force.corporate))

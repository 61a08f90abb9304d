"""Writing a post: what is asked, what is refused, what is kept."""

from datetime import date, time

import pytest
from sqlmodel import select

from scheduler.entries import Entry
from scheduler.posts import Post
from scheduler.queries import post_view
from social.context import Context
from tests.views.helpers import PAGES, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


def fill(app, text: str = "Meet us at the library at 2pm.", kind: str = "patrol_update"):  # type: ignore[no-untyped-def]
    app.text_area(key="w_text").set_value(text)
    app.selectbox(key="w_type").set_value(kind)
    app.date_input(key="w_day").set_value(date(2026, 6, 2))
    app.time_input(key="w_time").set_value(time(14, 5))
    return app


def test_a_post_that_needs_no_approval_goes_into_the_queue(force: Force, context: Context, open_page: OpenPage) -> None:
    app = fill(open_page("write", as_person=force.author))
    app.run().button(key="w_send").click().run()
    assert not app.exception
    with context.database.read() as session:
        post = session.exec(select(Post)).one()
        entry = session.exec(select(Entry)).one()
    assert (post.text, post.author_id) == ("Meet us at the library at 2pm.", force.author.id)
    assert entry.state == "queued"
    assert f"{entry.due_at:%Y-%m-%dT%H:%M}" == "2026-06-02T13:05"  # 2:05pm in London in June
    assert app.title[0].value == "Post"
    assert any("It goes out tomorrow, 2:05pm, by itself." in said.value for said in app.success)


def test_a_draft_is_kept_and_can_be_opened_again(force: Force, context: Context, open_page: OpenPage) -> None:
    app = fill(open_page("write", as_person=force.author), kind="survey")
    app.run().button(key="w_save").click().run()
    with context.database.read() as session:
        post = session.exec(select(Post)).one()
        assert session.exec(select(Entry.state)).one() == "draft"
    again = open_page("write", as_person=force.author, id=str(post.id))
    assert again.text_area(key="w_text").value == "Meet us at the library at 2pm."
    assert again.selectbox(key="w_type").value == "survey"
    assert again.time_input(key="w_time").value == time(14, 5)
    again.text_area(key="w_text").set_value("Meet us at the library at 3pm.").run()
    again.button(key="w_save").click().run()
    with context.database.read() as session:
        assert session.exec(select(Post.text)).all() == ["Meet us at the library at 3pm."]


def test_what_is_wrong_is_said_with_what_to_do_and_nothing_is_lost(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    app = fill(open_page("write", as_person=force.author), text="x" * 6000)
    app.run().button(key="w_send").click().run()
    assert any(header.value == "There is a problem" for header in app.header)
    assert app.text_area(key="w_text").value == "x" * 6000
    with context.database.read() as session:
        assert session.exec(select(Post)).all() == []


def test_a_post_without_a_kind_or_words_is_refused_in_words(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    app = open_page("write", as_person=force.author)
    app.button(key="w_send").click().run()
    assert "Content type: Choose what kind of post it is." in text_of(app)
    with context.database.read() as session:
        assert session.exec(select(Post)).all() == []


def test_the_hour_that_spring_skips_is_warned_of_and_refused(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    """R42."""
    app = fill(open_page("write", as_person=force.author))
    app.date_input(key="w_day").set_value(date(2027, 3, 28))
    app.time_input(key="w_time").set_value(time(1, 30)).run()
    assert any("does not exist" in warning.value for warning in app.warning)
    app.button(key="w_send").click().run()
    assert any(header.value == "There is a problem" for header in app.header)
    with context.database.read() as session:
        assert session.exec(select(Post)).all() == []


@pytest.mark.parametrize(("fold", "utc"), [(0, "00:30"), (1, "01:30")])
def test_the_hour_that_autumn_doubles_is_asked_about(
    fold: int, utc: str, force: Force, context: Context, open_page: OpenPage
) -> None:
    """R42."""
    app = fill(open_page("write", as_person=force.author))
    app.date_input(key="w_day").set_value(date(2026, 10, 25))
    app.time_input(key="w_time").set_value(time(1, 30)).run()
    app.button(key="w_send").click().run()
    assert "comes twice" in text_of(app)
    app.radio(key="w_fold").set_value(fold).run()
    app.button(key="w_send").click().run()
    with context.database.read() as session:
        entry = session.exec(select(Entry)).one()
    assert f"{entry.due_at:%H:%M}" == utc


def test_a_picture_needs_its_description(force: Force, context: Context, open_page: OpenPage) -> None:
    """R32."""
    import io

    from PIL import Image

    target = io.BytesIO()
    Image.new("RGB", (40, 30), "#336699").save(target, "PNG")
    app = fill(open_page("write", as_person=force.author))
    app.file_uploader(key="w_picture").upload("blue.png", target.getvalue(), "image/png").run()
    app.button(key="w_send").click().run()
    assert any(header.value == "There is a problem" for header in app.header)
    app.text_area(key="w_alt").set_value("A plain blue card.").run()
    app.button(key="w_save").click().run()
    with context.database.read() as session:
        post = session.exec(select(Post)).one()
        media = post_view(session, post.id or 0).media
    assert [(m.kind, m.alt_text) for m in media] == [("image", "A plain blue card.")]
    assert (context.settings.media_folder / (media[0].file_name or "")).exists()


def test_a_post_that_is_not_there_is_told_and_a_new_one_begun(force: Force, open_page: OpenPage) -> None:
    app = open_page("write", as_person=force.author, id="4711")
    assert any(header.value == "There is a problem" for header in app.header)
    assert app.text_area(key="w_text").value == ""


def test_someone_elses_change_is_not_overwritten(force: Force, context: Context, open_page: OpenPage) -> None:
    post_id = force.plan(send=False)
    app = open_page("write", as_person=force.author, id=str(post_id))
    with context.database.write() as session:
        post = session.get_one(Post, post_id)
        post.text, post.version = "Changed by a colleague.", post.version + 1
        session.add(post)
    app.text_area(key="w_text").set_value("My words.").run()
    app.button(key="w_save").click().run()
    assert app.text_area(key="w_text").value == "My words."
    assert any(header.value == "There is a problem" for header in app.header)
    with context.database.read() as session:
        assert session.get_one(Post, post_id).text == "Changed by a colleague."
    app.button(key="w_reload").click().run()
    assert app.text_area(key="w_text").value == "Changed by a colleague."


def test_what_was_typed_survives_a_look_at_another_page(force: Force, open_page: OpenPage) -> None:
    app = fill(open_page("write", as_person=force.author), text="Half a thought")
    app.multiselect(key="w_accounts").set_value([])
    app.run()
    app.switch_page(PAGES["calendar"]).run()
    app.switch_page(PAGES["write"]).run()
    assert app.text_area(key="w_text").value == "Half a thought"
    assert app.date_input(key="w_day").value == date(2026, 6, 2)
    assert app.time_input(key="w_time").value == time(14, 5)
    assert app.multiselect(key="w_accounts").value == []


def test_after_saving_the_next_post_begins_empty(force: Force, open_page: OpenPage) -> None:
    app = fill(open_page("write", as_person=force.author))
    app.run().button(key="w_save").click().run()
    assert app.title[0].value == "Post"
    del app.query_params["id"]
    app.switch_page(PAGES["write"]).run()
    assert app.text_area(key="w_text").value == ""
    assert app.selectbox(key="w_type").value is None
    assert app.multiselect(key="w_accounts").value == ["town-desk"]


def test_each_press_that_fails_leads_to_the_reason_once(force: Force, open_page: OpenPage) -> None:
    app = open_page("write", as_person=force.author)
    app.button(key="w_send").click().run()
    assert "Choose what kind of post it is." in text_of(app)
    assert app.session_state["_problems_told"] == 1
    app.button(key="w_send").click().run()
    assert app.session_state["_problems_told"] == 2


def test_what_the_checks_say_is_shown_while_writing(force: Force, open_page: OpenPage) -> None:
    """R36: it also changes who must approve."""
    app = fill(open_page("write", as_person=force.author), text="The Mayor opens the fair. #openday").run()
    said = text_of(app)
    assert "Stops the post" in said
    assert "'#openday' runs its words together" in said
    assert "Needs corporate communications" in said
    assert "Corporate communications must approve this post before it goes out." in said


def test_a_sound_post_is_said_to_be_sound(force: Force, open_page: OpenPage) -> None:
    app = fill(open_page("write", as_person=force.author)).run()
    assert "The checks find nothing that stops this post." in text_of(app)

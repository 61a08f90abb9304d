"""A post is made to come again on its page, and stopped there."""

from scheduler.recurrences import list_recurrences
from tests.views.helpers import Force, OpenPage, text_of


def press(app, label: str):  # type: ignore[no-untyped-def]  # AppTest's own types
    return next(button for button in app.button if button.label == label).click().run()


def test_a_post_comes_again_from_its_page_and_is_stopped_there(force: Force, open_page: OpenPage) -> None:
    post_id = force.publish()
    app = open_page("post", as_person=force.author, id=str(post_id))
    app.selectbox(key="again_on").set_value("Every Friday")
    app.text_input(key="again_at").set_value("16:00")
    app = press(app, "Let it come again")
    assert not app.exception
    assert "Comes again: Every Friday at 16:00, UK time" in text_of(app)
    app = press(app, "Stop it")
    assert "Stopped." in text_of(app)
    app.selectbox(key="again_on").set_value("The last day of the month")
    app = press(app, "Let it come again")
    with force.context.database.read() as session:
        assert [row.words for row in list_recurrences(session, post_id)][1].startswith("On the last day of every month")


def test_a_time_that_comes_twice_is_asked_about_on_the_page(force: Force, open_page: OpenPage) -> None:
    app = open_page("post", as_person=force.author, id=str(force.publish()))
    app.selectbox(key="again_on").set_value("Every Sunday")
    app.text_input(key="again_at").set_value("01:30")
    app = press(app, "Let it come again")
    assert "comes twice" in text_of(app)
    app.text_input(key="again_at").set_value("half past")
    assert "is no time of day" in text_of(press(app, "Let it come again"))

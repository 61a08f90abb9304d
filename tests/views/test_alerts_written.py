"""Writing an alert and seeing how far it has come, on the pages."""

import pytest
from sqlmodel import select

from scheduler.planning import approve_post
from scheduler.post_audience import PostAudience, alert_of
from scheduler.posts import Post
from scheduler.worker import publish_due
from social.alerts.mailings import Mailing
from social.alerts.residents import Frequency
from social.context import Context
from social.staff import Role, find_or_add_person
from tests.alerts.helpers import a_resident, alert_account
from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def residents(force: Force, context: Context) -> None:
    """Three who chose road information around Hexley Moor, one of whom wants it weekly, on an account that can text."""
    alert_account(context, texts=True)
    here = {force.place.id or 0: 0.0}
    a_resident(context, topics=["roads"], places=here, phone="07700900123", by_text=True)
    a_resident(context, topics=["roads"], places=here)
    a_resident(context, topics=["roads"], places=here, frequency=Frequency.WEEKLY)
    a_resident(context, topics=["meetings"], places=here)


@pytest.mark.usefixtures("residents")
def test_a_new_post_goes_by_mail_to_residents_only_where_somebody_says_so(open_page: OpenPage, force: Force) -> None:
    app = open_page("write", as_person=force.author)
    assert app.multiselect(key="w_accounts").value == ["town-desk"]
    assert "w_alert_subject" not in [field.key for field in app.text_input]


def write_alert(app, *, urgent: bool = False):  # type: ignore[no-untyped-def]
    app.multiselect(key="w_accounts").set_value(["alerts"]).run()
    app.text_area(key="w_text").set_value("The moor road is closed by ice until noon. Please stay away.")
    app.selectbox(key="w_type").set_value("road_info")
    app.selectbox(key="w_place").set_value("Hexley Moor")
    app.radio(key="w_when").set_value("Now")
    app.text_input(key="w_alert_subject").set_value("Moor road closed")
    app.checkbox(key="w_alert_urgent").set_value(urgent)
    return app.run()


@pytest.mark.usefixtures("residents")
def test_an_alert_says_how_many_it_would_reach_and_is_kept_with_its_audience(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    app = write_alert(open_page("write", as_person=force.author))
    assert not app.exception
    assert app.selectbox(key="w_alert_topic").value == "roads", "the usual topic of the kind is proposed"
    assert "3 residents: 2 at once, 1 weekly." in text_of(app)
    app.button(key="w_send").click().run()
    assert not app.exception
    with context.database.read() as session:
        post = session.exec(select(Post)).one()
        alert = alert_of(session, post)
    assert alert is not None
    assert (alert.subject, alert.urgent, alert.audience.topic) == ("Moor road closed", False, "roads")
    assert alert.audience.place_ids == (force.place.id,)
    assert publish_due(context) == 1
    page = open_page("post", as_person=force.author, id=str(post.id))
    assert "Subject: Moor road closed\nTopic: Roads and road safety\nAreas: Hexley Moor" in text_of(page)
    assert "To 3 residents. It began" in text_of(page)
    assert "2 messages at once\n2 to be sent\n1 in a daily or weekly message, 1 of them still to come" in text_of(page)


@pytest.mark.usefixtures("residents")
def test_an_urgent_alert_tells_what_its_texts_cost_and_waits_for_a_supervisor(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    app = write_alert(open_page("write", as_person=force.author), urgent=True)
    said = text_of(app)
    assert "3 residents: 3 at once; 3 by e-mail, 1 by text." in said
    assert "1 text costs £0.0" in said
    assert "A supervisor must approve this post" in said
    app.button(key="w_send").click().run()
    with context.database.read() as session:
        post_id = session.exec(select(Post.id)).one() or 0
    with context.database.write() as session:
        ruth = find_or_add_person(session, "ruth.lane@woldershire.example", Role.SUPERVISOR, "Ruth Lane")
    read = text_of(open_page("post", as_person=ruth, id=str(post_id)))
    assert "If it went out now: 3 residents: 3 at once; 3 by e-mail, 1 by text." in read
    assert "1 text costs £0.0" in read
    approve_post(context, post_id, ruth)
    assert publish_due(context) == 1
    with context.database.read() as session:
        assert session.exec(select(Mailing.urgent)).one()


@pytest.mark.usefixtures("residents")
def test_an_alert_for_nobody_is_refused_in_words_and_one_is_opened_again_as_it_was(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    app = write_alert(open_page("write", as_person=force.author))
    app.multiselect(key="w_alert_groups").set_value(["business_watch"]).run()
    assert "Nobody would get this alert" in "\n".join(warning.value for warning in app.warning)
    app.button(key="w_save").click().run()
    assert "Nobody would get this alert" in text_of(app)
    app.multiselect(key="w_alert_groups").set_value([]).run()
    app.button(key="w_save").click().run()
    with context.database.read() as session:
        kept = session.exec(select(PostAudience)).one()
    again = open_page("write", as_person=force.author, id=str(kept.post_id))
    assert again.text_input(key="w_alert_subject").value == "Moor road closed"
    assert again.multiselect(key="w_alert_areas").value == [force.place.id]


@pytest.mark.usefixtures("residents")
def test_whoever_takes_an_alert_down_chooses_what_is_said_to_those_who_got_it(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    app = write_alert(open_page("write", as_person=force.author))
    app.button(key="w_send").click().run()
    publish_due(context)
    with context.database.read() as session:
        post_id = session.exec(select(Post.id)).one() or 0
    page = open_page("post", as_person=force.corporate, id=str(post_id))
    assert page.text_area(key="p_correction").value.startswith(
        "Please disregard the message that we sent you on 1/6/2026"
    )
    page.text_input(key="p_why").set_value("The road is open.")
    page.checkbox(key="p_sure").set_value(True).run()
    page.text_area(key="p_correction").set_value("Moor Road closed: not so.").run()
    page.button(key="p_down").click().run()
    assert "repeats a name or the subject" in text_of(page)
    page.text_area(key="p_correction").set_value("Please forget what we wrote an hour ago.").run()
    page.button(key="p_down").click().run()
    assert "Taken back" in text_of(page)
    with context.database.read() as session:
        mailing = session.exec(select(Mailing)).one()
    assert mailing.stopped_at is not None
    assert mailing.correction == "Please forget what we wrote an hour ago."

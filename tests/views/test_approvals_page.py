"""Whoever approves sees the soonest first, with what changed, and decides with one press about what they read."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from scheduler.approvals import authors_of
from scheduler.planning import PostInput, approve_post, edit_post, plan_post, send_for_approval
from scheduler.queries import post_view
from scheduler.worker import publish_due
from social.campaigns import Campaign
from social.places import PlaceKind, find_or_add_place
from social.staff import Membership, Person, Role, find_or_add_person
from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only

DUE = datetime(2026, 6, 1, 15, 0)
SURVEY = PostInput("survey", "What matters to you?", ("town-desk",), DUE, place="Hexley Moor")


def waiting(force: Force, **changes: object) -> int:
    post_id = plan_post(force.context, replace(SURVEY, **changes), force.author)  # type: ignore[arg-type]
    assert send_for_approval(force.context, post_id, force.author) == "in_review"
    return post_id


def change(force: Force, post_id: int, text: str) -> None:
    """The author changes the words and hands the post in again."""
    with force.context.database.read() as session:
        version = post_view(session, post_id).post.version
    edit_post(force.context, post_id, replace(SURVEY, text=text), force.author, expected_version=version)
    send_for_approval(force.context, post_id, force.author)


def status(force: Force, post_id: int) -> str:
    with force.context.database.read() as session:
        return post_view(session, post_id).status


def headings(app: AppTest) -> list[str]:
    return [line.split(":")[0] for line in text_of(app).splitlines() if line.startswith("<h2") for line in [line[line.index(">") + 1 :]]]  # fmt: skip


def test_the_soonest_is_approved_with_one_press_and_the_next_is_there(force: Force, open_page: OpenPage) -> None:
    later = waiting(force, due_local=DUE + timedelta(hours=3))
    sooner = waiting(force, text="Which street first?\n---\nAnd which one last?")
    app = open_page("approvals", as_person=force.corporate)
    assert headings(app) == [f"Post {sooner}", f"Post {later}"]
    for said in ("Which street first?", "Part 2 of 2", "19 of 500 characters used"):
        assert said in text_of(app)
    assert "Written by Nia Abbot, sent" in text_of(app)
    force.context.clock.advance(timedelta(minutes=38))  # type: ignore[attr-defined]
    app.button(key=f"ap_approve_{sooner}").click().run()
    assert status(force, sooner) == "queued"
    assert headings(app) == [f"Post {later}"]
    app.button(key=f"ap_approve_{later}").click().run()
    assert "Nothing waits. 2 approved this week, median 38 minutes." in text_of(app)


def test_a_campaign_is_called_as_people_write_it(force: Force, open_page: OpenPage) -> None:
    post_id = waiting(force, campaign="christmas_drink_drive")
    assert "Campaign: Christmas drink drive" in text_of(open_page("approvals", as_person=force.corporate))
    with force.context.database.write() as session:
        who, now = force.corporate.id, force.context.clock.now()
        session.add(
            Campaign(name="christmas_drink_drive", title="None for the road", owner_id=who, made_at=now, made_by_id=who)
        )
    for app in (
        open_page("approvals", as_person=force.corporate),
        open_page("post", as_person=force.corporate, id=str(post_id)),
    ):
        assert "Campaign: None for the road" in text_of(app)
        assert "christmas_drink_drive" not in text_of(app)


def test_a_no_needs_its_reason_and_a_written_reason_is_never_approved_over(force: Force, open_page: OpenPage) -> None:
    back, dropped = waiting(force), waiting(force, due_local=DUE + timedelta(hours=1))
    app = open_page("approvals", as_person=force.corporate)
    app.button(key=f"ap_refuse_{back}").click().run()
    assert f"Post {back}: Say why it is refused" in text_of(app)
    app.text_input(key=f"ap_reason_{back}").input("Name the square.")
    app.button(key=f"ap_approve_{back}").click().run()
    assert "You have written a reason." in text_of(app)
    assert status(force, back) == "in_review"
    app.button(key=f"ap_changes_{back}").click().run()
    app.text_input(key=f"ap_reason_{dropped}").input("Asked last week.")
    app.button(key=f"ap_refuse_{dropped}").click().run()
    assert (status(force, back), status(force, dropped)) == ("draft", "discarded")


def test_what_changed_since_the_last_look_is_shown_until_it_changes_again(force: Force, open_page: OpenPage) -> None:
    post_id = waiting(force)
    assert "Changed since" not in text_of(open_page("approvals", as_person=force.corporate))
    change(force, post_id, "What matters most to you?")
    for _again in range(2):
        said = text_of(open_page("approvals", as_person=force.corporate))
        assert "Changed since you last looked" in said
        assert "most" in said.split("Changed since you last looked")[1].split("How it will look")[0]
    supervisor = add_supervisor(force)
    assert "Changed since" not in text_of(open_page("approvals", as_person=supervisor))
    approve_post(force.context, post_id, supervisor)
    change(force, post_id, "What matters most to you here?")
    assert "Changed since it was approved" in text_of(open_page("approvals", as_person=add_supervisor(force)))


def add_supervisor(force: Force) -> Person:
    with force.context.database.write() as session:
        return find_or_add_person(session, "sam.reed@woldershire.example", Role.SUPERVISOR, "Sam Reed")


def test_nothing_is_decided_about_words_that_changed_since_the_page_was_opened(
    force: Force, open_page: OpenPage
) -> None:
    post_id = waiting(force)
    app = open_page("approvals", as_person=force.corporate)
    change(force, post_id, "What matters most to you?")
    app.text_input(key=f"ap_reason_{post_id}").input("Too vague.")
    app.button(key=f"ap_refuse_{post_id}").click().run()
    said = text_of(app)
    assert f"Post {post_id}: The post was changed after you opened it." in said
    assert "Changed since you opened it" in said
    assert status(force, post_id) == "in_review"
    app.button(key=f"ap_refuse_{post_id}").click().run()
    assert status(force, post_id) == "discarded"


def test_a_late_post_gets_a_new_time_with_its_approval_and_never_goes_out_at_once(
    force: Force, open_page: OpenPage
) -> None:
    """R42."""
    post_id = waiting(force)
    force.context.clock.advance(timedelta(hours=6))  # type: ignore[attr-defined]
    app = open_page("approvals", as_person=force.corporate)
    assert any("Its time is over" in warning.value for warning in app.warning)
    app.button(key=f"ap_approve_{post_id}").click().run()
    assert status(force, post_id) == "queued"
    assert publish_due(force.context) == 0
    with force.context.database.read() as session:
        due = post_view(session, post_id).post.due_at
    assert due is not None
    assert due > force.context.clock.now()


def test_light_posts_are_approved_together_and_one_that_changed_unread_is_not(
    force: Force, open_page: OpenPage
) -> None:
    light = {"content_type": "trend_day", "text": "It is national pie day."}
    one, two, three = (waiting(force, **light, due_local=DUE + timedelta(hours=n)) for n in range(3))
    serious = waiting(force)
    app = open_page("approvals", as_person=force.corporate)
    assert not [box for box in app.checkbox if f"post {serious}," in box.label]
    for post_id in (one, two, three):
        app.checkbox(key=f"ap_pick_{post_id}_1").check()
    app.run()
    assert f"Post {one}: " in text_of(app).split("Approve these together")[1]
    edit_post(force.context, two, replace(SURVEY, **light | {"text": "Pie."}), force.author, expected_version=1)  # type: ignore[arg-type]
    send_for_approval(force.context, two, force.author)
    app.button(key="ap_together").click().run()
    assert [status(force, post_id) for post_id in (one, two, three)] == ["queued", "in_review", "queued"]
    assert f"Post {two}: The post was changed after you opened it." in text_of(app)


def test_everybody_sees_what_they_may_decide_and_the_address_narrows_it(force: Force, open_page: OpenPage) -> None:
    """R17, R41."""
    local, own = waiting(force), plan_post(force.context, SURVEY, add_supervisor(force))
    send_for_approval(force.context, own, add_supervisor(force))
    corporate = waiting(force, content_type="court_result", text="Sentenced today.", case_stage="sentenced")
    app = open_page("approvals", as_person=add_supervisor(force))
    assert headings(app) == [f"Post {local}"]
    assert "1 of your own waits for somebody else." in text_of(app)
    assert headings(open_page("approvals", as_person=force.corporate, id=str(corporate)))[0] == f"Post {corporate}"
    with force.context.database.write() as session:
        find_or_add_place(session, "Larkfield Rise", PlaceKind.NEIGHBOURHOOD)
    narrowed = open_page("approvals", as_person=force.corporate, ap_area="Larkfield Rise")
    assert "Nothing of that waits." in text_of(narrowed)
    refused = open_page("approvals", as_person=force.author)
    assert any("You may not approve" in error.value for error in refused.error)


def test_whoever_lost_the_right_while_the_page_was_open_approves_nothing(force: Force, open_page: OpenPage) -> None:
    post_id = waiting(force)
    app = open_page("approvals", as_person=force.corporate)
    with force.context.database.write() as session:
        elsewhere = find_or_add_place(session, "Larkfield Rise", PlaceKind.NEIGHBOURHOOD)
        session.add(Membership(person_id=force.corporate.id, place_id=elsewhere.id))
        assert session.exec(select(Membership)).one()
    app.button(key=f"ap_approve_{post_id}").click().run()
    assert f"Post {post_id}: Joel Marsh may not approve" in text_of(app)
    assert status(force, post_id) == "in_review"


def test_the_page_of_one_post_approves_nothing_unread_either(force: Force, open_page: OpenPage) -> None:
    post_id = waiting(force)
    app = open_page("post", as_person=force.corporate, id=str(post_id))
    change(force, post_id, "What matters most to you?")
    app.button(key="p_approve").click().run()
    assert "The post was changed after you opened it." in text_of(app)
    assert status(force, post_id) == "in_review"
    app.button(key="p_approve").click().run()
    assert status(force, post_id) == "queued"


def test_today_names_the_three_soonest_and_leads_to_all_that_wait(force: Force, open_page: OpenPage) -> None:
    for hours in range(4):
        waiting(force, text=f"Question {hours}", due_local=DUE + timedelta(hours=hours))
    app = open_page("today", as_person=force.corporate)
    assert [f"Question {hours}" in text_of(app) for hours in range(4)] == [True, True, True, False]
    assert "4 posts wait for approval" in [link.label for link in app.get("page_link")]


def test_words_that_are_used_again_keep_their_authors_and_get_a_time_to_come(force: Force, open_page: OpenPage) -> None:
    """R17."""
    old = force.publish(text="Officers are at the library until 4pm.")
    assert "Use again" in [link.label for link in open_page("post", force.corporate, id=str(old)).get("page_link")]
    app = open_page("write", force.corporate, again=str(old))
    assert app.text_area(key="w_text").value == "Officers are at the library until 4pm."
    del app.query_params["again"]
    app.button(key="w_send").click().run()
    with force.context.database.read() as session:
        view = post_view(session, old + 1)
        assert authors_of(session, view.post) == {force.author.id, force.corporate.id}
    assert (view.post.taken_from_id, view.status) == (old, "queued")
    assert view.post.due_at is not None
    assert view.post.due_at > force.context.clock.now()


def test_words_that_are_used_again_keep_their_area_or_it_is_said_why_not(force: Force, open_page: OpenPage) -> None:
    old = force.publish()
    with force.context.database.write() as session:
        own = find_or_add_place(session, "Elderwick", PlaceKind.NEIGHBOURHOOD)
        session.add(Membership(person_id=force.author.id, place_id=own.id))
    free = open_page("write", force.corporate, again=str(old))
    assert free.selectbox(key="w_place").value == "Hexley Moor"
    assert "you may not plan posts" not in text_of(free)
    bound = open_page("write", force.author, again=str(old))
    assert bound.selectbox(key="w_place").value == "Elderwick"
    assert f"Post {old} is about Hexley Moor, for which you may not plan posts." in text_of(bound)

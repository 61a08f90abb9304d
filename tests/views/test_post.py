"""One post's page: its story, and the buttons that this person has for it."""

from datetime import date, time, timedelta

import pytest
from sqlmodel import select

from scheduler.entries import Entry
from scheduler.planning import ask_for_changes, send_for_approval, withdraw_post
from scheduler.worker import publish_due
from social.channels.base import Draft, Published
from social.channels.memory import MemoryChannel
from social.context import Context
from social.errors import Refused, TryLater
from social.measurements import Measurement, Metric
from social.publications import Publication
from social.staff import Role, find_or_add_person
from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


def state(context: Context) -> str:
    with context.database.read() as session:
        return session.exec(select(Entry.state)).one()


def test_another_person_approves_and_the_post_goes_on(force: Force, context: Context, open_page: OpenPage) -> None:
    post_id = force.plan(kind="survey", text="Which street should we walk next?")
    app = open_page("post", as_person=force.corporate, id=str(post_id))
    app.button(key="p_approve").click().run()
    assert not app.exception
    assert state(context) == "queued"
    assert any(said.value == "Approved." for said in app.success)


def test_a_late_approval_says_that_the_post_is_held_and_a_person_sends_it_with_one_button(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    """R42: who chose Now wrote a minute before anybody could approve it."""
    post_id = force.plan(kind="survey", text="Which street should we walk next?")
    context.clock.advance(timedelta(hours=2))  # type: ignore[attr-defined]  # the tests' own clock
    app = open_page("post", as_person=force.corporate, id=str(post_id))
    assert "Its time is over." in text_of(app)
    app.button(key="p_approve").click().run()
    assert state(context) == "held"
    assert any("Approved, and held" in said.value for said in app.success)
    app.button(key="p_now").click().run()
    assert not app.exception
    assert state(context) == "queued"
    assert publish_due(context) == 1
    assert "p_now" not in [
        button.key for button in open_page("post", as_person=force.corporate, id=str(post_id)).button
    ]


def test_the_author_has_no_button_to_approve_with(force: Force, context: Context, open_page: OpenPage) -> None:
    with context.database.write() as session:
        force.author.role = Role.SUPERVISOR.value
        session.add(force.author)
    post_id = force.plan(kind="survey", text="Which street should we walk next?")
    app = open_page("post", as_person=force.author, id=str(post_id))
    assert "p_approve" not in [button.key for button in app.button]
    assert "You wrote this post, so somebody else must approve it." in text_of(app)


def test_asking_for_changes_needs_a_reason_and_then_sends_the_post_back(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    post_id = force.plan(kind="survey", text="Which street should we walk next?")
    app = open_page("post", as_person=force.corporate, id=str(post_id))
    app.button(key="p_changes").click().run()
    assert "Say what should change" in text_of(app)
    assert state(context) == "in_review"
    app.text_input(key="p_reason").set_value("Name the streets.").run()
    app.button(key="p_changes").click().run()
    assert state(context) == "draft"
    assert "Sent back, by Joel Marsh. Name the streets." in text_of(app)


def test_a_post_is_moved_to_another_time(force: Force, context: Context, open_page: OpenPage) -> None:
    post_id = force.plan()
    app = open_page("post", as_person=force.author, id=str(post_id))
    app.date_input(key="p_day").set_value(date(2026, 6, 3))
    app.time_input(key="p_time").set_value(time(17, 30)).run()
    app.button(key="p_move").click().run()
    with context.database.read() as session:
        assert f"{session.exec(select(Entry.due_at)).one():%d %H:%M}" == "03 16:30"
    assert "Due: Wednesday 3 June 2026, 5:30pm" in text_of(app)


def test_a_post_is_discarded(force: Force, context: Context, open_page: OpenPage) -> None:
    post_id = force.plan()
    open_page("post", as_person=force.author, id=str(post_id)).button(key="p_discard").click().run()
    assert state(context) == "discarded"


def test_a_live_post_is_taken_down_by_whoever_may(force: Force, context: Context, open_page: OpenPage) -> None:
    post_id = force.publish()
    assert "p_down" not in [b.key for b in open_page("post", as_person=force.author, id=str(post_id)).button]
    app = open_page("post", as_person=force.corporate, id=str(post_id))
    assert app.button(key="p_down").disabled
    app.text_input(key="p_why").set_value("The person was found.").run()
    app.checkbox(key="p_sure").set_value(True).run()
    app.button(key="p_down").click().run()
    assert state(context) == "withdrawn"
    assert not force.network.live_posts


def test_a_network_that_will_not_take_it_down_is_told(force: Force, context: Context, open_page: OpenPage) -> None:
    post_id = force.publish()
    force.network.fail_next("withdraw", TryLater("memory", "withdraw", "503", "The network is busy."))
    app = open_page("post", as_person=force.corporate, id=str(post_id))
    app.text_input(key="p_why").set_value("The person was found.").run()
    app.checkbox(key="p_sure").set_value(True).run()
    app.button(key="p_down").click().run()
    assert any(header.value == "There is a problem" for header in app.header)
    assert "The network is busy." in text_of(app)
    assert state(context) == "published"


def test_figures_that_were_not_reported_are_said_to_be_so(force: Force, context: Context, open_page: OpenPage) -> None:
    post_id = force.publish()
    with context.database.write() as session:
        publication = session.exec(select(Publication)).one()
        now = context.clock.now()
        session.add(
            Measurement(
                publication_id=publication.id,
                metric=Metric.REACTIONS.value,
                value=4,
                source_metric="test",
                fetched_at=now,
                checked_at=now,
            )
        )
    shown = {metric.label: metric.value for metric in open_page("post", id=str(post_id)).metric}
    assert (shown["Reach"], shown["Engagement"]) == ("not reported", "4")


def test_a_post_that_has_just_gone_out_has_no_figures_yet(force: Force, context: Context, open_page: OpenPage) -> None:
    post_id = force.publish()
    app = open_page("post", id=str(post_id))
    assert not app.metric
    assert "No figures yet" in text_of(app)


def test_a_post_tells_its_story_without_codes(force: Force, open_page: OpenPage) -> None:
    app = open_page("post", id=str(force.publish()))
    story = "\n".join(line.value for line in app.text if not line.value.startswith("Entry "))
    assert "Approved, by Beatline: this kind of post needs no approval" in story
    assert "Approval: this kind of post needs none" in story
    assert "by rule" not in story
    assert not [expander.label for expander in app.expander if "entry" in expander.label]


def test_what_happened_twice_in_one_minute_is_told_twice(force: Force, context: Context, open_page: OpenPage) -> None:
    post_id = force.plan(kind="survey", text="Which street should we walk next?")
    ask_for_changes(context, post_id, force.corporate, "Name the streets.")
    send_for_approval(context, post_id, force.author)
    story = [line.value for line in open_page("post", id=str(post_id)).text]
    assert len([line for line in story if line.endswith("Sent for approval, by Nia Abbot")]) == 2


def test_what_was_taken_down_is_not_offered_on_the_network(force: Force, context: Context, open_page: OpenPage) -> None:
    post_id = force.publish()
    withdraw_post(context, post_id, force.corporate, "The person was found.")
    assert not open_page("post", id=str(post_id)).get("link_button")


def test_a_number_that_is_no_post_is_told(open_page: OpenPage, force: Force) -> None:
    app = open_page("post", id="4711")
    assert not app.exception
    assert any(header.value == "There is a problem" for header in app.header)


@pytest.mark.parametrize("wanted", ["", "-1", "1; DROP TABLE post", "١", "²", "9" * 40])
def test_an_address_that_names_no_post_offers_the_latest(wanted: str, force: Force, open_page: OpenPage) -> None:
    force.plan()
    app = open_page("post", id=wanted)
    assert not app.exception
    assert "Choose one of the latest posts:" in text_of(app)


def test_a_link_of_the_network_that_is_no_web_address_is_not_offered(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    post_id = force.publish()

    def links() -> int:
        return len(open_page("post", id=str(post_id)).get("link_button"))

    assert links() == 1
    with context.database.write() as session:
        entry = session.exec(select(Entry)).one()
        entry.url = "javascript:alert(1)"
        session.add(entry)
    assert links() == 0


def test_a_supervisor_may_not_approve_what_corporate_communications_must(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    """R41: the page offers the button by role; the rule itself is asked when it is pressed."""
    with context.database.write() as session:
        supervisor = find_or_add_person(session, "ruth.lane@woldershire.example", Role.SUPERVISOR, "Ruth Lane")
    post_id = force.plan(kind="recruitment", text="Could you be a volunteer with us?")
    app = open_page("post", as_person=supervisor, id=str(post_id))
    app.button(key="p_approve").click().run()
    assert "may not approve" in text_of(app)
    assert state(context) == "in_review"


def test_an_approver_sees_what_the_checks_say(force: Force, open_page: OpenPage) -> None:
    """R13."""
    post_id = force.plan(kind="crime_update", text="A Romanian man is wanted after a theft.")
    said = text_of(open_page("post", as_person=force.corporate, id=str(post_id)))
    assert "Needs corporate communications" in said
    assert "'Romanian man' tells a suspect's nationality" in said


def test_a_thread_that_stopped_says_what_is_out_and_can_be_taken_down_and_not_changed(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    post_id = force.plan("We are at the library.\n---\nBring your bicycle.\n---\nWe mark it for nothing.")
    context.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]  # the tests' own clock
    publish = MemoryChannel.publish

    def refused_at_the_third(channel: MemoryChannel, draft: Draft, *, key: str) -> Published:
        if not draft.to_come:
            raise Refused("memory", "publish", "400", "No.")
        return publish(channel, draft, key=key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MemoryChannel, "publish", refused_at_the_third)
        publish_due(context)
    app = open_page("post", as_person=force.corporate, id=str(post_id))
    said = text_of(app)
    assert "Part 3 of 3" in said
    assert "2 of 3 parts are out." in said
    assert "Part 2 went out" in said
    assert "Change it" not in [link.label for link in app.get("page_link")]
    app.text_input(key="p_why").set_value("The wrong day.").run()
    app.checkbox(key="p_sure").check().run()
    app.button(key="p_down").click().run()
    assert (state(context), force.network.live_posts) == ("withdrawn", [])

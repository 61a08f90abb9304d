"""What waits on a person reaches them by mail once, as they chose, and says nothing that mail should not."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlmodel import select

from scheduler.alarming import look_after_alarms
from scheduler.notifying import tell_what_waits
from scheduler.planning import approve_post, ask_for_changes, plan_post, send_for_approval
from scheduler.worker import publish_due
from social.account_care import set_owner
from social.audit import AuditRecord
from social.errors import NotAllowed, Refused
from social.notices import GAP, How, Notice, choose, is_due
from social.staff import Person, Role, find_or_add_person
from tests.scheduler.helpers import Force
from tests.social.mail_server import MailServer

pytestmark = pytest.mark.sqlite_only
WORDS = "Secret words of a survey about Mill Road."


def look(force: Force) -> None:
    """The two jobs, as the worker runs them."""
    tell_what_waits(force.context)
    look_after_alarms(force.context)


def asks(force: Force, text: str = WORDS) -> int:
    """A post that waits for corporate communications."""
    post_id = plan_post(force.context, force.post(text, content_type="survey"), force.author)
    assert send_for_approval(force.context, post_id, force.author) == "in_review"
    return post_id


def to(server: MailServer, person: Person) -> list[str]:
    """The messages for this person: subject and text."""
    return [f"{one['Subject']}\n{one.get_content()}" for one in server.taken if one["To"] == person.email]


def test_whoever_may_approve_is_told_once_with_a_link_and_no_word_of_the_post(force: Force, server: MailServer) -> None:
    force.context.settings = replace(force.context.settings, address="https://beatline.example.org")
    post_id = asks(force)
    for _ in range(3):
        look(force)
        force.clock.advance(GAP)
    (told,) = to(server, force.corporate)
    assert f"https://beatline.example.org/approvals?id={post_id}" in told
    assert not any(word in told for word in ("Secret", "Mill", force.author.name))
    assert to(server, force.author) == [], "nobody is asked to approve their own"


def test_what_comes_up_meanwhile_goes_into_one_later_message(force: Force, server: MailServer) -> None:
    asks(force)
    look(force)
    asks(force, "And a second question.")
    asks(force, "A third one, of another kind.")
    look(force)
    assert len(to(server, force.corporate)) == 1
    force.clock.advance(GAP)
    look(force)
    (_, later) = to(server, force.corporate)
    assert "2 things wait" in later
    assert "2 posts wait for your approval" in later


def test_what_is_over_before_its_message_leaves_is_not_told(force: Force, server: MailServer) -> None:
    post_id = asks(force)
    tell_what_waits(force.context)
    approve_post(force.context, post_id, force.corporate)
    tell_what_waits(force.context)
    look_after_alarms(force.context)
    assert to(server, force.corporate) == []
    with force.context.database.read() as session:
        assert session.exec(select(Notice)).all() == []


def test_an_author_is_told_of_each_time_that_a_post_is_sent_back(force: Force, server: MailServer) -> None:
    post_id = asks(force)
    for times in (1, 2):
        ask_for_changes(force.context, post_id, force.corporate, "Add the link.")
        look(force)
        assert len(to(server, force.author)) == times
        send_for_approval(force.context, post_id, force.author)
        look(force)
        force.clock.advance(GAP)
    assert "sent back" in to(server, force.author)[0]
    assert "Add the link" not in to(server, force.author)[0]


def test_an_author_is_told_of_a_refused_post_where_the_alarm_tells_somebody_else(
    force: Force, server: MailServer
) -> None:
    with force.context.database.write() as session:
        keeper = find_or_add_person(session, "keeper@woldershire.example", Role.ADMINISTRATOR)
    set_owner(force.context, "hexley", force.supervisor, keeper)
    force.network().fail_next("publish", Refused("memory", "publish", "400", "No."))
    post_id = force.queued()
    publish_due(force.context)
    look(force)
    (told,) = to(server, force.author)
    assert "could not go out" in told
    assert f"post {post_id}" in told
    assert len(to(server, force.supervisor)) == 1, "the alarm"


def test_somebody_chooses_a_daily_note_or_none_and_it_is_on_record(force: Force, server: MailServer) -> None:
    choose(force.context, force.corporate, How.DAILY)
    force.clock.set(datetime(2026, 6, 1, 5, 0, tzinfo=UTC))  # 6am in the force's area
    asks(force)
    look(force)
    assert to(server, force.corporate) == []
    force.clock.set(datetime(2026, 6, 1, 7, 0, tzinfo=UTC))
    look(force)
    asks(force, "A later one.")
    force.clock.advance(timedelta(hours=5))
    look(force)
    assert len(to(server, force.corporate)) == 1
    force.clock.advance(timedelta(hours=24))
    look(force)
    assert len(to(server, force.corporate)) == 2
    choose(force.context, force.corporate, How.NONE)
    asks(force, "One that is told to nobody.")
    force.clock.advance(timedelta(days=2))
    look(force)
    assert len(to(server, force.corporate)) == 2
    with force.context.database.read() as session:
        rows = session.exec(select(AuditRecord).where(AuditRecord.action == "choose e-mails")).all()
    assert [row.after for row in rows] == ['{"how":"daily"}', '{"how":"none"}']


def test_who_was_shut_out_chooses_nothing(force: Force) -> None:
    with force.context.database.write() as session:
        gone = session.get_one(Person, force.author.id)
        gone.active = False
        session.add(gone)
    with pytest.raises(NotAllowed):
        choose(force.context, force.author, How.NONE)


def test_the_daily_note_follows_the_clock_on_the_wall_when_it_changes() -> None:
    told = datetime(2026, 10, 24, 7, 0, tzinfo=UTC)  # 8am in summer time
    assert not is_due(How.DAILY, told, datetime(2026, 10, 25, 7, 30, tzinfo=UTC), time(8)), "7:30am in winter time"
    assert is_due(How.DAILY, told, datetime(2026, 10, 25, 8, 0, tzinfo=UTC), time(8))

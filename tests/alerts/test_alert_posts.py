"""An alert is a post: the same checks, approval, holds and takedown, and its words go when its post's do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from scheduler.appeal_closing import close_appeal
from scheduler.audience_words import subject_from, topic_for
from scheduler.checks import FAMILIES, AlertFact, Subject, run_checks
from scheduler.erasing import erase_due
from scheduler.hold_kinds import HoldKind
from scheduler.holds import Order, place_hold
from scheduler.importing import import_posts
from scheduler.inputs import PostInput
from scheduler.planning import approve_post, edit_post, plan_post, send_for_approval, withdraw_post
from scheduler.post_audience import AlertInput, PostAudience
from scheduler.posts import Post
from scheduler.versions import changed_parts, versions_of
from scheduler.worker import publish_due
from social.account_care import set_budget
from social.accounts import Account
from social.alerts.audience import Audience, audience_from
from social.alerts.mailings import Mailing, Message, MessageKind
from social.budgets import spending_of
from social.context import Context
from social.errors import InputError, NotAllowed
from social.people import add_person
from social.places import PlaceKind, find_or_add_place
from social.staff import Person, Role, find_or_add_person
from tests.alerts.helpers import a_resident, alert_account
from tests.scheduler.conftest import dump as dump
from tests.scheduler.conftest import force as force
from tests.scheduler.helpers import Force

pytestmark = pytest.mark.sqlite_only

LINE = "Call 101, 999 in an emergency or Crimestoppers on 0800 555 111."


@pytest.fixture
def places(context: Context) -> tuple[int, int]:
    """Hexley Moor and Stonemere."""
    with context.database.write() as session:
        county = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        found = [
            find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD, county) for name in ("Hexley Moor", "Stonemere")
        ]
        session.flush()
        return found[0].id or 0, found[1].id or 0


@pytest.fixture
def account(force: Force, places: tuple[int, int]) -> Account:
    for _ in range(2):
        a_resident(
            force.context, places=[places[0]], topics=["appeals", "prevention"], phone="07700900123", by_text=True
        )
    return alert_account(force.context, texts=True)


def alert(force: Force, places: tuple[int, int], **changes: object) -> PostInput:
    asked = AlertInput("Sheds broken into", Audience("prevention", (places[0],)))
    wanted: dict[str, object] = {
        "content_type": "crime_prevention",
        "account_names": ("alerts",),
        "place": "Hexley Moor",
        "alert": asked,
        **changes,
    }
    return force.post(str(wanted.pop("text", "Please lock your sheds tonight.")), **wanted)


def test_an_alert_needs_a_subject_a_topic_an_area_and_somebody_to_read_it(
    force: Force, places: tuple[int, int], account: Account
) -> None:
    given = alert(force, places)
    assert given.alert is not None
    for wrong, said in (
        (None, "An alert needs a subject"),
        (replace(given.alert, subject=" "), "It has none yet."),
        (replace(given.alert, subject="x" * 101), "It has 101 characters."),
        (replace(given.alert, audience=Audience("", (places[0],))), "An alert needs a topic"),
        (replace(given.alert, audience=Audience("fraud", (places[0],))), "Nobody would get this alert"),
    ):
        with pytest.raises(InputError) as refused:
            plan_post(force.context, replace(given, alert=wrong), force.author)
        assert said in str(refused.value)
    nowhere = replace(given.alert, audience=Audience("prevention"))
    with pytest.raises(InputError, match="An alert needs an area"):
        plan_post(force.context, replace(given, place=None, alert=nowhere), force.author)
    post_id = plan_post(force.context, replace(given, alert=nowhere), force.author)
    with force.context.database.read() as session:
        kept = session.get_one(PostAudience, post_id)
    assert f'"place_ids": [{places[0]}]' in kept.audience, "the area that the post is about"


def test_a_subject_is_checked_like_the_words_and_a_post_that_is_no_alert_is_not_asked() -> None:
    asked = AlertFact("The Mayor will be there.", "meetings")
    codes = {
        finding.code
        for finding in run_checks(Subject("See you there.", channel="alert", alert=asked, content_type="event"))
    }
    assert "POLITICAL" in codes
    assert list(FAMILIES["alerts"](Subject("Ducks.", channel="facebook", answering=True))) == []
    assert list(FAMILIES["alerts"](Subject("Ducks.", channel="alert"))) == [], "a row of a file says nothing of it"
    long = Subject("Ducks. " * 200, channel="alert", alert=AlertFact("Ducks", "rural", True), length=1400)
    assert [finding.code for finding in FAMILIES["alerts"](long)] == ["ALERT_TEXT_CUT"]


def test_the_approval_covers_subject_audience_and_urgency_and_a_change_ends_it(
    force: Force, places: tuple[int, int], account: Account
) -> None:
    """R41: crime prevention alone needs nobody's yes; as an alert it needs a supervisor's."""
    given = alert(force, places, due_local=force.local_now() + timedelta(hours=2))
    assert given.alert is not None
    post_id = plan_post(force.context, given, force.author)
    assert send_for_approval(force.context, post_id, force.author) == "in_review"
    approve_post(force.context, post_id, force.supervisor)
    assert force.entry(post_id).state == "queued"
    changed = replace(given.alert, subject="Garages broken into", audience=Audience("prevention", places), urgent=True)
    edit_post(force.context, post_id, replace(given, alert=changed), force.author, expected_version=1)
    assert force.entry(post_id).state == "draft"
    with force.context.database.read() as session:
        parts = changed_parts(*versions_of(session, post_id))
        assert session.get_one(Post, post_id).approved_version is None
    assert set(parts) == {"Subject", "Areas of the alert", "Urgent"}
    assert (
        "".join(words for change, words in parts["Areas of the alert"] if change != "removed")
        == "Hexley Moor, Stonemere"
    )


def test_an_urgent_alert_of_any_kind_needs_a_supervisor_at_least(
    force: Force, places: tuple[int, int], account: Account
) -> None:
    given = alert(force, places, content_type="road_info")
    assert given.alert is not None
    post_id = plan_post(force.context, replace(given, alert=replace(given.alert, urgent=True)), force.author)
    assert send_for_approval(force.context, post_id, force.author) == "in_review"
    plain = plan_post(force.context, replace(given, text="The moor road is closed."), force.author)
    assert send_for_approval(force.context, plain, force.author) == "queued"


def test_who_acts_for_one_area_sends_no_alert_to_another(
    force: Force, places: tuple[int, int], account: Account
) -> None:
    """R17."""
    with force.context.database.write() as session:
        chief = find_or_add_person(session, "admin@woldershire.example", Role.ADMINISTRATOR)
    number = add_person(force.context, chief, email="sam.reed@woldershire.example", name="Sam Reed", role=Role.AUTHOR,
                     areas=[places[0]])  # fmt: skip
    with force.context.database.read() as session:
        sam = session.get_one(Person, number)
    given = alert(force, places)
    assert given.alert is not None
    wide = replace(given, alert=replace(given.alert, audience=Audience("prevention", places)))
    with pytest.raises(NotAllowed):
        plan_post(force.context, wide, sam)
    assert plan_post(force.context, given, sam)


def test_a_hold_on_its_area_stops_it(force: Force, places: tuple[int, int], account: Account) -> None:
    given = alert(force, places, place=None)
    post_id = plan_post(force.context, given, force.author)
    send_for_approval(force.context, post_id, force.author)
    approve_post(force.context, post_id, force.supervisor)
    place_hold(force.context, Order(HoldKind.CRITICAL_INCIDENT, "A siege.", places[0]), force.corporate)
    publish_due(force.context)
    assert force.entry(post_id).state == "held"
    with force.context.database.read() as session:
        assert session.exec(select(Mailing)).all() == []


def published(force: Force, given: PostInput) -> int:
    post_id = plan_post(force.context, given, force.author)
    if send_for_approval(force.context, post_id, force.author) == "in_review":
        approve_post(force.context, post_id, force.corporate)
    publish_due(force.context)
    return post_id


def test_it_is_taken_down_before_and_after_it_was_sent(force: Force, places: tuple[int, int], account: Account) -> None:
    later = alert(force, places, due_local=force.local_now() + timedelta(hours=2))
    waiting = published(force, later)
    withdraw_post(force.context, waiting, force.corporate, "It is not true.")
    assert force.entry(waiting).state == "held"
    out = published(force, alert(force, places, text="Please lock your garages tonight."))
    assert force.entry(out).state == "published"
    with force.context.database.write() as session:
        first = session.exec(select(Message)).first()
        assert first is not None
        first.state = "sent"
        session.add(first)
    assert withdraw_post(force.context, out, force.corporate, "It is not true.", "Please forget what we wrote.") == 1
    assert force.entry(out).state == "withdrawn"
    with force.context.database.read() as session:
        alerts = select(Message.state).where(Message.kind == MessageKind.ALERT.value)
        assert sorted(session.exec(alerts)) == ["sent", "stopped"]
        correction = session.exec(select(Mailing).where(col(Mailing.corrects_id).is_not(None))).one()
        assert correction.text == "Please forget what we wrote."


def test_texts_are_paid_for_before_they_leave_and_the_budget_stops_them(
    force: Force, places: tuple[int, int], account: Account
) -> None:
    """Two residents, one part each at 2.4 pence."""
    administrator_budget(force, 1)
    urgent = alert(force, places)
    assert urgent.alert is not None
    urgent = replace(urgent, alert=replace(urgent.alert, urgent=True))
    waits = published(force, urgent)
    assert force.entry(waits).state == "queued"
    assert "budget" in (force.entry(waits).reason or "")
    plain = published(force, alert(force, places, text="By e-mail alone."))
    assert force.entry(plain).state == "published", "mail costs nothing"
    administrator_budget(force, 100)
    again = published(force, replace(urgent, text="Keep away from the quarry."))
    assert force.entry(again).state == "published"
    with force.context.database.read() as session:
        spent = spending_of(session, account.id or 0, force.clock.now()).money
        assert len(session.exec(select(Message).where(Message.way == "text")).all()) == 2
    assert 2 * 2400 <= spent <= 4 * 2400


def administrator_budget(force: Force, pence: int) -> None:
    with force.context.database.write() as session:
        person = find_or_add_person(session, "admin@woldershire.example", Role.ADMINISTRATOR)
    set_budget(force.context, "alerts", person, pence=pence, posts=None, reads=None)


def test_an_alert_that_ended_is_forgotten_with_its_appeal(
    force: Force, places: tuple[int, int], account: Account, dump: Callable[[], list[str]]
) -> None:
    """R10: no word of it stays, of mailing, version or post; how many were told does."""
    asked = AlertInput("Have you seen Oriel Tamsett?", Audience("appeals", (places[0],)))
    given = alert(force, places, content_type="appeal_missing", appeal_ref="WD-77", alert=asked, link="https://www.example.org/oriel",
                  text="Oriel Tamsett, 34, is missing. She wears a harebell locket. Call 101, or 999 if you see her now.")  # fmt: skip
    published(force, given)
    assert any("harebell" in line for line in dump())
    with force.context.database.write() as session:
        for message in session.exec(select(Message)):
            message.state = "sent"
    close_appeal(force.context, "WD-77", "found", force.corporate, "She is safe.")
    erase_due(force.context)
    left = "\n".join(dump())
    for secret in ("Tamsett", "harebell", "/oriel"):
        assert secret not in left
    with force.context.database.read() as session:
        alerted, correction = session.exec(select(Mailing).order_by(col(Mailing.id))).all()
    assert alerted.erased_at is not None
    assert (alerted.members, correction.members) == (2, 2)
    assert "Please disregard the message" in correction.text


def test_a_file_of_posts_brings_alerts_with_what_most_of_their_kind_have(
    force: Force, places: tuple[int, int], account: Account, tmp_path: Path
) -> None:
    file = tmp_path / "posts.csv"
    file.write_text(
        "post_id,content_type,channel,neighbourhood,force,scheduled_local,text,alert_topic,alert_urgent,alert_groups\n"
        "1,crime_prevention,alert,Hexley Moor,Woldershire Police,2026-06-01T12:15,Lock your shed. Mark your bike.,,,\n"
        "2,road_info,alert,Hexley Moor,Woldershire Police,2026-06-01T12:30,The moor road is closed.,appeals,yes,schools\n",
        encoding="utf-8",
    )
    import_posts(force.context, file)
    with force.context.database.read() as session:
        first, second = session.exec(select(PostAudience).order_by(col(PostAudience.post_id))).all()
    assert (first.subject, first.urgent) == ("Lock your shed", False)
    assert audience_from(first.audience) == Audience("prevention", (places[0],))
    assert (second.subject, second.urgent) == ("The moor road is closed", True)
    assert audience_from(second.audience) == Audience("appeals", (places[0],), groups_in=("schools",))
    file.write_text(
        file.read_text(encoding="utf-8").replace("appeals,yes,schools", "apeals,maybe,school"), encoding="utf-8"
    )
    with pytest.raises(InputError) as refused:
        import_posts(force.context, file)
    assert {problem.column for problem in refused.value.problems} == {"alert_topic", "alert_urgent", "alert_groups"}
    assert (topic_for("appeal_missing"), topic_for("lighthearted")) == ("missing", "")
    assert subject_from("A " + "very " * 40 + "long sentence.").endswith("very ...")

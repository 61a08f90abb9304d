"""What an approval is worth: who may give it, what is kept with it, what ends it, and how it is refused (R17, R41)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from scheduler.content_types import CONTENT_TYPES
from scheduler.decisions import Hold, Publish, Situation, decide
from scheduler.planning import (
    approve_post,
    ask_for_changes,
    edit_post,
    plan_post,
    refuse_post,
    send_for_approval,
)
from scheduler.posts import Post
from scheduler.queries import post_view
from scheduler.worker import publish_due
from social.audit import AuditRecord
from social.errors import InputError, NotAllowed
from social.places import PlaceKind, find_or_add_place
from social.staff import Role, find_or_add_person
from tests.conftest import START
from tests.scheduler.helpers import Force, picture

READY = Situation(
    kind=CONTENT_TYPES["survey"], due_at=START, approval="supervisor", version=2, approved_version=2, author=1,
    approved_by=2,
)  # fmt: skip


def in_review(force: Force, **changes: object) -> int:
    post_id = plan_post(force.context, force.post(**{"content_type": "survey", **changes}), force.author)
    send_for_approval(force.context, post_id, force.author)
    return post_id


def audited(force: Force, action: str) -> list[str]:
    with force.context.database.read() as session:
        return [row.after or "" for row in session.exec(select(AuditRecord).where(AuditRecord.action == action))]


def test_whoever_changed_a_post_is_one_of_its_authors(force: Force) -> None:
    """R17: also when somebody else changed it after them."""
    post_id = in_review(force)
    edit_post(force.context, post_id, force.post("Geese.", content_type="survey"), force.supervisor, expected_version=1)
    edit_post(force.context, post_id, force.post("Swans.", content_type="survey"), force.author, expected_version=2)
    send_for_approval(force.context, post_id, force.author)
    with pytest.raises(NotAllowed, match="changed"):
        approve_post(force.context, post_id, force.supervisor)
    approve_post(force.context, post_id, force.corporate)


def test_the_worker_asks_again_who_wrote_it_and_at_what_level_it_was_approved() -> None:
    """R17, R41."""
    assert isinstance(decide(READY, now=START), Publish)
    assert isinstance(decide(replace(READY, editors=frozenset({2})), now=START), Hold)
    raised = replace(READY, approval="corporate", approved_level="supervisor")
    decision = decide(raised, now=START)
    assert isinstance(decision, Hold)
    assert "corporate communications" in decision.reason
    assert isinstance(decide(replace(raised, approved_level="corporate"), now=START), Publish)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Other words."},
        {"variants": {"memory": "Words for one network."}},
        {"link": "https://www.woldershire.police.uk/survey"},
        {"place": "Hexley Moor"},
        {"media": (picture(),)},
        {"account_names": ("hexley", "second")},
        {"case_stage": "sentenced"},
        {"campaign": "ducks"},
        {},
    ],
    ids=lambda change: next(iter(change), "nothing"),
)
def test_any_edit_ends_the_approval(force: Force, change: dict[str, object]) -> None:
    force.add_account("second")
    with force.context.database.write() as session:
        find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD)
    later = force.local_now() + timedelta(hours=1)
    post_id = force.queued(content_type="survey", due_local=later)
    given = force.post(**{"content_type": "survey", "due_local": later, **change})
    edit_post(force.context, post_id, given, force.author, expected_version=1)
    assert {entry.state for entry in force.entries(post_id)} == {"draft"}
    force.clock.advance(timedelta(hours=1))
    publish_due(force.context)
    assert not force.network().sent


def test_a_change_of_the_description_alone_ends_it_too(force: Force) -> None:
    """R32: what is read out is part of what was approved."""
    later = force.local_now() + timedelta(hours=1)
    post_id = force.queued(content_type="survey", due_local=later, media=(picture(),))
    given = force.post(content_type="survey", due_local=later, media=(picture("Nine ducks."),))
    edit_post(force.context, post_id, given, force.author, expected_version=1)
    assert force.entry(post_id).state == "draft"


def test_what_the_checks_said_is_kept_with_the_approval(force: Force) -> None:
    post_id = in_review(force, text="A woman was mugged on Mill Road. Ducks! 🦆🦆🦆🦆")
    approve_post(force.context, post_id, force.supervisor)
    with force.context.database.read() as session:
        post = session.get_one(Post, post_id)
        reasons = [step.reason for step in post_view(session, post_id).history if step.event == "approve"]
    assert post.approved_level == "supervisor"
    assert reasons == ["The checks said: WORDING, EMOJI_RUN."]
    assert audited(force, "approve post") == ['{"findings":["WORDING","EMOJI_RUN"],"level":"supervisor","version":1}']


def test_what_is_stopped_now_cannot_be_approved_and_the_finding_is_told(force: Force) -> None:
    """R03: it was sound when it was written; then the stage changed."""
    post_id = in_review(force, text="A man well known to us was at the market.", content_type="crime_update")
    with force.context.database.write() as session:
        session.get_one(Post, post_id).case_stage = "arrested"
    with pytest.raises(InputError) as caught:
        approve_post(force.context, post_id, force.corporate)
    assert "'well known to us'" in str(caught.value)
    assert "(R03)" in str(caught.value)
    assert force.entry(post_id).state == "in_review"
    assert audited(force, "approve post") == []


@pytest.mark.parametrize("say_no", [ask_for_changes, refuse_post])
def test_saying_no_needs_a_reason_and_somebody_who_may(force: Force, say_no: object) -> None:
    assert callable(say_no)
    post_id = in_review(force)
    with pytest.raises(InputError, match="Say"):
        say_no(force.context, post_id, force.supervisor, "  ")
    with pytest.raises(NotAllowed):
        say_no(force.context, post_id, force.author, "No.")
    with force.context.database.write() as session:
        reader = find_or_add_person(session, "reader@woldershire.example", Role.READER)
    with pytest.raises(NotAllowed):
        say_no(force.context, post_id, reader, "No.")
    assert force.entry(post_id).state == "in_review"


def test_a_refused_post_is_discarded_with_its_reason(force: Force) -> None:
    post_id = in_review(force)
    refuse_post(force.context, post_id, force.supervisor, "We do not joke about this.")
    entry = force.entry(post_id)
    assert (entry.state, entry.reason) == ("discarded", "Refused: We do not joke about this.")
    assert audited(force, "refuse post") == ['{"version":1}']
    with pytest.raises(InputError, match="not waiting"):
        refuse_post(force.context, post_id, force.supervisor, "Again.")


def test_a_level_that_rose_after_the_approval_holds_the_post(force: Force) -> None:
    """R36, R41: a supervisor's word is not enough for what is political now."""
    later = force.local_now() + timedelta(hours=1)
    post_id = in_review(force, due_local=later)
    approve_post(force.context, post_id, force.supervisor)
    with force.context.database.write() as session:
        session.get_one(Post, post_id).text = "Councillor Jo Marsh opened the survey."
    force.clock.advance(timedelta(hours=1))
    publish_due(force.context)
    assert force.entry(post_id).state == "held"
    assert "corporate communications" in (force.entry(post_id).reason or "")
    assert not force.network().sent

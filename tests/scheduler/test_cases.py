"""What a case's stage does to the posts that carry its reference (R01-R03, R05, R06)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from scheduler.appeals import appeal_with
from scheduler.case_stages import end_exception, record_exception, set_stage
from scheduler.cases import CaseRecord, CaseStage
from scheduler.planning import (
    approve_post,
    discard_post,
    edit_post,
    findings_for,
    move_post,
    plan_post,
    send_for_approval,
)
from scheduler.posts import Post
from scheduler.rechecking import MOST, Rechecked
from scheduler.worker import publish_due
from social.audit import AuditRecord
from social.channels.base import Draft, Published
from social.channels.memory import MemoryChannel
from social.errors import BeatlineError, InputError, NotAllowed, Refused
from social.places import PlaceKind, find_or_add_place
from social.staff import Membership, Role, find_or_add_person
from tests.scheduler.helpers import Force

pytestmark = pytest.mark.sqlite_only
GUILTY = "The man we arrested for the Hexley Moor burglaries is well known to us. Great work by the team!"
PLAIN = "Officers carried out checks in Hexley Moor after the burglaries. Call 101 with information."


def stage(force: Force, to: str, reference: str = "WD-5", **more: Any) -> Rechecked:
    return set_stage(force.context, reference, to, force.corporate, "The enquiry told us.", **more).rechecked


def planned(force: Force, text: str = PLAIN, **changes: Any) -> int:
    given = {"content_type": "crime_update", "appeal_ref": "WD-5", "case_stage": "none",
             "due_local": force.local_now() + timedelta(hours=1)}  # fmt: skip
    return force.queued(text, **{**given, **changes})


def test_what_may_not_be_said_at_the_new_stage_is_held_with_the_finding_named(force: Force) -> None:
    """R03: words of guilt are no contempt before anybody is arrested, and are from then on."""
    post_id = planned(force, "Burglars of Hexley Moor: we know who you are, and you are scum. Call 101.")
    done = stage(force, "arrested")
    entry = force.entry(post_id)
    assert (done.held, entry.state) == ((post_id,), "held")
    assert entry.reason is not None
    assert "Arrested".lower() in entry.reason
    assert "(R03)" in entry.reason


def test_what_needs_a_higher_approval_loses_its_approval_and_goes_to_review(force: Force) -> None:
    """R02: a name that was no suspect's is a defendant's once there is a charge."""
    given = force.post("Derek Pellow, 41, of Hexley Moor, is helping us with our burglary campaign.",
                       content_type="crime_update", appeal_ref="WD-5", due_local=force.local_now() + timedelta(hours=1))  # fmt: skip
    post_id = plan_post(force.context, given, force.author)
    send_for_approval(force.context, post_id, force.author)
    approve_post(force.context, post_id, force.supervisor)
    assert stage(force, "charged").to_review == (post_id,)
    assert force.entry(post_id).state == "in_review"
    with force.context.database.read() as session:
        post = session.get_one(Post, post_id)
    assert (post.approved_version, post.approved_by_id) == (None, None)
    with pytest.raises(NotAllowed):
        approve_post(force.context, post_id, force.supervisor)
    approve_post(force.context, post_id, force.corporate)
    assert force.entry(post_id).state == "queued"


def test_what_is_still_right_stays_queued(force: Force) -> None:
    post_id = planned(force)
    assert stage(force, "arrested") == Rechecked()
    assert force.entry(post_id).state == "queued"


def test_a_post_of_another_reference_is_left_alone(force: Force) -> None:
    post_id = planned(force, "Burglars of Hexley Moor, you are scum. Call 101.", appeal_ref="WD-6")
    stage(force, "arrested")
    assert force.entry(post_id).state == "queued"


@pytest.mark.parametrize("typed", ["OP-Larch", " op-larch ", "OP-LARCH"])
def test_a_stage_change_reaches_a_post_whose_reference_was_typed_in_other_capitals(force: Force, typed: str) -> None:
    """R03."""
    post_id = planned(force, "Burglars of Hexley Moor, you are scum. Call 101.", appeal_ref=typed)
    assert stage(force, "arrested", "op-LARCH").held == (post_id,)
    found = findings_for(force.context, force.post(
        "Burglars of Hexley Moor, you are scum.", content_type="crime_update", appeal_ref=typed))  # fmt: skip
    assert "SUB_JUDICE" in {finding.code for finding in found}
    stage(force, "charged", "Op-Larch")
    with force.context.database.read() as session:
        assert [case.reference for case in session.exec(select(CaseRecord))] == ["OP-LARCH"]


def test_spaces_inside_a_reference_make_no_other_case(force: Force) -> None:
    post_id = planned(force, "Burglars of Hexley Moor, you are scum. Call 101.", appeal_ref="Op  Larch")
    assert stage(force, "arrested", "OP LARCH").held == (post_id,)


def test_the_stage_of_the_moment_of_publishing_counts(force: Force) -> None:
    """R03: a post that is planned after the change, and says nothing of a stage itself."""
    stage(force, "arrested")
    found = {f.code for f in findings_for(force.context, force.post(
        "Burglars of Hexley Moor, you are scum.", content_type="crime_update", appeal_ref="WD-5"))}  # fmt: skip
    assert "SUB_JUDICE" in found
    post_id = planned(force)
    with force.context.database.write() as session:
        session.get_one(Post, post_id).text = "Burglars of Hexley Moor, you are scum. Call 101."
    force.clock.advance(timedelta(hours=1))
    publish_due(force.context)
    assert not force.network().posts


def test_a_live_post_that_could_not_go_out_now_is_named(force: Force) -> None:
    post_id = planned(force, "Burglars of Hexley Moor, you are scum. Call 101.", due_local=force.local_now())
    publish_due(force.context)
    assert stage(force, "arrested").live == (post_id,)


def test_a_thread_of_which_a_part_is_live_is_named_and_waits_for_an_end_or_its_removal(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R02: it cannot be approved again, as its words stay what they are."""
    really = MemoryChannel.publish

    def publish(channel: MemoryChannel, draft: Draft, *, key: str) -> Published:
        if not draft.to_come:
            raise Refused("memory", "publish", "400", "No.")
        return really(channel, draft, key=key)

    monkeypatch.setattr(MemoryChannel, "publish", publish)
    blamed = planned(force, "Burglars of Hexley Moor, you are scum. Call 101.\n---\nMore.", due_local=force.local_now())
    words = "Derek Pellow, 41, of Hexley Moor, is helping us with our burglary campaign.\n---\nMore tomorrow."
    given = force.post(words, content_type="crime_update", appeal_ref="WD-5")
    post_id = plan_post(force.context, given, force.author)
    send_for_approval(force.context, post_id, force.author)
    approve_post(force.context, post_id, force.supervisor)
    publish_due(force.context)
    with pytest.raises(BeatlineError, match="Let the rest go on"):
        edit_post(force.context, post_id, force.post(), force.author, expected_version=1)
    done = stage(force, "charged")
    assert (done.live, done.to_review, force.entry(post_id).state) == ((blamed,), (post_id,), "held")
    advice = "Its approval has ended, so the rest cannot go on. End it there, or take it down."
    with pytest.raises(BeatlineError, match=advice):
        move_post(force.context, post_id, force.local_now(), force.corporate)
    with pytest.raises(BeatlineError, match=advice):
        edit_post(force.context, post_id, force.post(), force.author, expected_version=1)
    discard_post(force.context, post_id, force.author)
    assert force.entry(post_id).state == "published"


def test_many_posts_of_a_case_are_held_unseen_beyond_a_number(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST >= 100
    monkeypatch.setattr("scheduler.rechecking.MOST", 1)
    first, second = planned(force), planned(force, f"{PLAIN} Thank you.")
    assert stage(force, "arrested").held == (second,)
    assert (force.entry(first).state, force.entry(second).state) == ("queued", "held")


def test_an_arrest_ends_the_wanted_appeal_of_the_same_reference(force: Force) -> None:
    """R08."""
    text = "Wanted after a burglary in Hexley Moor. Call 101, 999 or Crimestoppers on 0800 555 111."
    force.queued(text, content_type="appeal_wanted", appeal_ref="WD-5", case_stage="suspect")
    publish_due(force.context)
    done = set_stage(force.context, "WD-5", "arrested", force.corporate, "Arrested in Elderwick.")
    assert done.closed is not None
    assert done.closed.gone == 1
    assert not force.network().live_posts
    with force.context.database.read() as session:
        appeal = appeal_with(session, "WD-5")
    assert appeal is not None
    assert appeal.status == "arrested"


def test_the_stages_of_a_case_are_kept_with_who_and_why(force: Force) -> None:
    stage(force, "arrested")
    stage(force, "charged", offence_class="sexual", involves_under_18=True)
    with force.context.database.read() as session:
        moves = [(row.from_stage, row.to_stage, row.actor) for row in session.exec(select(CaseStage))]
        case = session.exec(select(CaseRecord)).one()
        recorded = session.exec(select(AuditRecord.action).where(AuditRecord.subject_kind == "case")).all()
    assert moves == [("none", "arrested", force.corporate.email), ("arrested", "charged", force.corporate.email)]
    assert (case.offence_class, case.involves_under_18) == ("sexual", True)
    assert recorded.count("change stage") == 2


@pytest.mark.parametrize(
    ("reference", "to", "reason", "said"),
    [
        ("", "arrested", "Why not.", "reference"),
        ("WD-5", "jailed", "Why not.", "no stage"),
        ("WD-5", "arrested", " ", "Say why"),
    ],
)
def test_what_cannot_be_used_is_refused(force: Force, reference: str, to: str, reason: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        set_stage(force.context, reference, to, force.corporate, reason)


def test_an_author_and_another_teams_supervisor_may_not_change_a_case(force: Force) -> None:
    post_id = planned(force, place="Hexley Moor")
    with force.context.database.write() as session:
        elsewhere = find_or_add_place(session, "Elderwick", PlaceKind.NEIGHBOURHOOD)
        other = find_or_add_person(session, "other@woldershire.example", Role.SUPERVISOR)
        session.add(Membership(person_id=other.id, place_id=elsewhere.id))
    for person in (force.author, other):
        with pytest.raises(NotAllowed):
            set_stage(force.context, "WD-5", "arrested", person, "I say so.")
    assert force.entry(post_id).state == "queued"


# A name before charge


NAMED = "Derek Pellow, 41, of Hexley Moor, has been arrested on suspicion of burglary."


def levels(force: Force) -> set[str]:
    given = force.post(NAMED, content_type="arrest_update", appeal_ref="WD-5", case_stage="arrested")
    return {finding.level for finding in findings_for(force.context, given) if finding.code == "NAMES_SUSPECT"}


def test_a_name_stops_a_post_unless_a_senior_leads_exception_is_recorded(force: Force) -> None:
    """R01: then corporate communications decide."""
    assert levels(force) == {"block"}
    kept = record_exception(force.context, force.corporate, decided_by="Detective Superintendent",
                            why="He is a danger to the public.", reference="WD-5")  # fmt: skip
    stage(force, "arrested")
    assert levels(force) == {"needs_approval"}
    end_exception(force.context, kept, force.corporate, "No longer needed.")
    assert levels(force) == {"block"}


def test_nobody_is_named_where_somebody_under_18_is_involved(force: Force) -> None:
    """R02, R06: not even with an exception that was recorded before that was known."""
    record_exception(force.context, force.corporate, decided_by="Detective Superintendent",
                     why="He is a danger to the public.", reference="WD-5")  # fmt: skip
    stage(force, "arrested", involves_under_18=True)
    assert levels(force) == {"block"}
    with pytest.raises(InputError, match="under 18"):
        record_exception(force.context, force.corporate, decided_by="Chief", why="Danger.", reference="WD-5")


def test_an_exception_needs_who_and_why_without_the_name_and_somebody_who_may(force: Force) -> None:
    given = {"decided_by": "Detective Superintendent", "why": "A danger to the public.", "reference": "WD-5"}
    for person in (force.author, force.supervisor):
        with pytest.raises(NotAllowed):
            record_exception(force.context, person, **given)
    for spoiled in ({"decided_by": " "}, {"why": ""}, {"why": "Derek Pellow, 41, is a danger."}, {"reference": None}):
        with pytest.raises(InputError):
            record_exception(force.context, force.corporate, **{**given, **spoiled})  # type: ignore[arg-type]


def test_an_exception_may_be_for_one_post(force: Force) -> None:
    from scheduler.planning import plan_post

    given = force.post("Officers are in Hexley Moor today.", content_type="arrest_update", case_stage="arrested")
    post_id = plan_post(force.context, given, force.author)
    record_exception(force.context, force.corporate, decided_by="Detective Superintendent", why="Danger.",
                     post_id=post_id)  # fmt: skip
    named = force.post(NAMED, content_type="arrest_update", case_stage="arrested")
    assert {f.level for f in findings_for(force.context, named, post_id=post_id) if f.code == "NAMES_SUSPECT"} == {
        "needs_approval"
    }

"""Who says that a post may go out, and what ends that."""

from datetime import timedelta

import pytest
from sqlmodel import select

from scheduler.jobs import JOBS
from scheduler.planning import (
    approve_post,
    ask_for_changes,
    discard_post,
    edit_post,
    move_post,
    plan_post,
    problems_with,
    send_for_approval,
    withdraw_post,
)
from scheduler.posts import Post
from scheduler.worker import run_until_idle
from social.accounts import account_named
from social.channels.base import Draft
from social.errors import BeatlineError, InputError, NotAllowed, TryLater
from social.staff import Role, find_or_add_person
from tests.scheduler.helpers import Force, picture


def in_review(force: Force, content_type: str = "survey", **changes: object) -> int:
    post_id = plan_post(force.context, force.post(content_type=content_type, **changes), force.author)
    assert send_for_approval(force.context, post_id, force.author) == "in_review"
    return post_id


def test_a_light_post_goes_straight_into_the_queue(force: Force) -> None:
    """R41."""
    post_id = plan_post(force.context, force.post(), force.author)
    assert send_for_approval(force.context, post_id, force.author) == "queued"


def test_a_survey_waits_for_a_supervisor(force: Force) -> None:
    post_id = in_review(force)
    run_until_idle(force.context, JOBS)
    assert not force.network().sent
    approve_post(force.context, post_id, force.supervisor)
    run_until_idle(force.context, JOBS)
    assert force.entry(post_id).state == "published"


def test_nobody_approves_their_own_post(force: Force) -> None:
    """R17."""
    post_id = plan_post(force.context, force.post(content_type="survey"), force.supervisor)
    send_for_approval(force.context, post_id, force.supervisor)
    with pytest.raises(NotAllowed, match="own post"):
        approve_post(force.context, post_id, force.supervisor)
    assert force.entry(post_id).state == "in_review"


def test_a_supervisor_cannot_approve_what_corporate_communications_must(force: Force) -> None:
    """R41."""
    post_id = in_review(force, "court_result", case_stage="sentenced")
    with pytest.raises(NotAllowed, match="corporate"):
        approve_post(force.context, post_id, force.supervisor)
    approve_post(force.context, post_id, force.corporate)
    assert force.entry(post_id).state == "queued"


def test_an_appeal_with_a_picture_needs_corporate_communications(force: Force) -> None:
    """R41: supervisor is for an appeal without an image."""
    numbers = "Ring 101, 999 in an emergency, or Crimestoppers on 0800 555 111."
    post_id = in_review(force, "appeal_cctv", text=numbers, media=(picture(),))
    with pytest.raises(NotAllowed):
        approve_post(force.context, post_id, force.supervisor)


def test_an_author_may_not_approve(force: Force) -> None:
    with force.context.database.write() as session:
        other = find_or_add_person(session, "other@woldershire.example", Role.AUTHOR)
    post_id = in_review(force)
    with pytest.raises(NotAllowed):
        approve_post(force.context, post_id, other)


def test_a_reader_may_not_plan(force: Force) -> None:
    with force.context.database.write() as session:
        reader = find_or_add_person(session, "reader@woldershire.example", Role.READER)
    with pytest.raises(NotAllowed):
        plan_post(force.context, force.post(), reader)


def test_an_edited_post_loses_its_approval(force: Force) -> None:
    post_id = force.queued(content_type="survey")
    changed = force.post("Other words.", content_type="survey")
    edit_post(force.context, post_id, changed, force.author, expected_version=1)
    assert force.entry(post_id).state == "draft"
    with force.context.database.read() as session:
        post = session.get_one(Post, post_id)
    assert (post.version, post.approved_version, post.approved_by_id) == (2, None, None)
    run_until_idle(force.context, JOBS)
    assert not force.network().sent


def test_an_edit_of_an_older_version_is_refused(force: Force) -> None:
    post_id = plan_post(force.context, force.post(), force.author)
    edit_post(force.context, post_id, force.post("Second."), force.author, expected_version=1)
    with pytest.raises(InputError, match="Someone else changed"):
        edit_post(force.context, post_id, force.post("Third."), force.author, expected_version=1)
    assert force.entry(post_id).text == "Second."


def test_an_approver_approves_the_version_that_they_read(force: Force) -> None:
    post_id = in_review(force)
    edit_post(force.context, post_id, force.post("Worse.", content_type="survey"), force.author, expected_version=1)
    send_for_approval(force.context, post_id, force.author)
    with pytest.raises(InputError, match="changed after you opened it"):
        approve_post(force.context, post_id, force.supervisor, expected_version=1)


def test_an_edit_may_add_and_drop_accounts(force: Force) -> None:
    force.add_account("stonemere")
    post_id = plan_post(force.context, force.post(), force.author)
    moved = force.post(account_names=("stonemere",))
    edit_post(force.context, post_id, moved, force.author, expected_version=1)
    assert {e.account: e.state for e in force.entries(post_id)} == {"hexley": "discarded", "stonemere": "draft"}


def test_a_late_approval_asks_for_a_new_time_and_never_fires_at_once(force: Force) -> None:
    post_id = in_review(force, due_local=force.local_now() + timedelta(minutes=5))
    force.clock.advance(timedelta(minutes=6))
    approve_post(force.context, post_id, force.supervisor)
    run_until_idle(force.context, JOBS)
    entry = force.entry(post_id)
    assert entry.state == "held"
    assert "new time" in (entry.reason or "")
    assert not force.network().sent
    move_post(force.context, post_id, force.local_now() + timedelta(minutes=1), force.author)
    force.clock.advance(timedelta(minutes=1))
    run_until_idle(force.context, JOBS)
    assert force.entry(post_id).state == "published"


def test_changes_are_asked_for_with_a_reason(force: Force) -> None:
    post_id = in_review(force)
    with pytest.raises(InputError):
        ask_for_changes(force.context, post_id, force.supervisor, " ")
    ask_for_changes(force.context, post_id, force.supervisor, "Name the street.")
    entry = force.entry(post_id)
    assert (entry.state, entry.reason) == ("draft", "Name the street.")
    assert send_for_approval(force.context, post_id, force.author) == "in_review"


def test_another_time_keeps_the_approval(force: Force) -> None:
    post_id = force.queued(content_type="survey", due_local=force.local_now() + timedelta(hours=1))
    move_post(force.context, post_id, force.local_now() + timedelta(hours=3), force.author)
    entry = force.entry(post_id)
    assert (entry.state, entry.due_at) == ("queued", force.clock.now() + timedelta(hours=3))


def test_a_post_without_a_time_waits_for_one_after_its_approval(force: Force) -> None:
    post_id = plan_post(force.context, force.post(due_local=None), force.author)
    assert send_for_approval(force.context, post_id, force.author) == "approved"
    move_post(force.context, post_id, force.local_now(), force.author)
    run_until_idle(force.context, JOBS)
    assert force.entry(post_id).state == "published"


def test_a_post_cannot_be_moved_into_the_past(force: Force) -> None:
    post_id = force.queued(due_local=force.local_now() + timedelta(hours=1))
    with pytest.raises(InputError, match="has passed"):
        move_post(force.context, post_id, force.local_now() - timedelta(hours=2), force.author)


@pytest.mark.parametrize("content_type", ["lighthearted", "survey"])
def test_what_has_not_gone_out_can_be_discarded(force: Force, content_type: str) -> None:
    post_id = force.queued(content_type=content_type)
    discard_post(force.context, post_id, force.author)
    run_until_idle(force.context, JOBS)
    assert force.entry(post_id).state == "discarded"
    assert not force.network().sent


def test_what_is_live_is_not_discarded(force: Force) -> None:
    post_id = force.queued()
    run_until_idle(force.context, JOBS)
    with pytest.raises(InputError):
        discard_post(force.context, post_id, force.author)


# Taking down


def test_a_takedown_takes_every_live_copy_down(force: Force) -> None:
    force.add_account("stonemere")
    post_id = force.queued(account_names=("hexley", "stonemere"))
    run_until_idle(force.context, JOBS)
    assert withdraw_post(force.context, post_id, force.corporate, "The person was found.") == 2
    assert {entry.state for entry in force.entries(post_id)} == {"withdrawn"}
    assert not force.network("hexley").live_posts
    assert not force.network("stonemere").live_posts
    assert all(publication.withdrawn_at for publication in force.publications())


def test_a_takedown_says_where_it_did_not_work_and_can_be_tried_again(force: Force) -> None:
    force.add_account("stonemere")
    post_id = force.queued(account_names=("hexley", "stonemere"))
    run_until_idle(force.context, JOBS)
    force.network("hexley").fail_next("withdraw", TryLater("memory", "withdraw", "", "Cannot be reached."))
    with pytest.raises(BeatlineError, match="hexley: Cannot be reached"):
        withdraw_post(force.context, post_id, force.corporate, "Wrong street.")
    assert {e.account: e.state for e in force.entries(post_id)} == {"hexley": "published", "stonemere": "withdrawn"}
    assert withdraw_post(force.context, post_id, force.corporate, "Wrong street.") == 1


def test_an_account_whose_credentials_do_not_open_keeps_no_other_copy_up(force: Force) -> None:
    """R10: a post that has to go must go wherever it can."""
    force.add_account("stonemere")
    post_id = force.queued(account_names=("hexley", "stonemere"))
    run_until_idle(force.context, JOBS)
    with force.context.database.write() as session:
        account = account_named(session, "hexley")
        account.credentials_sealed = b"sealed with another key"
        session.add(account)
    with pytest.raises(BeatlineError, match="hexley: The credentials were sealed with another key"):
        withdraw_post(force.context, post_id, force.corporate, "Wrong street.")
    assert not force.network("stonemere").live_posts


def test_a_takedown_holds_back_what_has_not_gone_out(force: Force) -> None:
    post_id = force.queued(due_local=force.local_now() + timedelta(hours=1))
    assert withdraw_post(force.context, post_id, force.corporate, "Wrong street.") == 0
    assert (force.entry(post_id).state, force.entry(post_id).reason) == ("held", "Wrong street.")
    with pytest.raises(NotAllowed, match="taken down after"):  # an author does not undo what a supervisor did
        move_post(force.context, post_id, force.local_now() + timedelta(hours=2), force.author)
    edit_post(force.context, post_id, force.post("Another street."), force.author, expected_version=1)
    assert send_for_approval(force.context, post_id, force.author) == "queued"


def test_a_draft_cannot_be_taken_down(force: Force) -> None:
    post_id = plan_post(force.context, force.post(), force.author)
    with pytest.raises(InputError, match="Nothing of this post is live"):
        withdraw_post(force.context, post_id, force.corporate, "Wrong street.")


def test_an_author_may_not_take_a_post_down(force: Force) -> None:
    post_id = force.queued()
    with pytest.raises(NotAllowed):
        withdraw_post(force.context, post_id, force.author, "Please.")


# Problems before anything is kept


def test_every_problem_of_a_post_is_named_at_once(force: Force) -> None:
    bad = force.post(
        "W" * 600,
        content_type="lightharted",
        account_names=("hexley", "nowhere"),
        due_local=force.local_now().replace(year=2027, month=3, day=28, hour=1, minute=30),
        link="example",
        lang="fr",
        media=(picture(""),),
    )
    found = problems_with(force.context, bad)
    assert {problem.column for problem in found} == {
        "accounts",
        "content_type",
        "lang",
        "link",
        "scheduled_local",
        "text",
        "alt_text",
    }
    assert "Did you mean 'lighthearted'?" in " ".join(map(str, found))
    with pytest.raises(InputError):
        plan_post(force.context, bad, force.author)
    with force.context.database.read() as session:
        assert not session.exec(select(Post)).all()


def test_a_time_that_has_passed_is_a_problem_unless_now_will_do(force: Force) -> None:
    given = force.post(due_local=force.local_now() - timedelta(minutes=1))
    assert problems_with(force.context, given, now_ok=True) == []
    assert [p.column for p in problems_with(force.context, given, now_ok=False)] == ["scheduled_local"]


def test_length_is_counted_with_the_link_as_the_network_counts(force: Force) -> None:
    account = force.add_account("counted")
    channel = force.context.channel(account)
    text, link = "W" * 490, "https://woldershire.example/appeals"
    over = channel.count(Draft(text, link)) - channel.limits.text
    assert over > 0
    (problem,) = problems_with(force.context, force.post(text, link=link, account_names=("counted",)))
    assert f"{over} more" in problem.message
    assert problems_with(force.context, force.post(text, account_names=("counted",))) == []

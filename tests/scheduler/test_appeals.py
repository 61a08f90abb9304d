"""An appeal from its first post to the moment at which nothing of it is left but numbers (R08, R10, M13)."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from scheduler.appeal_closing import close_appeal
from scheduler.appeals import Appeal, appeal_with
from scheduler.entries import Entry
from scheduler.erasing import ERASED, erase_due, erase_now
from scheduler.planning import approve_post, edit_post, plan_post, send_for_approval
from scheduler.posts import Post
from scheduler.takedown import confirm_removed, withdraw_post
from scheduler.takedown_findings import findings
from scheduler.takedown_tasks import Takedown, open_tasks
from scheduler.taking_down import take_down_due
from scheduler.versions import PostVersion
from scheduler.worker import publish_due
from social.channels.memory import MemoryChannel
from social.errors import BeatlineError, InputError, NeedsPerson, NotAllowed, OutcomeUnknown, Refused, TryLater
from social.publications import Publication
from social.staff import Role, find_or_add_person
from tests.scheduler.helpers import Force

pytestmark = pytest.mark.sqlite_only
TEXT = (
    "Have you seen Oriel Tamsett, 34, from Elderwick? She was last seen at the market on Friday. Call 101, or 999 if you "
    "see her now."
)
NAME = "Oriel Tamsett"


@pytest.fixture
def live(force: Force) -> Force:
    """A missing person appeal, live on two accounts."""
    force.add_account("stonemere")
    missing(force)
    publish_due(force.context)
    assert {entry.state for entry in force.entries()} == {"published"}
    return force


def missing(force: Force, text: str = TEXT, **changes: Any) -> int:
    given = {"content_type": "appeal_missing", "appeal_ref": "WD-9", "account_names": ("hexley", "stonemere")}
    return force.queued(text, **{**given, **changes})


def close(force: Force, status: str = "found", reference: str = "WD-9") -> Any:
    return close_appeal(force.context, reference, status, force.corporate, f"{NAME} is home.")


def appeal(force: Force, reference: str = "WD-9") -> Appeal:
    with force.context.database.read() as session:
        found = appeal_with(session, reference)
        assert found is not None
        return found


def tasks(force: Force) -> list[Takedown]:
    with force.context.database.read() as session:
        return list(session.exec(select(Takedown).order_by(col(Takedown.id))))


def test_an_appeal_opens_by_itself_when_its_post_is_approved(force: Force) -> None:
    post_id = plan_post(force.context, force.post(TEXT, content_type="appeal_missing", appeal_ref="WD-9"), force.author)
    send_for_approval(force.context, post_id, force.author)
    with force.context.database.read() as session:
        assert appeal_with(session, "WD-9") is None
    approve_post(force.context, post_id, force.corporate)
    opened = appeal(force)
    assert (opened.kind, opened.status, opened.ended_at) == ("appeal_missing", "open", None)


def test_an_appeal_without_a_reference_can_be_closed_too(force: Force) -> None:
    post_id = missing(force, appeal_ref=None, account_names=("hexley",))
    publish_due(force.context)
    assert close(force, reference=f"post-{post_id}").gone == 1
    assert not force.network().live_posts


def test_closing_takes_every_copy_down_and_proves_it(live: Force) -> None:
    done = close(live)
    assert (done.copies, done.gone, done.left, done.erased) == (2, 2, 0, True)
    assert not live.network("hexley").live_posts
    assert not live.network("stonemere").live_posts
    assert {task.state for task in tasks(live)} == {"removed"}
    assert all(task.verified_at for task in tasks(live))
    assert {entry.state for entry in live.entries()} == {"withdrawn"}


def test_closing_catches_posts_whose_reference_was_typed_in_other_capitals(force: Force) -> None:
    """R10: a copy must not stay up, nor go out again, for the way that somebody typed its reference."""
    for number, typed in enumerate(("OP-Larch", "OP-LARCH", "op-larch ")):
        missing(force, f"{TEXT} Post {number}.", appeal_ref=typed, account_names=("hexley",))
    draft = plan_post(
        force.context, force.post(TEXT, content_type="appeal_missing", appeal_ref="Op-Larch"), force.author
    )
    while publish_due(force.context):
        force.clock.advance(timedelta(minutes=30))
    live = len(force.network().live_posts)
    assert live > 0
    done = close(force, reference="oP-lArCh")
    assert (done.reference, done.gone, force.network().live_posts) == ("OP-LARCH", live, [])
    assert not {entry.state for entry in force.entries()} & {"queued", "draft", "published"}
    assert force.entry(draft).state == "discarded"
    with pytest.raises(BeatlineError, match="has ended"):
        missing(force, f"{TEXT} Again.", appeal_ref="op-Larch", account_names=("hexley",))


def test_a_post_whose_reference_is_edited_into_other_capitals_stays_in_its_appeal(live: Force) -> None:
    later = missing(live, f"{TEXT} Please share.", due_local=live.local_now() + timedelta(hours=2))
    given = live.post(TEXT, content_type="appeal_missing", appeal_ref="wd-9", account_names=("hexley", "stonemere"))
    edit_post(live.context, later, given, live.author, expected_version=1)
    assert close(live).dropped == 1


def test_what_has_not_gone_out_never_will(live: Force) -> None:
    later = missing(live, f"{TEXT} Please share.", due_local=live.local_now() + timedelta(hours=2))
    draft = plan_post(
        live.context, live.post(TEXT + " Thank you.", content_type="appeal_missing", appeal_ref="WD-9"), live.author
    )
    assert close(live).dropped == 2
    assert {live.entry(draft).state, *(entry.state for entry in live.entries(later))} == {"discarded"}
    live.clock.advance(timedelta(hours=3))
    publish_due(live.context)
    assert not live.network("hexley").live_posts


def test_the_post_that_says_how_it_ended_stays(live: Force) -> None:
    closing = missing(
        live, "The woman missing from Elderwick has been found. Thank you all.", content_type="appeal_closed"
    )
    publish_due(live.context)
    close(live)
    assert {entry.state for entry in live.entries(closing)} == {"published"}
    assert len(live.network("hexley").live_posts) == 1


def test_a_correction_comes_down_with_the_appeal_that_it_corrects_and_stays_when_it_came_later(live: Force) -> None:
    """R10: it repeats the name as the appeal does."""
    words = f"Correction: {NAME} was last seen at the market on Thursday. Call 101, or 999 if you see her now."
    early = missing(live, words, content_type="correction")
    publish_due(live.context)
    assert close(live).gone == 4
    live.clock.advance(timedelta(minutes=1))
    late = missing(live, "Correction: she was found on Sunday, not on Monday.", content_type="correction")
    publish_due(live.context)
    assert {entry.state for entry in live.entries(early)} == {"withdrawn"}
    assert {entry.state for entry in live.entries(late)} == {"published"}


def test_a_new_post_of_an_appeal_that_has_ended_is_not_approved(live: Force) -> None:
    close(live)
    with pytest.raises(BeatlineError, match="has ended"):
        missing(live)


@pytest.mark.parametrize("change", [{"appeal_ref": None}, {"appeal_ref": "WD-10"}, {"content_type": "correction"}])
def test_what_is_live_on_one_account_cannot_leave_its_appeal_by_an_edit(force: Force, change: dict[str, Any]) -> None:
    """R10: it would stay online, and keep its name here, when the appeal ends."""
    force.add_account("stonemere")
    force.network("stonemere").fail_next("publish", Refused("memory", "publish", "400", "Not allowed."))
    post_id = missing(force)
    publish_due(force.context)
    assert {entry.state for entry in force.entries()} == {"published", "failed"}
    given = {"content_type": "appeal_missing", "appeal_ref": "WD-9", "account_names": ("hexley", "stonemere")}
    with pytest.raises(InputError, match="comes down with its appeal"):
        edit_post(force.context, post_id, force.post(TEXT, **{**given, **change}), force.author, expected_version=1)
    edit_post(force.context, post_id, force.post(TEXT, **given), force.author, expected_version=1)
    assert close(force).gone == 1


def test_an_appeal_ends_once(live: Force) -> None:
    close(live)
    with pytest.raises(InputError, match="has ended already"):
        close(live, "closed")


@pytest.mark.parametrize(("status", "said"), [("open", "no way to close"), ("gone", "no way to close")])
def test_an_unknown_status_is_refused(live: Force, status: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        close(live, status)


def test_an_author_may_not_close_an_appeal(live: Force) -> None:
    with pytest.raises(NotAllowed):
        close_appeal(live.context, "WD-9", "found", live.author, "She is home.")
    assert len(live.network("hexley").live_posts) == 1


@pytest.mark.parametrize(
    ("kind", "status", "ends"),
    [("appeal_wanted", "arrested", True), ("appeal_witness", "arrested", False), ("appeal_missing", "charged", False)],
)
def test_an_arrest_ends_only_an_appeal_that_sought_whoever_was_arrested(
    force: Force, kind: str, status: str, ends: bool
) -> None:
    """R08."""
    text = "Wanted after a burglary in Hexley Moor. Call 101, 999 or Crimestoppers on 0800 555 111."
    force.queued(text, content_type=kind, appeal_ref="WD-9", case_stage="suspect")
    publish_due(force.context)
    close(force, status)
    assert (appeal(force).ended_at is not None) is ends
    assert appeal(force).status == status
    assert bool(force.network().live_posts) is not ends


# What does not come down


def test_a_copy_that_stays_is_tried_again_after_growing_waits_until_it_is_gone(live: Force) -> None:
    network = live.network("hexley")
    for _ in range(3):
        network.fail_next("withdraw", TryLater("memory", "withdraw", "", "Cannot be reached."))
    assert close(live).left == 1
    waits = []
    while any(task.state == "waiting" for task in tasks(live)):
        due = next(task.next_try_at for task in tasks(live) if task.next_try_at)
        assert due is not None
        waits.append(due - live.clock.now())
        live.clock.set(due)
        take_down_due(live.context)
    assert waits == sorted(waits)
    assert waits[0] < timedelta(minutes=1)
    assert not network.live_posts


def test_a_person_is_asked_after_some_tries_and_the_worker_goes_on(live: Force) -> None:
    network = live.network("hexley")
    network.reachable = False
    close(live)
    for _ in range(10):
        live.clock.advance(timedelta(minutes=20))
        take_down_due(live.context)
    (task,) = [task for task in tasks(live) if task.account_id == 1]
    assert task.state == "by_hand"
    assert task.problem is not None
    network.reachable = True
    live.clock.advance(timedelta(minutes=20))
    assert take_down_due(live.context) == 1
    assert not network.live_posts


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Refused("memory", "withdraw", "403", "Too old."), "Too old."),
        (NeedsPerson("memory", "withdraw", "401", "No.", action="Connect it."), "No. Connect it."),
    ],
)
def test_what_a_network_refuses_is_a_persons_task_at_once(live: Force, error: BeatlineError, said: str) -> None:
    live.network("hexley").fail_next("withdraw", error)
    done = close(live)
    assert (done.gone, done.left) == (1, 1)
    with live.context.database.read() as session:
        (task,) = open_tasks(session)
    assert (task.state, task.problem, task.owner_id) == ("by_hand", said, live.author.id)


def test_a_lost_answer_is_settled_by_a_look(live: Force) -> None:
    lost = OutcomeUnknown("memory", "withdraw", "", "No answer.", sent_at=live.clock.now())
    live.network("hexley").fail_next("withdraw", lost, accepted=True)
    assert close(live).gone == 2


def test_a_network_that_says_gone_and_still_shows_it_is_not_believed(
    live: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MemoryChannel, "withdraw", lambda *_: None)
    done = close(live)
    assert (done.gone, done.left) == (0, 2)
    assert all("still to be seen" in (task.problem or "") for task in tasks(live))


def test_a_crash_between_the_request_and_its_record_loses_nothing(live: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    class Crash(BaseException):
        pass

    def dies(*_: Any) -> None:
        raise Crash

    monkeypatch.setattr(MemoryChannel, "is_live", dies)
    with pytest.raises(Crash):
        close(live)
    monkeypatch.undo()
    live.clock.advance(timedelta(hours=1))
    take_down_due(live.context)
    assert {task.state for task in tasks(live)} == {"removed"}


def test_one_click_confirms_what_a_person_removed(live: Force) -> None:
    live.network("hexley").fail_next("withdraw", Refused("memory", "withdraw", "403", "Too old."))
    close(live)
    with live.context.database.read() as session:
        (task,) = open_tasks(session)
    assert task.id is not None
    with pytest.raises(BeatlineError, match="still to be seen"):
        confirm_removed(live.context, task.id, live.supervisor)
    with pytest.raises(NotAllowed):
        confirm_removed(live.context, task.id, live.author)
    live.network("hexley").posts[0].removed_at = live.clock.now()
    assert confirm_removed(live.context, task.id, live.supervisor)
    (done,) = [one for one in tasks(live) if one.id == task.id]
    assert (done.state, done.confirmed_by) == ("removed", live.supervisor.email)
    assert erase_due(live.context) == 1


def test_a_confirmation_that_nobody_could_check_is_checked_later(live: Force) -> None:
    network = live.network("hexley")
    network.fail_next("withdraw", Refused("memory", "withdraw", "403", "Too old."))
    close(live)
    with live.context.database.read() as session:
        (task,) = open_tasks(session)
    assert task.id is not None
    network.reachable = False
    assert not confirm_removed(live.context, task.id, live.supervisor)
    network.reachable = True
    take_down_due(live.context)
    with live.context.database.read() as session:
        assert session.get_one(Takedown, task.id).state == "by_hand"  # it was there all the time


def test_a_post_is_withdrawn_by_hand_the_same_way(live: Force) -> None:
    live.network("hexley").fail_next("withdraw", TryLater("memory", "withdraw", "", "Cannot be reached."))
    post_id = live.entries()[0].post_id
    with pytest.raises(BeatlineError, match="Cannot be reached"):
        withdraw_post(live.context, post_id, live.corporate, "Wrong picture.")
    live.clock.advance(timedelta(minutes=5))
    take_down_due(live.context)
    assert {entry.state for entry in live.entries()} == {"withdrawn"}
    with live.context.database.read() as session:
        assert NAME in session.get_one(Post, post_id).text  # taken down, not forgotten: no appeal has ended


# Forgetting


def test_names_stay_no_longer_than_a_day_whatever_stands_in_the_way(live: Force) -> None:
    live.network("hexley").reachable = False
    assert not close(live).erased
    live.clock.advance(timedelta(hours=22))
    erase_due(live.context)
    with live.context.database.read() as session:
        assert NAME in session.exec(select(Post.text)).one()
    live.clock.advance(timedelta(hours=1))
    assert erase_due(live.context) == 1
    with live.context.database.read() as session:
        assert session.exec(select(Post.text)).one() == ERASED
        assert [task.state for task in tasks(live)].count("waiting") == 1
        assert all(session.exec(select(Entry.url)))  # the link by which a person finds what is left


def test_a_version_that_belonged_to_the_appeal_is_erased_with_it(live: Force) -> None:
    """R10: a post that was given another reference keeps its words, and not those that it had under this one."""
    other = plan_post(live.context, live.post(TEXT, content_type="appeal_missing", appeal_ref="WD-9"), live.author)
    edit_post(live.context, other, live.post("Ducks on Mill Road."), live.author, expected_version=1)
    assert close(live).erased
    with live.context.database.read() as session:
        bodies = session.exec(select(PostVersion.body).where(PostVersion.post_id == other)).all()
        assert [body is None for body in bodies] == [True, False]
        assert session.get_one(Post, other).text == "Ducks on Mill Road."


def test_a_name_in_a_witness_appeal_is_erased_too(force: Force) -> None:
    text = f"{NAME}, 34, was hurt on Mill Road. Did you see it? Call 101, 999 or Crimestoppers on 0800 555 111."
    force.queued(text, content_type="appeal_witness", appeal_ref="WD-9")
    publish_due(force.context)
    assert close(force, "closed").erased


def test_a_witness_appeal_comes_down_and_its_words_are_kept(force: Force) -> None:
    text = "Did you see a crash on Mill Road, Hexley Moor? Call 101, 999 or Crimestoppers on 0800 555 111."
    force.queued(text, content_type="appeal_witness", appeal_ref="WD-9")
    publish_due(force.context)
    close(force, "closed")
    erase_due(force.context)
    with force.context.database.read() as session:
        assert session.exec(select(Post.text)).one() == text


def test_who_may_erase_can_do_so_before_the_copies_are_gone(live: Force) -> None:
    live.network("hexley").reachable = False
    close(live)
    with live.context.database.write() as session:
        records = find_or_add_person(session, "records@woldershire.example", Role.RECORDS)
    with pytest.raises(NotAllowed):
        erase_now(live.context, "WD-9", live.supervisor)
    erase_now(live.context, "WD-9", records)
    with live.context.database.read() as session:
        assert session.exec(select(Publication.text)).all() == ["", ""]
    assert appeal(live).scrubbed_at is not None


# What whoever looks after the machine is told


def test_doctor_names_what_a_person_must_remove_and_what_is_overdue(live: Force) -> None:
    assert list(findings(live.context)) == []
    live.network("hexley").fail_next("withdraw", Refused("memory", "withdraw", "403", "Too old."))
    close(live)
    live.clock.advance(timedelta(hours=25))
    said = [(finding.level.value, finding.what) for finding in findings(live.context)]
    assert len(said) == 2
    assert all(level == "wrong" for level, _ in said)
    erase_due(live.context)
    assert len(list(findings(live.context))) == 1


def test_doctor_warns_of_a_file_from_before_the_erasure(live: Force) -> None:
    file = Path(str(live.context.database.url.database))
    file.with_name(f"{file.name}.old").write_bytes(b"words of before")
    os.utime(file.with_name(f"{file.name}.old"), (0, 0))
    close(live)
    assert [finding.what for finding in findings(live.context)] == [
        "beatline.sqlite.old is from before names were erased, and still holds them."
    ]

"""From the queue to the network: once, in time, and with every answer sorted by what may be done next."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from insights.facts import PublicationFacts
from scheduler import queue
from scheduler.jobs import JOBS
from scheduler.planning import edit_post, move_post, plan_post
from scheduler.sending import too_old_to_send
from scheduler.sweeping import sweep_paused
from scheduler.worker import publish_due, run_until_idle
from social.accounts import Account
from social.channels.base import Draft
from social.channels.memory import MemoryChannel
from social.errors import NeedsPerson, OutcomeUnknown, Refused, TryLater
from social.places import Place
from social.publications import CollectingState
from tests.scheduler.helpers import Force, picture

PRACTICE = "http://127.0.0.1:8765"


class Crash(BaseException):
    """The process dies here: nothing that would run afterwards runs."""


def unknown(force: Force) -> OutcomeUnknown:
    return OutcomeUnknown("memory", "publish", "503", "The answer was lost.", sent_at=force.clock.now())


def test_a_due_post_goes_out_once_and_leaves_a_publication(force: Force) -> None:
    post_id = force.queued(place="Elderwick", force="Woldershire Police", campaign="ducks", appeal_ref="WD-1")
    run_until_idle(force.context, JOBS)
    run_until_idle(force.context, JOBS)
    assert [post.text for post in force.network().posts] == ["Ducks on Mill Road again."]
    entry, (publication,) = force.entry(post_id), force.publications()
    assert (entry.state, entry.platform_id, entry.attempts) == ("published", publication.platform_id, 1)
    assert publication.entry_id == entry.id
    assert (publication.content_type, publication.campaign, publication.appeal_ref) == ("lighthearted", "ducks", "WD-1")
    with force.context.database.read() as session:
        assert session.get_one(Place, publication.place_id).name == "Elderwick"
        assert session.get(CollectingState, publication.id) is not None
        assert session.get_one(PublicationFacts, publication.id).campaign == "ducks"


def test_a_post_waits_for_its_time(force: Force) -> None:
    post_id = force.queued(due_local=force.local_now() + timedelta(hours=1))
    run_until_idle(force.context, JOBS)
    assert force.entry(post_id).state == "queued"
    force.clock.advance(timedelta(hours=1))
    run_until_idle(force.context, JOBS)
    assert force.entry(post_id).state == "published"


def test_one_post_becomes_one_entry_for_each_account_with_its_own_words(force: Force) -> None:
    force.add_account("stonemere")
    force.queued(account_names=("hexley", "stonemere"), variants={"memory": "Ducks, briefly."})
    run_until_idle(force.context, JOBS)
    for name in ("hexley", "stonemere"):
        assert [post.text for post in force.network(name).posts] == ["Ducks, briefly."]


@pytest.mark.parametrize(
    ("content_type", "state"),
    [("survey", "held"), ("event", "lapsed"), ("road_info", "lapsed"), ("correction", "published")],
)
def test_a_post_missed_by_more_than_its_kind_allows_follows_its_kind(
    force: Force, content_type: str, state: str
) -> None:
    """R42: to review, not out; a correction is wanted however late."""
    post_id = force.queued(content_type=content_type)
    force.clock.advance(timedelta(minutes=31))
    run_until_idle(force.context, JOBS)
    entry = force.entry(post_id)
    assert entry.state == state
    assert len(force.network().posts) == (state == "published")
    if state != "published":
        assert "missed its time by 31 minutes" in (entry.reason or "")


def test_a_post_missed_by_half_an_hour_still_goes_out(force: Force) -> None:
    post_id = force.queued(content_type="survey")
    force.clock.advance(timedelta(minutes=30))
    run_until_idle(force.context, JOBS)
    assert force.entry(post_id).state == "published"


@pytest.mark.parametrize("content_type", ["survey", "event"])
def test_a_missed_post_goes_out_at_the_new_time_that_a_person_gives_it(force: Force, content_type: str) -> None:
    post_id = force.queued(content_type=content_type)
    force.clock.advance(timedelta(hours=2))
    run_until_idle(force.context, JOBS)
    move_post(force.context, post_id, force.local_now() + timedelta(hours=1), force.author)
    force.clock.advance(timedelta(hours=1))
    run_until_idle(force.context, JOBS)
    assert force.entry(post_id).state == "published"


def test_the_accounts_take_turns(force: Force) -> None:
    """The one that has waited longest for a turn comes first, whatever another has piled up."""
    force.add_account("stonemere")
    for number in range(5):
        force.queued(f"Flood number {number}.")
    force.clock.advance(timedelta(seconds=1))
    force.queued("One from Stonemere.", account_names=("stonemere",))
    texts = {entry.id: entry.text for entry in force.entries()}
    assert [texts[held.entry_id] for held in queue.claim(force.context, "w", 1)] == ["Flood number 0."]
    publish_due(force.context)
    assert force.network("stonemere").sent == ["publish"]


def test_who_waited_longest_for_a_turn_comes_first(force: Force) -> None:
    force.add_account("stonemere")
    force.queued("A flood, long due.")
    force.clock.advance(timedelta(seconds=1))
    force.queued("One from Stonemere.", account_names=("stonemere",))
    (held,) = queue.claim(force.context, "w", 1, served={1: 7, 2: 6})
    assert {entry.id: entry.text for entry in force.entries()}[held.entry_id] == "One from Stonemere."


def test_one_account_has_one_entry_out_at_a_time_whoever_has_it(force: Force) -> None:
    """So its posts keep their order, however many workers there are."""
    force.add_account("stonemere")
    for number in range(2):
        force.queued(f"Number {number}.", account_names=("hexley", "stonemere"))
    first, second = queue.claim(force.context, "a"), queue.claim(force.context, "b")
    assert ([held.account_id for held in first], second) == ([1, 2], [])
    assert {entry.text for entry in force.entries() if entry.state == "publishing"} == {"Number 0."}


def test_a_paused_account_sends_nothing(force: Force) -> None:
    post_id = force.queued()
    with force.context.database.write() as session:
        account = session.get_one(Account, 1)
        account.state, account.paused_reason = "paused", "A serious incident."
    run_until_idle(force.context, JOBS)
    assert force.entry(post_id).state == "queued"
    assert not force.network().sent


@pytest.mark.parametrize(("content_type", "state"), [("survey", "held"), ("event", "lapsed"), ("correction", "queued")])
def test_what_a_paused_account_missed_goes_to_a_person_with_the_reason(
    force: Force, content_type: str, state: str
) -> None:
    """R42: it does not go out by itself when the account works again; a correction is wanted however late."""
    post_id = force.queued(content_type=content_type)
    with force.context.database.write() as session:
        account = session.get_one(Account, 1)
        account.state, account.paused_reason = "paused", "The token has ended."
    force.clock.advance(timedelta(minutes=30))
    assert sweep_paused(force.context) == 0
    force.clock.advance(timedelta(minutes=1))
    assert sweep_paused(force.context) == (state != "queued")
    entry = force.entry(post_id)
    assert entry.state == state
    if state != "queued":
        assert "The token has ended." in (entry.reason or "")
        assert "missed its time by 31 minutes (R42)" in (entry.reason or "")
        assert force.raw(entry.id).owner_id == force.author.id


# What the network answers


def test_try_later_waits_as_long_as_the_network_asks_and_the_whole_account_with_it(force: Force) -> None:
    first, second = force.queued("First."), force.queued("Second.", due_local=force.local_now() + timedelta(minutes=5))
    until = force.clock.now() + timedelta(minutes=10)
    force.network().fail_next("publish", TryLater("memory", "publish", "429", "Too many.", not_before=until))
    run_until_idle(force.context, JOBS)
    force.clock.advance(timedelta(minutes=9))
    run_until_idle(force.context, JOBS)
    assert [force.entry(post_id).state for post_id in (first, second)] == ["queued", "queued"]
    assert force.network().sent == ["publish"]
    force.clock.advance(timedelta(minutes=2))
    run_until_idle(force.context, JOBS)
    assert [force.entry(post_id).state for post_id in (first, second)] == ["published", "published"]
    assert [attempt.outcome for attempt in force.attempts()] == ["not_sent", "sent", "sent"]


def test_waits_grow_when_the_network_names_no_moment(force: Force) -> None:
    post_id = force.queued()
    waits = []
    for _ in range(4):
        force.network().fail_next("publish", TryLater("memory", "publish", "", "Cannot be reached."))
        publish_due(force.context)
        again = force.raw(force.entry(post_id).id).not_before
        assert again is not None
        waits.append(again - force.clock.now())
        force.clock.set(again)
    assert all(later > earlier * 1.5 for earlier, later in itertools.pairwise(waits))


def test_a_refusal_ends_it_with_the_networks_reason(force: Force) -> None:
    post_id = force.queued()
    force.network().fail_next("publish", Refused("memory", "publish", "400", "That word is not allowed."))
    run_until_idle(force.context, JOBS)
    entry = force.entry(post_id)
    assert entry.state == "failed"
    assert "That word is not allowed." in (entry.reason or "")
    assert force.network().sent == ["publish"]


def test_what_needs_a_person_pauses_the_account_and_holds_the_entry(force: Force) -> None:
    first, second = force.queued("First."), force.queued("Second.")
    error = NeedsPerson("memory", "publish", "401", "The credentials ended.", action="Connect the account again.")
    force.network().fail_next("publish", error)
    run_until_idle(force.context, JOBS)
    entry = force.entry(first)
    assert entry.state == "held"
    assert "Connect the account again." in (entry.reason or "")
    assert force.raw(entry.id).owner_id == force.author.id
    with force.context.database.read() as session:
        account = session.get_one(Account, 1)
    assert account.state == "paused"
    assert "Connect the account again." in (account.paused_reason or "")
    # The second was in the same batch, and nothing of it may run into the same wall.
    assert force.entry(second).state in ("queued", "held")
    assert force.network().sent.count("publish") == 1


def test_the_words_of_another_post_are_a_refusal_and_not_ours(force: Force) -> None:
    force.network().add_past_post("Ducks on Mill Road again.", force.clock.now() - timedelta(hours=3))
    post_id = force.queued()
    run_until_idle(force.context, JOBS)
    entry = force.entry(post_id)
    assert entry.state == "failed"
    assert "same" in (entry.reason or "")
    assert not force.publications()


def test_two_entries_with_the_same_words_never_claim_the_same_publication(force: Force) -> None:
    first, second = force.queued(), force.queued()
    run_until_idle(force.context, JOBS)
    assert [force.entry(first).state, force.entry(second).state] == ["published", "failed"]
    assert len(force.publications()) == len(force.network().posts) == 1


# Unknown outcomes


def test_a_lost_answer_is_looked_up_and_never_sent_again(force: Force) -> None:
    post_id = force.queued()
    force.network().fail_next("publish", unknown(force), accepted=True)
    publish_due(force.context)
    assert force.entry(post_id).state == "unconfirmed"
    publish_due(force.context)
    assert force.network().sent == ["publish"], "it must settle before anybody looks"
    force.clock.advance(timedelta(seconds=force.context.settings.settle))
    run_until_idle(force.context, JOBS)
    assert force.network().sent == ["publish", "find"]
    assert force.entry(post_id).state == "published"
    (publication,) = force.publications()
    assert publication.platform_id == force.network().posts[0].platform_id


def test_what_is_proved_absent_waits_for_its_author_to_decide(force: Force) -> None:
    post_id = force.queued()
    force.network().fail_next("publish", unknown(force))
    publish_due(force.context)
    force.clock.advance(timedelta(minutes=1))
    run_until_idle(force.context, JOBS)
    entry = force.entry(post_id)
    assert entry.state == "held"
    assert "does not have it" in (entry.reason or "")
    assert force.raw(entry.id).owner_id == force.author.id
    assert not force.network().posts
    move_post(force.context, post_id, force.local_now(), force.author)
    run_until_idle(force.context, JOBS)
    assert force.entry(post_id).state == "published"


def test_a_failed_look_proves_nothing_and_is_made_again_later(force: Force) -> None:
    post_id = force.queued()
    force.network().fail_next("publish", unknown(force), accepted=True)
    publish_due(force.context)
    force.network().reachable = False
    for _ in range(3):
        force.clock.advance(timedelta(minutes=10))
        publish_due(force.context)
        assert force.entry(post_id).state == "unconfirmed"
    force.network().reachable = True
    force.clock.advance(timedelta(hours=1))
    publish_due(force.context)
    assert force.entry(post_id).state == "published"
    assert force.network().sent.count("publish") == 1


def test_looks_that_never_work_end_with_a_person(force: Force) -> None:
    post_id = force.queued()
    force.network().fail_next("publish", unknown(force), accepted=True)
    publish_due(force.context)
    force.network().reachable = False
    for _ in range(12):
        force.clock.advance(timedelta(hours=1))
        publish_due(force.context)
    entry = force.entry(post_id)
    assert entry.state == "held"
    assert "could not be settled" in (entry.reason or "")


def test_a_look_that_breaks_off_keeps_nothing_else_waiting_and_ends_with_a_person(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Credentials that do not open any more, or a fault of ours: the other posts go out all the same."""
    force.add_account("stonemere")
    post_id = force.queued()
    force.network().fail_next("publish", unknown(force))
    publish_due(force.context)
    with force.context.database.write() as session:
        account = session.exec(select(Account).where(Account.name == "hexley")).one()
        account.credentials_sealed = b"sealed with another key"
        session.add(account)
    force.clock.advance(timedelta(minutes=2))
    other = force.queued("Cows on Beck Lane.", account_names=("stonemere",))
    publish_due(force.context)
    assert (force.entry(post_id).state, force.entry(other).state) == ("unconfirmed", "published")
    assert "another key" in str(force.entry(post_id).reason)
    force.clock.advance(timedelta(hours=7))
    monkeypatch.setattr(MemoryChannel, "find", lambda *_args, **_kwargs: {}["data"])
    with force.context.database.write() as session:
        account = session.exec(select(Account).where(Account.name == "hexley")).one()
        account.credentials_sealed = force.context.vault.seal({})
        session.add(account)
    publish_due(force.context)
    entry = force.entry(post_id)
    assert (entry.state, "KeyError" in str(entry.reason)) == ("held", True)


@pytest.mark.parametrize("accepted", [True, False])
def test_a_crash_between_the_attempt_and_its_outcome_is_settled_by_looking(force: Force, accepted: bool) -> None:
    post_id = force.queued()
    force.network().fail_next("publish", Crash(), accepted=accepted)  # type: ignore[arg-type]  # worse than an error
    with pytest.raises(Crash):
        publish_due(force.context)
    assert [attempt.outcome for attempt in force.attempts()] == [None]
    force.clock.advance(timedelta(seconds=force.context.settings.lease))
    publish_due(force.context)
    assert force.entry(post_id).state == "unconfirmed"
    assert [attempt.outcome for attempt in force.attempts()] == ["unknown"]
    force.clock.advance(timedelta(seconds=force.context.settings.settle))
    publish_due(force.context)
    assert force.entry(post_id).state == ("published" if accepted else "held")
    assert len(force.publications()) == len(force.network().posts) == accepted
    assert force.network().sent.count("publish") == 1


def test_a_crash_before_the_attempt_puts_the_entry_back_into_the_queue(force: Force) -> None:
    post_id = force.queued()
    queue.claim(force.context, "gone")
    force.clock.advance(timedelta(seconds=force.context.settings.lease))
    publish_due(force.context)
    assert force.entry(post_id).state == "published"
    assert len(force.network().posts) == 1


def test_a_failure_that_nobody_foresaw_counts_as_unknown(force: Force) -> None:
    post_id = force.queued()
    force.network().fail_next("publish", KeyError("surprise"), accepted=True)  # type: ignore[arg-type]
    publish_due(force.context)
    assert force.entry(post_id).state == "unconfirmed"
    assert "surprise" not in (force.entry(post_id).reason or "")


# Fences and leases


def test_a_worker_that_lost_its_lease_changes_nothing(force: Force) -> None:
    post_id = force.queued()
    (old,) = queue.claim(force.context, "same-name")
    force.clock.advance(timedelta(seconds=force.context.settings.lease))
    queue.reap(force.context, "reaper")
    (new,) = queue.claim(force.context, "same-name")
    assert new.fence > old.fence
    assert queue.begin_attempt(force.context, old, "hash") is None
    with force.context.database.read() as session:
        assert queue.mine(session, old) is None
        assert queue.mine(session, new) is not None
    assert force.raw(force.entry(post_id).id).attempts == 0


def test_no_request_leaves_when_the_lease_has_run_out(force: Force) -> None:
    force.queued()
    (held,) = queue.claim(force.context, "slow")
    force.clock.advance(timedelta(seconds=force.context.settings.lease))
    assert queue.begin_attempt(force.context, held, "hash") is None


def test_no_request_leaves_for_words_that_were_changed_after_the_claim(force: Force) -> None:
    """The version in the claim is the version that may go: a change under it stops the request."""
    from scheduler.posts import Post

    post_id = force.queued()
    (held,) = queue.claim(force.context, "w")
    with force.context.database.write() as session:
        session.get_one(Post, post_id).version += 1
    assert queue.begin_attempt(force.context, held, "hash") is None
    assert not force.attempts()


def test_a_post_cannot_be_edited_while_it_is_going_out(force: Force) -> None:
    from social.errors import BeatlineError

    post_id = force.queued()
    queue.claim(force.context, "w")
    with pytest.raises(BeatlineError, match="going out at this moment"):
        edit_post(force.context, post_id, force.post("Other words."), force.author, expected_version=1)


def test_a_worker_that_slept_since_its_claim_gives_the_entry_back(force: Force, monkeypatch: Any) -> None:
    post_id = force.queued()
    slept = queue.steady_seconds() + force.context.settings.lease
    (held,) = queue.claim(force.context, "sleeper")
    assert not too_old_to_send(held, force.context.settings)
    monkeypatch.setattr(queue, "steady_seconds", lambda: slept)
    assert too_old_to_send(held, force.context.settings)
    assert force.entry(post_id).state == "publishing"


def test_a_lease_is_never_shorter_than_a_request_may_take(force: Force) -> None:
    from dataclasses import replace

    settings = replace(force.context.settings, lease=1.0)
    assert queue.lease_seconds(settings) > queue.longest_request(settings) > settings.read_timeout


# Pictures


def test_a_planned_picture_is_drawn_on_the_practice_network(force: Force) -> None:
    force.add_account("practice", base_url=PRACTICE)
    post_id = force.queued(account_names=("practice",), media=(picture(),))
    run_until_idle(force.context, JOBS)
    assert force.entry(post_id).state == "published"
    draft: Draft = force.network("practice").posts[0].draft
    assert draft.pictures[0].content.startswith(b"\x89PNG")
    assert draft.pictures[0].alt_text == "A duck and nine ducklings cross a road."
    assert force.publications()[0].has_picture


def test_a_planned_picture_waits_for_its_file_elsewhere(force: Force) -> None:
    post_id = force.queued(media=(picture(),))
    run_until_idle(force.context, JOBS)
    entry = force.entry(post_id)
    assert entry.state == "held"
    assert "waits for its file" in (entry.reason or "")
    assert not force.network().sent


# The worker around it


def test_a_job_that_fails_does_not_stop_the_others(force: Force, caplog: pytest.LogCaptureFixture) -> None:
    from social.jobs import Job

    words = "words of a resident"

    def broken(_: object) -> int:
        raise RuntimeError(words)

    force.queued()
    run_until_idle(force.context, (Job("broken", 1.0, broken), *JOBS))
    assert len(force.network().posts) == 1
    assert "broken" in caplog.text
    assert words not in caplog.text


def test_until_idle_waits_for_what_settles_soon(force: Force) -> None:
    post_id = force.queued()
    force.network().fail_next("publish", unknown(force), accepted=True)
    waited = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        force.clock.advance(timedelta(seconds=seconds))

    run_until_idle(force.context, JOBS, wait=wait)
    assert force.entry(post_id).state == "published"
    assert sum(waited) == pytest.approx(force.context.settings.settle, abs=6)


def test_until_idle_does_not_wait_for_tomorrow(force: Force) -> None:
    force.queued(due_local=force.local_now() + timedelta(days=1))
    run_until_idle(force.context, JOBS, wait=lambda _: pytest.fail("nothing is due"))


def test_until_idle_reports_progress_up_to_the_last_entry(force: Force) -> None:
    for number in range(3):
        force.queued(f"Number {number}.")
    seen: list[tuple[int, int]] = []
    run_until_idle(force.context, JOBS, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (3, 3)


def test_the_worker_leaves_a_sign_of_life(force: Force) -> None:
    from scheduler.entries import Heartbeat

    run_until_idle(force.context, JOBS)
    with force.context.database.read() as session:
        assert session.get_one(Heartbeat, queue.worker_name()).seen_at == force.clock.now()


def test_a_draft_never_goes_out(force: Force) -> None:
    plan_post(force.context, force.post(), force.author)
    run_until_idle(force.context, JOBS)
    assert not force.network().sent


def test_an_entry_that_cannot_be_made_ready_ends_with_a_person_and_not_in_a_circle(force: Force) -> None:
    """Its kind is gone from the table, as after a change of version."""
    from scheduler.posts import Post

    post_id = force.queued()
    other = force.queued("The next one.")
    with force.context.database.write() as session:
        session.get_one(Post, post_id).content_type = "gone"
    run_until_idle(force.context, JOBS)
    assert [force.entry(post_id).state, force.entry(other).state] == ["held", "published"]

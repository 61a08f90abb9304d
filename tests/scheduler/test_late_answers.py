"""A worker is held up with its request half way out. Others take the entry for lost, look, find nothing; then the
request goes through after all. What is live must be known, and must not go out a second time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from scheduler import outcomes, queue
from scheduler.appeal_closing import catch_late, close_appeal
from scheduler.entries import Entry
from scheduler.planning import discard_post, move_post, withdraw_post
from scheduler.taking_down import take_down_due
from scheduler.work import made_of, work_of
from scheduler.worker import publish_due
from social.channels.base import Draft, Published
from social.channels.memory import MemoryChannel
from social.errors import BeatlineError, ChannelError, Refused, TryLater
from tests.scheduler.helpers import Force

Meanwhile = Callable[[], Any]
DUCKS = "Ducks on Mill Road again."


@pytest.fixture
def held_up(force: Force, monkeypatch: pytest.MonkeyPatch) -> Callable[[Meanwhile], None]:
    """Publish what is due; at the moment when its request leaves, other things happen first."""

    def publish(meanwhile: Meanwhile) -> None:
        really = MemoryChannel.publish

        def slowly(channel: MemoryChannel, draft: Draft, *, key: str) -> Published:
            monkeypatch.setattr(MemoryChannel, "publish", really)
            meanwhile()
            return really(channel, draft, key=key)

        monkeypatch.setattr(MemoryChannel, "publish", slowly)
        publish_due(force.context)

    return publish


def reaped(force: Force) -> None:
    """Another worker found the lease over."""
    force.clock.advance(timedelta(seconds=force.context.settings.lease + 1))
    assert queue.reap(force.context, "another") == 1


def ruled_out(force: Force) -> None:
    """It looked too, and found nothing."""
    reaped(force)
    force.clock.advance(timedelta(seconds=force.context.settings.settle + 1))
    publish_due(force.context)
    assert force.entry().state == "held"


def given_a_new_time(force: Force, minutes: int = 5) -> None:
    ruled_out(force)
    local = force.local_now() + timedelta(minutes=minutes)
    move_post(force.context, force.entry().post_id, local, force.supervisor)
    assert force.entry().state == "queued"


@pytest.mark.parametrize("meanwhile", [reaped, ruled_out, given_a_new_time])
def test_proof_that_a_post_is_live_ends_its_wait_however_late_it_comes(
    force: Force, held_up: Callable[[Meanwhile], None], meanwhile: Callable[[Force], None]
) -> None:
    force.queued()
    held_up(lambda: meanwhile(force))
    entry, (publication,) = force.entry(), force.publications()
    assert (entry.state, entry.reason) == ("published", outcomes.LATE_ANSWER)
    assert (publication.entry_id, publication.platform_id) == (entry.id, entry.platform_id)
    assert [attempt.outcome for attempt in force.attempts()] == ["sent"]
    force.clock.advance(timedelta(minutes=10))
    publish_due(force.context)
    assert len(force.network().posts) == 1


def test_a_worker_that_has_claimed_it_anew_finds_it_live_and_sends_nothing(
    force: Force, held_up: Callable[[Meanwhile], None]
) -> None:
    force.queued()
    taken: list[queue.Claim] = []

    def claimed_anew() -> None:
        given_a_new_time(force, minutes=0)
        taken.extend(queue.claim(force.context, "another"))
        assert force.entry().state == "publishing"

    held_up(claimed_anew)
    assert force.entry().state == "published"
    assert queue.begin_attempt(force.context, taken[0], "hash") is None
    assert len(force.network().posts) == 1


@pytest.mark.sqlite_only
@pytest.mark.parametrize("text", [DUCKS, f"{DUCKS}\n---\nThey are heading for the mill pond."])
@pytest.mark.parametrize(
    "error", [TryLater("memory", "publish", "503", "Later."), Refused("memory", "publish", "400", "No.")]
)
def test_what_was_proved_live_while_a_second_request_was_under_way_is_not_sent_again(
    force: Force, held_up: Callable[[Meanwhile], None], error: ChannelError, text: str
) -> None:
    """The second request brought nothing, and the proof of the first had come meanwhile."""
    force.queued(text)
    answers = list[Callable[[], int]]()

    def second_under_way() -> None:
        given_a_new_time(force, minutes=0)
        (held,) = queue.claim(force.context, "another")
        with force.context.database.read() as session:
            work = work_of(session, session.get_one(Entry, held.entry_id))
        made = made_of(work, force.context.channel(work.account), force.context.settings)
        attempt = queue.begin_attempt(force.context, held, made.text_hash)
        assert attempt is not None
        answers.append(lambda: outcomes.record_failure(force.context, held, attempt, work, made.draft, error))

    held_up(second_under_way)
    assert (force.entry().state, len(force.network().posts)) == ("publishing", 1)
    assert answers[0]() == 1
    force.clock.advance(timedelta(minutes=10))
    publish_due(force.context)
    assert force.entry().state == "published"
    assert [post.text for post in force.network().posts] == text.split("\n---\n")
    assert force.publications()[0].platform_id == force.network().posts[0].platform_id


def test_a_late_answer_for_what_was_discarded_is_kept_with_its_request(
    force: Force, held_up: Callable[[Meanwhile], None]
) -> None:
    post_id = force.queued()

    def discarded() -> None:
        ruled_out(force)
        discard_post(force.context, post_id, force.author)

    held_up(discarded)
    assert force.entry().state == "discarded"
    (attempt,) = force.attempts()
    assert (attempt.outcome, attempt.platform_id) == ("sent", force.network().posts[0].platform_id)


@pytest.mark.sqlite_only
def test_what_was_ruled_out_while_it_was_to_come_down_comes_down_when_its_answer_is_late(
    force: Force, held_up: Callable[[Meanwhile], None]
) -> None:
    """R10: somebody took it down while nobody knew of it, and a look had found nothing."""
    post_id = force.queued()

    def taken_down() -> None:
        reaped(force)
        with pytest.raises(BeatlineError, match="going out at this moment"):
            withdraw_post(force.context, post_id, force.corporate, "It was the wrong road.")
        force.clock.advance(timedelta(seconds=force.context.settings.settle + 1))
        publish_due(force.context)
        assert take_down_due(force.context) == 1
        assert force.entry().state == "held"

    held_up(taken_down)
    assert force.network().live_posts
    assert take_down_due(force.context) == 1
    assert (force.entry().state, force.network().live_posts) == ("withdrawn", [])


def test_a_late_answer_for_a_post_of_an_ended_appeal_comes_down(
    force: Force, held_up: Callable[[Meanwhile], None]
) -> None:
    """R10: the copy is live although its entry was dropped when the appeal ended."""
    text = "Have you seen Oriel Tamsett, 34, of Elderwick? Call 101, or 999 if you see her now."
    force.queued(text, content_type="appeal_missing", appeal_ref="WD-9")

    def found() -> None:
        ruled_out(force)
        close_appeal(force.context, "WD-9", "found", force.corporate, "She is home.")

    held_up(found)
    assert force.entry().state == "discarded"
    assert force.network().live_posts
    assert catch_late(force.context) == 1
    assert take_down_due(force.context) == 1
    assert not force.network().live_posts
    assert catch_late(force.context) == 0

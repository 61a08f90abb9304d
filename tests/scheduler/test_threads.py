"""Posts of several parts: each part once, in order, each an answer to the one before; and what is out of it is always
known and said."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from scheduler import looking, outcomes, queue, settling, threads
from scheduler.alarming import look_after_alarms
from scheduler.appeal_closing import close_appeal
from scheduler.audit_moves import record_published
from scheduler.explain import explain
from scheduler.hold_kinds import HoldKind
from scheduler.holds import Order, place_hold, release_hold, say_yes
from scheduler.importing import import_posts
from scheduler.jobs import JOBS
from scheduler.planning import discard_post, edit_post, move_post, withdraw_post
from scheduler.queries import EntryView
from scheduler.restored import hold_what_may_have_gone_out
from scheduler.takedown import confirm_removed
from scheduler.takedown_tasks import Takedown
from scheduler.taking_down import take_down_due
from scheduler.worker import publish_due, run_until_idle
from social.accounts_admin import add_account, verify_account
from social.alarms import open_alarms
from social.audit import AuditRecord
from social.channels.base import Draft, Heard, Published
from social.channels.memory import MemoryChannel
from social.errors import BeatlineError, OutcomeUnknown, Refused, TryLater
from social.heard import store_heard
from social.interactions import Interaction
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from social.publication_parts import PublicationPart
from tests.scheduler.helpers import Force

pytestmark = pytest.mark.sqlite_only

WORDS = "Ducks on Mill Road again.\n---\nThey are heading for the mill pond.\n---\nPlease drive slowly there."
PARTS = ["Ducks on Mill Road again.", "They are heading for the mill pond.", "Please drive slowly there."]


class Crash(BaseException):
    """The process dies here: nothing that would run afterwards runs."""


def chain(force: Force, name: str = "hexley") -> list[str]:
    """What is live, in order, and that each part answers the one before."""
    live = force.network(name).live_posts
    assert [post.draft.after for post in live] == [None, *(post.platform_id for post in live[:-1])][: len(live)]
    return [post.text for post in live]


def lost(force: Force) -> OutcomeUnknown:
    return OutcomeUnknown("memory", "publish", "503", "The answer was lost.", sent_at=force.clock.now())


def story(force: Force) -> str:
    with force.context.database.read() as session:
        return "\n".join(explain(session, force.entry().id, force.clock.now()))


def fails_at(force: Force, number: int, error: BeatlineError, *, accepted: bool = False) -> None:
    """Part `number`, from 1, of the next thread meets the error."""
    really, seen = MemoryChannel.publish, []

    def publish(channel: MemoryChannel, draft: Draft, *, key: str) -> Published:
        seen.append(key)
        if len(seen) == number:
            MemoryChannel.publish = really
            channel.network.fail_next("publish", error, accepted=accepted)
        return really(channel, draft, key=key)

    MemoryChannel.publish = publish


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemoryChannel, "publish", MemoryChannel.publish)


def test_every_part_goes_out_once_in_order_and_answers_the_one_before(force: Force) -> None:
    force.queued(WORDS, link="https://example.org/ducks")
    run_until_idle(force.context, JOBS)
    assert chain(force) == [f"{PARTS[0]} https://example.org/ducks", *PARTS[1:]]
    entry, (publication,) = force.entry(), force.publications()
    assert (entry.state, entry.attempts, entry.reason) == ("published", 3, None)
    assert entry.platform_id == publication.platform_id == force.network().posts[0].platform_id
    assert publication.text == "\n\n".join(chain(force))
    assert [(one.part, one.outcome) for one in force.attempts()] == [(1, "sent"), (2, "sent"), (3, "sent")]
    assert "It is a thread of 3 parts" in story(force)
    assert "Request 2, for part 2, left" in story(force)


def test_a_network_without_threads_gets_one_post_with_blank_lines(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MemoryChannel, "can", replace(MemoryChannel.can, threads=False))
    force.queued(WORDS)
    publish_due(force.context)
    assert [post.text for post in force.network().posts] == ["\n\n".join(PARTS)]
    assert force.entry().state == "published"


def test_on_x_the_parts_are_a_thread_and_on_facebook_one_post_and_all_come_down(force: Force, tmp_path: Path) -> None:
    with PracticeNetwork(tmp_path / "practice", clock=force.clock, history_weeks=0) as network:
        for channel, page in (("x", None), ("facebook", network.page_id)):
            add_account(force.context, channel=channel, name=channel, base_url=network.base_url, page_id=page,
                        credentials=network.credentials(channel))  # fmt: skip
            verify_account(force.context, channel)
        post_id = force.queued(WORDS, account_names=("x", "facebook"))
        network.faults.add(Fault("publish", "reset_after", network="x", skip=1))
        publish_due(force.context)
        force.clock.advance(timedelta(seconds=force.context.settings.settle + 1))
        publish_due(force.context)
        parts = [post for post in network.truth() if post["network"] == "x"]
        assert [post["text"] for post in parts] == PARTS
        assert [post["reply_to"] for post in parts] == [None, *(post["platform_id"] for post in parts[:-1])]
        (whole,) = (post for post in network.truth() if post["network"] == "facebook")
        assert whole["text"] == "\n\n".join(PARTS)
        assert withdraw_post(force.context, post_id, force.corporate, "It was the wrong road.") == 2
        assert all(post["deleted"] for post in network.truth())


def test_a_file_brings_in_a_thread(force: Force, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    columns = {"post_id": "P1", "content_type": "lighthearted", "channel": "memory", "media": "none", "text": WORDS,
               "scheduled_local": "2026-06-01T10:00"}  # fmt: skip
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, columns, lineterminator="\r\n")
        writer.writeheader()
        writer.writerow({**columns, "text": WORDS.replace("\n", "\r\n")})
    import_posts(force.context, file)
    publish_due(force.context)
    assert chain(force) == PARTS


MOMENTS: list[tuple[object, str]] = [
    (queue, "claim"), (queue, "begin_attempts"), (MemoryChannel, "publish"), (outcomes, "sent"), (settling, "record"),
    (threads, "part_out"),
]  # fmt: skip


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("part", [1, 3])
@pytest.mark.parametrize(("owner", "name"), MOMENTS, ids=lambda one: one if isinstance(one, str) else "")
def test_after_a_crash_at_any_point_it_goes_on_at_the_right_part(
    force: Force, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, part: int, when: str
) -> None:
    force.queued(WORDS)
    really, seen = getattr(owner, name), []

    def dies(*given: object, **more: object) -> object:
        seen.append(name)
        if len(seen) == part and when == "before":
            raise Crash
        done = really(*given, **more)
        if len(seen) == part and when == "after":
            raise Crash
        return done

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, dies)
        with pytest.raises(Crash):
            publish_due(force.context)
    for _ in range(6):
        force.clock.advance(timedelta(seconds=force.context.settings.lease + 1))
        publish_due(force.context)
    entry = force.entry()
    if name == "publish" and when == "before":  # nobody knows whether the request left: a person decides
        assert (entry.state, chain(force)) == ("held", PARTS[: part - 1])
        assert (f"{part - 1} of 3 parts" in (entry.reason or "")) is (part > 1)
        move_post(force.context, entry.post_id, force.local_now(), force.supervisor)
        publish_due(force.context)
    elif name == "begin_attempts" and when == "after":
        assert (entry.state, chain(force)) == ("held", PARTS[: part - 1])
        return
    assert force.entry().state == "published"
    assert chain(force) == PARTS


def test_a_part_whose_answer_was_lost_is_found_and_the_next_one_follows(force: Force) -> None:
    force.queued(WORDS)
    fails_at(force, 2, lost(force), accepted=True)
    publish_due(force.context)
    entry = force.entry()
    assert entry.state == "unconfirmed"
    assert "1 of 3 parts is out." in (entry.reason or "")
    force.clock.advance(timedelta(seconds=force.context.settings.settle + 1))
    publish_due(force.context)
    assert (force.entry().state, chain(force)) == ("published", PARTS)


@pytest.mark.parametrize(
    "error", [Refused("memory", "publish", "400", "No."), TryLater("memory", "publish", "503", "Later.")]
)
def test_what_a_part_meets_stops_the_rest_and_says_what_is_out(force: Force, error: BeatlineError) -> None:
    force.queued(WORDS)
    fails_at(force, 3, error)
    publish_due(force.context)
    entry = force.entry()
    assert (entry.state, chain(force)) == ("held" if isinstance(error, Refused) else "queued", PARTS[:2])
    assert "2 of 3 parts are out." in (entry.reason or "")
    assert entry.owner == force.author.name
    if isinstance(error, Refused):
        look_after_alarms(force.context)
        with force.context.database.read() as session:
            (alarm,) = open_alarms(session)
        assert "stands still between two parts: 2 of 3 parts are out." in alarm.text
    move_post(force.context, entry.post_id, force.local_now() + timedelta(minutes=1), force.author)
    force.clock.advance(timedelta(minutes=1))
    publish_due(force.context)
    assert (force.entry().state, chain(force)) == ("published", PARTS)


def stopped_after(force: Force, number: int) -> EntryView:
    """A thread of which so many parts are out; the next was refused."""
    force.queued(WORDS)
    fails_at(force, number + 1, Refused("memory", "publish", "400", "No."))
    publish_due(force.context)
    return force.entry()


def test_a_thread_that_has_begun_is_neither_changed_nor_dropped_but_can_end_where_it_is(force: Force) -> None:
    entry = stopped_after(force, 2)
    given = force.post("Other words.\n---\nAnd more.")
    with pytest.raises(BeatlineError, match="2 of 3 parts are out"):
        edit_post(force.context, entry.post_id, given, force.author, expected_version=1)
    discard_post(force.context, entry.post_id, force.author)
    entry, (publication,) = force.entry(), force.publications()
    assert (entry.state, entry.reason) == ("published", "It ends here: 2 of 3 parts are out.")
    assert (publication.text, chain(force)) == ("\n\n".join(PARTS[:2]), PARTS[:2])
    force.clock.advance(timedelta(days=1))
    publish_due(force.context)
    assert len(force.network().posts) == 2


def test_a_hold_between_two_parts_stops_the_rest_until_somebody_says_yes(force: Force) -> None:
    """R31, R37: what may not be said may not be said in part three either."""
    really, held = MemoryChannel.publish, []

    def publish(channel: MemoryChannel, draft: Draft, *, key: str) -> Published:
        done = really(channel, draft, key=key)
        if draft.to_come == 1:
            held.append(place_hold(force.context, Order(HoldKind.STOP_ALL, "Something happened."), force.corporate))
        return done

    MemoryChannel.publish = publish  # put back by the fixture
    post_id = force.queued(WORDS)
    publish_due(force.context)
    assert (force.entry().state, chain(force)) == ("held", PARTS[:2])
    assert "2 of 3 parts are out." in (force.entry().reason or "")
    release_hold(force.context, held[0], force.corporate, "It is over.")
    say_yes(force.context, post_id, force.corporate)
    publish_due(force.context)
    assert (force.entry().state, chain(force)) == ("published", PARTS)


def test_what_is_late_between_two_parts_follows_its_kind(force: Force) -> None:
    """R42: and the rest goes on from there when a person gives it a new time."""
    force.queued(WORDS, content_type="event")
    fails_at(force, 2, TryLater("memory", "publish", "503", "Later."))
    publish_due(force.context)
    force.clock.advance(timedelta(hours=1))
    publish_due(force.context)
    assert force.entry().state == "lapsed"
    assert "1 of 3 parts is out." in (force.entry().reason or "")
    move_post(force.context, force.entry().post_id, force.local_now(), force.author)
    publish_due(force.context)
    assert chain(force) == PARTS


def taken_down(force: Force, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Take the post down.  Returns what was asked for, in order."""
    asked, really = list[str](), MemoryChannel.withdraw

    def withdraw(channel: MemoryChannel, platform_id: str) -> None:
        asked.append(platform_id)
        really(channel, platform_id)

    monkeypatch.setattr(MemoryChannel, "withdraw", withdraw)
    withdraw_post(force.context, force.entry().post_id, force.corporate, "It was the wrong road.")
    return asked


@pytest.mark.parametrize("out", [1, 2, 3])
def test_every_part_that_is_out_comes_down_the_last_first(
    force: Force, monkeypatch: pytest.MonkeyPatch, out: int
) -> None:
    if out < 3:
        stopped_after(force, out)
    else:
        force.queued(WORDS)
        publish_due(force.context)
    asked = taken_down(force, monkeypatch)
    assert asked == [post.platform_id for post in reversed(force.network().posts)]
    assert (force.entry().state, chain(force)) == ("withdrawn", [])
    assert force.publications()[0].withdrawn_at is not None


def test_an_appeal_that_ends_half_out_comes_down_and_its_rest_never_goes_out(force: Force) -> None:
    """R08, R10."""
    words = "Have you seen Oriel Tamsett, 34, of Elderwick?\n---\nCall 101, or 999 if you see her now."
    force.queued(words, content_type="appeal_missing", appeal_ref="WD-9")
    fails_at(force, 2, TryLater("memory", "publish", "503", "Later."))
    publish_due(force.context)
    assert (force.entry().state, len(force.network().live_posts)) == ("queued", 1)
    closed = close_appeal(force.context, "WD-9", "found", force.corporate, "She is home.")
    assert (closed.copies, closed.gone, closed.erased) == (1, 1, True)
    assert force.entry().state == "withdrawn"
    assert "Tamsett" not in force.publications()[0].text
    force.clock.advance(timedelta(minutes=5))
    publish_due(force.context)
    assert not force.network().live_posts


def test_a_takedown_asked_for_while_a_part_is_on_its_way_lets_no_other_follow(force: Force) -> None:
    really = MemoryChannel.publish

    def publish(channel: MemoryChannel, draft: Draft, *, key: str) -> Published:
        if draft.to_come == 1:
            with pytest.raises(BeatlineError, match="going out at this moment"):
                withdraw_post(force.context, 1, force.corporate, "It was the wrong road.")
        return really(channel, draft, key=key)

    MemoryChannel.publish = publish  # put back by the fixture
    force.queued(WORDS)
    publish_due(force.context)
    assert (force.entry().state, len(force.network().posts)) == ("held", 2)
    force.clock.advance(timedelta(seconds=10))
    assert take_down_due(force.context) == 1
    assert (force.entry().state, chain(force)) == ("withdrawn", [])


Meanwhile = Callable[[Force], None]


def reaped(force: Force) -> None:
    force.clock.advance(timedelta(seconds=force.context.settings.lease + 1))
    assert queue.reap(force.context, "another") == 1


def ruled_out(force: Force) -> None:
    reaped(force)
    force.clock.advance(timedelta(seconds=force.context.settings.settle + 1))
    (held,) = queue.claim_looks(force.context, "another")
    assert looking.look(force.context, held) == 1
    assert force.entry().state == "held"


def given_a_new_time(force: Force) -> None:
    ruled_out(force)
    move_post(force.context, force.entry().post_id, force.local_now(), force.supervisor)


@pytest.mark.parametrize("meanwhile", [reaped, ruled_out, given_a_new_time])
@pytest.mark.parametrize("part", [1, 2, 3])
def test_a_part_that_arrives_late_is_not_sent_again(force: Force, meanwhile: Meanwhile, part: int) -> None:
    really, seen = MemoryChannel.publish, []

    def publish(channel: MemoryChannel, draft: Draft, *, key: str) -> Published:
        seen.append(key)
        if len(seen) == part:
            meanwhile(force)
        return really(channel, draft, key=key)

    MemoryChannel.publish = publish  # put back by the fixture
    force.queued(WORDS)
    publish_due(force.context)
    if force.entry().state == "held":
        assert f"{part} of 3 part" in (force.entry().reason or "")
        move_post(force.context, force.entry().post_id, force.local_now(), force.supervisor)
        publish_due(force.context)
    assert (force.entry().state, chain(force)) == ("published", PARTS)


def late_answer(force: Force, meanwhile: Meanwhile) -> None:
    """The answer for part 2 of a thread comes after a look found nothing and a person made an end of it."""
    really = MemoryChannel.publish

    def publish(channel: MemoryChannel, draft: Draft, *, key: str) -> Published:
        if draft.to_come != 1:
            return really(channel, draft, key=key)
        ruled_out(force)
        done = really(channel, draft, key=key)
        meanwhile(force)
        return done

    MemoryChannel.publish = publish  # put back by the fixture
    force.queued(WORDS)
    publish_due(force.context)


def test_a_part_whose_answer_comes_after_the_rest_was_taken_down_comes_down_too(force: Force) -> None:
    """R10: nothing stays up that somebody took down, however late its answer comes."""

    def down(force: Force) -> None:
        assert withdraw_post(force.context, 1, force.corporate, "It was the wrong road.") == 1
        assert force.entry().state == "withdrawn"

    late_answer(force, down)
    assert [post.text for post in force.network().live_posts] == [PARTS[1]]
    assert take_down_due(force.context) == 1
    assert (force.entry().state, force.network().live_posts) == ("withdrawn", [])


def test_a_part_whose_answer_comes_after_the_thread_was_ended_is_counted(force: Force) -> None:
    late_answer(force, lambda force: discard_post(force.context, 1, force.author))
    assert (force.entry().state, chain(force)) == ("published", PARTS[:2])
    assert "2 of 3 parts are out." in (force.entry().reason or "")
    assert force.publications()[0].text == "\n\n".join(PARTS[:2])
    assert (record_published(force.context), record_published(force.context)) == (3, 0)
    with force.context.database.read() as session:
        rows = session.exec(
            select(AuditRecord).where(AuditRecord.action == "publish part").order_by(col(AuditRecord.seq))
        )
        told = [json.loads(row.after or "{}")["platform_id"] for row in rows]
    assert told == [post.platform_id for post in force.network().posts]


def never_found(force: Force, monkeypatch: pytest.MonkeyPatch, words: str, part: int) -> None:
    """A request was lost, and for six hours no look could prove anything."""
    monkeypatch.setattr(MemoryChannel, "can", replace(MemoryChannel.can, proves_absence=False))
    monkeypatch.setattr(MemoryChannel, "find", lambda channel, draft, *, since: None)
    fails_at(force, part, lost(force), accepted=True)
    force.queued(words)
    publish_due(force.context)
    for _ in range(12):
        force.clock.advance(timedelta(hours=1))
        publish_due(force.context)
    assert force.entry().state == "held"


@pytest.mark.parametrize(("words", "part"), [(WORDS, 2), (WORDS, 1), (PARTS[0], 1)])
def test_what_may_be_live_is_looked_for_before_it_counts_as_taken_down(
    force: Force, monkeypatch: pytest.MonkeyPatch, words: str, part: int
) -> None:
    really = MemoryChannel.find
    never_found(force, monkeypatch, words, part)
    with pytest.raises(BeatlineError, match="nobody knows whether it went out") as told:
        withdraw_post(force.context, 1, force.corporate, "It was the wrong road.")
    assert ("Look for part 2 as well" in str(told.value)) is (part == 2)
    assert [post.text for post in force.network().live_posts] == [PARTS[part - 1]]
    monkeypatch.setattr(MemoryChannel, "find", really)
    force.clock.advance(timedelta(minutes=10))
    assert take_down_due(force.context) == 1
    assert force.network().live_posts == []
    with force.context.database.read() as session:
        (task,) = session.exec(select(Takedown))
    assert (task.state, task.verified_at) == ("removed", force.clock.now())


def test_a_persons_word_ends_the_search_for_what_nobody_finds_and_is_no_proof(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_found(force, monkeypatch, WORDS, 1)
    with pytest.raises(BeatlineError, match="nobody knows"):
        withdraw_post(force.context, 1, force.corporate, "It was the wrong road.")
    assert confirm_removed(force.context, 1, force.corporate) is False
    with force.context.database.read() as session:
        task = session.get_one(Takedown, 1)
    assert (task.state, task.verified_at, task.next_try_at) == ("removed", None, None)


def test_after_a_restore_a_thread_asks_a_person_and_does_not_go_on_by_itself(force: Force) -> None:
    """Parts that went out after the backup was made are not in it."""
    fails_at(force, 2, lost(force), accepted=True)
    force.queued(WORDS)
    publish_due(force.context)
    assert force.entry().state == "unconfirmed"
    assert hold_what_may_have_gone_out(force.context.database, force.clock.now()) == 1
    force.clock.advance(timedelta(seconds=force.context.settings.settle + 1))
    publish_due(force.context)
    assert (force.entry().state, chain(force)) == ("held", PARTS[:2])
    assert "restored from a backup" in (force.entry().reason or "")


def test_parts_keep_no_distance_from_each_other_and_the_next_post_does(force: Force) -> None:
    force.context.settings = replace(force.context.settings, account_gap=300)
    force.queued(WORDS)
    force.queued("Another matter.")
    publish_due(force.context)
    assert chain(force) == PARTS
    force.clock.advance(timedelta(seconds=299))
    publish_due(force.context)
    assert len(force.network().posts) == 3
    force.clock.advance(timedelta(seconds=2))
    publish_due(force.context)
    assert force.network().posts[-1].text == "Another matter."


def test_a_reply_to_any_part_is_a_reply_to_the_post_and_our_own_parts_are_none(force: Force) -> None:
    force.queued(WORDS)
    publish_due(force.context)
    first, second, third = force.network().posts
    (publication,), now = force.publications(), force.clock.now()
    told = Heard("r1", first.platform_id, third.platform_id, "Saw them!", now, "resident-1", ours=False)
    own = Heard(second.platform_id, first.platform_id, first.platform_id, second.text, now, "us", ours=True)
    with force.context.database.write() as session:
        store_heard(session, force.context.vault, 1, {first.platform_id: publication.id or 0}, [told, own], now)
    with force.context.database.read() as session:
        (reply,) = session.exec(select(Interaction))
        assert (reply.platform_id, reply.parent_platform_id) == ("r1", first.platform_id)
        assert [part.number for part in session.exec(select(PublicationPart))] == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"Short.\n---\n{'Long. ' * 90}", "Part 2 is too long for hexley: "),
        ("Mind the ducks.\n---\nThey are small.\n---\nMind  the ducks.", "Parts 1 and 3 say the same"),
        ("\n---\n".join(f"Part number {number}." for number in range(21)), "21 parts are too many"),
    ],
)
def test_what_would_keep_a_thread_from_going_out_whole_is_said_before(force: Force, text: str, said: str) -> None:
    with pytest.raises(BeatlineError, match=said):
        force.queued(text)

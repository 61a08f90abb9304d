"""Threads that are taken down: every part that is out comes down, and no other follows."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlmodel import select

from scheduler import outcomes, settling
from scheduler.appeal_closing import close_appeal
from scheduler.appeal_views import task_view
from scheduler.checking import findings_of
from scheduler.demo.week import duplicates
from scheduler.entries import Entry
from scheduler.hold_kinds import HoldKind
from scheduler.holds import Order, place_hold, release_hold, say_yes
from scheduler.planning import move_post, withdraw_post
from scheduler.posts import Post
from scheduler.queries import post_view
from scheduler.takedown_tasks import COMING_DOWN, open_tasks
from scheduler.taking_down import take_down_due
from scheduler.worker import publish_due
from social.channels.base import Draft, Published
from social.channels.memory import MemoryChannel
from social.errors import BeatlineError, Refused
from social.publication_parts import PublicationPart
from tests.scheduler.helpers import Force
from tests.scheduler.test_threads import PARTS, WORDS, ruled_out, stopped_after

pytestmark = pytest.mark.sqlite_only
WHY = "It was the wrong road."


def test_a_part_that_is_written_down_while_the_network_is_asked_comes_down_too(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish, record, withdraw = MemoryChannel.publish, settling.record, MemoryChannel.withdraw
    late = list[settling.Arrived]()

    def slowly(channel: MemoryChannel, draft: Draft, *, key: str) -> Published:
        if draft.to_come == 1:
            ruled_out(force)
            monkeypatch.setattr(settling, "record", lambda context, one: late.append(one) or 0)
        return publish(channel, draft, key=key)

    def removed(channel: MemoryChannel, platform_id: str) -> None:
        if late:
            assert record(force.context, late.pop()) == 1
        withdraw(channel, platform_id)

    monkeypatch.setattr(MemoryChannel, "publish", slowly)
    monkeypatch.setattr(MemoryChannel, "withdraw", removed)
    post_id = force.queued(WORDS)
    publish_due(force.context)
    with pytest.raises(BeatlineError, match="Not taken down everywhere"):
        withdraw_post(force.context, post_id, force.corporate, WHY)
    assert [post.text for post in force.network().live_posts] == [PARTS[1]]
    force.clock.advance(timedelta(seconds=10))
    assert take_down_due(force.context) == 1
    assert (force.entry().state, force.network().live_posts) == ("withdrawn", [])


def test_neither_a_new_time_nor_a_yes_sends_more_of_what_is_coming_down(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish, held = MemoryChannel.publish, list[int]()

    def stopped(channel: MemoryChannel, draft: Draft, *, key: str) -> Published:
        if draft.to_come == 1:
            held.append(place_hold(force.context, Order(HoldKind.STOP_ALL, "Something happened."), force.corporate))
        return publish(channel, draft, key=key)

    monkeypatch.setattr(MemoryChannel, "publish", stopped)
    post_id = force.queued(f"{WORDS} Call 101, 999 or 0800 555 111.", content_type="appeal_witness", appeal_ref="WD-9")
    publish_due(force.context)
    for _ in range(2):
        force.network().fail_next("withdraw", Refused("memory", "withdraw", "400", "No."))
    assert close_appeal(force.context, "WD-9", "closed", force.corporate, "It is over.").left == 1
    release_hold(force.context, held[0], force.corporate, "It is over.")
    with pytest.raises(BeatlineError, match=COMING_DOWN):
        say_yes(force.context, post_id, force.corporate)
    with pytest.raises(BeatlineError, match=COMING_DOWN):
        move_post(force.context, post_id, force.local_now(), force.corporate)
    publish_due(force.context)
    assert len(force.network().posts) == 2


def test_one_part_that_a_network_refuses_to_remove_keeps_no_other_up(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_id = force.queued(WORDS)
    publish_due(force.context)
    withdraw, last = MemoryChannel.withdraw, force.network().posts[-1].platform_id

    def refuses(channel: MemoryChannel, platform_id: str) -> None:
        if platform_id == last:
            raise Refused("memory", "withdraw", "400", "No.")
        withdraw(channel, platform_id)

    monkeypatch.setattr(MemoryChannel, "withdraw", refuses)
    with pytest.raises(BeatlineError, match="Remove it by hand") as told:
        withdraw_post(force.context, post_id, force.corporate, WHY)
    places = [post.url for post in force.network().posts]
    assert len(set(places)) == 3
    assert all(url in str(told.value) for url in places)
    with force.context.database.read() as session:
        (task,) = open_tasks(session)
        assert task_view(session, task).urls == tuple(places)
    assert [post.text for post in force.network().live_posts] == [PARTS[2]]


def test_a_thread_that_waits_between_two_parts_is_checked_and_its_parts_are_nobodys_duplicates(force: Force) -> None:
    post_id = stopped_after(force, 2).post_id
    with force.context.database.write() as session:
        session.get_one(Post, post_id).text = "Ducks.\n---\nDucks.\n---\nPlease drive slowly there."
    with force.context.database.read() as session:
        view = post_view(session, post_id)
        live = [{"platform_id": post.platform_id} for post in force.network().posts]
        assert (len(live), duplicates(session, SimpleNamespace(truth=lambda: live))) == (2, 0)
    assert any("say the same" in finding.message for finding in findings_of(force.context, view))


def test_a_later_part_of_one_thread_is_never_taken_for_another_post(force: Force) -> None:
    first, second = force.queued(WORDS), force.queued("Another matter.")
    publish_due(force.context)
    with force.context.database.read() as session:
        part = session.exec(select(PublicationPart).where(PublicationPart.number == 2)).one()
        found = Published(part.platform_id, None, part.published_at)
        entries = {entry.post_id: entry for entry in session.exec(select(Entry))}
        assert outcomes.belongs_to_another(session, entries[second], found)
        assert not outcomes.belongs_to_another(session, entries[first], found)

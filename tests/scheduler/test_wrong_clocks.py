"""A worker whose wall clock is wrong by an hour: what it wrote down must mislead nobody else."""

import threading
from datetime import UTC, datetime, timedelta, tzinfo

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest

from scheduler import worker
from scheduler.worker import publish_due
from social.channels.base import Draft, Published
from social.channels.memory import MemoryChannel
from social.channels.registry import make_channel
from social.clock import SettableClock
from social.context import Context, open_context
from social.errors import OutcomeUnknown
from social.jobs import Job
from tests.scheduler.helpers import Force


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_request_dated_by_a_wrong_clock_is_found_where_it_went_out(
    force: Force, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    force.queued(content_type="correction", text="Correction: the meeting is on Monday.")
    sound = force.clock.now

    def lost_after_it_was_taken(channel: MemoryChannel, draft: Draft, *, key: str) -> Published:
        channel.network._keep(draft, sound(), key)
        raise OutcomeUnknown("memory", "publish", "", "Lost.", sent_at=sound())

    wrong = open_context(force.context.settings, make_channel, SettableClock(sound() + timedelta(hours=hours)))
    with monkeypatch.context() as patch:
        patch.setattr(MemoryChannel, "publish", lost_after_it_was_taken)
        if hours < 0:  # it would not be due yet
            with wrong.database.write() as session:
                entry = force.raw(force.entry().id)
                entry.due_at = wrong.clock.now()
                session.merge(entry)
        publish_due(wrong)
    wrong.database.close()
    assert force.entry().state == "unconfirmed"
    force.clock.advance(timedelta(hours=2))
    publish_due(force.context)
    assert force.entry().state == "published"
    assert len(force.network().posts) == 1


class Jumping(datetime):
    """The system's clock, which somebody puts on or back."""

    ahead = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain one, as others make
        return datetime.now(tz) + cls.ahead


class JumpingClock:
    def now(self) -> datetime:
        return Jumping.now(UTC)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("hours", [-1, 1])
def test_a_worker_goes_on_when_the_clock_is_put_on_or_back(
    context: Context, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    for module in (apscheduler.schedulers.base, apscheduler.triggers.interval):
        monkeypatch.setattr(module, "datetime", Jumping)
    monkeypatch.setattr(worker, "CLOCK_LOOK", 0.05)
    monkeypatch.setattr(Jumping, "ahead", timedelta(0))
    context.clock = JumpingClock()
    ticked, stop = threading.Event(), threading.Event()

    def tick(_: Context) -> int:
        ticked.set()
        return 0

    running = threading.Thread(target=worker.run_forever, args=(context, [Job("tick", 0.05, tick)]),
                               kwargs={"stop": stop})  # fmt: skip
    running.start()
    try:
        assert ticked.wait(20)
        Jumping.ahead = timedelta(hours=hours)
        ticked.clear()
        assert ticked.wait(20)  # the tick that was planned before
        ticked.clear()
        assert ticked.wait(20), "it stands still until the clock has come round"
    finally:
        stop.set()
        running.join()

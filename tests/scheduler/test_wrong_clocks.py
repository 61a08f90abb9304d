"""A worker whose wall clock is wrong by an hour: what it wrote down must mislead nobody else."""

from datetime import timedelta

import pytest

from scheduler.worker import publish_due
from social.channels.base import Draft, Published
from social.channels.memory import MemoryChannel
from social.channels.registry import make_channel
from social.clock import SettableClock
from social.context import open_context
from social.errors import OutcomeUnknown
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

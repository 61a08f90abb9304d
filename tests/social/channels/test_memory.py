"""What the memory network offers to tests, beyond the contract of every channel."""

from datetime import UTC, datetime, timedelta

import pytest

from social.accounts import Account
from social.channels import memory
from social.channels.base import Draft
from social.channels.memory import MemoryChannel, network_of
from social.clock import SettableClock
from social.errors import OutcomeUnknown, TryLater
from social.measurements import Metric


@pytest.fixture
def channel(clock: SettableClock) -> MemoryChannel:
    memory.reset()
    account = Account(name="hexley", channel="memory", credentials_sealed=b"", added_at=clock.now())
    return MemoryChannel(account, clock)


def test_a_failure_that_was_asked_for_comes_once_and_nothing_is_kept(channel: MemoryChannel) -> None:
    channel.network.fail_next("publish", TryLater("memory", "publish", "503", "Busy."))
    with pytest.raises(TryLater):
        channel.publish(Draft("Bike marking on Saturday"), key="1")
    assert channel.network.posts == []
    channel.publish(Draft("Bike marking on Saturday"), key="1")
    assert [post.key for post in channel.network.posts] == ["1"]


def test_an_answer_that_was_lost_leaves_the_post_to_be_found(channel: MemoryChannel, clock: SettableClock) -> None:
    lost = OutcomeUnknown("memory", "publish", "", "No answer came.", sent_at=clock.now())
    channel.network.fail_next("publish", lost, accepted=True)
    with pytest.raises(OutcomeUnknown):
        channel.publish(Draft("Road closed at Copperbeck"), key="1")
    found = channel.find(Draft("Road closed at Copperbeck"), since=clock.now())
    assert found is not None
    assert found.platform_id == network_of("hexley").posts[0].platform_id


def test_figures_are_reported_only_where_they_were_set(channel: MemoryChannel) -> None:
    post = channel.publish(Draft("Found dog at Stonemere"), key="1")
    channel.network.set_figures(post.platform_id, reach=1200, reactions=31)
    channel.network.set_figures(post.platform_id, reach=None)
    measured = channel.measure([post.platform_id])
    assert [(f.metric, f.value) for f in measured.figures] == [(Metric.REACTIONS, 31)]


def test_taking_a_reply_away_does_not_shift_the_cursor(channel: MemoryChannel, clock: SettableClock) -> None:
    post = channel.publish(Draft("Found dog at Stonemere"), key="1")
    first = channel.network.add_reply(post.platform_id, "Lovely.")
    pages = list(channel.listen(post.platform_id, cursor=None, published_at=post.published_at))
    channel.network.remove_reply(first)
    channel.network.add_reply(post.platform_id, "Is he home yet?")
    fresh = list(channel.listen(post.platform_id, cursor=pages[-1].cursor, published_at=post.published_at))
    assert [item.text for page in fresh for item in page.items] == ["Is he home yet?"]


def test_past_posts_lie_where_they_were_put(channel: MemoryChannel) -> None:
    moment = datetime(2026, 4, 3, 8, 30, tzinfo=UTC)
    channel.network.add_past_post("Speed checks on Mill Road", moment)
    assert [p.published_at for p in channel.history(since=moment)] == [moment]
    assert list(channel.history(since=moment + timedelta(seconds=1))) == []

"""An emergency under an old post is in the duty contact's mailbox within five minutes of being written (R16, R19)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app import periodic_jobs
from scheduler.worker import run_job
from social.accounts import account_named
from social.accounts_admin import add_account, verify_account
from social.channels.base import Draft
from social.duty import set_contacts
from social.practice import conversation
from social.practice.network import PracticeNetwork
from social.practice.residents import Crowd, Reply
from social.practice.store import Post
from social.publications import Publication, record_publication
from tests.scheduler.helpers import Force
from tests.social.mail_server import MailServer

pytestmark = pytest.mark.sqlite_only

HELP = "Please help, someone has been stabbed on Mill Road and he is bleeding"
DESK = "desk@woldershire.example"
ROUND = timedelta(seconds=30)


@pytest.fixture
def network(force: Force, tmp_path: Path) -> Iterator[PracticeNetwork]:
    with PracticeNetwork(tmp_path / "practice", clock=force.clock, history_weeks=0, pace=1.0) as network:
        yield network


def publish(force: Force, network: PracticeNetwork, channel: str) -> None:
    """A post that has just gone out on an account of that network."""
    add_account(force.context, channel=channel, name=channel, base_url=network.base_url,
                credentials=network.credentials(channel),
                page_id=network.page_id if channel == "facebook" else None)  # fmt: skip
    verify_account(force.context, channel)
    with force.context.database.read() as session:
        account = account_named(session, channel)
    text, now = "Our youngest volunteer named the new patrol bike.", force.clock.now()
    live = force.context.channel(account).publish(Draft(text), key="bike")
    with force.context.database.write() as session:
        post = Publication(account_id=account.id or 0, platform_id=live.platform_id, text=text, published_at=now)
        record_publication(session, post, now)


def rounds(force: Force, until: timedelta) -> Iterator[None]:
    """The worker's rounds for so long."""
    ends = force.clock.now() + until
    while force.clock.now() <= ends:
        for job in periodic_jobs():
            run_job(force.context, job)
        yield
        force.clock.advance(ROUND)


def told(server: MailServer) -> list[str]:
    """Who was told of an emergency, in order."""
    return [str(message["To"]) for message in server.taken if str(message["Subject"]).startswith("EMERGENCY")]


@pytest.mark.parametrize(
    ("channel", "days"), [("x", 5), ("facebook", 5), ("x", 60), ("facebook", 60), ("x", 400), ("facebook", 400)]
)
def test_an_emergency_under_an_old_post_is_in_the_mailbox_within_five_minutes(
    force: Force,
    server: MailServer,
    network: PracticeNetwork,
    channel: str,
    days: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_contacts(force.context, None, [f"Control room desk <{DESK}>"], force.corporate)
    cries: list[datetime] = []
    crowd = conversation.crowd

    def only_cries(post: Post) -> Crowd:
        hours = [(at.timestamp() - post.created_ms / 1000) / 3600 for at in cries]
        return replace(crowd(post), replies=tuple(
            Reply(number, 0, at, HELP, author=77, kind="emergency", stance="negative", lang="en", likes=0)
            for number, at in enumerate(hours, 1)
        ))  # fmt: skip

    monkeypatch.setattr(conversation, "crowd", only_cries)
    publish(force, network, channel)
    for _ in range(2):  # the second time there is nothing more to be read of a post that is finished
        force.clock.advance(timedelta(days=days / 2))
        for _ in rounds(force, timedelta(minutes=1)):
            pass
    assert told(server) == []
    cries.append(force.clock.now())
    conversation._said.cache_clear()
    before = network.asked.copy()
    for _ in rounds(force, timedelta(minutes=5)):
        if told(server):
            break
    assert told(server) == [DESK], "nobody was told"
    assert force.clock.now() - cries[0] < timedelta(minutes=5)
    asked = sum((network.asked - before).values())
    assert asked <= 8, "a few requests for the whole account, however many rounds there were"

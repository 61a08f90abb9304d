"""The main job, end to end, with the real parts: sample posts go to the practice network over HTTP, residents answer,
replies are collected and read, figures are kept. Then all of it again, and nothing new comes of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

import app
from insights.facts import PublicationFacts
from insights.figures import figures_by, totals
from scheduler.entries import Attempt, Entry
from scheduler.importing import import_posts
from scheduler.worker import run_until_idle
from social.accounts import list_accounts
from social.accounts_admin import add_account, verify_account
from social.clock import SettableClock
from social.context import Context
from social.interactions import Interaction, Reading
from social.practice.network import PracticeNetwork
from social.publications import Publication

SAMPLE = Path(__file__).parent.parent / "examples" / "posts.csv"
SIX_DAYS = timedelta(days=6)
"""X shows no reply under a post that is older than seven."""


@dataclass
class Force:
    """A connected force: its context, its clock and the network it is on."""

    context: Context
    clock: SettableClock
    network: PracticeNetwork

    def work(self) -> None:
        run_until_idle(
            self.context, app.periodic_jobs(), wait=lambda seconds: self.clock.advance(timedelta(seconds=seconds))
        )


@pytest.fixture
def force(context: Context, clock: SettableClock, tmp_path: Path) -> Iterator[Force]:
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=0) as network:
        for channel in ("x", "facebook"):
            add_account(
                context,
                channel=channel,
                name=f"practice-{channel}",
                page_id=network.page_id if channel == "facebook" else None,
                base_url=network.base_url,
                credentials=network.credentials(channel),
            )
            verify_account(context, f"practice-{channel}")
        yield Force(context, clock, network)


def import_sample(force: Force) -> None:
    import_posts(
        force.context,
        SAMPLE,
        only_channels=["x", "facebook"],
        approved_by="joel.marsh@woldershire.example",
        due_now=True,
    )


def everything_heard(force: Force) -> set[str]:
    """Ids of all that the network shows under the force's posts, asked afresh and without Beatline's records."""
    heard = set()
    with force.context.database.read() as session:
        accounts = {account.id: account for account in list_accounts(session)}
        publications = list(session.exec(select(Publication)))
    for publication in publications:
        channel = force.context.channel(accounts[publication.account_id])
        for page in channel.listen(publication.platform_id, cursor=None, published_at=publication.published_at):
            heard |= {item.platform_id for item in page.items}
    return heard


def test_every_sample_post_is_live_exactly_once_or_refused_with_its_reason(force: Force) -> None:
    import_sample(force)
    force.work()
    with force.context.database.read() as session:
        entries = list(session.exec(select(Entry)))
    states = Counter(entry.state for entry in entries)
    assert set(states) == {"published", "failed"}
    assert states["published"] > 25
    assert all(entry.reason for entry in entries if entry.state == "failed")
    accepted = [post["platform_id"] for post in force.network.truth()]
    assert sorted(accepted) == sorted(str(entry.platform_id) for entry in entries if entry.state == "published")


def test_after_six_days_all_is_collected_read_and_adds_up_and_doing_it_again_brings_nothing_twice(force: Force) -> None:
    import_sample(force)
    force.work()
    force.clock.advance(SIX_DAYS)
    force.work()
    with force.context.database.read() as session:
        stored = set(session.exec(select(Interaction.platform_id)))
        unread = session.exec(
            select(Interaction.id)
            .join(Reading, col(Reading.interaction_id) == col(Interaction.id), isouter=True)
            .where(col(Reading.id).is_(None), col(Interaction.ours).is_(False), Interaction.text != "")
        ).all()
        groups, whole = figures_by(session, "content_type"), totals(session)
        residents = len(session.exec(select(Interaction).where(col(Interaction.ours).is_(False))).all())
    assert len(stored) > 150
    assert everything_heard(force) <= stored
    assert unread == []
    assert sum(group.posts for group in groups) == whole.posts
    assert sum(group.replies_read for group in groups) == whole.replies_read == residents

    before, accepted = counts(force), len(force.network.truth())
    import_sample(force)
    force.work()
    assert counts(force) == before
    assert len(force.network.truth()) == accepted


def counts(force: Force) -> tuple[int, ...]:
    with force.context.database.read() as session:
        tables = (Entry, Attempt, Publication, Interaction, Reading, PublicationFacts)
        return tuple(len(session.exec(select(table)).all()) for table in tables)

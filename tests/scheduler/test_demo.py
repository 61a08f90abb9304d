"""The demo force lives through its week on the practice network, and what it reports is what the app shows."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

import app
from insights.figures import figures_by
from insights.response_times import response_times
from insights.summary import summary
from scheduler.demo.force import add_staff
from scheduler.demo.plan import WEEK
from scheduler.demo.week import UNFINISHED, duplicates, plan_soon, prepare
from scheduler.entries import Entry
from scheduler.posts import Post
from social.accounts import Account
from social.channels.registry import make_channel
from social.clock import SettableClock
from social.context import Context, open_context
from social.database import Database
from social.gaps import ReadingGap
from social.interactions import Interaction
from social.places import Place
from social.publications import Publication
from social.rotating import Ring, Rotation
from social.settings import Settings, load_settings
from social.staff import Membership, Person, Role, find_or_add_person

NOW = datetime(2026, 6, 10, 11, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("demo")
    return load_settings({"BEATLINE_HOME": str(folder), "BEATLINE_PRACTICE_PORT": "0"})


@pytest.fixture(scope="module")
def stopped(home: Settings) -> Settings:
    """The home after somebody pressed Ctrl-C while the force was being set up."""

    def press(step: str, _done: int, _total: int) -> None:
        if step.startswith("Living"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(home, app.periodic_jobs(), summary, progress=press, now=NOW)
    assert entries(home), "it had got as far as planning"
    return home


@pytest.fixture(scope="module")
def report(stopped: Settings) -> dict[str, Any]:
    home = stopped
    return prepare(home, app.periodic_jobs(), summary, now=NOW)


class Accepted:
    """What a network says that it accepted."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []

    def truth(self) -> list[dict[str, Any]]:
        return self.posts


@pytest.fixture
def network() -> Accepted:
    return Accepted()


def entries(home: Settings) -> list[Entry]:
    context = open_context(home, make_channel, SettableClock(NOW))
    with context.database.read() as session:
        found = list(session.exec(select(Entry)))
    context.database.close()
    return found


def test_every_planned_post_of_the_week_is_out_once_or_refused_and_none_is_there_twice(
    home: Settings, report: dict[str, Any]
) -> None:
    states = Counter(entry.state for entry in entries(home))
    past = sum(len(post.channels) for post in WEEK if post.day < 0)
    assert report["published"] == states["published"] >= past - 1
    assert report["refused"] == states["failed"] == 1
    assert report["duplicates"] == 0
    assert states["in_review"] == sum(len(post.channels) for post in WEEK if not post.approved)
    assert set(states) == {"published", "failed", "in_review", "queued"}


def test_what_it_reports_is_what_the_app_shows(home: Settings, report: dict[str, Any]) -> None:
    context = open_context(home, make_channel, SettableClock(NOW))
    with context.database.read() as session:
        rows = {row.group: row for row in figures_by(session, "content_type")}
        ours = [reply for reply in session.exec(select(Interaction)) if not reply.ours]
        gaps = session.exec(select(ReadingGap)).all()
        rings = session.exec(select(Rotation).where(col(Rotation.ring) != Ring.BY_HAND.value)).all()
    context.database.close()
    assert set(report["by_content_type"]) == set(rows)
    for kind, told in report["by_content_type"].items():
        row = rows[kind]
        assert (told["posts"], told["reach"], told["engagement_rate"]) == (row.posts, row.reach, row.engagement_rate)
        shares = (row.share_negative, row.share_neutral, row.share_positive, row.share_unknown)
        assert tuple(told["sentiment"].values()) == shares
    assert report["replies_collected"] == len(ours)
    # What its writer took back since was read before, and only its words are erased.
    assert report["readings"] == len([reply for reply in ours if reply.text or reply.gone_at is not None])
    assert gaps == [], "the week that was lived through in a minute had no worker between its hours"
    rounds = [(ring.began_at, ring.before_at) for ring in rings]
    assert set(rounds) == {(NOW, None)}, "and no round of listening took as long as its steps"


def test_the_people_of_the_demo_have_their_areas(home: Settings, report: dict[str, Any]) -> None:
    assert report["published"]
    with Database(home.database_url).read() as session:
        rows = session.exec(
            select(Person.name, Place.name)
            .select_from(Membership)
            .join(Person, col(Membership.person_id) == col(Person.id))
            .join(Place, col(Membership.place_id) == col(Place.id))
        )
        assert dict(rows.all()) == {
            "Nia Abbot": "South Division", "Ruth Lane": "South Division", "Priya Holt": "Copperbeck",
        }  # fmt: skip


def test_a_demo_that_was_stopped_halfway_begins_anew(home: Settings, report: dict[str, Any]) -> None:
    assert report["published"]
    assert len(entries(home)) == sum(len(post.channels) for post in WEEK)
    assert not (home.home / UNFINISHED).exists()


def test_somebody_of_every_role_can_be_acted_as(context: Context) -> None:
    with context.database.write() as session:
        add_staff(session)
    with context.database.read() as session:
        assert {person.role for person in session.exec(select(Person))} == set(Role)


def test_a_post_that_was_taken_down_since_counts_as_no_duplicate(context: Context, network: Accepted) -> None:
    with context.database.write() as session:
        person = find_or_add_person(session, "ana.reed@woldershire.example", Role.CORPORATE)
        moment = {"created_at": NOW, "updated_at": NOW}
        session.add(Account(name="x", channel="memory", credentials_sealed=b"", added_at=NOW))
        session.add(Post(content_type="event", text="Come along.", author_id=person.id, **moment))
        session.flush()
        session.add(Entry(post_id=1, account_id=1, state="withdrawn", platform_id="11", **moment))
    with context.database.read() as session:
        network.posts = [{"platform_id": "11"}]
        assert duplicates(session, network) == 0
        network.posts.append({"platform_id": "12"})
        assert duplicates(session, network) == 1


def test_twelve_weeks_of_the_past_came_in_with_the_accounts(home: Settings, report: dict[str, Any]) -> None:
    assert report["published"]
    context = open_context(home, make_channel, SettableClock(NOW))
    with context.database.read() as session:
        past = list(session.exec(select(Publication).where(col(Publication.imported))))
    context.database.close()
    assert len(past) > 100
    assert (NOW - min(post.published_at for post in past)).days > 80


def test_preparing_it_again_changes_nothing(home: Settings, report: dict[str, Any], tmp_path: Path) -> None:
    again = prepare(home, app.periodic_jobs(), summary, now=NOW)
    assert {**again, "seconds": 0} == {**report, "seconds": 0}


def test_some_posts_go_out_while_somebody_watches(home: Settings, report: dict[str, Any]) -> None:
    before = len(entries(home))
    context = open_context(home, make_channel, SettableClock(NOW))
    plan_soon(context)
    context.clock = SettableClock(NOW + timedelta(minutes=30))
    plan_soon(context)
    with context.database.read() as session:
        texts = [post.text for post in session.exec(select(Post).order_by(col(Post.id).desc()).limit(6))]
    context.database.close()
    assert len(set(texts)) == 6, "started again, the demo says nothing twice"
    soon = entries(home)[before:]
    assert soon
    assert all(entry.state == "queued" and entry.due_at is not None and entry.due_at > NOW for entry in soon)


def test_the_staff_of_the_demo_answered_some_in_time_some_late_and_some_never(
    home: Settings, report: dict[str, Any]
) -> None:
    assert report["duplicates"] == 0
    with Database(home.database_url).read() as session:
        total = response_times(session, NOW).total
    assert total.in_time > total.answered - total.in_time > 0
    assert total.overdue > 0

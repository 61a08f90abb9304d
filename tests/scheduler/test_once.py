"""No run of events publishes twice: random people, networks, crashes and hours against one entry at a time."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import queue
from scheduler.planning import approve_post, discard_post, edit_post, move_post, send_for_approval
from scheduler.worker import publish_due
from social.accounts import Account, account_named, list_accounts
from social.channels import memory
from social.channels.base import Channel
from social.channels.memory import MemoryChannel, MemoryNetwork
from social.clock import SettableClock
from social.context import Context, open_context
from social.errors import BeatlineError, NeedsPerson, OutcomeUnknown, Refused, TryLater
from social.settings import load_settings
from social.staff import Role, find_or_add_person
from tests.scheduler.helpers import Force

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


class Crash(BaseException):
    """The process dies here."""


class Forgetful(MemoryChannel):
    """Takes the same words as often as they come, as some networks do, so that a second send shows."""

    def _is_live_already(self, text: str) -> bool:
        return False


def forgetful(context: Context, account: Account) -> Channel:
    return Forgetful(account, context.clock)


ANSWERS = {
    "lost": (OutcomeUnknown("memory", "publish", "", "Lost.", sent_at=START), True),
    "lost before": (OutcomeUnknown("memory", "publish", "", "Lost.", sent_at=START), False),
    "crash after": (Crash(), True),
    "crash before": (Crash(), False),
    "later": (TryLater("memory", "publish", "503", "Later."), False),
    "refused": (Refused("memory", "publish", "400", "No."), False),
    "duplicate": (Refused("memory", "publish", "403", "Again.", reason="duplicate"), True),
    "person": (NeedsPerson("memory", "publish", "401", "Ended.", action="Connect it again."), False),
}
STEPS = st.lists(
    st.one_of(
        st.sampled_from(["work", "work", "look fails", "claim and vanish", "reap"]),
        st.sampled_from(["submit", "approve", "edit", "move", "discard", "resume"]),
        st.sampled_from(sorted(ANSWERS)),
        st.integers(1, 90),
    ),
    min_size=4,
    max_size=30,
)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def world(home: Path) -> Iterator[Force]:
    clock = SettableClock(START)
    settings_ = load_settings({"BEATLINE_HOME": str(home), "BEATLINE_KEY": "k" * 40})
    context = open_context(settings_, forgetful, clock)
    with context.database.write() as session:
        roles = (Role.AUTHOR, Role.SUPERVISOR, Role.CORPORATE)
        people = [find_or_add_person(session, f"{role.value}@woldershire.example", role) for role in roles]
    memory.reset()
    built = Force(context, clock, *people)
    yield built
    context.database.close()
    memory.reset()


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_no_run_of_events_publishes_the_same_words_twice(world: Force, steps: list[str | int]) -> None:
    world.clock.set(START)
    name = fresh_account(world)
    network = world.network(name)
    post_id = world.queued("Version 1.", content_type="survey", account_names=(name,))
    version = 1
    for step in [*steps, 1, "work", 90, "work", 90, "work"]:
        if isinstance(step, int):
            world.clock.advance(timedelta(minutes=step))
        elif step in ANSWERS:
            error, accepted = ANSWERS[step]
            network.fail_next("publish", error, accepted=accepted)  # type: ignore[arg-type]  # Crash is worse
        elif step == "edit":
            with suppress(BeatlineError):
                given_ = world.post(f"Version {version + 1}.", content_type="survey", account_names=(name,))
                edit_post(world.context, post_id, given_, world.author, expected_version=version)
                version += 1
        else:
            with suppress(BeatlineError, Crash):
                act(world, post_id, network, step)
    counted = Counter(post.text for post in network.posts)
    assert not counted or max(counted.values()) == 1, counted
    # What is live belongs to an entry that says so, or to one that still says that nobody knows.
    live = {post.platform_id for post in network.posts}
    recorded = {p.platform_id for p in world.publications() if p.post_id == post_id}
    assert recorded <= live
    assert recorded == live or world.entry(post_id).state in ("unconfirmed", "publishing"), (recorded, live)


def act(world: Force, post_id: int, network: MemoryNetwork, step: str) -> None:
    context, author = world.context, world.author
    match step:
        case "work":
            publish_due(context)
        case "look fails":
            network.fail_next("find", TryLater("memory", "find", "", "Cannot be reached."))
        case "claim and vanish":
            queue.claim(context, "vanished")
        case "reap":
            queue.reap(context, "reaper")
        case "submit":
            send_for_approval(context, post_id, author)
        case "approve":
            approve_post(context, post_id, world.supervisor)
        case "move":
            move_post(context, post_id, world.local_now(), author)
        case "discard":
            discard_post(context, post_id, author)
        case "resume":
            resume(world, network.name)


def fresh_account(world: Force) -> str:
    """A new account with a network of its own; what earlier runs left behind is paused."""
    with world.context.database.write() as session:
        accounts = list_accounts(session)
        for account in accounts:
            account.state = "paused"
    return world.add_account(f"hexley-{len(accounts)}").name


def resume(world: Force, name: str) -> None:
    """Somebody connected the account again."""
    with world.context.database.write() as session:
        account = account_named(session, name)
        account.state, account.paused_reason, account.not_before = "active", None, None

"""What pages and commands are told of the queue, and the commands themselves."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from sqlmodel import select
from typer.testing import CliRunner

from scheduler.commands import add_commands
from scheduler.explain import explain
from scheduler.jobs import JOBS
from scheduler.lifecycle import State
from scheduler.planning import plan_post
from scheduler.queries import count_states, list_entries, post_view, posts_between, recent_posts
from scheduler.status import status_of
from scheduler.worker import run_until_idle
from social.errors import InputError, OutcomeUnknown, Refused
from social.staff import Person
from tests.scheduler.helpers import Force


def test_entries_come_by_due_time_and_those_without_one_last(force: Force) -> None:
    force.queued("Undecided.", due_local=None)
    force.queued("Later.", due_local=force.local_now() + timedelta(hours=2))
    force.queued("Now.")
    assert [entry.text for entry in force.entries()] == ["Now.", "Later.", "Undecided."]


def test_entries_are_chosen_by_state_and_time(force: Force) -> None:
    force.queued("Now.")
    force.queued("Later.", due_local=force.local_now() + timedelta(hours=2))
    run_until_idle(force.context, JOBS)
    now = force.clock.now()
    with force.context.database.read() as session:
        assert [e.text for e in list_entries(session, states=["published"])] == ["Now."]
        assert [e.text for e in list_entries(session, start=now + timedelta(hours=1))] == ["Later."]
        assert [e.text for e in list_entries(session, end=now + timedelta(hours=2))] == ["Now."]
        assert list_entries(session, states=[]) == []


def test_a_post_is_shown_with_all_that_belongs_to_it(force: Force) -> None:
    post_id = force.queued(content_type="survey", place="Elderwick", variants={"memory": "Short."})
    run_until_idle(force.context, JOBS)
    with force.context.database.read() as session:
        view = post_view(session, post_id)
    assert view.status == "published"
    assert view.variants == {"memory": "Short."}
    assert view.author.email == "author@woldershire.example"
    assert view.approver is not None
    assert view.approver.email == "corporate@woldershire.example"
    assert view.place is not None
    assert view.place.name == "Elderwick"
    assert [row.event for row in view.history] == ["submit", "approve", "schedule", "claim", "confirm"]
    assert [attempt.outcome for attempt in view.attempts] == ["sent"]


def test_a_post_that_is_not_there_is_an_error(force: Force) -> None:
    with force.context.database.read() as session, pytest.raises(InputError):
        post_view(session, 99)


def test_the_calendar_holds_what_is_due_in_its_span(force: Force) -> None:
    force.add_account("stonemere")
    post_id = force.queued("In.", account_names=("hexley", "stonemere"), place="Elderwick")
    force.queued("Out.", due_local=force.local_now() + timedelta(days=1))
    now = force.clock.now()
    with force.context.database.read() as session:
        (summary,) = posts_between(session, now, now + timedelta(days=1))
        assert [post.text for post in recent_posts(session, 1)] == ["Out."]
    assert (summary.post_id, summary.status, summary.label) == (post_id, "queued", "Lighthearted")
    assert (summary.place, summary.accounts) == ("Elderwick", ("hexley", "stonemere"))


def test_states_are_counted_and_none_is_left_out(force: Force) -> None:
    force.queued()
    with force.context.database.read() as session:
        counted = count_states(session)
    assert set(counted) == {state.value for state in State}
    assert sum(counted.values()) == counted["queued"] == 1


@pytest.mark.parametrize(
    ("states", "status"),
    [
        (["published", "published"], "published"),
        (["published", "failed"], "failed"),
        (["queued", "unconfirmed", "failed"], "unconfirmed"),
        (["published", "discarded"], "published"),
        ([], "draft"),
    ],
)
def test_the_entry_that_most_needs_attention_speaks_for_the_post(states: list[str], status: str) -> None:
    assert status_of(states) == status


def test_an_entry_is_explained_with_its_requests_and_moves(force: Force) -> None:
    force.queued()
    force.network().fail_next("publish", Refused("memory", "publish", "400", "That word is not allowed."))
    run_until_idle(force.context, JOBS)
    with force.context.database.read() as session:
        told = "\n".join(explain(session, force.entry().id, force.clock.now()))
    assert "is failed" in told
    assert "Request 1 left 1 Jun 2026, 10:00: it was refused. That word is not allowed." in told
    assert "author@woldershire.example" in told
    assert "queued to publishing (claim)" in told


def test_an_unconfirmed_entry_is_explained_with_what_happens_next(force: Force) -> None:
    force.queued()
    error = OutcomeUnknown("memory", "publish", "", "The answer was lost.", sent_at=force.clock.now())
    force.network().fail_next("publish", error)
    run_until_idle(force.context, JOBS)
    with force.context.database.read() as session:
        told = "\n".join(explain(session, force.entry().id, force.clock.now()))
    assert "It is not sent again. The network will be asked" in told


# The command line


@pytest.fixture
def cli(force: Force) -> typer.Typer:
    built = typer.Typer()
    add_commands(built, lambda: force.context, JOBS)
    return built


def run(cli: typer.Typer, *arguments: str) -> str:
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_queue_is_listed_as_one_array(force: Force, cli: typer.Typer) -> None:
    force.queued("Caffi a phaned ☕")
    run_until_idle(force.context, JOBS)
    (entry,) = json.loads(run(cli, "queue", "list", "--json"))
    assert entry == {
        "id": 1,
        "account": "hexley",
        "state": "published",
        "due_at": "2026-06-01T09:00:00+00:00",
        "platform_id": "hexley-1",
        "text": "Caffi a phaned ☕",
    }
    assert json.loads(run(cli, "queue", "list", "--json", "--state", "held")) == []
    assert "hexley" in run(cli, "queue", "list")


def test_an_unknown_state_is_an_error(cli: typer.Typer) -> None:
    with pytest.raises(InputError, match="Did you mean 'queued'"):
        run(cli, "queue", "list", "--state", "queue")


def test_posts_are_imported_published_and_taken_down_from_the_command_line(
    force: Force, cli: typer.Typer, tmp_path: Path
) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("post_id,content_type,channel,text\nP1,lighthearted,memory,[Ducks] again.\n", encoding="utf-8")
    checked = json.loads(run(cli, "import", "posts", str(file), "--due-now", "--dry-run", "--json"))
    assert checked == {"rows": 1, "posts": 1, "entries": 1, "skipped_existing": 0, "faulty": [], "dry_run": True}
    assert "1 posts planned" in run(cli, "import", "posts", str(file), "--due-now")
    run_until_idle(force.context, JOBS)
    assert "[Ducks] again." in run(cli, "queue", "list")
    entry = force.entry()
    assert "is published" in run(cli, "queue", "explain", str(entry.id))
    taken = json.loads(run(cli, "takedown", str(entry.post_id), "--reason", "Wrong ducks.", "--json"))
    assert taken == {"post_id": entry.post_id, "taken_down": 1}
    assert not force.network().live_posts


@pytest.mark.parametrize("option", ["--accounts", "--only-channels", "--approved-by", "--author"])
def test_an_option_that_was_left_empty_never_means_everything(
    force: Force, cli: typer.Typer, tmp_path: Path, option: str
) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("post_id,content_type,channel,text\nP1,lighthearted,memory,Ducks.\n", encoding="utf-8")
    with pytest.raises(InputError, match="is empty"):
        run(cli, "import", "posts", str(file), "--due-now", option, "")
    assert json.loads(run(cli, "queue", "list", "--json")) == []


def test_taking_down_what_is_not_there_leaves_the_database_as_it_was(force: Force, cli: typer.Typer) -> None:
    with pytest.raises(InputError, match="There is no post 999"):
        run(cli, "takedown", "999", "--reason", "Wrong number.", "--by", "new@woldershire.example")
    with force.context.database.read() as session:
        assert session.exec(select(Person).where(Person.email == "new@woldershire.example")).first() is None


def test_a_post_is_planned_from_the_command_line(force: Force, cli: typer.Typer) -> None:
    told = json.loads(
        run(cli, "plan", "--text", "Ducks.", "--type", "lighthearted", "--accounts", "hexley",
            "--at", "2026-06-01T12:00", "--place", "Elderwick", "--json")
    )  # fmt: skip
    assert told["status"] == "queued"
    assert force.entry(told["post_id"]).due_at == force.clock.now() + timedelta(hours=2)


def test_a_draft_is_listed_too(force: Force, cli: typer.Typer) -> None:
    plan_post(force.context, force.post(due_local=None), force.author)
    assert "no time yet" in run(cli, "queue", "list")

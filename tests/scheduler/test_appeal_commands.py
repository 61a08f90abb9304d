"""`beatline case` and `beatline appeal`, as somebody types them."""

import json

import pytest
import typer
from typer.testing import CliRunner

from scheduler.commands import add_commands
from scheduler.jobs import JOBS
from scheduler.worker import publish_due
from social.errors import InputError, NotAllowed, TryLater
from tests.scheduler.helpers import Force

pytestmark = pytest.mark.sqlite_only
TEXT = "Have you seen Oriel Tamsett, 34, of Elderwick? Call 101, or 999 if you see her now."
CORPORATE = "corporate@woldershire.example"


@pytest.fixture
def cli(force: Force) -> typer.Typer:
    made = typer.Typer()
    add_commands(made, lambda: force.context, JOBS)
    return made


def run(cli: typer.Typer, *words: str, fails: bool = False) -> str:
    done = CliRunner().invoke(cli, list(words))
    if done.exception is not None and not fails:
        raise done.exception
    assert bool(done.exit_code) is fails
    return done.stdout


def appeal(force: Force) -> None:
    force.queued(TEXT, content_type="appeal_missing", appeal_ref="WD-9")
    publish_due(force.context)


def test_an_appeal_is_listed_and_closed(force: Force, cli: typer.Typer) -> None:
    assert "There is no appeal" in run(cli, "appeal", "list")
    appeal(force)
    assert "WD-9" in run(cli, "appeal", "list")
    closed = json.loads(run(cli, "appeal", "close", "WD-9", "found", "--reason", "Home.", "--by", CORPORATE, "--json"))
    assert closed == {"reference": "WD-9", "status": "found", "copies": 1, "gone": 1, "left": 0, "dropped": 0,
                      "erased": True}  # fmt: skip
    (view,) = json.loads(run(cli, "appeal", "list", "--json"))
    assert (view["status"], view["left"], view["hours"]) == ("found", 0, 0.0)
    assert view["tasks"][0]["verified_at"]


def test_closing_says_what_is_left_and_ends_with_one(force: Force, cli: typer.Typer) -> None:
    appeal(force)
    force.network().fail_next("withdraw", TryLater("memory", "withdraw", "", "Cannot be reached."))
    said = run(cli, "appeal", "close", "WD-9", "found", "--reason", "Home.", fails=True)
    assert "0 of 1 live copies" in said
    assert "Cannot be reached." in run(cli, "appeal", "list")


def test_only_somebody_who_looks_after_records_erases_by_command(force: Force, cli: typer.Typer) -> None:
    appeal(force)
    force.network().reachable = False
    run(cli, "appeal", "close", "WD-9", "found", "--reason", "Home.", fails=True)
    with pytest.raises(NotAllowed):
        run(cli, "appeal", "erase", "WD-9", "--by", CORPORATE)


def test_a_case_is_given_its_stage_and_an_exception(force: Force, cli: typer.Typer) -> None:
    post = force.queued("Burglars of Hexley Moor, you are scum. Call 101.", content_type="crime_update",
                        appeal_ref="WD-5", due_local=None)  # fmt: skip
    assert "No case is kept" in run(cli, "case", "list")
    said = json.loads(run(cli, "case", "stage", "WD-5", "arrested", "--reason", "Arrest.", "--offence", "sexual",
                          "--child", "--json"))  # fmt: skip
    assert (said["stage"], said["rechecked"]["live"], post) == ("arrested", [], post)
    (kept,) = json.loads(run(cli, "case", "list", "--json"))
    assert (kept["offence_class"], kept["involves_under_18"]) == ("sexual", True)
    assert "WD-5" in run(cli, "case", "list")
    with pytest.raises(InputError, match="under 18"):
        run(cli, "case", "except", "WD-5", "--decided-by", "Detective Superintendent", "--reason", "Danger.")
    run(cli, "case", "stage", "WD-5", "arrested", "--reason", "A mistake.", "--no-child")
    assert "exception 1" in run(cli, "case", "except", "WD-5", "--decided-by", "Chief", "--reason", "Danger.")


def test_references_are_found_however_they_are_typed(force: Force, cli: typer.Typer) -> None:
    post_id = force.queued("Burglars of Hexley Moor, you are scum. Call 101.", content_type="crime_update",
                           appeal_ref="OP-Larch")  # fmt: skip
    said = json.loads(run(cli, "case", "stage", "op-larch", "arrested", "--reason", "Arrest.", "--json"))
    assert (said["reference"], said["rechecked"]["held"] + said["rechecked"]["to_review"]) == ("OP-LARCH", [post_id])
    assert "exception 1" in run(cli, "case", "except", "Op-Larch", "--decided-by", "Chief", "--reason", "Danger.")
    assert [case["reference"] for case in json.loads(run(cli, "case", "list", "--json"))] == ["OP-LARCH"]
    appeal(force)
    closed = json.loads(run(cli, "appeal", "close", " wd-9", "found", "--reason", "Home.", "--by", CORPORATE, "--json"))
    assert (closed["reference"], closed["gone"]) == ("WD-9", 1)


def test_an_arrest_says_that_it_ended_the_appeal(force: Force, cli: typer.Typer) -> None:
    """R08."""
    force.queued("Wanted after a burglary. Call 101, 999 or Crimestoppers on 0800 555 111.",
                 content_type="appeal_wanted", appeal_ref="WD-5", case_stage="suspect")  # fmt: skip
    publish_due(force.context)
    said = run(cli, "case", "stage", "WD-5", "arrested", "--reason", "Arrested in Elderwick.")
    assert "has ended with it" in said
    assert "1 of 1 live copies" in said

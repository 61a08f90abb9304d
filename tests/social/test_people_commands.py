"""People by command: what is printed, what ends with 1, and in whose name it is done."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

import app
from social.context import Context
from social.operators import KEEPER
from social.people_commands import set_up_hint
from social.places import PlaceKind, find_or_add_place
from social.sign_in_findings import findings
from social.sign_in_links import set_up
from tests.social.conftest import PASSWORD, Account

pytestmark = pytest.mark.sqlite_only
NIA = "nia.abbot@woldershire.example"
Run = Callable[..., Result]


@pytest.fixture
def run(context: Context, monkeypatch: pytest.MonkeyPatch) -> Run:
    """run("people", "list") -> how that ended."""
    monkeypatch.setattr(app, "_open", lambda _settings: context)

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(app.build_cli(), ["--home", str(context.settings.home), *arguments])

    return command


def document(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_person_is_added_changed_shut_out_and_let_in(context: Context, run: Run) -> None:
    with context.database.write() as session:
        find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD)
    assert run("people", "list").stdout == "Nobody yet. Run `beatline people add --help`.\n"
    added = document(run("people", "add", NIA, "--role", "author", "--area", "hexley moor", "--json"))
    assert (added["email"], added["name"], added["areas"], added["active"]) == (NIA, "Nia Abbot", ["Hexley Moor"], True)
    run("people", "add", "chief@woldershire.example", "--role", "administrator")
    assert document(run("people", "role", NIA, "--role", "supervisor", "--json"))["role"] == "supervisor"
    assert document(run("people", "areas", NIA, "--everywhere", "--json"))["areas"] == []
    assert run("people", "shut-out", NIA, "--reason", "left").stdout.startswith("Shut out: Nia Abbot")
    assert "(shut out)" in run("people", "list").stdout
    let_in = run("people", "let-in", NIA, "--by", "chief@woldershire.example")
    assert let_in.stdout == f"Let in: Nia Abbot ({NIA}), supervisor, the whole force.\n"
    assert [row["email"] for row in document(run("people", "list", "--json"))] == ["chief@woldershire.example", NIA]


def test_what_cannot_be_done_ends_with_one_and_says_why(context: Context, run: Run) -> None:
    document(run("people", "add", NIA, "--role", "author", "--json"))
    for arguments, said in (
        (("people", "role", "kit.moss@woldershire.example", "--role", "reader"), "There is nobody"),
        (("people", "areas", NIA, "--area", "Nowhere"), "names no areas"),
        (("people", "role", NIA, "--role", "administrator", "--by", NIA), "may not look after people"),
        (
            ("people", "add", "kit.moss@woldershire.example", "--role", "reader", "--by", NIA),
            "may not look after people",
        ),
        (("people", "link", NIA, "--by", NIA), "may not look after people"),
        (("people", "shut-out", KEEPER, "--reason", "x"), "nobody with that number"),
    ):
        done = run(*arguments)
        assert (done.exit_code, done.stdout) == (1, "")
        assert said in done.stderr
    assert run("people", "areas", NIA).exit_code == 2
    assert run("people", "add", NIA, "--role", "chief").exit_code == 2


def test_a_link_is_printed_for_the_first_administrator_and_then_for_named_people(
    context: Context, run: Run, quick_hashes: None
) -> None:
    hint = set_up_hint(context)
    assert hint is not None
    assert "http://127.0.0.1:8501/set-up/" in hint
    assert findings(context)[0].what == "No sign-in is set up."
    first = document(run("people", "link", "--json"))
    assert (first["email"], first["hours"]) == (None, 24)
    token = first["link"].rpartition("/")[2]
    set_up(context, token, PASSWORD, PASSWORD, email="chief@woldershire.example", name="Rhian Cole")
    assert set_up_hint(context) is None
    refused = run("people", "link")
    assert (refused.exit_code, "Name the person" in refused.stderr) == (1, True)
    document(run("people", "add", NIA, "--role", "author", "--json"))
    assert "/set-up/" in run("people", "link", NIA).stdout
    assert findings(context)[0].what == "People sign in: local."


def test_once_people_sign_in_no_command_gives_a_role_by_naming_somebody(run: Run, account: Account) -> None:
    account("chief@woldershire.example")
    refused = run("people", "list", "--json")
    assert refused.exit_code == 0
    refused = run("takedown", "1", "--reason", "x", "--by", "kit.moss@woldershire.example")
    assert refused.exit_code == 1
    listed = document(run("people", "list", "--json"))
    assert [row["email"] for row in listed] == ["chief@woldershire.example"]

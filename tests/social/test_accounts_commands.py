"""The commands that people type to connect and look after accounts, and to ask what is wrong."""

import json
import os
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from social.accounts import AccountState, account_named, list_accounts
from social.accounts_admin import add_account, verify_account
from social.channels import memory
from social.commands import add_commands
from social.context import Context
from social.database import SCHEMA_VERSION
from social.doctor import Check, Finding, Level
from social.errors import InputError
from social.practice.network import PracticeNetwork
from tests.social.administrators import administrators, connect

KEYS = {
    "consumer_key": "ck-value-1",
    "consumer_secret": "cs-value-2",
    "access_token": "at-value-3",
    "access_token_secret": "ats-value-4",
}

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def _fresh_memory() -> None:
    memory.reset()


def _runner(context: Context, monkeypatch: pytest.MonkeyPatch, checks: Sequence[Check] = ()) -> Run:
    monkeypatch.setenv("BEATLINE_HOME", str(context.settings.home))
    monkeypatch.setenv("BEATLINE_KEY", context.settings.key)
    monkeypatch.setenv("BEATLINE_DATABASE_URL", context.settings.database_url)
    cli = typer.Typer()

    @cli.callback()
    def top(home: Annotated[Path | None, typer.Option()] = None) -> None: ...

    add_commands(cli, lambda: context, checks)

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(cli, list(arguments))

    return run


@pytest.fixture
def run(context: Context, monkeypatch: pytest.MonkeyPatch) -> Run:
    return _runner(context, monkeypatch)


@pytest.fixture
def x_file(tmp_path: Path) -> str:
    file = tmp_path / "x.json"
    file.write_text(json.dumps(KEYS), encoding="utf-8")
    return str(file)


def _names(context: Context) -> list[str]:
    with context.database.read() as session:
        return [account.name for account in list_accounts(session)]


def test_an_account_that_cannot_be_reached_is_kept_with_a_warning(run: Run, context: Context, x_file: str) -> None:
    result = run(
        "accounts", "add", "x", "--name", "Hexley X", "--base-url", "http://127.0.0.1:9", "--credentials-file", x_file
    )
    assert result.exit_code == 0
    assert "Warning" in result.stderr
    assert "cannot be reached" in result.stderr
    assert "beatline accounts verify 'Hexley X'" in result.stderr, "as a shell takes it"
    assert _names(context) == ["Hexley X"]


def test_the_past_can_be_brought_in_once_the_account_is_mended(run: Run, context: Context, tmp_path: Path) -> None:
    """Adding it again would need another name."""
    with PracticeNetwork(tmp_path / "practice", clock=context.clock, history_weeks=2) as practice:
        add = ["accounts", "add", "facebook", "--name", "A", "--page-id", practice.page_id, "--history", "2w", "--json"]
        add += ["--credentials-file", str(tmp_path / "practice" / "facebook.json"), "--base-url"]
        told = json.loads(run(*add, "http://127.0.0.1:9").stdout)
        assert any("--history 2w" in warning for warning in told["warnings"])
        with context.database.write() as session:
            account = account_named(session, "A")
            account.base_url = practice.base_url
            session.add(account)
        result = run("accounts", "verify", "A", "--history", "2w", "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["platform_id"], told["warnings"]) == (practice_page(context), [])
    assert told["history"]["posts"] > 0
    assert told["history"]["replies"] > 0


def practice_page(context: Context) -> str | None:
    with context.database.read() as session:
        return account_named(session, "A").platform_id


def test_credentials_that_are_refused_are_kept_with_a_warning(
    run: Run, context: Context, x_file: str, tmp_path: Path
) -> None:
    with PracticeNetwork(tmp_path / "practice", clock=context.clock, history_weeks=1) as practice:
        result = run(
            "accounts",
            "add",
            "x",
            "--name",
            "H",
            "--base-url",
            practice.base_url,
            "--credentials-file",
            x_file,
            "--json",
        )
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert (told["name"], told["verified"]) == ("H", False)
    assert "credentials" in told["warnings"][0]
    assert _names(context) == ["H"]


@pytest.mark.parametrize("channel", ["x", "facebook"])
def test_an_account_of_the_practice_network_is_verified_at_once(
    run: Run, context: Context, tmp_path: Path, channel: str
) -> None:
    with PracticeNetwork(tmp_path / "practice", clock=context.clock, history_weeks=1) as practice:
        arguments = ["accounts", "add", channel, "--name", "A", "--base-url", practice.base_url, "--json"]
        arguments += ["--credentials-file", str(tmp_path / "practice" / f"{channel}.json"), "--page-id"]
        result = run(*arguments, practice.page_id if channel == "facebook" else practice.user_id)
        assert result.exit_code == 0, result.stderr
        assert json.loads(result.stdout) == {"name": "A", "channel": channel, "verified": True, "warnings": []}
        assert run("accounts", "verify", "A").stdout.startswith("Verified: 'A' is ")
    with context.database.read() as session:
        account = account_named(session, "A")
    assert account.verified_at == context.clock.now()


def test_history_brings_in_past_posts_replies_and_figures(run: Run, context: Context, tmp_path: Path) -> None:
    with PracticeNetwork(tmp_path / "practice", clock=context.clock, history_weeks=2) as practice:
        result = run(
            "accounts", "add", "facebook", "--name", "A", "--base-url", practice.base_url, "--page-id", practice.page_id,
            "--credentials-file", str(tmp_path / "practice" / "facebook.json"), "--history", "2w", "--json",
        )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    history = json.loads(result.stdout)["history"]
    assert history["posts"] > 0
    assert history["figures"] > history["posts"]


def test_an_account_on_x_itself_is_told_about_the_agreement(run: Run, context: Context) -> None:
    connect(context, channel="x", name="A", credentials=KEYS)
    first, second = administrators(context)
    asked = run("accounts", "agree", "A", "--reference", "Contract 12", "--by", first.email)
    assert "It waits for a second person" in asked.stdout
    assert run("accounts", "confirm", "A", "--by", second.email).exit_code == 0
    with context.database.read() as session:
        assert account_named(session, "A").agreement_reference == "Contract 12"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["pigeon", "--name", "A"], "no channel 'pigeon'"),
        (["facebook", "--name", "A"], "page_access_token"),
        (["x", "--name", "taken"], "already"),
        (["x", "--name", "A", "--base-url", "nowhere"], "web address"),
    ],
)
def test_bad_input_is_explained_and_stores_nothing(
    run: Run, context: Context, x_file: str, arguments: list[str], says: str
) -> None:
    add_account(context, channel="memory", name="taken", credentials={})
    result = run("accounts", "add", *arguments, "--credentials-file", x_file)
    assert isinstance(result.exception, InputError)
    assert says in str(result.exception)
    assert _names(context) == ["taken"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["accounts", "add", "x", "--name", "A"],
        ["accounts", "add", "x", "--credentials-file", "x.json"],
        ["accounts", "add", "memory", "--name", "A", "--history", "soon"],
        ["accounts", "add", "memory", "--name", "A", "--history", "0d"],
        ["accounts", "agree", "A"],
        ["collect", "--json"],
    ],
)
def test_wrong_use_ends_with_2_and_stores_nothing(run: Run, context: Context, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2
    assert _names(context) == []


def test_the_list_shows_everything_but_credentials(run: Run, context: Context) -> None:
    assert "No account yet" in run("accounts", "list").stdout
    connect(context, channel="x", name="Hexley X", handle="HexleyMoor", credentials=KEYS)
    listed = run("accounts", "list", "--json")
    (row,) = json.loads(listed.stdout)
    assert (row["name"], row["channel"], row["state"], row["verified_at"]) == ("Hexley X", "x", "active", None)
    shown = listed.stdout + run("accounts", "list").stdout
    assert "Hexley X" in run("accounts", "list").stdout
    assert "sealed" not in shown
    for value in KEYS.values():
        assert value not in shown


def test_collecting_once_tells_what_was_found(run: Run, context: Context) -> None:
    add_account(context, channel="memory", name="A", credentials={})
    report = json.loads(run("collect", "--once", "--json").stdout)
    assert (report["publications"], report["replies"], report["figures"]) == (0, 0, 0)
    assert run("collect", "--once").stdout.startswith("Posts looked at: 0.")


def test_collecting_goes_on_until_it_is_stopped(run: Run, context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float | None] = []

    def stop_the_third_time(_event: threading.Event, timeout: float | None = None) -> bool:
        waited.append(timeout)
        if len(waited) == 3:
            raise KeyboardInterrupt
        return False

    monkeypatch.setattr(threading.Event, "wait", stop_the_third_time)
    result = run("collect")
    assert waited == [context.settings.collect_every] * 3
    assert result.stdout.count("Posts looked at: 0.") == 3


def test_the_practice_network_keeps_its_state_at_home(
    run: Run, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[object, ...]] = []
    monkeypatch.setattr("social.practice.network.run_practice", lambda *given, ready: calls.append(given))
    run("practice")
    run("practice", "--port", "0", "--pace", "2.5", "--seed", "7")
    settings, folder = context.settings, context.settings.home / "practice"
    assert calls == [(folder, settings.practice_port, settings.practice_pace, 1), (folder, 0, 2.5, 7)]


def test_migrate_brings_a_new_database_to_the_schema_once(run: Run, tmp_path: Path) -> None:
    home = str(tmp_path / "elsewhere")
    first = run("--home", home, "migrate")
    assert first.exit_code == 0
    assert SCHEMA_VERSION in first.stdout
    assert "Nothing to do" in run("--home", home, "migrate").stdout


def _findings(result: Any) -> list[tuple[str, str]]:
    return [(finding["level"], finding["what"]) for finding in json.loads(result.stdout)["findings"]]


def test_the_doctor_makes_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BEATLINE_KEY")
    monkeypatch.delenv("BEATLINE_DATABASE_URL")
    home = tmp_path / "nowhere"
    result = run("--home", str(home), "doctor", "--json")
    assert result.exit_code == 0
    assert [level for level, _ in _findings(result)] == ["note", "note"]
    assert not home.exists()


def test_the_doctor_shows_each_setting_with_its_source_and_no_secret(
    run: Run, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEATLINE_PORT", "9001")
    result = run("doctor", "--json")
    settings = {row["name"]: row for row in json.loads(result.stdout)["settings"]}
    assert settings["port"]["value"] == "9001"
    assert "BEATLINE_PORT" in settings["port"]["source"]
    assert settings["lease"]["source"] == "default"
    assert settings["key"]["value"] == "set, not shown"
    assert context.settings.key not in result.stdout + run("doctor").stdout


def test_the_doctor_is_content_with_a_verified_account(run: Run, context: Context) -> None:
    add_account(context, channel="memory", name="A", credentials={})
    verify_account(context, "A")
    result = run("doctor", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["ok"] is True
    assert ("ok", "Account 'A' is connected and verified.") in _findings(result)


def test_the_doctor_names_accounts_that_are_paused_unverified_or_sealed_with_another_key(
    run: Run, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(context, channel="x", name="A", credentials=KEYS)
    with context.database.write() as session:
        account = account_named(session, "A")
        account.state, account.paused_reason = AccountState.PAUSED.value, "The token was withdrawn."
        session.add(account)
    monkeypatch.setenv("BEATLINE_KEY", "another key that is long enough to be one")
    result = run("doctor", "--json")
    assert result.exit_code == 1
    said = " ".join(what for level, what in _findings(result) if level == "wrong")
    for part in ("The token was withdrawn.", "never verified", "do not open"):
        assert part in said
    assert any("agreement with X" in what for level, what in _findings(result) if level == "note")
    assert "beatline accounts verify A" in run("doctor").stdout


def test_the_doctor_minds_a_key_that_others_may_read(
    run: Run, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BEATLINE_KEY")
    key = context.settings.home / "key"
    key.write_text("k" * 40, encoding="ascii")
    os.chmod(key, 0o644)
    result = run("doctor", "--json")
    assert result.exit_code == 1
    assert ("wrong", "The key cannot be used.") in _findings(result)


def test_the_doctor_asks_the_other_slices_too(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(given: Context) -> list[Finding]:
        assert given is context
        return [Finding(Level.WRONG, "No worker has been seen for an hour.", "Run `beatline worker`.")]

    result = _runner(context, monkeypatch, [look])("doctor")
    assert result.exit_code == 1
    assert "No worker has been seen for an hour. Run `beatline worker`." in result.stdout


@pytest.mark.parametrize("url", ["no address at all", "oracle://127.0.0.1/x"])
def test_the_doctor_minds_a_database_address_that_is_none(run: Run, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("BEATLINE_DATABASE_URL", url)
    result = run("doctor", "--json")
    assert result.exit_code == 1
    assert any("cannot be read" in what for level, what in _findings(result) if level == "wrong")


def test_the_doctor_cannot_be_made_to_show_a_database_password(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEATLINE_DATABASE_URL", "postgresql://beat:hush-hush@127.0.0.1:9/beatline?connect_timeout=1")
    result = run("doctor", "--json")
    assert result.exit_code == 1
    assert "hush-hush" not in result.stdout + result.stderr
    assert any("cannot be read" in what for level, what in _findings(result) if level == "wrong")


def test_every_command_says_what_it_is_for(context: Context) -> None:
    cli = typer.Typer()
    add_commands(cli, lambda: context)
    root: Any = typer.main.get_command(cli)
    for name, command in root.commands.items():
        assert re.match(r"[A-Z].+\.", command.help or ""), name

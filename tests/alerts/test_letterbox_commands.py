"""The letterbox by command, and what doctor says of it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

import app
from social.alerts.letterbox_findings import findings
from social.context import Context
from social.doctor import Level
from tests.alerts.letterbox_helpers import Told, told, with_mailbox
from tests.mail_servers import MailServers

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def context(context: Context, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.setattr(app, "_open", lambda _settings: context)
    return context


@pytest.fixture
def alert(context: Context, mail: MailServers) -> Told:
    address = mail.new_mailbox("alerts")
    with_mailbox(context, mail, address)
    return told(context, address)


def beatline(context: Context, *arguments: str) -> Result:
    done = CliRunner().invoke(app.build_cli(), ["--home", str(context.settings.home), "letterbox", *arguments])
    assert done.exit_code == 0, done.stderr
    return done


def levels(context: Context) -> list[tuple[Level, str]]:
    return [(one.level, one.what) for one in findings(context)]


def test_a_letter_is_read_listed_and_put_under_its_alert_by_command(
    alert: Told, mail: MailServers, context: Context, tmp_path: Path
) -> None:
    assert levels(context) == [(Level.WRONG, "The letterbox was not read lately.")]
    file = tmp_path / "password"
    file.write_text("not the password")
    beatline(context, "password", "--file", str(file))
    assert beatline(context, "read").stdout == "0 new letters.\n"
    assert "does not take name and password" in levels(context)[0][1]

    file.write_text(mail.passwords[alert.address] + "\n")
    beatline(context, "password", "--file", str(file))
    for words in ("About a van.", "About nothing."):
        mail.post(alert.letter(words, To=alert.address, Subject=""))
        mail.letters(alert.address, at_least=1 if "van" in words else 2)
    assert beatline(context, "read").stdout == "2 new letters.\n"
    first, second = json.loads(beatline(context, "list", "--json").stdout)
    assert (first["text"], second["readable"]) == ("About a van.", True)
    assert "example.org" not in beatline(context, "list").stdout
    assert [what for _, what in levels(context)][1] == "2 letters wait that no alert claims."

    beatline(context, "assign", str(first["id"]), "--alert", str(alert.mailing.id))
    beatline(context, "drop", str(second["id"]))
    assert beatline(context, "list").stdout == "No letter waits.\n"
    beatline(context, "read")
    assert [one.text for one in alert.replies()] == ["About a van."]
    assert [level for level, _ in levels(context)] == [Level.OK]


def test_reading_says_whether_the_folder_of_what_was_taken_can_be_opened(context: Context, mail: MailServers) -> None:
    address = mail.filing_mailbox()
    with_mailbox(context, mail, address)
    told(context, address)
    context.settings = replace(context.settings, imap_sent_folder="Accepted")
    assert beatline(context, "read").stdout == "0 new letters.\nThe folder of what the mail server took can be read.\n"
    context.settings = replace(context.settings, imap_sent_folder="Sent items")
    wrong = CliRunner().invoke(app.build_cli(), ["--home", str(context.settings.home), "letterbox", "read"])
    assert "no folder of the name in imap_sent_folder" in wrong.stderr
    context.settings = replace(context.settings, imap_host="")
    assert "imap_sent_folder is set and no letterbox" in levels(context)[0][1]

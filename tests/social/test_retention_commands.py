"""`beatline purge`: by class, with a dry run, as one document; and what waits for a person reaches one."""

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

import app
from social.accounts import Account
from social.clock import SystemClock
from social.context import Context
from social.interactions import EMERGENCY, Interaction
from social.publications import Publication
from social.staff import Role, find_or_add_person

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def old(context: Context) -> Context:
    """Two replies of 91 days ago by the system's own clock; one is an emergency that nobody closed."""
    written = SystemClock().now() - timedelta(days=91)
    with context.database.write() as session:
        session.add(Account(name="hexley", channel="memory", credentials_sealed=b"", added_at=written))
        session.flush()
        session.add(Publication(account_id=1, platform_id="p", text="Bike marking on Saturday.", published_at=written))
        session.flush()
        for number, urgency in enumerate((3, EMERGENCY)):
            session.add(Interaction(account_id=1, publication_id=1, platform_id=f"r{number}", text="Will you mark scooters?",
                                    created_at=written, fetched_at=written, urgency=urgency))  # fmt: skip
        for role in (Role.AUTHOR, Role.RECORDS):
            find_or_add_person(session, f"{role.value}@woldershire.example", role)
    return context


def run(context: Context, *arguments: str, code: int = 0) -> str:
    settings = context.settings
    environment = {"BEATLINE_HOME": str(settings.home), "BEATLINE_KEY": settings.key,
                   "BEATLINE_DATABASE_URL": settings.database_url, "BEATLINE_EVIDENCE_DAYS": "30"}  # fmt: skip
    result = CliRunner().invoke(app.build_cli(), list(arguments), env=environment)
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.stderr


def test_a_dry_run_tells_and_a_run_does(old: Context) -> None:
    told = json.loads(run(old, "purge", "--dry-run", "--json"))
    assert told["classes"]["raw_reply"] == {"records": 1, "days": 90}
    assert told["classes"]["moderation_evidence"] == {"records": 0, "days": 30}
    assert set(told["classes"]) >= {"lead", "raw_reply", "moderation_evidence", "mark", "post", "left_resident"}
    assert [(one["class"], one["reply"]) for one in told["kept"]] == [("raw_reply", 2)]
    assert "raw_reply" in run(old, "purge", "--class", "lead", "--class", "raw_reply", "--dry-run")
    done = json.loads(run(old, "purge", "--class", "raw_reply", "--json", "--by", "records@woldershire.example"))
    assert (done["dry_run"], done["classes"], done["wiped"]) == (False, {"raw_reply": {"records": 1, "days": 90}}, True)
    assert json.loads(run(old, "purge", "--json"))["classes"]["raw_reply"]["records"] == 0


def test_wrong_class_and_wrong_person_are_told_what_to_do(old: Context) -> None:
    assert "Did you mean 'raw_reply'?" in run(old, "purge", "--class", "raw_replies", code=1)
    assert "records" in run(old, "purge", "--by", "author@woldershire.example", code=1)


def test_the_doctor_names_what_is_over_its_time_and_waits_for_a_person(old: Context) -> None:
    assert "reply 2" in CliRunner().invoke(app.build_cli(), ["doctor"], env={
        "BEATLINE_HOME": str(old.settings.home), "BEATLINE_KEY": old.settings.key,
        "BEATLINE_DATABASE_URL": old.settings.database_url}).output  # fmt: skip

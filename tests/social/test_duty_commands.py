"""`beatline duty`: contacts, hours and 'seen' by command, each asked for and recorded (R16, R19)."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import Result
from sqlmodel import select
from typer.testing import CliRunner

from app import build_cli
from social.accounts import Account
from social.audit import AuditRecord
from social.clock import SettableClock
from social.context import Context
from social.duty import contacts_for, hours_of
from social.duty_hours import parse_spans
from social.duty_opening import open_for_person
from social.duty_tables import DutyCall
from social.interactions import Interaction
from social.places import PlaceKind, find_or_add_place
from social.publications import Publication, record_publication
from social.staff import Role, find_or_add_person

pytestmark = pytest.mark.sqlite_only

Run = Callable[..., Result]


@pytest.fixture
def run(context: Context, monkeypatch: pytest.MonkeyPatch) -> Run:
    with context.database.write() as session:
        find_or_add_person(session, "sam.reed@woldershire.example", Role.CONTACT_DESK, "Sam Reed")
        find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR, "Nia Abbot")
        find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD)
        session.add(Account(name="hexley", channel="memory", credentials_sealed=b"", added_at=context.clock.now()))
    monkeypatch.setattr("app._open", lambda _settings: context)
    monkeypatch.setattr(context.database, "close", lambda: None)
    return lambda *words: CliRunner().invoke(build_cli(), ["duty", *words])


def emergency(context: Context) -> int:
    """A reply of an hour ago that a colleague marked.  Returns the call's number."""
    now = context.clock.now()
    with context.database.write() as session:
        publication = record_publication(
            session, Publication(account_id=1, platform_id="p", text="Secret words", published_at=now), now
        )
        reply = Interaction(account_id=1, publication_id=publication.id, platform_id="r", text="Help, Ann Sharp",
                            created_at=now - timedelta(hours=1), fetched_at=now)  # fmt: skip
        session.add(reply)
        session.flush()
        assert open_for_person(session, now, reply.id or 0) == 1
        return 1


def test_contacts_are_set_in_order_and_shown_and_taken_away(run: Run, context: Context) -> None:
    done = run("set", "sam.reed@woldershire.example", "Control room desk <desk@woldershire.example>")
    assert done.stdout == "2 told for the whole force, in this order.\n"
    assert run("set", "nia.abbot@woldershire.example", "--area", "hexley moor").exit_code == 0
    with context.database.read() as session:
        assert [one.name for one in contacts_for(session, 1)] == ["Nia Abbot", "Sam Reed", "Control room desk"]
        assert [one.desk for one in contacts_for(session, None)] == [False, True]
    shown = json.loads(run("list", "--json").stdout)
    assert [(one["area"], one["order"], one["address"]) for one in shown["contacts"]] == [
        ("the whole force", 1, "sam.reed@woldershire.example"), ("the whole force", 2, "desk@woldershire.example"),
        ("Hexley Moor", 1, "nia.abbot@woldershire.example"),
    ]  # fmt: skip
    assert "Hexley Moor, 1: Nia Abbot <nia.abbot@woldershire.example>" in run("list").stdout
    assert run("set", "--nobody", "--area", "Hexley Moor").exit_code == 0
    with context.database.read() as session:
        assert len(contacts_for(session, 1)) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("set",), "give one or more contacts"),
        (("set", "desk@woldershire.example"), "For a desk give a name too"),
        (("set", "sam.reed@woldershire.example", "--by", "nia.abbot@woldershire.example"), "may not set duty contacts"),
        (("set", "sam.reed@woldershire.example", "--area", "Nowhere"), "names no areas"),
        (("hours", "hexley", "mon 8-17"), "Write it as 'mon-fri 08:00-17:00'"),
        (("hours", "nobody", "--never"), "There is no account 'nobody'"),
        (("test",), "No mail server is set"),
        (("seen", "1", "--passed"), "There is no emergency with the number 1"),
        (("seen", "1"), "say either --passed or --not-an-emergency"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(run: Run, words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert done.exit_code in (1, 2)
    assert said in " ".join((str(done.exception) + done.output).replace("│", " ").split())


def test_hours_are_said_and_shown_and_never_is_an_answer_too(run: Run, context: Context) -> None:
    assert (
        "mon-fri 08:00-17:00, sat 10:00-14:00"
        in run("hours", "hexley", "mon-fri 08:00-17:00", "sat 10:00-14:00").stdout
    )
    with context.database.read() as session:
        assert hours_of(session, [1]) == {1: parse_spans(["mon-fri 08:00-17:00", "sat 10:00-14:00"])}
    assert json.loads(run("hours", "hexley", "--json").stdout)["hours"] == ["mon-fri 08:00-17:00", "sat 10:00-14:00"]
    assert run("hours", "hexley", "--never").stdout == "hexley is watched: never\n"


def test_an_emergency_is_listed_without_words_until_it_is_seen(
    run: Run, context: Context, clock: SettableClock
) -> None:
    number = emergency(context)
    shown = run("list").stdout
    assert "Call 1: person, on hexley, written 2026-06-01 09:00, told 0 times, seen by nobody." in shown
    assert "Sharp" not in shown
    clock.advance(timedelta(minutes=30))
    done = run("seen", str(number), "--passed", "--at", "10:12", "--reference", "WP/117", "--by",
               "sam.reed@woldershire.example")  # fmt: skip
    assert done.stdout == "Sam Reed has seen call 1. No more messages go out about it.\n"
    with context.database.read() as session:
        call = session.get_one(DutyCall, number)
        assert call.passed_at is not None
        assert f"{call.passed_at:%H:%M}" == "09:12", "10:12 in London"
        (record,) = session.exec(select(AuditRecord).where(AuditRecord.action == "say emergency seen")).all()
        assert (record.actor, record.subject_id) == ("sam.reed@woldershire.example", str(number))
    assert run("seen", str(number), "--passed", "--at", "quarter past").exit_code == 1
    assert "No emergency waits for somebody." in run("list").stdout

"""Priorities that people enter: by whoever looks after the area, never over what open data says (M15)."""

import json
from datetime import date, timedelta

import pytest
from sqlmodel import select
from typer.testing import CliRunner

import app
from social.audit import AuditRecord
from social.context import Context
from social.errors import InputError, NotAllowed
from social.operators import KEEPER, acting
from social.people import set_areas
from social.places import PlaceKind, find_or_add_place
from social.police_data_areas import SOURCE
from social.priorities import Priority, priorities_of
from social.priorities_writing import PriorityInput, end_priority, put_priority
from social.staff import Person, Role, find_or_add_person
from tests.conftest import START

pytestmark = pytest.mark.sqlite_only
TODAY = START.date()


@pytest.fixture
def beck(context: Context) -> int:
    with context.database.write() as session:
        return find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD).id or 0


@pytest.fixture
def author(context: Context, beck: int) -> Person:
    """Of Copperbeck alone."""
    with context.database.write() as session:
        nia = find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR)
    set_areas(context, acting(context, KEEPER), nia.id or 0, [beck])
    return nia


def test_a_priority_is_entered_changed_and_ended_by_whoever_looks_after_the_area(
    context: Context, beck: int, author: Person
) -> None:
    number = put_priority(context, author, PriorityInput(beck, "  Speeding on\nBeck Lane ", date(2026, 2, 1)))
    put_priority(
        context,
        author,
        PriorityInput(beck, "Speeding on Beck Lane", date(2026, 2, 1), "A camera", TODAY),
        number=number,
    )
    with pytest.raises(InputError, match="changed by somebody else"):
        put_priority(
            context, author, PriorityInput(beck, "Mine", TODAY), number=number, seen_at=START - timedelta(days=1)
        )
    with context.database.read() as session:
        (one,) = priorities_of(session, [beck])
    assert put_priority(
        context,
        author,
        PriorityInput(beck, one.issue, one.issued_on, "A camera", TODAY),
        number=number,
        seen_at=one.seen_at,
    )
    assert (one.issue, one.action, one.acted_on, one.source) == (
        "Speeding on Beck Lane",
        "A camera",
        TODAY,
        "the force",
    )
    end_priority(context, author, number)
    with pytest.raises(InputError, match="ended already"):
        end_priority(context, author, number)
    with context.database.read() as session:
        assert (priorities_of(session), len(priorities_of(session, ended=True))) == ([], 1)
        kept = [row for row in session.exec(select(AuditRecord)) if row.subject_kind == "priority"]
    assert [row.action for row in kept] == ["enter priority", *["change priority"] * 2, "end priority"]
    assert "Beck Lane" not in str(kept)


def test_what_was_read_is_changed_there_and_another_area_is_somebody_elses(
    context: Context, beck: int, author: Person
) -> None:
    with context.database.write() as session:
        moor = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD).id or 0
        there = Priority(place_id=beck, issue="Read", source=SOURCE, seen_at=START)
        other = Priority(place_id=moor, issue="Theirs", source="the force", seen_at=START)
        session.add_all([there, other])
        session.flush()
        read, theirs = there.id or 0, other.id or 0
    for number in (read, 99):
        with pytest.raises(InputError):
            end_priority(context, author, number)
    with pytest.raises(NotAllowed):
        put_priority(context, author, PriorityInput(moor, "Quads", TODAY))
    with pytest.raises(NotAllowed):
        put_priority(context, author, PriorityInput(beck, "Mine now", TODAY), number=theirs)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"issue": " "}, "Enter what residents raised"),
        ({"issued_on": date(2026, 6, 2)}, "still to come"),
        ({"issued_on": None}, "Enter the day"),
        ({"acted_on": TODAY}, "Enter what was done"),
        ({"action": "A camera", "acted_on": date(2026, 1, 1)}, "or later"),
    ],
)
def test_what_is_not_whole_is_named_and_not_kept(
    context: Context, beck: int, author: Person, given: dict[str, object], said: str
) -> None:
    whole = {"place_id": beck, "issue": "Speeding", "issued_on": date(2026, 2, 1)}
    with pytest.raises(InputError, match=said):
        put_priority(context, author, PriorityInput(**(whole | given)))  # type: ignore[arg-type]  # as the case has it
    with context.database.read() as session:
        assert priorities_of(session, ended=True) == []


def test_by_command_priorities_are_listed_with_their_age(
    context: Context, beck: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_open", lambda _settings: context)
    cli = app.build_cli()

    def run(*arguments: str) -> str:
        ended = CliRunner().invoke(cli, ["--home", str(context.settings.home), "places", "priority", *arguments])
        assert ended.exit_code == 0, ended.stderr
        return ended.stdout

    assert run("list") == "No priority is on record.\n"
    number = json.loads(run("add", "copperbeck", "Speeding on Beck Lane", "--since", "2026-02-01", "--json"))["id"]
    assert "(since 2026-02-01, OLDER THAN 90 DAYS; the force)" in run("list", "--area", "Copperbeck")
    run("end", str(number))
    assert [row["old"] for row in json.loads(run("list", "--ended", "--json"))] == [True]

"""Residents come from another system's file and go into one, with their consent, and nobody who left comes back (R30)."""

import csv
import io
import stat
from pathlib import Path

import pytest
from sqlmodel import col, select
from typer.testing import CliRunner

import app
from social.accounts import Account
from social.alerts import residents_import
from social.alerts.contacts import contact_of, email_key
from social.alerts.joining import ask_to_join
from social.alerts.mailings import Message
from social.alerts.membership import confirm, leave
from social.alerts.residents import Resident, ResidentState
from social.alerts.residents_csv import COLUMNS
from social.alerts.residents_export import export_residents
from social.alerts.residents_import import ImportedResidents, import_residents
from social.alerts.wishes import Preferences, Wishes, preferences_of
from social.audit import AuditRecord
from social.clock import SettableClock, as_local
from social.context import Context
from social.errors import InputError, NotAllowed
from social.places import PlaceKind, find_or_add_place
from social.staff import Person, Role, find_or_add_person
from tests.alerts.helpers import a_resident

DULL = {"topics": "appeals", "areas": "Hexley Moor", "consent_date": "2024-05-31", "consent_source": "Old alerts"}


@pytest.fixture
def keeper(context: Context) -> Person:
    """Who may look after residents, an account to send from, and a map where one name stands for two areas."""
    with context.database.write() as session:
        session.add(Account(name="alerts", channel="alert", credentials_sealed=b"", added_at=context.clock.now()))
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD, force)
        for section in ("Oakenford Town", "Thornleigh Vale"):
            parent = find_or_add_place(session, section, PlaceKind.SECTION, force)
            find_or_add_place(session, "Riverside", PlaceKind.NEIGHBOURHOOD, parent)
        return find_or_add_person(session, "kit@woldershire.example", Role.CORPORATE)


def a_file(*rows: dict[str, str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(COLUMNS), restval="")
    writer.writeheader()
    writer.writerows({**DULL, **row} for row in rows)
    return out.getvalue().encode()


def take(context: Context, keeper: Person, *rows: dict[str, str], **options: bool) -> ImportedResidents:
    return import_residents(context, a_file(*rows), "old.csv", keeper, **options)  # type: ignore[arg-type]  # by name


def members(context: Context) -> list[Resident]:
    with context.database.read() as session:
        return list(session.exec(select(Resident).order_by(col(Resident.id))))


def test_members_come_with_all_they_chose_and_a_second_time_adds_nobody(context: Context, keeper: Person) -> None:
    row = {"email": "Sam@Example.org ", "phone": "07700 900123", "name": "Sam", "ways": "email; text",
           "phone_checked": "yes", "topics": "appeals; Fraud and scams", "groups": "farm_watch; canal_users",
           "areas": "hexley moor (5 km); Thornleigh Vale > Riverside", "frequency": "weekly", "lang": "cy",
           "quiet": "22:00-07:00", "consent_date": "2024-05-31T09:30+01:00"}  # fmt: skip
    assert take(context, keeper, row, {"email": "kay@example.org"}).confirmed == 2
    sam = members(context)[0]
    assert (sam.state, sam.by_text, sam.consent_source) == (ResidentState.CONFIRMED, True, "import: Old alerts")
    assert (sam.consent_at.isoformat(), sam.confirmed_at) == ("2024-05-31T08:30:00+00:00", context.clock.now())
    assert contact_of(context.vault, sam).phone == "+447700900123"
    with context.database.read() as session:
        chosen = preferences_of(session, sam)
    assert (chosen.topics, chosen.groups) == (("appeals", "fraud"), ("canal_users", "farm_watch"))
    assert (list(chosen.areas.values()), chosen.frequency, chosen.quiet) == ([5.0, 0.0], "weekly", (1320, 420))
    again = take(context, keeper, row, {"email": "kay@example.org"})
    assert (again.confirmed, again.known, len(members(context))) == (0, 2, 2)


@pytest.mark.sqlite_only
def test_every_bad_row_is_named_and_nothing_is_kept(context: Context, keeper: Person) -> None:
    bad = [
        {"email": "good@example.org"},
        {"email": "no address", "topics": "gardening"},
        {"email": "two@example.org", "areas": "Riverside"},
        {"email": "three@example.org", "areas": "Atlantis", "quiet": "late"},
        {"email": "GOOD@example.org"},
        {"email": "five@example.org", "consent_source": ""},
        {"email": "six@example.org", "consent_date": "2031-01-01"},
        {"email": "seven@example.org", "ways": "pigeon", "phone_checked": "perhaps"},
    ]
    with pytest.raises(InputError) as caught:
        take(context, keeper, *bad)
    named = {(one.row, one.column) for one in caught.value.problems}
    assert named == {(2, "email"), (2, "topics"), (3, "areas"), (4, "areas"), (4, "quiet"), (5, "email"),
                     (6, "consent_source"), (7, "consent_date"), (8, "ways"), (8, "phone_checked")}  # fmt: skip
    assert not any(word in str(caught.value) for word in ("no address", "two@", "good@", "GOOD@"))
    assert members(context) == []
    report = take(context, keeper, *bad, skip_bad=True)
    assert (report.confirmed, {one.row for one in report.bad}) == (1, {2, 3, 4, 5, 6, 7, 8})
    assert len(members(context)) == 1


@pytest.mark.sqlite_only
def test_without_a_consent_on_record_nobody_counts_and_they_are_asked_only_if_that_is_wanted(
    context: Context, keeper: Person
) -> None:
    rows = [{"email": "kay@example.org", "consent_date": "", "consent_source": ""}]
    assert take(context, keeper, *rows, dry_run=True).unconfirmed == 1
    assert members(context) == []
    assert take(context, keeper, *rows, ask=True).unconfirmed == 1
    assert members(context)[0].state == ResidentState.UNCONFIRMED
    with context.database.read() as session:
        assert [one.kind for one in session.exec(select(Message))] == ["confirm"]
    assert take(context, keeper, {"email": "kay@example.org"}).confirmed == 1  # the file with her consent turned up
    assert [one.state for one in members(context)] == [ResidentState.CONFIRMED]


@pytest.mark.sqlite_only
def test_nobody_who_left_is_brought_back_but_by_themselves(
    context: Context, clock: SettableClock, keeper: Person
) -> None:
    resident = a_resident(context, email="kay@example.org", places=[2])
    leave(context, resident.id or 0)
    assert take(context, keeper, {"email": "kay@example.org"}).left == 1
    assert members(context)[0].state == ResidentState.LEFT
    ask_to_join(context, Wishes(Preferences(("appeals",), {2: 0.0}), email="kay@example.org"))
    assert take(context, keeper, {"email": "kay@example.org"}).left == 1  # not yet confirmed
    assert confirm(context, resident.id or 0)
    assert take(context, keeper, {"email": "kay@example.org"}).known == 1


@pytest.mark.sqlite_only
def test_what_is_written_out_reads_in_the_same_and_runs_as_no_formula(
    context: Context, clock: SettableClock, keeper: Person
) -> None:
    a_resident(context, email="sam@example.org", phone="+49 151 23456789", name="=SUM(1)", places={2: 2.5, 4: 0.0},
               topics=["appeals", "rural"], groups=["schools"], by_text=True, quiet=(1320, 390), lang="cy",
               source="event: Hexley fair", frequency="daily")  # fmt: skip
    for odd in ("+kay@example.org", "-kay@example.org", "=kay@example.org", "kay.o'hara@example.org"):
        a_resident(context, email=odd, places=[2])
    a_resident(context, confirmed=False, places=[2])
    text, count = export_residents(context, keeper)
    assert count == 5
    assert all(cell[:1] not in "=+-@" or not cell for line in csv.reader(io.StringIO(text)) for cell in line)
    before = comparable(context)
    with context.database.write() as session:
        for table in ("resident_topic", "resident_area", "resident_group", "resident"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
    assert import_residents(context, text.encode(), "residents.csv", keeper).confirmed == 5
    assert comparable(context) == before
    assert export_residents(context, keeper)[0] == text
    assert as_local(clock.now()).isoformat() in text, "a day of consent is the same day when it is read here"


def comparable(context: Context) -> list[object]:
    """Confirmed members without what is drawn anew each time."""
    return [
        (one.model_dump(exclude={"id", "contact_sealed", "link_version"}), contact_of(context.vault, one))
        for one in members(context)
        if one.state == ResidentState.CONFIRMED
    ]


@pytest.mark.sqlite_only
def test_an_import_that_is_cut_short_is_on_record_too(
    context: Context, keeper: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(residents_import, "BATCH", 1)
    file = a_file({"email": "a@example.org"}, {"email": "b@example.org"})

    def killed(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_residents(context, file, "old.csv", keeper, progress=killed)
    assert len(members(context)) == 1
    with context.database.read() as session:
        assert "import residents" in session.exec(select(AuditRecord.action)).all()


@pytest.mark.sqlite_only
def test_only_those_who_look_after_residents_take_files_and_it_is_on_record(context: Context, keeper: Person) -> None:
    with context.database.write() as session:
        officer = find_or_add_person(session, "pat@woldershire.example", Role.AUTHOR)
    with pytest.raises(NotAllowed):
        take(context, officer, {"email": "kay@example.org"})
    with pytest.raises(NotAllowed):
        export_residents(context, officer)
    take(context, keeper, {"email": "kay@example.org"})
    export_residents(context, keeper)
    with context.database.read() as session:
        rows = list(session.exec(select(AuditRecord).order_by(col(AuditRecord.seq))))
    assert [row.action for row in rows] == ["import residents", "export"]
    key = email_key(context.vault, "kay@example.org")
    assert not any(part in str(row) for row in rows for part in ("kay", key))


@pytest.mark.sqlite_only
def test_the_commands_take_in_and_write_out(context: Context, keeper: Person, tmp_path: Path) -> None:
    settings = context.settings
    environment = {"BEATLINE_HOME": str(settings.home), "BEATLINE_KEY": settings.key,
                   "BEATLINE_DATABASE_URL": settings.database_url}  # fmt: skip
    file, out = tmp_path / "old.csv", tmp_path / "members.csv"
    file.write_bytes(a_file({"email": "kay@example.org"}, {"email": "nobody"}))

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app.build_cli(), list(arguments), env=environment)
        return result.exit_code, result.output

    code, said = run("import", "subscribers", str(file))
    assert (code, "row 2, column 'email'" in said) == (1, True)
    assert "Would be added: 1 members" in run("import", "subscribers", str(file), "--skip-bad", "--dry-run")[1]
    assert "Added: 1 members" in run("import", "subscribers", str(file), "--skip-bad")[1]
    assert "1 members" in run("alerts", "export", "--out", str(out))[1]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.read_text(encoding="utf-8").count("kay@example.org") == 1
    assert run("alerts", "export", "--out", str(out))[0] == 1

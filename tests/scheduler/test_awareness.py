"""The awareness calendar in the database: files brought in, dates typed in, what to prepare, and solemn days."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlmodel import select
from typer.testing import CliRunner

from scheduler.awareness import AwarenessDay, read_calendar, solemn_on
from scheduler.awareness_commands import add_commands, add_import
from scheduler.awareness_dates import confirm_date, ideas, say_lead, unsettled, withdraw_date
from scheduler.awareness_import import COLUMNS, AwarenessReport, import_awareness
from scheduler.demo.force import AWARENESS_DAYS, add_places, add_staff
from scheduler.demo.plan import SOON
from scheduler.demo.week import ACCOUNTS, plan_soon
from scheduler.posts import Post
from social.accounts import Account
from social.audit import AuditRecord
from social.clock import SettableClock
from social.context import Context
from social.errors import InputError, NotAllowed
from social.places import PlaceKind, find_or_add_place
from social.staff import Person, Role, find_or_add_person

HEADER = "key,name,kind,rule,duration_days,status,evidence_dates,tone,scope,hashtag,source,note"


@pytest.fixture
def keeper(context: Context) -> Person:
    with context.database.write() as session:
        return find_or_add_person(session, "joel.marsh@woldershire.example", Role.CORPORATE)


@pytest.fixture
def author(context: Context) -> Person:
    with context.database.write() as session:
        return find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR)


@pytest.fixture
def filled(context: Context, keeper: Person) -> Context:
    import_awareness(context, AWARENESS_DAYS, keeper)
    return context


def file_of(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "days.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def test_the_sample_comes_in_unchanged_and_a_second_time_changes_nothing(context: Context, keeper: Person) -> None:
    assert import_awareness(context, AWARENESS_DAYS, keeper) == AwarenessReport(72, 72, 0, 0)
    assert import_awareness(context, AWARENESS_DAYS, keeper) == AwarenessReport(72, 0, 0, 72)
    with context.database.read() as session:
        assert len(read_calendar(session)) == 72
        day = session.exec(select(AwarenessDay).where(AwarenessDay.key == "st_davids_day")).one()
    assert day.hashtag == "#DyddGŵylDewi"


def test_a_row_that_changed_is_changed_and_dates_typed_in_stay(filled: Context, keeper: Person, tmp_path: Path) -> None:
    confirm_date(filled, "asb_awareness_week", date(2026, 11, 16), keeper)
    row = "asb_awareness_week,ASB Week,week,announced 11,7,announced,,serious,UK,,,"
    assert import_awareness(filled, file_of(tmp_path, row), keeper) == AwarenessReport(1, 0, 1, 0)
    with filled.database.read() as session:
        (asb,) = [one for one in read_calendar(session) if one.key == "asb_awareness_week"]
    assert (asb.name, [typed.start for typed in asb.typed]) == ("ASB Week", [date(2026, 11, 16)])


def test_every_problem_of_a_file_is_named_by_row_and_nothing_is_kept(
    context: Context, keeper: Person, tmp_path: Path
) -> None:
    path = file_of(
        tmp_path,
        "good,Good day,day,fixed 05-04,1,fixed,,light,UK,#Good,,",
        "Bad Key,,dya,fixed 99-99,0,fixd,,sad,UK,Good,,",
        "good,Again,day,nth 9 MO 05,1,observed,2026-13,light,UK,,,",
        "moved,Moved,week,nth 3 MO 05,7,observed,2026-05-19,mixed,UK,,,",
        "sure,Sure,week,announced 06,7,fixed,,mixed,UK,,,",
    )
    with pytest.raises(InputError) as error:
        import_awareness(context, path, keeper)
    found = [(problem.row, problem.column) for problem in error.value.problems]
    assert found == [
        (2, "name"), (2, "key"), (2, "kind"), (2, "status"), (2, "tone"), (2, "duration_days"), (2, "rule"),
        (2, "hashtag"), (3, "key"), (3, "rule"), (3, "evidence_dates"), (4, "evidence_dates"), (5, "status"),
    ]  # fmt: skip
    assert "It began on 2026-05-19, and the rule gives 2026-05-18 for 2026" in str(error.value)
    with context.database.read() as session:
        assert read_calendar(session) == []


def test_a_file_with_a_column_that_nobody_knows_is_refused(context: Context, keeper: Person, tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("key,name,kind,rul,duration_days,status,tone\n", encoding="utf-8")
    with pytest.raises(InputError, match="Did you mean 'rule'"):
        import_awareness(context, path, keeper)


def test_only_those_who_keep_the_calendar_change_it(filled: Context, author: Person) -> None:
    for change in (
        lambda: import_awareness(filled, AWARENESS_DAYS, author),
        lambda: confirm_date(filled, "asb_awareness_week", date(2026, 11, 16), author),
        lambda: withdraw_date(filled, "asb_awareness_week", date(2024, 11, 18), author),
    ):
        with pytest.raises(NotAllowed, match="may not change the awareness calendar"):
            change()


def test_what_was_changed_in_the_calendar_is_in_the_audit_record(filled: Context, keeper: Person) -> None:
    confirm_date(filled, "op_sceptre_may", date(2026, 5, 18), keeper)
    confirm_date(filled, "op_sceptre_may", date(2026, 5, 11), keeper, days=5)
    withdraw_date(filled, "op_sceptre_may", date(2026, 5, 11), keeper)
    with filled.database.read() as session:
        rows = session.exec(select(AuditRecord).order_by(AuditRecord.seq)).all()[-3:]  # type: ignore[arg-type]  # a column here
    assert [row.action for row in rows] == ["confirm awareness date"] * 2 + ["withdraw awareness date"]
    assert json.loads(rows[1].before or "") == {"dates": ["2026-05-18"]}
    assert json.loads(rows[1].after or "") == {"date": "2026-05-11", "days": 5}
    assert {row.actor for row in rows} == {keeper.email}


def test_what_waits_for_a_date_or_a_yes_is_listed_until_it_has_one(filled: Context, keeper: Person) -> None:
    def waiting() -> dict[str, date | None]:
        with filled.database.read() as session:
            return {
                one.key: one.proposed for one in unsettled(read_calendar(session), date(2026, 6, 1)) if one.year == 2026
            }

    before = waiting()
    assert before["asb_awareness_week"] is None
    assert before["op_sceptre_nov"] == date(2026, 11, 16)
    assert "mental_health_week" not in before  # usually in May, which has passed
    assert "star_wars_day" not in before
    confirm_date(filled, "asb_awareness_week", date(2026, 11, 16), keeper)
    confirm_date(filled, "op_sceptre_nov", date(2026, 11, 16), keeper)
    assert not {"asb_awareness_week", "op_sceptre_nov"} & set(waiting())
    withdraw_date(filled, "asb_awareness_week", date(2026, 11, 16), keeper)
    assert waiting()["asb_awareness_week"] is None
    with pytest.raises(InputError, match="Nobody typed in 2026-11-16"):
        withdraw_date(filled, "asb_awareness_week", date(2026, 11, 16), keeper)
    with pytest.raises(InputError, match="Did you mean 'op_sceptre_nov'"):
        confirm_date(filled, "op_sceptre_now", date(2026, 11, 16), keeper)
    with pytest.raises(InputError, match="1 to 366 days"):
        confirm_date(filled, "op_sceptre_nov", date(2026, 11, 16), keeper, days=0)


def test_an_announced_day_may_come_twice_a_year(filled: Context, keeper: Person) -> None:
    for month in (3, 10):
        confirm_date(filled, "county_lines_week", date(2026, month, 2), keeper)
    with filled.database.read() as session:
        (lines,) = [one for one in read_calendar(session) if one.key == "county_lines_week"]
    assert [typed.start.month for typed in lines.typed] == [3, 10]


def test_ideas_appear_in_time_to_prepare_and_not_before(filled: Context) -> None:
    with filled.database.read() as session:
        calendar = read_calendar(session)
    found = {idea.occurrence.key: idea for idea in ideas(calendar, date(2026, 4, 20))}
    assert (found["star_wars_day"].days, say_lead(found["star_wars_day"].days)) == (14, "In 2 weeks")
    assert "needs a supervisor's yes" in found["star_wars_day"].advice
    assert "op_sceptre_may" in found  # a week: six weeks ahead
    assert "missing_children_day" not in found  # a day five weeks ahead
    assert "Plan nothing light" in found["stephen_lawrence_day"].advice
    assert [say_lead(days) for days in (1, 13, 41)] == ["Tomorrow", "In 13 days", "In 5 weeks"]


def test_a_solemn_day_is_one_by_rule_everywhere(filled: Context) -> None:
    """R38."""
    with filled.database.read() as session:
        armistice = solemn_on(session, date(2026, 11, 11), None)
        assert armistice is not None
        assert armistice.name == "Armistice Day"
        assert solemn_on(session, date(2026, 11, 8), None) is not None  # Remembrance Sunday, and Diwali besides
        assert solemn_on(session, date(2026, 11, 12), None) is None


def test_a_solemn_day_of_one_area_stops_that_area_and_the_whole_force_alone(
    filled: Context, keeper: Person, tmp_path: Path
) -> None:
    """R38."""
    row = "flood_memorial,Flood memorial,day,announced,1,announced,,solemn,local,,,"
    import_awareness(filled, file_of(tmp_path, row), keeper)
    with filled.database.write() as session:
        top = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        team = find_or_add_place(session, "Marlpit team", PlaceKind.TEAM, top)
        inside = find_or_add_place(session, "Marlpit End", PlaceKind.NEIGHBOURHOOD, team)
        elsewhere = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD)
    confirm_date(filled, "flood_memorial", date(2026, 7, 7), keeper, place_id=team.id)
    with filled.database.read() as session:
        expected = ((team.id, True), (inside.id, True), (top.id, True), (None, True), (elsewhere.id, False))
        for place, stopped in expected:
            assert (solemn_on(session, date(2026, 7, 7), place) is not None) is stopped
        assert solemn_on(session, date(2027, 7, 7), team.id) is None


Run = Callable[..., Any]


@pytest.fixture
def run(context: Context) -> Run:
    cli, group = typer.Typer(), typer.Typer(no_args_is_help=True)
    cli.add_typer(group, name="import")

    def person_of(context: Context, email: str) -> Person:
        with context.database.write() as session:
            return find_or_add_person(session, email, Role.CORPORATE)

    add_import(group, lambda: context, person_of, "desk@woldershire.example")
    add_commands(cli, lambda: context, person_of, "desk@woldershire.example")
    return lambda *words: CliRunner().invoke(cli, list(words))


def test_the_commands_bring_in_list_confirm_and_take_back(run: Run, context: Context) -> None:
    assert "The calendar is empty" in run("awareness", "list").stdout
    assert json.loads(run("import", "awareness", str(AWARENESS_DAYS), "--json").stdout)["added"] == 72
    listed = run("awareness", "list", "--from", "2026-05-04", "--days", "15").stdout
    assert "2026-05-04  Star Wars Day" in listed
    assert (
        "2026-05-18 to 2026-05-24  Operation Sceptre (knife crime), spring (op_sceptre_may, serious, to be confirmed)"
        in listed
    )
    assert "no date is known; usually in June or July or November" in run("awareness", "list", "--missing").stdout
    done = run("awareness", "confirm", "asb_awareness_week", "--date", "2026-07-06")
    assert "2026-07-06 to 2026-07-12  ASB Awareness Week" in done.stdout
    shown = json.loads(run("awareness", "list", "--json").stdout)
    assert [one["first"] for one in shown if one["key"] == "asb_awareness_week"] == ["2026-07-06"]
    assert run("awareness", "withdraw", "asb_awareness_week", "--date", "2026-07-06").exit_code == 0
    assert "is no day" in str(run("awareness", "confirm", "asb_awareness_week", "--date", "July").exception)


def test_the_documentation_names_every_column_of_the_file() -> None:
    page = (Path(__file__).parents[2] / "docs" / "awareness.md").read_text(encoding="utf-8")
    for name, words in COLUMNS.items():
        assert f"| `{name}` | {words} |" in page


def test_the_demo_says_nothing_light_on_a_solemn_day(context: Context, clock: SettableClock) -> None:
    """R38: shown on whatever day, the demo plans its light post for the next day on which it may go out."""
    clock.set(datetime(2026, 11, 11, 9, 0, tzinfo=UTC))
    with context.database.write() as session:
        add_places(session)
        staff = add_staff(session)
        for channel, name in ACCOUNTS.items():
            session.add(Account(name=name, channel="memory", handle=channel, credentials_sealed=context.vault.seal({}),
                                added_at=clock.now()))  # fmt: skip
    import_awareness(context, AWARENESS_DAYS, staff.corporate)
    assert plan_soon(context) == len(SOON)
    with context.database.read() as session:
        days = {post.content_type: post.due_at.date() for post in session.exec(select(Post)) if post.due_at}
    assert days["lighthearted"] == date(2026, 11, 12)
    assert {day for kind, day in days.items() if kind != "lighthearted"} == {date(2026, 11, 11)}

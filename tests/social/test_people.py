"""Looking after people: only administrators, never oneself, never the last one, and all of it on record (R17)."""

import json

import pytest
from sqlmodel import col, select

from social.audit import AuditReason, AuditRecord
from social.context import Context
from social.errors import InputError, NotAllowed
from social.operators import LOCAL_USER, OPERATOR, acting
from social.people import add_person, change_role, let_in, list_people, set_areas, shut_out
from social.places import PlaceKind, find_or_add_place
from social.staff import Action, Person, Role, areas_of, find_or_add_person, may, who_may
from tests.social.conftest import Account


@pytest.fixture
def chief(context: Context) -> Person:
    with context.database.write() as session:
        return find_or_add_person(session, "rhian.cole@woldershire.example", Role.ADMINISTRATOR)


def add(context: Context, by: Person, email: str = "nia.abbot@woldershire.example", role: Role = Role.AUTHOR) -> int:
    return add_person(context, by, email=email, name="", role=role)


def test_somebody_is_added_with_a_role_and_areas(context: Context, chief: Person) -> None:
    with context.database.write() as session:
        team = find_or_add_place(session, "Hexley team", PlaceKind.TEAM)
        moor = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD, team)
        other = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD)
    number = add_person(context, chief, email=" Nia.Abbot@Woldershire.example", name=" Nia  Abbot ", role=Role.AUTHOR,
                        areas=[team.id or 0])  # fmt: skip
    with context.database.read() as session:
        nia = session.get_one(Person, number)
        (shown,) = [one for one in list_people(session) if one.id == number]
        assert areas_of(session, nia) == {team.id, moor.id}
        assert may(session, nia, Action.PLAN, moor.id)
        assert not may(session, nia, Action.PLAN, other.id)
    assert (shown.email, shown.name, shown.areas) == ("nia.abbot@woldershire.example", "Nia Abbot", ("Hexley team",))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_changes_anything_about_people(context: Context, chief: Person, role: Role) -> None:
    with context.database.write() as session:
        other = find_or_add_person(session, "ruth.lane@woldershire.example", role)
    number = add(context, chief)
    for attempt in (
        lambda: add(context, other, "sam.reed@woldershire.example"),
        lambda: change_role(context, other, number, Role.ADMINISTRATOR),
        lambda: set_areas(context, other, number, []),
        lambda: shut_out(context, other, number, reason="left"),
        lambda: let_in(context, other, number),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_an_administrator_of_one_area_does_not_look_after_the_forces_people(context: Context, chief: Person) -> None:
    with context.database.write() as session:
        team = find_or_add_place(session, "Hexley team", PlaceKind.TEAM)
    number = add(context, chief, role=Role.ADMINISTRATOR)
    set_areas(context, chief, number, [team.id or 0])
    with context.database.read() as session:
        bound = session.get_one(Person, number)
        assert who_may(session, Action.MANAGE_PEOPLE, None) == [chief]
    with pytest.raises(NotAllowed):
        change_role(context, bound, chief.id or 0, Role.READER)


def test_nobody_changes_themselves(context: Context, chief: Person) -> None:
    for attempt in (
        lambda: change_role(context, chief, chief.id or 0, Role.CORPORATE),
        lambda: set_areas(context, chief, chief.id or 0, []),
        lambda: shut_out(context, chief, chief.id or 0, reason="left"),
    ):
        with pytest.raises(NotAllowed, match="their own"):
            attempt()


def test_the_last_administrator_stays_whoever_asks(context: Context, chief: Person, keeper: Person) -> None:
    with context.database.write() as session:
        team = find_or_add_place(session, "Hexley team", PlaceKind.TEAM)
    for attempt in (
        lambda: change_role(context, keeper, chief.id or 0, Role.READER),
        lambda: set_areas(context, keeper, chief.id or 0, [team.id or 0]),
        lambda: shut_out(context, keeper, chief.id or 0, reason="left"),
    ):
        with pytest.raises(InputError, match="Nobody would be left"):
            attempt()
    add(context, keeper, role=Role.ADMINISTRATOR)
    shut_out(context, keeper, chief.id or 0, reason="left")


def test_who_was_an_administrator_a_moment_ago_changes_nobody(context: Context, chief: Person, keeper: Person) -> None:
    number = add(context, chief, role=Role.ADMINISTRATOR)
    shut_out(context, keeper, chief.id or 0, reason="left")
    with pytest.raises(NotAllowed):
        change_role(context, chief, number, Role.READER)


def test_beatlines_own_persons_are_nobody_to_change_or_to_list(context: Context, chief: Person) -> None:
    own = acting(context, LOCAL_USER)
    with pytest.raises(InputError):
        change_role(context, chief, own.id or 0, Role.ADMINISTRATOR)
    with pytest.raises(InputError, match="Beatline's own"):
        add(context, chief, "somebody@beatline.invalid")
    with context.database.read() as session:
        assert [one.email for one in list_people(session)] == [chief.email]


def test_an_address_is_given_to_one_person_only(context: Context, chief: Person) -> None:
    add(context, chief)
    with pytest.raises(InputError, match="already"):
        add(context, chief, "NIA.ABBOT@woldershire.example", Role.ADMINISTRATOR)
    with context.database.read() as session:
        nia = session.exec(select(Person).where(Person.email == "nia.abbot@woldershire.example")).one()
    assert nia.role == Role.AUTHOR


def test_every_change_is_recorded_with_before_after_and_why(context: Context, chief: Person) -> None:
    number = add(context, chief)
    change_role(context, chief, number, Role.SUPERVISOR, reason="promoted")
    change_role(context, chief, number, Role.SUPERVISOR)
    shut_out(context, chief, number, reason="left the force")
    let_in(context, chief, number)
    with context.database.read() as session:
        rows = session.exec(
            select(AuditRecord).where(AuditRecord.subject_kind == "person").order_by(col(AuditRecord.seq))
        ).all()
        reasons = session.exec(select(AuditReason.text).order_by(col(AuditReason.seq))).all()
    assert [row.action for row in rows] == ["add a person", "change a role", "shut out", "let in again"]
    assert {row.actor for row in rows} == {chief.email}
    role = rows[1]
    assert (json.loads(role.before or ""), json.loads(role.after or "")) == (
        {"active": True, "areas": [], "role": "author"},
        {"active": True, "areas": [], "role": "supervisor"},
    )
    assert list(reasons) == ["promoted", "left the force"]


def test_shutting_out_asks_for_a_reason(context: Context, chief: Person) -> None:
    number = add(context, chief)
    with pytest.raises(InputError, match="Say why"):
        shut_out(context, chief, number, reason=" ")


def test_a_command_names_nobody_new_once_people_sign_in(context: Context, account: Account) -> None:
    new = "sam.reed@woldershire.example"
    assert acting(context, new).role == Role.CORPORATE, "on one machine whoever has the shell decides"
    account("nia.abbot@woldershire.example")
    with pytest.raises(InputError, match="Add them with"):
        acting(context, "kit.moss@woldershire.example")
    assert acting(context, new).email == new


def test_somebody_whom_a_command_added_is_on_record_and_only_once(context: Context) -> None:
    """R17: while no sign-in is set up, a name is enough to be added."""
    for _ in range(2):
        added = acting(context, "sam.reed@woldershire.example")
    acting(context, LOCAL_USER)
    with context.database.read() as session:
        (row,) = session.exec(select(AuditRecord))
    assert (row.actor, row.action, row.subject_kind, row.subject_id, row.at) == (
        OPERATOR, "add a person", "person", str(added.id), context.clock.now())  # fmt: skip
    assert json.loads(row.after or "") == {"role": "corporate", "areas": [], "active": True}

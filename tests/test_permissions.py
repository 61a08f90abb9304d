"""Who may do what: every role, every action, every kind of area, at work or shut out (R17).

The tables here are written out by hand, so that nothing is allowed because the code says so. An action or a role that
has no row and no column here fails."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from sqlmodel import Session

from social.context import Context
from social.errors import NotAllowed
from social.places import Place, PlaceKind, find_or_add_place
from social.staff import NO_AREA, PERMISSIONS, Action, Everywhere, Membership, Person, Role, may, require

ROLES = ("author", "supervisor", "corporate", "contact_desk", "records", "reader", "administrator")
TABLE = """
                   author  supervisor  corporate  contact_desk  records  reader  administrator
PLAN               yes     yes         yes        -             -        -       -
APPROVE_LOCAL      -       yes         yes        -             -        -       -
APPROVE_CORPORATE  -       -           yes        -             -        -       -
WITHDRAW           -       yes         yes        -             -        -       -
HOLD               -       yes         yes        -             -        -       yes
RELEASE            -       yes         yes        -             -        -       -
MARK_INCIDENT      yes     yes         yes        yes           -        -       -
CHANGE_CASE        -       yes         yes        -             -        -       -
RECORD_EXCEPTION   -       -           yes        -             -        -       -
KEEP_CALENDAR      -       yes         yes        -             -        -       -
KEEP_PLACES        -       -           yes        -             -        -       yes
SET_TARGETS        -       yes         yes        -             -        -       -
KEEP_PROFILES      yes     yes         yes        -             -        -       -
KEEP_RULES         -       -           yes        -             -        -       -
MANAGE_ACCOUNTS    -       -           -          -             -        -       yes
MANAGE_PEOPLE      -       -           -          -             -        -       yes
ANSWER             yes     yes         yes        yes           -        -       -
HIDE               yes     yes         yes        yes           -        -       -
HAND_OFF           yes     yes         yes        yes           -        -       -
KEEP_DESKS         -       -           yes        -             -        -       yes
KEEP_DUTY          -       -           yes        -             -        -       yes
RUN_SURVEYS        yes     yes         yes        -             -        -       -
RUN_CAMPAIGNS      yes     yes         yes        -             -        -       -
SCHEDULE_REPORTS   yes     yes         yes        -             -        -       -
READ_REPLIES       yes     yes         yes        yes           yes      -       -
READ_FIGURES       yes     yes         yes        yes           yes      yes     yes
READ_AUDIT         -       -           yes        -             yes      -       yes
KEEP_DATABASE      -       -           -          -             -        -       yes
SIGN_UP_RESIDENTS  yes     yes         yes        yes           -        -       -
KEEP_RESIDENTS     -       -           yes        -             -        -       -
ERASE              -       -           -          -             yes      -       -
"""
WHERE = """
                      own area  below it  beside it  above it  the whole force  not about an area
bound to an area      yes       yes       -          -         -                yes
for the whole force   yes       yes       yes        yes       yes              yes
"""


def columns(line: str) -> list[str]:
    return [cell for cell in (part.strip() for part in line.split("  ")) if cell]


def read(table: str) -> dict[str, dict[str, bool]]:
    """Row -> column -> whether it says yes."""
    heads, *lines = [columns(line) for line in table.strip("\n").splitlines()]
    assert all(set(cells) <= {"yes", "-"} and len(cells) == len(heads) for _, *cells in lines)
    return {row: dict(zip(heads, (cell == "yes" for cell in cells), strict=True)) for row, *cells in lines}


ALLOWED, REACHES = read(TABLE), read(WHERE)
Ask = Callable[[Session, Person, Action, "int | Everywhere | None"], bool]


@pytest.fixture
def places(context: Context) -> dict[str, "int | Everywhere | None"]:
    """The columns of WHERE: a team with a neighbourhood in it, beside another team, in a section."""
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        section = find_or_add_place(session, "North", PlaceKind.SECTION, force)
        team = find_or_add_place(session, "Hexley team", PlaceKind.TEAM, section)
        below = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD, team)
        beside = find_or_add_place(session, "Copperbeck team", PlaceKind.TEAM, section)
        ids: dict[str, int | Everywhere | None] = {
            name: place.id for name, place in {"own area": team, "below it": below, "beside it": beside, "above it": section}.items()
        }  # fmt: skip
    return {**ids, "the whole force": None, "not about an area": NO_AREA}


def people(context: Context, role: str, own_area: "int | Everywhere | None") -> dict[tuple[str, bool], Person]:
    """One person for each row of WHERE, at work and shut out."""
    made = {}
    with context.database.write() as session:
        for number, (bound, active) in enumerate(product(REACHES, (True, False))):
            person = Person(
                email=f"{role}.{number}@woldershire.example", name=f"Person {number}", role=role, active=active
            )
            session.add(person)
            session.flush()
            if bound == "bound to an area":
                assert isinstance(own_area, int)
                session.add(Membership(person_id=person.id or 0, place_id=own_area))
            made[bound, active] = person
    return made


def test_every_action_has_a_row_and_every_role_a_column() -> None:
    assert list(ALLOWED) == [row for row in ALLOWED if row in Action.__members__]
    missing = set(Action.__members__) - set(ALLOWED)
    assert not missing, f"say who may do {', '.join(sorted(missing))} in the table of tests/test_permissions.py"
    assert set(ROLES) == {role.value for role in Role} == set(PERMISSIONS)
    assert all(tuple(row) == ROLES for row in ALLOWED.values())


def test_the_page_on_people_shows_the_same_table() -> None:
    page = (Path(__file__).parent.parent / "docs/people.md").read_text(encoding="utf-8")
    heads, _rule, *lines = [line for line in page.splitlines() if line.startswith("|")]
    assert [cell.strip().replace(" ", "_") for cell in heads.split("|")[2:-1]] == list(ROLES)
    shown = {
        cells[1].strip(): [cell.strip() == "yes" for cell in cells[2:-1]]
        for cells in (line.split("|") for line in lines)
    }
    assert shown == {Action[name].value: list(row.values()) for name, row in ALLOWED.items()}


@pytest.mark.sqlite_only
@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_the_table_says_where_it_says_and_nothing_when_shut_out(
    context: Context, places: dict[str, "int | Everywhere | None"], role: str
) -> None:
    staff = people(context, role, places["own area"])
    wrong = []
    with context.database.read() as session:
        for (bound, active), action, where in product(staff, Action, places):
            expected = active and ALLOWED[action.name][role] and REACHES[bound][where]
            if may(session, staff[bound, active], action, places[where]) is not expected:
                wrong.append(f"{role} {bound} {'active' if active else 'shut out'}: {action.name}, {where}")
    assert not wrong


def test_what_may_not_be_done_is_refused_and_never_only_hidden(
    context: Context, places: dict[str, "int | Everywhere | None"]
) -> None:
    staff = people(context, "supervisor", places["own area"])
    bound, gone = staff["bound to an area", True], staff["for the whole force", False]
    with context.database.write() as session:
        require(session, bound, Action.WITHDRAW, places["below it"])
        for person, action, where in (
            (bound, Action.WITHDRAW, "beside it"),
            (bound, Action.WITHDRAW, "the whole force"),
            (bound, Action.ERASE, "own area"),
            (gone, Action.WITHDRAW, "own area"),
        ):
            with pytest.raises(NotAllowed):
                require(session, person, action, places[where])


def test_an_area_that_is_no_place_of_ours_is_nobodys_own(
    context: Context, places: dict[str, "int | Everywhere | None"]
) -> None:
    bound = people(context, "supervisor", places["own area"])["bound to an area", True]
    with context.database.read() as session:
        assert session.get(Place, 9999) is None
        assert not may(session, bound, Action.PLAN, 9999)

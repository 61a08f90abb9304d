"""One table says what each role may do (R17)."""

import pytest

from social.context import Context
from social.errors import InputError, NotAllowed
from social.places import PlaceKind, find_or_add_place
from social.staff import PERMISSIONS, Action, Membership, Person, Role, find_or_add_person, may, require, role_allows


def person(role: Role, *, active: bool = True) -> Person:
    return Person(email="sam.reed@example.org", name="Sam Reed", role=role.value, active=active)


def test_every_role_has_its_row_and_every_action_somebody_to_do_it() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert set().union(*PERMISSIONS.values()) == set(Action)


def test_an_author_plans_and_never_approves() -> None:
    author = person(Role.AUTHOR)
    assert role_allows(author, Action.PLAN)
    assert not role_allows(author, Action.APPROVE_LOCAL)
    assert not role_allows(author, Action.APPROVE_CORPORATE)


def test_a_supervisor_approves_a_teams_posts_and_not_what_needs_corporate_communications() -> None:
    supervisor = person(Role.SUPERVISOR)
    assert role_allows(supervisor, Action.APPROVE_LOCAL)
    assert not role_allows(supervisor, Action.APPROVE_CORPORATE)


def test_whoever_connects_accounts_neither_plans_nor_approves_nor_reads_replies() -> None:
    assert (
        not {Action.PLAN, Action.APPROVE_LOCAL, Action.APPROVE_CORPORATE, Action.READ_REPLIES}
        & PERMISSIONS[Role.ADMINISTRATOR]
    )
    assert [role for role in Role if Action.MANAGE_ACCOUNTS in PERMISSIONS[role]] == [Role.ADMINISTRATOR]


def test_a_reader_sees_figures_and_nothing_that_residents_wrote() -> None:
    assert PERMISSIONS[Role.READER] == {Action.READ_FIGURES}


@pytest.mark.parametrize("role", Role)
def test_a_person_who_left_may_do_nothing(role: Role) -> None:
    assert not any(role_allows(person(role, active=False), action) for action in Action)


def test_a_refusal_names_who_may(context: Context) -> None:
    with context.database.write() as session:
        author = find_or_add_person(session, "sam.reed@example.org", Role.AUTHOR)
        supervisor = find_or_add_person(session, "jo.lane@example.org", Role.SUPERVISOR)
        with pytest.raises(NotAllowed, match=r"Sam Reed may not approve a team's posts\..*supervisor or corporate"):
            require(session, author, Action.APPROVE_LOCAL)
        require(session, supervisor, Action.APPROVE_LOCAL)


def test_someone_with_an_area_acts_there_and_below_and_nowhere_else(context: Context) -> None:
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        team = find_or_add_place(session, "Hexley team", PlaceKind.TEAM, force)
        below = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD, team)
        other = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD, force)
        supervisor = find_or_add_person(session, "jo.lane@example.org", Role.SUPERVISOR)
        assert supervisor.id
        assert team.id
        session.add(Membership(person_id=supervisor.id, place_id=team.id))
        session.flush()
        allowed = [may(session, supervisor, Action.APPROVE_LOCAL, place.id) for place in (team, below, other, force)]
        assert allowed == [True, True, False, False]
        assert not may(session, supervisor, Action.APPROVE_LOCAL, None)
        assert may(session, supervisor, Action.APPROVE_LOCAL)


def test_who_was_shut_out_meanwhile_may_nothing_whatever_the_page_still_holds(context: Context) -> None:
    with context.database.write() as session:
        held = find_or_add_person(session, "jo.lane@example.org", Role.SUPERVISOR)
    with context.database.write() as session:
        session.get_one(Person, held.id).active = False
    with context.database.read() as session:
        assert not may(session, held, Action.APPROVE_LOCAL)


def test_a_person_is_known_by_the_address_whatever_its_capitals(context: Context) -> None:
    with context.database.write() as session:
        first = find_or_add_person(session, " Sam.Reed@Example.org ", Role.AUTHOR)
        again = find_or_add_person(session, "sam.reed@example.org", Role.AUTHOR)
    assert first.id == again.id
    assert (first.email, first.name) == ("sam.reed@example.org", "Sam Reed")


def test_naming_a_person_again_never_changes_the_role(context: Context) -> None:
    with context.database.write() as session:
        find_or_add_person(session, "sam.reed@example.org", Role.READER)
        assert find_or_add_person(session, "sam.reed@example.org", Role.CORPORATE).role == Role.READER


@pytest.mark.parametrize("wrong", ["", "sam", "@example.org", "sam@", "sam@example", "sam reed@example.org"])
def test_what_is_no_address_is_refused_with_an_example(context: Context, wrong: str) -> None:
    with pytest.raises(InputError, match="Give one such as"), context.database.write() as session:
        find_or_add_person(session, wrong, Role.AUTHOR)

"""Local accounts: passwords, one-time links, sessions, and guesses that lead nowhere."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlmodel import SQLModel, select

from social import passwords
from social.clock import SettableClock
from social.context import Context
from social.errors import InputError, NotAllowed
from social.people import let_in, shut_out
from social.sign_in import WRONG, NotLetIn, person_with, sign_in_with_password, sign_out
from social.sign_in_guard import BY_ONE_MACHINE, FROM_ONE_MACHINE, WINDOW, TooManyTries
from social.sign_in_links import link_for, link_for_first_administrator, meant_by, set_up
from social.sign_in_records import Password, SetUpLink, SignedIn, hash_of
from social.sign_in_ways import Way, way_in
from social.staff import Action, Person, Role, may
from tests.social.conftest import PASSWORD, Account

NIA = "nia.abbot@woldershire.example"
DESK = "192.0.2.7"


def token_of(address: str) -> str:
    return address.rpartition("/set-up/")[2]


def sign_in(context: Context, email: str = NIA, password: str = PASSWORD, machine: str = DESK) -> str:
    return sign_in_with_password(context, email, password, machine)


def test_the_hash_is_argon2id_with_its_parameters_and_never_twice_the_same() -> None:
    one, two = passwords.hash_password(PASSWORD), passwords.hash_password(PASSWORD)
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert one != two
    assert passwords.opens(PASSWORD, one)
    assert not passwords.opens(PASSWORD + " ", one)


@pytest.mark.usefixtures("quick_hashes")
def test_no_password_opens_an_account_that_has_none() -> None:
    for stored in (None, passwords.NOBODY, "no hash at all"):
        assert not passwords.opens(PASSWORD, stored)
        assert not passwords.opens("nobody has this password", stored)
    assert not passwords.opens("x" * 5000, passwords.hash_password("x" * passwords.MOST))


@pytest.mark.parametrize(
    "weak", ["short", "a" * 30, "password password", "nia abbot nia abbot", "123456789 123456789", "x" * 201]
)
def test_a_weak_password_is_refused_with_what_to_do(weak: str) -> None:
    assert (passwords.problem_with(weak, ["Nia", "Abbot"]) or "").startswith(("Choose", "That password"))
    assert passwords.problem_with(PASSWORD, ["Nia", "Abbot"]) is None


def test_a_link_sets_a_password_once_and_signs_in(context: Context, keeper: Person, account: Account) -> None:
    nia = account(NIA)
    token = token_of(link_for(context, keeper, nia.id or 0))
    assert meant_by(context, token).person == nia, "looking at a link does not spend it"
    opened = set_up(context, token, "another " + PASSWORD, "another " + PASSWORD)
    assert person_with(context, opened) == nia
    with pytest.raises(NotLetIn, match="does not work any more"):
        set_up(context, token, PASSWORD, PASSWORD)
    with pytest.raises(NotLetIn):
        sign_in(context)
    assert sign_in(context, password="another " + PASSWORD)


def test_what_was_mistyped_leaves_the_link_as_it_was(context: Context, keeper: Person, account: Account) -> None:
    token = token_of(link_for(context, keeper, account(NIA).id or 0))
    with pytest.raises(InputError, match="differ"):
        set_up(context, token, PASSWORD, PASSWORD + "s")
    with pytest.raises(InputError, match="at least 12"):
        set_up(context, token, "short", "short")
    assert set_up(context, token, PASSWORD, PASSWORD)


def test_a_link_ends_with_its_time_with_a_newer_one_and_when_its_person_is_shut_out(
    context: Context, clock: SettableClock, keeper: Person, account: Account
) -> None:
    nia = account(NIA).id or 0
    first = token_of(link_for(context, keeper, nia))
    second = token_of(link_for(context, keeper, nia))
    with pytest.raises(NotLetIn):
        meant_by(context, first)
    clock.advance(timedelta(hours=24))
    with pytest.raises(NotLetIn):
        meant_by(context, second)
    third = token_of(link_for(context, keeper, nia))
    shut_out(context, keeper, nia, reason="left")
    with pytest.raises(NotLetIn):
        meant_by(context, third)
    with pytest.raises(InputError, match="is shut out"):
        link_for(context, keeper, nia)


def test_only_who_looks_after_people_makes_links(context: Context, account: Account) -> None:
    nia, ruth = account(NIA), account("ruth.lane@woldershire.example", Role.SUPERVISOR)
    with pytest.raises(NotAllowed):
        link_for(context, ruth, nia.id or 0)


@pytest.mark.usefixtures("quick_hashes")
def test_the_first_administrator_comes_by_a_link_and_there_is_no_second_first(context: Context) -> None:
    assert way_in(context) is Way.NONE
    link = link_for_first_administrator(context)
    other = link_for_first_administrator(context)
    assert link is not None
    assert other is not None
    with pytest.raises(NotLetIn):
        meant_by(context, token_of(link))
    with pytest.raises(InputError, match="Give your name"):
        set_up(context, token_of(other), PASSWORD, PASSWORD, email=NIA, name=" ")
    with pytest.raises(InputError, match="own e-mail address"):
        set_up(context, token_of(other), PASSWORD, PASSWORD, email="keeper@beatline.invalid", name="Nia")
    person = person_with(context, set_up(context, token_of(other), PASSWORD, PASSWORD, email=NIA, name="Nia Abbot"))
    assert person is not None
    with context.database.read() as session:
        assert may(session, person, Action.MANAGE_PEOPLE, None)
    assert way_in(context) is Way.LOCAL
    assert link_for_first_administrator(context) is None


def test_a_wrong_password_an_unknown_address_and_a_person_who_left_are_told_the_same(
    context: Context, keeper: Person, account: Account
) -> None:
    account(NIA)
    gone = account("tom.askew@woldershire.example")
    shut_out(context, keeper, gone.id or 0, reason="left")
    told = set()
    for email, password in ((NIA, "wrong"), ("nobody@woldershire.example", PASSWORD), (gone.email, PASSWORD), ("", "")):
        with pytest.raises(NotLetIn) as refused:
            sign_in(context, email, password)
        told.add(str(refused.value))
    assert told == {WRONG}


@pytest.mark.sqlite_only
def test_an_unknown_address_takes_as_long_as_a_wrong_password(
    context: Context, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(NIA)
    worked = []

    def verify(_self: PasswordHasher, stored: str, _given: str) -> bool:
        worked.append(stored.rsplit("$", 2)[0])
        raise VerifyMismatchError

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    for email in (NIA, "nobody@woldershire.example"):
        with pytest.raises(NotLetIn):
            sign_in(context, email)
    assert len(worked) == 2
    assert len(set(worked)) == 1, "the same work, with the same parameters"


def test_a_session_ends_by_its_time_by_idleness_and_by_signing_out(
    context: Context, clock: SettableClock, account: Account
) -> None:
    nia = account(NIA)
    busy, idle, ended = sign_in(context), sign_in(context), sign_in(context)
    sign_out(context, hash_of(ended))
    assert person_with(context, ended) is None
    for _ in range(13):
        clock.advance(timedelta(minutes=50))
        assert person_with(context, busy) == nia
        person_with(context, idle, used=False)
    assert person_with(context, idle) is None, "a page that looks by itself keeps nobody signed in"
    clock.advance(timedelta(minutes=59))
    assert person_with(context, busy) == nia
    clock.advance(timedelta(minutes=11))
    assert person_with(context, busy) is None, "twelve hours are over, however busy"
    assert person_with(context, "made up") is None
    assert person_with(context, None) is None


def test_whoever_is_shut_out_is_out_at_once_and_needs_a_new_link_when_let_in_again(
    context: Context, keeper: Person, account: Account
) -> None:
    nia = account(NIA)
    token = sign_in(context)
    shut_out(context, keeper, nia.id or 0, reason="left")
    assert person_with(context, token) is None
    let_in(context, keeper, nia.id or 0)
    assert person_with(context, token) is None
    with pytest.raises(NotLetIn):
        sign_in(context)
    assert way_in(context) is Way.LOCAL, "a person who left opens no door for whoever sits at the machine"


def test_signing_in_makes_a_new_session_and_ends_the_one_the_browser_came_with(
    context: Context, account: Account
) -> None:
    account(NIA)
    planted = sign_in(context)
    fresh = sign_in_with_password(context, NIA, PASSWORD, DESK, before=planted)
    assert fresh != planted
    assert person_with(context, planted) is None
    assert person_with(context, fresh) is not None


def test_guesses_on_one_account_are_stopped_and_the_right_password_with_them(
    context: Context, clock: SettableClock, account: Account
) -> None:
    account(NIA)
    for _ in range(FROM_ONE_MACHINE):
        with pytest.raises(NotLetIn):
            sign_in(context, password="wrong")
    for password in ("wrong", PASSWORD):
        with pytest.raises(TooManyTries):
            sign_in(context, password=password)
    assert sign_in(context, machine="192.0.2.8"), "whoever sits elsewhere is not kept out by somebody's guesses"
    clock.advance(WINDOW)
    assert sign_in(context)


def test_an_account_that_is_not_there_is_guarded_all_the_same(context: Context, account: Account) -> None:
    account(NIA)
    for _ in range(FROM_ONE_MACHINE):
        with pytest.raises(NotLetIn):
            sign_in(context, "nobody@woldershire.example", "wrong")
    with pytest.raises(TooManyTries):
        sign_in(context, "nobody@woldershire.example", "wrong")


def test_one_machine_cannot_try_one_password_on_everybody(context: Context, account: Account) -> None:
    account(NIA)
    for number in range(BY_ONE_MACHINE):
        with pytest.raises(NotLetIn):
            sign_in(context, f"person.{number}@woldershire.example", "wrong")
    with pytest.raises(TooManyTries):
        sign_in(context)


def test_a_hash_of_weaker_parameters_is_made_anew_when_its_person_signs_in(
    context: Context, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    nia = account(NIA)
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    sign_in(context)
    with context.database.read() as session:
        assert "m=16,t=2,p=1" in session.get_one(Password, nia.id).hash
    assert sign_in(context)


def test_no_token_and_no_password_is_in_the_database(context: Context, keeper: Person, account: Account) -> None:
    nia = account(NIA)
    secrets = [PASSWORD, sign_in(context), token_of(link_for(context, keeper, nia.id or 0))]
    with context.database.read() as session:
        assert session.exec(select(SignedIn)).all()
        assert session.exec(select(SetUpLink)).all()
        everything = [repr(row) for table in SQLModel.metadata.tables.values()
                      for row in session.connection().execute(select(table))]  # fmt: skip
    assert not [row for row in everything if any(secret in row for secret in secrets)]

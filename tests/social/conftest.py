"""What the tests of people and of signing in share."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher

from social import passwords
from social.context import Context
from social.operators import KEEPER, acting
from social.sign_in_links import link_for, set_up
from social.staff import Person, Role, find_or_add_person

PASSWORD = "marlpit heron teapot gravel"

Account = Callable[..., Person]


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of the same kind that cost little: what makes them strong is tried in one test, not in each."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(passwords, "_stand_in", [])


@pytest.fixture
def keeper(context: Context) -> Person:
    return acting(context, KEEPER)


@pytest.fixture
def account(context: Context, keeper: Person, quick_hashes: None) -> Account:
    """account("nia.abbot@woldershire.example") -> a person with a local account and PASSWORD."""

    def made(email: str, role: Role = Role.AUTHOR) -> Person:
        with context.database.write() as session:
            person = find_or_add_person(session, email, role)
        token = link_for(context, keeper, person.id or 0).rpartition("/")[2]
        set_up(context, token, PASSWORD, PASSWORD)
        return person

    return made

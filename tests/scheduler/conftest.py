"""A force with an account on the memory network and the people who work there."""

from collections.abc import Callable, Iterator

import pytest

from social.channels import memory
from social.clock import SettableClock
from social.context import Context
from social.staff import Role, find_or_add_person
from tests.scheduler.helpers import Force


@pytest.fixture
def force(context: Context, clock: SettableClock) -> Iterator[Force]:
    memory.reset()
    with context.database.write() as session:
        people = [
            find_or_add_person(session, f"{role.value}@woldershire.example", role)
            for role in (Role.AUTHOR, Role.SUPERVISOR, Role.CORPORATE)
        ]
    built = Force(context, clock, *people)
    built.add_account("hexley")
    yield built
    memory.reset()


@pytest.fixture
def dump(context: Context) -> Callable[[], list[str]]:
    """The whole database as text, and the names of the files in the media folder."""

    def take() -> list[str]:
        connection = context.database.engine.raw_connection()
        try:
            lines = list(connection.driver_connection.iterdump())  # type: ignore[union-attr]  # SQLite's own
        finally:
            connection.close()
        folder = context.settings.media_folder
        return lines + sorted(path.name for path in folder.iterdir()) if folder.exists() else lines

    return take

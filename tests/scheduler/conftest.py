"""A force with an account on the memory network and the people who work there."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlmodel import SQLModel, select

from social.channels import memory
from social.clock import SettableClock
from social.context import Context
from social.staff import Role, find_or_add_person
from tests.scheduler.helpers import Force
from tests.social.mail_server import MailServer


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
def server(force: Force) -> Iterator[MailServer]:
    """A mail server that the force is set up with."""
    with MailServer() as mail:
        force.context.settings = replace(
            force.context.settings, smtp_host="127.0.0.1", smtp_port=mail.port, smtp_security="none",
            smtp_from="beatline@woldershire.example", connect_timeout=2.0, read_timeout=2.0,
        )  # fmt: skip
        yield mail


@pytest.fixture
def dump(context: Context) -> Callable[[], list[str]]:
    """The whole database as text, and the names of the files in the media folder."""

    def take() -> list[str]:
        with context.database.read() as session:
            lines = [f"{table.name} {row}" for table in SQLModel.metadata.sorted_tables
                     for row in sorted(map(repr, session.connection().execute(select(table))))]  # fmt: skip
        folder = context.settings.media_folder
        return lines + sorted(path.name for path in folder.iterdir()) if folder.exists() else lines

    return take

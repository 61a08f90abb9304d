"""An emergency in a reply reaches the duty contact by mail at any hour, and goes on until a person says 'seen' (R16, R19)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from app import periodic_jobs
from insights.reading.stored import read_new
from scheduler.worker import publish_due, run_job
from social.channels.base import Heard
from social.duty import set_contacts
from social.duty_seen import open_emergencies, say_not_emergency, say_passed
from social.duty_tables import DutyCall
from social.errors import InputError, NotAllowed
from social.interactions import Interaction
from social.staff import Person, Role, find_or_add_person
from tests.scheduler.helpers import Force
from tests.social.mail_server import MailServer

HELP = "Please help, someone has been stabbed on Mill Road and he is bleeding, tell Ann Sharp"
NIGHT = datetime(2026, 6, 4, 2, 0, tzinfo=UTC)
"""A Thursday, 3am in London."""
FIRST, SECOND, DESK = "sam.reed@woldershire.example", "kay.lunt@woldershire.example", "control@woldershire.example"


@pytest.fixture
def server(force: Force) -> Iterator[MailServer]:
    with MailServer() as mail:
        force.context.settings = replace(
            force.context.settings, smtp_host="127.0.0.1", smtp_port=mail.port, smtp_security="none",
            smtp_from="beatline@woldershire.example", connect_timeout=2.0, read_timeout=2.0,
        )  # fmt: skip
        yield mail


@pytest.fixture
def contacts(force: Force) -> tuple[Person, Person]:
    """Two of staff and a desk, for the whole force."""
    with force.context.database.write() as session:
        one = find_or_add_person(session, FIRST, Role.CONTACT_DESK, "Sam Reed")
        two = find_or_add_person(session, SECOND, Role.SUPERVISOR, "Kay Lunt")
    set_contacts(force.context, None, [FIRST, SECOND, f"Control room desk <{DESK}>"], force.corporate)
    return one, two


def tick(force: Force) -> None:
    """One round of the worker: every periodic job once, in its order."""
    for job in periodic_jobs():
        run_job(force.context, job)


def published(force: Force) -> str:
    """A post that is out.  Returns its id on the network."""
    force.queued()
    publish_due(force.context)
    return force.publications()[-1].platform_id


def hear(force: Force, text: str = HELP) -> str:
    """A resident writes under the last post, now.  Returns the reply's id on the network."""
    post = force.publications()[-1].platform_id
    return force.network().add_reply(post, text, created_at=force.clock.now())


def to_whom(server: MailServer) -> list[str]:
    return [str(message["To"]) for message in server.taken]


def pass_time(force: Force, minutes: float) -> None:
    force.clock.advance(timedelta(minutes=minutes))
    tick(force)


def calls(force: Force) -> list[DutyCall]:
    with force.context.database.read() as session:
        return list(session.exec(select(DutyCall).order_by(DutyCall.id)))  # type: ignore[arg-type]  # a column here


def test_an_emergency_at_three_is_in_the_mailbox_within_one_tick_and_nags_until_somebody_has_seen_it(
    force: Force, server: MailServer, contacts: tuple[Person, Person]
) -> None:
    published(force)
    tick(force)
    force.clock.set(NIGHT)
    reply = hear(force)
    tick(force)
    assert to_whom(server) == [FIRST], "one tick: collected, read, opened and mailed"
    assert server.taken[0]["Subject"] == "EMERGENCY? 1 reply needs you now"
    text = server.taken[0].get_content()
    for said in ("post 1 on hexley", "4 June 2026 at 03:00", "call the control room", "/replies?thread=1"):
        assert said in text
    for word in ("stabbed", "bleeding", "Mill Road", "Ann", "Sharp", "Ducks", "resident-1", reply):
        assert word not in server.taken[0].as_string()

    pass_time(force, 4)
    assert len(server.taken) == 1
    pass_time(force, 1)
    assert to_whom(server)[1:] == [FIRST], "03:05"
    pass_time(force, 5)
    assert to_whom(server)[2:] == [FIRST, SECOND], "03:10, and the next contact"
    pass_time(force, 10)
    assert to_whom(server)[4:] == [FIRST, SECOND, DESK], "03:20"
    force.network().remove_reply(reply)
    pass_time(force, 10)
    assert sorted(to_whom(server)[7:]) == sorted([FIRST, SECOND, DESK, force.corporate.email]), "03:30: everybody"
    assert len({message["Message-ID"] for message in server.taken}) == len(server.taken)

    say_passed(force.context, calls(force)[0].id or 0, contacts[0])
    before = len(server.taken)
    for _ in range(6):
        pass_time(force, 30)
    assert len(server.taken) == before

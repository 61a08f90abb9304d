"""Sending messages by SMTP: each resident once, whatever the mail server does."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from app import periodic_jobs
from social.alarms import Alarm, mark_seen
from social.alerts.mailings import Mailing, Message
from social.alerts.residents import Resident
from social.alerts.sending import clear_what_was_seen, send_messages
from social.alerts.sending_trouble import CarrierTrouble
from social.clock import SettableClock
from social.context import Context, open_context
from social.staff import Role, find_or_add_person
from tests.alerts.helpers import a_resident
from tests.alerts.post_office import a_mailing, messages_of, open_office, residents_of, states_of
from tests.social.mail_server import MailServer

alone = pytest.mark.sqlite_only


def addresses(server: MailServer) -> list[str]:
    assert all(len(envelope.rcpt_tos) == 1 for envelope in server.envelopes)
    return [envelope.rcpt_tos[0] for envelope in server.envelopes]


def alarms(context: Context) -> list[Alarm]:
    with context.database.read() as session:
        return [alarm for alarm in session.exec(select(Alarm)) if alarm.cleared_at is None]


def the_resident(context: Context) -> Resident:
    with context.database.read() as session:
        return session.exec(select(Resident)).one()


def test_the_worker_sends() -> None:
    assert send_messages in [job.run for job in periodic_jobs()]


def test_every_resident_gets_the_alert_once_and_alone(context: Context) -> None:
    with MailServer() as server:
        account = open_office(context, server.port)
        mailing = a_mailing(context, account, residents_of(context, 9))
        assert send_messages(context) == 9
        assert send_messages(context) == 0
    assert sorted(addresses(server)) == [f"resident{n}@example.org" for n in range(9)]
    assert states_of(context, mailing) == ["sent"] * 9
    assert len({mail["Message-ID"] for mail in server.taken}) == 9
    with context.database.read() as session:
        assert {resident.last_told_at for resident in session.exec(select(Resident))} == {context.clock.now()}


@alone
def test_what_is_urgent_goes_first(context: Context) -> None:
    with MailServer() as server:
        account = open_office(context, server.port, mail_connections=1)
        residents = residents_of(context, 3)
        a_mailing(context, account, residents)
        a_mailing(context, account, residents, key="urgent", subject="A child is missing", urgent=True)
        send_messages(context)
    assert [mail["Subject"] for mail in server.taken[:3]] == ["A child is missing"] * 3


@alone
def test_what_is_not_due_waits(context: Context, clock: SettableClock) -> None:
    with MailServer() as server:
        account = open_office(context, server.port)
        mailing = a_mailing(context, account, residents_of(context, 1))
        with context.database.write() as session:
            message = session.exec(select(Message)).one()
            message.due_at = clock.now() + timedelta(hours=9)
            session.add(message)
        assert send_messages(context) == 0
        clock.advance(timedelta(hours=9))
        assert send_messages(context) == 1
    assert states_of(context, mailing) == ["sent"]


def test_a_mailing_that_is_stopped_stops_what_has_not_left(context: Context) -> None:
    def stop() -> None:
        with context.database.write() as session:
            mailing = session.exec(select(Mailing)).one()
            mailing.stopped_at = context.clock.now()
            session.add(mailing)

    with MailServer() as server:
        account = open_office(context, server.port, mail_connections=1)
        mailing = a_mailing(context, account, residents_of(context, 4))
        server.before_answer = stop
        send_messages(context)
    assert states_of(context, mailing) == ["sent", "stopped", "stopped", "stopped"]
    assert len(server.taken) == 1


@alone
@pytest.mark.parametrize(
    "change", [{"state": "left"}, {"by_email": False}, {"state": "unconfirmed"}, {"state": "unreachable"}], ids=str
)
def test_a_resident_who_wants_no_more_meanwhile_gets_nothing(context: Context, change: dict[str, object]) -> None:
    with MailServer() as server:
        account = open_office(context, server.port)
        mailing = a_mailing(context, account, residents_of(context, 1))
        with context.database.write() as session:
            resident = session.exec(select(Resident)).one()
            for name, value in change.items():
                setattr(resident, name, value)
            session.add(resident)
        send_messages(context)
    assert states_of(context, mailing) == ["stopped"]
    assert not server.taken


@alone
def test_a_message_of_which_nobody_knows_is_not_sent_again_and_named_to_a_person(
    context: Context, clock: SettableClock
) -> None:
    with MailServer() as server:
        account = open_office(context, server.port)
        mailing = a_mailing(context, account, residents_of(context, 2))
        server.answer = None  # it takes the message and hangs up
        send_messages(context)
        assert states_of(context, mailing) == ["sending", "sending"]
        clock.advance(timedelta(seconds=46))
        send_messages(context)
        assert states_of(context, mailing) == ["unknown", "unknown"]
        server.answer = "250 taken"
        clock.advance(timedelta(days=1))
        assert send_messages(context) == 0
    assert len(server.taken) == 2
    (alarm,) = alarms(context)
    assert alarm.text.startswith(f"Of 2 messages of alert {mailing} nobody knows whether they arrived")
    with context.database.write() as session:
        person = find_or_add_person(session, "corporate@woldershire.example", Role.ADMINISTRATOR)
        mark_seen(session, clock.now(), alarm.id or 0, person)
    assert clear_what_was_seen(context) == 1
    assert not alarms(context)


@alone
def test_a_look_that_takes_long_stops_and_the_next_goes_on_behind_it(
    context: Context, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("social.alerts.sending.LONGEST_LOOK", 0.0)
    with MailServer() as server:
        mailing = a_mailing(context, open_office(context, server.port), residents_of(context, 3))
        server.answer = None
        send_messages(context)
        clock.advance(timedelta(seconds=46))
        for unknown in (1, 2, 3):
            send_messages(context)
            assert states_of(context, mailing).count("unknown") == unknown


@alone
def test_an_urgent_message_of_which_nobody_knows_goes_once_more_under_the_same_number(
    context: Context, clock: SettableClock
) -> None:
    with MailServer() as server:
        account = open_office(context, server.port)
        mailing = a_mailing(context, account, residents_of(context, 1), urgent=True)
        server.answer = None
        for _ in range(4):
            send_messages(context)
            clock.advance(timedelta(seconds=46))
    assert [mail["Message-ID"] for mail in server.taken] == [server.taken[0]["Message-ID"]] * 2
    assert states_of(context, mailing) == ["unknown"]


@alone
@pytest.mark.parametrize(
    ("says", "state", "stopped"),
    [
        ("550 5.1.1 nobody of that name", "bounced", True),
        ("550 no such user", "bounced", True),
        ("552 5.2.2 mailbox full", "waiting", False),
        ("450 4.2.0 greylisted", "waiting", False),
        ("550 5.7.1 relaying denied", "waiting", False),  # our own trouble: the address is as good as before
    ],
)
def test_a_refused_recipient(context: Context, says: str, state: str, stopped: bool) -> None:
    with MailServer() as server:
        account = open_office(context, server.port)
        mailing = a_mailing(context, account, residents_of(context, 1))
        server.refuses = says
        send_messages(context)
    (message,) = messages_of(context, mailing)
    assert message.state == state
    assert (the_resident(context).email_stopped_at is not None) is stopped
    assert "example" not in (message.detail or "")
    assert not set((message.detail or "").split()) & {"nobody", "greylisted", "relaying"}  # never the server's words


@alone
def test_a_server_that_passes_nothing_on_is_told_to_a_person_and_costs_nobody_their_place(context: Context) -> None:
    with MailServer() as server:
        account = open_office(context, server.port)
        mailing = a_mailing(context, account, residents_of(context, 6))
        server.refuses = "550 5.7.1 relaying denied"
        send_messages(context)
    (alarm,) = alarms(context)
    assert "passes mail of this account on to nobody" in alarm.text
    assert states_of(context, mailing) == ["waiting"] * 6
    with context.database.read() as session:
        assert {resident.email_stopped_at for resident in session.exec(select(Resident))} == {None}


def test_two_workers_share_an_alert_and_nobody_gets_it_twice(context: Context) -> None:
    with MailServer() as server:
        account = open_office(context, server.port)
        mailing = a_mailing(context, account, residents_of(context, 60))
        other = open_context(context.settings, context.make_channel, context.clock)
        with ThreadPoolExecutor(2) as workers:
            moved = sum(workers.map(send_messages, (context, other)))
        other.database.close()
    assert moved == 60
    assert len(addresses(server)) == len(set(addresses(server))) == 60
    assert states_of(context, mailing) == ["sent"] * 60


@alone
def test_a_text_is_nothing_for_a_mail_server(context: Context) -> None:
    with MailServer() as server:
        account = open_office(context, server.port)
        mailing = a_mailing(context, account, [a_resident(context, phone="07700 900123", by_text=True)])
        with context.database.write() as session:
            message = session.exec(select(Message)).one()
            message.way = "text"
            session.add(message)
        send_messages(context)
    assert states_of(context, mailing) == ["failed"]


@alone
def test_who_cannot_be_reached_is_tried_more_rarely_and_given_up(context: Context, clock: SettableClock) -> None:
    with MailServer() as server:
        account = open_office(context, server.port)
        mailing = a_mailing(context, account, residents_of(context, 1))
        server.refuses = "452 4.2.2 mailbox full"
        waits = []
        while (message := messages_of(context, mailing)[0]).state == "waiting":
            clock.set(max(message.due_at, clock.now()))
            send_messages(context)
            waits.append(messages_of(context, mailing)[0].due_at - clock.now())
    assert message.state == "failed"
    assert timedelta(minutes=4) <= waits[0] <= timedelta(minutes=6)
    assert max(waits) <= timedelta(hours=4.8)
    assert timedelta(days=2) <= clock.now() - message.made_at <= timedelta(days=2, hours=5)
    assert the_resident(context).soft_bounces == 1


@alone
def test_a_mail_server_that_is_away_delays_all_and_loses_none(context: Context, clock: SettableClock) -> None:
    with MailServer() as server:
        port = server.port
    account = open_office(context, port)
    mailing = a_mailing(context, account, residents_of(context, 3))
    for _ in range(12):  # a quarter of an hour
        send_messages(context)
        clock.advance(timedelta(minutes=2))
    (alarm,) = alarms(context)
    assert "cannot be used" in alarm.text
    assert states_of(context, mailing) == ["waiting"] * 3
    assert {message.deferred for message in messages_of(context, mailing)} == {0}
    with MailServer() as server:
        context.settings = replace(context.settings, smtp_port=server.port)
        clock.advance(timedelta(minutes=20))
        assert send_messages(context) == 3
    assert not alarms(context)
    with context.database.read() as session:
        assert session.exec(select(CarrierTrouble)).all() == []


@alone
def test_a_connection_that_ends_before_the_message_left_costs_nothing(context: Context) -> None:
    """The server says good-bye after each message, as some do after a number of them."""
    with MailServer() as server:
        account = open_office(context, server.port, mail_connections=1)
        mailing = a_mailing(context, account, residents_of(context, 5))
        server.most_of_a_connection = 2
        send_messages(context)
    assert states_of(context, mailing) == ["sent"] * 5
    assert len(server.taken) == 5


@alone
def test_nothing_is_sent_that_nobody_could_leave(context: Context) -> None:
    with MailServer() as server:
        account = open_office(context, server.port)
        mailing = a_mailing(context, account, residents_of(context, 1))
        context.settings = replace(context.settings, public_address="")
        send_messages(context)
    assert not server.taken
    assert states_of(context, mailing) == ["waiting"]
    assert "public_address" in alarms(context)[0].text


@alone
def test_a_confirmation_goes_to_whom_nobody_has_confirmed(context: Context, clock: SettableClock) -> None:
    with MailServer() as server:
        account = open_office(context, server.port)
        assert account.id is not None
        resident = a_resident(context, confirmed=False)
        with context.database.write() as session:
            session.add(Message(account_id=account.id, resident_id=resident.id, kind="confirm", way="email", token="t" * 24,
                                made_at=clock.now(), due_at=clock.now()))  # fmt: skip
        send_messages(context)
    assert len(server.taken) == 1
    assert "/alerts/leave/" in str(server.taken[0]["List-Unsubscribe"])

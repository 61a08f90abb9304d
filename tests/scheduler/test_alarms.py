"""What needs a person reaches that person by mail, once and with reminders, and says nothing that mail should not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from scheduler.alarming import look_after_alarms
from scheduler.entries import Entry
from scheduler.explain import explain
from scheduler.planning import discard_post
from scheduler.worker import publish_due
from social.account_care import see_alarm, set_owner
from social.alarm_mail import GAP, LEASE, MOST_LINES, REPEAT_AFTER, mail_alarms
from social.alarms import REMINDERS, Alarm, AlarmMail, clear_alarm, open_alarms, raise_alarm
from social.collecting import collect
from social.context import Context
from social.errors import InputError, NeedsPerson, NotAllowed, Refused
from social.mail_password import keep_password
from social.smtp import deliver
from social.staff import Person, Role, find_or_add_person
from tests.scheduler.helpers import Force
from tests.social.mail_server import PASSWORD, USER, MailServer, self_signed

SECRET_WORDS = "Secret words of a post about Mill Road."


def refusal(detail: str = "No: a resident called Ann said so.") -> Refused:
    return Refused("memory", "publish", "400", detail)


@pytest.fixture
def keeper(context: Context) -> Person:
    with context.database.write() as session:
        return find_or_add_person(session, "keeper@woldershire.example", Role.ADMINISTRATOR)


@pytest.fixture
def owner(force: Force, keeper: Person) -> Person:
    with force.context.database.write() as session:
        person = find_or_add_person(session, "sam.reed@woldershire.example", Role.SUPERVISOR, "Sam Reed")
    set_owner(force.context, "hexley", person, keeper)
    return person


def fail_post(force: Force, text: str = SECRET_WORDS) -> int:
    force.network().fail_next("publish", refusal())
    post_id = force.queued(text)
    publish_due(force.context)
    return post_id


def alarms(force: Force) -> list[Alarm]:
    with force.context.database.read() as session:
        return open_alarms(session)


def raise_some(force: Force, person: Person | None, *keys: str) -> None:
    with force.context.database.write() as session:
        for key in keys:
            person_id = person.id if person is not None else None
            raise_alarm(session, force.clock.now(), key, "test:1", person_id, f"Matter {key} needs you.")


def mails(force: Force) -> list[AlarmMail]:
    with force.context.database.read() as session:
        return list(session.exec(select(AlarmMail).order_by(AlarmMail.id)))  # type: ignore[arg-type]  # a column here


def send(force: Force, worker: str = "w1") -> int:
    return mail_alarms(force.context, worker)


def test_a_post_that_was_refused_reaches_the_accounts_person_without_anybodys_words(
    force: Force, server: MailServer, owner: Person
) -> None:
    post_id = fail_post(force)
    look_after_alarms(force.context)
    (message,) = server.taken
    text = message.get_content()
    assert message["To"] == "sam.reed@woldershire.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert f"page of post {post_id}" in text
    assert "hexley" in text
    for word in ("Secret", "Mill", "Ann", "resident called"):
        assert word not in text
        assert word not in str(message["Subject"])
    assert mails(force)[0].outcome == "sent"
    with force.context.database.read() as session:
        story = "\n".join(explain(session, force.entry().id, force.clock.now()))
    assert "The mail to Sam Reed of 1 Jun 2026, 10:00 was taken by the mail server." in story


def test_an_account_that_stops_is_told_and_the_alarm_ends_when_it_works_again(
    force: Force, server: MailServer, owner: Person
) -> None:
    force.network().fail_next("publish", NeedsPerson("memory", "publish", "401", "Ended.", action="Connect it."))
    post_id = force.queued()
    publish_due(force.context)
    look_after_alarms(force.context)
    (message,) = server.taken
    assert "hexley is paused and nothing goes out there" in message.get_content()
    assert len(alarms(force)) == 2, "the account and the post that is held"
    from social.accounts_admin import verify_account

    verify_account(force.context, "hexley")
    discard_post(force.context, post_id, force.author)
    look_after_alarms(force.context)
    assert alarms(force) == []
    force.clock.advance(timedelta(days=2))
    look_after_alarms(force.context)
    assert len(server.taken) == 1, "what is over is not told again"


@pytest.mark.sqlite_only
def test_an_account_that_could_not_be_read_for_an_hour_is_told_until_it_is_read_again(
    force: Force, server: MailServer, owner: Person
) -> None:
    """R19: replies may lie there unread, and nobody stopped the reading on purpose."""
    force.queued()
    publish_due(force.context)
    force.network().reachable = False
    for _ in range(5):
        look_after_alarms(force.context)
        assert alarms(force) == []
        force.clock.advance(timedelta(minutes=12))
        collect(force.context)
    look_after_alarms(force.context)
    assert [alarm.key for alarm in alarms(force)] == ["account:1:silent"]
    assert "Nothing was read from hexley since 10:00 on 1 June." in server.taken[-1].get_content()
    force.network().reachable = True
    force.clock.advance(timedelta(hours=1))
    collect(force.context)
    look_after_alarms(force.context)
    assert alarms(force) == []


def test_nobody_knowing_for_long_is_a_matter_and_a_moment_of_it_is_none(force: Force, owner: Person) -> None:
    force.queued()
    with force.context.database.write() as session:
        entry = session.exec(select(Entry)).one()
        entry.state, entry.updated_at = "unconfirmed", force.clock.now()
        session.add(entry)
    look_after_alarms(force.context)
    assert alarms(force) == []
    force.clock.advance(timedelta(minutes=16))
    look_after_alarms(force.context)
    assert [alarm.key for alarm in alarms(force)] == ["entry:1:unconfirmed"]


def test_a_storm_is_one_mail_and_what_comes_after_waits_for_the_next(
    force: Force, server: MailServer, owner: Person
) -> None:
    raise_some(force, owner, *(f"a{n}" for n in range(300)))
    send(force)
    (message,) = server.taken
    assert message["Subject"] == "Beatline: 300 matters need you"
    assert message.get_content().count("- Matter") == MOST_LINES
    assert f"and {300 - MOST_LINES} more" in message.get_content()
    for step in range(5):
        raise_some(force, owner, f"b{step}")
        force.clock.advance(timedelta(minutes=1))
        send(force)
    assert len(server.taken) == 1
    force.clock.advance(GAP)
    send(force)
    assert server.taken[1]["Subject"] == "Beatline: 5 matters need you"
    assert len(server.taken) == 2


def test_reminders_grow_rarer_until_somebody_has_seen_it(force: Force, server: MailServer, owner: Person) -> None:
    raise_some(force, owner, "a")
    told: list[timedelta] = []
    begin = force.clock.now()
    for _ in range(72 * 2):
        if send(force):
            told.append(force.clock.now() - begin)
        force.clock.advance(timedelta(minutes=30))
    hours = [0, 1, 5, 17, 41, 65]
    assert told == [timedelta(hours=hour) for hour in hours]
    assert sum(REMINDERS[:4], timedelta()) == timedelta(hours=41)
    (alarm,) = alarms(force)
    see_alarm(force.context, alarm.id or 0, owner)
    force.clock.advance(timedelta(days=10))
    assert send(force) == 0
    assert len(alarms(force)) == 1, "seen is not over"


def test_only_who_is_told_or_looks_after_accounts_says_that_it_was_seen(
    force: Force, owner: Person, keeper: Person
) -> None:
    raise_some(force, owner, "a", "b")
    one, two = alarms(force)
    with pytest.raises(NotAllowed):
        see_alarm(force.context, one.id or 0, force.author)
    see_alarm(force.context, one.id or 0, owner)
    see_alarm(force.context, two.id or 0, keeper)
    assert [alarm.seen_by_id for alarm in alarms(force)] == [owner.id, keeper.id]


def test_without_an_owner_everybody_who_looks_after_accounts_is_told(
    force: Force, server: MailServer, keeper: Person
) -> None:
    raise_some(force, None, "a")
    send(force)
    assert [message["To"] for message in server.taken] == ["keeper@woldershire.example"]


def test_the_same_matter_is_one_alarm_and_a_new_owner_is_told_of_it(
    force: Force, server: MailServer, owner: Person
) -> None:
    raise_some(force, force.author, "a")
    raise_some(force, force.author, "a")
    send(force)
    raise_some(force, owner, "a")
    send(force)
    assert [message["To"] for message in server.taken] == [force.author.email, owner.email]
    with force.context.database.write() as session:
        assert clear_alarm(session, force.clock.now(), "a")
        assert not clear_alarm(session, force.clock.now(), "a")
    raise_some(force, owner, "a")
    assert len(alarms(force)) == 1


def test_an_answer_that_was_lost_is_followed_by_one_repeat_under_the_same_number(
    force: Force, server: MailServer, owner: Person
) -> None:
    raise_some(force, owner, "a")
    server.answer = None
    for _ in range(6):
        send(force)
        force.clock.advance(REPEAT_AFTER)
    assert len(server.taken) == 2
    assert len({message["Message-ID"] for message in server.taken}) == 1
    assert mails(force)[0].outcome == "unknown"


@pytest.mark.parametrize(("answer", "outcome"), [("451 try later", None), ("554 no", "refused")])
def test_a_message_that_was_not_taken_is_sent_later_or_given_up_by_the_servers_word(
    force: Force, server: MailServer, owner: Person, answer: str, outcome: str | None
) -> None:
    raise_some(force, owner, "a")
    server.answer = answer
    for _ in range(4):
        send(force)
        force.clock.advance(timedelta(minutes=5))
    (mail,) = mails(force)
    assert mail.outcome == outcome
    assert len(server.taken) == (3 if outcome is None else 1), "the waits grow"
    if outcome is None:
        server.answer = "250 taken"
        force.clock.advance(timedelta(minutes=30))
        assert send(force) == 1


def test_a_server_that_is_away_loses_nothing(force: Force, server: MailServer, owner: Person) -> None:
    raise_some(force, owner, "a")
    port = force.context.settings.smtp_port
    force.context.settings = replace(force.context.settings, smtp_port=1)
    assert send(force) == 0
    force.context.settings = replace(force.context.settings, smtp_port=port)
    force.clock.advance(timedelta(minutes=2))
    assert send(force) == 1


class Death(BaseException):
    pass


def die() -> Any:
    raise Death


@pytest.mark.parametrize(
    ("where", "arrived"), [("social.alarm_mail.write_message", 1), ("social.alarm_mail._finish", 2)]
)
def test_a_worker_that_dies_neither_loses_a_message_nor_sends_it_more_than_once_again(
    force: Force, server: MailServer, owner: Person, monkeypatch: pytest.MonkeyPatch, where: str, arrived: int
) -> None:
    raise_some(force, owner, "a")
    with monkeypatch.context() as patch:
        patch.setattr(where, lambda *_: die())
        with pytest.raises(Death):
            send(force)
    assert send(force, "w2") == 0, "the dead worker's lease still runs"
    force.clock.advance(LEASE + timedelta(seconds=1))
    assert send(force, "w2") == 1
    assert len(server.taken) == arrived


def test_a_worker_that_slept_past_its_lease_sends_nothing(force: Force, server: MailServer, owner: Person) -> None:
    raise_some(force, owner, "a")
    real: Callable[..., Any] = deliver

    def slow(*given: Any) -> Any:
        force.clock.advance(LEASE + timedelta(seconds=1))
        assert send(force, "w2") == 1
        return real(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("social.alarm_mail.deliver", lambda *given: (patch.undo(), slow(*given))[1])
        assert send(force, "w1") == 0
    assert len(server.taken) == 1
    assert mails(force)[0].outcome == "sent"


def test_mail_leaves_encrypted_and_signed_in_with_the_sealed_password(
    force: Force, owner: Person, tmp_path: Path
) -> None:
    tls, certificate = self_signed(tmp_path)
    with force.context.database.write() as session:
        keep_password(session, force.context.vault, PASSWORD)
    with MailServer(tls=tls) as server:
        there = replace(
            force.context.settings, smtp_host="localhost", smtp_port=server.port, smtp_security="starttls", smtp_user=USER,
            smtp_from="beatline@woldershire.example", smtp_ca_file=str(certificate),
        )  # fmt: skip
        force.context.settings = replace(there, smtp_ca_file="")
        raise_some(force, owner, "a")
        assert send(force) == 0
        assert server.taken == [], "a certificate that nobody vouches for was believed"
        force.context.settings = there
        force.clock.advance(timedelta(minutes=2))
        assert send(force) == 1
    assert PASSWORD not in repr(mails(force))


def test_mail_to_another_machine_never_leaves_unencrypted(force: Force, server: MailServer, owner: Person) -> None:
    raise_some(force, owner, "a")
    force.context.settings = replace(force.context.settings, smtp_host="mail.woldershire.example")
    send(force)
    (mail,) = mails(force)
    assert mail.outcome is None
    assert "has to be encrypted" in (mail.detail or "")


def test_dots_and_long_texts_arrive_as_they_were(force: Force, server: MailServer, owner: Person) -> None:
    with force.context.database.write() as session:
        text = ".leading dot\n..two\n" + "é" * 3000
        raise_alarm(session, force.clock.now(), "a", "test:1", owner.id, text)
    send(force)
    assert text in server.taken[0].get_content()


def test_without_a_mail_server_alarms_are_kept_and_nobody_is_mailed(force: Force, owner: Person) -> None:
    fail_post(force)
    look_after_alarms(force.context)
    assert len(alarms(force)) == 1
    assert mails(force) == []


def test_an_owner_is_somebody_who_is_there_and_is_named_by_who_looks_after_accounts(
    force: Force, keeper: Person, owner: Person
) -> None:
    with pytest.raises(NotAllowed):
        set_owner(force.context, "hexley", force.author, force.supervisor)
    with force.context.database.write() as session:
        session.get_one(Person, owner.id).active = False
    with force.context.database.read() as session:
        gone = session.get_one(Person, owner.id)
    with pytest.raises(InputError, match="shut out"):
        set_owner(force.context, "hexley", gone, keeper)
    fail_post(force)
    look_after_alarms(force.context)
    assert alarms(force)[0].person_id == force.author.id, "whoever left is not asked; the post's author is"

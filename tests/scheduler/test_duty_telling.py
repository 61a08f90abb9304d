"""An emergency in a reply reaches the duty contact by mail at any hour, and goes on until a person says 'seen' (R16, R19)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, delete, select

from app import periodic_jobs
from insights.reading import Flag, Kind, Probabilities, ReadingResult, Stance
from insights.reading.stored import read_new
from scheduler.worker import publish_due, run_job
from social.account_care import see_alarm
from social.alarms import AlarmMail
from social.audit import AuditRecord
from social.collecting import collect, import_history
from social.duty import set_contacts, set_hours
from social.duty_findings import findings
from social.duty_hours import parse_spans
from social.duty_seen import open_emergencies, require_seen, say_not_emergency, say_passed
from social.duty_tables import DutyCall
from social.duty_telling import look_after_duty
from social.duty_test import send_test
from social.errors import InputError, NotAllowed
from social.interactions import Interaction, Reading
from social.labels import correct_reading
from social.places import PlaceKind, find_or_add_place
from social.staff import Membership, Person, Role, find_or_add_person
from tests.scheduler.helpers import Force
from tests.social.mail_server import MailServer

HELP = "Please help, someone has been stabbed on Mill Road and he is bleeding, tell Ann Sharp"
NIGHT = datetime(2026, 6, 4, 2, 0, tzinfo=UTC)
"""A Thursday, 3am in London."""
FIRST, SECOND, DESK = "sam.reed@woldershire.example", "kay.lunt@woldershire.example", "control@woldershire.example"


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
    for said in ("post 1 on hexley", "4 June 2026 at 03:00", "call the control room", "/replies?reply=1"):
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


@dataclass
class Says:
    """An analyser that says of every reply what it was told to say."""

    kind: Kind = Kind.EMERGENCY
    flags: tuple[Flag, ...] = ()
    p: float = 0.4
    version: str = "test-1"

    def read(self, texts: Sequence[str], posts: Sequence[str | None] | None = None) -> list[ReadingResult]:
        flags = dict.fromkeys(self.flags, self.p)
        one = ReadingResult(Stance.NEUTRAL, Probabilities(0.1, 0.8, 0.1), self.kind, self.p, "en", 0.9, flags=flags,
                            raised=frozenset(flags))  # fmt: skip
        return [one] * len(texts)


def read_as(force: Force, says: Says | None = None, text: str = HELP) -> str:
    """A resident writes, it is collected, and read so.  Returns the reply's id on the network."""
    reply = hear(force, text)
    collect(force.context, everything=True)
    read_new(force.context, says or Says())
    return reply


def tell(force: Force, minutes: float = 0) -> None:
    force.clock.advance(timedelta(minutes=minutes))
    look_after_duty(force.context)


def rows(force: Force, table: type[Any]) -> list[Any]:
    with force.context.database.read() as session:
        return list(session.exec(select(table).order_by(*table.__table__.primary_key)))


class Death(BaseException):
    pass


def die(*_: object) -> Any:
    raise Death


def test_a_worker_that_is_killed_on_the_way_loses_no_emergency(
    force: Force, server: MailServer, contacts: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    published(force)
    for night, where in enumerate(
        ("social.duty_telling.tell_due", "social.alarm_mail.write_letter", "social.alarm_mail._finish")
    ):
        force.clock.set(NIGHT + timedelta(days=night))
        server.taken.clear()
        read_as(force, text=f"{HELP} {night}")
        with monkeypatch.context() as patch:
            patch.setattr(where, die)
            with pytest.raises(Death):
                tell(force)
        arrived = len(server.taken)
        for _ in range(9):
            tell(force, 0.5)
        told = [message["Message-ID"] for message in server.taken]
        assert to_whom(server)[0] == FIRST, "within five minutes, by the worker that took over"
        assert len(set(told)) == 1, "the same message, which mail programs show once"
        assert len(told) == arrived + 1
        tell(force, 0.5)
        assert len({message["Message-ID"] for message in server.taken}) == 2, "and it goes on"
        say_passed(force.context, calls(force)[-1].id or 0, contacts[0])


@pytest.mark.sqlite_only
def test_with_nobody_set_corporate_communications_are_told_and_doctor_says_so(force: Force, server: MailServer) -> None:
    published(force)
    read_as(force)
    tell(force)
    assert to_whom(server) == [force.corporate.email]
    said = [finding.what + finding.advice for finding in findings(force.context)]
    assert any("Nobody is set as duty contact" in what and "direct messages" in what for what in said)
    assert any("'hexley' is watched" in what for what in said)
    assert any("1 emergency that nobody has seen" in what for what in said)


@pytest.mark.sqlite_only
def test_an_areas_own_contacts_come_before_those_of_the_wider_ones(
    force: Force, server: MailServer, contacts: tuple[Person, Person]
) -> None:
    with force.context.database.write() as session:
        team = find_or_add_place(session, "Hexley team", PlaceKind.TEAM)
        place = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD, team)
        find_or_add_person(session, "local@woldershire.example", Role.AUTHOR, "Lo Cal")
    set_contacts(force.context, team.id, ["local@woldershire.example"], force.corporate)
    force.queued(place="Hexley Moor")
    publish_due(force.context)
    read_as(force)
    tell(force)
    tell(force, 10)
    assert to_whom(server) == ["local@woldershire.example", "local@woldershire.example", FIRST]
    assert "(Hexley Moor)" in server.taken[0].get_content()
    assert calls(force)[0].place_id == place.id


@pytest.mark.sqlite_only
def test_a_lead_is_told_once_and_only_while_nobody_watches(
    force: Force, server: MailServer, contacts: tuple[Person, Person]
) -> None:
    set_hours(force.context, "hexley", parse_spans(["mon-fri 08:00-17:00"]), force.corporate)
    published(force)
    read_as(force, Says(Kind.LEAD), "I saw a blue van there at ten")
    tell(force)
    assert calls(force) == []
    assert server.taken == [], "Monday, 10am: somebody watches"
    force.clock.set(NIGHT)
    read_as(force, Says(Kind.LEAD), "I saw a blue van there at ten, too")
    read_as(force, Says(Kind.LEAD), "And I a green one")
    tell(force)
    assert to_whom(server) == [FIRST]
    assert server.taken[0]["Subject"] == "Beatline: 2 replies may help an enquiry"
    assert "van" not in server.taken[0].as_string()
    read_as(force, Says(Kind.LEAD), "Mine was red")
    tell(force, 1)
    assert len(server.taken) == 1
    tell(force, 3.5)
    assert len(server.taken) == 2, "the next one waits for its message, and less than five minutes"
    for _ in range(4):
        tell(force, 15)
    assert len(server.taken) == 2
    read_as(force)
    tell(force)
    read_as(force, Says(Kind.LEAD), "A silver one")
    tell(force, 2)
    tell(force, 3)
    assert "may help an enquiry" in server.taken[3].get_content(), "it goes with the emergency's next message"
    assert len(server.taken) == 4
    say_not_emergency(force.context, calls(force)[-2].id or 0, contacts[0], "a song")
    with force.context.database.read() as session:
        assert open_emergencies(session) == []


@pytest.mark.sqlite_only
def test_a_storm_is_one_message_and_a_lead_that_becomes_an_emergency_is_told_as_one(
    force: Force, server: MailServer, contacts: tuple[Person, Person]
) -> None:
    published(force)
    for number in range(30):
        hear(force, f"{HELP} {number}")
    lead = read_as(force, Says(Kind.LEAD))
    read_new(force.context, Says(version="test-2"))
    tell(force)
    assert to_whom(server) == [FIRST]
    assert server.taken[0]["Subject"] == "EMERGENCY? 31 replies need you now"
    assert server.taken[0].get_content().count("reads like an emergency") == 20
    assert "And 11 more" in server.taken[0].get_content()
    assert {call.kind for call in calls(force)} == {"emergency"}
    assert len(calls(force)) == 31, f"one call a reply, {lead} too"
    read_as(force, text="One more")
    tell(force, 0.5)
    assert len(server.taken) == 1
    tell(force, 0.6)
    assert server.taken[1]["Subject"] == "EMERGENCY? 1 reply needs you now"


@pytest.mark.sqlite_only
def test_what_a_full_message_cannot_hold_goes_with_the_next_and_counts_as_told_only_then(
    force: Force, server: MailServer, contacts: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("social.duty_telling.MOST_ITEMS", 2)
    published(force)
    for number in range(5):
        hear(force, f"{HELP} {number}")
    read_as(force)
    for told in ([1, 1, 0, 0, 0, 0], [1, 1, 1, 1, 0, 0], [1] * 6):
        tell(force, 1.1)
        assert [call.tellings for call in calls(force)] == told
    assert to_whom(server) == [FIRST] * 3


@pytest.mark.sqlite_only
def test_neither_history_nor_what_a_new_version_of_the_analyser_reads_again_wakes_anybody(
    force: Force, server: MailServer, contacts: tuple[Person, Person]
) -> None:
    published(force)
    read_as(force, Says(Kind.BANTER), "Ducks!")
    force.clock.advance(timedelta(hours=25))
    account, network = force.add_account("stonemere"), force.network("stonemere")
    written = force.clock.now() - timedelta(days=20)
    post = network.add_past_post("An old post.", written)
    network.add_reply(post, HELP, created_at=written + timedelta(hours=1))
    import_history(force.context, account, since=written - timedelta(days=1))
    collect(force.context, everything=True)
    assert read_new(force.context, Says(version="test-2")) == 2
    tell(force)
    assert calls(force) == []
    assert server.taken == []


@pytest.mark.sqlite_only
def test_what_was_written_while_beatline_stood_still_for_days_is_told(
    force: Force, server: MailServer, contacts: tuple[Person, Person]
) -> None:
    published(force)
    hear(force)
    force.clock.advance(timedelta(days=3))
    tick(force)
    assert to_whom(server) == [FIRST]
    assert "1 June 2026 at 10:00" in server.taken[0].get_content()


@pytest.mark.sqlite_only
def test_somebody_at_risk_is_told_of_whatever_kind_the_reply_is(force: Force) -> None:
    published(force)
    for flag, p in ((Flag.WELFARE, 0.35), (Flag.THREAT, 0.2), (Flag.THREAT, 0.31), (Flag.POLITICAL, 0.9)):
        read_as(force, Says(Kind.OTHER, (flag,), p))
    assert [(call.why, call.p) for call in calls(force)] == [("welfare", 0.35), ("threat", 0.31)]
    assert [reply.urgency for reply in rows(force, Interaction)] == [0, 3, 0, 3], "they come first in every list"


@pytest.mark.sqlite_only
def test_a_colleague_who_marks_an_emergency_has_it_told(
    force: Force, server: MailServer, contacts: tuple[Person, Person]
) -> None:
    published(force)
    read_as(force, Says(Kind.BANTER))
    reply = rows(force, Interaction)[0].id
    correct_reading(force.context, contacts[0], reply, kind="emergency")
    tell(force)
    assert "was marked as an emergency by a colleague" in server.taken[0].get_content()
    say_not_emergency(force.context, calls(force)[0].id or 0, contacts[0], "a quotation")
    correct_reading(force.context, contacts[0], reply, kind="emergency")
    assert calls(force)[0].seen_at is not None, "saying the same again is no news"


def test_an_edit_after_somebody_has_seen_it_begins_anew_and_a_purge_ends_nothing(
    force: Force, server: MailServer, contacts: tuple[Person, Person]
) -> None:
    published(force)
    reply = read_as(force, text="Help me choose a duck")
    tell(force)
    say_not_emergency(force.context, calls(force)[0].id or 0, contacts[0], "a joke")
    force.network().edit_reply(reply, HELP)
    force.clock.advance(timedelta(hours=1))
    collect(force.context, everything=True)
    read_new(force.context, Says())
    tell(force)
    assert len(server.taken) == 2
    (call,) = calls(force)
    assert (call.seen_at, call.outcome, call.level) == (None, None, 1)
    with force.context.database.write() as session:
        session.exec(delete(Reading))
        session.exec(delete(Interaction).where(col(Interaction.id) == call.interaction_id))
    tell(force, 5)
    assert len(server.taken) == 3
    assert "The reply is kept no longer" in server.taken[2].get_content()


@pytest.mark.sqlite_only
def test_nothing_but_a_persons_word_ends_it_and_that_is_recorded_without_words(
    force: Force, server: MailServer, contacts: tuple[Person, Person]
) -> None:
    published(force)
    reply = read_as(force)
    force.network().add_reply(force.publications()[0].platform_id, "Call 999 now.", ours=True, parent=reply,
                              created_at=force.clock.now())  # fmt: skip
    collect(force.context, everything=True)
    (call,) = calls(force)
    number = call.id or 0
    assert rows(force, Interaction)[0].answered_at is not None
    with force.context.database.read() as session, pytest.raises(InputError, match="First say what came of this"):
        require_seen(session, call.interaction_id or 0)
    with pytest.raises(InputError, match="says what they did"):
        see_alarm(force.context, call.alarm_id, add_keeper(force))
    for wrong in (
        lambda: say_not_emergency(force.context, number, contacts[0], "  "),
        lambda: say_passed(force.context, number, contacts[0], at=force.clock.now() + timedelta(hours=1)),
        lambda: say_passed(force.context, number, contacts[0], at=call.written_at - timedelta(hours=1)),
        lambda: say_passed(force.context, number, contacts[0], reference="Ann Sharp rang"),
        lambda: say_passed(force.context, 99, contacts[0]),
    ):
        with pytest.raises(InputError):
            wrong()
    tell(force)
    assert len(server.taken) == 1, "none of that was a person's word"
    say_passed(force.context, number, contacts[0], reference="WP-0604/117")
    say_not_emergency(force.context, number, contacts[1], "It was Ann Sharp's joke")
    (seen,) = calls(force)
    assert (seen.seen_by_id, seen.outcome, seen.next_at) == (contacts[0].id, "not_emergency", None)
    said = [row for row in rows(force, AuditRecord) if row.action == "say emergency seen"]
    assert [row.actor for row in said] == [FIRST, SECOND]
    assert not any(word in f"{row.before}{row.after}" for row in said for word in ("Ann", "joke", "stabbed"))
    with force.context.database.read() as session:
        require_seen(session, call.interaction_id or 0)


def add_keeper(force: Force) -> Person:
    with force.context.database.write() as session:
        return find_or_add_person(session, "keeper2@woldershire.example", Role.ADMINISTRATOR)


@pytest.mark.sqlite_only
def test_only_who_may_answer_there_says_seen_and_only_who_may_sets_contacts_that_can_act(
    force: Force, server: MailServer, contacts: tuple[Person, Person]
) -> None:
    published(force)
    read_as(force)
    with force.context.database.write() as session:
        place = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD)
        session.add(Membership(person_id=force.author.id or 0, place_id=place.id or 0))
    with pytest.raises(NotAllowed):
        say_passed(force.context, calls(force)[0].id or 0, force.author)
    with pytest.raises(NotAllowed):
        set_contacts(force.context, None, [FIRST], force.supervisor)
    for wrong in (
        ["nobody@woldershire.example"],
        [add_keeper(force).email],
        [FIRST, FIRST],
        ["no address"],
        [FIRST] * 11,
    ):
        with pytest.raises(InputError):
            set_contacts(force.context, None, wrong, force.corporate)
    with force.context.database.write() as session:
        session.get_one(Person, contacts[0].id).active = False
    tell(force)
    assert to_whom(server) == [SECOND], "whoever has left is passed over"


@pytest.mark.sqlite_only
def test_a_mail_server_that_is_away_is_given_one_message_when_it_comes_back(
    force: Force, server: MailServer, contacts: tuple[Person, Person]
) -> None:
    published(force)
    read_as(force)
    there = force.context.settings
    force.context.settings = replace(there, smtp_port=1)
    for _ in range(9):
        tell(force, 1)
    read_as(force, text="Another")
    tell(force, 1)
    force.context.settings = there
    tell(force, 1)
    assert to_whom(server) == [FIRST, SECOND], "10 minutes on the second contact is due as well"
    assert server.taken[0]["Subject"] == "EMERGENCY? 2 replies need you now"
    assert all(mail.outcome == "sent" for mail in rows(force, AlarmMail))


@pytest.mark.sqlite_only
def test_without_a_mail_server_calls_stay_open_and_are_told_once_there_is_one(
    force: Force, server: MailServer, contacts: tuple[Person, Person]
) -> None:
    published(force)
    there = force.context.settings
    force.context.settings = replace(there, smtp_host="")
    read_as(force)
    tell(force, 60)
    assert any("No mail server is set" in finding.what for finding in findings(force.context))
    force.context.settings = there
    tell(force)
    assert sorted(to_whom(server)) == sorted([FIRST, SECOND, DESK, force.corporate.email])


@pytest.mark.sqlite_only
def test_a_test_message_goes_the_same_way_and_says_that_it_is_one(
    force: Force, server: MailServer, contacts: tuple[Person, Person]
) -> None:
    assert send_test(force.context, None, force.corporate) == [(one, "sent") for one in (FIRST, SECOND, DESK)]
    assert {message["Subject"] for message in server.taken} == {"Beatline: a test of the duty contact"}
    assert calls(force) == []
    force.clock.advance(timedelta(minutes=2))
    server.answer = "554 no"
    assert {result for _, result in send_test(force.context, None, force.corporate)} == {"554, message not taken"}
    with pytest.raises(NotAllowed):
        send_test(force.context, None, contacts[1])

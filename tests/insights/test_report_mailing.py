"""Reports that come again: each period to each person once, and whoever asked is told what could not be sent."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from insights.reports.jobs import JOBS
from insights.reports.mailing import MOST_TRIES, mail_reports
from insights.reports.request import Format, Kind
from insights.reports.rhythm import Rhythm, period_after, period_of
from insights.reports.schedules import ScheduleInput, end_schedule, schedule_report
from insights.reports.tables import ReportMail
from social.alarms import Alarm
from social.audit import AuditRecord
from social.clock import SettableClock, as_local
from social.context import Context
from social.errors import InputError, NotAllowed
from social.mail_password import keep_password
from social.places import PlaceKind, find_or_add_place
from social.staff import Membership, Person, Role, find_or_add_person
from tests.mail_servers import MailServers
from tests.social.mail_server import MailServer

pytestmark = pytest.mark.sqlite_only


def a_person(context: Context, email: str, role: Role, place: str | None = None) -> Person:
    with context.database.write() as session:
        person = find_or_add_person(session, email, role)
        if place:
            found = find_or_add_place(session, place, PlaceKind.NEIGHBOURHOOD)
            session.add(Membership(person_id=person.id or 0, place_id=found.id or 0))
    return person


def scheduled(context: Context, author: Person, *people: Person, wanted: Format = Format.HTML) -> int:
    given = ScheduleInput(Kind.BRIEFING, wanted, Rhythm.WEEKLY, tuple(one.id or 0 for one in people))
    return schedule_report(context, author, given)


def outcomes(context: Context) -> list[str | None]:
    with context.database.read() as session:
        return list(session.exec(select(ReportMail.outcome).order_by(col(ReportMail.id))))


def alarms(context: Context) -> list[tuple[int | None, str]]:
    with context.database.read() as session:
        return [(one.person_id, one.text) for one in session.exec(select(Alarm).order_by(col(Alarm.id)))]


@pytest.fixture
def author(context: Context) -> Person:
    context.settings = replace(context.settings, smtp_host="localhost", smtp_from="beatline@example.test")
    return a_person(context, "nia.abbot@woldershire.example", Role.AUTHOR)


def test_each_week_everybody_gets_the_report_once_through_a_real_mail_server(
    context: Context, clock: SettableClock, author: Person, mail: MailServers
) -> None:
    sender, boxes = mail.new_mailbox("beatline"), [mail.new_mailbox("reader"), mail.new_mailbox("reader")]
    context.settings = replace(
        context.settings, smtp_port=mail.submission_port, smtp_security="starttls", smtp_ca_file=str(mail.ca_file),
        smtp_user=sender, smtp_from=sender,
    )  # fmt: skip
    with context.database.write() as session:
        keep_password(session, context.vault, mail.passwords[sender])
    people = [a_person(context, box, Role.READER) for box in boxes]
    number = scheduled(context, author, *people, wanted=Format.PDF)
    clock.set(datetime(2026, 6, 8, 5, 59, tzinfo=UTC))
    assert mail_reports(context) == 0, "7am in London has not come"
    clock.set(datetime(2026, 6, 8, 6, 0, tzinfo=UTC))
    assert mail_reports(context) == 2
    assert mail_reports(context) == 0, "once"
    clock.set(datetime(2026, 6, 22, 9, 0, tzinfo=UTC))
    assert [mail_reports(context) for _ in range(3)] == [2, 2, 0], "a worker that was away for a week catches up"
    for box in boxes:
        letters = mail.letters(box, at_least=3)
        assert len(letters) == 3
        assert letters[0]["Subject"].endswith("1 June to 7 June 2026")
        [report] = letters[0].iter_attachments()
        assert report.get_content_type() == "application/pdf"
        assert (report.get_filename() or "").endswith("2026-06-01-to-2026-06-07.pdf")
        assert report.get_content().startswith(b"%PDF-")
        assert "Nothing was posted in this period." in str(letters[0].get_body(("plain",)))
    end_schedule(context, author, number)
    clock.advance(timedelta(days=30))
    assert mail_reports(context) == 0
    with context.database.read() as session:
        recorded = session.exec(select(AuditRecord.action).where(AuditRecord.subject_kind == "report schedule")).all()
    assert recorded == ["schedule report", *["mail report"] * 6, "end report"]


def test_what_cannot_be_sent_is_told_to_whoever_asked_and_what_may_have_arrived_is_never_sent_again(
    context: Context, clock: SettableClock, author: Person
) -> None:
    reader = a_person(context, "priya.holt@woldershire.example", Role.READER)
    leaver = a_person(context, "gone.soon@woldershire.example", Role.READER)
    with MailServer() as server:
        context.settings = replace(context.settings, smtp_port=1, smtp_security="none", smtp_host="127.0.0.1")
        scheduled(context, author, reader, leaver)
        with context.database.write() as session:
            session.get_one(Person, leaver.id).active = False
        clock.set(datetime(2026, 6, 8, 6, 0, tzinfo=UTC))
        assert mail_reports(context) == 0
        assert outcomes(context) == ["skipped", None]
        assert alarms(context)[0][0] == author.id
        assert "may not read figures gets none" in alarms(context)[0][1]
        context.settings = replace(context.settings, smtp_port=server.port)
        assert mail_reports(context) == 0, "it is put off"
        clock.advance(timedelta(minutes=11))
        assert mail_reports(context) == 1, "a server that was away gets it later"
        server.answer = None  # it takes the next one and hangs up
        clock.set(datetime(2026, 6, 15, 6, 0, tzinfo=UTC))
        assert mail_reports(context) == 0
        assert len(server.taken) == 2
        clock.advance(timedelta(hours=3))
        assert mail_reports(context) == 0
        assert len(server.taken) == 2, "it may have arrived, so it is not sent again"
        assert "may or may not have got it by mail" in alarms(context)[-1][1]
        server.answer, server.refuses = "250 taken", "550 no such box"
        clock.set(datetime(2026, 6, 22, 6, 0, tzinfo=UTC))
        assert mail_reports(context) == 0
        assert alarms(context)[-1] == (
            author.id,
            "Priya Holt could not be sent it by mail: One-page briefing, whole force: Web page, every week, "
            "15 June to 21 June 2026. Download it on the page Reports, and check the address.",
        )
    assert outcomes(context) == ["skipped", "sent", "skipped", "unknown", "skipped", "refused"]


def test_a_mail_whose_worker_died_on_the_way_is_given_up_and_one_that_nobody_takes_is_told_of(
    context: Context, clock: SettableClock, author: Person
) -> None:
    reader = a_person(context, "priya.holt@woldershire.example", Role.READER)
    context.settings = replace(context.settings, smtp_port=1, smtp_security="none", smtp_host="127.0.0.1")
    scheduled(context, author, reader)
    clock.set(datetime(2026, 6, 8, 6, 0, tzinfo=UTC))
    for _ in range(MOST_TRIES):
        assert outcomes(context) in ([], [None])
        mail_reports(context)
        clock.advance(timedelta(hours=2))
    assert outcomes(context) == ["refused"]
    assert len(alarms(context)) == 1
    clock.set(datetime(2026, 6, 15, 6, 0, tzinfo=UTC))
    with MailServer() as server:
        context.settings = replace(context.settings, smtp_port=server.port)

        def dies() -> None:
            raise KeyboardInterrupt

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("insights.reports.mailing._finish", lambda *_: dies())
            with pytest.raises(KeyboardInterrupt):
                mail_reports(context)
        clock.advance(timedelta(minutes=11))
        assert mail_reports(context) == 0
        assert len(server.taken) == 1
    assert outcomes(context) == ["refused", "unknown"]
    context.settings = replace(context.settings, smtp_host="")
    clock.set(datetime(2026, 6, 22, 6, 0, tzinfo=UTC))
    assert mail_reports(context) == 0
    assert "no mail server any more" in alarms(context)[-1][1]


def test_a_report_that_cannot_be_made_keeps_no_other_from_leaving_and_is_told_of(
    context: Context, clock: SettableClock, author: Person
) -> None:
    reader = a_person(context, "priya.holt@woldershire.example", Role.READER)
    with MailServer() as server:
        context.settings = replace(context.settings, smtp_port=server.port, smtp_security="none", smtp_host="127.0.0.1")
        scheduled(context, author, reader, wanted=Format.PDF)
        scheduled(context, author, reader)
        clock.set(datetime(2026, 6, 8, 6, 0, tzinfo=UTC))

        def fails(*_: object) -> bytes:
            raise RuntimeError("the engine came upon something that it cannot set")

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("insights.reports.pdf.write_pdf", fails)
            assert mail_reports(context) == 1, "the other one"
            for _ in range(MOST_TRIES):
                clock.advance(timedelta(hours=2))
                assert mail_reports(context) == 0
    assert outcomes(context) == ["refused", "sent"]
    assert "could not be sent it by mail" in alarms(context)[-1][1]


def test_only_who_may_asks_for_mails_and_only_people_of_beatline_get_them(context: Context, author: Person) -> None:
    reader = a_person(context, "priya.holt@woldershire.example", Role.READER)
    local = a_person(context, "joel.marsh@woldershire.example", Role.AUTHOR, "Copperbeck")
    with pytest.raises(NotAllowed):
        scheduled(context, reader, reader)
    with pytest.raises(NotAllowed):
        scheduled(context, local, reader)  # of the whole force, which a person of one area has no say in
    with pytest.raises(InputError, match="Choose at least one person"):
        scheduled(context, author)
    with pytest.raises(InputError, match="may not read figures, or has no e-mail address"):
        schedule_report(context, author, ScheduleInput(Kind.BRIEFING, Format.PDF, Rhythm.MONTHLY, (999,)))
    context.settings = replace(context.settings, smtp_host="")
    with pytest.raises(InputError, match="no mail server"):
        scheduled(context, author, reader)
    assert [job.name for job in JOBS] == ["mail reports"]


@given(st.sampled_from(list(Rhythm)), st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_periods_follow_each_other_without_a_gap_and_are_due_at_seven_in_london(rhythm: Rhythm, day: date) -> None:
    first = period_of(rhythm, day)
    following = period_after(rhythm, first)
    assert first.since <= day <= first.until
    assert following.since == first.until + timedelta(days=1) == period_of(rhythm, following.since).since
    for one in (first, following):
        local = as_local(one.due_at)
        assert (local.date(), local.hour, local.minute) == (one.until + timedelta(days=1), 7, 0)


def test_a_quarter_ends_in_summer_time_and_in_winter_time_at_seven_all_the_same() -> None:
    spring, autumn = (period_of(Rhythm.QUARTERLY, day) for day in (date(2026, 2, 3), date(2026, 11, 22)))
    assert (spring.since, spring.until, spring.due_at.hour) == (date(2026, 1, 1), date(2026, 3, 31), 6)
    assert (autumn.since, autumn.until, autumn.due_at.hour) == (date(2026, 10, 1), date(2026, 12, 31), 7)

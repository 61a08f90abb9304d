"""Mails the reports that are due: each period to each person once, as alarms are mailed, and never twice.

A mail is a row before it is a message. One that a server did not take is tried again; one that may have arrived is not,
and one that cannot be sent is told to whoever asked for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import uuid4

from sqlmodel import Session, col, or_, select, update
from sqlmodel.sql.expression import SelectOfScalar

from insights.reports.document import Document
from insights.reports.kinds import document_of
from insights.reports.request import MEDIA_TYPES, Format, Kind, Request
from insights.reports.rhythm import Rhythm, period_after, period_from
from insights.reports.schedules import in_words, may_receive, recipients_of
from insights.reports.scope import say_period
from insights.reports.tables import ReportMail, ReportSchedule
from insights.reports.writing import file_name, write
from social.alarms import clear_alarm, raise_alarm
from social.audit import record
from social.context import Context
from social.errors import BeatlineError
from social.mail_password import mail_password
from social.smtp import Delivery, Result, deliver
from social.staff import Person

SKIPPED = "skipped"
LEASE = timedelta(minutes=10)
MOST_TRIES = 8
AGAIN_AFTER = timedelta(minutes=10)
"""Times the number of tries: the eighth comes after half a working day."""
MOST_AT_ONCE = 20


@dataclass(frozen=True)
class _File:
    document: Document
    name: str
    content: bytes


def mail_reports(context: Context) -> int:
    """The job: make what is due, send what waits.  Returns how many mails a server took; 0 without a mail server."""
    if not context.settings.smtp_host:
        _tell_of_no_server(context)
        return 0
    worker = uuid4().hex
    with context.database.write() as session:
        make_mails(session, context.clock.now())
    files: dict[tuple[int, object], _File] = {}
    return sum(_send(context, worker, mail_id, files) for mail_id in _take(context, worker))


def _tell_of_no_server(context: Context) -> None:
    """Reports that are due and cannot leave, since the mail server was taken out of the settings: told, and kept due."""
    with context.database.read() as session:
        if session.exec(_due(context.clock.now()).limit(1)).first() is None:
            return
    with context.database.write() as session:
        now = context.clock.now()
        for schedule in session.exec(_due(now)):
            raise_alarm(
                session, now, _no_server(schedule), f"report:{schedule.id}", schedule.person_id,
                f"A report cannot be mailed, since Beatline has no mail server any more: {in_words(session, schedule)}. Ask "
                "whoever looks after Beatline to set one up, or end these mails on the page Reports.",
            )  # fmt: skip


def _no_server(schedule: ReportSchedule) -> str:
    return f"report schedule:{schedule.id}:no server"


def _due(now: datetime) -> SelectOfScalar[ReportSchedule]:
    """Reports whose period is over."""
    due = select(ReportSchedule).where(col(ReportSchedule.ended_at).is_(None), col(ReportSchedule.due_at) <= now)
    return due.order_by(col(ReportSchedule.id))


def make_mails(session: Session, now: datetime) -> int:
    """A row for each person and each period that is over.  Returns how many."""
    made = 0
    for schedule in session.exec(_due(now).with_for_update()):
        clear_alarm(session, now, _no_server(schedule))
        rhythm = Rhythm(schedule.rhythm)
        period = period_from(rhythm, schedule.period_from)
        people = recipients_of(session, schedule.id or 0)
        for person in people:
            session.add(ReportMail(
                schedule_id=schedule.id or 0, person_id=person.id or 0, period_from=period.since, period_to=period.until,
                message_id=f"<report.{uuid4().hex}@beatline.invalid>", made_at=now,
            ))  # fmt: skip
        made += len(people)
        following = period_after(rhythm, period)
        schedule.period_from, schedule.due_at = following.since, following.due_at
        session.add(schedule)
    return made


def _take(context: Context, worker: str) -> list[int]:
    """Take open mails in hand.  One whose text was on its way when its worker ended may have arrived: it is given up."""
    with context.database.write() as session:
        now = context.clock.now()
        query = select(ReportMail).where(
            col(ReportMail.outcome).is_(None),
            or_(col(ReportMail.not_before).is_(None), col(ReportMail.not_before) <= now),
            or_(col(ReportMail.lease_until).is_(None), col(ReportMail.lease_until) <= now),
        )
        taken = []
        for mail in session.exec(
            query.order_by(col(ReportMail.id)).limit(MOST_AT_ONCE).with_for_update(skip_locked=True)
        ):
            if mail.sending_at is not None:
                _end(session, now, mail, Delivery(Result.UNKNOWN, "the worker ended while the mail was on its way"))
            else:
                mail.worker, mail.lease_until = worker, now + LEASE
                taken.append(mail.id or 0)
            session.add(mail)
        return taken


def _send(context: Context, worker: str, mail_id: int, files: dict[tuple[int, object], _File]) -> int:
    with context.database.read() as session:
        mail = session.get_one(ReportMail, mail_id)
        schedule = session.get_one(ReportSchedule, mail.schedule_id)
        person = session.get_one(Person, mail.person_id)
        allowed = may_receive(session, person)
        password = mail_password(session, context.vault) if context.settings.smtp_user else None
    if not allowed:
        return _finish(context, worker, mail_id, SKIPPED, "the person may not read figures any more")
    try:
        key = schedule.id or 0, mail.period_from
        try:
            if key not in files:
                files[key] = _file(context, schedule, mail)
            message = write_message(context, person, mail, files[key], Format(schedule.format))
        except Exception as error:  # nothing has left: one report that cannot be made keeps no other from leaving
            if isinstance(error, BeatlineError):
                raise
            raise BeatlineError(f"the report could not be made ({type(error).__name__})") from error
        delivery = deliver(context.settings, password, message, person.email, lambda: _leaves(context, worker, mail_id))
    except BeatlineError as error:
        delivery = Delivery(Result.NOT_SENT, str(error))
    return _finish(context, worker, mail_id, delivery.result.value, delivery.detail)


def _file(context: Context, schedule: ReportSchedule, mail: ReportMail) -> _File:
    """The report of the mail's period, made once for everybody who gets it."""
    request = Request(
        Kind(schedule.kind), mail.period_from, mail.period_to, schedule.place_id, schedule.campaign_id
    )  # fmt: skip
    with context.database.read() as session:
        document = document_of(session, request, context.clock.now(), tracking=context.settings.alert_tracking)
    wanted = Format(schedule.format)
    return _File(document, file_name(document, request, wanted), write(document, wanted, context))


def _leaves(context: Context, worker: str, mail_id: int) -> bool:
    """Record that the text is about to leave.  False: the lease is over, somebody else may have it."""
    with context.database.write() as session:
        now = context.clock.now()
        mine = update(ReportMail).where(
            col(ReportMail.id) == mail_id, col(ReportMail.worker) == worker, col(ReportMail.lease_until) > now,
            col(ReportMail.outcome).is_(None),
        )  # fmt: skip
        return session.exec(mine.values(sending_at=now)).rowcount == 1


def _finish(context: Context, worker: str, mail_id: int, outcome: str, detail: str) -> int:
    """Note how it ended.  Returns 1 when a server took it."""
    with context.database.write() as session:
        now = context.clock.now()
        mail = session.get_one(ReportMail, mail_id, with_for_update=True)
        if mail.worker != worker or mail.outcome is not None:
            return 0
        if outcome == SKIPPED:
            mail.outcome, mail.detail, mail.finished_at = SKIPPED, detail, now
            _tell(
                session,
                now,
                mail,
                "did not get it by mail: who may not read figures gets none",
                "Choose who gets it anew",
            )
        elif Result(outcome) is Result.NOT_SENT and mail.tries + 1 < MOST_TRIES:
            mail.tries, mail.detail, mail.sending_at = mail.tries + 1, detail, None
            mail.not_before = now + AGAIN_AFTER * mail.tries
        else:
            _end(session, now, mail, Delivery(Result(outcome), detail))
        mail.worker = mail.lease_until = None
        session.add(mail)
    return int(outcome == Result.SENT.value)


def _end(session: Session, now: datetime, mail: ReportMail, delivery: Delivery) -> None:
    """For good: recorded when it left (R24), and told to whoever asked for the report when it did not."""
    result = Result.REFUSED if delivery.result is Result.NOT_SENT else delivery.result
    mail.outcome, mail.detail, mail.finished_at = result.value, delivery.detail, now
    if result in (Result.SENT, Result.UNKNOWN):
        record(session, now, actor="worker", action="mail report", subject=("report schedule", mail.schedule_id),
               after={"person": mail.person_id, "from": mail.period_from.isoformat(), "outcome": result.value})  # fmt: skip
    if result is Result.UNKNOWN:
        _tell(
            session, now, mail, "may or may not have got it by mail", "Ask, and download it on the page Reports if not"
        )
    elif result is Result.REFUSED:
        _tell(
            session, now, mail, "could not be sent it by mail", "Download it on the page Reports, and check the address"
        )


def _tell(session: Session, now: datetime, mail: ReportMail, what: str, to_do: str) -> None:
    """An alarm for whoever asked for the report; where they have left, for whoever looks after Beatline."""
    schedule = session.get_one(ReportSchedule, mail.schedule_id)
    person = session.get_one(Person, mail.person_id)
    report = f"{in_words(session, schedule)}, {say_period(mail.period_from, mail.period_to)}"
    raise_alarm(
        session, now, f"report:{mail.id}", f"report:{mail.schedule_id}", schedule.person_id,
        f"{person.name} {what}: {report}. {to_do}.",
    )  # fmt: skip


def write_message(context: Context, person: Person, mail: ReportMail, file: _File, format_: Format) -> EmailMessage:
    """The mail: what it is, in short, and the file."""
    document = file.document
    message = EmailMessage()
    message["Subject"] = _line(f"Beatline: {document.title}, {document.period}")
    message["From"], message["To"] = context.settings.smtp_from, person.email
    message["Date"], message["Message-ID"] = format_datetime(mail.made_at), mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_words(document, context.settings.address))
    main, _, sub = MEDIA_TYPES[format_].partition("/")
    message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    return message


def _words(document: Document, address: str) -> str:
    lines: Sequence[str] = [document.title, f"{document.force}, {document.period}", document.as_of, "",
                            *(f"- {line}" for line in document.summary), "", "The report is attached."]  # fmt: skip
    where = f"{address}/reports" if address else "the page Reports of Beatline"
    return "\n".join(lines) + f"\n\nTo end these mails, look at {where}.\n"


def _line(text: str) -> str:
    """On one line: a header that holds a name from outside begins no other."""
    return " ".join(text.split())

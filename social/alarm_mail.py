"""Alarms by e-mail: one message for a person, of everything they have not been told, and never a storm.

A message is a row before it is a message, so a worker that dies loses none, and its number stays the same, so that one
that is sent again shows once. A message of which nobody knows whether it arrived is repeated at most once: an alarm that
comes twice is better than one that never comes, and three times is noise."""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import uuid4

from sqlmodel import Session, col, or_, select, update

from social.alarms import Alarm, AlarmMail, AlarmMailItem, next_reminder, people_told
from social.clock import as_local
from social.context import Context
from social.duty_letter import calls_of, write_letter
from social.errors import BeatlineError
from social.mail_password import mail_password
from social.notice_letter import write_notice
from social.notices import notices_of
from social.smtp import Delivery, Result, deliver
from social.staff import Person

GAP = timedelta(minutes=10)
"""Between two messages to one person: what is raised meanwhile goes into the next."""
LEASE = timedelta(minutes=5)
MOST_LINES = 20
MOST_TRIES = 2
"""A message that may have arrived is sent once more, and no more."""
REPEAT_AFTER = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)
MOST_AT_ONCE = 20
URGENT_LEASE = timedelta(minutes=2)
"""An emergency is told within five minutes, also where the worker that had its message died (R16)."""
URGENT_WAIT = timedelta(minutes=1)
MOST_URGENT, URGENT_AT_A_TIME = 50, 5
PATIENCE = 1.0
"""Seconds for which the next urgent message waits for the one before it."""


def mail_alarms(context: Context, worker: str) -> int:
    """Make the messages that are due and send what is open.  Returns how many the server took; 0 without a server."""
    if not context.settings.smtp_host:
        return 0
    with context.database.write() as session:
        make_mails(session, context.clock.now())
    return sum(_send(context, worker, mail_id) for mail_id in _take(context, worker))


def send_urgent(context: Context, worker: str) -> int:
    """Send what was made for the duty contact, several at a time: one that a slow server keeps waiting holds up no other.

    Each is taken in hand when somebody is free to send it.  Returns how many messages the server took; 0 without one."""
    sent = 0
    under_way: set[Future[int]] = set()
    with ThreadPoolExecutor(URGENT_AT_A_TIME, thread_name_prefix="urgent") as senders:
        for _ in range(MOST_URGENT if context.settings.smtp_host else 0):
            if len(under_way) == URGENT_AT_A_TIME:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                sent += sum(one.result() for one in done)
            taken = _take(context, worker, urgent=True)
            if not taken:
                break
            under_way.add(newest := senders.submit(_send, context, worker, taken[0]))
            wait(
                (newest,), timeout=PATIENCE
            )  # a server that answers gets them in their order, on one connection at a time
    return sent + sum(one.result() for one in under_way)


def make_mails(session: Session, now: datetime) -> int:
    """Gather what is due into one message for each person.  Returns how many messages were made."""
    due = select(Alarm).where(
        col(Alarm.cleared_at).is_(None), col(Alarm.seen_at).is_(None), col(Alarm.mail_at) <= now
    ).order_by(col(Alarm.id))  # fmt: skip
    by_person: dict[int, list[Alarm]] = defaultdict(list)
    for alarm in session.exec(due):
        told = [p.id for p in people_told(session, alarm) if p.id is not None and _has_mail(p)]
        if told and not any(_told_lately(session, person_id, now) for person_id in told):
            for person_id in told:
                by_person[person_id].append(alarm)
            alarm.mails += 1
            alarm.mail_at = next_reminder(now, alarm.mails)
            session.add(alarm)
    for person_id, alarms in by_person.items():
        mail = AlarmMail(person_id=person_id, message_id=f"<alarm.{uuid4().hex}@beatline.invalid>", made_at=now)
        session.add(mail)
        session.flush()
        session.add_all(AlarmMailItem(mail_id=mail.id or 0, alarm_id=alarm.id or 0) for alarm in alarms)
    return len(by_person)


def _has_mail(person: Person) -> bool:
    """Whether the address is one that mail can reach: Beatline's own persons have none."""
    return not person.email.endswith(".invalid")


def _told_lately(session: Session, person_id: int, now: datetime) -> bool:
    query = select(AlarmMail.id).where(AlarmMail.person_id == person_id, col(AlarmMail.made_at) > now - GAP)
    query = query.where(~col(AlarmMail.urgent))  # who is told of an emergency may have to know of other things too
    return session.exec(query.limit(1)).first() is not None


def _take(context: Context, worker: str, *, urgent: bool = False) -> list[int]:
    """Take open messages in hand; one that may have arrived often enough is given up."""
    with context.database.write() as session:
        now = context.clock.now()
        query = select(AlarmMail).where(
            col(AlarmMail.outcome).is_(None),
            col(AlarmMail.urgent) if urgent else ~col(AlarmMail.urgent),
            or_(col(AlarmMail.not_before).is_(None), col(AlarmMail.not_before) <= now),
            or_(col(AlarmMail.lease_until).is_(None), col(AlarmMail.lease_until) <= now),
        )
        taken = []
        for mail in session.exec(
            query.order_by(col(AlarmMail.id)).limit(1 if urgent else MOST_AT_ONCE).with_for_update(skip_locked=True)
        ):
            if mail.tries >= MOST_TRIES:
                mail.outcome, mail.finished_at = Result.UNKNOWN.value, now
                mail.detail = "It was sent twice, and nobody knows whether it arrived."
            else:
                mail.worker, mail.lease_until = worker, now + (URGENT_LEASE if urgent else LEASE)
                taken.append(mail.id or 0)
            session.add(mail)
        return taken


def _send(context: Context, worker: str, mail_id: int) -> int:
    with context.database.read() as session:
        mail = session.get_one(AlarmMail, mail_id)
        person = session.get_one(Person, mail.person_id)
        alarms, notices = _alarms_of(session, mail_id), notices_of(session, mail_id)
        password = mail_password(session, context.vault) if context.settings.smtp_user else None
        calls = calls_of(session, alarms) if mail.urgent else []
    left = mail.address in (None, person.email) and not person.active
    if left or (not notices and all(alarm.cleared_at is not None or alarm.seen_at is not None for alarm in alarms)):
        return _finish(context, worker, mail_id, Delivery(Result.REFUSED, "it was over before it was sent"))
    try:
        to = mail.address or person.email
        if mail.urgent:
            message = write_letter(context.settings, to, mail, alarms, calls)
        elif notices:
            message = write_notice(context.settings, to, mail, notices)
        else:
            message = write_message(context, person, mail, alarms)
        delivery = deliver(context.settings, password, message, to, lambda: _leaves(context, worker, mail_id))
    except BeatlineError as error:
        delivery = Delivery(Result.NOT_SENT, str(error))
    return _finish(context, worker, mail_id, delivery)


def _alarms_of(session: Session, mail_id: int) -> list[Alarm]:
    query = select(Alarm).join(AlarmMailItem, col(AlarmMailItem.alarm_id) == col(Alarm.id))
    return list(session.exec(query.where(AlarmMailItem.mail_id == mail_id).order_by(col(Alarm.id))))


def _leaves(context: Context, worker: str, mail_id: int) -> bool:
    """Record that the text is about to leave.  False: the lease is over, somebody else may be sending it."""
    with context.database.write() as session:
        now = context.clock.now()
        mine = update(AlarmMail).where(
            col(AlarmMail.id) == mail_id, col(AlarmMail.worker) == worker, col(AlarmMail.lease_until) > now,
            col(AlarmMail.outcome).is_(None),
        )  # fmt: skip
        return session.exec(mine.values(sending_at=now, tries=AlarmMail.tries + 1)).rowcount == 1


def _finish(context: Context, worker: str, mail_id: int, delivery: Delivery) -> int:
    with context.database.write() as session:
        now = context.clock.now()
        mail = session.get_one(AlarmMail, mail_id, with_for_update=True)
        if mail.worker != worker or mail.outcome is not None:
            return 0
        mail.worker, mail.lease_until, mail.detail = None, None, delivery.detail
        if delivery.result in (Result.SENT, Result.REFUSED):
            mail.outcome, mail.finished_at = delivery.result.value, now
        elif delivery.result is Result.UNKNOWN:
            mail.not_before = now + REPEAT_AFTER
        else:
            if mail.sending_at is not None and mail.tries:
                mail.tries -= 1  # the server said that it did not take it
            longest = URGENT_WAIT if mail.urgent else LONGEST_WAIT
            mail.not_before = now + min(max(now - mail.made_at, timedelta(minutes=1)), longest)
        session.add(mail)
    return int(delivery.result is Result.SENT)


def write_message(context: Context, person: Person, mail: AlarmMail, alarms: Sequence[Alarm]) -> EmailMessage:
    """The message: what needs the person, since when, and how to say that they know."""
    settings = context.settings
    message = EmailMessage()
    count = len(alarms)
    message["Subject"] = "Beatline: something needs you" if count == 1 else f"Beatline: {count} matters need you"
    message["From"], message["To"] = settings.smtp_from, person.email
    message["Date"], message["Message-ID"] = format_datetime(mail.made_at), mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    lines = [f"- {alarm.text} (since {_moment(alarm.raised_at)}, alarm {alarm.id})" for alarm in alarms[:MOST_LINES]]
    if count > MOST_LINES:
        lines.append(f"- and {count - MOST_LINES} more: `beatline alarms list` shows them.")
    where = f"Look at {settings.address}\n" if settings.address else ""
    message.set_content(
        "\n".join(lines)
        + f"\n\n{where}Press 'I have seen it' on the page Today, or run `beatline alarms seen NUMBER`: then "
        "no more reminders come. What has been put right ends by itself.\n"
    )
    return message


def _moment(at: datetime) -> str:
    local = as_local(at)
    return f"{local.day} {local:%b %Y, %H:%M}"

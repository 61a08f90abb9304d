"""Tells the duty contact, round the clock: at once, again every five minutes, and more people the longer nobody says
that they have seen it (R16, R19). A message is a row before it is sent, in the one outbox of `alarm_mail`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlmodel import Session, col, or_, select, update

from social.alarm_mail import send_urgent
from social.alarms import URGENT, Alarm, AlarmMail, AlarmMailItem
from social.context import Context
from social.duty import contacts_for, last_resort
from social.duty_rules import FRESH, Recipient, level_at, next_telling, recipients_at
from social.duty_tables import CALLING, EMERGENCY, LEAD, DutyCall
from social.duty_texts import owe_text, send_texts
from social.leases import worker_name

GAP = timedelta(minutes=1)
"""Between two messages to one recipient: a hundred emergencies within a minute are two messages, not a hundred."""
LEAD_GAP = timedelta(minutes=4)
"""The same for leads, which are to be known within five minutes."""
MOST_ITEMS = 200
"""Calls that one message tells of; what is more goes with the next, and does not count as told before."""


def look_after_duty(context: Context) -> int:
    """Make the messages that are due and send what is open.  Returns how many the server took; 0 without a server."""
    if not context.settings.smtp_host:
        return 0
    with context.database.read() as session:
        due, waiting = _is_due(session, context.clock.now()), _has_open_mail(session)
    if due:
        with context.database.write() as session:
            tell_due(session, context.clock.now())
    sent = send_urgent(context, f"{worker_name()}:{uuid4().hex[:8]}") if due or waiting else 0
    send_texts(context)
    return sent


def _is_due(session: Session, now: datetime) -> bool:
    return session.exec(select(DutyCall.id).where(CALLING, col(DutyCall.next_at) <= now).limit(1)).first() is not None


def _has_open_mail(session: Session) -> bool:
    query = select(AlarmMail.id).where(col(AlarmMail.outcome).is_(None), col(AlarmMail.urgent))
    return session.exec(query.limit(1)).first() is not None


def tell_due(session: Session, now: datetime) -> int:
    """Make one message a recipient of all that is due for them.  Returns how many calls were told of."""
    query = select(DutyCall).where(CALLING, col(DutyCall.next_at) <= now)
    due = list(session.exec(query.order_by(col(DutyCall.kind), col(DutyCall.tellings), col(DutyCall.id))))
    told: dict[str, tuple[Recipient, list[int]]] = {}
    ways = {
        place_id: (contacts_for(session, place_id), last_resort(session, place_id))
        for place_id in {call.place_id for call in due}
    }
    free = _Free(session, now)
    reached = 0
    for call in due:
        if call.kind == LEAD and now - call.opened_at > FRESH:
            call.next_at = None  # no mail server took it in time: the list of replies has had it for a day
            session.add(call)
            continue
        level = 1 if call.kind == LEAD else level_at(call.opened_at, now)
        gap = LEAD_GAP if call.kind == LEAD else GAP
        recipients = recipients_at(level, *ways[call.place_id])
        now_told = [
            one for one in recipients if _has_room(told, one) and (one.address in told or free(one.address, gap))
        ]
        if not now_told:
            # They were told of something else this very minute, or a message is full: their next one has this too.
            continue
        for one in now_told:
            told.setdefault(one.address, (one, []))[1].append(call.alarm_id)
        call.level, call.tellings = level, call.tellings + 1
        call.next_at = None if call.kind == LEAD else next_telling(call.opened_at, now)
        session.add(call)
        reached += 1
    urgent = {call.alarm_id for call in due if call.kind == EMERGENCY}
    for one, alarm_ids in told.values():
        mail_id = make_mail(session, now, one, alarm_ids)
        if one.phone_sealed and not urgent.isdisjoint(alarm_ids):
            owe_text(session, now, mail_id, one.phone_sealed)
    return reached


def _has_room(told: Mapping[str, tuple[Recipient, list[int]]], one: Recipient) -> bool:
    return one.address not in told or len(told[one.address][1]) < MOST_ITEMS


class _Free:
    """Whether a recipient may be told now, asked of the database once for each."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._known: dict[tuple[str, timedelta], bool] = {}

    def __call__(self, address: str, gap: timedelta) -> bool:
        if (address, gap) not in self._known:
            since = self._now - gap
            query = select(AlarmMail.id).where(URGENT, AlarmMail.address == address, col(AlarmMail.made_at) > since)
            self._known[address, gap] = self._session.exec(query.limit(1)).first() is None
        return self._known[address, gap]


def make_mail(session: Session, now: datetime, one: Recipient, alarm_ids: Sequence[int], *, alone: bool = False) -> int:
    """A message to one recipient; returns its number. Where an earlier one still waits for the mail server, these join it: a server that
    comes back after an hour is not given twelve.  alone: in a message of their own."""
    waiting = select(AlarmMail).where(
        URGENT, AlarmMail.address == one.address, col(AlarmMail.outcome).is_(None), col(AlarmMail.tries) == 0,
        or_(col(AlarmMail.lease_until).is_(None), col(AlarmMail.lease_until) <= now),
    )  # fmt: skip
    mail = None if alone else session.exec(waiting.order_by(col(AlarmMail.id)).limit(1)).first()
    if mail is None:
        mail = AlarmMail(
            person_id=one.person_id, address=one.address, urgent=True, made_at=now,
            message_id=f"<duty.{uuid4().hex}@beatline.invalid>",
        )  # fmt: skip
        session.add(mail)
        session.flush()
    assert mail.id is not None
    there = set(session.exec(select(AlarmMailItem.alarm_id).where(AlarmMailItem.mail_id == mail.id)))
    for alarm_id in dict.fromkeys(alarm_ids):
        if alarm_id not in there:
            session.add(AlarmMailItem(mail_id=mail.id, alarm_id=alarm_id))
    alarms = update(Alarm).where(col(Alarm.id).in_(alarm_ids)).values(mails=Alarm.mails + 1)
    session.connection().execute(alarms)
    return mail.id

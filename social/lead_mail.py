"""Tells a desk by mail that a lead waits for it: that, and not a word of what it says.

Mail is read in many places, so it carries the number of the lead and where to look. A message is noted before it leaves
and keeps its number, so that one of which nobody knows whether it arrived may go again and shows once."""

from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from sqlmodel import col, select

from social.alarms import raise_alarm
from social.context import Context
from social.desks import Desk
from social.errors import BeatlineError
from social.handing_off import MAIL_WAITING
from social.leads import Lead
from social.mail_password import mail_password
from social.smtp import Delivery, Result, deliver

MAIL_SENT, MAIL_FAILED = "sent", "failed"
MOST_TRIES = 8
MOST_AT_ONCE = 20
AGAIN_AFTER = timedelta(minutes=5)


def tell_desks(context: Context) -> int:
    """The job: send what waits.  Returns how many messages the server took; 0 without a mail server."""
    if not context.settings.smtp_host:
        return 0
    return sum(_tell(context, lead_id) for lead_id in _due(context))


def _due(context: Context) -> list[int]:
    """Take in hand what is due: counted and put off before it leaves, so that no second worker sends it too."""
    with context.database.write() as session:
        now = context.clock.now()
        waiting = select(Lead).where(
            col(Lead.mail_state) == MAIL_WAITING, col(Lead.mail_at).is_(None) | (col(Lead.mail_at) <= now)
        )
        leads = list(session.exec(waiting.order_by(col(Lead.id)).limit(MOST_AT_ONCE)))
        for lead in leads:
            lead.mail_tries, lead.mail_at = lead.mail_tries + 1, now + AGAIN_AFTER * max(1, lead.mail_tries)
            session.add(lead)
        return [lead.id or 0 for lead in leads]


def _tell(context: Context, lead_id: int) -> int:
    with context.database.read() as session:
        lead = session.get(Lead, lead_id)
        desk = session.get(Desk, lead.desk_id) if lead is not None and lead.desk_id is not None else None
        password = mail_password(session, context.vault) if context.settings.smtp_user else None
    if lead is None or desk is None or not desk.email:
        return _note(context, lead_id, Delivery(Result.REFUSED, "the desk has no address any more"))
    try:
        message = write_message(context, lead, desk)
        delivery = deliver(context.settings, password, message, desk.email, lambda: True)
    except BeatlineError as error:
        delivery = Delivery(Result.NOT_SENT, str(error))
    return _note(context, lead_id, delivery)


def _note(context: Context, lead_id: int, delivery: Delivery) -> int:
    with context.database.write() as session:
        lead = session.get(Lead, lead_id)
        if lead is None or lead.mail_state != MAIL_WAITING:
            return 0
        if delivery.result is Result.SENT:
            lead.mail_state = MAIL_SENT
        elif delivery.result is Result.REFUSED or lead.mail_tries >= MOST_TRIES:
            lead.mail_state = MAIL_FAILED
            raise_alarm(
                session, context.clock.now(), f"lead:{lead_id}:mail", f"lead:{lead_id}", lead.handed_off_by_id,
                f"The desk could not be told by mail of lead {lead_id}. Call them; the page Leads has the note.",
            )  # fmt: skip
        session.add(lead)
    return int(delivery.result is Result.SENT)


def write_message(context: Context, lead: Lead, desk: Desk) -> EmailMessage:
    """The message: a number and where to look."""
    message = EmailMessage()
    message["Subject"] = f"Beatline: lead {lead.id} waits for {desk.name}"
    message["From"], message["To"] = context.settings.smtp_from, desk.email or ""
    message["Date"] = format_datetime(lead.handed_off_at or context.clock.now())
    message["Message-ID"] = lead.mail_id or ""
    message["Auto-Submitted"] = "auto-generated"
    address = context.settings.address
    where = f"{address}/leads?lead={lead.id}" if address else "the page Leads of Beatline"
    days = context.settings.lead_days
    message.set_content(
        f"Lead {lead.id} was handed off to {desk.name}. Look at it, or ask whoever handed it off for the note and the "
        f"package: {where}\n\nGive them your receipt number. Beatline forgets the lead {days} days after the hand-off.\n"
    )
    return message

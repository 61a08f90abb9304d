"""A test message to the duty contacts, through the same outbox and mail server as an emergency would go."""

from collections.abc import Sequence
from uuid import uuid4

from sqlmodel import Session, col, select

from social.alarm_mail import send_urgent
from social.alarms import Alarm, AlarmMail, AlarmMailItem
from social.audit import record
from social.context import Context
from social.duty import contacts_for
from social.duty_letter import TEST
from social.duty_telling import make_mail
from social.duty_texts import DutyText, owe_text, send_texts
from social.errors import InputError
from social.leases import worker_name
from social.staff import Action, Person, require


def send_test(context: Context, place_id: int | None, by: Person) -> list[tuple[str, str]]:
    """Send one to every contact of the area, those of wider areas included, at once.

    Returns each address with 'sent', or why not. Raises NotAllowed, and InputError where nobody is set or no mail
    server is."""
    if not context.settings.smtp_host:
        raise InputError("No mail server is set, so nobody can be told. Set smtp_host and smtp_from.")
    with context.database.write() as session:
        require(session, by, Action.KEEP_DUTY, place_id)
        now, contacts = context.clock.now(), contacts_for(session, place_id)
        if not contacts:
            raise InputError("Nobody is set as duty contact here. `beatline duty set` does.")
        text = "This is a test of the duty contact. It tells of no emergency."
        alarm = Alarm(key=f"{TEST}{uuid4().hex}", about=f"area:{place_id or 'force'}", text=text, raised_at=now)
        session.add(alarm)
        session.flush()
        alarm_id = alarm.id or 0
        for one in contacts:
            mail_id = make_mail(session, now, one, [alarm_id], alone=True)
            if one.phone_sealed:
                owe_text(session, now, mail_id, one.phone_sealed)
        record(session, now, actor=by, action="test duty contacts", subject=("area", place_id or "force"),
               after={"contacts": len(contacts)}, place_id=place_id)  # fmt: skip
    send_urgent(context, f"{worker_name()}:{uuid4().hex[:8]}")
    send_texts(context)
    with context.database.write() as session:
        made = select(AlarmMail).join(AlarmMailItem, col(AlarmMailItem.mail_id) == col(AlarmMail.id))
        mails = session.exec(made.where(AlarmMailItem.alarm_id == alarm_id).order_by(col(AlarmMail.id))).all()
        session.get_one(Alarm, alarm_id).cleared_at = context.clock.now()
        told = [(mail.address or "", mail.outcome if mail.outcome == "sent" else mail.detail or "not sent yet")
                for mail in mails]  # fmt: skip
        return told + _texted(session, mails)


def _texted(session: Session, mails: Sequence[AlarmMail]) -> list[tuple[str, str]]:
    """What became of the texts, by whose they are: never a number."""
    addresses = {mail.id: mail.address for mail in mails}
    texts = session.exec(select(DutyText).where(col(DutyText.mail_id).in_(addresses)).order_by(col(DutyText.id)))
    no_way = "no account of the alert service texts by GOV.UK Notify"
    return [(f"{addresses[one.mail_id]}, by text", one.outcome if one.outcome == "sent" else one.detail or one.outcome or no_way)
            for one in texts]  # fmt: skip

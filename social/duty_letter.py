"""What the duty contact reads: which account, which post, when, where to look, and to call the control room.

Never a word of the resident's or of the post's, and no name: mail is read in many places."""

from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import format_datetime

from sqlmodel import Session, col, select

from social.alarms import LETTER, SURVEY, Alarm, AlarmMail
from social.duty_tables import EMERGENCY, DutyCall
from social.settings import Settings
from social.sign_in_ways import address_of

MOST_SHOWN = 20
TEST = "duty:test:"
"""How the keys of test messages begin."""


def calls_of(session: Session, alarms: Sequence[Alarm]) -> list[DutyCall]:
    """The calls that these alarms stand for, in their order; [] for a test."""
    query = select(DutyCall).where(col(DutyCall.alarm_id).in_([alarm.id for alarm in alarms]))
    return list(session.exec(query.order_by(col(DutyCall.alarm_id))))


def write_letter(
    settings: Settings, to: str, mail: AlarmMail, alarms: Sequence[Alarm], calls: Sequence[DutyCall]
) -> EmailMessage:
    """One message about everything that is due for one recipient; what somebody has seen meanwhile is left out."""
    open_ = [alarm for alarm in alarms if alarm.seen_at is None and alarm.cleared_at is None]
    by_alarm = {call.alarm_id: call for call in calls}
    emergencies = sum(call.kind == EMERGENCY for call in calls if call.alarm_id in {alarm.id for alarm in open_})
    elsewhere = {page for alarm in open_ if (page := _page(alarm))}
    emergencies += sum(_page(alarm) is not None for alarm in open_)
    test = not calls and not any(_page(alarm) for alarm in alarms)
    message = EmailMessage()
    message["Subject"] = _subject(emergencies, len(open_), test=test)
    message["From"], message["To"] = settings.smtp_from, to
    message["Date"], message["Message-ID"] = format_datetime(mail.made_at), mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    if emergencies:
        message["Importance"], message["X-Priority"] = "high", "1"
    lines: list[str] = []
    for alarm in open_[:MOST_SHOWN]:
        call = by_alarm.get(alarm.id or 0)
        more = _lines(settings, call) if call is not None else []
        more += [f"{address_of(settings)}/{page.lower()}"] if (page := _page(alarm)) else []
        lines += [alarm.text, *more, ""]
    if len(open_) > MOST_SHOWN:
        lines += [f"And {len(open_) - MOST_SHOWN} more: `beatline duty list` shows them.", ""]
    message.set_content("\n".join(lines + _what_to_do(emergencies, test=test, elsewhere=sorted(elsewhere))) + "\n")
    return message


def _page(alarm: Alarm) -> str | None:
    """Where what may be an emergency and is no reply is dealt with; None for replies."""
    pages = {SURVEY: "Surveys", LETTER: "Letters"}
    return next((page for prefix, page in pages.items() if alarm.key.startswith(prefix)), None)


def _subject(emergencies: int, matters: int, *, test: bool) -> str:
    if test:
        return "Beatline: a test of the duty contact"
    if emergencies:
        return f"EMERGENCY? {emergencies} {'reply needs' if emergencies == 1 else 'replies need'} you now"
    return f"Beatline: {matters} {'reply' if matters == 1 else 'replies'} may help an enquiry"


def _lines(settings: Settings, call: DutyCall) -> list[str]:
    told = f"Call {call.id}" + (f", told {call.tellings} times" if call.tellings > 1 else "")
    if call.interaction_id is None:
        return ["The reply is kept no longer: ask for what was done, and say it by command.", told]
    return [f"{address_of(settings)}/replies?reply={call.interaction_id}", told]


def _what_to_do(emergencies: int, *, test: bool, elsewhere: Sequence[str]) -> list[str]:
    if test:
        return ["Nothing has happened. An emergency would reach you in the same way, at any hour."]
    if not emergencies:
        return ["Pass it to whoever leads the enquiry. This message comes once."]
    return [
        "Look at it now. If anybody may need help, call the control room.",
        "Then say so: open the reply and say that you have seen it, or run `beatline duty seen CALL`.",
        *(f"What is no reply stands on top of the page {page}: say it there." for page in elsewhere),
        "Until somebody does, this comes again every five minutes and goes to more people.",
    ]

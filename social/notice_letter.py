"""The words of a message about what waits on somebody: how much of what, and the way there. No word of a post, none of a
resident, no name: mail is read in many places."""

from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import format_datetime

from social.alarms import AlarmMail
from social.notices import Kind, Notice
from social.settings import Settings

MOST_LINKS = 10

_ONE: dict[Kind, str] = {
    Kind.APPROVAL: "A post waits for your approval",
    Kind.SENT_BACK: "A post of yours was sent back to be changed",
    Kind.FAILED: "A post of yours could not go out",
    Kind.LATE: "A post of yours missed its moment, or waits for a decision",
    Kind.REPLY: "A reply given to you is to be answered within 24 hours, or is overdue",
}
_MANY: dict[Kind, str] = {
    Kind.APPROVAL: "{} posts wait for your approval",
    Kind.SENT_BACK: "{} posts of yours were sent back to be changed",
    Kind.FAILED: "{} posts of yours could not go out",
    Kind.LATE: "{} posts of yours missed their moment, or wait for a decision",
    Kind.REPLY: "{} replies given to you are to be answered within 24 hours, or are overdue",
}
_PATHS: dict[Kind, str] = {
    Kind.APPROVAL: "/approvals?id={}",
    Kind.SENT_BACK: "/post?id={}",
    Kind.FAILED: "/post?id={}",
    Kind.LATE: "/post?id={}",
    Kind.REPLY: "/replies?reply={}",
}
"""Where each stands; the address is asked for again after signing in."""


def write_notice(settings: Settings, to: str, mail: AlarmMail, notices: Sequence[Notice]) -> EmailMessage:
    """The message.  notices: at least one."""
    message = EmailMessage()
    count = len(notices)
    message["Subject"] = "Beatline: something waits for you" if count == 1 else f"Beatline: {count} things wait for you"
    message["From"], message["To"] = settings.smtp_from, to
    message["Date"], message["Message-ID"] = format_datetime(mail.made_at), mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    by_kind = {kind: [one.number for one in notices if one.kind == kind] for kind in Kind}
    parts = [_part(settings.address, kind, numbers) for kind, numbers in by_kind.items() if numbers]
    foot = "You are told of each once. The page Settings lets you choose: at once, a daily note, or no e-mails."
    message.set_content("\n\n".join([*parts, foot]) + "\n")
    return message


def _part(address: str, kind: Kind, numbers: Sequence[int]) -> str:
    head = _ONE[kind] if len(numbers) == 1 else _MANY[kind].format(len(numbers))
    if not address:
        what = "reply" if kind is Kind.REPLY else "post"
        lines = [f"- {what} {number}" for number in numbers[:MOST_LINKS]]
    else:
        lines = [f"- {address}{_PATHS[kind].format(number)}" for number in numbers[:MOST_LINKS]]
    if len(numbers) > MOST_LINKS:
        lines.append(f"- and {len(numbers) - MOST_LINKS} more: the page Today lists them.")
    return "\n".join([f"{head}:", *lines])

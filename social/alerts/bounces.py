"""Mail that came back: what a report says (RFC 3464), which message of ours it is about, and what follows.

A report is an outsider's word. It counts only with the random token of a message, which nobody has but its recipient
and the servers on the way, and it touches that message and its resident alone. Nothing in it is kept but the code."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import compat32

from sqlmodel import Session, select

from social.alerts.addresses import message_of, messages_in, token_in
from social.alerts.carriers import Bounce
from social.alerts.contacts import contact_of
from social.alerts.mailings import Message, Way
from social.alerts.receipts import Outcome, note_receipt
from social.alerts.residents import Resident
from social.alerts.smtp_answers import NO_SUCH_MAILBOX
from social.context import Context

MOST_BYTES = 2_000_000
_MOST_PARTS = 50
_CODE = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_HARD = {f"5.{subject}.{detail}" for subject, detail in (*NO_SUCH_MAILBOX, (4, 4))}
"""No such mailbox, domain or route. Other refusals, such as a full mailbox (5.2.2), a rule of the server (5.7.1) or one of
our own address (5.1.8), may pass."""
_OURS = ("to", "delivered-to", "x-original-to", "envelope-to")
_ADDRESS = re.compile(r"[^\s;<>]+@[^\s;<>]+")


@dataclass(frozen=True)
class Returned:
    """What a report says.  bounce: None where it only tells of a delay, or that the message arrived.  status: the code,
    such as 5.1.1, '' for none.  known_as: numbers and tokens of messages that it may be about, most reliable first;
    the number is None where only the token is known.  recipients: addresses that it names."""

    bounce: Bounce | None
    status: str
    known_as: tuple[tuple[int | None, str], ...]
    recipients: frozenset[str] = field(repr=False)


def read_report(raw: bytes) -> Returned | None:
    """The report that a mail is; None for one that is none, such as an answer or somebody's absence. Never raises."""
    try:
        return _read(message_from_bytes(raw[:MOST_BYTES], policy=compat32))
    except Exception:  # whatever a stranger's mail does to the parser, the mailbox is read on
        return None


def note_bounce(context: Context, session: Session, returned: Returned) -> Message | None:
    """Settle the message that the report is about, and its resident.  Returns the message; None when it is about none
    of ours.  Mail that its own reader had passed on comes back from another address: that never stops theirs."""
    message = _message(session, returned)
    if message is None or message.way != Way.EMAIL or returned.bounce is None:
        return message
    bounce = returned.bounce
    if bounce is Bounce.HARD and not _is_theirs(context, session, message, returned):
        bounce = Bounce.SOFT
    outcome = Outcome.HARD if bounce is Bounce.HARD else Outcome.SOFT
    note_receipt(session, message, outcome, context.clock.now())
    return message


def _message(session: Session, returned: Returned) -> Message | None:
    for number, token in returned.known_as:
        found = session.exec(select(Message).where(Message.token == token).with_for_update()).first()
        if found is not None and number in (None, found.id):
            return found
    return None


def _is_theirs(context: Context, session: Session, message: Message, returned: Returned) -> bool:
    resident = session.get(Resident, message.resident_id) if message.resident_id is not None else None
    if resident is None or not returned.recipients:
        return True
    return contact_of(context.vault, resident).email in returned.recipients


def _read(mail: Mail) -> Returned | None:
    parts = _parts(mail)
    fields = [
        block for part in parts if part.get_content_type() == "message/delivery-status" for block in _blocks(part)
    ]
    failed = _text(mail, "x-failed-recipients")
    if not failed and not (fields and mail.get_content_type() == "multipart/report"):
        return None
    known_as = tuple(dict.fromkeys([*_known_in(parts[1:], fields), *_known_above(mail)]))
    if not fields:
        return _of_exim(parts, failed, known_as)
    told = [block for block in fields if block.get("action") is not None]
    worst = next((block for block in told if _action(block) == "failed"), None)
    recipients = _addresses(_text(block, name) for block in told for name in ("final-recipient", "original-recipient"))
    if worst is None:
        return Returned(None, "", known_as, recipients)
    status = _status(_text(worst, "status"), _text(worst, "diagnostic-code"))
    return Returned(_kind(status), status, known_as, recipients)


def _of_exim(parts: list[Mail], failed: str, known_as: tuple[tuple[int | None, str], ...]) -> Returned:
    """Exim's older manner: a header with the recipients, and a sentence with the other server's words."""
    words = next((str(part.get_payload())[:20_000] for part in parts if part.get_content_maintype() == "text"), "")
    status = _status("", words)
    known = known_as or tuple(_known(words))
    return Returned(_kind(status), status, known, _addresses([failed]))


def _parts(mail: Mail) -> list[Mail]:
    found: list[Mail] = []
    for part in mail.walk():
        found.append(part)
        if len(found) >= _MOST_PARTS:
            break
    return found


def _blocks(part: Mail) -> list[Mail]:
    """The groups of fields in the part: about the message, then one for each recipient."""
    content = part.get_payload()
    return [block for block in content if isinstance(block, Mail)][:_MOST_PARTS] if isinstance(content, list) else []


def _known_in(parts: list[Mail], fields: list[Mail]) -> list[tuple[int | None, str]]:
    """By what came back with the report: the message's own headers, and the envelope id that it was sent with."""
    found: list[tuple[int | None, str]] = []
    for block in fields:
        named = message_of(_text(block, "original-envelope-id").lower())
        found += [named] if named else []
    for part in parts:
        found += messages_in(_text(part, "message-id"))
        if part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
            found += _known(str(part.get_payload())[:20_000])
    return found


def _known_above(mail: Mail) -> list[tuple[int | None, str]]:
    """By where the report was sent, and by what it says that it answers."""
    tokens = [token_in(_text(mail, name)) for name in _OURS]
    answered = messages_in(f"{_text(mail, 'in-reply-to')} {_text(mail, 'references')}")
    return [*((None, token) for token in tokens if token), *answered]


def _known(text: str) -> list[tuple[int | None, str]]:
    return list(messages_in(text))


def _action(block: Mail) -> str:
    return _text(block, "action").strip().lower()


def _status(status: str, diagnostic: str) -> str:
    """The code of the report; where that says nothing but 'failed', the other server's own."""
    given = _CODE.search(status)
    if given is None or given.group(2, 3) == ("0", "0"):
        given = _CODE.search(diagnostic) or given
    return given.group() if given is not None else ""


def _kind(status: str) -> Bounce:
    return Bounce.HARD if status in _HARD else Bounce.SOFT


def _addresses(texts: Iterable[str]) -> frozenset[str]:
    found = (match.group().lower() for text in texts if (match := _ADDRESS.search(text.partition(";")[2] or text)))
    return frozenset(found)


def _text(mail: Mail, name: str) -> str:
    """Every header of that name, in one line, cut to what is sensible."""
    return " ".join(str(value)[:2000] for value in mail.get_all(name, [])[:20])

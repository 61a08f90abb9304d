"""What a mail server's refusal means: whose fault it is, and whether to try again.

Reply codes and enhanced status codes (RFC 5321, section 4.2; RFC 3463). A resident's address is given up only where the
server says that there is no such mailbox: a server that will not pass our mail on says 550 just as well, and must not
cost a force its list."""

import re

from social.alerts.carriers import Bounce, Delivery
from social.smtp import Result

_ENHANCED = re.compile(rb"\s*[245]\.(\d{1,3})\.(\d{1,3})\b")
NO_SUCH_MAILBOX = frozenset(((1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)))
"""Subject and detail of a status. Others that begin with 1, such as 1.8, are about the sender."""
_FULL = (2, 2)
_TOO_LARGE = {(2, 3), (3, 4)}


def refused_recipient(message_id: int, code: int, words: bytes) -> Delivery:
    """The server's answer to the recipient.  code: 400 to 599.  words: the server's; only their status is read."""
    status = _status(words)
    if status == _FULL or (code == 552 and status is None):
        return Delivery(message_id, Result.NOT_SENT, f"{code}, the mailbox is full", bounce=Bounce.SOFT)
    if code < 500:
        return Delivery(message_id, Result.NOT_SENT, f"{code}, the recipient is not taken just now")
    if status in NO_SUCH_MAILBOX or (status is None and code in (550, 551, 553)):
        return Delivery(message_id, Result.REFUSED, f"{code}, there is no such mailbox", bounce=Bounce.HARD)
    return Delivery(message_id, Result.NOT_SENT, f"{code}, the mail server does not pass it on", refuses_us=True)


def refused_text(message_id: int, code: int, words: bytes) -> Delivery:
    """The server's answer to the text. Some say only then what they say of the recipient elsewhere."""
    status = _status(words)
    if status == _FULL:
        return Delivery(message_id, Result.NOT_SENT, f"{code}, the mailbox is full", bounce=Bounce.SOFT)
    if code < 500:
        return Delivery(message_id, Result.NOT_SENT, f"{code}, the message is not taken just now")
    if status in NO_SUCH_MAILBOX:
        return Delivery(message_id, Result.REFUSED, f"{code}, there is no such mailbox", bounce=Bounce.HARD)
    what = "the message is too large" if status in _TOO_LARGE or code == 552 else "the message is refused"
    return Delivery(message_id, Result.REFUSED, f"{code}, {what}")


def _status(words: bytes) -> tuple[int, int] | None:
    found = _ENHANCED.match(words)
    return (int(found[1]), int(found[2])) if found else None

"""Hands one message to the mail server, step by step, so that it is known whether it may have arrived.

Until the text has been sent nothing has happened; after its end the server may hold the message although its answer was
lost. Python's own `send_message` does not tell the two apart."""

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from enum import Enum

from social.errors import InputError
from social.loopback import is_loopback_host
from social.settings import Settings


class Result(Enum):
    """SENT: the server took it.  NOT_SENT: it did not, try later.  REFUSED: it never will.  UNKNOWN: it may have."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Delivery:
    """How it ended.  detail: a code and a word of ours, never the server's words."""

    result: Result
    detail: str


class _Stop(Exception):
    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery.detail)
        self.delivery = delivery


def deliver(
    settings: Settings, password: str | None, message: EmailMessage, to: str, leaving: Callable[[], bool]
) -> Delivery:
    """Hand the message over for one person.

    leaving: called just before the text leaves; when it says no, nothing is sent.  password: None not to sign in.
    Raises InputError for settings that would send unencrypted to another machine."""
    if settings.smtp_security == "none" and not is_loopback_host(settings.smtp_host):
        raise InputError("smtp_security is 'none': mail to another machine has to be encrypted. Use starttls or tls.")
    left = False
    try:
        with _connected(settings) as server:
            _hello(server, settings, password)
            _expect(server.mail(settings.smtp_from), "sender")
            _expect(server.rcpt(to), "recipient")
            _expect(server.docmd("DATA"), "text")
            if not leaving():
                return Delivery(Result.NOT_SENT, "somebody else has taken it over")
            left = True
            server.send(_on_the_wire(message))
            _expect(server.getreply(), "message")
            return Delivery(Result.SENT, "250")
    except _Stop as stop:
        return stop.delivery
    except (OSError, smtplib.SMTPException, ValueError) as error:
        if left:
            return Delivery(Result.UNKNOWN, f"the answer was lost ({type(error).__name__})")
        return Delivery(Result.NOT_SENT, f"the mail server cannot be used ({type(error).__name__})")


def _connected(settings: Settings) -> smtplib.SMTP:
    timeout = settings.connect_timeout + settings.read_timeout
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=timeout, context=_tls(settings))
    return smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=timeout)


def _hello(server: smtplib.SMTP, settings: Settings, password: str | None) -> None:
    server.ehlo_or_helo_if_needed()
    if settings.smtp_security == "starttls":
        server.starttls(context=_tls(settings))
        server.ehlo()
    if settings.smtp_user and password is not None:
        server.login(settings.smtp_user, password)


def _tls(settings: Settings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.smtp_ca_file or None)


def _expect(reply: tuple[int, bytes], what: str) -> None:
    """Go on with a good reply; 4xx passes, 5xx does not."""
    code = reply[0]
    if 200 <= code < 400:
        return
    result = Result.REFUSED if 500 <= code < 600 else Result.NOT_SENT
    raise _Stop(Delivery(result, f"{code}, {what} not taken"))


def _on_the_wire(message: EmailMessage) -> bytes:
    """The text with its lines ended and its dots doubled as SMTP asks (RFC 5321, section 4.5.2), and its end."""
    text = message.as_bytes(policy=WIRE.clone(cte_type="7bit"))
    text = text if text.endswith(b"\r\n") else text + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", text) + b".\r\n"

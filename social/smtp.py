"""Speaks to the mail server step by step, so that it is known of a message whether it may have arrived.

Until the text has been sent nothing has happened; after its end the server may hold the message although its answer was
lost. Python's own `send_message` does not tell the two apart. `deliver` hands over one message, as alarms do;
`social.alerts.smtp_carrier` many at a time, on the same connections."""

import re
import smtplib
import socket
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


END = b".\r\n"
"""What ends a text, and makes the server answer for it."""


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
    require_private(settings)
    left = False
    try:
        with connect(settings, password) as server:
            _expect(server.mail(settings.smtp_from), "sender")
            _expect(server.rcpt(to), "recipient")
            _expect(server.docmd("DATA"), "text")
            if not leaving():
                return Delivery(Result.NOT_SENT, "somebody else has taken it over")
            left = True
            server.send(on_the_wire(message) + END)
            _expect(server.getreply(), "message")
            return Delivery(Result.SENT, "250")
    except _Stop as stop:
        return stop.delivery
    except (OSError, smtplib.SMTPException, ValueError) as error:
        if left:
            return Delivery(Result.UNKNOWN, f"the answer was lost ({type(error).__name__})")
        return Delivery(Result.NOT_SENT, f"the mail server cannot be used ({type(error).__name__})")


def require_private(settings: Settings) -> None:
    """Raises InputError for settings that would send unencrypted to another machine."""
    if settings.smtp_security == "none" and not is_loopback_host(settings.smtp_host):
        raise InputError("smtp_security is 'none': mail to another machine has to be encrypted. Use starttls or tls.")


def connect(settings: Settings, password: str | None) -> smtplib.SMTP:
    """A connection that is encrypted and signed in.  password: None not to sign in.

    Raises OSError or smtplib.SMTPException; `person_needed` says of each whether it passes by itself."""
    timeout = settings.connect_timeout + settings.read_timeout
    where = settings.smtp_host, settings.smtp_port
    server = (
        smtplib.SMTP_SSL(*where, timeout=timeout, context=_tls(settings))
        if settings.smtp_security == "tls"
        else smtplib.SMTP(*where, timeout=timeout)
    )
    try:
        if server.sock is not None:
            # The end of a text is a small packet of its own, which must not wait until the text was acknowledged.
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server.ehlo_or_helo_if_needed()
        if settings.smtp_security == "starttls":
            server.starttls(context=_tls(settings))
            server.ehlo()
        if settings.smtp_user and password is not None:
            server.login(settings.smtp_user, password)
    except BaseException:
        server.close()
        raise
    return server


def person_needed(error: Exception) -> str | None:
    """What somebody has to put right before the mail server can be used: a sentence of ours, without the server's words.
    None for what may pass by itself."""
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        return "The mail server does not take the name and password. Set them anew: `beatline alarms password --file FILE`."
    if isinstance(error, ssl.SSLCertVerificationError):
        return "The mail server's certificate is not one that this machine trusts. See smtp_ca_file and smtp_host."
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return "The mail server does not speak TLS as it should. See smtp_port and smtp_security."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return (
            "The mail server offers no encryption, or no signing in with a password. See smtp_port and smtp_security."
        )
    return None


def _tls(settings: Settings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.smtp_ca_file or None)


def _expect(reply: tuple[int, bytes], what: str) -> None:
    """Go on with a good reply; 4xx passes, 5xx does not."""
    code = reply[0]
    if 200 <= code < 400:
        return
    result = Result.REFUSED if 500 <= code < 600 else Result.NOT_SENT
    raise _Stop(Delivery(result, f"{code}, {what} not taken"))


def on_the_wire(message: EmailMessage) -> bytes:
    """The text as SMTP takes it, without its `END`."""
    text = message.as_bytes(policy=WIRE.clone(cte_type="7bit"))
    return dotted(text if text.endswith(b"\r\n") else text + b"\r\n")


def dotted(text: bytes) -> bytes:
    """Dots that begin a line are doubled (RFC 5321, section 4.5.2).  text: whole lines."""
    return re.sub(rb"(?m)^\.", b"..", text)

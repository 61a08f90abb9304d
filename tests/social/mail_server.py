"""A real SMTP server on this machine for tests of mail: it keeps what it took and misbehaves when it is told to."""

import socket
import ssl
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "hedgehog-in-the-hall"
USER = "beatline"


class MailServer:
    """Takes mail on a port of its own.

    taken: every message that it held whole, in order, whatever it then answered.  answer: what it says to a message;
    None hangs up without a word after having taken it.  refuses: what it says to a recipient.  most_of_a_connection: messages after
    which it ends a connection."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.taken: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.answer: str | None = "250 taken"
        self.refuses: str | None = None
        self.most_of_a_connection: int | None = None
        self.before_answer: Callable[[], None] = lambda: None
        self.tls = tls
        self.port = _free_port()
        self._controller = _Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> "MailServer":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuses is not None:
            return self.refuses
        session.messages = getattr(session, "messages", 0) + 1  # type: ignore[attr-defined]  # a note of our own
        if self.most_of_a_connection is not None and session.messages > self.most_of_a_connection:  # type: ignore[attr-defined]
            assert server.transport is not None
            server.transport.close()
            return "421 enough for today"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        message: Any = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append(message)
        self.envelopes.append(envelope)
        self.before_answer()
        if self.answer is None:
            assert server.transport is not None
            server.transport.abort()
            return "451 gone"
        return self.answer


class _Controller(Controller):
    def __init__(self, mail: MailServer, **where: Any) -> None:
        self._mail = mail
        super().__init__(mail, **where)

    def factory(self) -> SMTP:
        if self._mail.tls is None:
            return SMTP(self._mail)
        return SMTP(self._mail, tls_context=self._mail.tls, require_starttls=True, auth_required=True,
                    authenticator=_authenticate)  # fmt: skip


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=True)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def self_signed(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate for this machine, and the file of the certificate that clients trust."""
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1)).add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem, secret = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                         serialization.NoEncryption()))  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem, secret)
    return context, pem

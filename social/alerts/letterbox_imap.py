"""The one door to imapclient: reads a mailbox over IMAP4rev1, and changes nothing in it but that a letter was seen.

Nothing of what the server says gets into an error: it may repeat an address."""

import contextlib
import logging
import re
import ssl
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Self

from imapclient import SEEN, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from social.errors import BeatlineError, InputError
from social.loopback import is_loopback_host
from social.settings import Settings

FOLDER = "INBOX"
_ASKED_FOR = re.compile(r"[!-~]{1,400}")
LOOK_EVERY = 0.5
"""Seconds between two looks whether the process is to end while the server is listened to."""
# It writes whole letters into the log at DEBUG.
logging.getLogger("imapclient").setLevel(logging.WARNING)
_TROUBLE = (OSError, IMAPClientError, ValueError, TypeError, KeyError, IndexError, AttributeError)
"""Whatever a connection, a server that breaks its protocol, or the reading of that comes to."""


class MailboxTrouble(BeatlineError):
    """The mailbox cannot be read just now.  needs_person: that does not pass by itself."""

    def __init__(self, detail: str, *, needs_person: bool = False) -> None:
        super().__init__(detail)
        self.needs_person = needs_person


@dataclass(frozen=True)
class Facts:
    """What the server says of a letter.  size: bytes.  arrived_at: when the mailbox got it."""

    size: int
    arrived_at: datetime


class Mailbox:
    """The inbox, opened by `with`, or another folder, which is only looked at.  uid_validity: the server's number for its
    numbers.  next_uid: of the next letter."""

    def __init__(self, settings: Settings, password: str | None, folder: str = FOLDER) -> None:
        self._settings, self._password, self._folder = settings, password, folder
        self.uid_validity = self.next_uid = 0
        self.can_wait = False

    def __enter__(self) -> Self:
        settings = self._settings
        if settings.imap_security == "none" and not is_loopback_host(settings.imap_host):
            raise InputError("imap_security is 'none': a mailbox on another machine has to be read encrypted. Use tls.")
        if self._password is None:
            raise MailboxTrouble(
                "The letterbox has no password. Give it one with `beatline letterbox password`.", needs_person=True
            )
        try:
            self._client = self._connected(settings)
        except _TROUBLE as error:
            raise MailboxTrouble(
                f"The letterbox's mail server cannot be used ({type(error).__name__}). Look at imap_host, imap_port, "
                "imap_security and imap_ca_file.",
                needs_person=isinstance(error, ssl.SSLCertVerificationError),
            ) from None
        try:
            self._open()
        except BaseException:
            self._client.shutdown()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(*_TROUBLE):
            self._client.logout()

    def _connected(self, settings: Settings) -> Any:
        timeout = SocketTimeout(connect=settings.connect_timeout, read=settings.read_timeout)
        tls = settings.imap_security == "tls"
        context = ssl.create_default_context(cafile=settings.imap_ca_file or None)
        client = IMAPClient(
            settings.imap_host, settings.imap_port, ssl=tls, ssl_context=context if tls else None, timeout=timeout
        )
        client.normalise_times = False
        if settings.imap_security == "starttls":
            try:
                client.starttls(context)
            except BaseException:
                client.shutdown()
                raise
        return client

    def _open(self) -> None:
        try:
            self._client.login(self._settings.imap_user, self._password)
        except LoginError:
            raise MailboxTrouble(
                "The letterbox's mail server does not take name and password. Check imap_user, then run "
                "`beatline letterbox password`.",
                needs_person=True,
            ) from None
        except _TROUBLE as error:
            raise _lost(error) from None
        try:
            opened = self._client.select_folder(self._folder, readonly=self._folder != FOLDER)
            self.uid_validity, self.next_uid = int(opened[b"UIDVALIDITY"]), int(opened.get(b"UIDNEXT", 0))
            self.can_wait = bool(self._client.has_capability("IDLE"))
        except _TROUBLE as error:
            if self._folder != FOLDER and isinstance(error, IMAPClientError):
                raise MailboxTrouble(
                    "The letterbox has no folder of the name in imap_sent_folder, or it may not be read.",
                    needs_person=True,
                ) from None
            raise _lost(error) from None

    def refresh(self) -> None:
        """Have the server take notice of what came meanwhile: what is asked from now on is answered with it."""
        try:
            self._client.noop()
        except _TROUBLE as error:
            raise _lost(error) from None

    def after(self, uid: int) -> list[int]:
        """Numbers of the letters behind this one, in their order."""
        # 'n:*' always names the last letter there is, whatever its number (RFC 3501, 6.4.8).
        return sorted(one for one in self._search(["UID", f"{uid + 1}:*"]) if one > uid)

    def since(self, day: date) -> list[int]:
        """Numbers of the letters that arrived on that day of the server's or later, in their order."""
        return sorted(self._search(["SINCE", day]))

    def with_message_id(self, message_id: str) -> list[int]:
        """Numbers of the letters with this Message-ID; none for one whose letters IMAP cannot be asked for."""
        if not _ASKED_FOR.fullmatch(message_id):
            return []
        return sorted(self._search(["HEADER", "Message-ID", message_id]))

    def _search(self, criteria: list[Any]) -> list[int]:
        try:
            return [int(one) for one in self._client.search(criteria)]
        except _TROUBLE as error:
            raise _lost(error) from None

    def facts(self, uids: Sequence[int]) -> dict[int, Facts]:
        """Of those of the letters that are still there."""
        if not uids:
            return {}
        try:
            told = self._client.fetch(list(uids), ["RFC822.SIZE", "INTERNALDATE"])
            return {
                int(uid): Facts(int(one[b"RFC822.SIZE"]), _instant(one[b"INTERNALDATE"]))
                for uid, one in told.items()
                if int(uid) in set(uids) and b"RFC822.SIZE" in one and b"INTERNALDATE" in one
            }
        except _TROUBLE as error:
            raise _lost(error) from None

    def read(self, uid: int, most: int) -> bytes | None:
        """The letter's first bytes, at most so many; None when it is not there any more. It stays unseen."""
        try:
            told = self._client.fetch([uid], [f"BODY.PEEK[]<0.{most}>"]).get(uid, {})
            found = next((value for name, value in told.items() if name.startswith(b"BODY[]")), None)
        except _TROUBLE as error:
            raise _lost(error) from None
        return bytes(found) if found is not None else None

    def mark_seen(self, uids: Sequence[int]) -> None:
        """So that people who look into the mailbox see what Beatline has read. Nothing is moved or removed."""
        if not uids:
            return
        try:
            self._client.add_flags(list(uids), [SEEN], silent=True)
        except _TROUBLE as error:
            raise _lost(error) from None

    def wait(self, seconds: float, stopping: threading.Event) -> bool:
        """Listen for something new (RFC 2177), at most so long.  Returns whether there is; False when it is to end."""
        try:
            self._client.idle()
            news = False
            for _ in range(max(1, int(seconds / LOOK_EVERY))):
                if stopping.is_set() or news:
                    break
                news = self._heard_something()
            self._client.idle_done()
            return news and not stopping.is_set()
        except _TROUBLE as error:
            raise _lost(error) from None

    def _heard_something(self) -> bool:
        begun = time.monotonic()
        told = self._client.idle_check(timeout=LOOK_EVERY)
        if not told and time.monotonic() - begun < LOOK_EVERY / 2:
            raise ConnectionResetError  # the library tells the end of a connection by silence that comes at once
        return any(len(one) > 1 and one[1] in (b"EXISTS", b"RECENT") for one in told)


def _instant(told: datetime) -> datetime:
    return told.astimezone(UTC) if told.tzinfo is not None else told.replace(tzinfo=UTC)


def _lost(error: Exception) -> MailboxTrouble:
    return MailboxTrouble(
        f"The letterbox's mail server broke off or said what cannot be read ({type(error).__name__})."
    )

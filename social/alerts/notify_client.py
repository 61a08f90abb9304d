"""The one door to GOV.UK Notify: what is asked of it, and what its answers mean by the evidence.

Its client library hides what went wrong: no answer in time and no connection at all both look like a 503. So the cause
underneath is what counts: what cannot have arrived was not sent, what may have arrived is unknown. Requests leave by
the same door as those of every network, with timeouts, to one address, and nothing of a request that was given up
arrives later. The library writes Notify's own words to its log, which may name an address: it is kept quiet."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from social.channels.transport import Asked, Door, ask, judge_exception, judge_status
from social.clock import Clock
from social.errors import ChannelError, NeedsPerson, Refused
from social.loopback import is_loopback
from social.settings import Settings

ADDRESS = "https://api.notifications.service.gov.uk"
NAME = "GOV.UK Notify"
PAGE = 250
"""Notifications on a page."""
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_KEY = re.compile(rf".*{_UUID}-{_UUID}", re.IGNORECASE | re.DOTALL)
_ERROR = re.compile(r"[A-Za-z]{1,40}")
_OTHER_KEY = "Make a new key in GOV.UK Notify (API integration) and give it to `beatline accounts verify`."
_MINUTE = timedelta(minutes=1)

T = TypeVar("T")
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Notified:
    """A notification as Notify has it.  id: Notify's number.  status: its own word, such as delivered."""

    id: str
    reference: str
    status: str


@dataclass(frozen=True)
class TextIn:
    """A text that came in.  number: its writer's as Notify has it, digits without a plus, or a name.  at: aware UTC."""

    id: str
    number: str = field(repr=False)
    words: str = field(repr=False)
    at: datetime


class NotifyClient:
    """One service, by its key. Used by one thread at a time.

    credentials: `notify_api_key` and the two templates.  base_url: stands in for Notify's own address.
    Raises NeedsPerson for a key or an address that cannot be used."""

    def __init__(self, credentials: Mapping[str, str], base_url: str | None, settings: Settings, clock: Clock) -> None:
        self._clock = clock
        self._key = credentials.get("notify_api_key", "")
        self._templates = {
            "email": credentials.get("notify_email_template", ""),
            "sms": credentials.get("notify_text_template", ""),
        }
        base = _origin(base_url or ADDRESS)
        if not _KEY.fullmatch(self._key):
            raise NeedsPerson(NAME, "verify", "key", "The key of GOV.UK Notify is not whole.", action=_OTHER_KEY)
        library: Any = NotificationsAPIClient  # it says nothing of its types
        self._client = library(self._key, base_url=base, timeout=(settings.connect_timeout, settings.read_timeout))
        self._client.request_session = Door(base, settings)

    def can(self, kind: str) -> bool:
        """Whether there is a template for email or sms."""
        return bool(self._templates[kind])

    def send_email(
        self, to: str, subject: str, body: str, reference: str, *, unsubscribe: str | None = None
    ) -> Notified:  # fmt: skip
        """Hand over one e-mail.  unsubscribe: where one click leaves; only https is passed on, as Notify asks.

        Raises TryLater (nothing happened), Refused, NeedsPerson or OutcomeUnknown."""
        one_click = unsubscribe if unsubscribe and unsubscribe.startswith("https://") else None
        template = self._template("email")

        def send() -> Any:
            return self._client.send_email_notification(
                to, template, {"subject": subject, "body": body}, reference, one_click_unsubscribe_url=one_click
            )

        return self._ask("publish", True, send, _one)

    def send_text(self, to: str, body: str, reference: str) -> Notified:
        """Hand over one text message.  Raises as `send_email` does."""
        template = self._template("sms")
        return self._ask(
            "publish", True, lambda: self._client.send_sms_notification(to, template, {"body": body}, reference), _one
        )

    def with_reference(self, reference: str) -> list[Notified]:
        """What Notify took under this reference with this kind of key in the last seven days, newest first."""
        return self._ask("find", False, lambda: self._client.get_all_notifications(reference=reference), _all)

    def page(self, older_than: str | None = None) -> list[Notified]:
        """A page of what was sent with this kind of key, newest first; empty at the end."""
        return self._ask("listen", False, lambda: self._client.get_all_notifications(older_than=older_than), _all)

    def texts(self, older_than: str | None = None) -> list[TextIn]:
        """A page of the texts that came in, newest first; empty at the end. One that cannot be read costs no other."""
        return self._ask("listen", False, lambda: self._client.get_received_texts(older_than=older_than), _texts)

    def one(self, notification_id: str) -> Notified:
        """One notification.  Raises Refused (reason gone) where Notify does not have it any more."""
        return self._ask("listen", False, lambda: self._client.get_notification_by_id(notification_id), _one)

    def require_templates(self) -> None:
        """Raises NeedsPerson unless Notify takes the key and both templates are what is needed."""
        for kind, places in (("email", {"subject", "body"}), ("sms", {"body"})):
            if self.can(kind):
                self._require_template(kind, places)

    def _require_template(self, kind: str, places: set[str]) -> None:
        template, wanted = self._templates[kind], " and ".join(f"(({place}))" for place in sorted(places))
        try:
            found = self._ask("verify", False, lambda: self._client.get_template(template), _as_it_is)
        except Refused:
            found = {}  # there is none with this id
        named = found.get("personalisation")
        if found.get("type") != kind or not isinstance(named, dict) or set(named) != places:
            what = f"The {_WORD[kind]} template of GOV.UK Notify is not one with {wanted} and nothing else."
            raise NeedsPerson(NAME, "verify", "template", what, action="Make such a template and give its id.")

    def _template(self, kind: str) -> str:
        if not self.can(kind):
            what = f"There is no template of GOV.UK Notify for {_WORD[kind]}s."
            raise NeedsPerson(NAME, "publish", "template", what, action="Give it to `beatline accounts verify`.")
        return self._templates[kind]

    def _ask(self, operation: str, writes: bool, send: Callable[[], Any], read: Callable[[Any], T]) -> T:
        asked = Asked(NAME, operation, writes, self._clock.now())
        return ask(asked, send, read, self._verdict)

    def _verdict(self, asked: Asked, error: Exception) -> ChannelError:
        if not isinstance(error, APIError):
            return judge_exception(asked, error)
        if error.response is None:
            cause = error.__cause__
            return judge_exception(asked, cause if isinstance(cause, Exception) else error)
        status, name, about_recipient = _said(error)
        code = f"{status} {name}".strip()
        if status in (401, 403):
            return asked.needs(code, f"{NAME} does not take the key, or this machine's clock is wrong.", _OTHER_KEY)
        if status == 404 and not asked.writes:
            return asked.refused(code, f"{NAME} does not have it (any more).", "gone")
        if status == 404:
            return asked.needs(
                code, f"{NAME} is not at the account's address.", "Check it with `beatline accounts list`."
            )
        if status == 429:
            return asked.later(code, f"{NAME} asks us to wait.", self._after_limit(name, asked.at))
        if status == 400:
            return asked.refused(code, f"{NAME} refused it.", "recipient" if about_recipient else "refused")
        return judge_status(asked, status, code=code)

    def _after_limit(self, name: str, now: datetime) -> datetime:
        """The limit of a minute passes with the minute, that of a day at midnight UTC."""
        if name == "TooManyRequestsError":
            return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return now + _MINUTE


_WORD = {"email": "e-mail", "sms": "text message"}


def _origin(base_url: str) -> str:
    """The address without a slash at its end.  Raises NeedsPerson for one that is no bare origin: the library would
    quietly drop its path; and for one that would carry the key unencrypted."""
    parts = urlsplit(base_url)
    bare = parts.scheme in ("http", "https") and parts.hostname and not (parts.path.strip("/") or parts.query)
    if not bare or (parts.scheme == "http" and not is_loopback(base_url)):
        raise NeedsPerson(
            NAME, "verify", "address", "The account's address is not one for GOV.UK Notify.",
            action="Give an address without a path, such as https://api.notifications.service.gov.uk.",
        )  # fmt: skip
    return base_url.rstrip("/")


def _said(error: APIError) -> tuple[int, str, bool]:
    """(status, the kind of error in Notify's word, whether it is about the recipient).  Its messages are not kept."""
    status, words = int(error.status_code), error.message
    first = words[0] if isinstance(words, list) and words and isinstance(words[0], dict) else {}
    name = first.get("error")
    name = name if isinstance(name, str) and _ERROR.fullmatch(name) else ""
    about = name == "ValidationError" and str(first.get("message")).startswith(("email_address ", "phone_number "))
    return status, name, about


def _one(answer: Any) -> Notified:
    """Raises when the answer is not one of Notify's: then nobody knows what happened."""
    found = answer["id"], answer.get("reference") or "", answer.get("status") or ""
    if not all(isinstance(part, str) for part in found) or not re.fullmatch(_UUID, found[0]):
        raise ValueError("no notification")
    return Notified(*found)


def _all(answer: Any) -> list[Notified]:
    items: Sequence[Any] = answer["notifications"]
    return [_one(item) for item in items]


def _texts(answer: Any) -> list[TextIn]:
    items: Sequence[Any] = answer["received_text_messages"]
    return [text for item in items if (text := _text(item)) is not None]


def _text(item: Any) -> TextIn | None:
    given = item if isinstance(item, dict) else {}
    number, writer, words, moment = (
        str(given.get(name, "")) for name in ("id", "user_number", "content", "created_at")
    )
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if not re.fullmatch(_UUID, number):
        return None
    return TextIn(number, writer, words, at if at.tzinfo is not None else at.replace(tzinfo=UTC))


def _as_it_is(answer: Any) -> Mapping[str, Any]:
    if not isinstance(answer, dict):
        raise ValueError("no object")
    return answer

"""The way out to the networks, and what a failure on that way means for a post.

Every request of a channel that speaks HTTP leaves through a `Door`: it has timeouts, goes to one address only, follows
no redirect and ignores the environment. What comes of a request is sorted here, by evidence:

    the request cannot have arrived (no connection, no name, no certificate)      TryLater: nothing happened
    it may have arrived (reset, no answer, cut answer, 5xx, 408, 409, unreadable)  OutcomeUnknown; of a read TryLater
    it was not let out any more (`leaving`)                                       TryLater: nothing happened
    401, 402                                                                     NeedsPerson
    429                                                                          TryLater, not before the network says
    any other 4xx                                                                Refused"""

import os
import re
import socket
import ssl
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

import requests
import urllib3.exceptions
from requests import exceptions as failures
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection

from social.channels.base import Picture
from social.channels.leaving import too_late_to_leave
from social.errors import ChannelError, NeedsPerson, OutcomeUnknown, Refused, TryLater
from social.settings import Settings

T = TypeVar("T")

_CONNECTIONS = 64
"""Most that are kept open to one host."""
_LONGEST_WAIT = timedelta(hours=24)
_MAY_HAVE_HAPPENED = frozenset({408, 409, 425})
_BAD_ADDRESS = (
    failures.MissingSchema,
    failures.InvalidSchema,
    failures.InvalidURL,
    failures.URLRequired,
    failures.InvalidHeader,
)
_BEFORE_THE_REQUEST = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    failures.ConnectTimeout,
    ssl.SSLCertVerificationError,
)
_HANDSHAKE = frozenset(
    {
        "WRONG_VERSION_NUMBER",
        "HTTP_REQUEST",
        "UNSUPPORTED_PROTOCOL",
        "NO_PROTOCOLS_AVAILABLE",
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
    }
)
"""OpenSSL's words for a handshake that failed. Any other TLS error may come after the request was written."""


class LeftTooLate(Exception):
    """The request was not sent: its time had passed."""


class Watch(Protocol):
    """Looks at every request before it leaves, and at what came of it: limits and money (`social.metering`)."""

    def before(self, method: str, path: str, params: Mapping[str, Any]) -> Any:
        """Whether it may leave.  Returns what `after` is to be handed.  Raises TryLater: nothing was sent."""
        ...

    def after(self, ticket: Any, answer: requests.Response | None, error: Exception | None) -> None:
        """What came of it; never raises."""
        ...


class Bearer(Protocol):
    """A token that ends and is renewed (`social.tokens`)."""

    def token(self) -> str:
        """The token to send; renewed first when its time is up."""
        ...

    def renewed(self, used: str) -> bool:
        """The network did not take the token that was used: whether there is another now."""
        ...


class Signer(Protocol):
    """Signs a request when it is ready (`x_signing`)."""

    def covers(self, kwargs: Mapping[str, Any]) -> bool:
        """Whether it can sign a request with these arguments; else the library does."""
        ...

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest: ...


class Uploads(Protocol):
    """Pictures that the network has already (`social.kept_uploads`)."""

    def known(self, picture: Picture) -> str | None:
        """The network's number for it; None when it has to be brought."""
        ...

    def keep(self, picture: Picture, media_id: str) -> None:
        """The network has it now."""
        ...

    def forget(self, pictures: tuple[Picture, ...]) -> None:
        """They are not to be used again."""
        ...


def brought(uploads: Uploads | None, pictures: tuple[Picture, ...], bring: Callable[[Picture], str]) -> list[str]:
    """The network's number for each picture, in order: what an earlier try brought, else brought now and noted."""
    there: list[str] = []
    for picture in pictures:
        known = uploads.known(picture) if uploads is not None else None
        if known is None or known in there:  # the same picture twice in one post is brought twice
            known = bring(picture)
            if uploads is not None:
                uploads.keep(picture, known)
        there.append(known)
    return there


def showing(uploads: Uploads | None, pictures: tuple[Picture, ...], send: Callable[[], T]) -> T:
    """Send the post that shows the pictures. Unless nothing happened they count as used, whatever came of it."""
    try:
        done = send()
    except TryLater:
        raise
    except ChannelError:
        if uploads is not None:
            uploads.forget(pictures)
        raise
    if uploads is not None:
        uploads.forget(pictures)
    return done


class Door(requests.Session):
    """A session that reaches one address and nothing else.

    base_url: where requests go, with or without a path.  instead_of: the address that a library insists on; requests
    for it are sent to base_url, and signed for it too, because they are rewritten before they are signed.
    watch: is asked before every request and told after it.  bearer: signs in place of what the library would do, and so
    does signer, where it can."""

    def __init__(
        self,
        base_url: str,
        settings: Settings,
        *,
        instead_of: str | None = None,
        watch: Watch | None = None,
        bearer: Bearer | None = None,
        signer: Signer | None = None,
    ) -> None:
        super().__init__()
        self._watch = watch
        self._bearer = bearer
        self._signer = signer
        self.base_url = base_url.rstrip("/")
        self._instead_of = instead_of
        self._timeout = (settings.connect_timeout, settings.read_timeout)
        self.trust_env = False
        self.adapters.clear()
        self.mount(f"{self.base_url}/", _way_out(settings.home, self._timeout, os.getpid()))

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        address = url.decode() if isinstance(url, bytes) else url
        if self._instead_of and address.startswith(self._instead_of):
            address = self.base_url + address.removeprefix(self._instead_of)
        kwargs["allow_redirects"] = False
        kwargs["timeout"] = kwargs.get("timeout") or self._timeout
        verb = method.decode() if isinstance(method, bytes) else method
        if self._watch is None:
            return self._signed(verb, address, *args, **kwargs)
        ticket = self._watch.before(verb, address.removeprefix(self.base_url), kwargs.get("params") or {})
        answer: requests.Response | None = None
        failure: Exception | None = None
        try:
            answer = self._signed(verb, address, *args, **kwargs)
        except Exception as error:
            failure = error
            raise
        finally:
            self._watch.after(ticket, answer, failure)
        return answer

    def _signed(self, method: str, address: str, *args: Any, **kwargs: Any) -> requests.Response:
        """Sent with the bearer's token where there is one; a 401 means that nothing was done, so it goes once more."""
        if self._bearer is None:
            if self._signer is not None and kwargs.get("auth") is not None and self._signer.covers(kwargs):
                kwargs["auth"] = self._signer
            return super().request(method, address, *args, **kwargs)
        used = self._bearer.token()
        answer = super().request(method, address, *args, **self._with(used, kwargs))
        if answer.status_code == 401 and self._bearer.renewed(used):
            answer = super().request(method, address, *args, **self._with(self._bearer.token(), kwargs))
        return answer

    @staticmethod
    def _with(token: str, kwargs: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **kwargs,
            "auth": None,
            "headers": {**(kwargs.get("headers") or {}), "Authorization": f"Bearer {token}"},
        }

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """As `requests` prepares it, without asking each part of the session whether it has something to add: a door
        has headers and cookies, and nothing else."""
        own = request.headers or {}
        if request.cookies or self.auth or self.params or not isinstance(own, Mapping) or None in own.values():
            return super().prepare_request(request)
        ready, headers = requests.PreparedRequest(), CaseInsensitiveDict(self.headers)
        headers.update(own)
        ready.prepare(
            method=(request.method or "").upper(), url=request.url, files=request.files, data=request.data,
            json=request.json, headers=headers, params=request.params, auth=request.auth, cookies=self.cookies,
            hooks=request.hooks,
        )  # fmt: skip
        return ready

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        if too_late_to_leave():
            raise LeftTooLate
        return super().send(request, **kwargs)


class _GivesUpWhole(HTTPAdapter):
    """Once a request is given up, nothing of it is on its way any more.

    Without this the system goes on delivering what was written: a request that nobody waits for arrives when a cut
    line is mended, minutes after others have looked for it in vain. So closing a connection throws away what the other
    side has not acknowledged, and so does waiting in vain for longer than the request may take, asleep or not."""

    def __init__(self, timeout: tuple[float, float]) -> None:
        self._patience = timeout
        super().__init__(max_retries=0, pool_maxsize=_CONNECTIONS)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        options = [
            *HTTPConnection.default_socket_options,
            (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)),
        ]
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            options.append((socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1000 * sum(self._patience))))
        super().init_poolmanager(*args, socket_options=options, **kwargs)


@lru_cache(maxsize=8)
def _way_out(_home: Path, timeout: tuple[float, float], _process: int) -> _GivesUpWhole:
    """The connections of this installation in this process, kept open and shared by all accounts: the hosts are the same
    for most of them.  _process: its number; connections must not be shared with one that it was copied from."""
    return _GivesUpWhole(timeout)


@dataclass(frozen=True)
class Asked:
    """What was asked of a network.  writes: it would change what residents see.  at: just before it left, UTC."""

    channel: str
    operation: str
    writes: bool
    at: datetime

    def unclear(self, code: str, what: str) -> ChannelError:
        """Nobody can say whether it happened; for a read that does not matter."""
        if self.writes:
            detail = f"{what} It is not known whether the request was carried out."
            return OutcomeUnknown(self.channel, self.operation, code, detail, sent_at=self.at)
        return TryLater(self.channel, self.operation, code, what)

    def later(self, code: str, what: str, not_before: datetime | None = None) -> TryLater:
        return TryLater(self.channel, self.operation, code, what, not_before=not_before)

    def refused(self, code: str, what: str, reason: str = "refused") -> Refused:
        return Refused(self.channel, self.operation, code, what, reason=reason)

    def needs(self, code: str, what: str, action: str) -> NeedsPerson:
        return NeedsPerson(self.channel, self.operation, code, what, action=action)


Verdict = Callable[[Asked, Exception], ChannelError]


def ask(asked: Asked, send: Callable[[], Any], read: Callable[[Any], T], verdict: Verdict) -> T:
    """Send, and read the answer. Whatever goes wrong in either comes out as one of the four kinds.

    verdict: the channel's, which knows its library's errors and leaves the rest to `judge_exception`."""
    try:
        return read(send())
    except Exception as error:
        # Not chained: the libraries' errors hold the request with its token or signature.
        raise verdict(asked, error) from None


def judge_exception(asked: Asked, error: Exception) -> ChannelError:
    """The verdict on whatever was raised while asking. Never raises, and repeats nothing of the error's own text."""
    if isinstance(error, ChannelError):
        return error
    if isinstance(error, LeftTooLate):
        return asked.later("too_late", "It was held up until its time had passed. Nothing was sent.")
    if isinstance(error, _BAD_ADDRESS):
        action = "Check the address of the account with `beatline accounts list`."
        return asked.needs("address", "The account's address cannot be used.", action)
    if cannot_have_arrived(error):
        return asked.later("unreachable", "The network cannot be reached. Nothing was sent.")
    if isinstance(error, failures.Timeout):
        return asked.unclear("timeout", "The network did not answer in time.")
    if isinstance(error, failures.ConnectionError | failures.ChunkedEncodingError | failures.ContentDecodingError):
        return asked.unclear("cut", "The connection broke before the answer was complete.")
    return asked.unclear("unreadable", "The network's answer cannot be read.")


def judge_status(
    asked: Asked, status: int, *, code: str = "", words: str = "", not_before: datetime | None = None
) -> ChannelError:
    """The verdict on an answer by its status alone.  words: the network's reason, already made safe, or ''."""
    code = code or str(status)
    said = f" It says: {words}" if words else ""
    if status == 401:
        action = "Make new credentials and give them to `beatline accounts verify`."
        return asked.needs(code, "The network does not take the credentials." + said, action)
    if status == 402:
        return asked.needs(code, "The network asks for payment." + said, "Top up or change the plan with the network.")
    if status == 429:
        return asked.later(code, "The network asks us to wait.", not_before)
    if status in (404, 410):
        return asked.refused(code, "The network does not have it (any more)." + said, "gone")
    if status in _MAY_HAVE_HAPPENED or not 400 <= status < 500:
        return asked.unclear(code, f"The network answered with status {status}.")
    return asked.refused(code, "The network refused." + (said or f" It gave status {status} and no reason."))


def cannot_have_arrived(error: BaseException) -> bool:
    """Whether the evidence shows that the request never left this machine whole.

    A TLS error counts only when it belongs to the handshake: OpenSSL raises the same class when a peer hangs up after
    the request was written."""
    for part in _chain(error):
        if isinstance(part, _BEFORE_THE_REQUEST):
            return True
        if isinstance(part, ssl.SSLError) and getattr(part, "reason", None) in _HANDSHAKE:
            return True
    return False


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it wraps, in the ways of requests and urllib3.

    Never `__context__`: a request made while an earlier failure is handled has that failure there."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        part = waiting.pop()
        if not isinstance(part, BaseException) or id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        waiting += [getattr(part, "reason", None), part.__cause__, *part.args]


def wait_until(now: datetime, *moments: datetime | None, otherwise: timedelta) -> datetime:
    """The latest of the moments a network named, else now + otherwise; never past. What lies more than a day ahead is
    not believed."""
    named = [moment for moment in moments if moment is not None and moment <= now + _LONGEST_WAIT]
    moment = max(named) if named else now + otherwise
    return max(moment, now + timedelta(seconds=1))


def retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """The moment that a Retry-After header in seconds names, or None."""
    text = headers.get("Retry-After", "").strip()
    return now + timedelta(seconds=int(text)) if text.isdecimal() and len(text) < 7 else None


def epoch(text: str | None) -> datetime | None:
    """The instant of a header in seconds since 1970, or None when it holds none."""
    if text is None or not text.strip().isdecimal() or len(text.strip()) > 11:
        return None
    return datetime.fromtimestamp(int(text), UTC)


def safe_words(text: object, secrets: Iterable[str] = ()) -> str:
    """A network's own reason, fit to show and store: no secret, no address, no long number, at most 200 characters."""
    if not isinstance(text, str):
        return ""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "…")
    text = re.sub(r"https?://\S+", "…", text)
    text = re.sub(r"@\w+", "…", text)
    text = re.sub(r"\b[\w-]*\d{5,}[\w-]*\b|\b[A-Za-z0-9_-]{25,}\b", "…", text)
    text = " ".join(text.split())
    return text if len(text) <= 200 else text[:199] + "…"

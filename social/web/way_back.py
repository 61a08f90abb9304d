"""Where somebody wanted to go before they had to sign in: one of our own pages, and nothing else.

It is kept in a cookie, never in an address that somebody could send them."""

from collections.abc import Collection
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import Response

NEXT = "beatline_next"
_LONGEST = 2_000
_WAITS = 600
"""Seconds that the way back is remembered."""


def way_back(kept: str | None, paths: Collection[str]) -> str:
    """The address to go on to.  kept: what the cookie says.  paths: of our pages; anything else becomes the first."""
    try:
        parts = urlsplit(unquote(kept or "")[:_LONGEST])
    except ValueError:
        return "/"
    if parts.scheme or parts.netloc or parts.path not in paths:
        return "/"
    query = urlencode(parse_qsl(parts.query))
    return f"{parts.path}?{query}" if query else parts.path


def remember(headers: MutableHeaders, path: str, query: str, *, secure: bool) -> None:
    """Put the way back into an answer."""
    wanted = quote(f"{path}?{query}" if query else path, safe="")
    if len(wanted) <= _LONGEST:
        _set(headers, wanted, _WAITS, secure=secure)


def forget(headers: MutableHeaders, *, secure: bool) -> None:
    """Take it away: it was used."""
    _set(headers, "", 0, secure=secure)


def _set(headers: MutableHeaders, value: str, seconds: int, *, secure: bool) -> None:
    cookie = Response()
    cookie.set_cookie(NEXT, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")
    headers.append("set-cookie", cookie.headers["set-cookie"])

"""What Graph tells of its limits with every answer: how much of the app's and of the Page's allowance is used.

From 75 per cent on reading slows down, so that what has to be published still goes; from 95 per cent on nothing is
asked for a while. Facts of Graph v26.0 read in August 2026 at
https://developers.facebook.com/docs/graph-api/overview/rate-limiting. Nothing here makes a request."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import requests

from social.channels.prices import Charge
from social.channels.transport import retry_after
from social.limits import Purpose, Scope, Seen
from social.settings import Settings

SLOW_FROM = 75
STOP_FROM = 95
_APP_CODES = frozenset({4, 341})
_PAGE_CODES = frozenset({17, 32, 613, 80001})
_PERCENT = ("call_count", "total_time", "total_cputime")


def binding(method: str, path: str) -> tuple[str, ...]:
    """The limits that must be open for this request: looking at our own posts is never slowed down, reading is."""
    return ("reading",) if method == "GET" and not path.endswith("/published_posts") else ()


def seen(_method: str, _path: str, answer: requests.Response, now: datetime) -> list[Seen]:
    """What the answer says of the app's allowance (X-App-Usage) and of the Page's (X-Page-Usage and the business one)."""
    app = max(_percents([_parsed(answer.headers.get("X-App-Usage"))]), default=None)
    entries = [_parsed(answer.headers.get("X-Page-Usage")), *_business(answer.headers.get("X-Business-Use-Case-Usage"))]
    page, opens = max(_percents(entries), default=None), _regained(entries, now)
    code = _code(answer)
    found: list[Seen] = []
    if app is not None or code in _APP_CODES:
        found += _said(Scope.APP, app, code in _APP_CODES, retry_after(answer.headers, now))
    if page is not None or code in _PAGE_CODES or answer.status_code == 429:
        refused = code in _PAGE_CODES or (answer.status_code == 429 and code not in _APP_CODES)
        found += _said(Scope.ACCOUNT, page, refused, opens or retry_after(answer.headers, now))
    return found


def _said(scope: Scope, percent: int | None, refused: bool, opens: datetime | None) -> Iterator[Seen]:
    left = None if percent is None else max(100 - percent, 0)
    spent = refused or (percent is not None and percent >= STOP_FROM)
    yield Seen(scope, "everything", Purpose.ALL, 100, left, spent, refused, opens if spent else None)
    if percent is not None and percent >= SLOW_FROM and not spent:
        yield Seen(scope, "reading", Purpose.READ, 100, left, True, False, None)


def charge(_method: str, _path: str, _params: Mapping[str, Any], _settings: Settings) -> Charge | None:
    """Facebook charges nothing."""
    return None


def _percents(entries: list[Mapping[str, Any]]) -> list[int]:
    values = (entry.get(name) for entry in entries for name in _PERCENT)
    return [int(value) for value in values if isinstance(value, int | float) and 0 <= value < 100_000]


def _business(text: str | None) -> list[Mapping[str, Any]]:
    lists = (entries for entries in _parsed(text).values() if isinstance(entries, list))
    return [entry for entries in lists for entry in entries if isinstance(entry, Mapping)]


def _regained(entries: list[Mapping[str, Any]], now: datetime) -> datetime | None:
    minutes = [entry.get("estimated_time_to_regain_access") for entry in entries]
    moments = [now + timedelta(minutes=m) for m in minutes if isinstance(m, int) and 0 < m < 10_000]
    return max(moments, default=None)


def _parsed(text: str | None) -> Mapping[str, Any]:
    try:
        usage = json.loads(text or "{}")
    except ValueError:
        return {}
    return usage if isinstance(usage, Mapping) else {}


def _code(answer: requests.Response) -> int | None:
    """Facebook's own number for what is wrong; read only where something is, since answers may be long."""
    if answer.ok:
        return None
    try:
        error = answer.json().get("error", {})
        return int(error["code"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None

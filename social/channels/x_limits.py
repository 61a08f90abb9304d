"""What X counts and what it charges: which requests are counted together, what an answer says is left, what it costs.

Facts of August 2026 at https://docs.x.com/x-api/fundamentals/rate-limits. Nothing here makes a request."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import requests

from social.budgets import Bought
from social.channels.prices import Charge, milli
from social.channels.transport import epoch, retry_after
from social.limits import Purpose, Scope, Seen
from social.settings import Settings

_FAMILIES: tuple[tuple[str, str, str, Purpose], ...] = (
    ("POST", r"/2/tweets", "create", Purpose.PUBLISH),
    ("POST", r"/2/media/metadata", "metadata", Purpose.PUBLISH),
    ("POST|GET", r"/2/media/upload.*", "upload", Purpose.PUBLISH),
    ("GET", r"/2/tweets/search/recent", "search", Purpose.READ),
    ("GET", r"/2/users/\d+/mentions", "mentions", Purpose.READ),
    ("GET", r"/2/tweets", "lookup", Purpose.READ),
    ("GET", r"/2/users/\d+/tweets", "timeline", Purpose.OTHER),
    ("DELETE", r"/2/tweets/\d+", "delete", Purpose.OTHER),
    ("PUT", r"/2/tweets/\d+/hidden", "hidden", Purpose.OTHER),
)
_DAY = {"x-app-limit-24hour": Scope.APP, "x-user-limit-24hour": Scope.ACCOUNT}


def family(method: str, path: str) -> tuple[str, Purpose]:
    """What X counts this request with, and what stops when that is used up."""
    for methods, pattern, name, purpose in _FAMILIES:
        if method in methods.split("|") and re.fullmatch(pattern, path):
            return name, purpose
    return "other", Purpose.OTHER


def binding(method: str, path: str) -> tuple[str, ...]:
    """The limits that must be open for this request."""
    name, _ = family(method, path)
    return name, f"{name} a day"


def seen(method: str, path: str, answer: requests.Response, now: datetime) -> list[Seen]:
    """What the answer says of X's limits: the account's of a quarter of an hour, the app's and the account's of a day."""
    name, purpose = family(method, path)
    headers, refused = answer.headers, answer.status_code == 429
    found = []
    for prefix, scope in _DAY.items():
        left = _number(headers.get(f"{prefix}-remaining"))
        if left is not None:
            most, reset = _number(headers.get(f"{prefix}-limit")), epoch(headers.get(f"{prefix}-reset"))
            met = refused and left == 0
            found.append(Seen(scope, f"{name} a day", purpose, most, left, left == 0, met, reset))
    left = _number(headers.get("x-rate-limit-remaining"))
    met = refused and not any(one.refused for one in found)
    if left is not None or met:
        reset = epoch(headers.get("x-rate-limit-reset")) or retry_after(headers, now)
        most = _number(headers.get("x-rate-limit-limit"))
        found.append(Seen(Scope.ACCOUNT, name, purpose, most, left, met or left == 0, met, reset))
    return found


def charge(method: str, path: str, params: Mapping[str, Any], settings: Settings) -> Charge | None:
    """What a request costs beside publishing, which is paid for when it is recorded; None for nothing."""
    name, purpose = family(method, path)
    if purpose is Purpose.PUBLISH:
        return None
    if name in ("search", "lookup", "mentions", "timeline"):
        own = name in ("mentions", "timeline")
        each = milli(settings.x_own_read_pence if own else settings.x_read_pence)
        bought = Bought.NEEDED if name == "timeline" else Bought.READ
        asked = tuple(one for one in str(params.get("ids") or "").split(",") if one)
        most = len(asked) if name == "lookup" else _number(str(params.get("max_results") or "")) or 100
        return Charge(bought, each, most, asked)
    return Charge(Bought.NEEDED, milli(settings.x_other_pence), 1, ())


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.strip().isdecimal() and len(text) < 12 else None

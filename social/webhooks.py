"""What Facebook delivers by itself: that somebody wrote under a post, changed it, or took it away.

A delivery is a hint and no source. Of its body, which holds names and words, only ids and a time are kept; the words are
read afterwards from the network, as always. So a delivery that is forged, repeated, late, out of order or missing
changes nothing but when we look, and what is missing is found by looking anyway."""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, Session, SQLModel

from social.database import UTCDateTime
from social.upsert import put_rows

MOST_BYTES = 1_000_000
"""Largest body that is read; Facebook's are a few kilobytes, and hold at most 1,000 changes."""
MOST_CHANGES = 1_000
SIGNATURE = "X-Hub-Signature-256"
WAITING = text("done_at IS NULL")
_HEARD = frozenset({"comment", "reaction"})
_VERBS = frozenset({"add", "edit", "edited", "remove", "hide", "unhide"})
_ID = re.compile(r"[0-9]{1,40}(?:_[0-9]{1,40})?")


class Delivery(SQLModel, table=True):
    """One change that was told of.

    page, post: the network's ids.  item: the comment's id, '' where it is about the post itself.  verb: add, edited,
    remove, hide or unhide.  told_at: when the network says that it happened.  done_at: when it was taken in."""

    __table_args__ = (
        UniqueConstraint("page", "post", "item", "verb", "told_at"),
        Index("ix_delivery_waiting", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    id: int | None = Field(default=None, primary_key=True)
    page: str
    post: str
    item: str
    verb: str
    told_at: datetime = Field(sa_type=UTCDateTime)
    received_at: datetime = Field(sa_type=UTCDateTime, index=True)
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


@dataclass(frozen=True)
class Told:
    """One change of a delivery; the fields of `Delivery`."""

    page: str
    post: str
    item: str
    verb: str
    told_at: datetime


def is_signed(secret: str, body: bytes, signature: str | None) -> bool:
    """Whether the raw body carries the app's signature: 'sha256=' and the HMAC-SHA256 of its bytes, in hexadecimal."""
    wanted = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), (signature or "").encode())


def changes_in(body: bytes) -> list[Told]:
    """What a signed body tells of; [] where it tells of nothing that we hear.  What cannot be read is left out, and
    costs its neighbours nothing.  Raises ValueError when it is no JSON object at all."""
    given = json.loads(body)
    if not isinstance(given, dict):
        raise ValueError("no object")
    if given.get("object") != "page":
        return []
    found = [
        told
        for entry in _list(given.get("entry"))
        for change in _list(entry.get("changes"))
        if change.get("field") in ("feed", "mention") and (told := _told(entry, change.get("value"))) is not None
    ]
    return list(dict.fromkeys(found))[:MOST_CHANGES]


def _list(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _told(entry: dict[str, Any], value: Any) -> Told | None:
    if not isinstance(value, dict) or value.get("item") not in _HEARD or value.get("verb") not in _VERBS:
        return None
    page, post, item = (_id(entry.get("id")), _id(value.get("post_id")), _id(value.get("comment_id")))
    at = _moment(value.get("created_time")) or _moment(entry.get("time"))
    if page is None or post is None or at is None:
        return None
    return Told(page, post, item or "", str(value["verb"]), at)


def _id(value: Any) -> str | None:
    words = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    return words if _ID.fullmatch(words) else None


def _moment(value: Any) -> datetime | None:
    """Seconds since 1970, as Graph tells them here.  None for what is no moment between 2004 and 2100."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 1.07e9 < value < 4.1e9:
        return None
    return datetime.fromtimestamp(int(value), UTC)


def keep(session: Session, told: Sequence[Told], now: datetime) -> None:
    """Queue them; those that were told of before are left as they are."""
    rows = [
        {"page": one.page, "post": one.post, "item": one.item, "verb": one.verb, "told_at": one.told_at,
         "received_at": now}
        for one in told
    ]  # fmt: skip
    put_rows(session, Delivery, rows, lambda insert: insert.on_conflict_do_nothing())

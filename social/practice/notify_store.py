"""What the practice Notify keeps: notifications it took, texts it received, receipts it still has to deliver."""

import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from social.practice.store import Store
from social.practice.world import from_ms

_TABLES = (
    """CREATE TABLE IF NOT EXISTS notify (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, key_type TEXT NOT NULL, type TEXT NOT NULL,
        recipient TEXT NOT NULL, reference TEXT, subject TEXT, body TEXT NOT NULL, unsubscribe TEXT, outcome TEXT NOT NULL,
        created_ms INTEGER NOT NULL, settled_ms INTEGER)""",
    "CREATE INDEX IF NOT EXISTS notify_by_reference ON notify (reference) WHERE reference IS NOT NULL",
    """CREATE TABLE IF NOT EXISTS notify_text (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, words TEXT NOT NULL,
        received_ms INTEGER NOT NULL)""",
    "CREATE TABLE IF NOT EXISTS notify_day (day TEXT, key_type TEXT, type TEXT, taken INTEGER NOT NULL,"
    " PRIMARY KEY (day, key_type, type))",
    """CREATE TABLE IF NOT EXISTS notify_call (
        number INTEGER PRIMARY KEY, what TEXT NOT NULL, about TEXT NOT NULL, due_ms INTEGER NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0)""",
)
_SETTLES_AFTER_MS = {"email": 2_000, "sms": 4_000}
_SENDS_AFTER_MS = 500
_KEPT_MS = 7 * 86_400_000
"""Notify's usual retention: what is older is not to be found any more."""


@dataclass(frozen=True)
class Notification:
    """type: email or sms.  outcome: the status that it ends with.  settled_ms: from when on, where that was set by
    hand; None where it comes by itself.  unsubscribe: the one-click address given with it."""

    number: int
    id: str
    key_type: str
    type: str
    recipient: str
    reference: str | None
    subject: str | None
    body: str
    unsubscribe: str | None
    outcome: str
    created_ms: int
    settled_ms: int | None

    def status(self, now_ms: int) -> str:
        """created, sending, for a text perhaps pending, then how it ended."""
        if now_ms >= self.ends_ms:
            return self.outcome
        age = now_ms - self.created_ms
        if age < _SENDS_AFTER_MS:
            return "created"
        return "pending" if self.type == "sms" and age >= _SETTLES_AFTER_MS["sms"] // 2 else "sending"

    @property
    def ends_ms(self) -> int:
        """From when on the outcome holds."""
        return self.created_ms + _SETTLES_AFTER_MS[self.type] if self.settled_ms is None else self.settled_ms


@dataclass(frozen=True)
class TextIn:
    """A text message that came in."""

    number: int
    id: str
    source: str
    words: str
    received_ms: int


@dataclass(frozen=True)
class DueCall:
    """A request that is owed to the service's own address.  what: receipt or text.  about: id of the notification or of the
    text.  tries: made so far."""

    number: int
    what: str
    about: str
    tries: int


class NotifyStore:
    """Notify's part of the practice folder."""

    def __init__(self, store: Store) -> None:
        self._store = store
        for statement in _TABLES:
            store.run(statement)

    def take(
        self, key_type: str, kind: str, recipient: str, outcome: str, created_ms: int, *,
        reference: str | None, subject: str | None, body: str, unsubscribe: str | None,
    ) -> Notification:  # fmt: skip
        """One notification more, also of a reference that is there already: Notify does not look for doubles."""
        with self._store.writing():
            number = self._next("notify")
            one = Notification(number, str(uuid.uuid4()), key_type, kind, recipient, reference, subject, body,
                               unsubscribe, outcome, created_ms, None)  # fmt: skip
            self._store.run(f"INSERT INTO notify VALUES ({_marks(12)})", *asdict(one).values())  # noqa: S608
            self._store.run(
                "INSERT INTO notify_day VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET taken = taken + 1",
                _day(created_ms), key_type, kind,
            )  # fmt: skip
        return one

    def taken_today(self, key_type: str, kind: str, now_ms: int) -> int:
        """How many were taken since midnight UTC."""
        query = "SELECT taken FROM notify_day WHERE day = ? AND key_type = ? AND type = ?"
        rows = self._store.rows(query, _day(now_ms), key_type, kind)
        return int(rows[0]["taken"]) if rows else 0

    def one(self, notification_id: str) -> Notification | None:
        rows = self._store.rows("SELECT * FROM notify WHERE id = ?", notification_id)
        return Notification(**dict(rows[0])) if rows else None

    def listed(
        self, now_ms: int, *, key_type: str | None = None, kind: str | None = None, reference: str | None = None,
        older_than: str | None = None, limit: int = -1,
    ) -> list[Notification]:  # fmt: skip
        """Newest first, those of the last seven days.  Empty when `older_than` is not among them."""
        where, values = ["created_ms > ?"], [now_ms - _KEPT_MS]  # type: list[str], list[object]
        for column, value in (("key_type", key_type), ("type", kind), ("reference", reference)):
            if value is not None:
                where.append(f"{column} = ?")
                values.append(value)
        if older_than is not None:
            where.append("number < COALESCE((SELECT number FROM notify WHERE id = ? AND created_ms > ?), 0)")
            values += [older_than, now_ms - _KEPT_MS]
        query = f"SELECT * FROM notify WHERE {' AND '.join(where)} ORDER BY number DESC LIMIT ?"  # noqa: S608
        return [Notification(**dict(row)) for row in self._store.rows(query, *values, limit)]

    def settle(self, notification_id: str, outcome: str, now_ms: int) -> None:
        """It ends like this, now, whatever it would have come to."""
        self._store.run("UPDATE notify SET outcome = ?, settled_ms = ? WHERE id = ?", outcome, now_ms, notification_id)

    def hear(self, source: str, words: str, now_ms: int) -> TextIn:
        """A text message came in."""
        with self._store.writing():
            one = TextIn(self._next("notify_text"), str(uuid.uuid4()), source, words, now_ms)
            self._store.run(f"INSERT INTO notify_text VALUES ({_marks(5)})", *asdict(one).values())  # noqa: S608
        return one

    def heard(self, now_ms: int, older_than: str | None, limit: int) -> list[TextIn]:
        """Newest first, those of the last seven days."""
        query = "SELECT * FROM notify_text WHERE received_ms > ? AND number < COALESCE("
        query += "(SELECT number FROM notify_text WHERE id = ?), ?) ORDER BY number DESC LIMIT ?"
        otherwise = 0 if older_than else 2**62
        rows = self._store.rows(query, now_ms - _KEPT_MS, older_than or "", otherwise, limit)
        return [TextIn(**dict(row)) for row in rows]

    def text_in(self, text_id: str) -> TextIn | None:
        rows = self._store.rows("SELECT * FROM notify_text WHERE id = ?", text_id)
        return TextIn(**dict(rows[0])) if rows else None

    def owe(self, what: str, about: str, due_ms: int) -> None:
        """A request to the service's own address is to be made, in place of one about the same that was not yet."""
        with self._store.writing():
            self._store.run("DELETE FROM notify_call WHERE about = ?", about)
            self._store.run("INSERT INTO notify_call (what, about, due_ms) VALUES (?, ?, ?)", what, about, due_ms)

    def owed(self, now_ms: int) -> list[DueCall]:
        """Those that are due, oldest first."""
        query = "SELECT number, what, about, tries FROM notify_call WHERE due_ms <= ? ORDER BY number"
        return [DueCall(**dict(row)) for row in self._store.rows(query, now_ms)]

    def call_made(self, call: DueCall, again_ms: int | None) -> None:
        """It was made.  again_ms: when it has to be made again; None when that is over."""
        if again_ms is None:
            self._store.run("DELETE FROM notify_call WHERE number = ?", call.number)
        else:
            self._store.run(
                "UPDATE notify_call SET due_ms = ?, tries = tries + 1 WHERE number = ?", again_ms, call.number
            )

    def _next(self, table: str) -> int:
        return int(self._store.rows(f"SELECT COALESCE(MAX(number), 0) + 1 AS n FROM {table}")[0]["n"])  # noqa: S608


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _day(moment_ms: int) -> str:
    return from_ms(moment_ms).astimezone(UTC).date().isoformat()


def stamp(moment_ms: int | None) -> str | None:
    """A moment as Notify writes it."""
    if moment_ms is None:
        return None
    moment: datetime = from_ms(moment_ms)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

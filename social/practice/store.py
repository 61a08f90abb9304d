"""What the practice network keeps: accounts, accepted posts, media and marks, in one SQLite file.

Residents are not kept: they are computed from a post whenever it is read (`residents`), so nothing runs in the
background and reading one post costs the same however many there are. One connection under one lock serves all
threads of a process; several processes may share the file."""

import hashlib
import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS post (
    number INTEGER PRIMARY KEY, network TEXT NOT NULL, platform_id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, link TEXT,
    media TEXT NOT NULL, created_ms INTEGER NOT NULL, pace REAL NOT NULL, origin TEXT NOT NULL, crowd TEXT NOT NULL,
    deleted_ms INTEGER, root INTEGER, parent TEXT);
CREATE INDEX IF NOT EXISTS post_by_time ON post (network, created_ms);
CREATE INDEX IF NOT EXISTS post_by_root ON post (root) WHERE root IS NOT NULL;
CREATE INDEX IF NOT EXISTS post_by_text ON post (network, text);
CREATE TABLE IF NOT EXISTS mark (
    platform_id TEXT PRIMARY KEY, root INTEGER NOT NULL, hidden INTEGER NOT NULL, removed INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS mark_by_root ON mark (root);
CREATE TABLE IF NOT EXISTS media (
    id TEXT PRIMARY KEY, network TEXT NOT NULL, mime TEXT NOT NULL, size INTEGER NOT NULL, alt_text TEXT NOT NULL,
    ready INTEGER NOT NULL, created_ms INTEGER NOT NULL);
"""


@dataclass(frozen=True)
class Post:
    """One accepted post or answer.  crowd: what seeds its residents, '' for an answer.  root: number of the post that
    it answers under, None for a post.  parent: platform id of what it answers.  pace: how fast its residents live."""

    number: int
    network: str
    platform_id: str
    text: str
    link: str | None
    media: tuple[str, ...]
    created_ms: int
    pace: float
    origin: str
    crowd: str
    deleted_ms: int | None
    root: int | None
    parent: str | None


@dataclass(frozen=True)
class Medium:
    """An uploaded file.  ready: it may be attached to a post."""

    id: str
    network: str
    mime: str
    size: int
    alt_text: str
    ready: bool
    created_ms: int


@dataclass(frozen=True)
class Mark:
    """What the account did to a resident's reply."""

    hidden: bool
    removed: bool


class Store:
    """The file.  Every method may be called from any thread."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._created_ms = 0
        self._connection = sqlite3.connect(
            folder / "practice.sqlite", isolation_level=None, check_same_thread=False, timeout=30
        )
        self._connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
            self._connection.execute(f"PRAGMA {pragma}")
        with self.writing():
            for statement in _TABLES.split(";"):
                self._connection.execute(statement)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that nobody else writes beside; may be nested."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """What a query finds, for the parts that keep tables of their own."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def run(self, statement: str, *values: object) -> int:
        """Do what a statement says, for the parts that keep tables of their own.  Returns how many rows it touched."""
        with self.writing():
            return self._connection.execute(statement, values).rowcount

    def created_ms(self) -> int:
        """When the folder was made; 0 while it is being made."""
        if not self._created_ms:
            self._created_ms = int(self.get("created_ms") or 0)
        return self._created_ms

    def get(self, name: str) -> str | None:
        rows = self.rows("SELECT value FROM meta WHERE name = ?", name)
        return str(rows[0]["value"]) if rows else None

    def get_or_make(self, name: str, value: str) -> str:
        """The value kept under this name; `value` is kept first when there is none."""
        with self.writing():
            self._connection.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (name, value))
        kept = self.get(name)
        assert kept is not None
        return kept

    def put(self, name: str, value: str) -> None:
        with self.writing():
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def secret(self, name: str) -> str:
        """A token of this folder, made at first use."""
        return self.get_or_make(name, secrets.token_urlsafe(24))

    def next_number(self) -> int:
        return int(self.rows("SELECT COALESCE(MAX(number), 0) + 1 AS n FROM post")[0]["n"])

    def crowd_key(self, network: str, text: str) -> str:
        """What seeds a new post's residents: the same words get the same residents, their repetition gets others."""
        count = self.rows("SELECT COUNT(*) AS n FROM post WHERE network = ? AND text = ?", network, text)[0]["n"]
        return hashlib.sha256(f"{network}\n{count}\n{text}".encode()).hexdigest()[:16]

    def add_post(self, post: Post) -> None:
        with self.writing():
            self._connection.execute(
                "INSERT INTO post VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
                tuple({**asdict(post), "media": json.dumps(post.media)}.values()),
            )

    def delete_post(self, number: int, now_ms: int) -> None:
        with self.writing():
            self._connection.execute("UPDATE post SET deleted_ms = ? WHERE number = ?", (now_ms, number))

    def post_by_id(self, platform_id: str) -> Post | None:
        return _one(self.rows("SELECT * FROM post WHERE platform_id = ?", platform_id))

    def post_by_number(self, number: int) -> Post | None:
        return _one(self.rows("SELECT * FROM post WHERE number = ?", number))

    def posts(
        self,
        network: str,
        *,
        after_ms: int | None = None,
        before_ms: int | None = None,
        limit: int = 100,
        past: str | None = None,
        answers: bool = False,
    ) -> list[Post]:
        """Posts that are not deleted, newest first.  after_ms inclusive, before_ms exclusive.

        past: platform id after which the list goes on.  answers: take our answers in as well."""
        where, values = ["network = ?", "deleted_ms IS NULL"], [network]  # type: list[str], list[object]
        if not answers:
            where.append("root IS NULL")
        if after_ms is not None:
            where.append("created_ms >= ?")
            values.append(after_ms)
        if before_ms is not None:
            where.append("created_ms < ?")
            values.append(before_ms)
        if past is not None:
            where.append("(created_ms, number) < (SELECT created_ms, number FROM post WHERE platform_id = ?)")
            values.append(past)
        query = f"SELECT * FROM post WHERE {' AND '.join(where)} ORDER BY created_ms DESC, number DESC LIMIT ?"  # noqa: S608
        return [_post(row) for row in self.rows(query, *values, limit)]

    def posts_with_text(self, network: str, text: str) -> list[Post]:
        query = "SELECT * FROM post WHERE network = ? AND text = ? AND deleted_ms IS NULL"
        return [_post(row) for row in self.rows(query, network, text)]

    def answers_under(self, number: int) -> list[Post]:
        """Our own stored answers under a post, oldest first, deleted ones left out."""
        query = "SELECT * FROM post WHERE root = ? AND deleted_ms IS NULL ORDER BY number"
        return [_post(row) for row in self.rows(query, number)]

    def accepted(self) -> list[Post]:
        """Everything that was sent in, deleted or not, oldest first; history is not among it."""
        return [_post(row) for row in self.rows("SELECT * FROM post WHERE origin = 'sent' ORDER BY number")]

    def count_posts(self, network: str) -> int:
        query = "SELECT COUNT(*) AS n FROM post WHERE network = ? AND root IS NULL AND deleted_ms IS NULL"
        return int(self.rows(query, network)[0]["n"])

    def marks_under(self, number: int) -> dict[str, Mark]:
        rows = self.rows("SELECT * FROM mark WHERE root = ?", number)
        return {row["platform_id"]: Mark(bool(row["hidden"]), bool(row["removed"])) for row in rows}

    def set_mark(self, platform_id: str, root: int, mark: Mark) -> None:
        with self.writing():
            self._connection.execute(
                "INSERT OR REPLACE INTO mark VALUES (?,?,?,?)", (platform_id, root, mark.hidden, mark.removed)
            )

    def save_medium(self, medium: Medium) -> None:
        with self.writing():
            self._connection.execute(
                "INSERT OR REPLACE INTO media VALUES (?,?,?,?,?,?,?)",
                (medium.id, medium.network, medium.mime, medium.size, medium.alt_text, medium.ready, medium.created_ms),
            )

    def media(self, network: str, ids: Sequence[str]) -> list[Medium]:
        """Those of the media that are there, in the order asked."""
        found = []
        for media_id in ids:
            rows = self.rows("SELECT * FROM media WHERE id = ? AND network = ?", media_id, network)
            found += [Medium(**{**dict(row), "ready": bool(row["ready"])}) for row in rows]
        return found


def _post(row: sqlite3.Row) -> Post:
    return Post(**{**dict(row), "media": tuple(json.loads(row["media"]))})


def _one(rows: list[sqlite3.Row]) -> Post | None:
    return _post(rows[0]) if rows else None

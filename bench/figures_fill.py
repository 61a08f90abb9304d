"""A force with years of posts behind it: publications, replies, readings and counts, put there by the database itself."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from social.accounts import Account
from social.copying import facts_as_copied
from social.database import Database
from social.places import Place, PlaceKind
from social.sorting import CONTENT_TYPE_LABELS

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
WEEKS, ACCOUNTS = 104, 60
CHANNELS = ("x", "facebook", "memory")
DIVISIONS, SECTIONS, TEAMS, NEIGHBOURHOODS = 6, 24, 94, 300
KINDS = ("thanks", "question", "banter", "complaint", "other", "banter", "abuse", "thanks", "other", "lead")
STANCES = ("neutral", "positive", "negative", "neutral", "unknown", "positive", "neutral")


@dataclass(frozen=True)
class Size:
    """How much of everything.  Each post has replies / posts replies, but one, which has a 250th of all."""

    posts: int = 200_000
    replies: int = 5_000_000
    snapshots: int = 2_000_000

    def part(self, of: int) -> "Size":
        return Size(self.posts // of, self.replies // of, self.snapshots // of)


def fill(database: Database, size: Size) -> list[int]:
    """Everything but the facts.  Returns the numbers of the neighbourhoods."""
    types = sorted(CONTENT_TYPE_LABELS)
    with database.write() as session:
        neighbourhoods = _places(session)
        session.add_all([
            Account(name=f"bench-{number}", channel=CHANNELS[number % 3], credentials_sealed=b"", added_at=NOW - timedelta(weeks=WEEKS + 1))
            for number in range(ACCOUNTS)
        ])  # fmt: skip
        session.flush()
        connection = session.connection()
        with facts_as_copied(connection):
            for statement in _statements(_Words(database.is_sqlite), size, types, neighbourhoods[0]):
                connection.execute(text(statement))
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    return neighbourhoods


def _places(session: Any) -> list[int]:
    """The force and what lies in it, level by level.  Returns the neighbourhoods, one number after another."""
    above: list[int | None] = [None]
    levels = ((PlaceKind.FORCE, 1), (PlaceKind.DIVISION, DIVISIONS), (PlaceKind.SECTION, SECTIONS),
              (PlaceKind.TEAM, TEAMS), (PlaceKind.NEIGHBOURHOOD, NEIGHBOURHOODS))  # fmt: skip
    for kind, count in levels:
        places = [
            Place(name=f"{kind.value} {n}", kind=kind.value, parent_id=above[n % len(above)]) for n in range(count)
        ]
        session.add_all(places)
        session.flush()
        above = [place.id for place in places]
    return [number for number in above if number is not None]


class _Words:
    """What the two databases say differently."""

    def __init__(self, sqlite: bool) -> None:
        self._sqlite = sqlite

    def numbered(self, last: int) -> str:
        """A table `n` of the numbers from 1, in its column `i`."""
        if self._sqlite:
            return f"(WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {last}) SELECT i FROM c) AS n"
        return f"generate_series(1::bigint, {last}::bigint) AS n(i)"

    def moment(self, seconds: str) -> str:
        if self._sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%f', {seconds}, 'unixepoch') || '000'"
        return f"to_timestamp({seconds})"

    @staticmethod
    def one_of(words: tuple[str, ...] | list[str], number: str) -> str:
        cases = " ".join(f"WHEN {at} THEN '{word}'" for at, word in enumerate(words))
        return f"CASE ({number}) % {len(words)} {cases} END"


def _statements(words: _Words, size: Size, types: list[str], first_place: int) -> list[str]:
    step = WEEKS * 7 * 86_400 // size.posts
    start = int(NOW.timestamp()) - step * size.posts

    def out(post: str) -> str:
        return f"({start} + {step} * ({post}))"

    def account(post: str) -> str:
        """A neighbourhood's posts are those of one account."""
        return f"1 + ({post}) * 131 % {NEIGHBOURHOODS} % {ACCOUNTS}"

    lively = size.posts - size.posts // 50
    post = f"(CASE WHEN i % 250 = 0 THEN {lively} ELSE 1 + (i * 7919) % {size.posts} END)"
    written = f"({out(post)} + 60 * (i % 2880))"
    kind, stance = words.one_of(KINDS, "i"), words.one_of(STANCES, "i / 3")
    asked = f"({kind}) IN ('question', 'complaint')"
    metrics = ("reach", "impressions", "reactions", "shares", "clicks")
    per_post = size.snapshots // size.posts
    look = f"({out('(i - 1) / ' + str(per_post) + ' + 1')} + CASE (i - 1) % {per_post} / 5 WHEN 0 THEN 86000 ELSE 2419000 END)"
    value = "(1 + (i * 48271) % 997 * (1 + i % 13)) * CASE i % 5 WHEN 1 THEN 1 WHEN 2 THEN 2 ELSE 0.02 END"
    return [
        "INSERT INTO publication (id, account_id, platform_id, text, published_at, content_type, content_type_guessed, "
        f"place_id, has_picture, imported) SELECT i, {account('i')}, 'p' || i, 'A post', {words.moment(out('i'))}, "
        f"{words.one_of(types, '(i * 31) % 97')}, false, {first_place} + i * 131 % {NEIGHBOURHOODS}, i % 3 = 0, false "
        f"FROM {words.numbered(size.posts)}",
        "INSERT INTO interaction (id, account_id, publication_id, platform_id, kind, text, ours, created_at, fetched_at, "
        "purpose, retention, hidden, unread, urgency, answered_at, seen_kind, seen_stance) "
        f"SELECT i, {account(post)}, {post}, 'r' || i, 'reply', 'What time is it on Tuesday?', false, "
        f"{words.moment(written)}, {words.moment(written)}, 'engagement', 'raw_reply', false, false, 3, "
        f"CASE WHEN {asked} AND i % 4 < 3 THEN {words.moment(written + ' + 60 * (i % 700)')} END, {kind}, {stance} "
        f"FROM {words.numbered(size.replies)}",
        "INSERT INTO reading (id, interaction_id, version, stance, kind, kind_p, lang, lang_p, read_at) "
        f"SELECT i, i, 'bench', {stance}, {kind}, 0.9, 'en', 0.9, {words.moment(str(int(NOW.timestamp())))} "
        f"FROM {words.numbered(size.replies)}",
        "INSERT INTO measurement (id, publication_id, metric, value, source_metric, definition_version, fetched_at, "
        f"checked_at) SELECT i, (i - 1) / {per_post} + 1, {words.one_of(metrics, 'i')}, CAST({value} AS INTEGER), 'bench', 1, "
        f"{words.moment(look)}, {words.moment(look)} FROM {words.numbered(size.snapshots)}",
    ]

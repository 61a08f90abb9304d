"""How many replies a second are stored, page by page, beside the plain way of doing it on the same database.

The plain way is what one would write first: objects of the same table, `add_all`, commit. It stores every reply once and
knows nothing of pages that come twice, of edits, of erased publications or of answers."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from bench.filling import home
from bench.lines import Line
from social.accounts import Account
from social.channels.base import Heard
from social.context import Context
from social.heard import store_heard
from social.interactions import Interaction
from social.publications import Publication, record_publication

PAGES, ROUNDS = {100: 120, 1000: 12}, 3
"""Replies to a page -> pages. Networks hand out 100 at most; a thousand is what the engine's figures were taken with."""
WORDS = "Is the road by the mill still closed this morning, or can we get through to the surgery on foot? Reply {}."
START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def publications(context: Context, count: int) -> dict[str, int]:
    """As many publications of one account, by platform id."""
    now = context.clock.now()
    found: dict[str, int] = {}
    with context.database.write() as session:
        account = Account(name=f"storing-{count}", channel="memory", credentials_sealed=b"", added_at=now)
        session.add(account)
        session.flush()
        assert account.id is not None
        for number in range(count):
            live = Publication(account_id=account.id, platform_id=f"p{number}", text="A post.", published_at=now)
            stored = record_publication(session, live, now)
            assert stored.id is not None
            found[stored.platform_id] = stored.id
    return found


def page(number: int, size: int, conversation: str) -> list[Heard]:
    """A page of replies, a tenth of them to one another, and now and then one of ours."""
    first = number * size
    return [
        Heard(f"r{n}", conversation, f"r{n - 1}" if n % 10 == 9 else conversation, WORDS.format(n),
              START + timedelta(seconds=n), f"author-{n % 5000}", n % 40 == 39, lang="en")
        for n in range(first, first + size)
    ]  # fmt: skip


def plainly(context: Context, account_id: int, publication_id: int, items: Sequence[Heard], now: datetime) -> None:
    with context.database.write() as session:
        session.add_all([_object(context, account_id, publication_id, item, now) for item in items])


def _object(context: Context, account_id: int, publication_id: int, item: Heard, now: datetime) -> Interaction:
    return Interaction(
        account_id=account_id, publication_id=publication_id, platform_id=item.platform_id,
        parent_platform_id=item.parent, kind=item.kind, text=item.text,
        author_key=None if item.ours else context.vault.thread_key(item.conversation, str(item.author)),
        ours=item.ours, lang_hint=item.lang, created_at=item.created_at, fetched_at=now, hidden=bool(item.hidden),
        unread=not item.ours,
    )  # fmt: skip


def carefully(context: Context, account_id: int, ids: dict[str, int], items: Sequence[Heard], now: datetime) -> int:
    with context.database.write() as session:
        return store_heard(session, context.vault, account_id, ids, items, now)


def rate(folder: Path, url: str, size: int, count: int, *, plain: bool) -> float:
    """Replies a second into a database that has none yet."""
    context = home(folder, url=url)
    ids = publications(context, 20)
    account_id = _account_of(context, ids)
    pages = [page(number, size, f"p{number % len(ids)}") for number in range(count)]
    now = context.clock.now()
    begun = time.perf_counter()
    for number, items in enumerate(pages):
        if plain:
            plainly(context, account_id, ids[f"p{number % len(ids)}"], items, now)
        else:
            carefully(context, account_id, ids, items, now)
    seconds = time.perf_counter() - begun
    context.database.close()
    return size * count / seconds


def _account_of(context: Context, ids: dict[str, int]) -> int:
    with context.database.read() as session:
        return _publication(session, next(iter(ids.values()))).account_id


def _publication(session: Session, publication_id: int) -> Publication:
    return session.get_one(Publication, publication_id)


def storing(folder: Path, kind: str, new_url: Callable[[], str]) -> Iterator[Line]:
    """Ours and the plain way in turns, the best of each.  kind: the database's name."""
    for size, count in PAGES.items():
        ours, plain = [], []
        for turn in range(ROUNDS):
            plain.append(rate(folder / f"plain-{kind}-{size}-{turn}", new_url(), size, count, plain=True))
            ours.append(rate(folder / f"ours-{kind}-{size}-{turn}", new_url(), size, count, plain=False))
        best, beside = max(ours), max(plain)
        yield Line(f"replies stored, pages of {size:,}, {kind}", best, "/s", None, "ORM add_all", beside)
        yield Line("  as part of ORM add_all", best / beside, "x", None if size < 1000 else 2.0)


def measure() -> Iterator[Line]:
    from bench.engine import postgresql

    with tempfile.TemporaryDirectory(prefix="beatline-bench-") as scratch:
        yield from storing(Path(scratch), "SQLite", str)
        with postgresql() as server:
            yield from storing(Path(scratch), "PostgreSQL", server.new_database)


if __name__ == "__main__":
    for shown in measure():
        print(shown, flush=True)
    sys.exit(0)

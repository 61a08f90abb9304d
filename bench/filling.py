"""A home with accounts and approved posts, as many as wanted, put there in bulk: what is measured is the worker, and a
hundred thousand posts planned one by one would take longer than the measuring."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select

from scheduler.entries import Entry
from scheduler.posts import Post
from social.accounts import Account
from social.channels.registry import make_channel
from social.context import Context, open_context
from social.settings import load_settings
from social.staff import Role, find_or_add_person
from social.upsert import table_of

CREDENTIALS = dict.fromkeys(("consumer_key", "consumer_secret", "access_token", "access_token_secret"), "secret")
TEXT = "Ducks on Mill Road again, number {}. Please drive with care near the pond this week."


def home(folder: Path, *, url: str = "", **settings: object) -> Context:
    """An open context with a home in this folder.  url: of the database, '' for SQLite in the home."""
    given = {f"BEATLINE_{name.upper()}": str(value) for name, value in settings.items()}
    folder.mkdir(parents=True, exist_ok=True)
    chosen = load_settings(
        {"BEATLINE_HOME": str(folder), "BEATLINE_KEY": "k" * 40, "BEATLINE_DATABASE_URL": url, **given}
    )
    return open_context(chosen, make_channel)


def fill(context: Context, accounts: int, posts: int, due: Sequence[datetime] | datetime, *, base_url: str,
         state: str = "queued", channel: str = "x") -> None:  # fmt: skip
    """Put approved posts into the queue, one account after another in turn.

    due: when each is due, or one moment for all.  state: of their entries."""
    now = context.clock.now()
    with context.database.write() as session:
        author = find_or_add_person(session, "author@woldershire.example", Role.AUTHOR)
        assert author.id is not None
        connection = session.connection()
        known = list(connection.execute(select(table_of(Account).c.id)).scalars())
        sealed = context.vault.seal(CREDENTIALS if channel == "x" else {})
        if not known:
            rows = [{"name": f"account-{n}", "channel": channel, "handle": f"account{n}", "platform_id": str(1000 + n),
                     "base_url": base_url, "credentials_sealed": sealed, "state": "active", "added_at": now}
                    for n in range(accounts)]  # fmt: skip
            connection.execute(insert(table_of(Account)), rows)
            known = list(connection.execute(select(table_of(Account).c.id)).scalars())
        moments = [due] * posts if isinstance(due, datetime) else list(due)
        first = (
            connection.execute(select(table_of(Post).c.id).order_by(table_of(Post).c.id.desc()).limit(1)).scalar() or 0
        ) + 1
        made = now - timedelta(days=1)
        texts = [{"id": first + n, "content_type": "lighthearted", "text": TEXT.format(first + n), "lang": "en",
                  "due_at": moments[n], "case_stage": "none", "author_id": author.id, "version": 1,
                  "approved_version": 1, "approved_at": made, "created_at": made, "updated_at": made}
                 for n in range(posts)]  # fmt: skip
        entries = [{"post_id": first + n, "account_id": known[n % len(known)], "state": state, "due_at": moments[n],
                    "fence": 0, "attempts": 0, "owner_id": author.id, "created_at": made, "updated_at": made}
                   for n in range(posts)]  # fmt: skip
        for start in range(0, posts, 5000):
            connection.execute(insert(table_of(Post)), texts[start : start + 5000])
            connection.execute(insert(table_of(Entry)), entries[start : start + 5000])

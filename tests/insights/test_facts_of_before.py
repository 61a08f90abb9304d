"""A database of before there were triggers gets the facts of what is stored in it when it is brought up to date."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config

import social
from insights.keeping import rebuild_facts
from social.context import Context
from social.copying import tables_of
from social.database import Database
from tests.insights.test_keeping import facts, kept, weeks
from tests.postgresql import Server

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
PEOPLE = {"email": "author@woldershire.example", "name": "A", "role": "author", "active": True}


@pytest.fixture
def of_before(context: Context, request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database at the revision before, empty."""
    if context.database.is_sqlite:
        database = Database(f"sqlite:///{tmp_path / 'before' / 'beatline.sqlite'}")
    else:
        server: Server = request.getfixturevalue("postgresql")
        database = Database(server.new_database(migrated=False))
    config = Config()
    config.set_main_option("script_location", str(Path(social.__file__).parent / "migrations"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
    return database


def test_facts_of_what_was_stored_before_are_those_of_a_rebuild(context: Context, of_before: Database) -> None:
    tables = tables_of(of_before).tables

    def put(table: str, **values: Any) -> None:
        connection.execute(tables[table].insert(), values)

    with of_before.engine.begin() as connection:
        put("person", id=1, **PEOPLE)
        put("account", id=1, name="copperbeck", channel="x", credentials_sealed=b"", state="active", added_at=NOW)
        put("audience", id=1, account_id=1, followers=70, source_metric="f", fetched_at=NOW - timedelta(days=9))
        for post in (1, 2):
            put("publication", id=post, account_id=1, platform_id=f"p{post}", text="A post", content_type="event",
                content_type_guessed=False, has_picture=post == 2, imported=False,
                published_at=NOW - timedelta(days=post * 4))  # fmt: skip
            put("measurement", id=post, publication_id=post, metric="reach", value=50 * post, source_metric="r",
                definition_version=1, fetched_at=NOW - timedelta(days=post * 4, hours=-1),
                checked_at=NOW)  # fmt: skip
        for reply in range(1, 7):
            put("interaction", id=reply, account_id=1, publication_id=1 + reply % 2, platform_id=f"r{reply}", kind="reply",
                text="What time?", ours=reply == 6, created_at=NOW + timedelta(minutes=reply), fetched_at=NOW,
                purpose="engagement", retention="raw_reply", hidden=False, unread=False, urgency=3,
                answered_at=NOW + timedelta(minutes=9 + reply) if reply % 2 else None)  # fmt: skip
            if reply < 5:
                put("reading", id=reply, interaction_id=reply, version="v", stance="neutral", kind="question", kind_p=1,
                    lang="en", lang_p=1, read_at=NOW)  # fmt: skip
        put("label", id=1, interaction_id=2, person_id=1, at=NOW, aspect="kind", was="question", right="thanks",
            version="v", in_force=True)  # fmt: skip
        put("reply_tally", publication_id=1, kind="complaint", stance="negative", answered=True, replies=3,
            first_asked_at=NOW - timedelta(days=1), first_answered_at=NOW)  # fmt: skip
    assert of_before.migrate()
    context.database.close()
    context.database = of_before
    before = kept(context)
    first, second = facts(context)[1], facts(context)[2]
    assert (first["n_complaint"], first["n_thanks"], first["reach_1h"], first["followers"]) == (3, 1, 50, 70)
    assert (second["answered"], second["response_minutes"], second["replies_stored"]) == (2, 9.0, 3)
    assert sum(row["replies_stored"] for row in weeks(context).values()) == 8
    rebuild_facts(context)
    assert kept(context) == before

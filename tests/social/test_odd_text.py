"""What networks send is stored whatever it holds, on either database."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

import social.places  # noqa: F401  publications point there
from social.accounts import Account
from social.channels.base import Heard
from social.context import Context
from social.heard import store_heard
from social.interactions import Interaction
from social.publications import Publication, record_publication

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def hear(context: Context, text: str) -> int:
    item = Heard(platform_id="r1", conversation="p1", parent=None, kind="reply", text=text, author=None, ours=False,
                 created_at=NOON)  # fmt: skip
    with context.database.write() as session:
        return store_heard(session, context.vault, 1, {"p1": 1}, [item], NOON)


@pytest.fixture
def heard_from(context: Context) -> Context:
    with context.database.write() as session:
        session.add(Account(name="Copperbeck", channel="memory", credentials_sealed=b"", added_at=NOON))
        session.flush()
        record_publication(session, Publication(account_id=1, platform_id="p1", text="Hello", published_at=NOON), NOON)
    return context


@pytest.mark.parametrize(
    "text", ["\0", "a\0b", "line\r\nline\x1b[31m", "'; DROP TABLE post; --", "%s {} \\ %(x)s", "🦆" * 400]
)
def test_a_reply_with_odd_signs_is_kept_and_known_again(heard_from: Context, text: str) -> None:
    assert hear(heard_from, text) == 1
    with heard_from.database.read() as session:
        first = session.exec(select(Interaction)).one()
    assert first.text == text.replace("\0", "\ufffd")
    with heard_from.database.write() as session:
        first.unread = False
        session.add(first)
    assert hear(heard_from, text) == 0
    with heard_from.database.read() as session:
        assert session.exec(select(Interaction)).one().unread is False, "the same words are not read twice"

"""The inbox: what is urgent first, no author anywhere, few queries however long it is."""

import dataclasses
import inspect
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from social import inbox
from social.accounts import Account
from social.context import Context
from social.inbox import ReplyView, count_replies, list_replies, thread
from social.inbox_query import Wanted
from social.interactions import Interaction, Reading
from social.places import PlaceKind, find_or_add_place
from social.publications import Publication, record_publication


class Desk:
    """One account with one publication, and replies put straight into the tables."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._number = 0
        with context.database.write() as session:
            now = context.clock.now()
            account = Account(
                name="hexley", channel="memory", credentials_sealed=b"", added_at=now - timedelta(days=100)
            )
            session.add(account)
            self.place = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD)
            session.flush()
            assert account.id is not None
            self.account_id = account.id
        self.publication = self.publish("Were you there?", place_id=self.place.id)

    def publish(self, text: str, **values: Any) -> Publication:
        now = self.context.clock.now()
        with self.context.database.write() as session:
            return record_publication(
                session,
                Publication(
                    account_id=self.account_id, platform_id=f"p-{text}", text=text, published_at=now,
                    content_type="appeal_witness", **values,
                ),
                now,
            )  # fmt: skip

    def reply(self, text: str, kind: str | None, *, minutes: int = 0, stance: str = "neutral", **values: Any) -> int:
        """kind: None for a reply that nothing has read yet."""
        self._number += 1
        now = self.context.clock.now()
        publication = values.pop("publication", self.publication)
        with self.context.database.write() as session:
            reply = Interaction(
                account_id=self.account_id, publication_id=publication.id, platform_id=f"r{self._number}", text=text,
                author_key="k", created_at=now + timedelta(minutes=minutes), fetched_at=now, **values,
            )  # fmt: skip
            session.add(reply)
            session.flush()
            assert reply.id is not None
            if kind is not None:
                session.add(
                    Reading(
                        interaction_id=reply.id, version="v1", stance=stance, kind=kind, kind_p=0.7, lang="en",
                        lang_p=0.9, read_at=now, p_negative=0.2, p_neutral=0.6, p_positive=0.2,
                    )
                )  # fmt: skip
            return reply.id

    def read_again(self, reply_id: int, kind: str) -> None:
        """A newer version of the analyser calls it something else."""
        with self.context.database.write() as session:
            session.add(
                Reading(
                    interaction_id=reply_id, version="v2", stance="neutral", kind=kind, kind_p=0.7, lang="en",
                    lang_p=0.9, read_at=self.context.clock.now(),
                )
            )  # fmt: skip

    def elsewhere(self) -> int:
        """Another area's number."""
        with self.context.database.write() as session:
            place = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD)
            session.flush()
            return place.id or 0

    def listed(self, *, limit: int = 100, offset: int = 0, **wanted: Any) -> list[str]:
        with self.context.database.read() as session:
            return [view.text for view in list_replies(session, Wanted(**wanted), limit=limit, offset=offset)]

    def counted(self, **wanted: Any) -> int:
        with self.context.database.read() as session:
            return count_replies(session, Wanted(**wanted))


@pytest.fixture
def desk(context: Context) -> Desk:
    return Desk(context)


def fill(desk: Desk) -> None:
    desk.reply("old emergency", "emergency", minutes=-500)
    desk.reply("lead", "lead", minutes=1)
    desk.reply("new emergency", "emergency", minutes=2)
    desk.reply("thanks", "thanks", minutes=3, stance="positive")
    desk.reply("unread", None, minutes=4)
    desk.reply("complaint", "complaint", minutes=5, stance="negative")


ORDER = ["new emergency", "old emergency", "lead", "complaint", "unread", "thanks"]


def test_emergencies_come_first_then_leads_then_the_newest(desk: Desk) -> None:
    """R19: even an old emergency stands above everything else."""
    fill(desk)
    assert desk.listed() == ORDER


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_page_after_page_shows_every_reply_once_in_order(desk: Desk, size: int) -> None:
    fill(desk)
    pages = [desk.listed(limit=size, offset=start) for start in range(0, len(ORDER) + size, size)]
    assert [text for page in pages for text in page] == ORDER


def test_filters_narrow_the_list_and_the_count_alike(desk: Desk) -> None:
    fill(desk)
    other = desk.publish("Elsewhere")
    desk.reply("elsewhere", "question", minutes=6, publication=other)
    now = desk.context.clock.now()
    for filters, expected in (
        ({"kinds": ["lead", "complaint"]}, ["lead", "complaint"]),
        ({"kinds": ["thanks"]}, ["thanks"]),
        ({"kinds": []}, []),
        ({"stances": ["negative", "positive"]}, ["complaint", "thanks"]),
        ({"publication_id": other.id}, ["elsewhere"]),
        ({"place_id": desk.place.id}, ORDER),
        ({"since": now + timedelta(minutes=4)}, ["complaint", "elsewhere", "unread"]),
        ({"kinds": ["emergency"], "since": now}, ["new emergency"]),
    ):
        assert desk.listed(**filters) == expected, filters
        assert desk.counted(**filters) == len(expected), filters


def test_our_answers_show_in_the_thread_and_not_in_the_list(desk: Desk) -> None:
    desk.reply("What time?", "question", minutes=1)
    desk.reply("Ten.", None, minutes=2, ours=True)
    assert desk.listed() == ["What time?"]
    assert desk.publication.id is not None
    with desk.context.database.read() as session:
        assert [(view.text, view.ours) for view in thread(session, desk.publication.id)] == [
            ("What time?", False),
            ("Ten.", True),
        ]


def test_a_view_carries_the_post_and_the_latest_reading(desk: Desk) -> None:
    reply_id = desk.reply("Saw him", "other", parent_platform_id="p")
    with desk.context.database.write() as session:
        session.add(
            Reading(
                interaction_id=reply_id, version="v2", stance="unknown", kind="lead", kind_p=0.9, lang="cy", lang_p=0.8,
                read_at=desk.context.clock.now(),
            )
        )  # fmt: skip
    with desk.context.database.read() as session:
        [view] = list_replies(session)
    assert (view.kind, view.stance, view.lang, view.p_neutral) == ("lead", "unknown", "cy", None)
    assert (view.account, view.channel, view.place) == ("hexley", "memory", "Hexley Moor")
    assert (view.content_type, view.publication_text, view.parent_platform_id) == (
        "appeal_witness", "Were you there?", "p",
    )  # fmt: skip


def test_an_unread_reply_is_shown_without_a_reading(desk: Desk) -> None:
    desk.reply("New", None)
    with desk.context.database.read() as session:
        [view] = list_replies(session)
    assert (view.kind, view.stance, view.p_neutral, view.lang) == (None, None, None, None)


def test_a_reply_that_is_gone_is_not_listed(desk: Desk) -> None:
    desk.reply("Gone", "lead", gone_at=desk.context.clock.now())
    assert (desk.listed(), desk.counted()) == ([], 0)


def test_no_view_and_no_function_knows_an_author() -> None:
    """R25: no way to see, ask for or group by who wrote."""
    names = {field.name for field in dataclasses.fields(ReplyView)}
    functions = [f for _, f in inspect.getmembers(inbox, inspect.isfunction) if f.__module__ == inbox.__name__]
    assert functions
    for function in functions:
        names |= set(inspect.signature(function).parameters)
    assert not [name for name in names if "author" in name or "handle" in name or "user" in name]
    assert "author_key" not in inspect.getsource(inbox)


def test_the_number_of_queries_does_not_grow_with_the_list(desk: Desk) -> None:
    queries: list[str] = []
    event.listen(
        desk.context.database.engine, "before_cursor_execute", lambda *args: queries.append(args[2]), named=False
    )
    counts = []
    for _ in range(2):
        for number in range(20):
            desk.reply(f"Reply {number}", "lead")
        queries.clear()
        desk.listed()
        counts.append(len([query for query in queries if query.startswith("SELECT")]))
    assert counts[0] == counts[1] <= 8

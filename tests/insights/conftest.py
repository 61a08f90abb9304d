"""A desk that puts publications, figures and replies straight into the tables, marked as new like collecting does."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, delete

from social.accounts import Account, Audience
from social.context import Context
from social.duty_opening import note_edited
from social.interactions import Interaction, Reading
from social.labels import put_out_of_force
from social.measurements import Measurement
from social.publications import Publication, record_publication


class Desk:
    def __init__(self, context: Context) -> None:
        self.context = context
        self._number = 0
        self.accounts: dict[str, int] = {}

    def account(self, channel: str = "facebook") -> int:
        if channel not in self.accounts:
            with self.context.database.write() as session:
                account = Account(
                    name=f"desk-{channel}", channel=channel, credentials_sealed=b"", added_at=self.context.clock.now()
                )
                session.add(account)
                session.flush()
                assert account.id is not None
                self.accounts[channel] = account.id
        return self.accounts[channel]

    def publish(self, content_type: str = "event", *, channel: str = "facebook", **values: Any) -> int:
        """figures: metric -> count.  days: how long ago it was published."""
        figures = values.pop("figures", {})
        now = self.context.clock.now()
        at = now - timedelta(days=values.pop("days", 3))
        account_id = self.account(channel)
        self._number += 1
        with self.context.database.write() as session:
            publication = record_publication(
                session,
                Publication(
                    account_id=account_id, platform_id=f"p{self._number}", text="A post", published_at=at,
                    content_type=content_type, **values,
                ),
                now,
            )  # fmt: skip
        assert publication.id is not None
        self.measure(publication.id, **figures)
        return publication.id

    def measure(self, publication_id: int, **figures: int) -> None:
        now = self.context.clock.now()
        with self.context.database.write() as session:
            for metric, value in figures.items():
                session.add(
                    Measurement(
                        publication_id=publication_id, metric=metric, value=value, source_metric=metric,
                        fetched_at=now, checked_at=now,
                    )
                )  # fmt: skip

    def reply(self, publication_id: int, text: str, *, minutes: int = 0, **values: Any) -> int:
        """answered: minutes after which we answered, or None."""
        self._number += 1
        at = self.context.clock.now() + timedelta(minutes=minutes)
        answered = values.pop("answered", None)
        with self.context.database.write() as session:
            publication = session.get_one(Publication, publication_id)
            reply = Interaction(
                account_id=publication.account_id, publication_id=publication_id, platform_id=f"r{self._number}",
                text=text, created_at=at, fetched_at=at,
                answered_at=None if answered is None else at + timedelta(minutes=answered), **values,
            )  # fmt: skip
            session.add(reply)
            session.flush()
            assert reply.id is not None
            return reply.id

    def edit(self, reply_id: int, text: str) -> None:
        """The resident changes the words, as collecting would store it."""
        with self.context.database.write() as session:
            reply = session.get_one(Interaction, reply_id)
            reply.text, reply.unread = text, True
            session.connection().execute(delete(Reading).where(col(Reading.interaction_id) == reply_id))
            put_out_of_force(session, [reply_id])
            note_edited(session, [reply_id])
            session.add(reply)

    def followers(self, count: int, *, days: float, channel: str = "facebook") -> None:
        account_id = self.account(channel)
        with self.context.database.write() as session:
            at = self.context.clock.now() - timedelta(days=days)
            session.add(Audience(account_id=account_id, followers=count, source_metric="f", fetched_at=at))


@pytest.fixture
def desk(context: Context) -> Desk:
    return Desk(context)

"""Accounts and approved posts for a campaign: the first of each by the doors that people use, the many as copies."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session, SQLModel, col, select

from scheduler.approvals import approve, submit
from scheduler.entries import Entry
from scheduler.inputs import PostInput, examine
from scheduler.lifecycle import State
from scheduler.posts import Post
from scheduler.versions import PostVersion
from scheduler.writing import write_post
from social.accounts import Account, account_named, list_accounts
from social.accounts_admin import add_account, verify_account
from social.context import Context
from social.practice.network import PracticeNetwork
from social.staff import Person

CHANNELS = ("x", "facebook")
Row = TypeVar("Row", bound=SQLModel)
BETWEEN = "\n---\n"
PLACES = ("Elderwick", "Stonemere", "Copperbeck", "Hexley Moor")


class Posts:
    """number: how many there are.  An account's posts go out one after another, so there are many accounts."""

    def __init__(self, context: Context, seed: int, author: Person, approver: Person) -> None:
        self._context, self._seed, self._author, self._approver = context, seed, author, approver
        self._models: list[tuple[Post, PostVersion]] = []
        self.number = 0

    def add_accounts(self, network: PracticeNetwork, count: int) -> None:
        for channel in CHANNELS:
            name, page = f"practice-{channel}", network.page_id if channel == "facebook" else None
            add_account(self._context, channel=channel, name=name, page_id=page, base_url=network.base_url,
                        credentials=network.credentials(channel))  # fmt: skip
            verify_account(self._context, name)
            with self._context.database.write() as session:
                known = account_named(session, name)
                session.add_all(_copy(known, name=f"{name}-{more}") for more in range(2, count // 2 + 1))

    def plan(self, count: int) -> None:
        """So many more, due now."""
        now = self._context.clock.now()
        with self._context.database.read() as session:
            accounts = list_accounts(session)
        if not self._models:
            self._plan_models(accounts, now)
            count -= len(self._models)
        with self._context.database.write() as session:
            made = [self._made_after(*self._models[n % len(self._models)], now) for n in range(max(count, 0))]
            session.add_all(post for post, _ in made)
            session.flush()
            for place, (post, version) in enumerate(made, self.number):
                assert post.id is not None
                version.post_id = post.id
                session.add(version)
                account = accounts[place % len(accounts)]
                entry = Entry(post_id=post.id, account_id=account.id or 0, state=State.QUEUED.value, due_at=now,
                              owner_id=self._author.id, created_at=now, updated_at=now)  # fmt: skip
                session.add(entry)

    def _plan_models(self, accounts: Sequence[Account], now: datetime) -> None:
        with self._context.database.write() as session:
            for place in PLACES:
                given = PostInput("survey", self._words(), (), place=place)
                problems, prepared = examine(given, accounts[:1], self._context.channel, earliest=None, due_at=now)
                assert not problems
                post = write_post(session, prepared, self._author, now)
                submit(session, post, self._author, now)
                approve(session, post, self._approver, now)
                self._models.append((post, _version_of(session, post)))

    def _made_after(self, post: Post, version: PostVersion, now: datetime) -> tuple[Post, PostVersion]:
        words = self._words()
        body = (version.body or "").replace(post.text, json.dumps(words)[1:-1])
        times = {"due_at": now, "approved_at": now, "created_at": now, "updated_at": now}
        return _copy(post, text=words, **times), _copy(version, body=body, at=now)

    def _words(self) -> str:
        """Every third post is a thread, where its network knows them; the first few are what the others are made after."""
        self.number += 1
        words = f"Question {self.number} of {self._seed}."
        if self.number <= len(PLACES) or self.number % 3:
            return words
        return BETWEEN.join(f"{words} Part {part}." for part in range(1, 4))


def _version_of(session: Session, post: Post) -> PostVersion:
    return session.exec(select(PostVersion).where(col(PostVersion.post_id) == post.id)).one()


def _copy(row: Row, **changes: object) -> Row:
    return type(row)(**{**row.model_dump(exclude={"id"}), **changes})

"""Somebody at a desk, as a process of its own: changes posts while they are on their way, by the same doors as the
pages, wins or loses, and keeps a journal of what was granted."""

import json
import os
import random
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from scheduler.approvals import approve_post, send_for_approval
from scheduler.entries import Entry
from scheduler.hold_kinds import HoldKind
from scheduler.hold_rules import Hold
from scheduler.holds import Order, place_hold, release_hold, say_yes
from scheduler.inputs import PostInput
from scheduler.lifecycle import State
from scheduler.planning import discard_post, edit_post, move_post
from scheduler.posts import Post
from scheduler.takedown import withdraw_post
from scheduler.thread_words import parts_of
from social.accounts import Account
from social.channels.registry import make_channel
from social.clock import as_local
from social.context import Context, open_context
from social.errors import BeatlineError
from social.places import Place
from social.settings import load_settings
from social.staff import Person
from tests.faults.posts import BETWEEN
from tests.faults.relief import TAKEN_DOWN

SOON = timedelta(seconds=2)
"""An approval that comes after its post's time only asks for a new one."""
ON_ITS_WAY = (State.QUEUED.value, State.PUBLISHING.value, State.UNCONFIRMED.value)
ACTS = {"edit": 6, "move": 5, "discard": 1, "withdraw": 2, "hold": 1, "yes": 3}
"""What is done how often, out of the sum of these."""


def work(seed: str, journal: str, pace: float) -> None:
    """Until somebody ends the process.  pace: seconds between two acts.  Never returns."""
    context = open_context(load_settings(), make_channel)
    desk = Desk(context, Path(journal))
    dice = random.Random(f"{seed}/person")
    while True:
        act = dice.choices(tuple(ACTS), tuple(ACTS.values()))[0]
        choice, length = dice.randrange(1 << 30), dice.uniform(0.2, 1.0)
        desk.do(act, choice, length)
        time.sleep(pace)


class Desk:
    """What one person does.  The journal has a JSON object a line: act, post, granted; from, to, place of a hold."""

    def __init__(self, context: Context, journal: Path) -> None:
        self._context, self._journal = context, journal
        with context.database.read() as session:
            people = {person.role: person for person in session.exec(select(Person))}
        self._author, self._corporate = people["author"], people["corporate"]

    def do(self, act: str, choice: int, length: float) -> None:
        acts: dict[str, Callable[[int, float], dict[str, Any] | None]] = {
            "edit": self._edit, "move": self._move, "discard": self._discard, "withdraw": self._withdraw,
            "hold": self._hold, "yes": self._yes,
        }  # fmt: skip
        try:
            done = acts[act](choice, length)
        except BeatlineError:
            done = {"granted": False}
        if done is not None:
            self._write(act, {"granted": True} | done)

    def _write(self, act: str, done: dict[str, Any]) -> None:
        with self._journal.open("a") as journal:
            journal.write(json.dumps({"act": act} | done) + "\n")
            journal.flush()
            os.fsync(journal.fileno())

    def _pick(self, choice: int, *states: str) -> tuple[Post, Account] | None:
        """One of the posts that are due next, or came last, in these states."""
        with self._context.database.read() as session:
            query = select(Entry.id).where(col(Entry.state).in_(states)).order_by(col(Entry.id).desc()).limit(60)
            ids = session.exec(query).all()
            if not ids:
                return None
            entry = session.get_one(Entry, ids[choice % len(ids)])
            return session.get_one(Post, entry.post_id), session.get_one(Account, entry.account_id)

    def _edit(self, choice: int, _: float) -> dict[str, Any] | None:
        picked = self._pick(choice, *ON_ITS_WAY)
        if picked is None:
            return None
        post, account = picked
        assert post.id is not None
        parts = [f"{part.split(' Put')[0]} Put another way {post.version}." for part in parts_of(post.text)]
        words = BETWEEN.join(parts)
        due = as_local(self._context.clock.now() + SOON).replace(tzinfo=None, fold=0)
        given = PostInput(post.content_type, words, (account.name,), due, fold=0, place=self._place(post))
        edit_post(self._context, post.id, given, self._author, expected_version=post.version)
        send_for_approval(self._context, post.id, self._author)
        approve_post(self._context, post.id, self._corporate)
        return {"post": post.id, "gone": post.text}

    def _place(self, post: Post) -> str | None:
        with self._context.database.read() as session:
            place = session.get(Place, post.place_id) if post.place_id is not None else None
            return place.name if place else None

    def _move(self, choice: int, _: float) -> dict[str, Any] | None:
        picked = self._pick(choice, *ON_ITS_WAY, State.HELD.value)
        if picked is None or picked[0].id is None:
            return None
        local = as_local(self._context.clock.now()).replace(tzinfo=None, fold=0)
        move_post(self._context, picked[0].id, local, self._corporate, fold=0)
        return {"post": picked[0].id}

    def _discard(self, choice: int, _: float) -> dict[str, Any] | None:
        picked = self._pick(choice, State.QUEUED.value, State.PUBLISHING.value)
        if picked is None or picked[0].id is None:
            return None
        discard_post(self._context, picked[0].id, self._author)
        return {"post": picked[0].id, "gone": picked[0].text}

    def _withdraw(self, choice: int, _: float) -> dict[str, Any] | None:
        picked = self._pick(choice, State.PUBLISHED.value, *ON_ITS_WAY)
        if picked is None or picked[0].id is None:
            return None
        withdraw_post(self._context, picked[0].id, self._corporate, TAKEN_DOWN)
        return {"post": picked[0].id}

    def _hold(self, choice: int, length: float) -> dict[str, Any] | None:
        with self._context.database.read() as session:
            places = session.exec(select(Place).order_by(col(Place.id))).all()
        if not places:
            return None
        self._release_what_is_left()
        place = places[choice % len(places)]
        order = Order(HoldKind.STOP_ALL, "Something happened there.", place_id=place.id)
        number = place_hold(self._context, order, self._corporate)
        begun = self._context.clock.now()
        time.sleep(length)
        ended = self._context.clock.now()
        self._write("hold", {"granted": True, "place": place.id, "from": begun.isoformat(), "to": ended.isoformat()})
        self._release(number)
        return None

    def _release(self, number: int) -> None:
        while True:
            try:
                release_hold(self._context, number, self._corporate, "It is over.")
            except BeatlineError:
                time.sleep(0.2)
            else:
                return

    def _release_what_is_left(self) -> None:
        """Holds whose placing came to an error after it was recorded; else nothing would go out there any more."""
        with self._context.database.read() as session:
            left = session.exec(select(Hold.id).where(col(Hold.over_at).is_(None))).all()
        for number in left:
            self._release(number or 0)

    def _yes(self, choice: int, _: float) -> dict[str, Any] | None:
        picked = self._pick(choice, State.HELD.value)
        if picked is None or picked[0].id is None:
            return None
        say_yes(self._context, picked[0].id, self._corporate)
        return {"post": picked[0].id}

"""The fault campaign: real workers that are killed, stopped and kept from their database, a network that misbehaves
and counts what it truly accepted, and at the end one question: did every approved post appear exactly once, or is it
named in front of a person?

    python -m tests.faults.campaign --posts 2000 --kills 200 --seed 7

The seed decides what is tried: which worker dies where, which request is spoiled how, and in what order. How far each
process has come at that moment is the machine's own affair, so a seed repeats the plan, not every interleaving."""

import argparse
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests
from sqlmodel import col, func, select

from scheduler.approvals import approve, submit
from scheduler.entries import Attempt, Entry
from scheduler.inputs import PostInput, examine
from scheduler.lifecycle import State
from scheduler.planning import move_post
from scheduler.posts import Post
from scheduler.writing import write_post
from social.accounts import account_named, list_accounts
from social.accounts_admin import add_account, verify_account
from social.channels.registry import make_channel
from social.clock import as_local
from social.context import open_context
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from social.publications import Publication
from social.settings import load_settings
from social.staff import Role, find_or_add_person
from tests.faults.crash_points import FREQUENT
from tests.faults.plan import Plan, Report
from tests.faults.workers import SETTINGS, TURN, nursery

ACCOUNTS = ("practice-x", "practice-facebook")
SPOILT = {
    "publish": ("500_before", "500_after", "reset_before", "reset_after", "hang_after", "429", "401", "html_503",
                "cut_body", "garbled"),
    "find": ("500_before", "reset_before", "hang_after", "html_503", "cut_body", "garbled", "429"),
}  # fmt: skip
OPEN = (State.QUEUED.value, State.PUBLISHING.value, State.UNCONFIRMED.value)
WITH_A_PERSON = (State.HELD.value, State.FAILED.value, State.LAPSED.value)
WAVE = 40
"""Posts planned at once; the next come when few of them are left."""


class Campaign:
    """One run in a folder of its own."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self._folder, self.plan = folder, plan
        self.report = Report(plan.seed)
        environment = {"BEATLINE_HOME": str(folder / "home"), "BEATLINE_KEY": "k" * 40, **SETTINGS}
        self._environment = {**os.environ, **environment}
        self.context = open_context(load_settings(environment), make_channel)
        self._started = 0
        self._fault_number = 0
        self._locked: tuple[sqlite3.Connection, float] | None = None

    def run(self) -> Report:
        begun = time.monotonic()
        network = PracticeNetwork(
            self._folder / "practice", history_weeks=0, limit_scale=1e6, refuses_repeats=False, seed=self.plan.seed
        )
        try:
            with network, nursery(self._folder / "workers.log", self._environment) as self._workers:
                self._network = network
                self._settle_in()
                self._break_things()
                self._let_it_end()
                self._look_closely(self.report)
                self._decide()
                self._let_it_end()
                self._look_again()
        finally:
            self.context.database.close()
        self.report.seconds = time.monotonic() - begun
        return self.report

    def _settle_in(self) -> None:
        for channel, name in zip(("x", "facebook"), ACCOUNTS, strict=True):
            page = self._network.page_id if channel == "facebook" else None
            add_account(self.context, channel=channel, name=name, page_id=page, base_url=self._network.base_url,
                        credentials=self._network.credentials(channel))  # fmt: skip
            verify_account(self.context, name)
        with self.context.database.write() as session:
            self._author = find_or_add_person(session, "author@woldershire.example", Role.AUTHOR)
            self._approver = find_or_add_person(session, "corporate@woldershire.example", Role.CORPORATE)

    # Planning

    def _plan_wave(self) -> None:
        now = self.context.clock.now()
        with self.context.database.read() as session:
            accounts = [account_named(session, name) for name in ACCOUNTS]
        with self.context.database.write() as session:
            for _ in range(WAVE):
                self.report.posts += 1
                given = PostInput("survey", f"Question {self.report.posts} of {self.plan.seed}.", (), place="Elderwick")
                chosen = [accounts[self.report.posts % 2]]
                problems, prepared = examine(given, chosen, self.context.channel, earliest=None, due_at=now)
                assert not problems
                post = write_post(session, prepared, self._author, now)
                submit(session, post, self._author, now)
                approve(session, post, self._approver, now)

    # Breaking

    def _break_things(self) -> None:
        """Faults, deaths and stops, until enough of each was had; new posts whenever few are left."""
        dice = random.Random(f"{self.plan.seed}/turns")
        while self.report.posts < self.plan.posts or self.report.deaths < self.plan.kills:
            self._lock(dice)
            if self._locked is None:
                if self._count(State.QUEUED.value) < WAVE // 2:
                    self._plan_wave()
                self._people()
            self._spoil()
            self._keep_workers()
            if self.plan.kills and dice.random() < 0.06 and (awake := self._workers.awake):
                self._workers.kill(dice.choice(awake))
            time.sleep(TURN)
        if self._locked is not None:
            self._locked[0].close()
        self._network.faults.clear()

    def _spoil(self) -> None:
        """Order the next faults: one in about eight requests to publish, one in four looks."""
        if self.plan.sound or len(self._network.faults.listed()) >= 6:
            return
        dice = random.Random(f"{self.plan.seed}/fault/{self._fault_number}")
        self._fault_number += 1
        route = dice.choice(("publish", "publish", "find"))
        rare = {"429": 0.3, "401": 0.15}
        choice = dice.choices(SPOILT[route], [rare.get(fault, 1.0) for fault in SPOILT[route]])[0]
        network = dice.choice(("x", "facebook"))
        self._network.faults.add(Fault(route, choice, dice.choice((1, 1, 2)), network, dice.randrange(12)))
        self.report.faults[f"{route} {choice}"] += 1

    def _keep_workers(self) -> None:
        self._workers.look()
        self.report.deaths = self._workers.died
        while len(self._workers.awake) < self.plan.workers:
            self._workers.start(self._order())

    def _order(self) -> dict[str, Any] | None:
        """What is to happen to the next worker: nothing, or death or a long sleep at a named point."""
        dice = random.Random(f"{self.plan.seed}/worker/{self._started}")
        self._started += 1
        if dice.random() < 0.15:
            return None
        points, frequent = self.plan.points, [point for point in self.plan.points if point in FREQUENT]
        point = points[self._started % len(points)] if dice.random() < 0.6 else dice.choice(frequent)
        sleeps = dice.random() < self.plan.sleepers
        self.report.stops += sleeps
        self.report.at_points[point] += not sleeps
        visit = dice.randint(1, 6) if point in FREQUENT else 1
        return {"point": point, "visit": visit, "sign": int(signal.SIGSTOP if sleeps else signal.SIGKILL)}

    def _people(self) -> None:
        """What people do meanwhile: connect a paused account again; and quarters of an hour that a network asked for
        pass in no time."""
        with self.context.database.read() as session:
            troubled = [a.name for a in list_accounts(session) if a.state != "active" or a.not_before is not None]
        if troubled:
            self._mend(troubled)

    def _mend(self, names: Sequence[str]) -> None:
        with self.context.database.write() as session:
            for name in names:
                account = account_named(session, name)
                account.state, account.paused_reason, account.not_before = "active", None, None
            waiting = select(Entry).where(Entry.state == State.QUEUED.value, col(Entry.not_before).is_not(None))
            for entry in session.exec(waiting):
                entry.not_before = None

    def _lock(self, dice: random.Random) -> None:
        """Now and then somebody else, a backup for instance, holds the database's one write lock for seconds."""
        if self._locked is None and not self.plan.sound and dice.random() < 0.01:
            connection = sqlite3.connect(str(self.context.database.url.database), isolation_level=None, timeout=30)
            connection.execute("BEGIN IMMEDIATE")
            self._locked = connection, time.monotonic() + dice.uniform(0.5, 2.5)
            self.report.locks += 1
        elif self._locked is not None and time.monotonic() > self._locked[1]:
            self._locked[0].close()
            self._locked = None

    # Ending

    def _let_it_end(self) -> None:
        """Workers without orders and a sound network, until nothing is left that moves by itself."""
        last, since = -1, time.monotonic()
        while (left := self._count(*OPEN) + self._workers.asleep) and time.monotonic() - since < self.plan.patience:
            if left != last:
                last, since = left, time.monotonic()
            self._people()
            self._workers.look()
            while len(self._workers.awake) < self.plan.workers:
                self._workers.start(None)
            time.sleep(TURN)
        self._workers.stop()

    def _count(self, *states: str) -> int:
        with self.context.database.read() as session:
            return session.exec(select(func.count()).where(col(Entry.state).in_(states))).one()

    def _decide(self) -> None:
        """What a person does with what is held: look at the account, then give it a new time."""
        with self.context.database.read() as session:
            held = session.exec(select(Entry.post_id).where(Entry.state == State.HELD.value)).all()
        local = as_local(self.context.clock.now()).replace(tzinfo=None, fold=0)
        for post_id in held:
            move_post(self.context, post_id, local, self._approver, fold=0)

    # Counting

    def _truth(self) -> Counter[str]:
        """How often the network took each text, by its own count."""
        answer = requests.get(
            f"{self._network.base_url}/practice/truth",
            headers={"Authorization": f"Bearer {self._network.admin_token}"}, timeout=60,
        )  # fmt: skip
        return Counter(post["text"] for post in answer.json()["posts"])

    def _entries(self) -> list[tuple[Entry, str]]:
        with self.context.database.read() as session:
            query = select(Entry, Post.text).join(Post, col(Post.id) == col(Entry.post_id)).order_by(col(Entry.id))
            return list(session.exec(query))

    def _look_closely(self, report: Report) -> None:
        taken, entries = self._truth(), self._entries()
        with self.context.database.read() as session:
            report.attempts = session.exec(select(func.count()).select_from(Attempt)).one()
            recorded = set(session.exec(select(Publication.entry_id)))
        report.states = dict(Counter(entry.state for entry, _ in entries))
        report.doubled = [f"{text} ({count} times)" for text, count in taken.items() if count > 1]
        report.stray = sorted(set(taken) - {text for _, text in entries})
        for entry, text in entries:
            there, name = taken[text], f"entry {entry.id}, {entry.state}: {entry.reason}"
            if entry.state in WITH_A_PERSON:
                report.reasons[entry.reason or ""] += 1
                if not entry.reason or entry.owner_id is None:
                    report.lost.append(f"nobody is asked: {name}")
                if there and "could not be settled" not in (entry.reason or ""):
                    report.astray.append(name)
            elif entry.state != State.PUBLISHED.value or not there or entry.id not in recorded:
                report.lost.append(name)

    def _look_again(self) -> None:
        """After the decisions everything is out, once."""
        second = Report(self.plan.seed)
        self._look_closely(second)
        self.report.after_decisions, self.report.attempts = second.states, second.attempts
        self.report.doubled = sorted({*self.report.doubled, *second.doubled})
        for name in ("lost", "astray", "stray"):
            mine = getattr(self.report, name)
            mine += [f"after decisions: {one}" for one in getattr(second, name)]
        if set(second.states) - {"published"}:
            self.report.lost.append(f"not everything went out after the decisions: {second.states}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Breaks workers and network on purpose and counts what came of it.")
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="Folder to keep the databases and the workers' log in.")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    plan = Plan(given.posts, given.kills, given.seed, given.workers)
    with tempfile.TemporaryDirectory() as folder:
        if given.keep:
            given.keep.mkdir(parents=True)
        report = Campaign(given.keep or Path(folder), plan).run()
    print("\n".join(report.lines()))
    return 0 if report.kept else 1


if __name__ == "__main__":
    sys.exit(main())

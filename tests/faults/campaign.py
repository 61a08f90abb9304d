"""The fault campaign: real workers that are killed, stopped, cut off, told the wrong time and kept from their
database, a network that misbehaves and counts what it truly accepted, people who change their minds, and at the end
one question: did every approved post appear exactly once, or is it named in front of a person?

    python -m tests.faults.campaign --posts 2000 --kills 200 --seed 7 --database postgresql

The seed decides what is tried: which worker dies where, which request is spoiled how, what else happens after how many
posts. How far each process has come at that moment is the machine's own affair, so a seed repeats the plan, not every
interleaving."""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from datetime import timedelta
from math import inf
from pathlib import Path
from typing import Any

import requests
from sqlmodel import col, func, select

from scheduler.entries import Entry
from scheduler.lifecycle import State
from social.channels.registry import make_channel
from social.context import open_context
from social.database_trouble import DatabaseTrouble
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from social.settings import load_settings
from social.staff import Role, find_or_add_person
from tests.faults.alone import go_alone
from tests.faults.databases import make_database
from tests.faults.hosts import kind_of_hosts, make_hosts
from tests.faults.plan import HOSTS, STORM, Event, Plan, Report
from tests.faults.posts import Posts
from tests.faults.reckoning import Took, read_journal, reckon
from tests.faults.relief import connect_again, decide, let_hours_pass
from tests.faults.workers import TURN, nursery

OPEN = (State.QUEUED.value, State.PUBLISHING.value, State.UNCONFIRMED.value)


class Campaign:
    """One run in a folder of its own."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self._folder, self.plan = folder, plan
        self.report = Report(plan.seed, plan.database, plan.fingerprint(), kind_of_hosts())
        self._script = plan.script()
        self._begun = time.monotonic()
        self._ending: list[tuple[float, str, Callable[[], object]]] = []
        self._started = self._spoilt = 0
        self._far = timedelta(seconds=2 * plan.waits.lease)

    def run(self) -> Report:
        with ExitStack() as stack:
            self._open(stack)
            self._settle_in()
            self._break_things()
            self._say(f"no more trouble; {self._count(*OPEN)} of {self.report.posts} posts are still open")
            self._let_it_end()
            self._say("nothing moves by itself any more")
            reckon(self.context, self._truth(), self.report)
            read_journal(self.context, self._journal, self.report)
            self._after_decisions()
        self.report.seconds = time.monotonic() - self._begun
        return self.report

    def _open(self, stack: ExitStack) -> None:
        self._database = make_database(self.plan.database, self._folder)
        stack.callback(self._database.close)
        self._network = stack.enter_context(
            PracticeNetwork(self._folder / "practice", history_weeks=0, limit_scale=1e6, refuses_repeats=False,
                            seed=self.plan.seed)
        )  # fmt: skip
        port = int(self._network.base_url.rpartition(":")[2])
        self._hosts = make_hosts(HOSTS if not self.plan.sound else 0, (port, *self._database.ports))
        for host in self._hosts:
            stack.callback(host.close)
        environment = {
            "BEATLINE_HOME": str(self._folder / "home"), "BEATLINE_KEY": "k" * 40,
            "BEATLINE_DATABASE_URL": self._database.url,
        }  # fmt: skip
        own = load_settings(environment | {"BEATLINE_DATABASE_URL": self._database.own_url})
        self.context = open_context(own, make_channel)
        stack.callback(self.context.database.close)
        self._workers = stack.enter_context(
            nursery(self._folder / "workers.log", {**os.environ, **environment}, self.plan.waits)
        )
        self._troubles = self._database.troubles(self._workers)
        self._journal = self._folder / "journal.jsonl"

    def _say(self, what: str) -> None:
        """Into the log of the campaign: what happened when."""
        with (self._folder / "campaign.log").open("a") as log:
            log.write(f"{time.monotonic() - self._begun:8.1f} s  {what}\n")

    def _settle_in(self) -> None:
        with self.context.database.write() as session:
            self._author = find_or_add_person(session, "author@woldershire.example", Role.AUTHOR)
            self._corporate = find_or_add_person(session, "corporate@woldershire.example", Role.CORPORATE)
        self._posts = Posts(self.context, self.plan.seed, self._author, self._corporate)
        self._posts.add_accounts(self._network, self.plan.accounts)
        self._posts.plan(self.plan.accounts)
        self._workers.warm()

    # Breaking

    def _break_things(self) -> None:
        """Everything of the plan, each thing when its time has come; new posts whenever few are left."""
        somebody, last, since = None, (0, 0), time.monotonic()
        while self._goes_on():
            self._keep_workers()
            self._end_what_is_over()
            with suppress(DatabaseTrouble):
                self._turn()
                if somebody is None and not self.plan.sound:
                    desk = {"seed": str(self.plan.seed), "journal": str(self._journal), "pace": 0.2}
                    somebody = self._workers.start(person=desk)
            if (here := (len(self._script), self.report.posts)) != last:
                last, since = here, time.monotonic()
            if time.monotonic() - since > self.plan.patience:
                self.report.lost.append("the workers came to a stand")
                break
            time.sleep(TURN)
        self._end_what_is_over(all_of_it=True)
        self._network.faults.clear()
        if somebody is not None:
            self._workers.signal(somebody, signal.SIGKILL)

    def _goes_on(self) -> bool:
        if time.monotonic() - self._begun > self.plan.minutes * 60:
            self._script.clear()
            return False
        return bool(self._script) or self.report.posts < self.plan.posts or self.report.deaths < self.plan.kills

    def _turn(self) -> None:
        self._spoil()
        if any(what == "database" for _, what, _ in self._ending):
            return
        if self._count(State.QUEUED.value) < self.plan.accounts:
            self._posts.plan(2 * self.plan.accounts)
            self.report.posts = self._posts.number
        left = self._count(*OPEN)
        if self.report.posts and (troubled := connect_again(self.context)):
            self.report.tried["accounts connected again"] += troubled
        self.report.tried["hours let pass"] += let_hours_pass(self.context, self._far)
        while self._script and self._script[0].at <= self.report.posts - left:
            if not self._begin(self._script[0]):
                break
            self._script.pop(0)

    def _begin(self, event: Event) -> bool:
        """Returns False when it has to wait for something of its kind to end."""
        until, name = time.monotonic() + event.seconds, f"{event.what} {event.kind}".strip()
        if event.what in ("kill", "clock") and not self._workers.awake:
            return False
        if event.what in ("database", "line") and any(what == event.what for _, what, _ in self._ending):
            return False
        match event.what:
            case "kill" if awake := self._workers.awake:
                self._workers.signal(awake[event.choice % len(awake)], signal.SIGKILL)
            case "clock" if awake := self._workers.awake:
                pid = awake[event.choice % len(awake)]
                self._workers.set_clock(pid, 3600.0 if event.kind == "forward" else -3600.0)
                self._ending.append((until, "clock", lambda: self._workers.set_clock(pid, 0.0)))
            case "line" if self._hosts:
                host = self._hosts[event.choice % len(self._hosts)]
                host.cut(event.kind)
                self._ending.append((until, "line", host.join))
            case "storm":
                network = ("x", "facebook")[event.choice % 2]
                self._network.faults.add(Fault("publish", "429", STORM, network))
            case "database" if begin := self._troubles.get(event.kind):
                self._ending.append((until, "database", begin()))
                name += " for half a minute" if event.seconds > 30 else ""
            case _:
                name = f"not possible here: {name}"
        self.report.tried[name] += 1
        self._say(f"after {event.at} posts: {name} for {event.seconds} s")
        return True

    def _end_what_is_over(self, *, all_of_it: bool = False) -> None:
        now = time.monotonic()
        over = [one for one in self._ending if all_of_it or one[0] <= now]
        self._ending = [one for one in self._ending if one not in over]
        for _, _, end in over:
            end()

    def _spoil(self) -> None:
        if self.plan.sound or len(self._network.faults.listed()) >= 6:
            return
        fault = self.plan.spoil(self._spoilt)
        self._spoilt += 1
        self._network.faults.add(fault)
        self.report.faults[f"{fault.route} {fault.fault}"] += 1

    def _keep_workers(self) -> None:
        self._workers.look()
        self.report.deaths = self._workers.died
        while len(self._workers.awake) < self.plan.workers:
            order = self.plan.order(self._started, len(self._hosts))
            self._started += 1
            self._note(order)
            if "host" in order:
                order["host"] = self._hosts[order["host"]].order
            self._workers.start(**order)

    def _note(self, order: dict[str, Any]) -> None:
        if strike := order.get("strike"):
            sleeps = strike["sign"] == signal.SIGSTOP
            self.report.stops += sleeps
            self.report.at_points[strike["point"]] += not sleeps
        self.report.tried["workers on hosts of their own"] += "host" in order
        self.report.tried["workers with a name that another has"] += "name" in order

    # Ending

    def _let_it_end(self) -> None:
        """Workers without orders and a sound network, until nothing is left that moves by itself."""
        last, since = -1, time.monotonic()
        while (left := self._count(*OPEN) + self._workers.asleep) and time.monotonic() - since < self.plan.patience:
            if left != last:
                last, since = left, time.monotonic()
            connect_again(self.context)
            self.report.tried["hours let pass"] += let_hours_pass(self.context, self._far)
            self._workers.look()
            while len(self._workers.awake) < self.plan.workers:
                self._workers.start()
            time.sleep(TURN)
        self._workers.stop()

    def _count(self, *states: str) -> int:
        with self.context.database.read() as session:
            return session.exec(select(func.count()).where(col(Entry.state).in_(states))).one()

    def _after_decisions(self) -> None:
        """A person deals with everything that waits for one; after that all is out, once, or was dropped on purpose."""
        for _ in range(4):
            if not decide(self.context, self._author, self._corporate):
                break
            self._let_it_end()
        second = Report(self.plan.seed)
        reckon(self.context, self._truth(), second)
        self.report.after_decisions, self.report.attempts = second.states, second.attempts
        self.report.threads, self.report.parts = second.threads, second.parts
        self.report.doubled = sorted({*self.report.doubled, *second.doubled})
        for name in ("lost", "astray", "stray"):
            mine = getattr(self.report, name)
            mine += [f"after decisions: {one}" for one in getattr(second, name)]
        if set(second.states) - {"published", "withdrawn", "discarded"}:
            self.report.lost.append(f"not everything went out after the decisions: {second.states}")
            self.report.lost += second.unsettled

    def _truth(self) -> Sequence[Took]:
        """What the network took, by its own count."""
        answer = requests.get(
            f"{self._network.base_url}/practice/truth",
            headers={"Authorization": f"Bearer {self._network.admin_token}"}, timeout=60,
        )  # fmt: skip
        return [Took(*map(post.get, Took._fields)) for post in answer.json()["posts"]]


def _in_memory() -> str | None:
    """A folder that outlives any process of the campaign, and no fsync of which waits for a disk."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def main() -> int:
    parser = argparse.ArgumentParser(description="Breaks workers and network on purpose and counts what came of it.")
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--points", nargs="*", help="Only these points of death.")
    parser.add_argument("--sound", action="store_true", help="Nothing goes wrong but what happens to the workers.")
    parser.add_argument("--sleepers", type=float, default=Plan.sleepers, help="Part that is stopped and not killed.")
    parser.add_argument("--brief", type=float, default=1.0, help="How long troubles last, as a part of the usual.")
    parser.add_argument("--patience", type=float, default=Plan.patience)
    parser.add_argument(
        "--minutes", type=float, default=inf, help="Then it comes to its end, whatever was had by then."
    )
    parser.add_argument("--keep", type=Path, help="Folder to keep databases, journal, the workers' log and report in.")
    parser.add_argument("--json", action="store_true", help="Print the report as JSON, for programs.")
    given = parser.parse_args()
    go_alone("tests.faults.campaign", "--seed", str(given.seed))
    print(f"seed {given.seed}", file=sys.stderr, flush=True)
    plan = Plan(given.posts, given.kills, given.seed, given.database, given.workers, sleepers=given.sleepers,
                sound=given.sound, brief=given.brief, patience=given.patience, minutes=given.minutes)  # fmt: skip
    if given.points:
        plan = Plan(**{**vars(plan), "points": tuple(given.points)})
    with tempfile.TemporaryDirectory(dir=_in_memory()) as temporary:
        folder: Path = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        report = Campaign(folder, plan).run()
        if given.keep:
            (folder / "unsettled.txt").write_text("\n".join(report.unsettled) + "\n")
    print(json.dumps(report.as_dict()) if given.json else "\n".join(report.lines()))
    return 0 if report.kept else 1


if __name__ == "__main__":
    sys.exit(main())

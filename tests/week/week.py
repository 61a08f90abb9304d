"""A week of a force on the practice network, with all that can go wrong while replies are collected, at any size.

Posts go out, residents answer, take back and change what they wrote; the network is away twice, turns reading away,
lists pages in disorder and ends a token; the worker's process is killed. Time is a clock that the week itself moves. At
the end the database is held against what the network knows."""

import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from social.accounts import Account, AccountState, list_accounts
from social.accounts_admin import add_account, record_agreement, verify_account
from social.budgets import MILLI, set_budget, spending_of
from social.channels.base import Draft
from social.channels.registry import make_channel
from social.clock import SettableClock
from social.context import Context, open_context
from social.errors import ChannelError
from social.interactions import Interaction
from social.practice import history_texts
from social.practice.habits import Habits
from social.practice.kinds import PLACES
from social.practice.network import PracticeNetwork
from social.practice.troubles import LIMITED, Unrest, drawn
from social.publications import Publication, record_publication
from social.settings import load_settings

ROOT = Path(__file__).parent.parent.parent
START = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
PUBLISHING = timedelta(days=4.5)
"""Posts go out in the first days, so that the last have their residents behind them when the week ends."""
PACE = 6.0
_RECONNECTED_AFTER = timedelta(hours=3)
_BUSIEST = 150
"""Moments after which a strike falls at the latest, however the round goes."""


@dataclass(frozen=True)
class Size:
    """posts: half of them on each network.  replies: about so many to each.  step: between two rounds of the worker.
    x_pence: the month's budget for X: its share of a day pays for looking at every reply again, without which what was
    taken back goes unnoticed."""

    posts: int
    replies: int
    kills: int
    step: timedelta
    x_pence: int
    seed: int = 5


FULL = Size(posts=200, replies=260, kills=10, step=timedelta(hours=2), x_pence=400_000)
SMALL = Size(posts=12, replies=130, kills=3, step=timedelta(hours=8), x_pence=4_000)


@dataclass
class Outcome:
    """What the week came to.  said: replies that the network ever showed.  there: those it shows at the end.  stored,
    marked_gone: rows here.  wrong: sentences, each a promise that was not kept.  asked: requests by network and purpose.
    too_many: requests beyond X's own limits.  spent, sold: pence, as counted here and as the network would bill.
    met: which troubles the worker really met."""

    said: int = 0
    there: int = 0
    changed: int = 0
    stored: int = 0
    marked_gone: int = 0
    rounds: int = 0
    deaths: int = 0
    renewed: int = 0
    too_many: int = 0
    spent: float = 0.0
    sold: float = 0.0
    left_unread: int = 0
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    reconnected: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Worker:
    """The process that collects; see `worker`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, order: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def worker(environment: Mapping[str, str]) -> Iterator[Worker]:
    command = [sys.executable, "-m", "tests.week.worker", json.dumps(dict(environment))]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Worker(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)


class Week:
    """One week.  `run` lives it and says what it came to."""

    def __init__(self, folder: Path, database_url: str, size: Size) -> None:
        self.size, self._rng = size, random.Random(f"week/{size.seed}")
        self._clock = SettableClock(START)
        habits = Habits(replies=size.replies, deleted=0.05, edited=0.05)
        self.unrest = drawn(size.seed, START, WEEK.days, outages=2, limited=6, token_ends=1, shuffled=0.4,
                             repeated=0.4, habits=habits)  # fmt: skip
        self._network = PracticeNetwork(
            folder / "practice", clock=self._clock, pace=PACE, history_weeks=0, unrest=self.unrest
        )
        self._environment = {
            "BEATLINE_HOME": str(folder / "home"), "BEATLINE_KEY": "k" * 40, "BEATLINE_DATABASE_URL": database_url,
        }  # fmt: skip
        self._outcome = Outcome()
        self._paused: dict[str, datetime] = {}
        self._strikes, self._armed = 0, False

    def run(self) -> Outcome:
        with self._network:
            context = open_context(load_settings(self._environment), make_channel, self._clock)
            accounts = self._connect(context)
            with worker(self._environment) as process:
                self._live(context, accounts, process)
            self._compare(context, accounts)
            context.database.close()
        return self._outcome

    def _connect(self, context: Context) -> dict[str, Account]:
        """Both accounts, X with a token that ends every two hours, an agreement and a budget."""
        network = self._network
        given = {"x": network.x_tokens.credentials(), "facebook": network.credentials("facebook")}
        for channel, credentials in given.items():
            add_account(
                context, channel=channel, name=channel, credentials=credentials, base_url=network.base_url,
                handle=network.handle if channel == "x" else None,
                page_id=network.page_id if channel == "facebook" else None,
            )  # fmt: skip
            verify_account(context, channel)
        record_agreement(context, "x", "Contract 12 of 1 June")
        with context.database.write() as session:
            accounts = {account.name: account for account in list_accounts(session)}
            x = accounts["x"].id
            assert x is not None
            set_budget(session, x, START, pence=self.size.x_pence, posts=None, reads=None, kept_for_posts=0)
        return accounts

    def _live(self, context: Context, accounts: Mapping[str, Account], process: Worker) -> None:
        moments = self._moments()
        waiting = self._planned()
        kills = set(self._rng.sample(moments[2:-5], self.size.kills))
        for moment in moments:
            self._clock.set(moment)
            waiting = [one for one in waiting if one[0] > moment or not self._publish(context, accounts, *one[1:])]
            order: dict[str, Any] = {"now": moment.isoformat()}
            self._strikes += moment in kills
            if self._strikes > self._outcome.deaths and not self._armed:
                order["strike"], self._armed = self._rng.randint(1, _BUSIEST), True
            self._round(process, order, moment)
            self._reconnect(context, moment)
        if waiting:
            self._outcome.wrong.append(f"{len(waiting)} posts never went out")
        if self._outcome.deaths != self.size.kills:
            self._outcome.wrong.append(f"the worker died {self._outcome.deaths} times and not {self.size.kills}")

    def _moments(self) -> list[datetime]:
        """When the worker's rounds begin: at every step, and once in the middle of every trouble that lasts."""
        regular = {START + number * self.size.step for number in range(WEEK // self.size.step + 1)}
        troubled = {spell.starts + (spell.ends - spell.starts) / 2 for spell in self.unrest.spells}
        return sorted(regular | troubled)

    def _planned(self) -> list[tuple[datetime, str, str]]:
        """What goes out: the moment, the network and the words."""
        rng, planned = self._rng, []
        for number in range(self.size.posts):
            network = ("x", "facebook")[number % 2]
            kind = rng.choice(list(history_texts.WEIGHTS))
            words = history_texts.write(rng, kind, rng.choice(PLACES), network)
            text = words if len(words) > 230 else f"{words} ({number + 1})"
            planned.append((START + PUBLISHING * rng.random(), network, text))
        return sorted(planned)

    def _publish(self, context: Context, accounts: Mapping[str, Account], network: str, text: str) -> bool:
        """Whether it is live; when the network is away or takes no token, it goes with the next round."""
        account = accounts[network]
        with context.database.read() as session:
            account = session.get_one(Account, account.id)
        try:
            live = context.channel(account).publish(Draft(text), key=text)
        except ChannelError as error:
            self._outcome.met[f"publishing: {error.code}"] += 1
            return False
        assert account.id is not None
        with context.database.write() as session:
            publication = Publication(
                account_id=account.id, platform_id=live.platform_id, text=text, published_at=live.published_at
            )
            record_publication(session, publication, self._clock.now())
        return True

    def _round(self, process: Worker, order: dict[str, Any], moment: datetime) -> None:
        answer = process.ask(order)
        while "died" in answer:
            self._outcome.deaths, self._armed = self._outcome.deaths + 1, False
            answer = process.ask({"now": moment.isoformat()})
        self._outcome.rounds += 1
        self._outcome.left_unread += answer["left_unread"]
        self._outcome.problems.update(problem.partition(":")[2][:60] for problem in answer["problems"])
        if answer["problems"]:
            for network in ("x", "facebook"):
                for purpose in ("listen", "measure"):
                    spell = self._network.troubles.spell(network, purpose, moment)
                    if spell is not None:
                        self._outcome.met[f"{network}: {spell.how}"] += 1

    def _reconnect(self, context: Context, moment: datetime) -> None:
        """Somebody sees after a few hours that a token is taken no more, or that nobody knows whether it was renewed,
        and makes a new one."""
        with context.database.read() as session:
            paused = {
                one.name for one in list_accounts(session)
                if one.state == AccountState.PAUSED.value or one.reading_paused_reason is not None
            }  # fmt: skip
        self._paused = {name: self._paused.get(name, moment) for name in paused}
        for name in sorted(name for name, since in self._paused.items() if moment - since >= _RECONNECTED_AFTER):
            network = self._network
            fresh = network.x_tokens.reconnect() if name == "x" else network.new_page_token()
            try:
                verify_account(context, name, credentials=fresh)
            except ChannelError:
                continue  # the network is away just now: at the next round
            self._outcome.reconnected[name] += 1

    def _compare(self, context: Context, accounts: Mapping[str, Account]) -> None:
        outcome, network = self._outcome, self._network
        # What is hidden on X is seen by nobody who searches, the account included.
        said = {one["platform_id"]: one for one in network.said() if not (one["network"] == "x" and one["hidden"])}
        there = {platform_id: one for platform_id, one in said.items() if not one["gone"]}
        with context.database.read() as session:
            query = select(Interaction, col(Publication.platform_id)).join(
                Publication, col(Publication.id) == col(Interaction.publication_id)
            )
            rows = list(session.exec(query.where(~col(Interaction.ours))))
            x = accounts["x"].id
            assert x is not None
            outcome.spent = spending_of(session, x, self._clock.now()).money / MILLI
        stored = {row.platform_id: row for row, _ in rows}
        outcome.said, outcome.there, outcome.stored = len(said), len(there), len(stored)
        outcome.changed = sum(1 for one in there.values() if "Edit: " in one["text"])
        outcome.marked_gone = sum(1 for row, _ in rows if row.gone_at is not None)
        outcome.asked, outcome.sold = network.asked, network.sold_pence(context.settings)
        outcome.too_many = outcome.asked.pop(("x", "too many"), 0)
        outcome.renewed = network.x_tokens.grant().refreshed
        under = {row.platform_id: conversation for row, conversation in rows}
        outcome.wrong += _differences(said, there, stored, under, len(rows))
        if outcome.too_many:
            outcome.wrong.append(f"{outcome.too_many} requests were beyond X's own limits")
        if outcome.spent > self.size.x_pence:
            outcome.wrong.append(f"{outcome.spent:.0f}p were spent of {self.size.x_pence}p")
        if outcome.sold > outcome.spent + 0.001:
            outcome.wrong.append(f"X would bill {outcome.sold:.0f}p, and only {outcome.spent:.0f}p were counted")


def _differences(
    said: Mapping[str, Any], there: Mapping[str, Any], stored: Mapping[str, Interaction], under: Mapping[str, str],
    rows: int,
) -> Iterator[str]:  # fmt: skip
    """Where the database and the network do not say the same; a sentence each kind."""
    found = {
        "stored more than once": list(range(rows - len(stored))),
        "there, and not stored": [one for one in there if one not in stored],
        "stored, and never said": [one for one in stored if one not in said],
        "there, and marked as gone": [one for one in there if one in stored and stored[one].gone_at is not None],
        "gone, and not marked": [one for one in stored if one not in there and stored[one].gone_at is None],
        "gone, and its words are kept": [one for one in stored if stored[one].gone_at and stored[one].text],
        "with other words": [one for one in there if one in stored and not _same(stored[one].text, there[one])],
        "hidden or shown otherwise": [
            one for one in there
            if one in stored and there[one]["network"] == "facebook" and stored[one].hidden != there[one]["hidden"]
        ],
        "under another post": [one for one in there if one in under and under[one] != there[one]["under"]],
        "without its author's key": [one for one in there if one in stored and _lacks_key(stored[one], there[one])],
    }  # fmt: skip
    for what, which in found.items():
        if which:
            yield f"{len(which)} replies {what}, such as {which[0]}"


def _same(stored: str, said: Mapping[str, Any]) -> bool:
    """Of a reply on X the names that it begins with are not kept (R26)."""
    words = said["text"] if said["network"] == "facebook" else re.sub(r"^(?:@\w{1,15}\s+)+", "", said["text"])
    return stored.split() == words.split()


def _lacks_key(row: Interaction, said: Mapping[str, Any]) -> bool:
    """X always says who wrote; Facebook mostly does not."""
    return said["network"] == "x" and row.author_key is None


def troubles_of(unrest: Unrest) -> str:
    """What was drawn, in a line."""
    away = [spell for spell in unrest.spells if spell.how != LIMITED]
    assert all(one.ends <= two.starts for one, two in pairwise(sorted(away, key=lambda spell: spell.starts)))
    return f"{len(away)} outages, {len(unrest.spells) - len(away)} limits, {len(unrest.token_ends)} ends of a token"

"""Sends what is due, several requests at a time and at most one to an account.

The order is the promise: claim, decide, record the requests, let go of the database, send, record the outcomes. Each
step is done for a group in one short transaction. A crash between turns what was recorded and not settled into
unconfirmed, and the look finds it (`looking.py`). Only the thread that runs the round writes; the senders ask networks
and hand back what these said."""

import logging
import queue as queues
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from scheduler import looking, outcomes, queue, settling, waking
from scheduler.allowance import NotNow
from scheduler.decisions import Hold, Lapse, Publish, Refuse, Wait, decide
from scheduler.queue import Claim, Intent
from scheduler.senders import Answers, Senders
from scheduler.settling import Arrived
from scheduler.work import Made, Work, load_group, made_of, stopped_meanwhile
from social import leases
from social.channels.base import Channel
from social.channels.leaving import must_leave_by
from social.clock import SystemClock
from social.context import Context
from social.database import Database
from social.database_trouble import DatabaseTrouble
from social.errors import BeatlineError, bare
from social.settings import Settings

log = logging.getLogger("beatline.worker")

SHORT_PAUSE = timedelta(seconds=2)
"""Before an entry that could not be sent is taken up again, so that nothing turns in a circle."""
LOOKERS = 4
"""Looks at networks at a time; they wait for each other and never keep a post waiting."""
GATHERED = 0.1
"""Seconds for which answers are gathered before they are recorded together.  A few that are under way are recorded as
they come; of many, waiting a little saves more than it costs."""
SLOW = 0.01
"""Seconds without any answer after which a thread is started for every request that waits for one."""
HELD_UP = "The worker was held up before sending. It will be tried again."
CHANGED = "It was changed, or its time with the worker ran out, before sending."


@dataclass
class Left:
    """What a round could not write down because of the database: claims that were not begun, and known outcomes."""

    claims: list[Claim]
    arrived: list[Arrived]


class Ready(NamedTuple):
    """One claimed entry, decided on: it may be sent."""

    held: Claim
    work: Work
    channel: Channel
    made: Made


_left: WeakKeyDictionary[Database, dict[str, Left]] = WeakKeyDictionary()


class Round:
    """Sends until nothing is due and nothing is under way."""

    def __init__(self, context: Context) -> None:
        settings = context.settings
        self._context, self._worker = context, queue.worker_name()
        self._answers: Answers = queues.SimpleQueue()
        # One batch ahead, so that no sender waits while the next requests are recorded.
        self._senders = Senders(settings.in_flight, self._answers, ahead=settings.claim_batch)
        self._lookers = Senders(1 if settings.in_flight == 1 else LOOKERS, self._answers)
        self._claims: list[Claim] = []
        self._arrived: list[Arrived] = []
        self._served: dict[int, int] = {}
        self._turn, self._moved, self._looked_at = 0, 0, float("-inf")

    def run(self) -> int:
        """Returns how many entries moved on.

        Raises DatabaseTrouble: that is everybody's, and nothing may leave that could not be recorded. What is known
        by then is kept and written down by the next round of this process."""
        try:
            self._write_down_what_was_left()
            if waking.is_idle(self._context, self._context.settings.publish_every):
                return self._moved
            while True:
                self._look_after_the_lost()
                taken = self._take()
                if self._senders.busy or self._lookers.busy:
                    self._fetch()
                    self._record()
                elif not taken and not self._wait_for_the_next():
                    return self._moved
        except DatabaseTrouble:
            self._keep()
            raise
        finally:
            self._senders.close()
            self._lookers.close()

    # Before sending

    def _look_after_the_lost(self) -> None:
        """Take back what lost workers held, and look for what may have gone out, every now and then."""
        now = queue.steady_seconds()
        if now - self._looked_at < self._context.settings.publish_every:
            return
        self._looked_at = now
        if not waking.is_open(self._context):
            return
        self._moved += queue.reap(self._context, self._worker)
        while self._lookers.free and (held := queue.claim_looks(self._context, self._worker, self._lookers.free)):
            for one in held:
                self._lookers.give(partial(looking.look, self._context, one))
            if self._lookers.busy == 1 and self._context.settings.in_flight == 1:
                self._fetch()

    def _take(self) -> int:
        """Claim what is due for the senders that are free, and give it to them."""
        if self._context.stopping.is_set() or not self._senders.free:
            return 0
        batch = self._context.settings.claim_batch
        if self._senders.busy and 2 * self._senders.free < batch:
            return 0  # together they cost less, but nobody is to run out of work meanwhile
        if not self._senders.busy and not waking.is_due(self._context):
            return 0
        limit = min(self._senders.free, batch)
        self._claims = queue.claim(self._context, self._worker, limit, self._served)
        for held in self._claims:
            self._turn += 1
            self._served[held.account_id] = self._turn
        taken = len(self._claims)
        self._begin(self._made_ready())
        return taken

    def _made_ready(self) -> list[Ready]:
        """What may be sent of what was claimed; the rest is given back, held, lapsed or refused."""
        claims, ready = list(self._claims), []
        with self._context.database.read() as session:
            works = load_group(session, claims, self._context.clock.now())
        for held in claims:
            work = works.get(held.entry_id)
            decided = self._guarded(held, partial(self._decided, held, work)) if work is not None else None
            if decided is not None:
                ready.append(decided)
            else:
                self._claims.remove(held)
        return ready

    def _decided(self, held: Claim, found: Work | Exception) -> Ready | None:
        context = self._context
        try:
            if isinstance(found, Exception):
                raise found
            channel = context.channel(found.account)
            made = made_of(found, channel, context.settings)
            decision = decide(made.situation, now=context.clock.now())
        except DatabaseTrouble:
            raise
        except BeatlineError as error:
            self._moved += outcomes.held_for_a_person(context, held, f"It could not be made ready: {error}")
            return None
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
            log.error("entry %s could not be made ready", held.entry_id, exc_info=bare(error))
            reason = f"It could not be made ready ({type(error).__name__}). The worker's log says where; show it to IT."
            self._moved += outcomes.held_for_a_person(context, held, reason)
            return None
        if isinstance(decision, Publish):
            return Ready(held, found, channel, made)
        self._moved += self._carry_out(held, decision)
        return None

    def _carry_out(self, held: Claim, decision: Wait | Hold | Lapse | Refuse) -> int:
        context = self._context
        match decision:
            case Wait(until, reason):
                return outcomes.not_sent(context, held, reason, until or context.clock.now() + SHORT_PAUSE)
            case Hold(reason, hold_id):
                return outcomes.held_for_a_person(context, held, reason, hold_id)
            case Lapse(reason):
                return outcomes.lapsed(context, held, reason)
            case Refuse(reason, rule):
                return outcomes.refused(context, held, reason, actor=rule or held.worker)

    # Sending

    def _begin(self, ready: Sequence[Ready]) -> None:
        """Record the requests in one transaction, then let them leave."""
        settings = self._context.settings
        now = self._context.clock.now()
        fresh = [one for one in ready if not too_old_to_send(one.held, settings)]
        intents = [Intent(one.held, one.made.text_hash, one.made.price, len(one.work.out) + 1) for one in fresh]
        begun = queue.begin_attempts(self._context, intents)
        for one in ready:
            attempt = begun.get(one.held.entry_id)
            if isinstance(attempt, int):
                self._claims.remove(one.held)
                self._senders.give(partial(self._send, one, attempt))
            elif isinstance(attempt, NotNow):
                self._back(one.held, attempt.reason, attempt.until)
            else:
                self._back(one.held, CHANGED if one in fresh else HELD_UP, now + SHORT_PAUSE)

    def _back(self, held: Claim, reason: str, until: Any) -> None:
        self._moved += outcomes.not_sent(self._context, held, reason, until)
        self._claims.remove(held)

    def _send(self, one: Ready, attempt: int) -> Arrived:
        """In a sender: ask the network, and look at nothing but what it says."""
        context, held, draft = self._context, one.held, one.made.draft
        arrived = partial(Arrived, held, attempt, one.work, draft)
        try:
            with must_leave_by(last_moment(held, context.settings), lambda: stopped_meanwhile(context, held)):
                part = f"-{len(one.work.out) + 1}" if draft.is_part else ""
                return arrived(one.channel.publish(draft, key=f"beatline-{held.entry_id}-{held.version}{part}"))
        except Exception as error:
            return arrived(settling.judged(one.work, one.channel, draft, error))

    # Afterwards

    def _fetch(self) -> None:
        """Wait for an answer, and a moment longer for those that come with it."""
        if not self._next_answer(self._context.settings.publish_every):
            return
        enough, until = max(1, self._senders.busy // 2), time.monotonic() + GATHERED
        while self._senders.busy and (len(self._arrived) < enough or not self._answers.empty()):
            if not self._next_answer(max(until - time.monotonic(), 0)):
                return

    def _next_answer(self, patience: float) -> bool:
        """Take in one answer.  Returns whether one came within so many seconds."""
        for wait in (min(patience, SLOW), patience - SLOW):
            try:
                self._take_in(*self._answers.get(timeout=max(wait, 0)))
            except queues.Empty:
                self._senders.more()
            else:
                return True
        return False

    def _take_in(self, answer: Any, error: BaseException | None) -> None:
        if isinstance(answer, Arrived):
            self._senders.fetched()
            self._arrived.append(answer)
            return
        if error is not None:
            raise error
        self._lookers.fetched()
        self._moved += answer

    def _record(self) -> None:
        """Write down what came of the requests: those that went out together, the others one by one."""
        live = [one for one in self._arrived if one.is_live]
        if len(live) > 1 and self._guarded(None, partial(self._record_together, live)):
            self._arrived = [one for one in self._arrived if not one.is_live]
        while self._arrived:
            one = self._arrived[0]
            self._moved += self._guarded(one.held, partial(settling.record, self._context, one)) or 0
            self._arrived.pop(0)

    def _record_together(self, live: Sequence[Arrived]) -> bool:
        self._moved += settling.sent_together(self._context, live)
        return True

    def _guarded(self, held: Claim | None, act: Callable[[], Any]) -> Any:
        """One entry's trouble is its own: what nobody foresaw is logged and the others go on."""
        try:
            return act()
        except DatabaseTrouble:
            raise
        except Exception as error:
            which = "a group of entries" if held is None else f"entry {held.entry_id}"
            log.error("%s could not be handled; its lease runs out, then it is looked after", which,
                      exc_info=bare(error))  # fmt: skip
            return None

    # Around it

    def _wait_for_the_next(self) -> bool:
        """Wait for what is due before the next tick, so that it is not late by one.  Returns whether it came."""
        context = self._context
        if not isinstance(context.clock, SystemClock):
            return False
        due = waking.next_due(context)
        wait = None if due is None else (due - context.clock.now()).total_seconds()
        if wait is None or wait > context.settings.publish_every:
            return False
        return not context.stopping.wait(max(wait, 0))

    def _keep(self) -> None:
        """The database is in trouble: wait for what is under way, and keep what cannot be written down now."""
        while self._senders.busy:
            answer, _ = self._answers.get()
            if isinstance(answer, Arrived):
                self._senders.fetched()
                self._arrived.append(answer)
        _left.setdefault(self._context.database, {})[self._worker] = Left(self._claims, self._arrived)

    def _write_down_what_was_left(self) -> None:
        left = _left.get(self._context.database, {}).pop(self._worker, None)
        if left is not None:
            self._claims, self._arrived = left.claims, left.arrived
            self._record()
            for held in list(self._claims):
                self._back(held, "The database was in trouble before anything was sent.", None)


def too_old_to_send(held: Claim, settings: Settings) -> bool:
    """Whether a request sent now could still be under way when the lease ends (a sleep or a stop came between)."""
    return queue.steady_seconds() > last_moment(held, settings)


def last_moment(held: Claim, settings: Settings) -> float:
    """Until when, by `steady_seconds`, a request may leave so that it is over before the lease is."""
    return leases.last_moment(held.taken_at, settings)

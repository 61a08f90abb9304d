"""Sends the messages that are due, so that a sender killed at any instant sends nobody the same alert twice.

The order is the promise: take a batch in hand; make a group ready without anything happening; in one transaction record
the outcomes of the group before and that this one leaves; let it leave. Who dies before that transaction leaves messages
that never left, and others take them up. Who dies behind it leaves messages of which nobody knows whether they arrived:
they are looked after, and not sent again blind (`sending_outcomes`)."""

import logging
import secrets
import time
from datetime import timedelta

from sqlmodel import col, select

from social import leases
from social.accounts import Account, AccountState
from social.alerts import sending_rows as rows
from social.alerts.carriers import Carrier, CarrierDown, Delivery, carrier_of
from social.alerts.sending_batch import Batch, write_down_what_was_left
from social.alerts.sending_journal import Journal
from social.alerts.sending_lost import take_back
from social.alerts.sending_outcomes import Outcome, clear_seen, record, record_looks, seen_alarms
from social.alerts.sending_parcels import load
from social.alerts.sending_trouble import CarrierTrouble, note_trouble, note_working
from social.clock import steady_seconds
from social.context import Context
from social.errors import BeatlineError
from social.smtp import Result

log = logging.getLogger("beatline.alerts")

LONGEST_ROUND = 20.0
"""Seconds after which a round hands over, so that what else the worker does has its turn."""
LONGEST_LOOK = 5.0
"""Seconds after which a look for unanswered messages stops, so that alerts do not wait for it; the rest come next."""
SMALLEST_BATCH, LARGEST_BATCH = 16, 512
BATCH_SECONDS = 3.0
"""A batch is as large as goes out in about this time: what is urgent never waits for longer than for one."""


def send_messages(context: Context) -> int:
    """Send what is due and look after what was lost.  Returns how many messages moved on."""
    return Round(context).run()


def clear_what_was_seen(context: Context) -> int:
    """Alarms of messages of which nobody knows end when somebody has seen them.  Returns how many."""
    with context.database.read() as session:
        if not seen_alarms(session):
            return 0
    with context.database.write() as session:
        return clear_seen(session, context.clock.now())


class Round:
    def __init__(self, context: Context) -> None:
        self._context, self._worker = context, f"{leases.worker_name()}:{secrets.token_hex(4)}"
        self._journal = Journal(context.settings.home, self._worker)
        self._settle = timedelta(seconds=context.settings.settle)
        self._size = SMALLEST_BATCH
        self._carriers: dict[int, Carrier] = {}
        self._troubled: set[int] = set()

    def run(self) -> int:
        """Raises DatabaseTrouble: what is known by then is written down by the next round of this process."""
        until, whole = time.monotonic() + LONGEST_ROUND, False
        try:
            moved = write_down_what_was_left(self._context, self._settle) + self._reclaim()
            while not self._context.stopping.is_set() and time.monotonic() < until:
                ready = self._accounts_with_work()
                if not ready:
                    break
                moved += sum(self._guarded(account) for account in ready)
            whole = True
            return moved
        finally:
            for carrier in self._carriers.values():
                carrier.close()
            self._journal.close(keep=not whole)

    # What there is to do

    def _reclaim(self) -> int:
        context = self._context
        with context.database.read() as session:
            lost = rows.something_in_hands(session)
        if not lost:
            return 0
        return take_back(context, self._settle) + sum(self._look(account) for account in self._accounts())

    def _accounts(self) -> list[Account]:
        """Those that may send now: not paused, and not waiting for their carrier."""
        with self._context.database.read() as session:
            query = select(Account).where(Account.channel == "alert", Account.state == AccountState.ACTIVE.value)
            accounts = list(session.exec(query.order_by(col(Account.id))))
            troubles = {trouble.account_id: trouble for trouble in session.exec(select(CarrierTrouble))}
        now = self._context.clock.now()
        self._troubled = set(troubles)
        return [one for one in accounts if one.id not in troubles or troubles[one.id].not_before <= now]

    def _accounts_with_work(self) -> list[Account]:
        accounts = {account.id: account for account in self._accounts() if account.id is not None}
        with self._context.database.read() as session:
            due = rows.accounts_with_due(session, list(accounts), self._context.clock.now())
        return [accounts[number] for number in due]

    def _carrier(self, account: Account) -> Carrier:
        assert account.id is not None
        if account.id not in self._carriers:
            try:
                self._carriers[account.id] = carrier_of(self._context, account)
            except BeatlineError as error:
                raise CarrierDown(str(error), needs_person=True) from None
        return self._carriers[account.id]

    # Sending

    def _guarded(self, account: Account) -> int:
        """One batch of one account; its carrier's trouble is its own."""
        assert account.id is not None
        try:
            return self._batch(account, account.id)
        except CarrierDown as down:
            self._note(account.id, down)
            return 0

    def _batch(self, account: Account, account_id: int) -> int:
        carrier = self._carrier(account)
        begun = time.monotonic()
        with self._context.database.write(together=True) as session:
            taken_at, now = steady_seconds(), self._context.clock.now()
            lease = now + timedelta(seconds=leases.lease_seconds(self._context.settings))
            held = rows.claim(session, account_id, self._worker, now, lease, self._size)
        batch = Batch(self._context, self._worker, carrier, held, taken_at, self._journal)
        batch.send()
        self._resize(len(held), time.monotonic() - begun)
        if batch.sent and account_id in self._troubled:
            with self._context.database.write() as session:
                note_working(session, account_id, self._context.clock.now())
        if batch.down is not None:
            self._note(account_id, batch.down)
        return batch.moved

    def _resize(self, count: int, seconds: float) -> None:
        if count == self._size and seconds < BATCH_SECONDS / 2:
            self._size = min(2 * self._size, LARGEST_BATCH)
        elif seconds > 2 * BATCH_SECONDS:
            self._size = max(self._size // 2, SMALLEST_BATCH)

    def _note(self, account_id: int, down: CarrierDown) -> None:
        log.warning("account %s: %s", account_id, down.detail)
        with self._context.database.write() as session:
            note_trouble(session, account_id, down, self._context.clock.now())

    # Afterwards

    def _look(self, account: Account) -> int:
        """Ask what became of messages that left and were never answered."""
        assert account.id is not None
        context = self._context
        with context.database.write() as session:
            now = context.clock.now()
            lease = now + timedelta(seconds=leases.lease_seconds(context.settings))
            taken = rows.take_unanswered(session, account.id, self._worker, now, lease, LARGEST_BATCH)
        if not taken:
            return 0
        told: list[Outcome] = []
        shows_once, wait, until = False, timedelta(0), time.monotonic() + LONGEST_LOOK
        with context.database.read() as session:
            messages = load(session, dict(taken))
        try:
            carrier = self._carrier(account)
            shows_once = carrier.shows_once
            for message in messages:
                told.append(Outcome(carrier.look(message), message.fence))
                if context.stopping.is_set() or time.monotonic() >= until:
                    break
        except CarrierDown as down:
            self._note(account.id, down)
            wait = self._settle
        asked = {one.delivery.message_id for one in told}
        later = [Outcome(Delivery(number, Result.UNKNOWN, "It is looked for."), fence)
                 for number, fence in taken if number not in asked]  # fmt: skip
        with context.database.write() as session:
            record(session, later, context.clock.now(), wait)
            return record_looks(session, told, context.clock.now(), self._settle, shows_once=shows_once)

"""One batch of messages in a worker's hands, from making them ready to what came of them. See `sending` for the order."""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from weakref import WeakKeyDictionary

from social.alerts import sending_rows as rows
from social.alerts.carriers import Carrier, CarrierDown, Delivery, Parcel
from social.alerts.sending_journal import Journal
from social.alerts.sending_outcomes import Outcome, record
from social.alerts.sending_parcels import prepare
from social.clock import steady_seconds
from social.context import Context
from social.database import Database
from social.leases import last_moment
from social.smtp import Result

MOST_AGAIN = 3
"""Connections that one message may lose in a batch before it is put off."""
AT_FAULT = 5
"""So many recipients whom our mail is not passed on to, and none whom it is, are no matter of the recipients."""
REFUSES_US = (
    "The mail server passes mail of this account on to nobody. Look there whether the account may send to others, and "
    "whether its from_address may be its sender."
)
_left: WeakKeyDictionary[Database, list[Outcome]] = WeakKeyDictionary()
"""Outcomes that are known and were not written down, because of the database or of something that nobody foresaw."""


class Batch:
    """Messages of one account.  moved: how many came to an end or were put off.  sent: whether any was taken.
    down: the trouble that ended it before its time, None for none."""

    def __init__(
        self,
        context: Context,
        worker: str,
        carrier: Carrier,
        held: Sequence[rows.Held],
        taken_at: float,
        journal: Journal,
    ) -> None:
        """held: as `rows.claim` gave them.  taken_at: `steady_seconds()` when it did."""
        self._context, self._worker, self._carrier, self._journal = context, worker, carrier, journal
        self._settle = timedelta(seconds=context.settings.settle)
        self._fences, self._taken_at = dict(held), taken_at
        self._open = set(self._fences)
        self._again: Counter[int] = Counter()
        self._ready: deque[Parcel] = deque()
        self._known: list[Delivery] = []
        self._unwanted: list[int] = []
        self.down: CarrierDown | None = None
        self.moved, self.sent = 0, False
        self._refusals = 0

    def send(self) -> None:
        """Send them all, or as many as can be."""
        self._journal.begin()
        try:
            prepared = prepare(self._context, self._fences)
            self._ready.extend(prepared.parcels)
            self._known, self._unwanted = prepared.told, prepared.unwanted
            under_way = bool(self._known or self._unwanted)
            while self._ready or under_way:
                group = self._make_ready()
                self._hear()
                if group or not self._ready:
                    under_way = self._let_leave(group)
            self._give_back()
            self._journal.clear()
            if self._refusals >= AT_FAULT and not self.sent and self.down is None:
                self.down = CarrierDown(REFUSES_US, needs_person=True)
        except BaseException:
            self._keep()
            raise

    def _make_ready(self) -> list[Parcel]:
        """The next group, brought as far as can be without anything happening."""
        if self.down is not None or self._context.stopping.is_set() or self._is_late():
            self._ready.clear()
        group = [self._ready.popleft() for _ in range(min(self._carrier.free, len(self._ready)))]
        if not group:
            return []
        try:
            told = {delivery.message_id: delivery for delivery in self._carrier.load(group)}
        except CarrierDown as down:
            self.down = down
            return []
        for parcel in group:
            delivery = told.get(parcel.message_id)
            if delivery is not None:
                self._put_back(parcel, delivery)
        return [parcel for parcel in group if parcel.message_id not in told]

    def _put_back(self, parcel: Parcel, delivery: Delivery) -> None:
        self._again[parcel.message_id] += delivery.again_at_once
        self._refusals += delivery.refuses_us
        if delivery.again_at_once and self._again[parcel.message_id] < MOST_AGAIN:
            self._ready.append(parcel)
        else:
            self._known.append(replace(delivery, again_at_once=False))

    def _let_leave(self, group: Sequence[Parcel]) -> bool:
        """The point of no return: record what is known, and that these leave; then they do.  Returns whether any did."""
        held = [(parcel.message_id, self._fences[parcel.message_id]) for parcel in group]
        leaving, stopped = set(), set()
        with self._context.database.write(together=True) as session:
            now = self._context.clock.now()
            moved = record(session, self._outcomes(), now, self._settle)
            if held:
                leaving = rows.let_leave(session, held, self._worker, now)
            if len(leaving) < len(held):
                stopped = rows.stop_unwanted(session, held, self._worker, now)
            if self._unwanted:
                over = [(number, self._fences[number]) for number in self._unwanted]
                stopped |= rows.stop(session, over, self._worker, now)
        told, self._known, self._unwanted = self._known, [], []
        if leaving and self._is_late():  # the machine slept meanwhile: others may hold these by now
            self._known = [Delivery.dropped(number) for number in leaving]
            self._carrier.leave((), self._leaves)
            return True
        self._carrier.leave(leaving, self._leaves)
        self.moved += moved + len(stopped)
        self.sent = self.sent or any(delivery.result is Result.SENT for delivery in told)
        self._open -= stopped | leaving | {delivery.message_id for delivery in told}
        return bool(leaving)

    def _leaves(self, number: int) -> bool:
        return self._journal.leaves(number, self._fences[number])

    def _hear(self) -> None:
        self._known += self._carrier.answers(self._heard)

    def _heard(self, one: Delivery) -> None:
        """Each answer is noted as it comes. What has a number at the provider is looked up there by whoever finds the
        file, and its number with it."""
        if one.provider_id is None:
            self._journal.told(one.message_id, self._fences[one.message_id], one.result)

    def _is_late(self) -> bool:
        """Whether what leaves now could still be under way when the lease ends."""
        return steady_seconds() > last_moment(self._taken_at, self._context.settings)

    def _outcomes(self) -> list[Outcome]:
        return [Outcome(delivery, self._fences[delivery.message_id]) for delivery in self._known]

    def _give_back(self) -> None:
        if self._open:
            held = [(number, self._fences[number]) for number in self._open]
            with self._context.database.write(together=True) as session:
                rows.give_back(session, held, self._worker, self._context.clock.now())

    def _keep(self) -> None:
        """Something broke: wait for the answers that are under way, and keep what is known for the next round. What was
        made ready is dropped, so that it certainly did not leave."""
        self._carrier.leave((), self._leaves)
        self._hear()
        known = {delivery.message_id for delivery in self._known}
        self._known += [Delivery.dropped(number) for number in self._open - known]
        _left.setdefault(self._context.database, []).extend(self._outcomes())


def write_down_what_was_left(context: Context, settle: timedelta) -> int:
    """What an earlier batch of this process learned and could not write down.  Returns how many messages that moved."""
    left = _left.get(context.database)
    if not left:
        return 0
    with context.database.write() as session:
        moved = record(session, left, context.clock.now(), settle)
    _left.pop(context.database, None)
    return moved

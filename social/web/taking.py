"""Queues what was delivered: many deliveries in one transaction, by one writer of this process.

A burst that came with a transaction each would wait for itself: SQLite lets one writer in at a time and has the others
try again after ever longer pauses. So whoever comes while the disk is busy goes into the next transaction with all who
wait, and everybody is answered once theirs is kept: nothing is said to be taken that a power cut could lose."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from social.context import Context
from social.database_trouble import DatabaseTrouble
from social.webhooks import MOST_CHANGES, Told, keep

MOST_WAITING = 20 * MOST_CHANGES
"""Changes that wait at the most; while the database stands still, what comes after them is turned away."""
MOST_TOGETHER = 2 * MOST_CHANGES
"""Changes from which a transaction takes no further delivery, so that the worker is not kept waiting."""


class Taking:
    """The queue of one process. Deliveries are handed in from any thread; one thread of its own writes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[tuple[Sequence[Told], Future[bool]]] = []
        self._changes = 0
        self._writing = False
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="deliveries")

    def hand_in(self, context: Context, told: Sequence[Told]) -> Future[bool]:
        """Comes out True once all of it is kept, False where the database could not be used; False at once where too
        much waits already."""
        kept: Future[bool] = Future()
        with self._lock:
            if self._changes >= MOST_WAITING:
                kept.set_result(False)
                return kept
            self._waiting.append((told, kept))
            self._changes += len(told)
            if not self._writing:
                self._writing = True
                self._pool.submit(self._write, context)
        return kept

    def _write(self, context: Context) -> None:
        while self._goes_on():
            batch: list[tuple[Sequence[Told], Future[bool]]] = []
            try:
                with context.database.write(together=True) as session:
                    batch = self._next()  # now that it is our turn: with all who came while we waited for it
                    keep(session, list(dict.fromkeys(one for told, _ in batch for one in told)), context.clock.now())
            except DatabaseTrouble:
                _answer(batch or self._next(), kept=False)
            except Exception as error:  # a fault of ours is answered as one, and the next have their turn
                _answer(batch or self._next(), error)
            else:
                _answer(batch)

    def _goes_on(self) -> bool:
        with self._lock:
            self._writing = bool(self._waiting)
            return self._writing

    def _next(self) -> list[tuple[Sequence[Told], Future[bool]]]:
        with self._lock:
            many, changes = 0, 0
            while many < len(self._waiting) and changes < MOST_TOGETHER:
                changes += len(self._waiting[many][0])
                many += 1
            batch, self._waiting = self._waiting[:many], self._waiting[many:]
            self._changes -= changes
        return batch


def _answer(
    batch: Sequence[tuple[Sequence[Told], Future[bool]]], error: Exception | None = None, *, kept: bool = True
) -> None:
    """To each whether theirs is kept; whoever did not wait for it is not told."""
    for _, future in batch:
        if not future.set_running_or_notify_cancel():
            continue
        if error is None:
            future.set_result(kept)
        else:
            future.set_exception(error)

"""Threads that ask networks, so that one that takes its time keeps no other waiting. They touch no queue: what comes
back is written down by whoever gave the order."""

import queue
import threading
from collections.abc import Callable
from typing import Any

AT_ONCE = 2
"""Threads that are started without asking.  Python runs one at a time: where networks answer quickly, more of them only
wait for each other."""

Task = Callable[[], Any]
Answers = queue.SimpleQueue[tuple[Any, BaseException | None]]
"""What each task returned, or what it raised."""


class Senders:
    """Up to `most` tasks at a time, each in a thread of its own; their answers come out of `answers`.

    most: with 1 no thread is started: the task is done before `give` returns.  ahead: so many more may wait for a
    thread."""

    def __init__(self, most: int, answers: Answers, ahead: int = 0) -> None:
        self._most, self._answers, self._ahead = most, answers, 0 if most == 1 else ahead
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._threads = 0
        self.busy = 0
        """Tasks whose answer was not fetched yet."""

    @property
    def free(self) -> int:
        return self._most + self._ahead - self.busy

    def give(self, task: Task) -> None:
        """Have it done.  Raises RuntimeError when all are busy."""
        if self.free < 1:
            raise RuntimeError("no sender is free")
        self.busy += 1
        if self._most == 1:
            self._do(task)
            return
        if self._threads < min(self.busy, self._most, AT_ONCE):
            self._start()
        self._tasks.put(task)

    def more(self) -> None:
        """No answer came for a while: have a thread for every task that waits for one, up to `most`."""
        for _ in range(min(self._most - self._threads, self._tasks.qsize()) if self._most > 1 else 0):
            self._start()

    def fetched(self) -> None:
        """One more answer was taken out of `answers`."""
        self.busy -= 1

    def close(self) -> None:
        """Let the threads end; one that is still waiting for an answer ends when it has it."""
        for _ in range(self._threads):
            self._tasks.put(None)
        self._threads = 0

    def _start(self) -> None:
        self._threads += 1
        threading.Thread(target=self._work, name=f"sender-{self._threads}", daemon=True).start()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            self._do(task)

    def _do(self, task: Task) -> None:
        try:
            self._answers.put((task(), None))
        except BaseException as error:  # handed to whoever waits for the answer
            self._answers.put((None, error))

"""Workers that go one step at a time: each runs the real code in a thread of its own and stands still wherever it says
`pause`, until it is told to go on or to die. Only one ever runs, so a test decides every interleaving."""

import threading
from collections.abc import Callable

_here = threading.local()


class Death(BaseException):
    """The process ends here: nothing that would run afterwards runs."""


class Fiber:
    """at: where it stands; None once it has ended.  error: what it ended with, other than `Death`."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self.name, self._work = name, work
        self.at: str | None = "start"
        self.error: BaseException | None = None
        self._go, self._stands = threading.Semaphore(0), threading.Semaphore(0)
        self._dies = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def step(self) -> None:
        """On to the next place where it pauses, or to its end."""
        if self.at is not None:
            self._go.release()
            self._stands.acquire()
            if self.at is None:
                self._thread.join()
            if self.error is not None:
                raise self.error

    def die(self) -> None:
        """As by kill -9, where it stands."""
        self._dies = True
        self.step()

    def finish(self) -> None:
        while self.at is not None:
            self.step()

    def _run(self) -> None:
        _here.fiber = self
        try:
            self._wait()
            self._work()
        except Death:
            pass
        except BaseException as error:  # handed to the test
            self.error = error
        self.at = None
        self._stands.release()

    def stand(self, where: str) -> None:
        self.at = where
        self._stands.release()
        self._wait()

    def _wait(self) -> None:
        self._go.acquire()
        if self._dies:
            raise Death


def running() -> Fiber | None:
    """The fiber that runs now; None in the test itself."""
    return getattr(_here, "fiber", None)


def pause(where: str) -> None:
    """Stand still here, when this is a fiber."""
    fiber = running()
    if fiber is not None:
        fiber.stand(where)

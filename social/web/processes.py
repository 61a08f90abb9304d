"""Several processes that belong together: they start together, and when one ends the others are stopped."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
PATIENCE = 15.0
"""Seconds that a process gets to stop by itself: a worker finishes the post it is sending."""

_Say = Callable[[str], None]


def run_together(
    commands: Mapping[str, Sequence[str]],
    *,
    environment: Mapping[str, str],
    stop: threading.Event | None = None,
    say: _Say = lambda text: print(text, file=sys.stderr, flush=True),
) -> int:
    """Start the commands and stay until told to stop or until one of them ends.

    commands: name -> argument list.  stop: set it to stop them, as Ctrl-C and SIGTERM do.
    Returns 0 when told to stop, 1 when one ended by itself; either way none is left running."""
    stop = stop or threading.Event()
    before = _listen_for_signals(stop)
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            running[name] = subprocess.Popen(  # noqa: S603 our own command lines, no shell
                list(command), env=dict(environment), stdin=subprocess.DEVNULL
            )
        ended = _wait(running, stop)
        if ended is not None:
            say(f"The {ended} stopped by itself (exit code {running[ended].returncode}). Stopping the rest.")
        return 0 if ended is None else 1
    finally:
        _stop_all(running, say)
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen_for_signals(stop: threading.Event) -> "dict[int, signal._HANDLER]":
    """Turn the stop signals into the event; only the main thread may do that, elsewhere the event has to do."""
    if threading.current_thread() is not threading.main_thread():
        return {}

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    return {number: signal.signal(number, on_signal) for number in STOP_SIGNALS}


def _wait(running: Mapping[str, subprocess.Popen[bytes]], stop: threading.Event) -> str | None:
    """The name of the first process that ends by itself; None when `stop` was set first."""
    while not stop.wait(0.2):
        for name, process in running.items():
            if process.poll() is not None:
                # Ctrl-C reaches the whole process group: a child may end a moment before we see our own signal.
                return None if stop.wait(0.3) else name
    return None


def _stop_all(running: Mapping[str, subprocess.Popen[bytes]], say: _Say) -> None:
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    for name, process in running.items():
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            say(f"The {name} did not stop within {PATIENCE:g} seconds and was ended.")
            process.kill()
            process.wait()

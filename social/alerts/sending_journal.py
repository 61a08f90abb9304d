"""What a sender did between recording that messages leave and recording what came of them: a file beside the database,
so that a sender that was killed leaves hardly anything of which nobody knows.

Right before each message leaves its number goes into the file, and the outcome as soon as its answer is heard. A process that is killed loses
nothing of what it wrote, so whoever finds the file knows what had not left, and what was taken. A machine that fails may
lose it: a file of an earlier start of the machine is not believed, and its messages count as unknown. The writer holds a
lock on the file: only what is not locked has ended. No address stands in it."""

import fcntl
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from social.folders import make_private_folder
from social.smtp import Result

_FOLDER = "sending"
_BOOT = Path("/proc/sys/kernel/random/boot_id")
LEFT = "left"
Entries = dict[tuple[int, int], str]
"""(number, fence) -> `left` for no answer so far, else the value of a `Result`."""


class Journal:
    """Of one round of one sender.  worker: its name, which no other round has."""

    def __init__(self, home: Path, worker: str) -> None:
        self._path, self._file = _path(home, worker), -1

    def begin(self) -> None:
        """Be there before the first record that a message leaves: what is not in the file then certainly did not."""
        self._write("")

    def leaves(self, number: int, fence: int) -> bool:
        """Note that the message leaves now.  False: it could not be noted, and must not leave."""
        return self._write(f"{number} {fence} {LEFT}\n")

    def told(self, number: int, fence: int, result: Result) -> None:
        """Note what came of a message that left."""
        self._write(f"{number} {fence} {result.value}\n")

    def clear(self) -> None:
        """Everything noted so far is in the database."""
        if self._file >= 0:
            os.ftruncate(self._file, 0)

    def close(self, *, keep: bool) -> None:
        """keep: something of it is not in the database."""
        if self._file >= 0:
            if not keep:
                self._path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = -1

    def _write(self, text: str) -> bool:
        data = text.encode()
        try:
            if self._file < 0:
                self._open()
            return os.write(self._file, data) == len(data)
        except OSError:
            return False

    def _open(self) -> None:
        make_private_folder(self._path.parent)
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._file = file


def read_journal(home: Path, worker: str) -> Entries | None:
    """What a sender that has ended noted; None when there is no file of it, or when it has not ended."""
    if not _boot():
        return None
    with suppress(OSError):
        file = os.open(_path(home, worker), os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with open(file, encoding="ascii", closefd=False) as lines:
                return _entries(lines)
        finally:
            os.close(file)
    return None


def forget_others(home: Path, keep: Iterable[str]) -> None:
    """Drop the files of senders that have ended, but for those of these workers; those of an earlier start of the machine
    are not believed, and dropped as well."""
    kept = {_path(home, worker) for worker in keep}
    for path in set((home / _FOLDER).glob("*")) - kept if (home / _FOLDER).is_dir() else ():
        with suppress(OSError):
            file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink(missing_ok=True)
            finally:
                os.close(file)


def _entries(lines: Iterable[str]) -> Entries:
    """A line that is cut short was not noted, and its message did not leave."""
    found: Entries = {}
    for line in lines:
        parts = line.split()
        if len(parts) == 3 and line.endswith("\n"):
            found[int(parts[0]), int(parts[1])] = parts[2]
    return found


def _path(home: Path, worker: str) -> Path:
    return home / _FOLDER / f"{worker.replace(':', '.').replace('/', '_')}.{_boot()}"


def _boot() -> str:
    try:
        return _BOOT.read_text("ascii").strip().replace("-", "")
    except OSError:
        return ""

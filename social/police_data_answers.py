"""What data.police.uk answered, kept in the home folder: for a day in place of asking again, and after that for when it
cannot be reached."""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from social.folders import make_private_folder

FORGOTTEN_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Kept:
    """at: when it was given, aware UTC."""

    answer: Any
    at: datetime


class KeptAnswers:
    """One file for each path, below `folder`.  address: of the service, so that another one's are not mistaken for its.

    A file that cannot be read or written costs a request more and nothing else."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder, self._address, self._tidied = folder, address, False

    def get(self, path: str, now: datetime) -> Kept | None:
        """None for none, and for one that is a month old: with no new answer nothing else takes that away."""
        try:
            said = json.loads(self._file(path).read_text(encoding="utf-8"))
            kept = Kept(said["answer"], datetime.fromisoformat(said["at"]))
            return kept if now - kept.at < FORGOTTEN_AFTER else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, path: str, answer: Any, now: datetime) -> None:
        with suppress(OSError):
            make_private_folder(self._folder)
            self._forget_old(now)
            file = self._file(path)
            fresh = file.with_suffix(f".{os.getpid()}.new")
            fresh.write_text(json.dumps({"path": path, "at": now.isoformat(), "answer": answer}), encoding="utf-8")
            os.utime(fresh, (now.timestamp(), now.timestamp()))
            fresh.replace(file)

    def _forget_old(self, now: datetime) -> None:
        """Take away what is a month old, once for each reading."""
        if self._tidied:
            return
        self._tidied = True
        for file in self._folder.glob("*.json"):
            with suppress(OSError):
                if file.stat().st_mtime < (now - FORGOTTEN_AFTER).timestamp():
                    file.unlink()

    def _file(self, path: str) -> Path:
        return self._folder / f"{hashlib.sha256(f'{self._address} {path}'.encode()).hexdigest()[:40]}.json"

"""Reads a file of texts, one JSON object a line, into a file of readings in the same order.

Streaming, so that a file of any length fits in memory; the target changes only when the whole file was read."""

import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from insights.reading.base import Analyser, Flag, ReadingResult, Stance
from social.errors import InputError, Problem

BATCH, TELL_EVERY = 1024, 256
"""Texts read at once, so that those of like length can go together; and lines between two words of progress."""
_MOST_PROBLEMS = 20

Progress = Callable[[int, int], None]
"""Called as progress(bytes read, bytes in all)."""


@dataclass
class StreamReport:
    """texts: read and written.  labels, kinds, langs, flags: how often each was said."""

    texts: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    langs: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)


def read_file(source: Path, target: Path, analyser: Analyser, progress: Progress | None = None) -> StreamReport:
    """Read {"id", "text"} a line, with the "post" that the text answers where it is known; write a line with its stance ("label" and "p"), its mood ("tone" and "tone_p"),
    whom it is "about", its "kind" and "kind_p", its "lang", its "flags" with their probabilities ({} for none), and
    the analyser's "version".

    The accurate analyser adds "offensive_p", "irony_p", and the likeliest "emotion" with "emotion_p" of each.
    "p" and "tone_p" are {"negative", "neutral", "positive"}, or null where the label is "unknown". Blank lines are passed over.
    Raises InputError that names every bad line, up to twenty; then the target is as it was."""
    report = StreamReport()
    lines, size = open_lines(source)
    with lines, _replacing(target) as out:
        texts = texts_in(lines, progress, size)
        while batch := list(islice(texts, BATCH)):
            results = analyser.read([text for _, text, _ in batch], [post for _, _, post in batch])
            for (id_, _, _), result in zip(batch, results, strict=True):
                out.write(json.dumps(_answer(id_, result, analyser.version), ensure_ascii=False) + "\n")
                _count(report, result)
    return report


def open_lines(source: Path) -> tuple[Any, int]:
    """The file, opened to be read, and its bytes.  Raises InputError that says why it cannot be."""
    try:
        return source.open("rb"), source.stat().st_size
    except OSError as error:
        raise InputError(f"Cannot read '{source}': {error.strerror}. Give a file of JSON lines.") from error


def texts_in(lines: Any, progress: Progress | None, size: int) -> Iterator[tuple[Any, str, str | None]]:
    """Id, text and post (None for none) of each line. After the first bad line nothing more is handed out: only further bad ones are sought."""
    problems: list[Problem] = []
    done = 0
    for number, line in enumerate(lines, 1):
        done += len(line)
        if progress and (number % TELL_EVERY == 0 or done == size):
            progress(done, size)
        if not line.strip():
            continue
        parsed = _parse(line)
        if isinstance(parsed, str):
            problems.append(Problem(f"line {number}: {parsed}"))
            if len(problems) >= _MOST_PROBLEMS:
                break
        elif not problems:
            yield parsed
    if problems:
        raise InputError(*problems)


def _parse(line: bytes) -> tuple[Any, str, str | None] | str:
    """Id, text and post, or what is wrong with the line."""
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return "is not UTF-8. Save the file as UTF-8."
    except (ValueError, RecursionError):
        return 'is not JSON. Give one object a line, such as {"id": 1, "text": "Thank you"}.'
    if not isinstance(value, dict):
        return 'is not a JSON object. Give one a line, such as {"id": 1, "text": "Thank you"}.'
    if "id" not in value or isinstance(value["id"], dict | list):
        return 'has no "id" that is a number or a text.'
    if not isinstance(value.get("text"), str):
        return 'has no "text" that is a text in quotes.'
    if not isinstance(value.get("post"), str | None):
        return 'has a "post" that is no text in quotes.'
    return value["id"], value["text"], value.get("post")


def _answer(id_: Any, result: ReadingResult, version: str) -> dict[str, Any]:
    return {
        "id": id_,
        "label": result.stance.value,
        "p": asdict(result.p) if result.p else None,
        "tone": result.tone.value if result.tone else Stance.UNKNOWN.value,
        "tone_p": asdict(result.tone_p) if result.tone_p else None,
        "about": result.about.value if result.about else None,
        "kind": result.kind.value,
        "kind_p": result.kind_p,
        "lang": result.lang,
        "flags": {flag.value: result.flags[flag] for flag in Flag if flag in result.raised},
        **_of_the_network(result),
        "version": version,
    }


def _of_the_network(result: ReadingResult) -> dict[str, Any]:
    """What only the accurate analyser looks for."""
    if result.offensive is None:
        return {}
    emotion = max(result.emotions, key=lambda name: result.emotions[name])
    return {
        "offensive_p": result.offensive,
        "irony_p": result.irony,
        "emotion": emotion,
        "emotion_p": dict(result.emotions),
    }


def _count(report: StreamReport, result: ReadingResult) -> None:
    report.texts += 1
    report.labels[result.stance.value] += 1
    report.kinds[result.kind.value] += 1
    report.langs[result.lang] += 1
    report.flags.update(flag.value for flag in result.raised)


class _replacing:  # noqa: N801 - used as a function
    """A text file beside the target that takes its place when the block ends well, and goes away when it does not."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def __enter__(self) -> Any:
        try:
            self._file = tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=self._target.parent, prefix=f".{self._target.name}.", delete=False
            )
        except OSError as error:
            raise InputError(f"Cannot write in '{self._target.parent}': {error.strerror}.") from error
        return self._file

    def __exit__(self, kind: Any, *_: object) -> None:
        self._file.close()
        if kind is None:
            os.replace(self._file.name, self._target)
        else:
            Path(self._file.name).unlink(missing_ok=True)

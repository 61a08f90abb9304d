"""Checks a file of posts before anybody plans it. Nothing is kept, no account is needed and no network is asked."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from scheduler.checks import LEVELS, About, Finding, OtherPost, flags_of, run_checks
from scheduler.csv_rows import read_posts, references
from scheduler.importing import as_input
from scheduler.inputs import PostInput, about_of, facts_given, plain_problems
from scheduler.slots import to_instant
from scheduler.subjects import subject_for, subject_of
from scheduler.surroundings import AT_ONCE, MOST
from social.accounts import Account
from social.channels.base import Channel
from social.channels.registry import unconnected
from social.csv_file import Row
from social.errors import InputError, Problem


@dataclass(frozen=True)
class CheckedRow:
    """One row and what the checks say.  flags: codes of what stops it, each once."""

    row: int
    post_id: str
    flags: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Earlier:
    """A row above.  at: when it is due, or None."""

    text: str
    when: str
    at: datetime | None
    place: str | None


def check_file(path: Path) -> Iterator[CheckedRow]:
    """Every row in turn, held against those above it on the same channel.

    Raises InputError when the file cannot be read, as an import does, before the first row is given."""
    rows = read_posts(path, needed=("content_type", "text"))
    return _checked(rows, path.parent)


def _checked(rows: list[Row], folder: Path) -> Iterator[CheckedRow]:
    named = references(rows)
    earlier: dict[tuple[str, str], deque[_Earlier]] = defaultdict(lambda: deque(maxlen=MOST))
    for row in rows:
        given, problems = as_input(row, folder, named[row.number])
        at, untimely = _instant(given)
        above = earlier[row["channel"], row["force"]]
        about = replace(about_of(given), others=tuple(_others(above, at, given.place)))
        found = [
            *untimely,
            *map(_unreadable, [*problems, *plain_problems(given)]),
            *_said(given, row["channel"], about),
        ]
        found.sort(key=lambda finding: LEVELS.index(finding.level))
        yield CheckedRow(row.number, row["post_id"], tuple(flags_of(found)), tuple(dict.fromkeys(found)))
        above.append(_Earlier(given.text, row["scheduled_local"] or f"row {row.number}", at, given.place))


def _said(given: PostInput, channel: str, about: About) -> list[Finding]:
    facts = facts_given(given)
    text = given.variants.get(channel) or given.text
    measuring = _measuring(channel)
    if measuring is None:
        return run_checks(subject_of(text, given.link, facts, about, channel))
    return run_checks(subject_for(*measuring, text, given.link, facts, about))


@cache
def _measuring(channel: str) -> tuple[Account, Channel] | None:
    return unconnected(channel)


def _instant(given: PostInput) -> tuple[datetime | None, list[Finding]]:
    """The moment that a row is due; R42 asks for one that exists, and once only."""
    if given.due_local is None:
        return None, []
    try:
        return to_instant(given.due_local, given.fold), []
    except InputError as error:
        return None, [Finding("TIME", "block", "R42", p.message, "scheduled_local") for p in error.problems]


def _unreadable(problem: Problem) -> Finding:
    return Finding("ROW", "block", "", problem.message, problem.column or "text")


def _others(above: deque[_Earlier], at: datetime | None, place: str | None) -> Iterator[OtherPost]:
    for other in reversed(above):
        yield OtherPost(other.text, other.when, other.place)
        if at is not None and other.at is not None and abs(at - other.at) <= AT_ONCE and other.place != place:
            yield OtherPost(other.text, other.when, other.place, clashes=True)

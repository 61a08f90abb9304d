"""What a file of posts would bring, row by row, before anything of it is kept: what the page Calendar shows first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import col, select

from scheduler.content_types import label_of
from scheduler.csv_rows import read_posts, references
from scheduler.importing import ImportReport, import_posts
from scheduler.posts import Post
from social.context import Context
from social.errors import InputError
from social.staff import Person
from social.words import shorten

NEEDED = ("content_type", "text", "scheduled_local", "channel")
"""Columns that a file must have here, where each row says itself where and when it goes."""


@dataclass(frozen=True)
class PreviewRow:
    """One row.  number: 1 is the first.  outcome: what becomes of it, in words.  stops: whether it stops the file."""

    number: int
    when: str
    channel: str
    kind: str
    area: str
    text: str
    outcome: str
    stops: bool


@dataclass(frozen=True)
class Preview:
    """rows: every row.  general: what is wrong with the file as a whole.  posts: that would be planned.

    there: rows that were brought in before."""

    rows: tuple[PreviewRow, ...] = ()
    general: tuple[str, ...] = ()
    posts: int = 0
    there: int = 0

    @property
    def wrong(self) -> int:
        """Rows that stop the file."""
        return sum(row.stops for row in self.rows)

    @property
    def fits(self) -> bool:
        return self.posts > 0 and not self.general and not self.wrong


def preview_posts(context: Context, files: Mapping[str, bytes], person: Person) -> Preview:
    """Look at a CSV file of posts and the pictures beside it; nothing is kept.  files: name -> content, one ends in .csv.

    Raises NotAllowed when the person may not plan posts."""
    with TemporaryDirectory() as folder:
        try:
            path = _written(Path(folder), files)
            rows = read_posts(path, needed=NEEDED)
        except InputError as error:
            return Preview(general=tuple(str(problem) for problem in error.problems))
        wrong: dict[int | None, list[str]] = defaultdict(list)
        report = ImportReport(len(rows), 0, 0, 0)
        try:
            report = import_posts(context, path, author=person.email, dry_run=True)
        except InputError as error:
            for problem in error.problems:
                said = f"{problem.column}: {problem.message}" if problem.column else problem.message
                wrong[problem.row].append(said)
    given = references(rows)
    there = _there(context, given.values())
    faulty = {fault.row: fault.codes for fault in report.faulty}
    shown = tuple(
        PreviewRow(
            row.number,
            row["scheduled_local"],
            row["channel"],
            label_of(row["content_type"]),
            row["neighbourhood"],
            shorten(row["text"], 120),
            _outcome(wrong.get(row.number, ()), faulty.get(row.number, ()), given[row.number] in there),
            row.number in wrong,
        )
        for row in rows
    )
    return Preview(shown, tuple(wrong.get(None, ())), report.posts, report.skipped_existing)


def bring_in(context: Context, files: Mapping[str, bytes], person: Person) -> ImportReport:
    """Plan every post of the file: all rows or none.  Raises as `import_posts` does."""
    with TemporaryDirectory() as folder:
        return import_posts(context, _written(Path(folder), files), author=person.email)


def _there(context: Context, given: Iterable[str]) -> set[str | None]:
    """Which of these references a post has already."""
    with context.database.read() as session:
        return set(session.exec(select(Post.external_ref).where(col(Post.external_ref).in_(list(given)))))


def _outcome(wrong: Sequence[str], codes: Sequence[str], is_there: bool) -> str:
    if wrong:
        return "Wrong. " + " ".join(wrong)
    if is_there:
        return "Was brought in before: nothing is planned twice."
    if codes:
        return f"Is planned, but will not go out as it is: {', '.join(codes)}. Change it then."
    return "Is planned."


def _written(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Put the files beside each other under their bare names.  Returns the path of the one CSV file among them."""
    tables = [name for name in files if name.lower().endswith(".csv")]
    if len(tables) != 1:
        raise InputError("Choose one CSV file, and the pictures that it names.")
    try:
        for name, content in files.items():
            (folder / Path(name).name).write_bytes(content)
    except (OSError, ValueError):
        raise InputError("One of the files has a name that cannot be used. Give it a plain name.") from None
    return folder / Path(tables[0]).name

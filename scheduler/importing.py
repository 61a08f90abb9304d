"""Brings in a file of posts: all of its rows or none, and every problem named at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from scheduler.alert_columns import COLUMNS as ALERT_COLUMNS
from scheduler.alert_columns import alert_from
from scheduler.approvals import approval_needed, approve, submit
from scheduler.audience_words import usual_alert
from scheduler.checks import flags_of
from scheduler.csv_rows import read_posts, references
from scheduler.erasing import ERASED, ERASED_BY_AGE
from scheduler.inputs import MediaInput, PostInput, Prepared, examine
from scheduler.media import kept_files
from scheduler.picture_answers import COLUMNS as PICTURE_COLUMNS
from scheduler.picture_answers import answers_from
from scheduler.posts import Post
from scheduler.slots import parse_local
from scheduler.writing import entries_of, write_post
from social.accounts import Account, account_named, list_accounts
from social.audit import record
from social.channels.registry import CREDENTIALS
from social.context import Context
from social.csv_file import Row, digest_of
from social.errors import InputError, NotAllowed, Problem
from social.operators import find_or_name
from social.sign_in_ways import Way, way_in
from social.staff import Action, Person, Role, require

IMPORTER = "import@beatline.invalid"
"""The author of imported posts when nobody is named. Whoever approved the file then answers for what gets stuck."""

Progress = Callable[[int, int], None]
"""Called with how many rows have been examined, and how many there are."""


@dataclass(frozen=True)
class FaultyRow:
    """A row that was taken in and that the checks will refuse when it is due.  codes: of its faults."""

    row: int
    post_id: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class ImportReport:
    """rows: read and meant for us.  posts, entries: added.  skipped_existing: rows that were there already.

    faulty: rows added with faults that stop them when they are due."""

    rows: int
    posts: int
    entries: int
    skipped_existing: int
    faulty: tuple[FaultyRow, ...] = ()


@dataclass(frozen=True)
class _Order:
    """One row made ready.  prepared: None when it has problems."""

    row: int
    reference: str
    text: str
    prepared: Prepared | None


class _DryRun(Exception):
    pass


def import_posts(
    context: Context,
    path: Path,
    *,
    accounts: Sequence[str] | None = None,
    only_channels: Sequence[str] | None = None,
    approved_by: str | None = None,
    author: str | None = None,
    due_now: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Plan every post of a CSV file and queue what may be queued.

    accounts: names that every row goes to; None sends a row to all accounts of its channel.  only_channels: rows of
    other channels are left out.  approved_by: e-mail address of the person who approved the file; without one, posts
    whose kind needs approval wait in review.  author: e-mail address.  due_now: due at this moment, in order.
    Raises InputError with every problem of every row; then the database and the media folder are as before."""
    needed = ("content_type", "text") if due_now else ("content_type", "text", "scheduled_local")
    needed = needed if accounts else (*needed, "channel")
    rows = read_posts(path, needed=needed)
    if only_channels is not None:
        rows = [row for row in rows if row["channel"] in only_channels]
        if not rows:
            raise InputError(f"No row is meant for {' or '.join(only_channels)}. Look at the column 'channel'.")
    now, way = context.clock.now(), way_in(context)
    orders, problems = _examined(context, rows, path.parent, accounts, now if due_now else None, progress)
    files = [file for order in orders if order.prepared for file in order.prepared.files]
    keep = nullcontext() if problems or dry_run else kept_files(context.settings.media_folder, files)
    added: list[Post] = []
    try:
        with keep, context.database.write() as session:
            written, skipped, faulty, more = _write(session, orders, way, author or IMPORTER, approved_by, now)
            if problems or more:
                raise InputError(*sorted([*problems, *more], key=lambda problem: problem.row or 0))
            added = written
            entries = sum(len(entries_of(session, post.id)) for post in added if post.id is not None)
            report = ImportReport(len(rows), len(added), entries, skipped, tuple(faulty))
            if added:
                record(session, now, actor=author or IMPORTER, action="import posts", subject=("file", digest_of(path)),
                       after={"rows": len(rows), "posts": len(added), "approved_by": approved_by})  # fmt: skip
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def _examined(
    context: Context,
    rows: list[Row],
    folder: Path,
    names: Sequence[str] | None,
    due_at: datetime | None,
    progress: Progress | None,
) -> tuple[list[_Order], list[Problem]]:
    chosen, by_channel = _accounts(context, names)
    given_refs = references(rows)
    problems = list(_repeated(given_refs))
    orders = []
    for done, row in enumerate(rows, 1):
        given, found = as_input(row, folder, given_refs[row.number])
        targets = chosen if chosen is not None else by_channel.get(row["channel"], [])
        if not targets:
            found.append(_no_account(row["channel"], by_channel))
        if given.alert is None and any(account.channel == "alert" for account in targets):
            given = replace(given, alert=usual_alert(given.content_type, given.text))
        more, prepared = examine(
            given,
            targets,
            context.channel,
            earliest=None,
            due_at=due_at,
            declared=row["expected_flags"].split(";"),
            words_stop=False,
        )
        if due_at is None and given.due_local is None and not any(p.column == "scheduled_local" for p in found):
            found.append(Problem("The time is missing. Write it as 2026-03-13T12:15.", column="scheduled_local"))
        problems += (replace(problem, row=row.number) for problem in dict.fromkeys(found + more))
        orders.append(_Order(row.number, given_refs[row.number], given.text, None if found or more else prepared))
        if progress is not None:
            progress(done, len(rows))
    return orders, problems


def _accounts(context: Context, names: Sequence[str] | None) -> tuple[list[Account] | None, dict[str, list[Account]]]:
    by_channel: dict[str, list[Account]] = defaultdict(list)
    with context.database.read() as session:
        for account in list_accounts(session):
            by_channel[account.channel].append(account)
        return ([account_named(session, name) for name in dict.fromkeys(names)] if names else None), by_channel


def _no_account(channel: str, by_channel: dict[str, list[Account]]) -> Problem:
    if not channel:
        return Problem(
            "The channel is missing. Name one, or choose accounts for all rows (--accounts).", None, "channel"
        )
    there = ",".join(sorted(by_channel))
    hint = f" or leave such rows out (--only-channels {there})" if there else ""
    return Problem(
        f"No account is connected for '{channel}'. Connect one (`beatline accounts add`), choose accounts for all rows "
        f"(--accounts){hint}.",
        None,
        "channel",
    )


def _repeated(given_refs: dict[int, str]) -> Iterable[Problem]:
    first: dict[str, int] = {}
    for number, reference in given_refs.items():
        if reference in first:
            yield Problem(
                f"Row {first[reference]} has the same id '{reference}'. Give each its own.", number, "post_id"
            )
        first.setdefault(reference, number)


def as_input(row: Row, folder: Path, reference: str) -> tuple[PostInput, list[Problem]]:
    """A row as the post that it asks for, without its accounts, and what of it cannot be read."""
    problems: list[Problem] = []
    due_local, fold = None, None
    if row["scheduled_local"]:
        try:
            due_local, fold = parse_local(row["scheduled_local"])
        except InputError as error:
            problems += (Problem(p.message, column="scheduled_local") for p in error.problems)
    media, media_problems = _media(row, folder)
    answers, unread = answers_from({column: row[column] for column in PICTURE_COLUMNS})
    media = tuple(replace(medium, answers=answers) for medium in media)
    alert, unread_alert = alert_from({name: row[name] for name in ALERT_COLUMNS}, row["content_type"], row["text"])
    given = PostInput(
        content_type=row["content_type"],
        text=row["text"],
        account_names=(),
        due_local=due_local,
        fold=fold,
        variants={channel: row[f"text_{channel}"] for channel in CREDENTIALS if row[f"text_{channel}"]},
        link=row["link"] or None,
        place=row["neighbourhood"] or None,
        force=row["force"] or None,
        campaign=row["campaign_key"] or None,
        appeal_ref=row["appeal_ref"] or None,
        case_stage=row["case_stage"] or "none",
        lang=row["lang"] or "en",
        media=media,
        external_ref=reference,
        alert=alert,
    )
    return given, problems + media_problems + unread + unread_alert


def _media(row: Row, folder: Path) -> tuple[tuple[MediaInput, ...], list[Problem]]:
    kind, names = row["media"] or "", [name.strip() for name in row["media_files"].split(";") if name.strip()]
    captions = row["captions"] or ("no" if kind == "video" else "na")
    if kind in ("", "none"):
        if names and kind == "none":
            return (), [Problem("Files are named, yet the column 'media' says none. Correct one.", None, "media_files")]
        kind = "image" if names else "none"
    if kind == "none":
        return (), []
    if not names:
        return (MediaInput(kind, alt_text=row["alt_text"], captions=captions),), []
    alts = [part.strip() for part in row["alt_text"].split(" | ")] if len(names) > 1 else [row["alt_text"]]
    if len(alts) > len(names):
        message = f"There are {len(alts)} descriptions for {len(names)} files. Give one for each, in order."
        return (), [Problem(message, None, "alt_text")]
    alts += [""] * (len(names) - len(alts))
    problems = [
        Problem(f"'{name}' lies outside the folder of the CSV file. Put it beside that file.", None, "media_files")
        for name in names
        if not (folder / name).resolve().is_relative_to(folder.resolve())
    ]
    if problems:
        return (), problems
    pairs = zip(names, alts, strict=True)
    return tuple(MediaInput(kind, path=folder / name, alt_text=alt, captions=captions) for name, alt in pairs), []


def _write(
    session: Session, orders: Sequence[_Order], way: Way, author_email: str, approver_email: str | None, now: datetime
) -> tuple[list[Post], int, list[FaultyRow], list[Problem]]:
    try:
        author = find_or_name(session, author_email, Role.AUTHOR, way, now)
        approver = find_or_name(session, approver_email, Role.CORPORATE, way, now) if approver_email else None
        require(session, author, Action.PLAN)
    except InputError as error:
        return [], 0, [], list(error.problems)
    owner = approver if author.email == IMPORTER else author
    there = _already_there(session, [order.reference for order in orders])
    written: set[str] = set()
    posts, skipped = [], 0
    faulty: list[FaultyRow] = []
    problems: list[Problem] = []
    for order in orders:
        if order.reference in there:
            skipped += 1
            if there[order.reference] not in (order.text, ERASED, ERASED_BY_AGE):
                problems.append(_changed(order))
        elif order.prepared is not None and order.reference not in written:
            written.add(order.reference)
            post = write_post(session, order.prepared, author, now, owner)
            posts.append(post)
            problems += _not_theirs(session, author, post, order.row)
            if codes := flags_of(order.prepared.findings):
                faulty.append(FaultyRow(order.row, order.reference, tuple(codes)))
            submit(session, post, author, now)
            problems += _approved(session, post, approver, order, now)
    return posts, skipped, faulty, problems


def _not_theirs(session: Session, author: Person, post: Post, row: int) -> list[Problem]:
    """What is wrong when the row is about an area that the author does not act for (R17)."""
    try:
        require(session, author, Action.PLAN, post.place_id)
    except NotAllowed as error:
        return [Problem(str(error), row, "neighbourhood")]
    return []


def _already_there(session: Session, refs: Sequence[str]) -> dict[str, str]:
    query = select(Post.external_ref, Post.text).where(col(Post.external_ref).in_(refs)).order_by(col(Post.id))
    return {ref: text for ref, text in session.exec(query) if ref is not None}


def _changed(order: _Order) -> Problem:
    return Problem(
        f"A post with the id '{order.reference}' was imported before with other words. Edit that post in Beatline, or "
        "give this row an id of its own.",
        order.row,
        "post_id",
    )


def _approved(session: Session, post: Post, approver: Person | None, order: _Order, now: datetime) -> list[Problem]:
    if approver is None or approval_needed(session, post) == "none":
        return []
    try:
        codes = [finding.code for finding in order.prepared.findings] if order.prepared else []
        approve(session, post, approver, now, codes)
    except NotAllowed as error:
        return [Problem(str(error), order.row)]
    return []

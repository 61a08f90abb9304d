"""Posts from the first draft to the queue, as people plan them: the door for pages, commands and imports.

Every function is one transaction: it does all of what it says or nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from scheduler import queue
from scheduler.approvals import approve_post, ask_for_changes, refuse_post, send_for_approval
from scheduler.checks import LEVELS, Finding, run_checks
from scheduler.content_types import CONTENT_TYPES, LATE_AFTER
from scheduler.entries import Entry
from scheduler.holds import require_may_resume, waits_for_yes
from scheduler.inputs import MediaInput, PostInput, Prepared, about_of, examine, facts_given
from scheduler.lifecycle import MOVES, Event, State
from scheduler.media import kept_files
from scheduler.post_audience import require_for_areas
from scheduler.posts import Post
from scheduler.slots import to_instant
from scheduler.subjects import subject_of
from scheduler.surroundings import about_given
from scheduler.takedown import withdraw_post
from scheduler.takedown_tasks import COMING_DOWN, comes_down
from scheduler.thread_parts import is_begun, why_it_stays
from scheduler.threads import finish
from scheduler.writing import (
    FINISHED,
    GOING_OUT,
    entries_of,
    find_place,
    post_with_id,
    rewrite_post,
    to_draft,
    write_post,
)
from social.accounts import Account, account_named
from social.audit import record
from social.context import Context
from social.errors import BeatlineError, InputError, NotAllowed, Problem
from social.staff import Action, Person, require

__all__ = [
    "MediaInput",
    "PostInput",
    "approve_post",
    "ask_for_changes",
    "discard_post",
    "edit_post",
    "findings_for",
    "move_post",
    "plan_post",
    "problems_with",
    "refuse_post",
    "send_for_approval",
    "withdraw_post",
]


def problems_with(context: Context, given: PostInput, *, now_ok: bool = True) -> list[Problem]:
    """Everything that stands in the way of planning this post; [] when nothing does.

    now_ok: a time that has only just passed is fine (it goes out at once); False asks for a time to come."""
    return _examined(context, given, now_ok=now_ok)[0]


def findings_for(context: Context, given: PostInput, *, post_id: int | None = None) -> list[Finding]:
    """What the checks say about a post as it stands, most serious first: also what stops nothing.

    Files are not read, so that it can be asked at every key: their size is looked at when the post is kept.
    post_id: of the post that is being changed, so that it is not held against itself."""
    given = replace(given, media=tuple(replace(medium, content=None, path=None) for medium in given.media))
    try:
        found = _examined(context, given, now_ok=True, post_id=post_id)[1].findings
    except BeatlineError:  # an account's credentials do not open, so nothing can be measured for it
        found = tuple(run_checks(subject_of(given.text, given.link, facts_given(given), about_of(given))))
    return sorted(found, key=lambda finding: LEVELS.index(finding.level))


def plan_post(context: Context, given: PostInput, author: Person, *, taken_from: int | None = None) -> int:
    """Keep a new post as a draft, with one entry for each account.

    taken_from: the post whose words it repeats, None for words of its own.  Returns the post's id.  Raises InputError with every problem, and then nothing was kept."""
    prepared = _without_problems(context, given)
    with kept_files(context.settings.media_folder, prepared.files), context.database.write() as session:
        place = find_place(session, prepared.given)
        require(session, author, Action.PLAN, place.id if place else None)
        post = write_post(session, prepared, author, context.clock.now(), taken_from=taken_from)
        require_for_areas(session, author, Action.PLAN, post)
        assert post.id is not None
        return post.id


def edit_post(context: Context, post_id: int, given: PostInput, editor: Person, *, expected_version: int) -> None:
    """Change a post: it becomes a draft again and its approval ends, whatever was changed.

    expected_version: the version that the editor started from.
    Raises InputError when someone else changed it since, or with every problem of the new version."""
    prepared = _without_problems(context, given)
    with kept_files(context.settings.media_folder, prepared.files), context.database.write() as session:
        post = post_with_id(session, post_id)
        require(session, editor, Action.PLAN, post.place_id)
        if post.version != expected_version:
            raise InputError(
                "Someone else changed this post after you opened it. Open it again, then make your change."
            )
        rewrite_post(session, post, prepared, editor, context.clock.now())
        require(session, editor, Action.PLAN, post.place_id)  # the change may have made it another area's
        require_for_areas(session, editor, Action.PLAN, post)


def move_post(
    context: Context,
    post_id: int,
    due_local: datetime,
    actor: Person,
    *,
    fold: int | None = None,
    expected_due: datetime | None = None,
) -> None:
    """Give a post another time.  Its words stay as approved, so its approval stays too.

    What is held or lapsed goes back into the queue; what failed has to be edited first.  What a hold stopped asks for
    somebody who may release holds (R37).

    expected_due: the time that the person saw when they moved it; None to move it from wherever it stands.
    Raises InputError for a time that has passed or does not exist, when nothing is left to move, and when somebody else
    has given it another time than `expected_due`."""
    now = context.clock.now()
    due_at = to_instant(due_local, fold)
    if due_at < now - LATE_AFTER:
        raise InputError(Problem("That time has passed. Choose a later one.", column="scheduled_local"))
    with context.database.write() as session:
        post = post_with_id(session, post_id)
        require(session, actor, Action.PLAN, post.place_id)
        entries = [entry for entry in entries_of(session, post_id) if State(entry.state) not in FINISHED]
        if any(State(entry.state) in GOING_OUT for entry in entries):
            raise BeatlineError("The post is going out at this moment. Wait until that is settled, then look again.")
        movable = [entry for entry in entries if entry.state != State.FAILED]
        if not movable:
            raise InputError("Nothing of this post can be given another time. Edit it first, or plan a new one.")
        if expected_due is not None and post.due_at != expected_due:
            raise InputError("Somebody else gave the post another time after you opened this page. Look again first.")
        before, post.due_at, post.updated_at = post.due_at, due_at, now
        session.add(post)
        for entry in movable:
            _move_entry(session, post, entry, due_at, actor, now)
        record(session, now, actor=actor, action="move post", subject=("post", post_id), before={"due_at": before},
               after={"due_at": due_at}, place_id=post.place_id)  # fmt: skip


def _move_entry(session: Session, post: Post, entry: Entry, due_at: datetime, actor: Person, now: datetime) -> None:
    if is_begun(entry) and comes_down(session, entry.id):
        raise BeatlineError(COMING_DOWN)
    state = State(entry.state)
    if state is State.QUEUED:
        queue.move(session, entry, Event.UNSCHEDULE, actor=actor.email, now=now, reason="Given another time.")
        state = State.APPROVED
    route = {State.APPROVED: Event.SCHEDULE, State.LAPSED: Event.SCHEDULE, State.HELD: Event.RELEASE}
    if state not in route:
        entry.due_at = due_at
        return
    if post.approved_version != post.version:
        if is_begun(entry):
            raise NotAllowed(why_it_stays(session, entry))
        raise NotAllowed(
            "The post was changed or taken down after it was approved. Change it, then send it for approval."
        )
    if waits_for_yes(entry):
        require_may_resume(session, post, actor, due_at, now)
    queue.move(session, entry, route[state], actor=actor.email, now=now, due_at=due_at, not_before=None)


def discard_post(context: Context, post_id: int, actor: Person) -> None:
    """Drop what has not gone out.  What is live stays live: take that down with `withdraw_post`.  A thread of which a
    part is out ends with what is out.

    Raises InputError when nothing is left to drop, BeatlineError while it is going out."""
    now = context.clock.now()
    with context.database.write() as session:
        place_id = post_with_id(session, post_id).place_id
        require(session, actor, Action.PLAN, place_id)
        entries = [entry for entry in entries_of(session, post_id) if State(entry.state) not in FINISHED]
        if any(State(entry.state) in GOING_OUT for entry in entries):
            raise BeatlineError("The post is going out at this moment. Wait until that is settled, then look again.")
        if not entries:
            raise InputError("Nothing of this post is left to discard.")
        for entry in entries:
            if is_begun(entry):
                finish(session, entry, actor.email, now)
                continue
            if Event.DISCARD not in MOVES[State(entry.state)]:
                to_draft(session, entry, actor.email, now)
            queue.move(session, entry, Event.DISCARD, actor=actor.email, now=now)
        record(session, now, actor=actor, action="discard post", subject=("post", post_id),
               after={"entries": [entry.id for entry in entries]}, place_id=place_id)  # fmt: skip


def _without_problems(context: Context, given: PostInput) -> Prepared:
    problems, prepared = _examined(context, given, now_ok=True)
    if problems:
        raise InputError(*problems)
    return prepared


def _examined(
    context: Context, given: PostInput, *, now_ok: bool, post_id: int | None = None
) -> tuple[list[Problem], Prepared]:
    accounts, problems = _accounts(context, given.account_names)
    kind = CONTENT_TYPES.get(given.content_type)
    grace = (kind.late_after if kind else LATE_AFTER) if now_ok else timedelta(0)
    given = replace(given, text=given.text.strip(), link=(given.link or "").strip() or None)
    now = context.clock.now()
    about = about_given(context, given, [account.id for account in accounts if account.id is not None], now, post_id)
    found, prepared = examine(given, accounts, context.channel, earliest=now - grace, about=about)
    return problems + found, prepared


def _accounts(context: Context, names: tuple[str, ...]) -> tuple[list[Account], list[Problem]]:
    accounts, problems = [], []
    with context.database.read() as session:
        for name in dict.fromkeys(names):
            try:
                accounts.append(account_named(session, name))
            except InputError as error:
                problems.append(Problem(str(error), column="accounts"))
    if not names:
        problems.append(Problem("No account is chosen. Choose where the post is to go.", column="accounts"))
    return accounts, problems

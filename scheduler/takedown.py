"""Asks for posts to be taken down wherever they are live (R08, R10): one task for each copy (`takedown_tasks.py`), which
the worker keeps trying (`taking_down.py`), and what a person says about a copy that they removed themselves.

Beatline takes down what it published. What others shared or copied, and what was scheduled in a network's own tools, it
neither knows nor reaches."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from scheduler.alert_corrections import choose_correction
from scheduler.entries import Entry
from scheduler.holding_back import hold_back_entry
from scheduler.lifecycle import State
from scheduler.lost_requests import is_lost
from scheduler.posts import Post
from scheduler.takedown_tasks import OPEN_TASKS, Takedown, TaskState, open_tasks
from scheduler.taking_down import ids_of, late_id, note_withdrawn, try_task
from scheduler.thread_parts import is_begun, urls_of
from scheduler.writing import GOING_OUT, end_approval, entries_of, post_with_id
from social.accounts import Account
from social.audit import record
from social.context import Context
from social.errors import BeatlineError, InputError
from social.staff import Action, Person, require

OUT_OF_REACH = (
    "Beatline takes down what it published. Shares, screenshots and copies by others, and posts that somebody scheduled "
    "in a network's own tools, have to be looked for and removed by a person."
)


def withdraw_post(context: Context, post_id: int, actor: Person, reason: str, correction: str | None = None) -> int:
    """Take every live copy down through its channel, and hold what has not gone out yet.

    correction: what those are told who got it as an alert, None for the usual words; it must not repeat what is taken
    back (R10).  Returns how many copies came down now, each proved by a look. What does not come down at once stays a task that is
    tried again.  Raises NotAllowed; InputError without a reason; BeatlineError naming each account where it is live."""
    reason = reason.strip()
    if not reason:
        raise InputError("Say why the post is taken down. The record keeps it.")
    with context.database.write() as session:
        now, post = context.clock.now(), post_with_id(session, post_id)
        require(session, actor, Action.WITHDRAW, post.place_id)
        entries = entries_of(session, post_id)
        choose_correction(session, post, entries, correction)
        held = [entry.id for entry in entries if hold_back_entry(session, entry, actor.email, now, reason, drop=False)]
        if any(entry.state == State.HELD for entry in entries):
            end_approval(post)  # what is left of it goes out only after a change and another approval
            session.add(post)
        tasks = ask_for(session, entries, actor.email, reason, now, owner_id=actor.id)
        if not (tasks or held or any(entry.state == State.WITHDRAWN for entry in entries)):
            raise InputError("Nothing of this post is live.")
        record(session, now, actor=actor, action="take down post", subject=("post", post_id), reason=reason,
               place_id=post.place_id, after={"tasks": [task.id for task in tasks], "held": held})  # fmt: skip
    work_off(context, [task.id for task in tasks if task.id is not None])
    with context.database.read() as session:
        now_gone = _states(session, [task.id for task in tasks])
        left = open_tasks(session, post_id)
        lines = [describe(session, task) for task in left]
    if left:
        raise BeatlineError("Not taken down everywhere. " + " ".join(lines))
    return now_gone.count(TaskState.REMOVED.value)


def ask_for(
    session: Session,
    entries: Iterable[Entry],
    actor: str,
    reason: str,
    now: datetime,
    *,
    owner_id: int | None,
    appeal_id: int | None = None,
    lost: Collection[int | None] = (),
) -> list[Takedown]:
    """A task for each copy that is live, on its way or of which nobody knows, due at once; one that there is already is
    made due at once.

    owner_id: who is asked where the entry names nobody.  lost: entries that may be live although they were dropped."""
    asked = []
    for entry in entries:
        on_its_way = State(entry.state) in GOING_OUT | {State.PUBLISHED}
        if not (on_its_way or is_begun(entry) or entry.id in lost or may_be_live(session, entry)):
            continue
        known = session.exec(select(Takedown).where(Takedown.entry_id == entry.id)).first()
        task = known or task_for(entry, actor, reason, now, owner_id, appeal_id)
        if task.state not in OPEN_TASKS:  # it never went out then, and did since
            task.state, task.asked_at, task.asked_by, task.reason = TaskState.WAITING.value, now, actor, reason
        task.appeal_id = task.appeal_id or appeal_id
        task.next_try_at = now
        session.add(task)
        asked.append(task)
    session.flush()
    return asked


def may_be_live(session: Session, entry: Entry) -> bool:
    """Whether it waits for a person because nobody could find out whether it went out."""
    return entry.state == State.HELD and is_lost(session, entry)


def task_for(
    entry: Entry, actor: str, reason: str, now: datetime, owner_id: int | None, appeal_id: int | None
) -> Takedown:
    """A new task for one copy, due at once."""
    assert entry.id is not None
    return Takedown(entry_id=entry.id, post_id=entry.post_id, account_id=entry.account_id, appeal_id=appeal_id,
                    asked_at=now, asked_by=actor, reason=reason, next_try_at=now, owner_id=owner_id or entry.owner_id)  # fmt: skip


def work_off(context: Context, task_ids: Sequence[int]) -> None:
    """Try these copies now, each once, so that whoever asked sees what came of it."""
    for task_id in task_ids:
        try_task(context, task_id)


def confirm_removed(context: Context, task_id: int, actor: Person) -> bool:
    """Somebody removed the copy by hand.  Returns whether a look proved it; False when nobody could look just now.

    Raises NotAllowed, InputError when the task is settled, BeatlineError when the look still finds the copy."""
    with context.database.read() as session:
        task = session.get(Takedown, task_id)
        if task is None or task.state not in OPEN_TASKS:
            raise InputError("This copy is not waiting to be taken down.")
        require(session, actor, Action.WITHDRAW, session.get_one(Post, task.post_id).place_id)
        entry, account = session.get_one(Entry, task.entry_id), session.get_one(Account, task.account_id)
        platform_id = entry.platform_id or late_id(session, entry)
        where = ", ".join(urls_of(session, entry)) or "the network"
        ids, lost = ids_of(session, entry, platform_id), is_lost(session, entry)
    if (platform_id is None and not lost) or State(entry.state) in GOING_OUT:
        raise InputError("It is going out at this moment. Wait until that is settled, then look again.")
    live = _look(context, account, ids)
    if live:
        raise BeatlineError(f"{account.name}: it is still to be seen at {where}. Remove it there.")
    live = None if lost else live  # no look can prove that nothing is left of what nobody finds
    with context.database.write() as session:
        now, task = context.clock.now(), session.get_one(Takedown, task_id, populate_existing=True)
        if task.state not in OPEN_TASKS:
            return task.verified_at is not None
        entry = session.get_one(Entry, task.entry_id, populate_existing=True)
        if State(entry.state) in GOING_OUT or ids_of(session, entry, platform_id) != ids:
            raise BeatlineError("More of it went out a moment ago. Look again, then confirm.")
        post = session.get_one(Post, task.post_id)
        require(session, actor, Action.WITHDRAW, post.place_id)
        task.state, task.confirmed_by, task.removed_at = TaskState.REMOVED.value, actor.email, now
        task.tries, task.lease_until = task.tries + 1, None
        task.verified_at = now if live is False else None
        task.next_try_at = None if live is False or lost else now
        session.add(task)
        note_withdrawn(session, task, now)
        record(session, now, actor=actor, action="confirm removal", subject=("post", task.post_id),
               place_id=post.place_id, after={"entry": task.entry_id, "verified": live is False})  # fmt: skip
    return live is False


def _look(context: Context, account: Account, platform_ids: Sequence[str]) -> bool | None:
    """Whether residents see any part of it; None when nobody can tell."""
    try:
        channel = context.channel(account)
        return any(map(channel.is_live, platform_ids)) if channel.can.finds_own_posts else None
    except BeatlineError:
        return None


def describe(session: Session, task: Takedown) -> str:
    """One open task in a sentence: where, what stands in the way, what to do."""
    account, entry = session.get_one(Account, task.account_id), session.get_one(Entry, task.entry_id)
    if State(entry.state) in GOING_OUT:
        return f"{account.name}: it is going out at this moment; it is taken down as soon as that is settled."
    where = ", ".join(urls_of(session, entry)) or "the network"
    problem = task.problem or "it has not been tried yet."
    if task.state == TaskState.BY_HAND:
        return f"{account.name}: {problem} Remove it by hand at {where} and confirm that on the page Appeals."
    return f"{account.name}: {problem} Beatline tries again by itself."


def _states(session: Session, ids: Sequence[int | None]) -> list[str]:
    return list(session.exec(select(Takedown.state).where(col(Takedown.id).in_(ids))))

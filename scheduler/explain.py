"""Why an entry is where it is and what happens next, in sentences. Reads; changes nothing."""

from datetime import datetime

from sqlmodel import Session, col, select

from scheduler import circumstances
from scheduler.circumstances import moment as moment  # part of what this module offers
from scheduler.content_types import kind_of
from scheduler.decisions import APPROVERS, in_words
from scheduler.entries import Attempt, Entry, EntryHistory
from scheduler.lifecycle import State
from scheduler.thread_parts import takes_threads, what_is_out
from scheduler.thread_words import parts_of
from scheduler.work import Work, work_of
from social.accounts import AccountState
from social.errors import InputError
from social.publication_parts import parts_out
from social.staff import Person

_OUTCOMES = {
    None: "no answer is recorded yet",
    "sent": "it went out",
    "not_sent": "nothing was sent",
    "refused": "it was refused",
    "unknown": "nobody knows whether it arrived",
}


def explain(session: Session, entry_id: int, now: datetime, gap: float = 0.0) -> list[str]:
    """The entry's story: where it stands and why, what is needed next, every request, look, wait and move, and who was
    told.

    gap: seconds that are left between two posts of one account.  Raises InputError when there is no such entry."""
    entry = session.get(Entry, entry_id)
    if entry is None:
        raise InputError(f"There is no entry {entry_id}. `beatline queue list` shows those there are.")
    work = work_of(session, entry)
    return [
        _where(entry, work),
        *_next(session, entry, work, now, gap),
        *_parts(session, entry, work),
        *_attempts(session, entry),
        *circumstances.looks(session, entry),
        *circumstances.happened_to_account(session, entry, now),
        *circumstances.told(session, entry),
        *_moves(session, entry),
    ]


def _where(entry: Entry, work: Work) -> str:
    due = f"due {moment(entry.due_at)}" if entry.due_at else "without a time"
    reason = f" {entry.reason}" if entry.reason else ""
    label = kind_of(work.post.content_type).label
    state = entry.state.replace("_", " ")
    return f"Entry {entry.id} ({label}, post {entry.post_id}, for {work.account.name}, {due}) is {state}.{reason}"


def _next(session: Session, entry: Entry, work: Work, now: datetime, gap: float) -> list[str]:
    """What has to happen for it to move on, and who is to turn to."""
    state, lines = State(entry.state), []
    if state is State.IN_REVIEW:
        lines.append(f"It waits for the approval of {APPROVERS[work.approval]}.")
    if state is State.APPROVED and entry.due_at is None:
        lines.append("It is approved and waits for a time.")
    if state is State.QUEUED:
        lines += [*_queue_rules(entry, work), *circumstances.in_the_way(session, entry, work.account, now, gap)]
    if state is State.PUBLISHING and entry.lease_until:
        lines.append(f"{entry.worker} has it until {moment(entry.lease_until)} at the latest.")
    if state is State.UNCONFIRMED and entry.not_before:
        lines.append(f"It is not sent again. The network will be asked from {moment(entry.not_before)}.")
    if state in (State.HELD, State.FAILED, State.LAPSED) and entry.owner_id:
        owner = session.get_one(Person, entry.owner_id)
        lines.append(f"{owner.name} ({owner.email}) is asked to decide.")
    if entry.url:
        lines.append(f"It is at {entry.url}.")
    return lines


def _queue_rules(entry: Entry, work: Work) -> list[str]:
    kind = kind_of(work.post.content_type)
    lines = []
    if work.account.state == AccountState.PAUSED:
        lines.append(f"The account is paused: {work.account.paused_reason or 'no reason was given.'}")
    for until in (entry.not_before, work.account.not_before):
        if until is not None and entry.due_at is not None and until > entry.due_at:
            lines.append(f"It is not tried before {moment(until)}.")
    late = {"go": "it still goes out", "ask": "it is held for a new time", "lapse": "it lapses"}[kind.when_late]
    lines.append(f"More than {in_words(kind.late_after)} late, {late} (R42).")
    return lines


def _parts(session: Session, entry: Entry, work: Work) -> list[str]:
    """Of a thread: how far it has come, and where each part is."""
    count = len(parts_of(work.text))
    if not work.out and (count == 1 or not takes_threads(work.account.channel)):
        return []
    out = parts_out(session, entry.id)
    said = [
        f"It is a thread of {max(count, len(out))} parts, each an answer to the one before. {what_is_out(session, entry)}"
    ]
    return said + [
        f"Part {part.number} went out {moment(part.published_at)}" + (f" and is at {part.url}." if part.url else ".")
        for part in out
    ]


def _attempts(session: Session, entry: Entry) -> list[str]:
    query = select(Attempt).where(Attempt.entry_id == entry.id).order_by(col(Attempt.id))
    return [
        f"Request {number}{f', for part {attempt.part},' if attempt.part > 1 else ''} left {moment(attempt.started_at)}: {_OUTCOMES[attempt.outcome]}."
        + (f" {attempt.detail}" if attempt.detail else "")
        for number, attempt in enumerate(session.exec(query), 1)
    ]


def _moves(session: Session, entry: Entry) -> list[str]:
    query = select(EntryHistory).where(EntryHistory.entry_id == entry.id).order_by(col(EntryHistory.id))
    return [
        f"{moment(row.at)}: {row.from_state} to {row.to_state} ({row.event}) by {row.actor}."
        + (f" {row.reason}" if row.reason else "")
        for row in session.exec(query)
    ]

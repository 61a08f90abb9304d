"""Moving posts to other days, several at a time, and taking the last move back: what the calendar asks for.

A post keeps its time on the clock, whatever the clocks did in between (R42). Each post is moved by itself through
`planning.move_post`, which asks who may and holds the move against what others did: what can be moved is moved, and
what cannot is told with the reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from scheduler.entries import Entry
from scheduler.lifecycle import State
from scheduler.planning import move_post
from scheduler.slots import comes_twice, to_instant
from scheduler.status import status_of
from scheduler.writing import FINISHED, GOING_OUT
from social.clock import as_local
from social.context import Context
from social.errors import BeatlineError, InputError
from social.staff import Person

MOST = 50
"""Posts that are moved at a time at most."""


@dataclass(frozen=True)
class Ask:
    """One post to move.  seen: aware UTC, its time when the person moved it.  local: naive, where it is to go.

    fold: which of the two is meant where the clock shows that time twice; None when nobody has said."""

    post_id: int
    seen: datetime
    local: datetime
    fold: int | None = None


@dataclass(frozen=True)
class Done:
    """A post that was moved.  before, after: aware UTC.  may_undo: moving it back brings all back as it was.

    status: of the post now."""

    post_id: int
    before: datetime
    after: datetime
    may_undo: bool
    status: str


@dataclass(frozen=True)
class Failed:
    """A post that stays where it was.  reason: in plain words, without a full stop where it is one of ours."""

    post_id: int
    reason: str


@dataclass(frozen=True)
class Moved:
    """What came of it.  twice: a local time that the clock shows twice; then nothing was moved and somebody has to say
    which one is meant.  None otherwise."""

    done: tuple[Done, ...] = ()
    failed: tuple[Failed, ...] = ()
    twice: datetime | None = None

    @property
    def undo(self) -> tuple[Done, ...]:
        """What can be taken back: everything or nothing."""
        return self.done if self.done and all(one.may_undo for one in self.done) else ()

    @property
    def trouble(self) -> str:
        """'2 posts could not be moved: already published.' One sentence a reason, '' when all were moved."""
        reasons: dict[str, int] = {}
        for one in self.failed:
            reasons[one.reason] = reasons.get(one.reason, 0) + 1
        return " ".join(
            f"{'1 post' if count == 1 else f'{count} posts'} could not be moved: {reason.rstrip('.')}."
            for reason, count in reasons.items()
        )


def on_day(due_at: datetime, day: date) -> datetime:
    """The same time on the clock on another day, naive local.  due_at: aware UTC."""
    return datetime.combine(day, as_local(due_at).time().replace(fold=0))


def why_fixed(states: Iterable[str]) -> str | None:
    """Why a post with such entries cannot be given another time; None when it can."""
    there = {State(state) for state in states}
    if there & GOING_OUT:
        return "going out at this moment"
    if there - FINISHED - {State.FAILED}:
        return None
    if State.FAILED in there:
        return "it could not go out, so change it first"
    if State.PUBLISHED in there:
        return "already published"
    return "taken down" if State.WITHDRAWN in there else "nothing of it is left to move"


def move_posts(context: Context, person: Person, asks: Sequence[Ask]) -> Moved:
    """Move each of them, as far as the person may and nobody else was first.

    Raises InputError for none and for more than MOST; what stands in a single post's way is in `failed`."""
    if not 0 < len(asks) <= MOST:
        raise InputError(f"Move from 1 to {MOST} posts at a time.")
    for ask in asks:
        if ask.fold is None and comes_twice(ask.local):
            return Moved(twice=ask.local)
    done: list[Done] = []
    failed: list[Failed] = []
    for ask in asks:
        before = _states(context, ask.post_id)
        try:
            move_post(context, ask.post_id, ask.local, person, fold=ask.fold, expected_due=ask.seen)
        except BeatlineError as error:
            failed.append(Failed(ask.post_id, _reason(context, ask.post_id, error)))
        else:
            after = _states(context, ask.post_id)
            done.append(
                Done(ask.post_id, ask.seen, to_instant(ask.local, ask.fold), before == after, status_of(after.values()))
            )
    return Moved(tuple(done), tuple(failed))


def move_back(context: Context, person: Person, moved: Sequence[Done]) -> Moved:
    """Take a move back: each post gets the time that it had, if nobody moved it since."""
    return move_posts(context, person, [_back(one) for one in moved])


def _back(one: Done) -> Ask:
    local = as_local(one.before)
    return Ask(one.post_id, one.after, local.replace(tzinfo=None, fold=0), local.fold)


def _states(context: Context, post_id: int) -> dict[int | None, str]:
    """Of the post's entries, by entry."""
    with context.database.read() as session:
        rows = session.exec(select(Entry.id, Entry.state).where(col(Entry.post_id) == post_id)).all()
    return dict(rows)


def _reason(context: Context, post_id: int, error: BeatlineError) -> str:
    states = _states(context, post_id).values()
    told = error.problems[0].message if isinstance(error, InputError) else str(error)
    return (why_fixed(states) if states else None) or told

"""What the planner in the browser asks for, read with care, done, and answered. No Streamlit here.

A browser may send anything: what is no move that can be understood moves nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from scheduler.moving import Ask, Done, Moved, move_back, move_posts, on_day
from social.clock import as_local
from social.context import Context
from social.errors import BeatlineError, InputError
from social.staff import Person
from social.views.words import STATES, say_count, say_date, say_moment, word

UNREADABLE = "The calendar sent something that Beatline could not read. Load the page again, then move the post."
UNKNOWN = "The database did not answer. Load the page again to see where the posts are."


@dataclass(frozen=True)
class Answer:
    """What the planner is told.  number: one more each time, so that it says each answer once.

    question: the local time that comes twice, with the moves that wait for the answer.  undo: what can be taken back."""

    number: int = 0
    text: str = ""
    trouble: bool = False
    undo: tuple[Done, ...] = ()
    moved: tuple[int, ...] = ()
    question: datetime | None = None
    waiting: Sequence[Mapping[str, Any]] = field(default=())

    def as_data(self) -> dict[str, Any]:
        """For the browser; ids only, never what could be sent back as a command."""
        asked = None
        if self.question is not None:
            asked = {"text": f"{self.question:%H:%M} on {say_date(self.question.replace(tzinfo=UTC))} comes twice: the "
                             "clocks go back. Which one do you mean?", "moves": list(self.waiting)}  # fmt: skip
        return {"number": self.number, "text": self.text, "trouble": self.trouble, "undo": bool(self.undo),
                "moved": list(self.moved), "question": asked}  # fmt: skip


def answer_move(context: Context, person: Person, asked: Any, before: Answer) -> Answer:
    """Do what the planner asks.  asked: `{"moves": [{"id", "seen", "day", "clock"?}], "fold"?}` as the browser sent it."""
    number = before.number + 1
    try:
        asks = asks_of(asked)
        moved = move_posts(context, person, asks)
    except BeatlineError as error:
        return Answer(number, _told(error), trouble=True, undo=before.undo)
    except SQLAlchemyError:
        return Answer(number, UNKNOWN, trouble=True)
    if moved.twice is not None:
        return Answer(number, undo=before.undo, question=moved.twice, waiting=asked["moves"])
    return _answer(number, moved, say_moves(moved.done), moved.undo)


def answer_undo(context: Context, person: Person, before: Answer) -> Answer:
    """Take the last move back."""
    number = before.number + 1
    if not before.undo:
        return Answer(number, "There is no move to take back.", trouble=True)
    try:
        moved = move_back(context, person, before.undo)
    except SQLAlchemyError:
        return Answer(number, UNKNOWN, trouble=True)
    back = [f"{say_moment(one.after)}" for one in moved.done]
    said = f"Taken back: {say_count(len(back), 'post')} again on {back[0]}." if len(back) == 1 else (
        f"Taken back: {say_count(len(back), 'post')} have their old times again." if back else "")  # fmt: skip
    return _answer(number, moved, said, ())


def _answer(number: int, moved: Moved, said: str, undo: tuple[Done, ...]) -> Answer:
    text = " ".join(part for part in (said, moved.trouble) if part)
    return Answer(number, text, bool(moved.failed), undo, tuple(one.post_id for one in moved.done))


def say_moves(done: Sequence[Done]) -> str:
    """'Moved to Wednesday 25 November 2026, 10am. It keeps its place: Going out.' '' for none."""
    if not done:
        return ""
    if len(done) > 1:
        said = f"{say_count(len(done), 'post')} moved."
    else:
        said = f"Post {done[0].post_id} moved to {say_moment(done[0].after)}."
    changed = sorted({word(STATES, one.status) for one in done if not one.may_undo})
    return f"{said} Now: {', '.join(changed)}." if changed else said


def asks_of(asked: Any) -> list[Ask]:
    """The moves in what a browser sent.  Raises InputError for anything else."""
    try:
        return [_ask(one, asked.get("fold")) for one in asked["moves"]]
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        raise InputError(UNREADABLE) from None


def _ask(one: Mapping[str, Any], fold: int | None) -> Ask:
    number, seen, day = one["id"], datetime.fromisoformat(one["seen"]), date.fromisoformat(one["day"])
    clock = time.fromisoformat(one["clock"]) if one.get("clock") else None
    sound = type(number) is int and 0 < number < 2**53 and type(fold) in (int, type(None)) and fold in (None, 0, 1)
    if not sound or seen.tzinfo is None or not 2000 < day.year < 2100 or (clock and clock.tzinfo):
        raise ValueError
    seen = seen.astimezone(UTC)
    kept = as_local(seen)
    if clock is None or (kept.hour, kept.minute) == (clock.hour, clock.minute):
        return Ask(number, seen, on_day(seen, day), fold)
    return Ask(number, seen, datetime.combine(day, clock), fold)


def _told(error: BeatlineError) -> str:
    return "\n".join(problem.message for problem in error.problems) if isinstance(error, InputError) else str(error)

"""Placing holds, releasing them, and what becomes of the posts they stopped (R31, R35, R37, R38).

What was queued when a hold began, and is due before its end, is held at once; what is queued later is held when its
time comes. Afterwards nothing of it goes out by itself: each post waits for a yes by a named person, whether its time
has passed or is still ahead, and whether the hold was released or ran out. That the hold is in force is not in the
hands of this module: the worker asks `hold_rules` in the transaction that records a request."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, and_, col, or_, select, text

from scheduler import queue
from scheduler.entries import STOPPED, Entry
from scheduler.hold_kinds import HoldKind
from scheduler.hold_rules import (
    Hold,
    HoldPass,
    held_of,
    hold_against,
    hold_numbered,
    holds_in_force,
    say_hold,
    stopped_by,
    stops,
)
from scheduler.lifecycle import Event, State
from scheduler.posts import Post
from scheduler.takedown_tasks import COMING_DOWN, comes_down
from scheduler.thread_parts import is_begun
from scheduler.writing import entries_of, post_with_id
from social.audit import record
from social.context import Context
from social.database_trouble import DatabaseTrouble
from social.errors import InputError, NotAllowed
from social.places import Place, PlaceKind, areas_above, list_places, places_named
from social.staff import Action, Person, require

INCIDENT_LASTS = timedelta(hours=72)
"""R38: light posts stop for so long after a serious incident, where nobody says otherwise."""
PAGE = 500
BATCH = 50
"""Entries read together, and entries held in one transaction, so that a long queue keeps nobody else waiting."""
_QUEUED = text("entry.state = 'queued'")


@dataclass(frozen=True)
class Order:
    """What somebody orders.

    place_id: None for the whole force.  starts_at, ends_at: aware UTC; None is now, and until it is released (72 hours
    for a serious incident).  names: candidates, one to a line, for the time before a poll."""

    kind: HoldKind
    reason: str
    place_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    names: str = ""


def place_hold(context: Context, order: Order, by: Person) -> int:
    """Put a hold in force, or plan one; in force at every worker from the commit on.  Returns its number.

    What is queued and stopped is held before this returns, or by a worker when the database cannot be written to any
    longer.  Raises InputError for what cannot be ordered so, NotAllowed when the person may not."""
    with context.database.write() as session:
        now = context.clock.now()
        require(session, by, action_for(order.kind), order.place_id)
        hold = hold_of(session, order, by, now)
        session.add(hold)
        session.flush()
        assert hold.id is not None
        record(
            session, now, actor=by, action="place hold", subject=("hold", hold.id), reason=hold.reason,
            place_id=hold.place_id, after={"kind": hold.kind, "starts_at": hold.starts_at, "ends_at": hold.ends_at},
        )  # fmt: skip
    if hold.starts_at <= now:
        # It is in force. Whoever was told of an error now would take it for refused and place another, and release that one.
        with suppress(DatabaseTrouble):
            sweep(context, hold.id)
    return hold.id


def action_for(kind: HoldKind) -> Action:
    """What somebody must be allowed to do to place a hold of this kind."""
    return Action.MARK_INCIDENT if kind is HoldKind.SERIOUS_INCIDENT else Action.HOLD


def hold_of(session: Session, order: Order, by: Person, now: datetime) -> Hold:
    """The order as a hold that is not kept yet.  Raises InputError with what is wrong with it."""
    starts_at = order.starts_at or now
    ends_at = order.ends_at
    if ends_at is None and order.kind is HoldKind.SERIOUS_INCIDENT:
        ends_at = starts_at + INCIDENT_LASTS
    _require_sense(order, starts_at, ends_at, now)
    assert by.id is not None
    return Hold(
        kind=order.kind.value,
        place_id=_area(session, order.place_id),
        starts_at=starts_at,
        ends_at=ends_at,
        over_at=ends_at,
        reason=order.reason.strip(),
        names="\n".join(" ".join(name.split()) for name in order.names.splitlines() if name.strip()),
        placed_at=now,
        placed_by_id=by.id,
    )


def _require_sense(order: Order, starts_at: datetime, ends_at: datetime | None, now: datetime) -> None:
    if not order.reason.strip():
        raise InputError("Say why posts are held back, so that everybody can see it.")
    if order.kind is HoldKind.SERIOUS_INCIDENT and order.place_id is None:
        raise InputError("Say in which neighbourhood the incident happened.")
    if order.kind is HoldKind.PRE_ELECTION and ends_at is None:
        raise InputError("Say when the period before the poll ends: polls have a date.")
    if order.kind is not HoldKind.PRE_ELECTION and order.names.strip():
        raise InputError("Candidates are named for the period before a poll only. Leave them out.")
    if ends_at is not None and ends_at <= max(now, starts_at):
        raise InputError("The end lies before the start or has passed. Choose a later one.")


def _area(session: Session, place_id: int | None) -> int | None:
    """None for the whole force, also when the only force there is was named."""
    if place_id is None:
        return None
    place = session.get(Place, place_id)
    if place is None:
        raise InputError(f"There is no area {place_id}.")
    alone = place.kind == PlaceKind.FORCE and len(list_places(session, PlaceKind.FORCE)) == 1
    return None if alone else place_id


def area_named(session: Session, name: str) -> int:
    """The area of that name.  Raises InputError when there is none, or several."""
    found = places_named(session, name)
    if not found:
        raise InputError(f"There is no area called '{name}'. The Holds page lists those there are.")
    if len(found) > 1:
        raise InputError(f"There are {len(found)} areas called '{name}'. Place the hold on the Holds page.")
    assert found[0].id is not None
    return found[0].id


def release_hold(context: Context, hold_id: int, by: Person, reason: str) -> None:
    """End a hold, or call off one that has not begun.  What it stopped goes on waiting, now for a yes.

    Raises InputError when it is over already or no reason is given, NotAllowed when the person may not."""
    if not reason.strip():
        raise InputError("Say why the hold ends, so that everybody can see it.")
    with context.database.read() as session:
        begun = (found := session.get(Hold, hold_id)) is not None and found.starts_at <= context.clock.now()
        unswept = found is not None and found.swept_at is None
    if begun and unswept:
        sweep(context, hold_id)
    with context.database.write() as session:
        now = context.clock.now()
        hold = hold_numbered(session, hold_id)
        require(session, by, Action.RELEASE, hold.place_id)
        if hold.over_at is not None and hold.over_at <= now:
            raise InputError(f"Hold {hold_id} is over already.")
        hold.released_at, hold.over_at = now, now
        hold.released_by_id, hold.release_reason = by.id, reason.strip()
        record(
            session, now, actor=by, action="release hold", subject=("hold", hold_id), reason=reason.strip(),
            place_id=hold.place_id, before={"ends_at": hold.ends_at}, after={"over_at": now},
        )  # fmt: skip


def begin_holds(context: Context) -> int:
    """Hold what is queued under the holds that have begun since the last look.  Returns how many entries moved."""
    with context.database.read() as session:
        now = context.clock.now()
        came = or_(col(Hold.over_at).is_(None), col(Hold.over_at) > col(Hold.starts_at))
        query = select(Hold.id).where(col(Hold.swept_at).is_(None), col(Hold.starts_at) <= now, came)
        begun = [hold_id for hold_id in session.exec(query) if hold_id is not None]
    return sum(sweep(context, hold_id) for hold_id in begun)


def sweep(context: Context, hold_id: int) -> int:
    """Hold everything queued that this hold stops and that is due before its end.  Returns how many entries moved.

    The hold is in force without it: this is what shows people at once what they will be asked about."""
    with context.database.read() as session:
        hold = session.get_one(Hold, hold_id)
        actor, reason = session.get_one(Person, hold.placed_by_id).email, stopped_by(session, hold)
        stopped = [entry_id for entry_id, _ in _entries_stopped(session, hold)]
    moved = 0
    for start in range(0, len(stopped), BATCH):
        with context.database.write() as session:
            now = context.clock.now()
            few = col(Entry.id).in_(stopped[start : start + BATCH])
            for entry in session.exec(select(Entry).where(_due_by(hold.ends_at), few)):
                queue.move(session, entry, Event.HOLD, actor=actor, now=now, reason=reason, hold_id=hold_id)
                moved += 1
    with context.database.write() as session:
        session.get_one(Hold, hold_id).swept_at = context.clock.now()
    return moved


def _due_by(until: datetime | None) -> Any:
    return _QUEUED if until is None else and_(_QUEUED, col(Entry.due_at) < until)


def _entries_stopped(session: Session, hold: Hold) -> Iterator[tuple[int, int]]:
    """Entry and post of everything in the queue that this hold stops and that is due before its end."""
    above, last = areas_above(session, hold.place_id), 0
    query = select(Entry, Post).join(Post, col(Post.id) == col(Entry.post_id)).where(_due_by(hold.ends_at))
    while rows := session.exec(query.where(col(Entry.id) > last).order_by(col(Entry.id)).limit(PAGE)).all():
        for entry, post in rows:
            last = entry.id or last
            if stops(hold, above, held_of(session, post, words=hold.kind == HoldKind.PRE_ELECTION)):
                yield last, entry.post_id


def posts_stopped(session: Session, hold: Hold) -> list[int]:
    """Posts in the queue that this hold, kept or not, stops and that are due before its end; by number."""
    return list(dict.fromkeys(post_id for _, post_id in _entries_stopped(session, hold)))


def say_yes(context: Context, post_id: int, by: Person) -> None:
    """Let a post that a hold stopped go on: at its time where that is still ahead, else at once.

    Raises NotAllowed while a hold stops it, or when the person may not; InputError when it waits for no yes."""
    with context.database.write() as session:
        now = context.clock.now()
        post = post_with_id(session, post_id)
        if not any(map(waits_for_yes, entries_of(session, post_id))):
            raise InputError("This post does not wait for a yes after a hold.")
        require_may_resume(session, post, by, now, now)
        _resume(session, post, by, now)


def _resume(session: Session, post: Post, by: Person, now: datetime) -> None:
    """Back into the queue with what a hold stopped, late or not."""
    assert post.id is not None
    waiting = [entry for entry in entries_of(session, post.id) if waits_for_yes(entry)]
    for entry in waiting:
        if is_begun(entry) and comes_down(session, entry.id):
            raise NotAllowed(COMING_DOWN)
        before, due_at = entry.hold_id, max(entry.due_at or now, now)
        queue.move(session, entry, Event.RELEASE, actor=by.email, now=now, due_at=due_at, not_before=None)
        record(
            session, now, actor=by, action="confirm after hold", subject=("entry", entry.id or 0),
            place_id=post.place_id, before={"hold": before}, after={"due_at": due_at, "version": post.version},
        )  # fmt: skip
    if waiting:
        post.due_at, post.updated_at = max(post.due_at or now, now), now


LETS_SOME_THROUGH = frozenset({HoldKind.CRITICAL_INCIDENT, HoldKind.MOURNING, HoldKind.PRE_ELECTION})
"""Holds through which one post may be let. R31 and R38 know no such thing: a joke is never necessary."""


def let_through(context: Context, post_id: int, by: Person, reason: str) -> None:
    """Let this very version of a post through every hold that stops it now, because it is required by law or necessary
    (R37), or because corporate communications answer for it before a poll (R35).  What was held goes on at its time.

    Raises InputError when nothing stops it or no reason is given; NotAllowed when a hold knows no exception, and for
    anybody but corporate communications."""
    if not reason.strip():
        raise InputError("Say why this post cannot wait, so that everybody can see it.")
    with context.database.write() as session:
        now = context.clock.now()
        post = post_with_id(session, post_id)
        require(session, by, Action.APPROVE_CORPORATE, post.place_id)
        if hold_against(session, post, None, now) is None:
            raise InputError("No hold that is in force stops this post.")
        while (hold := hold_against(session, post, None, now)) is not None:
            if HoldKind(hold.kind) not in LETS_SOME_THROUGH:
                raise NotAllowed(f"Nothing is let through {say_hold(session, hold)}.")
            assert hold.id is not None
            assert by.id is not None
            session.add(HoldPass(hold_id=hold.id, post_id=post_id, version=post.version, at=now, by_id=by.id,
                                 reason=reason.strip()))  # fmt: skip
            session.flush()
            record(
                session, now, actor=by, action="let through hold", subject=("post", post_id), reason=reason.strip(),
                place_id=post.place_id, after={"hold": hold.id, "version": post.version},
            )  # fmt: skip
        _resume(session, post, by, now)


def waits_for_yes(entry: Entry) -> bool:
    return entry.state == State.HELD and entry.hold_id is not None


def require_may_resume(session: Session, post: Post, by: Person, at: datetime, now: datetime) -> None:
    """Raise NotAllowed unless this person may let a post that a hold stopped go out at that time (R37)."""
    require(session, by, Action.RELEASE, post.place_id)
    if post.approved_version != post.version:
        raise NotAllowed(
            "The post was changed or taken down after it was approved. Change it, then send it for approval."
        )
    hold = hold_against(session, post, None, now)
    if hold is not None and (hold.over_at is None or hold.over_at > at):
        raise NotAllowed(f"It is stopped by {say_hold(session, hold)}, which is still in force then.")


@dataclass(frozen=True)
class Stopped:
    """A post that a hold stopped.  hold_id: the hold that did.  still: one in force that stops it, None when it only
    waits for a yes.  late: the time it was planned for has passed."""

    post_id: int
    hold_id: int
    still: int | None
    late: bool


def stopped_posts(session: Session, now: datetime) -> list[Stopped]:
    """Every post that holds stopped and that nobody has decided about yet, by the time it was planned for."""
    query = (
        select(Entry, Post)
        .join(Post, col(Post.id) == col(Entry.post_id))
        .where(STOPPED, Entry.state == State.HELD.value)
        .order_by(col(Entry.due_at), col(Entry.id))
    )
    in_force = bool(holds_in_force(session, now))
    found: dict[int, Stopped] = {}
    for entry, post in session.exec(query):
        if entry.post_id not in found:
            hold = hold_against(session, post, None, now) if in_force else None
            late = entry.due_at is not None and entry.due_at <= now
            found[entry.post_id] = Stopped(entry.post_id, entry.hold_id or 0, hold.id if hold else None, late)
    return list(found.values())


def list_holds(session: Session, now: datetime, since: timedelta = timedelta(days=30)) -> list[Hold]:
    """Holds in force, planned, or over for no longer than `since`; the newest first."""
    recent = or_(col(Hold.over_at).is_(None), col(Hold.over_at) > now - since)
    return list(session.exec(select(Hold).where(recent).order_by(col(Hold.placed_at).desc(), col(Hold.id).desc())))


def standing(hold: Hold, now: datetime) -> str:
    """Where the hold stands: 'in force', 'planned', 'called off', 'released' or 'ended'."""
    if hold.released_at is not None:
        return "called off" if hold.released_at < hold.starts_at else "released"
    if hold.starts_at > now:
        return "planned"
    return "in force" if hold.in_force(now) else "ended"

"""Listens to everything that an account ever posted, in turns, so that an emergency under a post of years ago is found too
(R16, R19).

`social.sweeping` hears what is young or lively every three minutes. Where there are thousands of posts the rest takes more
requests than a network allows in that time. So it goes round: every three minutes a turn takes as many requests as the
network's own words leave (`reading_costs.requests_a_turn`) and goes on where the last one ended; how long a round took is
kept, so that the longest wait is told as it is (`social.found_within`). Nothing that is quiet costs money.

Facebook tells of a hundred posts in one request, and of a post that its list leaves out by itself. X is asked for many
threads in one search: first those that residents are known to have answered, for only there can anybody write on with our
name taken out, and yet all others too, since a first answer may have escaped us."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import exists, func, select, update
from sqlmodel import Field, Session, SQLModel, col

from social.accounts import Account, list_accounts
from social.channels.base import Channel
from social.channels.reading_costs import requests_a_turn
from social.collect_obstacles import obstacle_of
from social.collect_plan import SWEEP_EVERY, SWEPT_BACK, THREADS_BACK, split
from social.collecting import adopt
from social.context import Context
from social.database import Database, UTCDateTime
from social.errors import BeatlineError, ChannelError, NeedsPerson, Refused, TryLater
from social.heard import store_heard
from social.interactions import Interaction
from social.limits import limits_of
from social.publications import UNLISTED, CollectingState, Publication
from social.rechecks import begin_where_heard
from social.rounds import note_gone, note_trouble
from social.sweeping import LISTED_AFTER, STILL_READ, note_listed, take_marks
from social.upsert import insert_into

FIRST_BACK = timedelta(days=1)
"""So far the first round of threads reaches back: X charges for it once, and older history wakes nobody."""
LISTED = 100
"""Posts in one page of Facebook's list."""
_OVERLAP = timedelta(minutes=15)
"""A network may list a post late."""
_AROUND = timedelta(minutes=1)
"""Our clock and the network's may differ over when a post went out."""
_PASSED_BY_AFTER = 3
"""Turns in which the same request failed before the round goes on without it. Counted by a worker, anew when it starts."""
_failed: WeakKeyDictionary[Database, dict[tuple[int, str], tuple[str | None, int]]] = WeakKeyDictionary()
"""By account and ring: the place that could not be left, and in how many turns."""


class Ring(StrEnum):
    """Posts that are listened to in one round."""

    BY_HAND = "by hand"
    """What somebody posted without Beatline: looked for in each turn.  Its place: until when that was done."""

    OLD = "old"
    """Older than sweeps reach, a page of the network's list at a time."""
    UNLISTED = "unlisted"
    """Those that the list leaves out, one by one."""
    ANSWERED = "answered"
    """Threads in which somebody is known to have written."""
    QUIET = "quiet"
    """All other threads."""


class Rotation(SQLModel, table=True):
    """How far a round has come.  place: of the last post, in the ring's own order; '' before the first, None where the
    round has ended.  began_at: of this round; before_at: of the one before, None in the first.  turn_at: the last turn.

    A round that had to pass something by begins with the one before, so that the next goes as far back as this one."""

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    ring: str = Field(primary_key=True)
    place: str | None = None
    began_at: datetime = Field(sa_type=UTCDateTime)
    before_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    turn_at: datetime = Field(sa_type=UTCDateTime)


@dataclass
class TurnReport:
    """heard: replies stored, and posts that have news.  problems: sentences for people."""

    heard: int
    problems: tuple[str, ...] = ()


def rotate(context: Context) -> TurnReport:
    """Take the turn of each account whose turn it is, side by side: one that takes long holds up no other."""
    now = context.clock.now()
    with context.database.read() as session:
        taken = {one.account_id: one.turn_at for one in _rotations(session)}
        accounts = [
            one
            for one in list_accounts(session)
            if not timedelta() <= now - taken.get(one.id or 0, now - SWEEP_EVERY) < SWEEP_EVERY
        ]
    if not accounts:
        return TurnReport(0)
    with ThreadPoolExecutor(min(len(accounts), context.settings.in_flight)) as pool:
        turns = list(pool.map(partial(_turn, context), accounts))
    return TurnReport(sum(one.heard for one in turns), tuple(problem for one in turns for problem in one.problems))


def rings_of(channel: Channel) -> tuple[Ring, ...]:
    """The two kinds of posts that turns are for on this network; none where it tells of one post at a time."""
    if channel.can.glances:
        return Ring.OLD, Ring.UNLISTED
    return (Ring.ANSWERED, Ring.QUIET) if channel.can.hears_threads else ()


@dataclass(frozen=True)
class Standing:
    """How a ring stands.  posts: so many are in it.  requests: what a round of it takes.  a_turn: so many it gets in each
    turn.  lately: how long the last round took, or this one so far; None before the first has ended."""

    ring: Ring
    posts: int
    requests: int
    a_turn: int
    lately: timedelta | None


def standings(session: Session, account: Account, channel: Channel, now: datetime) -> tuple[Standing, ...]:
    """How each ring of the account stands at this moment."""
    rings = rings_of(channel)
    if not rings:
        return ()
    assert account.id is not None
    known = {one.ring: one for one in _rotations(session, account.id)}
    posts = [count_posts(session, account.id, ring, now) for ring in rings]
    requests = [-(-count // _in_one(channel, ring)) for count, ring in zip(posts, rings, strict=True)]
    shares = split(requests_a_turn(account.channel, limits_of(session, account), now), *requests)
    return tuple(
        Standing(ring, count, needed, share, _lately(known.get(ring), now))
        for ring, count, needed, share in zip(rings, posts, requests, shares, strict=True)
    )


def _in_one(channel: Channel, ring: Ring) -> int:
    """Posts in one request."""
    return {Ring.OLD: LISTED, Ring.UNLISTED: 1}.get(ring, channel.limits.threads)


def _lately(rotation: Rotation | None, now: datetime) -> timedelta | None:
    if rotation is None or rotation.before_at is None:
        return None
    return max(rotation.began_at - rotation.before_at, now - rotation.began_at)


def _rotations(session: Session, account_id: int | None = None) -> Sequence[Rotation]:
    query = select(Rotation) if account_id is None else select(Rotation).where(col(Rotation.account_id) == account_id)
    return session.scalars(query).all()


def _turn(context: Context, account: Account) -> TurnReport:
    """One account's turn. Its trouble is kept as reading's is, and is no other's."""
    try:
        if obstacle_of(context, account) is not None:
            return TurnReport(0)
        channel = context.channel(account)
        rings = rings_of(channel)
        if not rings or not _claim(context, account.id or 0, (Ring.BY_HAND, *rings)):
            return TurnReport(0)
        by_hand = _by_hand(context, account) if channel.can.tells_history else TurnReport(0)
        rounds = _Turn(context, account, channel).run()
        return TurnReport(by_hand.heard + rounds.heard, by_hand.problems + rounds.problems)
    except BeatlineError as error:
        return TurnReport(0, (note_trouble(context, account, error),))


def _claim(context: Context, account_id: int, rings: Sequence[Ring]) -> bool:
    """Whether the turn is ours: of two workers that come at once, one takes it."""
    now = context.clock.now()
    first = {"account_id": account_id, "began_at": now, "turn_at": now - SWEEP_EVERY}
    due = (col(Rotation.turn_at) <= now - SWEEP_EVERY) | (col(Rotation.turn_at) > now)
    with context.database.write() as session:
        rows = [{**first, "ring": ring.value, "place": None if ring is Ring.BY_HAND else ""} for ring in rings]
        session.connection().execute(insert_into(session, Rotation).values(rows).on_conflict_do_nothing())
        taken = update(Rotation).where(col(Rotation.account_id) == account_id, due).values(turn_at=now)
        return session.connection().execute(taken).rowcount > 0


def _by_hand(context: Context, account: Account) -> TurnReport:
    """An account's plan may not include its own posts; that keeps nobody from being listened to."""
    try:
        return TurnReport(_adopt(context, account))
    except Refused as error:
        return TurnReport(0, (note_trouble(context, account, error),))


def _adopt(context: Context, account: Account) -> int:
    """Posts that somebody wrote by hand since we last looked, or since the account was connected; what was there before
    is for a person to bring in."""
    now, mine = context.clock.now(), (col(Rotation.account_id) == account.id, col(Rotation.ring) == Ring.BY_HAND.value)
    with context.database.read() as session:
        place = session.scalars(select(col(Rotation.place)).where(*mine)).one()
    since = account.added_at if place is None else max(datetime.fromisoformat(place) - _OVERLAP, account.added_at)
    adopted = adopt(context, account, since=min(since, now - _OVERLAP))  # a clock may have been put back
    with context.database.write() as session:
        session.connection().execute(update(Rotation).where(*mine).values(place=now.isoformat()))
    return adopted


class _Turn:
    """One turn of one account: each ring goes on until its share of the requests is used or its round has ended."""

    def __init__(self, context: Context, account: Account, channel: Channel) -> None:
        assert account.id is not None
        self._context, self._account, self._channel, self._id = context, account, channel, account.id
        self._beyond, self._problems = "", list[str]()
        now = context.clock.now()
        with context.database.read() as session:
            self._rings = standings(session, account, channel, now)
            self._places = {Ring(one.ring): one for one in _rotations(session, self._id)}

    def run(self) -> TurnReport:
        ask = {Ring.OLD: self._old, Ring.UNLISTED: self._unlisted}
        heard = sum(self._go_on(one, ask.get(one.ring, self._threads)) for one in self._rings)
        return TurnReport(heard, tuple(self._problems))

    def _go_on(self, standing: Standing, ask: Any) -> int:
        """Ask for what follows in the ring, and keep the place after each request: a worker that dies repeats one. A turn
        that finds the round at its end begins the next, but goes round once at the most. A round that broke off at its
        first request goes on as what it is: begun anew it would leave out what was written before it."""
        heard, used, rotation = 0, 0, self._places[standing.ring]
        if rotation.place is None or not (rotation.place or standing.requests):
            self._begin(rotation)
        while used < standing.a_turn and not self._context.stopping.is_set():
            try:
                place, asked, found = ask(standing.ring, rotation)
            except ChannelError as error:
                if not self._passes_by(rotation, error):
                    raise
                break
            if place is not None:
                self._set(rotation, place=place)
                heard, used = heard + found, used + asked
            elif used == 0 and rotation.place:
                self._begin(rotation)
            else:
                self._set(rotation, place=None)
                break
        return heard

    def _passes_by(self, rotation: Rotation, error: ChannelError) -> bool:
        """Whether the round goes on without what could not be had: where the network refused it, or where nothing came of
        it in several turns. All other posts would never be listened to again for the sake of one."""
        known, key = _failed.setdefault(self._context.database, {}), (self._id, rotation.ring)
        place, turns = known.pop(key, (None, 0))
        turns = turns + 1 if place == rotation.place else 1
        waits = isinstance(error, NeedsPerson) or (isinstance(error, TryLater) and error.not_before is not None)
        if waits or not (isinstance(error, Refused) or turns >= _PASSED_BY_AFTER):
            known[key] = (rotation.place, turns)
            return False
        missed = rotation.before_at or rotation.began_at - FIRST_BACK
        self._set(rotation, place=self._beyond, began_at=missed)
        self._problems.append(note_trouble(self._context, self._account, error))
        return True

    def _begin(self, rotation: Rotation) -> None:
        """A new round."""
        self._set(rotation, place="", began_at=self._context.clock.now(), before_at=rotation.began_at)

    def _set(self, rotation: Rotation, **values: Any) -> None:
        with self._context.database.write() as session:
            mine = (col(Rotation.account_id) == self._id, col(Rotation.ring) == rotation.ring)
            session.connection().execute(update(Rotation).where(*mine).values(**values))
        for name, value in values.items():
            setattr(rotation, name, value)

    def _old(self, _: Ring, rotation: Rotation) -> tuple[str | None, int, int]:
        """A page of the list: the place after it, the requests that it took, and the posts with news."""
        now = self._context.clock.now()
        before = datetime.fromisoformat(rotation.place) if rotation.place else now - SWEPT_BACK
        with self._context.database.read() as session:
            span = _page(session, self._id, before)
        if span is None:
            return None, 0, 0
        oldest, newest = span
        self._beyond = oldest.isoformat()
        asked, stirred, told = 0, 0, set[str]()
        for marks in self._channel.glance(since=oldest - _AROUND, until=newest + _AROUND):
            asked += 1
            told |= marks.keys()
            stirred += take_marks(self._context, self._id, marks)
        note_listed(self._context, self._id, told, oldest, min(newest, now - LISTED_AFTER))
        return oldest.isoformat(), max(asked, 1), stirred

    def _unlisted(self, ring: Ring, rotation: Rotation) -> tuple[str | None, int, int]:
        """One post, asked for by itself."""
        with self._context.database.read() as session:
            following = _following(session, self._id, ring, rotation.place, 1, self._context.clock.now())
        for name, number in following.items():
            self._beyond = str(number)
            mark = self._channel.glance_at(name)
            if mark is not None:
                return str(number), 1, take_marks(self._context, self._id, {name: mark})
            if not self._channel.is_live(name):
                with self._context.database.write() as session:
                    note_gone(session, [number], self._context.clock.now())
            return str(number), 3, 0
        return None, 0, 0

    def _threads(self, ring: Ring, rotation: Rotation) -> tuple[str | None, int, int]:
        """One search for many threads: what was written since the round before began."""
        now, most = self._context.clock.now(), self._channel.limits.threads
        since = min(rotation.before_at or rotation.began_at - FIRST_BACK, now) - THREADS_BACK
        with self._context.database.read() as session:
            ids = _following(session, self._id, ring, rotation.place, most, now)
        if not ids:
            return None, 0, 0
        self._beyond = str(min(ids.values()))
        asked, heard = 0, 0
        for page in self._channel.threads(list(ids), since=since):
            asked += 1
            if page.items:
                with self._context.database.write() as session:
                    new = store_heard(session, self._context.vault, self._id, ids, page.items, now)
                    if new:
                        begin_where_heard(session, ids, page, now)
                heard += new
        return self._beyond, max(asked, 1), heard


def _of_ring(account_id: int, ring: Ring, now: datetime) -> Iterator[Any]:
    """In SQL: what holds of the ring's posts."""
    yield col(Publication.account_id) == account_id
    yield from STILL_READ
    if ring is Ring.OLD:
        yield col(Publication.published_at) < now - SWEPT_BACK
    elif ring is Ring.UNLISTED:
        state = select(1).where(col(CollectingState.publication_id) == col(Publication.id), UNLISTED)
        yield state.exists()
    else:
        theirs = col(Interaction.ours).is_(False)
        answered = exists().where(col(Interaction.publication_id) == col(Publication.id), theirs)
        yield answered if ring is Ring.ANSWERED else ~answered


def count_posts(session: Session, account_id: int, ring: Ring, now: datetime) -> int:
    """How many posts are in the ring."""
    query = select(func.count()).select_from(Publication).where(*_of_ring(account_id, ring, now))
    return int(session.connection().execute(query).scalar_one())


def _following(
    session: Session, account_id: int, ring: Ring, place: str | None, most: int, now: datetime
) -> dict[str, int]:
    """The ring's next posts, by platform id. The latest known come first: what is new meanwhile waits for the next round,
    so that every round ends."""
    columns: list[Any] = [Publication.platform_id, Publication.id]
    query = select(*columns).where(*_of_ring(account_id, ring, now))
    if place:
        query = query.where(col(Publication.id) < int(place))
    return {
        row[0]: row[1] for row in session.connection().execute(query.order_by(col(Publication.id).desc()).limit(most))
    }


def _page(session: Session, account_id: int, before: datetime) -> tuple[datetime, datetime] | None:
    """When the oldest and the newest of the next posts were published, a page of the list; None after the last."""
    published = col(Publication.published_at)
    mine = (col(Publication.account_id) == account_id, *STILL_READ, published < before)
    found = session.connection().execute(select(published).where(*mine).order_by(published.desc()).limit(LISTED))
    moments = list(found.scalars())
    return (moments[-1], moments[0]) if moments else None

"""Opens a call for the duty contact when a reply is read as an emergency, in the transaction that stores the reading.

So no death of a worker can part the two. A reply that may help an enquiry opens one when it comes in while nobody
watches the account (R16). Tuned for recall: false alarms are accepted (R19)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, exists, or_, select, update
from sqlmodel import Session, col

from social.accounts import Account
from social.alarms import DUTY, Alarm
from social.clock import as_local
from social.duty import hours_of
from social.duty_hours import is_watched
from social.duty_rules import FRESH, PATIENCE, SURE_ENOUGH, worth_telling
from social.duty_tables import CALLING, EMERGENCY, LEAD, NOT_EMERGENCY, DutyCall
from social.interactions import EMERGENCY as MOST_URGENT
from social.interactions import UNREAD, Interaction, Reading, ReadingFlag
from social.places import Place
from social.publications import Publication
from social.upsert import table_of

UNREADABLE = "unreadable"
_SAID = {
    "emergency": "reads like an emergency",
    "welfare": "reads as if somebody may be at risk",
    "threat": "reads like a threat of violence",
    "person": "was marked as an emergency by a colleague",
    UNREADABLE: "could not be read by the analyser, so nobody knows yet whether it is an emergency",
    "lead": "may help an enquiry, and came in while nobody watches the account",
}
"""By `DutyCall.why`, the most urgent first."""
_FLAGS = ("welfare", "threat")


@dataclass(frozen=True)
class Found:
    """A reply that somebody may have to know of.  The fields are those of `DutyCall`, and when it came in."""

    interaction_id: int
    account_id: int
    publication_id: int
    place_id: int | None
    why: str
    p: float
    written_at: datetime
    arrived_at: datetime
    connected_at: datetime
    where: str

    @property
    def kind(self) -> str:
        return LEAD if self.why == LEAD else EMERGENCY


def open_calls(session: Session, now: datetime, interaction_ids: Collection[int], version: str) -> int:
    """Open calls for those of these replies that need one, by what this version of the analyser just said of them.

    Returns how many were opened. One reply has one call, however often it is read."""
    if not interaction_ids:
        return 0
    found: dict[int, Found] = {}
    order = list(_SAID)
    for one in _found(session, interaction_ids, version):
        known = found.get(one.interaction_id)
        if known is None or order.index(one.why) < order.index(known.why):
            found[one.interaction_id] = one
    return _open(session, now, [found[number] for number in sorted(found)])


def open_for_person(session: Session, now: datetime, interaction_id: int) -> int:
    """A person says that the reply is an emergency: whoever is on duty is told, whatever its age.  Returns 0 or 1."""
    rows = session.connection().execute(_facts().where(col(Interaction.id) == interaction_id)).all()
    return _open(session, now, [_of(row, "person", 1.0) for row in rows])


def open_unreadable(session: Session, now: datetime, interaction_ids: Collection[int]) -> int:
    """The analyser breaks off at these replies: until a person has read them each may be an emergency, so it is told and
    shown as one (R19).  Returns how many calls were opened."""
    rows = session.connection().execute(_facts().where(col(Interaction.id).in_(sorted(interaction_ids)))).all()
    return _open(session, now, [_of(row, UNREADABLE, 1.0) for row in rows])


def open_while_nothing_is_read(session: Session, now: datetime) -> int:
    """No reply at all can be read: tell of the one that has waited longest, where it has waited for PATIENCE. It stands
    for those that came after it, until somebody says that they have seen it; then the next one does.

    Returns 0 or 1."""
    told = select(col(DutyCall.id)).where(CALLING, col(DutyCall.why) == UNREADABLE).limit(1)
    if session.connection().execute(told).first() is not None:
        return 0
    known = exists().where(col(DutyCall.interaction_id) == col(Interaction.id))
    waiting = (
        select(table_of(Interaction).c.id)
        .where(UNREAD, ~col(Interaction.ours), col(Interaction.text) != "", ~known)
        .where(col(Interaction.fetched_at) > now - FRESH, col(Interaction.fetched_at) <= now - PATIENCE)
        .order_by(col(Interaction.id)).limit(1)
    )  # fmt: skip
    return open_unreadable(session, now, session.connection().execute(waiting).scalars().all())


def _found(session: Session, interaction_ids: Collection[int], version: str) -> list[Found]:
    flag, p = col(ReadingFlag.flag), col(ReadingFlag.p)
    raised = or_(*(and_(flag == name, p >= SURE_ENOUGH[name]) for name in _FLAGS))
    query = (
        _facts(col(Reading.kind), col(Reading.kind_p), flag, p)
        .join(Reading, and_(col(Reading.interaction_id) == col(Interaction.id), col(Reading.version) == version))
        .join(ReadingFlag, and_(col(ReadingFlag.reading_id) == col(Reading.id), raised), isouter=True)
        .where(
            col(Interaction.id).in_(sorted(interaction_ids)),
            or_(col(Reading.kind).in_((EMERGENCY, LEAD)), flag.is_not(None)),
        )
    )
    rows = session.connection().execute(query).all()
    judged = _judged(session, {row.id for row in rows}, version) if rows else frozenset()
    found = []
    for row in rows:
        kind, kind_p, named, named_p = row[-4:]
        if kind in (EMERGENCY, LEAD) and (row.id, kind) not in judged:
            found.append(_of(row, kind, kind_p))
        if named is not None and (row.id, named) not in judged:
            found.append(_of(row, named, named_p))
    return found


def _judged(session: Session, interaction_ids: Collection[int], version: str) -> frozenset[tuple[int, str]]:
    """(reply, kind or flag) where a person has said otherwise of these very words, or closed the reply after they had been
    read as something: what a new version makes of them calls nobody again.

    What was closed with many others, unread, still calls (R19). Other words end all of it: `heard` deletes the readings."""
    from social.desk import CLOSED_TOGETHER  # which asks for this module
    from social.labels import KIND, NO, Label  # this too

    ids, reply = sorted(interaction_ids), col(Reading.interaction_id)
    said: Any = select(col(Label.interaction_id), col(Label.aspect), col(Label.right)).where(
        col(Label.in_force), col(Label.interaction_id).in_(ids), col(Label.aspect).in_((KIND, *_FLAGS))
    )
    closed: Any = select(reply).join(Interaction, col(Interaction.id) == reply).where(
        reply.in_(ids), col(Interaction.done_by_id).is_not(None), col(Reading.version) != version,
        col(Reading.read_at) <= col(Interaction.done_at), col(Reading.kind).not_in(sorted(CLOSED_TOGETHER)),
    )  # fmt: skip
    found = {
        (id_, what) for id_ in session.connection().execute(closed).scalars() for what in (EMERGENCY, LEAD, *_FLAGS)
    }
    for id_, aspect, right in session.connection().execute(said):
        found |= {(id_, what) for what in (EMERGENCY, LEAD) if aspect == KIND and what != right}
        found |= {(id_, aspect)} if right == NO else set()
    return frozenset(found)


def _facts(*more: Any) -> Any:
    columns: list[Any] = [
        Interaction.id, Interaction.account_id, Interaction.publication_id, Interaction.created_at,
        Interaction.fetched_at, Publication.place_id, Publication.post_id, Publication.published_at, Account.name,
        Account.added_at, col(Place.name).label("place"), *more,
    ]  # fmt: skip
    return (
        select(*columns)
        .select_from(Interaction)
        .join(Publication, col(Publication.id) == Interaction.publication_id)
        .join(Account, col(Account.id) == Interaction.account_id)
        .join(Place, col(Place.id) == Publication.place_id, isouter=True)
    )


def _of(row: Any, why: str, p: float) -> Found:
    published = as_local(row.published_at)
    post = f"post {row.post_id}" if row.post_id is not None else f"the post of {published.day} {published:%B %Y}"
    where = f"{post} on {row.name}{f' ({row.place})' if row.place else ''}"
    return Found(row.id, row.account_id, row.publication_id, row.place_id, why, p, row.created_at, row.fetched_at,
                 row.added_at, where)  # fmt: skip


def _open(session: Session, now: datetime, found: Collection[Found]) -> int:
    by_person = {one.interaction_id for one in found if one.why == "person"}
    found = [one for one in found if one.interaction_id in by_person
             or worth_telling(one.written_at, one.arrived_at, one.connected_at, now)]  # fmt: skip
    if not found:
        return 0
    hours = hours_of(session, {one.account_id for one in found})
    known = select(DutyCall).where(col(DutyCall.interaction_id).in_([one.interaction_id for one in found]))
    calls = {call.interaction_id: call for call in session.execute(known).scalars()}
    opened: list[Found] = []
    for one in found:
        call = calls.get(one.interaction_id)
        if one.kind == LEAD and (call is not None or is_watched(hours.get(one.account_id, ()), now)):
            continue
        if call is None:
            session.add(_call(session, one, now))
        elif _is_news(call, one):
            _begin_anew(session, call, one, now)
        else:
            continue
        opened.append(one)
    _to_the_top(session, [one.interaction_id for one in opened if one.kind == EMERGENCY])
    return len(opened)


def _to_the_top(session: Session, interaction_ids: Collection[int]) -> None:
    """Emergencies come first in every list, whatever kind the analyser gave them, and are open again (R19)."""
    if interaction_ids:
        statement = update(Interaction).where(col(Interaction.id).in_(interaction_ids))
        session.connection().execute(statement.values(urgency=MOST_URGENT, done_at=None, done_by_id=None))


def _is_news(call: DutyCall, one: Found) -> bool:
    """Whether a reply that has a call needs another round: it was a lead, or its words changed since it was seen, or one
    person said that it is no emergency and another says that it is."""
    taken_back = one.why == "person" and call.outcome == NOT_EMERGENCY
    return call.kind == LEAD or (call.seen_at is not None and (call.edited or taken_back))


def _call(session: Session, one: Found, now: datetime) -> DutyCall:
    return DutyCall(
        interaction_id=one.interaction_id, account_id=one.account_id, publication_id=one.publication_id,
        place_id=one.place_id, kind=one.kind, why=one.why, p=one.p, written_at=one.written_at, opened_at=now,
        next_at=now, alarm_id=_alarm(session, one, now),
    )  # fmt: skip


def _begin_anew(session: Session, call: DutyCall, one: Found, now: datetime) -> None:
    """The same reply, from the first contact on; what was said of the earlier round is in the audit record."""
    before = session.get(Alarm, call.alarm_id)
    if before is not None and before.cleared_at is None:
        before.cleared_at = now
        session.add(before)
    call.kind, call.why, call.p, call.opened_at, call.next_at = one.kind, one.why, one.p, now, now
    call.level, call.tellings, call.edited = 0, 0, False
    call.seen_at, call.seen_by_id, call.outcome, call.passed_at, call.reference = None, None, None, None, None
    call.alarm_id = _alarm(session, one, now)
    session.add(call)


def _alarm(session: Session, one: Found, now: datetime) -> int:
    """What the messages hang on. Its sentence holds no word of the reply."""
    written = as_local(one.written_at)
    text = f"A reply under {one.where} {_SAID[one.why]}. Written on {written.day} {written:%B %Y at %H:%M}."
    alarm = Alarm(key=f"{DUTY}{uuid4().hex}", about=f"reply:{one.interaction_id}", text=text, raised_at=now)
    session.add(alarm)
    session.flush()
    assert alarm.id is not None
    return alarm.id


def note_edited(session: Session, interaction_ids: Collection[int]) -> None:
    """The words of these replies changed: what a person said of the old ones does not hold for the new."""
    statement = update(DutyCall).where(col(DutyCall.interaction_id).in_(sorted(interaction_ids)))
    session.connection().execute(statement.values(edited=True))

"""Where a person says that they have seen an emergency: passed to the control room, or none. Nothing else ends the
messages about it: not an answer, not the reply's deletion, not time (R19)."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, select

from social.accounts import Account
from social.alarms import Alarm
from social.audit import AuditRecord, record
from social.clock import LONDON, as_local, as_utc
from social.context import Context
from social.duty_tables import CALLING, EMERGENCY, NOT_EMERGENCY, PASSED, DutyCall
from social.errors import InputError
from social.interactions import Interaction
from social.staff import Action, Person, require
from social.urgency import refresh_urgency

_REFERENCE = re.compile(r"[A-Za-z0-9/._-]{1,40}")
LIKELY = 0.5
"""From here on an emergency is more probable than not."""
_SLACK = timedelta(minutes=2)
"""How far a time that somebody types may lie ahead of Beatline's clock."""


@dataclass(frozen=True)
class OpenEmergency:
    """An emergency that nobody has seen.  account: its name.  told: how often somebody was told.  p: how probable it is
    one, in (0, 1]; 1 where a colleague says so, or where nothing could be read."""

    call_id: int
    interaction_id: int | None
    place_id: int | None
    account: str
    why: str
    written_at: datetime
    opened_at: datetime
    told: int
    p: float


def say_passed(
    context: Context, call_id: int, by: Person, *, at: datetime | None = None, reference: str = ""
) -> DutyCall:
    """'I have seen this and passed it to the control room': messages about it end.

    at: when it was passed, aware; None is now.  reference: the control room's, letters and digits only, or ''.
    Raises NotAllowed, and InputError for a time before the reply or in the future and for a reference with words."""
    reference = reference.strip()
    if reference and not _REFERENCE.fullmatch(reference):
        raise InputError(
            "A reference is letters, digits, '/', '.', '-' and '_', 40 at the most. Leave names out of it."
        )
    with context.database.write() as session:
        call, now = _call_to_see(session, call_id, by), context.clock.now()
        at = at or now
        if not call.written_at - _SLACK <= at <= now + _SLACK:
            raise InputError("The time lies before the reply was written, or in the future. Say when you passed it on.")
        return _see(session, call, now, by, PASSED, passed_at=at, reference=reference or None, reason=None)


def say_not_emergency(context: Context, call_id: int, by: Person, reason: str, *, words: str | None = None) -> DutyCall:
    """'Not an emergency', and why: messages about it end, and the reply stands with the others, open as before.

    words: those that the person read; None does not ask whether they still stand.
    Raises NotAllowed, and InputError without a reason or where the words are others by now."""
    if not reason.strip():
        raise InputError("Say why it is no emergency. The record keeps it.")
    with context.database.write() as session:
        call = _call_to_see(session, call_id, by)
        reply = session.get(Interaction, call.interaction_id) if call.interaction_id is not None else None
        if words is not None and reply is not None and reply.text != words:
            raise InputError("The reply was changed since you read it. Read it again, then say what it is.")
        return _see(session, call, context.clock.now(), by, NOT_EMERGENCY, passed_at=None, reference=None,
                    reason=reason.strip())  # fmt: skip


def last_said_by(session: Session, call_id: int) -> Person | None:
    """Whose word on an emergency stands, by the audit record: who saw it first may have said something else."""
    said: Any = select(col(Person.id)).join(AuditRecord, col(AuditRecord.actor) == col(Person.email)).where(
        col(AuditRecord.subject_kind) == "duty call", col(AuditRecord.subject_id) == str(call_id),
        col(AuditRecord.action) == "say emergency seen",
    )  # fmt: skip
    number = session.connection().execute(said.order_by(col(AuditRecord.seq).desc()).limit(1)).scalar()
    return session.get(Person, number) if number is not None else None


def worst_first(found: Iterable[OpenEmergency]) -> list[OpenEmergency]:
    """In the order to look at them: what is one rather than not before what is one for safety's sake, and in each what was
    written last, for that may still be going on. Pure."""
    return sorted(found, key=lambda one: (one.p >= LIKELY, one.written_at, one.call_id), reverse=True)


def moment_today(clock: time, now: datetime) -> datetime:
    """The last instant at which a clock in the force's area showed this time: what '03:12' means to whoever types it."""
    for days in range(3):
        day = as_local(now).date() - timedelta(days=days)
        for fold in (1, 0):
            local = datetime.combine(day, clock.replace(tzinfo=None, fold=fold), LONDON)
            moment = as_utc(local)
            if moment <= now + _SLACK and as_local(moment).time().replace(fold=0) == clock.replace(fold=0):
                return moment
    raise AssertionError("every time of day comes within three days")


def _call_to_see(session: Session, call_id: int, by: Person) -> DutyCall:
    call = session.get(DutyCall, call_id)
    if call is None or call.kind != EMERGENCY:
        raise InputError(
            f"There is no emergency with the number {call_id}. `beatline duty list` shows those there are."
        )
    require(session, by, Action.ANSWER, call.place_id)
    return call


def _see(
    session: Session,
    call: DutyCall,
    now: datetime,
    by: Person,
    outcome: str,
    *,
    passed_at: datetime | None,
    reference: str | None,
    reason: str | None,
) -> DutyCall:
    """Whoever says something else later is recorded too; who saw it first stays."""
    before = {"outcome": call.outcome, "told": call.tellings}
    if call.seen_at is None:
        call.seen_at, call.seen_by_id, call.next_at, call.edited = now, by.id, None, False
        alarm = session.get_one(Alarm, call.alarm_id)
        alarm.seen_at, alarm.seen_by_id, alarm.cleared_at = now, by.id, now
        session.add(alarm)
    call.outcome, call.passed_at, call.reference = outcome, passed_at, reference
    session.add(call)
    session.flush()
    if call.interaction_id is not None:
        refresh_urgency(session, [call.interaction_id])
    record(
        session, now, actor=by, action="say emergency seen", subject=("duty call", call.id or 0), before=before,
        after={"outcome": outcome, "reply": call.interaction_id, "passed_at": passed_at, "reference": reference},
        reason=reason, place_id=call.place_id,
    )  # fmt: skip
    return call


def call_about(session: Session, interaction_id: int) -> DutyCall | None:
    """The call about that reply; None when there never was one."""
    return session.exec(select(DutyCall).where(DutyCall.interaction_id == interaction_id)).first()


def require_seen(session: Session, interaction_id: int) -> None:
    """Raise InputError while the reply is an emergency that nobody has seen: it is closed by a person's word alone."""
    call = call_about(session, interaction_id)
    if call is not None and call.kind == EMERGENCY and call.seen_at is None:
        raise InputError("First say what came of this emergency: passed to the control room, or not an emergency.")


def open_emergencies(session: Session, areas: Collection[int] | None = None) -> list[OpenEmergency]:
    """Emergencies that nobody has seen, the oldest first.  areas: under posts about these places alone; None for all."""
    columns: list[Any] = [
        DutyCall.id, DutyCall.interaction_id, DutyCall.place_id, Account.name, DutyCall.why,
        DutyCall.written_at, DutyCall.opened_at, DutyCall.tellings, DutyCall.p,
    ]  # fmt: skip
    query = select(*columns).join(Account, col(Account.id) == DutyCall.account_id)
    query = query.where(CALLING, DutyCall.kind == EMERGENCY)
    if areas is not None:
        query = query.where(col(DutyCall.place_id).in_(sorted(areas)))
    found = [OpenEmergency(*row) for row in session.connection().execute(query)]
    # Put in order here: asked to sort, SQLite would walk every call there ever was instead of the few that are open.
    return sorted(found, key=lambda one: (one.opened_at, one.call_id))

"""Forgets what is over its time, class by class (R28): in short transactions, at a cost of what is due and not of what is
stored. Figures keep their sums (M13), and nothing that was forgotten is taken in again.

An emergency that nobody has closed is not forgotten, nor a lead that nobody has dealt with: they are named until somebody
does (R19, R22)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, literal, or_, select, tuple_, update
from sqlmodel import Session, col

from social.answer_records import OPEN as OPEN_ANSWERS
from social.answer_records import Answer
from social.attachments import ERASED, sweep_copies
from social.audit import record
from social.context import Context
from social.forgotten import drop_marks, forget_replies, never_before, reply_mark
from social.hiding_records import Hiding, HidingState
from social.interactions import EMERGENCY, Interaction
from social.lead_purging import count_due, purge_leads, waiting_too_long
from social.leads import Lead
from social.retention import EVIDENCE, LEAD, MARK, RAW_REPLY, class_named
from social.retention_tables import ForgottenReply
from social.settings import Settings
from social.staff import Action, Person, require

RULE = "R28"
"""Who is on record for what the job removes: the rule."""
PURGE = "purge"
BATCH = 500
"""Replies a transaction."""
MOST_NAMED = 50

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Kept:
    """Something over its time that stays, because a person has to deal with it first.

    retention: key of its class.  subject: such as ('reply', 12).  why: a sentence."""

    retention: str
    subject: tuple[str, int]
    why: str


@dataclass(frozen=True)
class Purger:
    """How one class is forgotten.

    count: how many records are due.  run: forgets them, calling its last argument with the size of each batch; returns
    how many they were.  kept: what is due and stays."""

    key: str
    count: Callable[[Session, Settings, datetime], int]
    run: Callable[[Context, Person | str, Callable[[int], None]], int]
    kept: Callable[[Session, Settings, datetime], Sequence[Kept]] = lambda _session, _settings, _now: ()


@dataclass(frozen=True)
class PurgeReport:
    """counts: records by class that were forgotten, or would be under a dry run; every class that was asked for.

    wiped: the database's files hold no trace of them; False when a reader stood in the way, and the next run does it."""

    dry_run: bool
    counts: Mapping[str, int]
    kept: tuple[Kept, ...] = ()
    wiped: bool = True

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def purge(
    context: Context,
    *,
    dry_run: bool,
    classes: Collection[str] | None = None,
    progress: Progress | None = None,
    by: Person | None = None,
    besides: Sequence[Purger] = (),
) -> PurgeReport:
    """Forget what is over its time.

    classes: keys of `social.retention.CLASSES`; None for all.  by: who asks, who must be allowed to erase; None for the
    job, which acts under the rule alone.  besides: other slices' classes.  progress: told done and of, in records.
    A run that is cut short has forgotten what it reported, and the next one goes on.  Raises NotAllowed, InputError."""
    wanted = {class_named(key).key for key in classes} if classes is not None else None
    purgers = [one for one in (*PURGERS, *besides) if wanted is None or one.key in wanted]
    now, settings = context.clock.now(), context.settings
    with context.database.read() as session:
        if by is not None:
            require(session, by, Action.ERASE, None)
        due = {one.key: one.count(session, settings, now) for one in purgers}
        kept = tuple(kept for one in purgers for kept in one.kept(session, settings, now))
    if dry_run:
        return PurgeReport(True, due, kept)
    total, done = sum(due.values()), 0

    def step(records: int) -> None:
        nonlocal done
        done += records
        if progress:
            progress(min(done, total), total)

    counts = {one.key: one.run(context, by or RULE, step) if due[one.key] else 0 for one in purgers}
    with context.database.read() as session:
        sweep_copies(session, settings)
    # On SQLite cheap, and a reader may have stood in the way of the last one.
    wiped = context.database.wipe_freed() if any(counts.values()) or context.database.is_sqlite else True
    return PurgeReport(False, counts, kept, wiped)


def before(settings: Settings, now: datetime, setting: str) -> datetime:
    """What is dated until then is over its time."""
    return now - timedelta(days=int(getattr(settings, setting)))


def _reply_cutoff(settings: Settings, now: datetime) -> datetime:
    return before(settings, now, "reply_days")


def _is_open_emergency() -> Any:
    return (
        ~col(Interaction.ours)
        & (col(Interaction.urgency) == EMERGENCY)
        & col(Interaction.done_at).is_(None)
        & (col(Interaction.retention) != ERASED)
    )


def _stays() -> Any:
    """What is not forgotten whatever its age: a lead has a clock of its own, and work under way is finished first."""
    one: Any = literal(1)
    here = col(Interaction.id)
    lead = exists(select(one).where(col(Lead.interaction_id) == here).correlate(Interaction))
    answer = exists(
        select(one)
        .where(col(Answer.interaction_id) == here, col(Answer.state).in_([state.value for state in OPEN_ANSWERS]))
        .correlate(Interaction)
    )
    return or_(_is_open_emergency(), lead, answer)


def _count_replies(session: Session, settings: Settings, now: datetime) -> int:
    query = select(func.count()).where(col(Interaction.created_at) <= _reply_cutoff(settings, now), ~_stays())
    return int(session.connection().execute(query).scalar_one())


def _count_marks(session: Session, settings: Settings, now: datetime) -> int:
    query = select(func.count()).where(col(ForgottenReply.written_at) <= _reply_cutoff(settings, now))
    return int(session.connection().execute(query).scalar_one())


def _forget_replies(context: Context, actor: Person | str, step: Callable[[int], None]) -> int:
    done, after = 0, None
    while True:
        with context.database.write() as session:
            ask_whoever_purges(session, actor)
            now = context.clock.now()
            cutoff = _reply_cutoff(context.settings, now)
            rows = _due_replies(session, cutoff, after)
            if not rows:
                return done
            never_before(session, {row.publication_id for row in rows}, cutoff)
            forget_replies(session, [row.id for row in rows], now)
            note_purge(session, now, actor, RAW_REPLY.key, len(rows))
        done, after = done + len(rows), (rows[-1].created_at, rows[-1].id)
        step(len(rows))


def _drop_marks(context: Context, actor: Person | str, step: Callable[[int], None]) -> int:
    with context.database.write() as session:
        ask_whoever_purges(session, actor)
        now = context.clock.now()
        done = drop_marks(session, _reply_cutoff(context.settings, now))
        if done:
            note_purge(session, now, actor, MARK.key, done)
    step(done)
    return done


def _due_replies(session: Session, cutoff: datetime, after: tuple[datetime, int] | None) -> Sequence[Any]:
    """The next batch, oldest first along the index, from behind what stays."""
    columns: list[Any] = [Interaction.id, Interaction.publication_id, Interaction.created_at]
    order: list[Any] = [col(Interaction.created_at), col(Interaction.id)]
    query = select(*columns).where(col(Interaction.created_at) <= cutoff, ~_stays())
    if after is not None:
        query = query.where(tuple_(*order) > after)
    return session.connection().execute(query.order_by(*order).limit(BATCH)).all()


def _open_emergencies(session: Session, settings: Settings, now: datetime) -> Sequence[Kept]:
    column: Any = Interaction.id
    query = select(column).where(col(Interaction.created_at) <= _reply_cutoff(settings, now), _is_open_emergency())
    found = session.connection().execute(query.order_by(col(Interaction.created_at)).limit(MOST_NAMED)).scalars()
    why = "read as an emergency, and nobody has closed it: open it on the page Replies and close it (R19)"
    return [Kept(RAW_REPLY.key, ("reply", number), why) for number in found]


_SETTLED = (HidingState.DONE.value, HidingState.FAILED.value)


def _due_copies(settings: Settings, now: datetime) -> Any:
    hidden_at = func.coalesce(col(Hiding.done_at), col(Hiding.asked_at))
    return (
        (col(Hiding.retention) != ERASED)
        & col(Hiding.state).in_(_SETTLED)
        & (hidden_at <= before(settings, now, "evidence_days"))
    )


def _count_copies(session: Session, settings: Settings, now: datetime) -> int:
    return int(session.connection().execute(select(func.count()).where(_due_copies(settings, now))).scalar_one())


def _forget_copies(context: Context, actor: Person | str, step: Callable[[int], None]) -> int:
    done = 0
    while True:
        with context.database.write() as session:
            ask_whoever_purges(session, actor)
            now = context.clock.now()
            columns: list[Any] = [Hiding.id, Hiding.account_id, Hiding.platform_id]
            query = select(*columns).where(_due_copies(context.settings, now)).order_by(col(Hiding.id)).limit(BATCH)
            rows = session.connection().execute(query).all()
            if not rows:
                return done
            for row in rows:
                forget_copy(context, session, row.id, row.account_id, row.platform_id)
            note_purge(session, now, actor, EVIDENCE.key, len(rows))
        done += len(rows)
        step(len(rows))


def forget_copy(context: Context, session: Session, hiding_id: int, account_id: int, platform_id: str) -> None:
    """Erase the words of one hiding; who hid it, when, and by which house rule stays."""
    mark = reply_mark(context.vault, -account_id, platform_id)
    session.connection().execute(
        update(Hiding)
        .where(col(Hiding.id) == hiding_id)
        .values(evidence=None, note=None, reason=None, written_at=None, platform_id=mark, retention=ERASED)
    )


def ask_whoever_purges(session: Session, actor: Person | str) -> None:
    """Whoever does it by hand must be allowed to erase; the job acts under the rule."""
    if isinstance(actor, Person):
        require(session, actor, Action.ERASE, None)


def note_purge(session: Session, now: datetime, actor: Person | str, retention: str, records: int) -> None:
    """Numbers and the class alone: what was forgotten is not told here either."""
    record(session, now, actor=actor, action=PURGE, subject=("records", retention), after={"records": records})


def _late_leads(session: Session, _settings: Settings, now: datetime) -> Sequence[Kept]:
    why = "a lead that nobody has handed off: hand it off, or say that nobody will"
    return [Kept(LEAD.key, ("reply", number), why) for number in waiting_too_long(session, now)[:MOST_NAMED]]


PURGERS: tuple[Purger, ...] = (
    Purger(LEAD.key, count_due, purge_leads, _late_leads),
    Purger(RAW_REPLY.key, _count_replies, _forget_replies, _open_emergencies),
    Purger(EVIDENCE.key, _count_copies, _forget_copies),
    Purger(MARK.key, _count_marks, _drop_marks),
)

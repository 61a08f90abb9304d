"""Forgets leads when their time is up (R28): words, place and time, note, attachments; numbers stay with the appeal (M07).

A handed-off lead goes `lead_days` after its hand-off, one that nobody will hand off as long after that was said. One that
waits still is not forgotten: after ninety days it is named until somebody deals with it. Then the database's files are
freed of what a removed row leaves behind in them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from social import audit
from social.attachments import ERASED, Attachment, forget_attachments, sweep_copies
from social.context import Context
from social.database import Database
from social.desk_tables import ReplyNote
from social.forgotten import forget_replies, never_again
from social.interactions import EMERGENCY, Interaction
from social.lead_counts import LeadTally, add_to_tally
from social.leads import RETENTION, Lead, LeadState
from social.settings import Settings
from social.staff import Action, Person, require

RULE = "R28"
AT_ONCE = 500


@dataclass(frozen=True)
class DueLead:
    """A lead whose time is up.  attachments: how many came with it."""

    lead_id: int
    reference: str | None
    state: str
    purge_at: datetime
    attachments: int


def _is_due(settings: Settings, now: datetime) -> Any:
    """Dealt with, and over its time: as it was said then, or as the setting has been shortened to since.

    An emergency that nobody has closed stays, lead or not (R19)."""
    shortened = col(Lead.handed_off_at) <= now - timedelta(days=settings.lead_days)
    reply: Any = aliased(Interaction)
    emergency = select(reply.id).where(
        reply.id == col(Lead.interaction_id), reply.urgency == EMERGENCY, reply.done_at.is_(None)
    )
    open_emergency = emergency.correlate(Lead).exists()
    dealt_with = (col(Lead.state) != LeadState.NEW.value) & ~open_emergency
    return dealt_with & or_(col(Lead.purge_at) <= now, shortened)


def waiting_too_long(session: Session, now: datetime) -> list[int]:
    """Numbers of the replies that became leads and that nobody has dealt with in their time, the oldest first."""
    late = select(Lead.interaction_id).where(Lead.state == LeadState.NEW.value, col(Lead.purge_at) <= now)
    return list(session.exec(late.order_by(col(Lead.purge_at), col(Lead.id))))


def leads_due(session: Session, settings: Settings, now: datetime) -> list[DueLead]:
    """What `purge_leads` would forget now, oldest first. Changes nothing."""
    leads = session.exec(select(Lead).where(_is_due(settings, now)).order_by(col(Lead.purge_at), col(Lead.id)))
    found = []
    for lead in leads:
        with_it = session.exec(select(Attachment.id).where(col(Attachment.interaction_id) == lead.interaction_id))
        found.append(DueLead(lead.id or 0, lead.reference, lead.state, lead.purge_at, len(with_it.all())))
    return found


def count_due(session: Session, settings: Settings, now: datetime) -> int:
    """How many leads `purge_leads` would forget now."""
    return int(session.exec(select(func.count(col(Lead.id))).where(_is_due(settings, now))).one())


def purge_leads(context: Context, actor: Person | str = RULE, step: Callable[[int], None] = lambda _done: None) -> int:
    """Forget every lead that is due, with its reply, and see to it that no trace is left.  Returns how many.

    actor: who asks, who must be allowed to erase; the rule itself for the job.  step: told the size of each batch."""
    total = 0
    while True:
        with context.database.write() as session:
            if isinstance(actor, Person):
                require(session, actor, Action.ERASE, None)
            now = context.clock.now()
            due = select(Interaction).join(Lead, col(Lead.interaction_id) == col(Interaction.id))
            replies = list(
                session.exec(due.where(_is_due(context.settings, now)).order_by(col(Lead.id)).limit(AT_ONCE))
            )
            if replies:
                ids = [reply.id for reply in replies if reply.id is not None]
                never_again(session, context.vault, replies)
                forget_leads(session, ids, now)
                forget_replies(session, ids, now)
                audit.record(session, now, actor=actor, action="purge", subject=("records", RETENTION),
                             after={"records": len(ids)})  # fmt: skip
            sweep_copies(session, context.settings)
        total += len(replies)
        step(len(replies))
        if len(replies) < AT_ONCE:
            break
    _wipe(context.database, context.clock.now())
    return total


def forget_leads(session: Session, reply_ids: Collection[int], now: datetime) -> int:
    """Forget the leads that these replies became, in the caller's transaction.  Returns how many there were.

    What is erased: the reply's words, notes about it and the key that joins its thread, everything picked out or written
    of it, and with their keys the sealed copies. What stays: the appeal's numbers, the reply's kind and moments (M13)."""
    if not reply_ids:
        return 0
    leads = list(session.exec(select(Lead).where(col(Lead.interaction_id).in_(list(reply_ids)))))
    for lead in leads:
        reply = session.get_one(Interaction, lead.interaction_id)
        add_to_tally(session, lead, reply.created_at, now)
        if lead.id is not None:
            audit.erase_reasons(session, now, actor=RULE, subject=("lead", lead.id))
    ids = [lead.interaction_id for lead in leads]
    if not ids:
        return 0
    forget_attachments(session, ids)
    session.exec(delete(ReplyNote).where(col(ReplyNote.interaction_id).in_(ids)))
    session.exec(delete(Lead).where(col(Lead.interaction_id).in_(ids)))
    erased = {"text": "", "author_key": None, "retention": ERASED, "unread": False}
    session.exec(update(Interaction).where(col(Interaction.id).in_(ids)).values(**erased))
    return len(ids)


def _wipe(database: Database, now: datetime) -> None:
    """See to it that the database's files hold no trace, when something was forgotten since that was last done."""
    waiting = col(LeadTally.scrubbed_at).is_(None), col(LeadTally.purged_at) <= now
    with database.read() as session:
        if session.exec(select(LeadTally.reference).where(*waiting).limit(1)).first() is None:
            return
    if database.wipe_freed():  # else a reader stood in the way, and the next run does it
        with database.write() as session:
            session.exec(update(LeadTally).where(*waiting).values(scrubbed_at=now))

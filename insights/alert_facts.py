"""What became of each alert, as numbers (M08): counted from its messages while they can still change, then kept in one row.

Messages lose their tie to residents with time, and there are tens of thousands of them to an alert; the row stays, and a
page reads the row (M13)."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Field, Session, SQLModel, col
from sqlmodel import select as pick

from social.alerts.mailings import DigestItem, Mailing, Message, MessageKind, MessageState, Way
from social.alerts.residents import Resident
from social.attachments import Attachment
from social.context import Context
from social.database import UTCDateTime
from social.interactions import Interaction
from social.publications import Publication

FINAL_AFTER = timedelta(days=28)
"""As long as a post is looked at: what comes later is not counted any more."""
LEFT_WITHIN = timedelta(days=7)
"""Who leaves so soon after an alert is counted with it; nobody says that it was the reason."""
NO_REASON = "not said"
_BATCH = 500
_SENT = (MessageState.SENT, MessageState.DELIVERED, MessageState.BOUNCED)
_TOLD = (MessageState.DELIVERED.value, MessageState.BOUNCED.value)


class MailingFacts(SQLModel, table=True):
    """The final numbers of one alert; the fields are those of `Counts`, reasons as JSON."""

    __tablename__ = "mailing_facts"

    mailing_id: int = Field(primary_key=True, foreign_key="mailing.id")
    sent: int
    told_of: int
    delivered: int
    bounced: int
    failed: int
    unknown: int
    stopped: int
    waiting: int
    in_digests: int
    replies: int
    attachments: int
    useful: int
    useful_of: int
    opened: int
    opened_of: int
    left: int
    reasons: str
    counted_at: datetime = Field(sa_type=UTCDateTime)


@dataclass
class Counts:
    """One alert, or several added up; each is a count, >= 0.

    sent: messages that a server took, whatever became of them since.  told_of: of these, those of which GOV.UK Notify
    told what became; a mail server tells nothing of what arrives.  delivered: of those, arrived.  bounced: of those sent, came back for good.  failed: not
    sent.  unknown: nobody knows.  stopped: taken back before they left.  waiting: not yet sent, or being sent.
    in_digests: residents told by a daily or weekly message.  replies, attachments: of residents, with the alert.
    useful: said yes of the `useful_of` who said anything.  opened: of the `opened_of` mails.  left: residents who left
    within `LEFT_WITHIN` of being told.  reasons: why, by the keys of `LEAVE_REASONS`, else `NO_REASON`."""

    sent: int = 0
    told_of: int = 0
    delivered: int = 0
    bounced: int = 0
    failed: int = 0
    unknown: int = 0
    stopped: int = 0
    waiting: int = 0
    in_digests: int = 0
    replies: int = 0
    attachments: int = 0
    useful: int = 0
    useful_of: int = 0
    opened: int = 0
    opened_of: int = 0
    left: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Counts") -> None:
        for name in NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.reasons += other.reasons


NUMBERS = tuple(one.name for one in fields(Counts) if one.name != "reasons")


def counts_of(session: Session, mailings: Sequence[Mailing]) -> dict[int, Counts]:
    """The numbers of each alert by its number: as kept where they are final, else counted now."""
    found: dict[int, Counts] = {}
    ids = [one.id for one in mailings if one.id is not None]
    for some in _batches(ids):
        for row in session.exec(pick(MailingFacts).where(col(MailingFacts.mailing_id).in_(some))):
            counts = Counts(**{name: getattr(row, name) for name in NUMBERS})
            counts.reasons = Counter(json.loads(row.reasons))
            found[row.mailing_id] = counts
    rest = [one for one in mailings if one.id not in found]
    return found | _counted(session, rest)


def keep_alert_facts(context: Context) -> int:
    """Write the row of every alert that is old enough.  Returns how many.

    Before the tie of messages to residents is cut, where `message_days` says that this is sooner."""
    days = min(FINAL_AFTER.days, max(0, context.settings.message_days - 1))
    with context.database.read() as session:
        old = context.clock.now() - timedelta(days=days)
        kept = pick(MailingFacts.mailing_id)
        due = pick(Mailing).where(Mailing.made_at <= old, col(Mailing.id).not_in(kept)).order_by(col(Mailing.id))
        mailings = list(session.exec(due.limit(_BATCH)))
        counts = _counted(session, mailings)
    if not counts:
        return 0
    with context.database.write() as session:
        known = set(session.exec(pick(MailingFacts.mailing_id).where(col(MailingFacts.mailing_id).in_(list(counts)))))
        fresh = [_row(number, one, context.clock.now()) for number, one in counts.items() if number not in known]
        session.add_all(fresh)
    return len(fresh)


def _row(mailing_id: int, counts: Counts, now: datetime) -> MailingFacts:
    numbers: dict[str, Any] = {name: getattr(counts, name) for name in NUMBERS}
    reasons = json.dumps(dict(sorted(counts.reasons.items())))
    return MailingFacts(mailing_id=mailing_id, **numbers, reasons=reasons, counted_at=now)


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))


def _counted(session: Session, mailings: Sequence[Mailing]) -> dict[int, Counts]:
    by_id = {one.id: one for one in mailings if one.id is not None}
    found = {number: Counts(in_digests=one.digests_told) for number, one in by_id.items()}
    for some in _batches(list(found)):
        _count_messages(session, some, found)
        _count_digests(session, some, found)
        _count_replies(session, [by_id[number] for number in some], found)
        _count_left(session, [by_id[number] for number in some], found)
    return found


def _count_messages(session: Session, some: Sequence[int], found: Mapping[int, Counts]) -> None:
    """One pass over the messages of these alerts, by the index that begins with the alert."""
    state, way = col(Message.state), col(Message.way)
    sent = state.in_([one.value for one in _SENT])
    numbers = {
        "sent": sent,
        "told_of": col(Message.provider_id).is_not(None) & state.in_(_TOLD),
        "delivered": state == MessageState.DELIVERED.value,
        "bounced": state == MessageState.BOUNCED.value,
        "failed": state == MessageState.FAILED.value,
        "unknown": state == MessageState.UNKNOWN.value,
        "stopped": state == MessageState.STOPPED.value,
        "waiting": state.in_([MessageState.WAITING.value, MessageState.SENDING.value]),
        "useful": col(Message.useful).is_(True),
        "useful_of": col(Message.useful).is_not(None),
        "opened": col(Message.opened_at).is_not(None),
        "opened_of": sent & (way == Way.EMAIL.value),
    }
    sums: list[Any] = [func.sum(case((when, 1), else_=0)) for when in numbers.values()]
    query = select(col(Message.mailing_id), *sums).where(
        col(Message.mailing_id).in_(some), col(Message.kind) == MessageKind.ALERT.value
    )
    for row in session.connection().execute(query.group_by(col(Message.mailing_id))):
        for name, number in zip(numbers, row[1:], strict=True):
            setattr(found[row[0]], name, int(number))


def _count_digests(session: Session, some: Sequence[int], found: Mapping[int, Counts]) -> None:
    mailing = col(DigestItem.mailing_id)
    told = select(mailing, func.count()).where(mailing.in_(some), col(DigestItem.message_id).is_not(None))
    for number, count in session.connection().execute(told.group_by(mailing)):
        found[number].in_digests += count


def _count_replies(session: Session, mailings: Sequence[Mailing], found: Mapping[int, Counts]) -> None:
    """Replies lie under the alert's publication, whose number at the channel is the alert's."""
    for account_id in {one.account_id for one in mailings}:
        ids = [str(one.id) for one in mailings if one.account_id == account_id]
        query = (
            select(col(Publication.platform_id), func.count(col(Interaction.id).distinct()),
                   func.count(col(Attachment.id)))
            .select_from(Publication)
            .join(Interaction, col(Interaction.publication_id) == col(Publication.id))
            .join(Attachment, col(Attachment.interaction_id) == col(Interaction.id), isouter=True)
            .where(col(Publication.account_id) == account_id, col(Publication.platform_id).in_(ids),
                   col(Interaction.ours).is_(False))
            .group_by(col(Publication.platform_id))
        )  # fmt: skip
        for platform_id, replies, attachments in session.connection().execute(query):
            found[int(platform_id)].replies, found[int(platform_id)].attachments = replies, attachments


def _count_left(session: Session, mailings: Sequence[Mailing], found: Mapping[int, Counts]) -> None:
    """Those who left are few: they are looked up by when, and then what they had been told."""
    ids = [one.id for one in mailings]
    since = min(one.made_at for one in mailings)
    who: list[Any] = [col(Resident.id), col(Resident.left_at), col(Resident.left_reason), col(Message.made_at)]
    left = col(Resident.left_at) >= since
    at_once = select(col(Message.mailing_id), *who).join(Resident, col(Message.resident_id) == col(Resident.id))
    by_digest = (
        select(col(DigestItem.mailing_id), *who)
        .join(Resident, col(DigestItem.resident_id) == col(Resident.id))
        .join(Message, col(Message.id) == col(DigestItem.message_id))
    )
    queries = (
        at_once.where(left, col(Message.mailing_id).in_(ids), col(Message.kind) == MessageKind.ALERT.value),
        by_digest.where(left, col(DigestItem.mailing_id).in_(ids)),
    )
    seen: set[tuple[int, int]] = set()
    for query in queries:
        for mailing_id, resident_id, left_at, reason, told_at in session.connection().execute(query):
            if told_at <= left_at <= told_at + LEFT_WITHIN and (mailing_id, resident_id) not in seen:
                seen.add((mailing_id, resident_id))
                found[mailing_id].left += 1
                found[mailing_id].reasons[reason or NO_REASON] += 1

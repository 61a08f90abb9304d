"""Forgets residents of the alert service on schedule (R28): sign-ups that nobody confirmed, ties to those who left or
cannot be reached, and who was sent what so long ago that nobody needs it.

Counts stay: a message without its resident still counts as sent, delivered or useful (M08)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, func, literal, or_, select, update
from sqlmodel import Session, col

from social.alerts.mailings import DigestItem, Mailing, Message, MessageState
from social.alerts.membership import put_leaving
from social.alerts.residents import LeftAddress, Resident, ResidentState
from social.alerts.wishes import drop_choices
from social.context import Context
from social.purging import Purger, ask_whoever_purges, before, note_purge
from social.retention import ALERT_MESSAGE, LEFT, UNCONFIRMED
from social.settings import Settings
from social.staff import Person
from social.upsert import insert_into

BATCH = 500
_UNDER_WAY = (MessageState.WAITING.value, MessageState.SENDING.value)
Due = Callable[[Settings, datetime], Any]
Forget = Callable[[Session, Sequence[int], datetime], None]


def cut_ties(session: Session, resident_ids: Sequence[int], now: datetime) -> None:
    """Nothing says any more whose these rows are: the address's hash goes into a table by itself, what they were sent
    keeps no resident. Those who have not left do so first."""
    for number in resident_ids:
        put_leaving(session, number, now)
    keys = select(col(Resident.email_key)).where(
        col(Resident.id).in_(resident_ids), col(Resident.email_key).is_not(None)
    )
    for key in session.connection().execute(keys).scalars().all():
        session.connection().execute(insert_into(session, LeftAddress).values(email_key=key).on_conflict_do_nothing())
    _untie_messages(session, col(Message.resident_id).in_(resident_ids))
    _untie_digests(session, col(DigestItem.resident_id).in_(resident_ids))
    session.connection().execute(
        update(Resident).where(col(Resident.id).in_(resident_ids)).values(email_key=None, phone_key=None)
    )
    session.expire_all()


def _untie_messages(session: Session, which: Any) -> None:
    session.connection().execute(update(Message).where(which).values(resident_id=None, provider_id=None, period=None))


def _untie_digests(session: Session, which: Any) -> None:
    """Digest items go; how many residents each alert was told in a digest stays with it (M13)."""
    told = select(col(DigestItem.mailing_id), func.count(col(DigestItem.message_id)))
    for mailing_id, count in session.connection().execute(told.where(which).group_by(col(DigestItem.mailing_id))).all():
        session.connection().execute(
            update(Mailing).where(col(Mailing.id) == mailing_id).values(digests_told=col(Mailing.digests_told) + count)
        )
    session.connection().execute(delete(DigestItem).where(which))


def _unconfirmed(settings: Settings, now: datetime) -> Any:
    return and_(
        col(Resident.state) == ResidentState.UNCONFIRMED.value,
        col(Resident.joined_at) <= before(settings, now, "unconfirmed_days"),
    )


def _remove(session: Session, resident_ids: Sequence[int], now: datetime) -> None:
    """As if they had never been there; of somebody who had left before, as if they had not come back."""
    column: Any = Resident.id
    had_left = select(column).where(col(Resident.id).in_(resident_ids), col(Resident.left_at).is_not(None))
    back = set(session.connection().execute(had_left).scalars())
    cut_ties(session, sorted(back), now)
    never = [number for number in resident_ids if number not in back]
    drop_choices(session, never)
    _untie_digests(session, col(DigestItem.resident_id).in_(never))
    session.connection().execute(delete(Message).where(col(Message.resident_id).in_(never)))
    session.connection().execute(delete(Resident).where(col(Resident.id).in_(never)))


def _gone(settings: Settings, now: datetime) -> Any:
    until = before(settings, now, "left_days")
    left = and_(col(Resident.state) == ResidentState.LEFT.value, col(Resident.left_at) <= until)
    # The later of the two ways to end: while one still works they are reached.
    mail, text = col(Resident.email_stopped_at), col(Resident.text_stopped_at)
    ended = case((text > mail, text), else_=func.coalesce(mail, text, col(Resident.changed_at)))
    lost = and_(col(Resident.state) == ResidentState.UNREACHABLE.value, ended <= until)
    return and_(col(Resident.email_key).is_not(None), or_(left, lost))


def _purger(key: str, due: Due, forget: Forget) -> Purger:
    """How residents of one sort are forgotten, a batch a transaction."""

    def count(session: Session, settings: Settings, now: datetime) -> int:
        query = select(func.count(col(Resident.id))).where(due(settings, now))
        return int(session.connection().execute(query).scalar_one())

    def run(context: Context, actor: Person | str, step: Callable[[int], None]) -> int:
        done = 0
        while True:
            with context.database.write() as session:
                ask_whoever_purges(session, actor)
                now = context.clock.now()
                column: Any = Resident.id
                query = select(column).where(due(context.settings, now)).order_by(column).limit(BATCH)
                found = list(session.connection().execute(query).scalars())
                if not found:
                    return done
                forget(session, found, now)
                note_purge(session, now, actor, key, len(found))
            done += len(found)
            step(len(found))

    return Purger(key, count, run)


def _old_messages(settings: Settings, now: datetime) -> Any:
    return and_(
        col(Message.resident_id).is_not(None),
        col(Message.made_at) <= before(settings, now, "message_days"),
        col(Message.state).not_in(_UNDER_WAY),
    )


def _old_mailings(settings: Settings, now: datetime) -> Any:
    """Alerts so old that their digest items go: told long ago, or never to be."""
    return select(col(Mailing.id)).where(col(Mailing.made_at) <= before(settings, now, "message_days"))


def _count_messages(session: Session, settings: Settings, now: datetime) -> int:
    query = select(func.count(literal(1))).select_from(Message).where(_old_messages(settings, now))
    items = select(func.count(literal(1))).select_from(DigestItem)
    items = items.where(col(DigestItem.mailing_id).in_(_old_mailings(settings, now)))
    return sum(int(session.connection().execute(one).scalar_one()) for one in (query, items))


def _forget_messages(context: Context, actor: Person | str, step: Callable[[int], None]) -> int:
    done = 0
    while True:
        with context.database.write() as session:
            ask_whoever_purges(session, actor)
            now = context.clock.now()
            column: Any = Message.id
            batch = select(column).where(_old_messages(context.settings, now)).order_by(col(Message.made_at))
            found = list(session.connection().execute(batch.limit(BATCH)).scalars())
            _untie_messages(session, col(Message.id).in_(found))
            count = len(found) or _forget_items(session, context.settings, now)
            if not count:
                return done
            note_purge(session, now, actor, ALERT_MESSAGE.key, count)
        done += count
        step(count)


def _forget_items(session: Session, settings: Settings, now: datetime) -> int:
    """Digest items of one old alert.  Returns how many they were."""
    oldest: Any = select(func.min(DigestItem.mailing_id)).where(
        col(DigestItem.mailing_id).in_(_old_mailings(settings, now))
    )
    mailing_id = session.connection().execute(oldest).scalar_one()
    which = col(DigestItem.mailing_id) == mailing_id
    count = (
        session.connection().execute(select(func.count(literal(1))).select_from(DigestItem).where(which)).scalar_one()
    )
    _untie_digests(session, which)
    return int(count)


PURGERS: tuple[Purger, ...] = (
    _purger(UNCONFIRMED.key, _unconfirmed, _remove),
    _purger(LEFT.key, _gone, cut_ties),
    Purger(ALERT_MESSAGE.key, _count_messages, _forget_messages),
)

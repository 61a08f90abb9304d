"""Takes an alert back: what has not left stays, and those who got it are told to disregard it.

A correction repeats neither the subject nor the words nor a name: whoever deleted the alert must not read it again
(R10). It goes by the way that the alert went, at once for an urgent one, else after the resident's quiet hours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import literal, update
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from social.alerts.mailings import URGENT, DigestItem, Mailing, Message, MessageKind, MessageState, Way
from social.alerts.opening import AT_ONCE, message_row
from social.alerts.quiet import awake_from
from social.alerts.residents import Resident, ResidentState
from social.clock import as_local
from social.upsert import put_rows

SUBJECT = {"en": "Please disregard our earlier message", "cy": "Anwybyddwch ein neges flaenorol"}
USUAL = {
    "en": "Please disregard the message that we sent you on {day} at {time}. It no longer holds. Please do not pass it on, "
    "and delete it if you shared it. Thank you.",
    "cy": "Anwybyddwch y neges a anfonwyd atoch ar {day} am {time}. Nid yw'n berthnasol mwyach. Peidiwch â'i rhannu, a "
    "dilëwch hi os gwnaethoch ei rhannu. Diolch.",
}
_CAME = (
    MessageState.SENDING.value,
    MessageState.SENT.value,
    MessageState.DELIVERED.value,
    MessageState.UNKNOWN.value,
)
"""States in which the resident has it, or may have it."""


def usual_words(mailing: Mailing) -> str:
    """What is said where nobody chose other words: when it was sent, and nothing of what it said."""
    local = as_local(mailing.made_at)
    languages = [lang for lang in ("cy", "en") if lang in mailing.lang] or ["en"]
    day, time = f"{local.day}/{local.month}/{local.year}", f"{local:%H:%M}"
    return " | ".join(USUAL[lang].format(day=day, time=time) for lang in languages)


def take_back(session: Session, mailing: Mailing, now: datetime) -> Mailing | None:
    """Stop the mailing, in the caller's transaction; a second time changes nothing.

    Returns the correction for those who got it; None where nobody did."""
    if mailing.stopped_at is not None:
        return None
    mailing.stopped_at = now
    session.add(mailing)
    session.flush()
    waiting = update(Message).where(
        col(Message.mailing_id) == mailing.id, col(Message.state) == MessageState.WAITING.value
    )
    session.exec(waiting.values(state=MessageState.STOPPED.value, settled_at=now, detail="It was taken back."))
    _drop_items(session, mailing, now)
    told = rows_of(col(Message.id)).where(*_got_it(mailing)).limit(1)
    in_digest = rows_of(col(DigestItem.resident_id)).where(*_told_in_digest(mailing)).limit(1)
    connection = session.connection()
    if connection.execute(told).first() is None and connection.execute(in_digest).first() is None:
        return None
    return _correct(session, mailing, now)


def _drop_items(session: Session, mailing: Mailing, now: datetime) -> None:
    """Digest items that nobody has read: without a message, or with one that has not left."""
    unsent = rows_of(col(Message.id)).where(
        col(Message.id) == col(DigestItem.message_id), col(Message.state).not_in(_CAME)
    )
    items = update(DigestItem).where(
        col(DigestItem.mailing_id) == mailing.id,
        col(DigestItem.dropped_at).is_(None),
        col(DigestItem.message_id).is_(None) | unsent.correlate(DigestItem).exists(),
    )
    session.exec(items.values(dropped_at=now))


def _got_it(mailing: Mailing) -> tuple[Any, ...]:
    alert = col(Message.kind) == MessageKind.ALERT.value
    return col(Message.mailing_id) == mailing.id, alert, col(Message.state).in_(_CAME)


def _told_in_digest(mailing: Mailing) -> tuple[Any, ...]:
    return (
        col(DigestItem.mailing_id) == mailing.id, col(DigestItem.dropped_at).is_(None),
        col(DigestItem.message_id).is_not(None),
    )  # fmt: skip


def _correct(session: Session, mailing: Mailing, now: datetime) -> Mailing:
    correction = Mailing(
        account_id=mailing.account_id, key=f"{mailing.key}-correction", subject=_subject(mailing),
        text=mailing.correction or usual_words(mailing), lang=mailing.lang, topic=mailing.topic, urgent=mailing.urgent,
        reference=mailing.reference, place_id=mailing.place_id, audience=mailing.audience, made_at=now,
        corrects_id=mailing.id,
    )  # fmt: skip
    session.add(correction)
    session.flush()
    here = (col(Resident.state) == ResidentState.CONFIRMED.value,)
    quiet = (col(Resident.quiet_from), col(Resident.quiet_to))
    by_way: Any = rows_of(col(Resident.id), col(Message.way), *quiet, col(Message.id)).where(
        *_got_it(mailing), col(Resident.id) == col(Message.resident_id), *here
    )
    in_digest: Any = rows_of(col(Resident.id), literal(Way.EMAIL.value), *quiet, col(Resident.id)).where(
        *_told_in_digest(mailing), col(Resident.id) == col(DigestItem.resident_id), *here
    )
    told = _write(session, correction, by_way, col(Message.id), now)
    told += _write(session, correction, in_digest, col(Resident.id), now)
    correction.members = told
    session.add(correction)
    session.flush()
    return correction


def _subject(mailing: Mailing) -> str:
    languages = [lang for lang in ("cy", "en") if lang in mailing.lang] or ["en"]
    return " | ".join(SUBJECT[lang] for lang in languages)


def _write(session: Session, correction: Mailing, query: Any, number: Any, now: datetime) -> int:
    """A message for each row, some thousands at a time.  Returns how many."""
    total, last = 0, 0
    while rows := session.connection().execute(query.where(number > last).order_by(number).limit(AT_ONCE)).all():
        messages = [
            message_row(correction, MessageKind.CORRECTION, resident, way, _due(correction, now, *quiet), URGENT)
            for resident, way, *quiet, _ in rows
        ]
        put_rows(session, Message, messages, _once)
        total, last = total + len(rows), rows[-1][-1]
    return total


def _due(correction: Mailing, now: datetime, quiet_from: int | None, quiet_to: int | None) -> datetime:
    return now if correction.urgent else awake_from(now, quiet_from, quiet_to)


def _once(insert: Any) -> Any:
    return insert.on_conflict_do_nothing()


def choose_words(session: Session, mailing_ids: Sequence[int], words: str | None) -> None:
    """What those who got these are told when they are taken back; None for the usual words."""
    chosen = update(Mailing).where(col(Mailing.id).in_(mailing_ids), col(Mailing.stopped_at).is_(None))
    session.exec(chosen.values(correction=words))

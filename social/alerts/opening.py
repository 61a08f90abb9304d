"""Makes a mailing of an alert: one message for each resident and way, one digest item for each who waits for theirs.

One write transaction, so that an alert is for all of its residents or for none, and a short one: 32,000 residents are a
second or two. Their messages are made a few thousand at a time, so that memory stays small."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from social.alerts.audience import Audience, Reach, audience_from, by_mail, by_text, conditions
from social.alerts.fatigue import told_enough
from social.alerts.mailings import (
    NORMAL,
    URGENT,
    DigestItem,
    Mailing,
    MailingPicture,
    Message,
    MessageKind,
    MessageState,
    Way,
)
from social.alerts.messages import new_token
from social.alerts.quiet import awake_from
from social.alerts.residents import Frequency, Resident
from social.channels.base import AlertDraft
from social.context import Context
from social.upsert import put_rows

_NEVER = datetime.min.replace(tzinfo=UTC)
AT_ONCE = 4000
"""Residents whose messages are made together."""


@dataclass(frozen=True)
class Words:
    """What residents read.  pictures: rows without their mailing's number, in order."""

    text: str
    link: str | None = None
    pictures: Sequence[MailingPicture] = ()


def mailing_with(session: Session, account_id: int, key: str) -> Mailing | None:
    """The mailing that was made under this key."""
    return session.exec(select(Mailing).where(Mailing.account_id == account_id, Mailing.key == key)).first()


def open_mailing(
    context: Context, session: Session, account_id: int, alert: AlertDraft, words: Words, *, key: str, texts: bool
) -> Mailing:
    """The mailing of this key, made with all of its messages if it is not there, in the caller's transaction.

    texts: whether the account can text.  A mailing that would be for nobody has `members` 0 and is the caller's to
    refuse.  Raises InputError for an audience that nobody can read."""
    known = mailing_with(session, account_id, key)
    if known is not None:
        return known
    audience, reach, now = audience_from(alert.audience), Reach(alert.urgent, texts), context.clock.now()
    mailing = Mailing(
        account_id=account_id, key=key, subject=alert.subject, text=words.text, link=words.link, lang=alert.lang,
        topic=audience.topic, urgent=alert.urgent, reference=alert.reference, place_id=alert.place_id,
        audience=audience.to_json(), made_at=now,
    )  # fmt: skip
    session.add(mailing)
    session.flush()
    assert mailing.id is not None
    for position, picture in enumerate(words.pictures):
        row = picture.model_dump() | {"mailing_id": mailing.id, "position": position}
        session.add(MailingPicture(**row))
    session.flush()
    _address(session, mailing, audience, reach, context.settings.alerts_per_week)
    session.flush()
    return mailing


def _address(session: Session, mailing: Mailing, audience: Audience, reach: Reach, per_week: int) -> None:
    query = told_enough(mailing.made_at, 0 if mailing.urgent else per_week)
    tired: dict[int, datetime] = dict(map(tuple, session.connection().execute(query)))
    for residents in _members(session, audience, reach):
        messages: list[dict[str, Any]] = []
        items: list[dict[str, Any]] = []
        for resident_id, frequency, quiet_from, quiet_to, mail, text in residents:
            if not mailing.urgent and frequency != Frequency.AT_ONCE.value:
                items.append({"mailing_id": mailing.id, "resident_id": resident_id})
            elif resident_id in tired:
                last = mailing.skipped_told_at or tired[resident_id]
                mailing.skipped, mailing.skipped_told_at = mailing.skipped + 1, max(last, tired[resident_id])
                continue
            else:
                due_at = mailing.made_at if mailing.urgent else _due(mailing.made_at, quiet_from, quiet_to)
                ways = [way for way, wanted in ((Way.EMAIL, mail), (Way.TEXT, text)) if wanted]
                messages += (message_row(mailing, MessageKind.ALERT, resident_id, way.value, due_at) for way in ways)
            mailing.members += 1
        put_rows(session, Message, messages, _as_it_is)
        put_rows(session, DigestItem, items, _as_it_is)


def message_row(
    mailing: Mailing, kind: MessageKind, resident_id: int, way: str, due_at: datetime, rank: int | None = None
) -> dict[str, Any]:
    """A message that waits, as a row.  rank: the mailing's own where none is given."""
    return _plain_row() | {
        "account_id": mailing.account_id, "resident_id": resident_id, "kind": kind.value, "way": way,
        "mailing_id": mailing.id, "rank": rank if rank is not None else URGENT if mailing.urgent else NORMAL,
        "token": new_token(), "state": MessageState.WAITING.value, "made_at": mailing.made_at, "due_at": due_at,
    }  # fmt: skip


@cache
def _plain_row() -> dict[str, Any]:
    """What a message holds that nobody has said anything of."""
    given = Message(account_id=0, resident_id=0, kind="", way="", token="", made_at=_NEVER, due_at=_NEVER)
    return {name: value for name, value in given.model_dump().items() if name != "id" and value is not None}


@lru_cache(maxsize=1024)
def _due(now: datetime, quiet_from: int | None, quiet_to: int | None) -> datetime:
    return awake_from(now, quiet_from, quiet_to)


def _members(session: Session, audience: Audience, reach: Reach) -> Iterator[Sequence[Any]]:
    """The audience, some thousands at a time: id, frequency, quiet hours, whether by mail, whether by text.

    One statement: asked for thousand by thousand, PostgreSQL may plan each as if it were for a few."""
    query = rows_of(
        col(Resident.id), col(Resident.frequency), col(Resident.quiet_from), col(Resident.quiet_to),
        by_mail().label("mail"), by_text(reach).label("text"),
    ).where(*conditions(session, audience, reach))  # fmt: skip
    yield from session.connection().execute(query).partitions(AT_ONCE)


def _as_it_is(insert: Any) -> Any:
    return insert

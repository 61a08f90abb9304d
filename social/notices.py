"""What waits on a person, told by e-mail as each of them chose: at once, in a daily note, or not at all.

A row stands for something that waits on somebody now. It is there once, it is put into one message, and it goes when
the matter is over, so nobody is told of the same matter twice. Alarms (`social.alarms`) tell of what is wrong and are
nobody's to switch off; notices tell of ordinary work."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import uuid4

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from social.alarms import AlarmMail
from social.audit import record
from social.clock import as_local
from social.context import Context
from social.database import UTCDateTime
from social.errors import NotAllowed
from social.staff import Person, is_own

GAP = timedelta(minutes=30)
"""Between two messages to one person who is told at once: what comes up meanwhile goes into the next."""


class How(StrEnum):
    """When somebody is told by e-mail of what waits on them."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NONE = "none"


USUAL = How.AT_ONCE


class Kind(StrEnum):
    """What waits."""

    APPROVAL = "approval"
    SENT_BACK = "sent_back"
    FAILED = "failed"
    LATE = "late"
    REPLY = "reply"


class NoticeChoice(SQLModel, table=True):
    """How one person is told.  how: a value of `How`.  told_at: when the last message was made for them."""

    __tablename__ = "notice_choice"

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    how: str = USUAL.value
    told_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Notice(SQLModel, table=True):
    """Something that waits on a person now.  number: of the post or the reply that it is about.  mail_id: the message
    that tells of it, None while none does."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("person_id", "kind", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    kind: str
    number: int
    found_at: datetime = Field(sa_type=UTCDateTime)
    mail_id: int | None = Field(default=None, foreign_key="alarm_mail.id", index=True)


@dataclass(frozen=True, order=True)
class Waits:
    """What waits on whom: a person, what it is, and the number of the post or reply."""

    person_id: int
    kind: Kind
    number: int


def how_told(session: Session, person_id: int) -> How:
    """What the person chose; `USUAL` where they never said."""
    chosen = session.get(NoticeChoice, person_id)
    return USUAL if chosen is None else How(chosen.how)


def choose(context: Context, person: Person, how: How) -> None:
    """A person says for themselves how they are told.  Raises NotAllowed for somebody who was shut out."""
    with context.database.write() as session:
        known = session.get(Person, person.id)
        if known is None or not known.active or is_own(known):
            raise NotAllowed("Only somebody who works with Beatline chooses how they are told.")
        chosen = session.get(NoticeChoice, known.id) or NoticeChoice(person_id=known.id or 0)
        before, chosen.how = chosen.how, how.value
        session.add(chosen)
        if before != how.value:
            record(session, context.clock.now(), actor=known, action="choose e-mails", subject=("person", known.id or 0),
                   before={"how": before}, after={"how": how.value})  # fmt: skip


def known_waits(session: Session) -> frozenset[Waits]:
    """What rows stand for, told or not."""
    rows = session.exec(select(Notice.person_id, Notice.kind, Notice.number))
    return frozenset(Waits(person_id, Kind(kind), number) for person_id, kind, number in rows)


def keep_waits(session: Session, now: datetime, waits: Collection[Waits]) -> None:
    """Let the rows stand for exactly this: what is new is added, what is over goes."""
    wanted = set(waits)
    for row in session.exec(select(Notice)):
        one = Waits(row.person_id, Kind(row.kind), row.number)
        if one in wanted:
            wanted.remove(one)
        else:
            session.delete(row)
    session.add_all(
        Notice(person_id=one.person_id, kind=one.kind.value, number=one.number, found_at=now) for one in sorted(wanted)
    )
    session.flush()


def anybody_to_tell(session: Session) -> bool:
    """Whether something waits on somebody who has not been told of it."""
    return session.exec(select(Notice.id).where(col(Notice.mail_id).is_(None)).limit(1)).first() is not None


def is_due(how: How, told_at: datetime | None, now: datetime, note_at: time) -> bool:
    """Whether somebody may be told now.  told_at: when they last were.  note_at: when the daily note goes, UK time."""
    if how is How.NONE:
        return False
    if how is How.AT_ONCE:
        return told_at is None or now - told_at >= GAP
    local = as_local(now)
    return local.time() >= note_at and (told_at is None or as_local(told_at).date() < local.date())


def make_messages(session: Session, now: datetime, note_at: time) -> int:
    """Put what nobody was told of into one message for each person who may be told now.  Returns how many were made."""
    untold: dict[int, list[Notice]] = {}
    for row in session.exec(select(Notice).where(col(Notice.mail_id).is_(None)).order_by(col(Notice.id))):
        untold.setdefault(row.person_id, []).append(row)
    made = 0
    for person_id, rows in untold.items():
        chosen = session.get(NoticeChoice, person_id) or NoticeChoice(person_id=person_id)
        if not is_due(How(chosen.how), chosen.told_at, now, note_at):
            continue
        mail = AlarmMail(person_id=person_id, message_id=f"<notice.{uuid4().hex}@beatline.invalid>", made_at=now)
        session.add(mail)
        session.flush()
        for row in rows:
            row.mail_id = mail.id
        chosen.told_at = now
        session.add_all([chosen, *rows])
        made += 1
    return made


def notices_of(session: Session, mail_id: int) -> list[Notice]:
    """What a message tells of and still waits, in the order in which it came up."""
    return list(session.exec(select(Notice).where(Notice.mail_id == mail_id).order_by(col(Notice.id))))

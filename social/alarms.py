"""Alarms: what a named person has to know, from the moment it is raised until somebody has seen it or it is over.

One open alarm a matter, known by its key; whoever raises it again changes nothing. `alarm_mail` tells the person by
e-mail, with reminders that grow rarer. An alarm's text is a sentence of ours: never a network's or a resident's words,
never the words of a post, never a secret, because e-mail is read in many places."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, false, text
from sqlmodel import Field, Session, SQLModel, col, select

from social.accounts import Account
from social.database import UTCDateTime
from social.errors import InputError
from social.staff import Action, Person, who_may

REMINDERS = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=12), timedelta(days=1))
"""Between the first mail and the second, and so on; the last one repeats."""
OPEN = text("cleared_at IS NULL")
URGENT = text("urgent")
DUTY = "duty:"
"""How the keys of what `duty_telling` tells begin: it has lists, reminders and an end of its own (R19)."""
SURVEY = "survey-emergency:"
"""How the keys of what somebody wrote in a survey and may be an emergency begin: the duty contact is told as well."""
LETTER = "letter-emergency:"
"""The same for a letter that no alert claims."""


class Alarm(SQLModel, table=True):
    """One matter.

    key: what it is known by, such as 'entry:12:held'; one open alarm a key.  about: what it is about, such as
    'entry:12' or 'account:3'.  person_id: who is to act; None means everybody who looks after accounts.
    mail_at: when the next mail is due; None when nobody is to be told any more.  mails: how many were made."""

    __table_args__ = (
        Index("ix_alarm_open", "key", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_alarm_about", "about"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str
    about: str
    person_id: int | None = Field(default=None, foreign_key="person.id")
    text: str
    raised_at: datetime = Field(sa_type=UTCDateTime)
    mail_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    mails: int = 0
    seen_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    seen_by_id: int | None = Field(default=None, foreign_key="person.id")
    cleared_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


ORDINARY = ~col(Alarm.key).startswith(DUTY)
"""A condition on alarms: not for the duty contact."""


class AlarmMail(SQLModel, table=True):
    """One e-mail to one person, made before it is sent.

    person_id: whom it is for, or who put the desk that it is for on the list of duty contacts.  urgent: an emergency or
    another matter for the duty contact, told by `duty_telling`; then address is where it goes, else None.
    message_id: the same at a repeat, so that mail programs show it once.  outcome: None while open, then sent, refused
    or unknown.  tries: how often it was taken in hand.  sending_at: when the text was last on its way; it may have
    arrived.  worker, lease_until: who has it.  not_before: no try before."""

    __tablename__ = "alarm_mail"
    __table_args__ = (
        Index(
            "ix_alarm_mail_open", "id", sqlite_where=text("outcome IS NULL"), postgresql_where=text("outcome IS NULL")
        ),
        Index("ix_alarm_mail_urgent", "address", "made_at", sqlite_where=URGENT, postgresql_where=URGENT),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    address: str | None = None
    urgent: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    message_id: str
    made_at: datetime = Field(sa_type=UTCDateTime)
    outcome: str | None = None
    detail: str | None = None
    tries: int = 0
    sending_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    not_before: datetime | None = Field(default=None, sa_type=UTCDateTime)
    worker: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class AlarmMailItem(SQLModel, table=True):
    """Which alarms a mail tells of."""

    __tablename__ = "alarm_mail_item"

    mail_id: int = Field(primary_key=True, foreign_key="alarm_mail.id")
    alarm_id: int = Field(primary_key=True, foreign_key="alarm.id", index=True)


def raise_alarm(session: Session, now: datetime, key: str, about: str, person_id: int | None, text: str) -> Alarm:
    """Say that something needs a person; told again, it changes nothing but who is asked.

    key: what the matter is known by.  about: a kind and a number, such as 'account:3'.  text: a sentence of ours with
    what to do, without words of a post, a network or a resident.  Returns the open alarm."""
    found = open_alarm(session, key)
    if found is None:
        found = Alarm(key=key, about=about, person_id=person_id, text=text, raised_at=now, mail_at=now)
        session.add(found)
        session.flush()
    elif found.person_id != person_id and person_id is not None:
        # Somebody else answers for it now, and has not been told.
        found.person_id, found.mail_at, found.seen_at, found.seen_by_id = person_id, now, None, None
        session.add(found)
    return found


def clear_alarm(session: Session, now: datetime, key: str) -> bool:
    """The matter is over; nobody is reminded any more.  Returns whether it was open."""
    found = open_alarm(session, key)
    if found is None:
        return False
    found.cleared_at, found.mail_at = now, None
    session.add(found)
    return True


def mark_seen(session: Session, now: datetime, alarm_id: int, person: Person) -> Alarm:
    """Somebody knows of it: it stays open, and reminders end.

    Raises InputError when there is no such alarm, and for an emergency: of that a person says what they did (R19)."""
    found = session.get(Alarm, alarm_id)
    if found is None:
        raise InputError(f"There is no alarm {alarm_id}. `beatline alarms list` shows those there are.")
    if found.key.startswith(DUTY):
        raise InputError(
            "An emergency ends when somebody says what they did: on its reply, or with `beatline duty seen`."
        )
    if found.seen_at is None and found.cleared_at is None:
        found.seen_at, found.seen_by_id, found.mail_at = now, person.id, None
        session.add(found)
    return found


def open_alarm(session: Session, key: str) -> Alarm | None:
    return session.exec(select(Alarm).where(Alarm.key == key, col(Alarm.cleared_at).is_(None))).first()


def open_alarms(session: Session, *, prefix: str = "") -> list[Alarm]:
    """What is open, oldest first, without what the duty contact is told of.  prefix: only keys that begin so."""
    query = select(Alarm).where(col(Alarm.cleared_at).is_(None), ORDINARY)
    if prefix:
        query = query.where(col(Alarm.key).startswith(prefix, autoescape=True))
    return list(session.exec(query.order_by(col(Alarm.raised_at), col(Alarm.id))))


def alarms_about(session: Session, about: str) -> list[Alarm]:
    """Every alarm there ever was about this, oldest first."""
    return list(session.exec(select(Alarm).where(Alarm.about == about).order_by(col(Alarm.id))))


def owner_of(session: Session, account_id: int) -> int | None:
    """The person who answers for the account; None when nobody was named or that person has left."""
    account = session.get(Account, account_id)
    owner = session.get(Person, account.owner_id) if account is not None and account.owner_id is not None else None
    return owner.id if owner is not None and owner.active else None


def people_told(session: Session, alarm: Alarm) -> list[Person]:
    """Who is told: the person named, else everybody who looks after accounts."""
    if alarm.person_id is not None:
        named = session.get(Person, alarm.person_id)
        if named is not None and named.active:
            return [named]
    return who_may(session, Action.MANAGE_ACCOUNTS)


def alarms_for(session: Session, person: Person, *, everybody: bool = False) -> Sequence[Alarm]:
    """Open alarms that this person is to act on.  everybody: all that are open."""
    found = open_alarms(session)
    return found if everybody else [a for a in found if any(p.id == person.id for p in people_told(session, a))]


def next_reminder(now: datetime, mails: int) -> datetime:
    """When to remind.  mails: how many were made for it so far, this one included, >= 1."""
    return now + REMINDERS[min(mails, len(REMINDERS)) - 1]

"""Signing in with a local account, and the sessions that every way of signing in but the proxy leaves behind.

A session is a row. The browser holds a random token, the row its hash; a person is looked up anew at every run, so that
whoever was shut out is out at the next click, and signing out holds for every tab at once."""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select, update

from social.audit import record
from social.context import Context
from social.database_trouble import DatabaseTrouble
from social.errors import BeatlineError
from social.passwords import NOBODY, hash_password, opens, outgrown
from social.sign_in_guard import count_try, forget
from social.sign_in_records import Password, SignedIn, hash_of
from social.staff import Person, is_own

_SEEN_EVERY = timedelta(minutes=1)
"""A session's last use is noted this often: a write at every click would be too many."""
WRONG = "The e-mail address or the password is not right."
"""Said for an unknown address, a wrong password and a person who left alike: it must not tell who works here."""


class NotLetIn(BeatlineError):
    """Nobody was let in; the text says what to do and tells nothing about others."""


def sign_in_with_password(
    context: Context, email: str, password: str, machine: str, *, before: str | None = None
) -> str:
    """Open a session for whoever knows the password.  Returns the token for the browser.

    machine: the browser's address, against which guesses are counted.  before: the token that the browser came with;
    it opens nothing any more, so that nobody is led into a session that somebody else knows.
    Raises NotLetIn, and TooManyTries after too many wrong tries."""
    email = email.strip().lower()[:200]
    counted = count_try(context, email, machine)
    with context.database.read() as session:
        person = session.exec(select(Person).where(Person.email == email)).first()
        kept = session.get(Password, person.id) if person is not None else None
    stored = kept.hash if kept is not None else NOBODY
    right = opens(password, stored)
    fresh = hash_password(password) if right and outgrown(stored) else None
    with context.database.write() as session:
        current = session.get(Person, person.id, populate_existing=True) if person is not None else None
        unchanged = (
            current is not None and (known := session.get(Password, current.id)) is not None and known.hash == stored
        )
        if not right or current is None or not unchanged or not current.active or is_own(current):
            raise NotLetIn(WRONG)
        forget(session, counted)
        if fresh is not None:
            session.get_one(Password, current.id).hash = fresh
        if before:
            _end(session, before, context.clock.now())
        return open_session(context, session, current)


def open_session(context: Context, session: Session, person: Person) -> str:
    """A new session in the caller's transaction.  Returns its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    now = context.clock.now()
    keep_session(session, hash_of(token), person, now, now + timedelta(hours=context.settings.session_hours))
    return token


def keep_session(session: Session, token_hash: str, person: Person, now: datetime, until: datetime) -> None:
    """Write a session down, and away with those whose time is up."""
    assert person.id is not None
    session.exec(delete(SignedIn).where(col(SignedIn.expires_at) <= now))
    session.add(SignedIn(token_hash=token_hash, person_id=person.id, made_at=now, seen_at=now, expires_at=until))
    record(session, now, actor=person, action="sign in", subject=("person", person.id))


def person_with(context: Context, token: str | None, *, used: bool = True) -> Person | None:
    """Who holds this token now: None when there is none, it is over or unused for too long, or the person left.

    used: False for a look that nobody pressed for, which keeps no session open."""
    return person_behind(context, hash_of(token), used=used) if token else None


def person_behind(context: Context, token_hash: str, *, used: bool = True) -> Person | None:
    """As `person_with`, for the hash of a token."""
    now = context.clock.now()
    with context.database.read() as session:
        kept = session.exec(select(SignedIn).where(SignedIn.token_hash == token_hash)).first()
        if kept is None or kept.ended_at is not None or kept.expires_at <= now:
            return None
        if kept.seen_at + timedelta(minutes=context.settings.session_idle) <= now:
            return None
        person = session.get(Person, kept.person_id)
    if person is None or not person.active:
        return None
    if used and kept.seen_at + _SEEN_EVERY <= now:
        # A disk that is full must not sign anybody out: the session then ends a little early.
        with suppress(DatabaseTrouble), context.database.write(together=True) as session:
            session.exec(update(SignedIn).where(col(SignedIn.id) == kept.id).values(seen_at=now))
    return person


def sign_out(context: Context, token_hash: str) -> None:
    """End the session behind the hash, in every tab."""
    with context.database.write() as session:
        _end_hash(session, token_hash, context.clock.now())


def end_sessions_of(session: Session, person_id: int, now: datetime) -> None:
    """End every session of a person, in the caller's transaction."""
    session.exec(update(SignedIn).where(col(SignedIn.person_id) == person_id).values(ended_at=now))


def _end(session: Session, token: str, now: datetime) -> None:
    _end_hash(session, hash_of(token), now)


def _end_hash(session: Session, token_hash: str, now: datetime) -> None:
    session.exec(update(SignedIn).where(col(SignedIn.token_hash) == token_hash).values(ended_at=now))

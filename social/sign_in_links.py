"""One-time links: the first administrator of a new installation, a new person's password, a forgotten one."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from social.audit import record
from social.context import Context
from social.errors import InputError
from social.passwords import NOBODY, hash_password, problem_with
from social.sign_in import NotLetIn, end_sessions_of, open_session
from social.sign_in_records import Password, SetUpLink, hash_of
from social.sign_in_ways import address_of
from social.staff import Action, Membership, Person, Role, find_or_add_person, is_own, require, who_may

SPENT = "This link does not work any more. Each works once and for a limited time. Ask for a new one."


@dataclass(frozen=True)
class Meant:
    """Whom a link is for.  person: None when it is for the first administrator, who says who they are."""

    person: Person | None


def link_for(context: Context, by: Person, person_id: int) -> str:
    """The address of a new one-time link with which this person sets a password. Older ones stop working.

    Raises NotAllowed; InputError for somebody who is shut out."""
    with context.database.write() as session:
        now = context.clock.now()
        require(session, by, Action.MANAGE_PEOPLE, None)
        person = session.get(Person, person_id)
        if person is None or is_own(person):
            raise InputError("There is nobody with that number who could sign in.")
        if not person.active:
            raise InputError(f"{person.name} is shut out. Let them in again first.")
        record(session, now, actor=by, action="make a link", subject=("person", person_id))
        return _new(context, session, person_id, now)


def link_for_first_administrator(context: Context) -> str | None:
    """The address of a new link with which whoever has it becomes the first administrator; None where there is one.

    Whoever may start Beatline on its machine may print it: that is what makes somebody its keeper."""
    with context.database.write() as session:
        if has_administrator(session):
            return None
        now = context.clock.now()
        record(session, now, actor="operator", action="make a link", subject=("person", "first administrator"))
        return _new(context, session, None, now)


def has_administrator(session: Session) -> bool:
    """Whether anybody who may look after people can sign in with a password."""
    ids = [person.id for person in who_may(session, Action.MANAGE_PEOPLE, None)]
    usable = select(Password.person_id).where(col(Password.person_id).in_(ids), Password.hash != NOBODY)
    return session.exec(usable.limit(1)).first() is not None


def meant_by(context: Context, token: str) -> Meant:
    """Whom the link is for, without using it: whatever fetches links ahead of people must not spend them.

    Raises NotLetIn for a link that works no more."""
    with context.database.read() as session:
        link = _usable(session, token, context.clock.now())
        return Meant(session.get_one(Person, link.person_id) if link.person_id is not None else None)


def set_up(context: Context, token: str, password: str, again: str, *, email: str = "", name: str = "") -> str:
    """Use the link: keep the password and sign its person in.  Returns the browser's token.

    email, name: of the first administrator; for others they are not looked at.
    Raises NotLetIn for a link that works no more, InputError for what was typed; then the link still works."""
    meant = meant_by(context, token)
    about = [meant.person.name, meant.person.email] if meant.person else [name, email]
    if password != again:
        raise InputError("The two passwords differ. Type the same one twice.")
    if wrong := problem_with(
        password, [part for text in about for part in text.replace("@", " ").replace(".", " ").split()]
    ):
        raise InputError(wrong)
    hashed = hash_password(password)
    with context.database.write() as session:
        now = context.clock.now()
        link = _usable(session, token, now)
        person = session.get_one(Person, link.person_id) if link.person_id is not None else _first(session, email, name)
        assert person.id is not None
        link.used_at = now
        session.add(link)
        kept = session.get(Password, person.id) or Password(person_id=person.id, hash="", changed_at=now)
        kept.hash, kept.changed_at = hashed, now
        session.add(kept)
        end_sessions_of(session, person.id, now)
        record(session, now, actor=person, action="set a password", subject=("person", person.id))
        return open_session(context, session, person)


def _first(session: Session, email: str, name: str) -> Person:
    if not name.strip() or len(name) > 100 or not name.isprintable():
        raise InputError("Give your name, as your colleagues will see it.")
    person = find_or_add_person(session, email, Role.ADMINISTRATOR, name.strip())
    if is_own(person):
        raise InputError("Give your own e-mail address.")
    person.role, person.active = Role.ADMINISTRATOR.value, True
    session.exec(delete(Membership).where(col(Membership.person_id) == person.id))
    session.add(person)
    session.flush()
    return person


def _usable(session: Session, token: str, now: datetime) -> SetUpLink:
    link = session.exec(select(SetUpLink).where(SetUpLink.token_hash == hash_of(token))).first()
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise NotLetIn(SPENT)
    if link.person_id is None and has_administrator(session):
        raise NotLetIn(SPENT)
    if link.person_id is not None and not session.get_one(Person, link.person_id).active:
        raise NotLetIn(SPENT)
    return link


def _new(context: Context, session: Session, person_id: int | None, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    session.exec(delete(SetUpLink).where(col(SetUpLink.person_id).is_not_distinct_from(person_id)))
    until = now + timedelta(hours=context.settings.link_hours)
    session.add(SetUpLink(token_hash=hash_of(token), person_id=person_id, made_at=now, expires_at=until))
    return f"{address_of(context.settings)}/set-up/{token}"

"""People whom somebody else has signed in: a provider of OpenID Connect, or a proxy in front of the app.

They say who it is and in which groups; who may do what stays with Beatline's own table. Whoever is shut out here is
shut out, whatever they say. Groups, where the settings map them to roles, win over a role that was given by hand."""

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from social.audit import record
from social.context import Context
from social.errors import InputError
from social.settings import Settings
from social.sign_in import NotLetIn, keep_session, person_behind
from social.sign_in_records import SignedIn, hash_of
from social.sign_in_ways import is_proxy, role_from
from social.staff import Person, Role, find_or_add_person, has_role, is_own, same_address

_SKEW = timedelta(minutes=5)
"""How far a provider's clock may be ahead of ours."""
PROOF_HEADER = "X-Beatline-Proxy"
UNKNOWN = "You are signed in, and not yet known to Beatline. Ask an administrator to add {email}."
NO_ROLE = "You are signed in, and none of your groups has a role in Beatline. Ask whoever looks after your groups."
LEFT = "You may not use Beatline at present. Ask an administrator."
STRAY = "The provider or proxy did not say who you are in a way that can be trusted."


def person_by_provider(context: Context, claims: Mapping[str, Any], *, used: bool = True) -> Person:
    """Who this is, by the claims of an identity token that Streamlit has verified.

    The first look opens a session, so that signing out, the limits of time and shutting out hold as for everybody.
    used: as for `person_with`.  Raises NotLetIn: with EXPIRED when the person has to sign in again, else with what to do."""
    token_hash = provider_token_hash(claims)
    now = context.clock.now()
    with context.database.read() as session:
        known = session.exec(select(SignedIn.id).where(SignedIn.token_hash == token_hash)).first()
    if known is None:
        issued = _issued_at(claims)
        until = issued + timedelta(hours=context.settings.session_hours)
        if issued > now + _SKEW or until <= now:
            raise Expired()
        email, name, groups = _said(context.settings, claims)
        with context.database.write() as session:
            if session.exec(select(SignedIn.id).where(SignedIn.token_hash == token_hash)).first() is None:
                keep_session(
                    session, token_hash, admit(session, context.settings, now, email, name, groups), now, until
                )
    person = person_behind(context, token_hash, used=used)
    if person is None:
        raise Expired()
    return person


class Expired(NotLetIn):
    """The sign-in is over: too old, unused for too long, or ended."""

    def __init__(self) -> None:
        super().__init__("You are signed out. Sign in again.")


def provider_token_hash(claims: Mapping[str, Any]) -> str:
    """What stands for one sign-in at the provider: another one, even a second later, has another."""
    told = {name: claims.get(name) for name in ("iss", "sub", "iat", "exp", "nonce", "sid", "email")}
    return hash_of(json.dumps(told, sort_keys=True, default=str))


def person_by_proxy(context: Context, headers: Mapping[str, Sequence[str]], peer: str | None) -> Person:
    """Who this is, by the headers of a trusted proxy, looked at anew at each run.

    headers: every value of each, by its name in lower case.  peer: address of the connection, None for this machine.
    Raises NotLetIn: also where a header comes twice, since then the browser may have sent one of them."""
    settings = context.settings
    if not is_proxy(settings, peer):
        raise NotLetIn("Open Beatline at its own address. Nobody is let in past the proxy that signs people in.")
    given = _only(headers, PROOF_HEADER) if settings.proxy_secret else ""
    if settings.proxy_secret and not hmac.compare_digest(given.encode(), settings.proxy_secret.encode()):
        raise NotLetIn(STRAY)
    email = _only(headers, settings.proxy_email_header)
    groups = [group.strip() for group in _only(headers, settings.proxy_groups_header, needed=False).split(",")]
    now = context.clock.now()
    with context.database.read() as session:
        person = session.exec(select(Person).where(Person.email == email.strip().lower())).first()
    role = role_from(settings, groups) if settings.group_roles else None
    if (
        person is not None
        and not is_own(person)
        and person.active
        and (not settings.group_roles or has_role(person, role))
    ):
        return person
    with context.database.write() as session:
        return admit(session, settings, now, email, None, groups)


def admit(
    session: Session, settings: Settings, now: datetime, email: str, name: str | None, groups: Iterable[str]
) -> Person:
    """The person of that address, added or given another role as the groups say, in the caller's transaction.

    Raises NotLetIn for somebody unknown where no groups are mapped, without a role, shut out, or nobody."""
    try:
        address = same_address(email)
    except InputError as error:
        raise NotLetIn(STRAY) from error
    person = session.exec(select(Person).where(Person.email == address)).first()
    if address.endswith(".invalid"):
        raise NotLetIn(STRAY)  # Beatline's own persons stand for whoever sits at a machine
    if person is not None and not person.active:
        raise NotLetIn(LEFT)
    if not settings.group_roles:
        if person is None:
            raise NotLetIn(UNKNOWN.format(email=address))
        return person
    role = role_from(settings, groups)
    if role is None:
        raise NotLetIn(NO_ROLE)
    return _with_role(session, now, person, address, name, role)


def _with_role(
    session: Session, now: datetime, person: Person | None, address: str, name: str | None, role: Role
) -> Person:
    before = None if person is None else {"role": person.role}
    if person is None:
        shown = " ".join((name or "").split())[:100]
        person = find_or_add_person(session, address, role, shown if shown.isprintable() and shown else None)
    elif has_role(person, role):
        return person
    person.role = role.value
    session.add(person)
    record(session, now, actor="sign-in", action="role by group", subject=("person", person.id or 0), before=before,
           after={"role": role})  # fmt: skip
    return person


def _issued_at(claims: Mapping[str, Any]) -> datetime:
    issued = claims.get("iat")
    if not isinstance(issued, int | float) or isinstance(issued, bool):
        raise NotLetIn(STRAY)
    try:
        return datetime.fromtimestamp(issued, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise NotLetIn(STRAY) from error


def _said(settings: Settings, claims: Mapping[str, Any]) -> tuple[str, str | None, list[str]]:
    """E-mail address, name and groups.  An address that the provider says it has not verified proves nothing."""
    email, name = claims.get("email"), claims.get("name")
    if not isinstance(email, str) or claims.get("email_verified") in (False, "false"):
        raise NotLetIn(STRAY)
    groups = claims.get(settings.groups_claim)
    if isinstance(groups, str):
        groups = [groups]
    held = [group for group in groups if isinstance(group, str)] if isinstance(groups, Sequence) else []
    return email, name if isinstance(name, str) else None, held


def _only(headers: Mapping[str, Sequence[str]], name: str, *, needed: bool = True) -> str:
    values = headers.get(name.lower(), ())
    if len(values) > 1 or (needed and not values):
        raise NotLetIn(STRAY)
    return values[0] if values else ""

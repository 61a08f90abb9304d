"""Connecting accounts: credentials in, sealed; verified against the network; the agreement that its terms ask for.

What is wrong with the input is said before anything is stored. What the network says afterwards never undoes that."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session, select

from social.account_changes import NAME_YOURSELF, Kind, ask, needs_two, require_connected, waits_sentence
from social.accounts import Account, AccountState, Audience, account_named
from social.audit import record
from social.channels.base import Channel, Profile
from social.channels.registry import APP_KEYS, CREDENTIALS, NETWORKS, OPTIONAL, app_key, credential_names
from social.context import Context
from social.errors import InputError
from social.loopback import is_loopback
from social.operators import KEEPER
from social.staff import Action, Person, require
from social.tokens import begin_anew

LONGEST_NAME = 60


def add_account(
    context: Context,
    *,
    channel: str,
    name: str,
    handle: str | None = None,
    page_id: str | None = None,
    base_url: str | None = None,
    credentials: Mapping[str, str],
    by: Person | None = None,
) -> Account:
    """Store a new account, its credentials sealed. Asks no network; `verify_account` does.

    page_id: the network's id of the page; Facebook cannot do without.  base_url: address that stands in for the
    network's own.  by: who connects it; None is whoever keeps this machine, which will do for practice alone.
    An account of a real network is paused until a second person confirms it (R31).
    Raises NotAllowed, and InputError with everything that is wrong; then nothing is stored."""
    problems = _problems(channel, name, page_id, base_url, credentials)
    if problems:
        raise InputError(*problems)
    account = Account(
        name=name.strip(),
        channel=channel,
        handle=(handle or "").strip().removeprefix("@") or None,
        platform_id=(page_id or "").strip() or None,
        base_url=(base_url or "").strip().rstrip("/") or None,
        credentials_sealed=_sealed(context, channel, credentials),
        added_at=context.clock.now(),
        app_key=app_key(context.vault, channel, credentials),
    )
    with context.database.write() as session:
        if session.exec(select(Account).where(Account.name == account.name)).first():
            raise InputError(f"There is an account '{account.name}' already. Give this one another name.")
        if by is not None:
            require(session, by, Action.MANAGE_ACCOUNTS)
        session.add(account)
        session.flush()
        two = needs_two(account)
        if two:
            account.state, account.paused_by = AccountState.PAUSED.value, by.email if by is not None else None
            account.paused_reason = waits_sentence(account.name)
            ask(session, account.added_at, account, Kind.ADD, by)
        _record(session, account.added_at, by, "add account", account, practice=not two)
    return account


def read_credentials_file(path: Path, channel: str) -> dict[str, str]:
    """The credentials in a JSON file, only those that the channel needs.

    Raises InputError that names missing keys and never repeats a value."""
    needed = _needed(channel)
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"Cannot read the credentials file '{path.name}': {error.strerror}.") from None
    except ValueError:
        # Not chained: the error of json holds the file's text.
        raise InputError(f"The credentials file '{path.name}' is not JSON. It must hold {_shape(needed)}.") from None
    if not isinstance(given, dict):
        raise InputError(f"The credentials file '{path.name}' must hold one JSON object: {_shape(needed)}.")
    needed = credential_names(channel, given)
    missing = _missing(given, needed)
    if missing:
        raise InputError(f"The credentials file '{path.name}' lacks {', '.join(missing)}.")
    return {key: given[key] for key in (*needed, *_also_given(channel, given))}


def _also_given(channel: str, given: Mapping[str, object]) -> list[str]:
    """What names the app, and what else a channel can do without, where it is there all the same."""
    known, others = credential_names(channel, given), (*APP_KEYS.get(channel, ()), *OPTIONAL.get(channel, ()))
    return [key for key in others if key not in known and isinstance(given.get(key), str)]


def change_credentials(context: Context, name: str, credentials: Mapping[str, str], by: Person | None) -> bool:
    """Seal other credentials for an account of a real network until a second person confirms them (R31); meanwhile it
    goes on with those it has. For practice there is nothing to wait for: use `verify_account`.

    Returns False for an account on the practice network, of which nothing is kept.  Raises as `ask` does."""
    with context.database.write() as session:
        account = account_named(session, name)
        if not needs_two(account):
            return False
        require_connected(session, account)
        if problems := _credential_problems(account.channel, credentials):
            raise InputError(*problems)
        sealed = _sealed(context, account.channel, credentials)
        ask(session, context.clock.now(), account, Kind.CREDENTIALS, by, credentials_sealed=sealed)
        return True


def change_address(context: Context, name: str, base_url: str, by: Person | None) -> bool:
    """Give an account another address: its credentials would go there from then on, so a second person confirms (R31).

    base_url: '' for the network's own.  Returns True when it is in force, False when it waits.  Raises InputError for
    what is no address."""
    address = base_url.strip().rstrip("/")
    if address and (problems := _address_problems(address)):
        raise InputError(*problems)
    now = context.clock.now()
    with context.database.write() as session:
        account = account_named(session, name)
        require_connected(session, account)
        if needs_two(account, address or "the network's own"):
            ask(session, now, account, Kind.ADDRESS, by, base_url=address)
            return False
        if by is not None:
            require(session, by, Action.MANAGE_ACCOUNTS)
        account.base_url = address
        session.add(account)
        _record(session, now, by, "change address of account", account, practice=True)
    context.forget_channels()
    return True


def verify_account(
    context: Context, name: str, *, credentials: Mapping[str, str] | None = None, by: Person | None = None
) -> Profile:
    """Ask the network whose credentials these are, and store what it says: id, handle, followers, the moment. An
    account that trouble had paused is active again; one that a person paused stays so.

    credentials: to put in place of the stored ones, once the network has taken them.  by: who asked; None is a job, or
    whoever keeps this machine.  Raises InputError for an unknown name, missing credentials or those of another page, for
    an account that nobody confirmed yet and for credentials that need a second person (R31), ChannelError when the
    network does not take them or does not say; then everything stays as it was."""
    with context.database.read() as session:
        account = account_named(session, name)
        require_connected(session, account)
        if by is not None:
            require(session, by, Action.MANAGE_ACCOUNTS)
    if credentials is not None and needs_two(account):
        raise InputError(NAME_YOURSELF)
    return take_over(context, account, credentials, by)


def take_over(
    context: Context,
    account: Account,
    credentials: Mapping[str, str] | None,
    by: Person | None,
    then: Callable[[Session, Account], None] = lambda _session, _account: None,
) -> Profile:
    """`verify_account` of an account that may be verified.  then: what else is done in the same transaction."""
    name = account.name
    if credentials is not None:
        if problems := _credential_problems(account.channel, credentials):
            raise InputError(*problems)
        account.credentials_sealed = _sealed(context, account.channel, credentials)
    # Asked through a channel of its own: the shared one keeps the credentials that stand. New ones are those of an
    # account that is not stored: nothing may be renewed and stored in their place while they are only tried.
    asked = account if credentials is None else Account(**account.model_dump(exclude={"id"}))
    profile = context.make_channel(context, asked).verify()
    if account.platform_id not in (None, profile.platform_id):
        raise InputError(f"The credentials of '{name}' belong to another page than the one it was added for.")
    now = context.clock.now()
    with context.database.write() as session:
        stored = account_named(session, name)
        assert stored.id is not None
        stored.platform_id = profile.platform_id
        stored.handle = profile.handle or stored.handle
        stored.verified_at = now
        before = stored.state
        if stored.paused_by is None:
            stored.state, stored.paused_reason = AccountState.ACTIVE.value, None
        stored.reading_paused_reason = None
        if credentials is not None:
            stored.credentials_sealed = account.credentials_sealed
            begin_anew(session, stored.id)
        stored.app_key = app_key(context.vault, stored.channel, context.vault.open(stored.credentials_sealed))
        session.add(stored)
        if by is not None or credentials is not None or before != stored.state:
            _record(session, now, by, "verify account", stored, credentials=credentials is not None)
        then(session, stored)
        if profile.followers is not None:
            session.add(
                Audience(
                    account_id=stored.id,
                    followers=profile.followers,
                    source_metric=profile.source_metric,
                    fetched_at=now,
                )
            )
    context.forget_channels()  # an open channel does not know the id and handle yet
    return profile


def _sealed(context: Context, channel: str, credentials: Mapping[str, str]) -> bytes:
    names = (*credential_names(channel, credentials), *_also_given(channel, credentials))
    return context.vault.seal({key: credentials[key].strip() for key in names})


def record_agreement(context: Context, name: str, reference: str, by: Person | None = None) -> bool:
    """Note the written agreement with the network that allows collecting.

    Returns True when it is in force, False when a second person has to confirm it first (R31).
    Raises NotAllowed, and InputError for an empty reference."""
    if not reference.strip():
        raise InputError("Give the reference of the agreement, such as its contract number and date.")
    now = context.clock.now()
    with context.database.write() as session:
        account = account_named(session, name)
        require_connected(session, account)
        if needs_two(account):
            ask(session, now, account, Kind.AGREEMENT, by, agreement_reference=reference.strip())
            return False
        if by is not None:
            require(session, by, Action.MANAGE_ACCOUNTS)
        account.agreement_reference = reference.strip()
        account.agreement_recorded_at = now
        session.add(account)
        _record(session, now, by, "record agreement of account", account, practice=True)
        return True


def _record(session: Session, now: datetime, by: Person | None, action: str, account: Account, **after: Any) -> None:
    record(session, now, actor=by if by is not None else KEEPER, action=action, subject=("account", account.id or 0),
           after={"state": account.state, **after})  # fmt: skip


def may_collect(account: Account, channel: Channel) -> bool:
    """Whether what others wrote may be collected from this account.

    X's developer agreement asks whoever brings X content to a government user for a written agreement; until one is
    recorded nothing is read. An address on this machine is not the network, so its terms do not bind there."""
    if not channel.can.needs_agreement or account.agreement_reference:
        return True
    return is_loopback(account.base_url)


def _problems(
    channel: str, name: str, page_id: str | None, base_url: str | None, credentials: Mapping[str, str]
) -> list[str]:
    if channel not in CREDENTIALS:
        return [f"There is no channel '{channel}'. Channels: {', '.join(NETWORKS)}."]
    problems = []
    if not name.strip() or len(name) > LONGEST_NAME or "," in name or not name.isprintable():
        problems.append(f"Give the account a name of at most {LONGEST_NAME} characters, without commas.")
    problems += _credential_problems(channel, credentials)
    number = (page_id or "").strip()
    if channel == "facebook" and not number:
        problems.append("A Facebook account needs the number of its Page: give --page-id.")
    elif number and not (number.isascii() and number.isdecimal()):
        problems.append("A page is known by a number: give --page-id with digits only.")
    if base_url and base_url.strip():
        problems += _address_problems(base_url.strip())
    return problems


def _credential_problems(channel: str, credentials: Mapping[str, str]) -> list[str]:
    """What is wrong with the credentials, by name only. A sign that no header can carry would fail at every request."""
    names = credential_names(channel, credentials)
    missing = _missing(credentials, names)
    strange = [
        key
        for key in (*names, *_also_given(channel, credentials))
        if key not in missing and not re.fullmatch(r"[!-~]+", credentials[key].strip())
    ]
    problems = [f"The credentials lack {', '.join(missing)}."] if missing else []
    if strange:
        problems.append(
            f"The credentials hold spaces or signs that no key has, in {', '.join(strange)}. Copy them anew."
        )
    return problems


def _address_problems(base_url: str) -> list[str]:
    example = "Give one such as https://proxy.example.org or http://127.0.0.1:8765."
    try:
        parts = urlsplit(base_url)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        return [f"The base address is no web address. {example}"]
    if parts.scheme not in ("http", "https") or not parts.hostname or any(c.isspace() for c in base_url):
        return [f"The base address is no web address. {example}"]
    if parts.username or parts.password or parts.query or parts.fragment:
        return [f"The base address must not hold a user, a '?' or a '#'. {example}"]
    if parts.scheme == "http" and not is_loopback(base_url):
        return ["The base address would send credentials unencrypted. Give one that begins with https://."]
    return []


def _needed(channel: str) -> tuple[str, ...]:
    if channel not in CREDENTIALS:
        raise InputError(f"There is no channel '{channel}'. Channels: {', '.join(NETWORKS)}.")
    return CREDENTIALS[channel]


def _missing(given: Mapping[str, object], needed: tuple[str, ...]) -> list[str]:
    return [key for key in needed if not isinstance(value := given.get(key), str) or not value.strip()]


def _shape(needed: tuple[str, ...]) -> str:
    return json.dumps(dict.fromkeys(needed, "..."))

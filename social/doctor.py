"""What is wrong with this installation, and what to do about it. Looks only: it makes no file and changes no table."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from shlex import quote

from social.accounts import Account, AccountState, list_accounts
from social.context import Context
from social.database import SCHEMA_VERSION, Database
from social.database_trouble import DatabaseTrouble
from social.errors import BeatlineError
from social.loopback import is_loopback
from social.settings import TABLE, Settings
from social.vault import Vault, open_vault


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.  what: a sentence.  advice: what to do, '' when nothing is to be done."""

    level: Level
    what: str
    advice: str = ""


Check = Callable[[Context], Sequence[Finding]]
"""A look of another slice, such as the worker's heartbeat. It runs only when the database can be read."""


@dataclass(frozen=True)
class ShownSetting:
    """A setting as it may be shown.  value: secrets masked."""

    name: str
    value: str
    unit: str
    source: str


def shown_settings(settings: Settings) -> list[ShownSetting]:
    """Every setting with where it came from."""
    shown = []
    for row in TABLE:
        source = settings.source.get(row.name, "default")
        value = str(getattr(settings, row.name))
        if row.secret and source != "default":
            value = "set, not shown"
        shown.append(ShownSetting(row.name, value or "not set", row.unit, source))
    return shown


def examine(settings: Settings, open_: Callable[[], Context], checks: Sequence[Check] = ()) -> list[Finding]:
    """Everything that can be said about this installation, in order.  checks: looks of the other slices."""
    key, vault = _look_at_key(settings)
    findings = [key]
    if settings.database_url.startswith("sqlite") and not _sqlite_path(settings).exists():
        return [*findings, Finding(Level.NOTE, "There is no database yet.", "Run `beatline demo`, or add an account.")]
    try:
        database = Database(settings.database_url)
    except Exception as error:
        return [*findings, _unreadable(error)]
    try:
        schema = _look_at_schema(database)
        findings.append(schema)
        if schema.level is Level.WRONG:
            return findings
        findings += _look_at_accounts(database, vault)
    finally:
        database.close()
    if vault is not None:
        context = open_()
        findings += [finding for check in checks for finding in check(context)]
    return findings


def _sqlite_path(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


def _look_at_key(settings: Settings) -> tuple[Finding, Vault | None]:
    path = settings.home / "key"
    if not settings.key and not path.exists():
        return Finding(Level.NOTE, "There is no key yet; it is made when it is first needed."), None
    try:
        vault = open_vault(settings)
    except BeatlineError as error:
        return Finding(Level.WRONG, "The key cannot be used.", str(error)), None
    where = "the settings" if settings.key else "the file `key`, readable by you alone"
    return Finding(Level.OK, f"The key that seals credentials comes from {where}."), vault


def _look_at_schema(database: Database) -> Finding:
    try:
        version = database.schema_version()
    except Exception as error:
        return _unreadable(error)
    if version == SCHEMA_VERSION:
        return Finding(Level.OK, f"The database is at schema {version}.")
    if version is not None and version > SCHEMA_VERSION:
        advice = "Install the version of Beatline that last used it."
        return Finding(Level.WRONG, f"The database is at schema {version}, newer than this version's.", advice)
    return Finding(Level.WRONG, f"The database is at schema {version or 'none'}.", "Run `beatline migrate`.")


def _unreadable(error: Exception) -> Finding:
    if isinstance(error, DatabaseTrouble):
        return Finding(Level.WRONG, "The database cannot be read.", str(error))
    # Not the error's text: a driver's may hold the address with its password.
    advice = "Check BEATLINE_DATABASE_URL, that the database is running, and that it lets you in."
    return Finding(Level.WRONG, f"The database cannot be read ({type(error).__name__}).", advice)


def _look_at_accounts(database: Database, vault: Vault | None) -> Iterator[Finding]:
    with database.read() as session:
        accounts = list_accounts(session)
    if not accounts:
        yield Finding(Level.NOTE, "No account is connected.", "Run `beatline accounts add`.")
    for account in accounts:
        found = list(_look_at_account(account, vault))
        yield from found or [Finding(Level.OK, f"Account '{account.name}' is connected and verified.")]


def _look_at_account(account: Account, vault: Vault | None) -> Iterator[Finding]:
    name = account.name
    if account.state == AccountState.PAUSED:
        reason = account.paused_reason or "no reason was noted"
        yield Finding(
            Level.WRONG, f"Account '{name}' is paused: {reason}", f"Run `beatline accounts verify {quote(name)}`."
        )
    if account.reading_paused_reason is not None:
        what = f"Nothing is read from account '{name}': {account.reading_paused_reason}"
        yield Finding(Level.WRONG, what, f"Then run `beatline accounts verify {quote(name)}`.")
    if account.verified_at is None:
        advice = f"Run `beatline accounts verify {quote(name)}`."
        yield Finding(Level.WRONG, f"Account '{name}' was never verified with its network.", advice)
    if vault is not None and not _opens(vault, account):
        advice = f"Put back the key that sealed them, or run `beatline accounts verify {quote(name)} --credentials-file FILE`."
        yield Finding(Level.WRONG, f"The credentials of '{name}' do not open with this key.", advice)
    if account.channel == "x" and not account.agreement_reference and not is_loopback(account.base_url):
        advice = f"When you have it: `beatline accounts agree {quote(name)} --reference TEXT`."
        what = f"Nothing that others wrote is read from '{name}' until the agreement with X is recorded."
        yield Finding(Level.NOTE, what, advice)


def _opens(vault: Vault, account: Account) -> bool:
    try:
        vault.open(account.credentials_sealed)
    except BeatlineError:
        return False
    return True

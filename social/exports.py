"""What leaves Beatline as a file, what comes back as one, and who looked at what residents wrote, is recorded (R24)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from social.audit import AuditRecord, record
from social.context import Context
from social.database import AUDIT_KEY, SCHEMA_VERSION, Database
from social.operators import KEEPER, find_or_name
from social.settings import Settings
from social.sign_in_ways import Way
from social.staff import Action, Person, Role, require
from social.vault import open_vault

EXPORT = "export"
VIEW = "view replies"
ONCE_IN = timedelta(hours=1)


def record_export(context: Context, person: Person | str, what: str, rows: int) -> None:
    """Leave a row in the audit record.  what: such as 'audit' or 'figures', a code.  rows: how many were taken."""
    with context.database.write() as session:
        record(
            session, context.clock.now(), actor=person, action=EXPORT, subject=("export", what), after={"rows": rows}
        )


def record_view(context: Context, person: Person, what: tuple[str, int | str]) -> bool:
    """Note that somebody looked at what residents wrote (R24), once an hour for each person and thing.

    what: such as ("thread", 12), or ("replies", "list").  Returns whether a row was left."""
    since = context.clock.now() - ONCE_IN
    seen = select(AuditRecord.seq).where(
        AuditRecord.at > since,
        AuditRecord.actor == person.email,
        AuditRecord.action == VIEW,
        AuditRecord.subject_kind == what[0],
        AuditRecord.subject_id == str(what[1]),
    )
    with context.database.read() as session:
        if session.exec(seen.limit(1)).first() is not None:
            return False
    with context.database.write() as session:
        record(session, context.clock.now(), actor=person, action=VIEW, subject=what)
    return True


def record_upkeep(settings: Settings, database: Database, now: datetime, action: str, after: Mapping[str, Any]) -> None:
    """Leave a row for what is done to the whole database by command: a backup, a restore, a copy.

    A database that is not at this version's schema keeps no record yet, and none is made."""
    if database.schema_version() != SCHEMA_VERSION:
        return
    database.handed_on[AUDIT_KEY] = open_vault(settings).audit_key
    with database.write() as session:
        keeper = find_or_name(session, KEEPER, Role.ADMINISTRATOR, Way.NONE, now)
        require(session, keeper, Action.KEEP_DATABASE, None)
        record(session, now, actor=keeper, action=action, subject=("export", "database"), after=after)

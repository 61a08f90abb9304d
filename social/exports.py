"""What leaves Beatline as a file, and what comes back as one, is recorded: who, what, and how much of it (R24)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from social.audit import record
from social.context import Context
from social.database import AUDIT_KEY, SCHEMA_VERSION, Database
from social.operators import KEEPER, find_or_name
from social.settings import Settings
from social.sign_in_ways import Way
from social.staff import Action, Person, Role, require
from social.vault import open_vault

EXPORT = "export"


def record_export(context: Context, person: Person | str, what: str, rows: int) -> None:
    """Leave a row in the audit record.  what: such as 'audit' or 'figures', a code.  rows: how many were taken."""
    with context.database.write() as session:
        record(
            session, context.clock.now(), actor=person, action=EXPORT, subject=("export", what), after={"rows": rows}
        )


def record_upkeep(settings: Settings, database: Database, now: datetime, action: str, after: Mapping[str, Any]) -> None:
    """Leave a row for what is done to the whole database by command: a backup, a restore, a copy.

    A database that is not at this version's schema keeps no record yet, and none is made."""
    if database.schema_version() != SCHEMA_VERSION:
        return
    database.handed_on[AUDIT_KEY] = open_vault(settings).audit_key
    with database.write() as session:
        keeper = find_or_name(session, KEEPER, Role.ADMINISTRATOR, Way.NONE)
        require(session, keeper, Action.KEEP_DATABASE, None)
        record(session, now, actor=keeper, action=action, subject=("export", "database"), after=after)

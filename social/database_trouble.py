"""Says in plain words why the database cannot be used at this moment: full, locked, read-only, gone, out of reach.

Only what mends by itself or by an operator's hand is trouble; a mistake in a query stays the error it is."""

import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError

from social.errors import BeatlineError

_NOTHING = "Nothing is sent until it can be written to again."


class DatabaseTrouble(BeatlineError):
    """The database cannot be used at this moment. What was under way was not recorded, or may not have been."""


_SQLITE = {
    3: "The database file may not be opened. Give it and its folder to the account that runs Beatline.",  # PERM
    5: "The database is locked by another program. Close whatever else has it open.",  # BUSY
    6: "The database is locked by another program. Close whatever else has it open.",  # LOCKED
    8: "The database is read-only. Give the file and its folder to the account that runs Beatline.",  # READONLY
    10: "The database file cannot be written to or read. Look at the disk: it may be full, failing or gone.",  # IOERR
    11: "The database file is damaged. Stop Beatline and restore a backup.",  # CORRUPT
    13: "The disk that the database is on is full. Make room.",  # FULL
    14: "The database file cannot be opened. See that its folder is there and may be written to.",  # CANTOPEN
    26: "The file is no database. Look at BEATLINE_DATABASE_URL, or restore a backup.",  # NOTADB
}
"""By SQLite's primary result code."""

_POSTGRESQL = {
    "08": "The connection to the database broke. See that it is running and can be reached.",
    "25006": "The database takes no writes: it is read-only or a standby.",
    "28": "The database does not let Beatline in. Look at the name and the password in BEATLINE_DATABASE_URL.",
    "3D": "There is no database of that name. Create it, or look at BEATLINE_DATABASE_URL.",
    "40": "Two writers got in each other's way and this one gave in. It will be tried again.",
    "53100": "The disk that the database is on is full. Make room.",
    "53": "The database has run out of memory, connections or room.",
    "55P03": "The database is locked by another program. Close whatever else has it open.",
    "57": "The database is stopping, starting or was interrupted.",
    "58": "The database cannot reach its own files. Look at its disk.",
}
"""By SQLSTATE, or the class that it begins with."""

_STOOD_STILL = "25P03"
_BROKE = (
    "The connection to the database broke while work stood open: that stood still for too long, or the database stopped "
    "or went out of reach. Nothing of that work was stored. The worker tries again by itself; do again what you did."
)
"""Whether the database said why before it hung up, or only hung up, is chance: one sentence for both."""
_BROKE_WHILE_STORING = (
    "The connection to the database broke while work was being stored. Either all of it was stored or nothing: look "
    "before you do it again. The worker does so by itself."
)
_OUT_OF_REACH = "The database cannot be reached. See that it is running and that BEATLINE_DATABASE_URL is right."


def trouble_of(error: DBAPIError) -> DatabaseTrouble | None:
    """The trouble behind a driver's error, in a sentence without its text, which may hold an address or a password.

    None when it is no such trouble: a constraint, a mistake in a statement."""
    if isinstance(error.orig, sqlite3.Error):
        sentence = _SQLITE.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)
    else:
        sentence = _of_postgresql(error)
    return DatabaseTrouble(f"{sentence} {_NOTHING}") if sentence else None


def _of_postgresql(error: DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", None)
    if state == _STOOD_STILL:
        return _BROKE
    if state is None and error.connection_invalidated:
        # A commit is no statement; it may have been done before the answer to it was lost.
        return _BROKE if error.statement is not None else _BROKE_WHILE_STORING
    if state is None:
        return _OUT_OF_REACH if isinstance(error, OperationalError) else None
    return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])


def file_gone() -> DatabaseTrouble:
    """The file under an open SQLite connection is not the one that its address names any more."""
    return DatabaseTrouble(
        "The database file was moved, deleted or replaced while Beatline was running. Put it back; if it was restored "
        f"from a copy, start worker and app again. {_NOTHING}"
    )

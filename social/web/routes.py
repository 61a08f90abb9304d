"""Two addresses for whoever watches over the machine: is the app alive, and can it do its work?"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from social.context import Context
from social.database import SCHEMA_VERSION
from social.database_trouble import DatabaseTrouble

WorkerSeen = Callable[[Session], datetime | None]
"""When a worker was last seen at work; None when never."""

WORKER_SILENT_AFTER = 120
"""Seconds after which a worker counts as silent."""


Told = Callable[[Session, Context], Mapping[str, Any]]
"""What another slice has to tell: numbers, no names, for the address is open to whoever can reach it."""


def api_routes(open_: Callable[[], Context], worker_seen: WorkerSeen, told: Told | None = None) -> list[BaseRoute]:
    """`/api/health`: the app answers.  `/api/ready`: 200 when the database answers and its schema is this version's,
    else 503; the worker's silence, and what else is told, do not make the app unready, since pages still work."""

    def health(_request: Request) -> Response:
        return JSONResponse({"ok": True})

    def ready(_request: Request) -> Response:
        state = readiness(open_(), worker_seen, told)
        return JSONResponse(state, status_code=200 if state["ready"] else 503)

    return [Route("/api/health", health), Route("/api/ready", ready)]


def readiness(context: Context, worker_seen: WorkerSeen, told: Told | None = None) -> dict[str, Any]:
    """{"ready", "database", "schema", "worker", "worker_seen_seconds_ago"}: what stands and what does not; and what
    `told` has to tell.

    worker_seen_seconds_ago: None when no worker was ever seen or the database does not answer."""
    state: dict[str, Any] = {
        "ready": False, "database": False, "schema": False, "worker": False, "worker_seen_seconds_ago": None,
    }  # fmt: skip
    try:
        state["schema"] = context.database.schema_version() == SCHEMA_VERSION
        state["database"] = True
        if state["schema"]:
            with context.database.read() as session:
                seen = worker_seen(session)
                state |= told(session, context) if told is not None else {}
            if seen is not None:
                ago = max(0.0, (context.clock.now() - seen).total_seconds())
                state["worker_seen_seconds_ago"] = round(ago, 1)
                state["worker"] = ago <= WORKER_SILENT_AFTER
    except (SQLAlchemyError, DatabaseTrouble):  # its text may hold the address and the password: not passed on
        state["database"] = False
    state["ready"] = bool(state["database"] and state["schema"])
    return state

"""`/api/health` and `/api/ready`: alive, able to work, and silent about secrets."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from starlette.applications import Starlette

from social.clock import SettableClock
from social.context import Context
from social.web.routes import api_routes
from tests.social.web.asgi import Answer, get


def ask(context: Context, seen: Callable[[Session], datetime | None], path: str = "/api/ready") -> Answer:
    return get(Starlette(routes=api_routes(lambda: context, seen)), path)


def test_the_app_is_ready_with_a_worker_at_work(context: Context, clock: SettableClock) -> None:
    answer = ask(context, lambda _session: clock.now() - timedelta(seconds=20))
    assert answer.status == 200
    assert answer.json() == {
        "ready": True, "database": True, "schema": True, "worker": True, "worker_seen_seconds_ago": 20.0,
    }  # fmt: skip


def test_a_silent_worker_is_told_and_pages_stay_ready(context: Context, clock: SettableClock) -> None:
    answer = ask(context, lambda _session: clock.now() - timedelta(minutes=3))
    assert answer.status == 200
    assert answer.json()["worker"] is False
    never = ask(context, lambda _session: None).json()
    assert (never["worker"], never["worker_seen_seconds_ago"]) == (False, None)


def test_an_older_schema_is_not_ready(context: Context) -> None:
    with context.database.write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    answer = ask(context, lambda _session: None)
    assert answer.status == 503
    assert (answer.json()["database"], answer.json()["schema"]) == (True, False)


def test_a_database_that_fails_is_not_ready_and_its_address_is_not_told(context: Context) -> None:
    def broken(_session: Session) -> datetime | None:
        raise OperationalError("SELECT", {}, Exception("password=hunter2 host=db.invalid"))

    answer = ask(context, broken)
    assert answer.status == 503
    assert answer.json()["database"] is False
    assert "hunter2" not in answer.text


def test_health_needs_no_database(context: Context) -> None:
    context.database.close()
    assert ask(context, lambda _session: None, "/api/health").json() == {"ok": True}

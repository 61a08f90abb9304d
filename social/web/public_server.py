"""The server of `beatline web`: it says nothing of who asks for what, believes nobody about where they call from, and
waits for nobody who only holds a line.

uvicorn takes so many connections and no more, and lets one that never sends a whole request stay for ever: two hundred
of those would be all it needs to keep every resident out."""

import asyncio
import contextlib
import logging
import os
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from social.errors import bare

_log = logging.getLogger("beatline.web")
MOST_CONNECTIONS = 200
REQUEST_WITHIN = 10.0
"""Seconds in which a connection has to begin a request; at the latest after twice that it is closed. A body has its own
time (`public_body.WHOLE_WITHIN`)."""


class PatientForAWhile(H11Protocol):
    """A connection that ends where nothing comes of it."""

    _timer: asyncio.TimerHandle | None = None
    _seen: Any = None
    """The last request when we last looked."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._seen = self.cycle
        self._timer = self.loop.call_later(REQUEST_WITHIN, self._look)

    def _look(self) -> None:
        answered = self.cycle is None or self.cycle.response_complete
        if answered and self.cycle is self._seen:
            self.transport.close()
        else:
            self._wait()


def _saying_nothing_of_it(app: ASGIApp) -> ASGIApp:
    """The application; of what breaks off in it the log has kind and place, and not the words, which somebody may have
    typed. Its answer has been given by then."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:
            if scope["type"] != "http":
                raise
            _log.error("an answer broke off", exc_info=bare(error))

    return guarded


def server_of(app: ASGIApp, host: str, port: int) -> uvicorn.Server:
    """The server, to be run. Its log names no address: one may hold a resident's link."""
    os.environ["FORWARDED_ALLOW_IPS"] = ""  # `throttle.machine_of` says whose word is taken
    return uvicorn.Server(uvicorn.Config(
        _saying_nothing_of_it(app), host=host, port=port, http=PatientForAWhile, ws="none", log_level="warning", access_log=False,
        server_header=False, timeout_keep_alive=5, limit_concurrency=MOST_CONNECTIONS,
    ))  # fmt: skip


def serve(app: ASGIApp, host: str, port: int) -> None:
    """Serve until Ctrl-C, or until the process is told to end."""
    with contextlib.suppress(KeyboardInterrupt):
        server_of(app, host, port).run()

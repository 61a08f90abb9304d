"""The addresses that the outside may reach, in a process of their own: today the one that Facebook delivers to.

It knows no page of the app, no session and no cookie. A delivery is checked, queued and answered; nothing else is done
while the network waits."""

import asyncio
import hmac
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from social.context import Context
from social.database_trouble import DatabaseTrouble
from social.webhooks import MOST_BYTES, SIGNATURE, changes_in, is_signed, keep

HOOK = "/hooks/facebook"
ANSWER_WITHIN = 0.09
"""Seconds for queueing; then Facebook is asked to come again."""
WRITERS = 4
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}  # fmt: skip
_log = logging.getLogger("beatline.web")


def public_app(open_: Callable[[], Context]) -> Starlette:
    """The ASGI application of `beatline web`."""
    pool = ThreadPoolExecutor(WRITERS, thread_name_prefix="deliveries")

    def health(_request: Request) -> Response:
        return JSONResponse({"ok": True}, headers=_HEADERS)

    async def asked(request: Request) -> Response:
        """Facebook's question whether this is ours: the challenge goes back where the token is right."""
        token, given = open_().settings.webhook_token, request.query_params
        right = bool(token) and hmac.compare_digest(token.encode(), given.get("hub.verify_token", "").encode())
        if not right or given.get("hub.mode") != "subscribe":
            return _said(403, "The verify token is not ours.")
        return _said(200, given.get("hub.challenge", "")[:200])

    async def delivered(request: Request) -> Response:
        context = open_()
        secret = context.settings.facebook_app_secret
        if not secret:
            return _said(404, "Nothing is taken here.")
        body = await _body(request)
        if body is None:
            return _said(413, "Too long.")
        if not is_signed(secret, body, request.headers.get(SIGNATURE)):
            return _said(403, "The signature is wrong.")
        queued = asyncio.get_running_loop().run_in_executor(pool, _queued, context, body)
        await asyncio.wait({queued}, timeout=ANSWER_WITHIN)
        if queued.done():
            return queued.result()
        # Somebody holds the database. What waits is queued when they are done; told again, it is known by its ids.
        queued.add_done_callback(lambda late: late.cancelled() or late.exception())
        return _said(503, "Try again.")

    return Starlette(
        routes=[
            Route("/health", health),
            Route(HOOK, asked, methods=["GET"]),
            Route(HOOK, delivered, methods=["POST"]),
        ]
    )


async def _body(request: Request) -> bytes | None:
    """The raw body; None when it is longer than any delivery."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > MOST_BYTES:
        return None
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)


def _queued(context: Context, body: bytes) -> Response:
    try:
        told = changes_in(body)
    except (ValueError, RecursionError):
        # Signed and not readable: to refuse it would only have it repeated.
        _log.warning("a signed delivery could not be read; what it told of is found by looking")
        return _said(200, "")
    try:
        if told:
            with context.database.write() as session:
                keep(session, told, context.clock.now())
    except DatabaseTrouble:
        return _said(503, "Try again.")  # Facebook repeats it
    return _said(200, "")


def _said(status: int, words: str) -> Response:
    return PlainTextResponse(words, status, headers=_HEADERS)

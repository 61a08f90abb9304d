"""The addresses that the outside may reach, in a process of their own: what residents open, and what is delivered to us.

It knows no page of the app, no session and no cookie. A delivery is checked, queued and answered; nothing else is done
while the network waits. No body is read here but by `public_body`, and no address stands in a log: it may hold a
resident's link."""

import asyncio
import hmac
import logging
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from social.context import Context
from social.database_trouble import DatabaseTrouble
from social.web import alert_join, alert_pages, alert_privacy, notify_callback, survey_pages
from social.web.public_body import CLOSE, NotTaken, read_body
from social.web.public_page import HOME, ForceName, page, paragraphs, style
from social.web.public_style import STYLE_PATH
from social.web.taking import Taking
from social.webhooks import MOST_BYTES, SIGNATURE, Told, changes_in, is_signed

HOOK = "/hooks/facebook"
ANSWER_WITHIN = 0.09
"""Seconds for queueing; then Facebook is asked to come again."""
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}  # fmt: skip
_log = logging.getLogger("beatline.web")


def public_app(open_: Callable[[], Context]) -> Starlette:
    """The ASGI application of `beatline web`."""
    taking = Taking()

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
        body = await read_body(request, MOST_BYTES)
        if not is_signed(secret, body, request.headers.get(SIGNATURE)):
            return _said(403, "The signature is wrong.")
        told = _told_in(body)
        if not told:
            return _said(200, "")
        kept = asyncio.wrap_future(taking.hand_in(context, told))
        await asyncio.wait({kept}, timeout=ANSWER_WITHIN)
        if kept.done():
            return _said(200, "") if kept.result() else _said(503, "Try again.")
        # Somebody holds the database. What waits is queued when they are done; told again, it is known by its ids.
        kept.add_done_callback(lambda late: late.cancelled() or late.exception())
        return _said(503, "Try again.")

    app = Starlette(
        routes=[
            Route("/health", health),
            Route(HOOK, asked, methods=["GET"]),
            Route(HOOK, delivered, methods=["POST"]),
            Route(STYLE_PATH, style),
            *alert_join.routes(open_),
            *alert_privacy.routes(open_),
            *alert_pages.routes(open_),
            *survey_pages.routes(open_),
            *notify_callback.routes(open_),
        ],
        exception_handlers={
            NotTaken: _not_taken,
            DatabaseTrouble: _no_database,
            404: _not_found,
            405: _not_found,
            Exception: _went_wrong,
        },
    )
    app.router.redirect_slashes = False  # it would name this address as we know it, which may not be as residents do
    app.state.force_name = ForceName(open_)
    return app


def _not_found(request: Request, _error: Exception) -> Response:
    if not _is_page(request):
        return _said(404, "Nothing is here.")
    help_ = "If you typed the address, look whether it is right. If you came by a link in an alert, open it once more."
    return page(
        request, "There is no such page", paragraphs(help_) + f'<p><a href="{HOME}">Sign up for alerts</a></p>', 404
    )


def _not_taken(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotTaken)
    if not _is_page(request):
        return PlainTextResponse(error.words, error.status, headers=_HEADERS | CLOSE)
    return page(request, "Nothing was done", paragraphs(error.words), error.status, headers=CLOSE)


def _no_database(request: Request, _error: Exception) -> Response:
    if not _is_page(request):
        return _said(503, "Try again.")
    again = "We cannot reach what we need at this moment, and nothing was changed. Try again in a few minutes."
    return page(request, "Try again in a few minutes", paragraphs(again), 503)


def _went_wrong(request: Request, _error: Exception) -> Response:
    if not _is_page(request):
        return _said(500, "Something went wrong.")
    again = "The fault is ours. Try again later."
    return page(request, "Something went wrong", paragraphs(again), 500)


def _is_page(request: Request) -> bool:
    """Whether a person reads the answer, or another machine."""
    return not request.url.path.startswith(("/hooks/", "/health"))


def _told_in(body: bytes) -> list[Told]:
    try:
        return changes_in(body)
    except (ValueError, RecursionError):
        # Signed and not readable: to refuse it would only have it repeated.
        _log.warning("a signed delivery could not be read; what it told of is found by looking")
        return []


def _said(status: int, words: str) -> Response:
    return PlainTextResponse(words, status, headers=_HEADERS)

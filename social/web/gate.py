"""Leads whoever asks for a page without being signed in to the sign-in, and afterwards to the page they asked for.

It is a courtesy and no lock: each run of a page looks the person up for itself."""

from collections.abc import Callable, Collection

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from social.context import Context
from social.errors import BeatlineError
from social.sign_in import person_with
from social.sign_in_ways import Way, is_encrypted, way_in
from social.web.sign_in import session_cookie
from social.web.way_back import NEXT, forget, remember, way_back

_CALLBACK = "/oauth2callback"
"""Where a provider of OpenID Connect sends people back to; Streamlit would lead them to the first page from there."""


class SignInGate:
    """ASGI middleware.  paths: of the pages, with their slash."""

    def __init__(self, app: ASGIApp, open_: Callable[[], Context], paths: Collection[str]) -> None:
        self.app = app
        self._open = open_
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        if scope["path"] == _CALLBACK:
            await self.app(scope, receive, self._leading_back(request, send))
        elif scope["path"] in self._paths and await run_in_threadpool(self._must_sign_in, request):
            answer = RedirectResponse("/sign-in", 303, {"Cache-Control": "no-store"})
            remember(answer.headers, scope["path"], request.url.query, secure=self._secure())
            await answer(scope, receive, send)
        elif scope["path"] in self._paths and self._open().settings.sign_in == Way.OIDC:
            await self.app(scope, receive, self._remembering(request, send))
        else:
            await self.app(scope, receive, send)

    def _must_sign_in(self, request: Request) -> bool:
        context = self._open()
        try:
            if way_in(context) is not Way.LOCAL:
                return False
            return person_with(context, request.cookies.get(session_cookie(context))) is None
        except BeatlineError:
            return False  # the page itself says what is wrong with the database

    def _remembering(self, request: Request, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                remember(headers, request.url.path, request.url.query, secure=self._secure())
            await send(message)

        return sending

    def _leading_back(self, request: Request, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("location") == "/":
                    headers["location"] = way_back(request.cookies.get(NEXT), self._paths)
                    forget(headers, secure=self._secure())
                if self._secure():
                    message["headers"] = [(name, _kept_to_https(name, value)) for name, value in message["headers"]]
            await send(message)

        return sending

    def _secure(self) -> bool:
        return is_encrypted(self._open().settings)


def _kept_to_https(name: bytes, value: bytes) -> bytes:
    """Streamlit leaves its cookie open to unencrypted requests; where browsers reach us by https that is not needed."""
    return value + b"; Secure" if name == b"set-cookie" and b"; secure" not in value.lower() else value

"""Where people sign in with a local account: plain HTML from the server, without a script.

A cookie can only be set by an answer to a request, which Streamlit's pages never make; and a password manager knows
such a form. Every form has to come from a page of ours, since a browser says where a form that is sent comes from."""

from collections.abc import Callable, Collection, Mapping
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from social import sign_in_links
from social.context import Context
from social.errors import BeatlineError
from social.sign_in import NotLetIn, sign_in_with_password
from social.sign_in_guard import TooManyTries
from social.sign_in_ways import Way, is_encrypted, is_proxy, own_hosts, way_in
from social.web import sign_in_pages as pages
from social.web.way_back import NEXT, forget, way_back

_LINK = "beatline_link"
_LINK_WAITS = 1_800
"""Seconds that somebody has for choosing a password once the link was opened."""
_LONGEST_FORM = 16_384
_PRIVATE = {"Cache-Control": "no-store"}

Form = Mapping[str, str]


def session_cookie(context: Context) -> str:
    """The name of the cookie that holds a session's token. With `__Host-` a browser takes it from this host and over an
    encrypted connection only."""
    return "__Host-beatline_session" if is_encrypted(context.settings) else "beatline_session"


def sign_in_routes(open_: Callable[[], Context], paths: Collection[str]) -> list[BaseRoute]:
    """`/sign-in`, `/set-up/TOKEN` and `/set-up`.  paths: of the pages that one may be led back to."""
    desk = _Desk(open_, paths)

    async def answer(request: Request) -> Response:
        if request.method != "POST":
            shows = desk.show_sign_in if request.url.path == "/sign-in" else desk.show_link
            return await run_in_threadpool(shows, request)
        form = await _form(request, open_())
        if form is None:
            return _page(pages.stray(), 403)
        takes = desk.sign_in if request.url.path == "/sign-in" else desk.set_up
        return await run_in_threadpool(takes, request, form)

    return [
        Route("/sign-in", answer, methods=["GET", "POST"]),
        Route("/set-up", answer, methods=["GET", "POST"]),
        Route("/set-up/{token}", desk.open_link, methods=["GET"]),
    ]


class _Desk:
    """Answers one request at a time, in a thread of its own: hashing a password takes a while."""

    def __init__(self, open_: Callable[[], Context], paths: Collection[str]) -> None:
        self._open = open_
        self._paths = paths

    def show_sign_in(self, _request: Request) -> Response:
        return _page(pages.sign_in()) if way_in(self._open()) is Way.LOCAL else RedirectResponse("/", 303)

    def sign_in(self, request: Request, form: Form) -> Response:
        context = self._open()
        if way_in(context) is not Way.LOCAL:
            return RedirectResponse("/", 303)
        email, machine = form.get("email", ""), _machine(context, request)
        before = request.cookies.get(session_cookie(context))
        try:
            token = sign_in_with_password(context, email, form.get("password", ""), machine, before=before)
        except TooManyTries as error:
            return _page(pages.sign_in(str(error), email), 429)
        except NotLetIn as error:
            return _page(pages.sign_in(str(error), email), 403)
        return self._let_in(request, token)

    def open_link(self, request: Request) -> Response:
        """Takes the token out of the address at once, so that it stays in no history and no later log."""
        answer = RedirectResponse("/set-up", 303, _PRIVATE)
        answer.set_cookie(_LINK, request.path_params["token"][:200], max_age=_LINK_WAITS, path="/set-up",
                          secure=is_encrypted(self._open().settings), httponly=True, samesite="lax")  # fmt: skip
        return answer

    def show_link(self, request: Request) -> Response:
        try:
            meant = sign_in_links.meant_by(self._open(), request.cookies.get(_LINK, ""))
        except NotLetIn as error:
            return _page(pages.spent(str(error)), 403)
        return _page(pages.set_up(meant.person))

    def set_up(self, request: Request, form: Form) -> Response:
        link, email, name = request.cookies.get(_LINK, ""), form.get("email", ""), form.get("name", "")
        passwords = form.get("password", ""), form.get("again", "")
        try:
            meant = sign_in_links.meant_by(self._open(), link)
            token = sign_in_links.set_up(self._open(), link, *passwords, email=email, name=name)
        except NotLetIn as error:
            return _page(pages.spent(str(error)), 403)
        except BeatlineError as error:
            return _page(pages.set_up(meant.person, str(error), email=email, name=name), 422)
        answer = self._let_in(request, token)
        answer.delete_cookie(_LINK, path="/set-up")
        return answer

    def _let_in(self, request: Request, token: str) -> Response:
        """On to where the person wanted to go, with a session that did not exist before."""
        settings = self._open().settings
        secure = is_encrypted(settings)
        answer = RedirectResponse(way_back(request.cookies.get(NEXT), self._paths), 303, _PRIVATE)
        answer.set_cookie(session_cookie(self._open()), token, max_age=int(settings.session_hours * 3600), path="/",
                          secure=secure, httponly=True, samesite="lax")  # fmt: skip
        forget(answer.headers, secure=secure)
        return answer


def _page(body: str, status: int = 200) -> Response:
    return HTMLResponse(body, status, _PRIVATE)


async def _form(request: Request, context: Context) -> Form | None:
    """The fields of a form of ours; None for one that comes from elsewhere or is too long."""
    host = request.headers.get("host")
    if urlsplit(request.headers.get("origin", "")).netloc not in own_hosts(context.settings, host):
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM:
            return None
    try:
        return {name: values[-1] for name, values in parse_qs(body.decode(), max_num_fields=20).items()}
    except ValueError:
        return None


def _machine(context: Context, request: Request) -> str:
    """The browser's address: what a trusted proxy saw, else the other end of the connection."""
    peer = request.client.host if request.client else ""
    seen = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return seen if seen and is_proxy(context.settings, peer) else peer

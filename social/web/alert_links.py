"""How every page behind a signed link begins: a bad link is answered before the database, or a body, is touched."""

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from social.alerts.links import Claim, Purpose, claim
from social.context import Context
from social.web.public_body import CLOSE, Form, read_form
from social.web.public_page import refused

Work = Callable[[Request, Context, Claim, Form | None], Response]
"""Request, context, what the link says, and the form of a POST (None for a GET) -> the page. Runs in a thread."""


def behind_link(open_: Callable[[], Context], purpose: Purpose, work: Work) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of a route with a `{token}` in its path."""

    async def endpoint(request: Request) -> Response:
        context = open_()
        said = claim(context, purpose, request.path_params["token"])
        if said is None:
            return refused(request, headers=CLOSE if request.method == "POST" else None)
        sent = await read_form(request) if request.method == "POST" else None
        return await run_in_threadpool(work, request, context, said, sent)

    return endpoint

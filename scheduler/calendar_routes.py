"""The address under which calendar programs ask for the plan. They sign in nowhere: the secret in it says who asks."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from scheduler.calendar_feed import calendar_of, feed_with
from social.context import Context
from social.database_trouble import DatabaseTrouble

PATH = "/feeds/{secret}/plan.ics"
_HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}


def calendar_routes(open_: Callable[[], Context]) -> list[Route]:
    """`/feeds/SECRET/plan.ics`: the plan as iCalendar; 404 for a secret that is unknown, ended, or whose person may not
    see the area any more, and no telling which."""

    def feed(request: Request) -> Response:
        context = open_()
        try:
            with context.database.read() as session:
                found = feed_with(context, session, request.path_params["secret"])
                if found is None:
                    return PlainTextResponse("There is no such calendar.", 404, headers=_HEADERS)
                body = calendar_of(session, found, context.clock.now(), context.settings.address)
        except DatabaseTrouble:
            return PlainTextResponse("Try again.", 503, headers=_HEADERS)
        return Response(body, media_type="text/calendar", headers=_HEADERS)

    return [Route(PATH, feed)]

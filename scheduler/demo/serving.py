"""The fictional force at work until somebody stops it: practice network, worker, app and residents' pages."""

import os
import threading
from collections.abc import Callable

from scheduler.demo.areas import practice_address
from scheduler.demo.week import free_port, plan_soon, settle_practice_address, with_public_pages
from social.context import Context
from social.settings import Settings
from social.web.processes import run_together
from social.web.terminal import when_up


def serve(settings: Settings, open_: Callable[[Settings], Context], child: Callable[..., list[str]]) -> int:
    """Start all four and say where to look.  child: the command line of a process of our own, from its settings and
    arguments.  Returns the exit code."""
    web_port = free_port(settings.web_port)
    settings = with_public_pages(settings, web_port)
    context = open_(settings)
    try:
        practice_port = settle_practice_address(context)
        plan_soon(context)
    finally:
        context.database.close()
    commands = {
        "practice network": child(settings, "practice", "--port", str(practice_port), "--quiet"),
        "worker": child(settings, "worker"),
        "app": child(settings, "app", "--port", str(settings.port), "--host", settings.host),
        "residents' pages": child(settings, "web", "--port", str(web_port)),
    }
    environment = {**os.environ, "BEATLINE_PUBLIC_ADDRESS": settings.public_address}
    if settings.source.get("police_data_address") == "default":
        environment["BEATLINE_POLICE_DATA_ADDRESS"] = practice_address(f"http://127.0.0.1:{practice_port}")
    stop = threading.Event()
    address = f"http://{settings.host}:{settings.port}"
    when_up(settings.host, settings.port, f"Woldershire Police is at work: {address}  (Ctrl-C stops it)", stop)
    try:
        return run_together(commands, environment=environment, stop=stop)
    finally:
        stop.set()

"""Gives the figures for Prometheus at an address of their own, for whoever asks for it in the settings.

A thread of the worker. Where several workers run on one machine the first has the port; all would tell the same."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from social.errors import BeatlineError, bare
from social.metrics import CONTENT_TYPE
from social.settings import Settings

_log = logging.getLogger("beatline.figures")


@contextmanager
def figures_served(settings: Settings, told: Callable[[], str]) -> Iterator[str | None]:
    """Serve while the block runs.  told: makes the page.  Yields the address; None when it is not asked for or the port
    is taken."""
    if not settings.metrics_port:
        yield None
        return
    try:
        server = _Server((settings.metrics_host, settings.metrics_port), _handler(told))
    except OSError as error:
        _log.warning("no figures are given here: port %s cannot be used (%s)", settings.metrics_port, error.strerror)
        yield None
        return
    thread = threading.Thread(target=server.serve_forever, name="figures", daemon=True)
    thread.start()
    try:
        yield f"http://{settings.metrics_host}:{server.server_address[1]}/metrics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True


def _handler(told: Callable[[], str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            if self.path.partition("?")[0] != "/metrics":
                self._answer(404, "text/plain", "The figures are at /metrics.\n")
                return
            try:
                page = told()
            except BeatlineError as error:
                self._answer(503, "text/plain; charset=utf-8", f"{error}\n")
            except Exception as error:
                _log.error("the figures could not be told", exc_info=bare(error))
                self._answer(500, "text/plain", "The figures could not be told. The log says why.\n")
            else:
                self._answer(200, CONTENT_TYPE, page)

        def _answer(self, status: int, kind: str, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Who asks, and how often, is nobody's business here."""

    return Handler

"""The HTTP side: reads a request into a `Call`, plays the faults that are set, and sends what the handlers answer.

Faults need the connection itself (to reset it, to break off an answer), so the server hands each request the
transport that it came in by."""

import asyncio
import json
import logging
import socket
import struct
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from social.practice.calls import Answer, Call, Upload
from social.practice.faults import NOTHING_DONE

PRACTICE_HEADER = {"X-Practice-Network": "yes"}
_log = logging.getLogger(__name__)
_TRANSPORT = "practice.transport"
_HANG_SECONDS = 600
_LATE_SECONDS = 1.0

Respond = Callable[[Call], Answer]
TakeFault = Callable[[Call], str | None]
SpoiledAnswer = Callable[[Call, str], Answer]


class ReachableProtocol(H11Protocol):
    """The usual HTTP protocol that also tells the application which connection a request came by."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its parent does
        super().connection_made(transport)
        application = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            await application({**scope, _TRANSPORT: transport}, receive, send)

        self.app = with_transport


def make_application(respond: Respond, take_fault: TakeFault, spoiled: SpoiledAnswer) -> ASGIApp:
    """The application.  respond: does what is asked.  take_fault: the fault for this request.  spoiled: the answer
    that the request's network gives for a fault that is an answer."""

    async def endpoint(request: Request) -> Response:
        call = await _read(request)
        fault = await run_in_threadpool(take_fault, call)
        if fault in NOTHING_DONE:
            if fault == "reset_before":
                return _Broken(request, b"", reset=True)
            if fault == "hang_before":
                return _Silent()
            return _response(spoiled(call, fault or ""))
        if fault == "late":
            return _Silent(lambda: respond(call))
        try:
            answer = await run_in_threadpool(respond, call)
        except Exception:
            _log.exception("the practice network failed at %s %s", call.method, call.path)
            answer = Answer(500, {"error": {"message": "The practice network itself failed.", "code": 1}})
        if fault is None:
            return _response(answer)
        whole = _response(answer)
        if fault == "reset_after":
            return _Broken(request, b"", reset=True)
        if fault == "hang_after":
            return _Silent()
        if fault == "cut_body":
            return _Broken(request, _head(whole) + bytes(whole.body)[: len(whole.body) // 2], reset=False)
        return _response(spoiled(call, fault))

    methods = ["GET", "POST", "PUT", "DELETE"]
    return Starlette(routes=[Route("/{path:path}", endpoint, methods=methods)])


async def _read(request: Request) -> Call:
    form: dict[str, str] = {}
    files: dict[str, Upload] = {}
    body: dict[str, Any] = {}
    kind = request.headers.get("content-type", "")
    if kind.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        async with request.form(max_files=20) as fields:
            for name, value in fields.multi_items():
                if isinstance(value, UploadFile):
                    files[name] = Upload(await value.read(), value.content_type or "application/octet-stream")
                else:
                    form[name] = value
    elif kind.startswith("application/json"):
        try:
            given = json.loads(await request.body() or b"{}")
        except ValueError:
            given = {}
        body = given if isinstance(given, dict) else {}
    headers = {name.lower(): value for name, value in request.headers.items()}
    base = f"{request.url.scheme}://{request.url.netloc}"
    return Call(request.method, request.url.path, dict(request.query_params), form, files, body, headers, base)


def _response(answer: Answer) -> Response:
    headers = {**PRACTICE_HEADER, **answer.headers}
    if answer.html:
        return Response(str(answer.body), answer.status, headers, "text/html; charset=utf-8")
    if isinstance(answer.body, bytes):
        return Response(answer.body, answer.status, headers, "application/json; charset=utf-8")
    content = json.dumps(answer.body, ensure_ascii=False).encode()
    return Response(content, answer.status, headers, "application/json; charset=utf-8")


def _head(response: Response) -> bytes:
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in response.raw_headers)
    return f"HTTP/1.1 {response.status_code} Practice\r\n".encode() + lines + b"\r\n"


class _Broken(Response):
    """Writes some bytes, or none, and ends the connection: politely, or by a reset as a crashed server's."""

    def __init__(self, request: Request, content: bytes, *, reset: bool) -> None:
        super().__init__(b"")
        self._transport: asyncio.Transport = request.scope[_TRANSPORT]
        self._content = content
        self._reset = reset

    async def __call__(self, _scope: Scope, _receive: Receive, _send: Send) -> None:
        if self._content:
            self._transport.write(self._content)
        if not self._reset:
            self._transport.close()
            return
        connection = self._transport.get_extra_info("socket")
        # Lingering for no time makes the system send RST in place of the orderly end.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()


class _Silent(Response):
    """Never answers; ends when the client gives up.  then: what is done nevertheless, a moment after that."""

    def __init__(self, then: Callable[[], object] | None = None) -> None:
        super().__init__(b"")
        self._then = then

    async def __call__(self, _scope: Scope, receive: Receive, _send: Send) -> None:
        async def gone() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass

        try:
            await asyncio.wait_for(gone(), _HANG_SECONDS)
        except TimeoutError:
            return
        if self._then is not None:
            await asyncio.sleep(_LATE_SECONDS)
            await run_in_threadpool(self._then)

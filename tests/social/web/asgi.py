"""One request against an ASGI application, without a server."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode

from starlette.types import ASGIApp


@dataclass(frozen=True)
class Answer:
    """cookies: what Set-Cookie says of each, by its name; several headers of one name are one in `headers`."""

    status: int
    headers: dict[str, str]
    text: str
    cookies: dict[str, str]

    def json(self) -> Any:
        return json.loads(self.text)


def get(app: ASGIApp, path: str, host: str = "127.0.0.1:8501", **headers: str) -> Answer:
    """The application's answer; the path as a browser would send it."""
    return ask(app, "GET", path, host=host, **headers)


def ask(
    app: ASGIApp, method: str, path: str, *, host: str = "127.0.0.1:8501", client: str = "127.0.0.1",
    form: dict[str, str] | None = None, body: bytes | None = None, **headers: str,
) -> Answer:  # fmt: skip
    """The answer to any request.  headers: by their names, with _ for -.  body: in place of a form."""
    content = urlencode(form or {}).encode() if body is None else body
    path, _, query = path.partition("?")
    given = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http", "method": method, "path": unquote(path), "raw_path": path.encode(),
        "query_string": query.encode(), "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "scheme": "http", "server": ("127.0.0.1", 8501), "root_path": "", "http_version": "1.1", "client": (client, 1),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    told_back = b"".join(message.get("body", b"") for message in sent)
    told = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    cookies = dict(value.split("=", 1) for name, value in told if name == "set-cookie")
    return Answer(sent[0]["status"], dict(told), told_back.decode("utf-8", "replace"), cookies)

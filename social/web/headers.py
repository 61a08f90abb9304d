"""Security headers on every answer, a strict Content-Security-Policy among them, and a shut door for the metrics.

A reply may carry an address of a picture: the policy is the net that keeps an officer's browser from fetching it."""

import base64
import hashlib
import re
from pathlib import Path

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")

PLAIN_HEADERS: tuple[tuple[str, str], ...] = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def script_hashes(page: str) -> tuple[str, ...]:
    """CSP sources for the inline scripts of an HTML page, in order; a changed script has another hash."""
    return tuple(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(page)
    )


def content_security_policy(hashes: tuple[str, ...], host: str | None) -> str:
    """The policy for one answer.

    host: the Host header, or None.  It is named because not every browser counts a web socket to the same host as
    'self'; one that is no host name is left out."""
    sockets = f" ws://{host} wss://{host}" if host and _HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self' blob:", *hashes)),
            "style-src 'self' 'unsafe-inline'",  # Streamlit's own styles are written into the page
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' data: blob:{sockets}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        )
    )


class SecurityHeaders:
    """ASGI middleware: adds the headers and answers 404 for `_stcore/metrics`, which is open to all by default.

    Plain ASGI, because Starlette's own base class would hold back streamed answers.  page: the HTML page that
    Streamlit serves, read once at start."""

    def __init__(self, app: ASGIApp, page: Path) -> None:
        self.app = app
        self._hashes = script_hashes(page.read_text(encoding="utf-8"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), None)
        headers = [*PLAIN_HEADERS, ("Content-Security-Policy", content_security_policy(self._hashes, host))]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", ()),
                    *((name.lower().encode(), value.encode()) for name, value in headers),
                ]
            await send(message)

        if "_stcore/metrics" in scope["path"]:
            await PlainTextResponse("Not found\n", status_code=404)(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)

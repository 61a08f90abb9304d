"""A provider of OpenID Connect on this machine, for tests: the code flow with PKCE, signed identity tokens, sign-out.

It asks nobody anything: whoever comes is the person that the test has chosen."""

import base64
import hashlib
import secrets
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bench.processes import free_port


@dataclass
class Provider:
    """claims: what it says of whoever comes, beside the usual.  asked: how many sign-ins were begun.
    left: addresses to which people went when they signed out."""

    address: str
    claims: dict[str, Any] = field(default_factory=dict)
    asked: int = 0
    left: list[str] = field(default_factory=list)
    _key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "t1", "use": "sig", "alg": "RS256"}))
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        return [
            Route("/.well-known/openid-configuration", self._configuration),
            Route("/authorize", self._authorize),
            Route("/token", self._token, methods=["POST"]),
            Route("/jwks", self._keys),
            Route("/logout", self._logout),
        ]

    def _configuration(self, _request: Request) -> Response:
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks",
                "end_session_endpoint": "logout"}  # fmt: skip
        return JSONResponse(
            {"issuer": self.address, **{name: f"{self.address}/{path}" for name, path in ends.items()},
             "response_types_supported": ["code"], "subject_types_supported": ["public"],
             "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"]}
        )  # fmt: skip

    def _authorize(self, request: Request) -> Response:
        self.asked += 1
        code = secrets.token_urlsafe(16)
        self._codes[code] = dict(request.query_params)
        back = urllib.parse.urlencode({"code": code, "state": request.query_params["state"]})
        return RedirectResponse(f"{request.query_params['redirect_uri']}?{back}")

    async def _token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        asked = self._codes.pop(form["code"])
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        now = int(time.time())
        said = {"iss": self.address, "aud": asked["client_id"], "iat": now, "exp": now + 300, "nonce": asked["nonce"],
                **self.claims}  # fmt: skip
        token = jwt.encode({"alg": "RS256", "kid": "t1"}, said, self._key)
        return JSONResponse({"access_token": "at", "token_type": "Bearer", "expires_in": 300, "id_token": token})

    def _keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    def _logout(self, request: Request) -> Response:
        self.left.append(request.query_params["post_logout_redirect_uri"])
        return RedirectResponse(self.left[-1])


@contextmanager
def serving() -> Iterator[Provider]:
    """The provider at work, in a thread of this process."""
    port = free_port()
    provider = Provider(f"http://127.0.0.1:{port}")
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=provider.routes()), host="127.0.0.1", port=port, log_level="error")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(20)

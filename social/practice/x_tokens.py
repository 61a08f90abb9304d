"""OAuth 2.0 as X gives it: an access token for two hours, and a refresh token for one use.

A refresh token that comes a second time is taken as stolen: everything that came from it ends, as RFC 9700, section
4.14.2, asks. Then only a person can connect the account anew."""

import base64
import json
import re
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from social.practice.calls import Answer, Call, Halt, Route, route
from social.practice.world import World
from social.practice.x_auth import unauthorized

LIFE_MS = 7200 * 1000
_STATE = "x.oauth2"


@dataclass
class Grant:
    """What the account has at this moment.  used: refresh tokens that were turned in.  refreshed: how often.
    reused: how often a used one came again, each of which ends everything."""

    client_id: str
    client_secret: str
    access_token: str
    refresh_token: str
    ends_ms: int
    used: list[str]
    refreshed: int = 0
    reused: int = 0
    revoked: bool = False


class XTokens:
    """The token endpoint, and who may come in with its tokens."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._store = world.store

    def routes(self) -> tuple[Route, ...]:
        return (route("POST", r"/2/oauth2/token", self.token, "token", "token"),)

    def grant(self) -> Grant:
        """What there is; made when somebody first asks."""
        one, two, three, four = (secrets.token_urlsafe(24) for _ in range(4))
        fresh = Grant(one, two, three, four, self._world.now_ms() + LIFE_MS, [])
        return Grant(**json.loads(self._store.get_or_make(_STATE, json.dumps(asdict(fresh)))))

    def credentials(self) -> dict[str, str]:
        """What `accounts add` asks for, as of now."""
        grant = self.grant()
        names = ("client_id", "client_secret", "access_token", "refresh_token")
        return {name: str(getattr(grant, name)) for name in names}

    def expire(self) -> None:
        """The access token ends now."""
        with self._store.writing():
            grant = self.grant()
            grant.ends_ms = self._world.now_ms()
            self._keep(grant)

    def reconnect(self) -> dict[str, str]:
        """What a person does who connects the account anew: other tokens, as `credentials` gives them."""
        with self._store.writing():
            grant = self.grant()
            grant.access_token, grant.refresh_token = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
            grant.ends_ms, grant.revoked = self._world.now_ms() + LIFE_MS, False
            self._keep(grant)
        return self.credentials()

    def require(self, token: str) -> None:
        """Raises Halt with X's 401 unless the token is the one of this moment."""
        grant = self.grant()
        good = secrets.compare_digest(token.encode(), grant.access_token.encode())
        if not good or grant.revoked or self._world.now_ms() >= grant.ends_ms:
            raise Halt(unauthorized())

    def token(self, call: Call, _: "re.Match[str]") -> Answer:
        with self._store.writing():
            grant = self.grant()
            self._require_client(call, grant)
            if call.form.get("grant_type") != "refresh_token":
                return _refused("unsupported_grant_type", "Only refresh_token is practised here.")
            given = call.form.get("refresh_token", "")
            if given in grant.used:
                grant.reused, grant.revoked = grant.reused + 1, True
                self._keep(grant)
            if grant.revoked or given != grant.refresh_token:
                return _refused("invalid_request", "Value passed for the token was invalid.")
            grant.used.append(given)
            grant.access_token, grant.refresh_token = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
            grant.ends_ms, grant.refreshed = self._world.now_ms() + LIFE_MS, grant.refreshed + 1
            self._keep(grant)
        body = {"token_type": "bearer", "expires_in": LIFE_MS // 1000, "access_token": grant.access_token,
                "refresh_token": grant.refresh_token, "scope": "tweet.read tweet.write users.read offline.access"}  # fmt: skip
        return Answer(200, body)

    def _require_client(self, call: Call, grant: Grant) -> None:
        scheme, _, given = call.headers.get("authorization", "").partition(" ")
        wanted = base64.b64encode(f"{grant.client_id}:{grant.client_secret}".encode())
        if scheme.lower() != "basic" or not secrets.compare_digest(given.strip().encode(), wanted):
            raise Halt(_refused("unauthorized_client", "Missing valid authorization header", 401))

    def _keep(self, grant: Grant) -> None:
        self._store.put(_STATE, json.dumps(asdict(grant)))


def _refused(error: str, description: str, status: int = 400) -> Answer:
    body: dict[str, Any] = {"error": error, "error_description": description}
    return Answer(status, body)

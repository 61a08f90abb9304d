"""Notify's keys and the tokens signed with them: JWT, HS256, no older and no newer than 30 seconds.

Checked by hand and against the machine's own clock, as the client signs them, whatever time it is in practice."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from social.practice.calls import Answer, Call, Halt
from social.practice.world import World

KEY_TYPES = ("live", "test")
_SECONDS = 30


@dataclass(frozen=True)
class Key:
    """type: live or test."""

    type: str
    secret: str


class Keys:
    """The service's number and its keys.  seconds: what time it is, in seconds since 1970."""

    def __init__(self, world: World, seconds: Callable[[], float] = time.time) -> None:
        self._store = world.store
        self.seconds = seconds
        self.service_id = world.store.get_or_make("notify.service", str(uuid.uuid4()))

    def secret(self, key_type: str) -> str:
        return self._store.get_or_make(f"notify.key.{key_type}", str(uuid.uuid4()))

    def api_key(self, key_type: str) -> str:
        """As Notify shows it once to the person who makes it."""
        return f"practice_{key_type}-{self.service_id}-{self.secret(key_type)}"

    def revoke(self, key_type: str) -> None:
        """The key is taken no more; `api_key` gives another."""
        self._store.put(f"notify.key.{key_type}", str(uuid.uuid4()))

    def required(self, call: Call) -> Key:
        """The key that signed the request.  Raises Halt with 401 or 403."""
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _refused("Unauthorized: authentication token must be provided", 401)
        claims, signed, signature = _parts(token.strip())
        if claims.get("iss") != self.service_id:
            raise _refused("Invalid token: service not found")
        for key_type in KEY_TYPES:
            key = Key(key_type, self.secret(key_type))
            right = hmac.new(key.secret.encode(), signed, hashlib.sha256).digest()
            if hmac.compare_digest(right, signature):
                self._require_fresh(claims)
                return key
        raise _refused("Invalid token: API key not found")

    def _require_fresh(self, claims: dict[str, Any]) -> None:
        made = claims.get("iat")
        if not isinstance(made, int) or abs(self.seconds() - made) > _SECONDS:
            raise _refused("Error: Your system clock must be accurate to within 30 seconds")


def _parts(token: str) -> tuple[dict[str, Any], bytes, bytes]:
    """(claims, what is signed, signature) of a token in HS256."""
    head, _, rest = token.partition(".")
    body, _, signature = rest.partition(".")
    try:
        header, claims = json.loads(_plain(head)), json.loads(_plain(body))
        signed = _plain(signature)
    except ValueError:
        raise _refused("Invalid token: make sure your API token matches the example") from None
    if not isinstance(header, dict) or header.get("alg") != "HS256" or not isinstance(claims, dict):
        raise _refused("Invalid token: algorithm used is not HS256")
    return claims, f"{head}.{body}".encode(), signed


def _plain(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _refused(message: str, status: int = 403) -> Halt:
    return Halt(Answer(status, {"status_code": status, "errors": [{"error": "AuthError", "message": message}]}))

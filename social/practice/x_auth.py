"""OAuth 1.0a as X checks it: the keys must be known and the HMAC-SHA1 signature must fit (RFC 5849, section 3.4).

A client may sign for X's own host although the request comes here, so each host that it may have meant is tried."""

import base64
import hashlib
import hmac
from urllib.parse import quote, unquote

from social.practice.calls import Answer, Call, Halt

_HOSTS = ("https://api.twitter.com", "https://api.x.com")


def unauthorized() -> Answer:
    body = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
    return Answer(401, body)


def require_user(call: Call, credentials: dict[str, str]) -> None:
    """Raises Halt with X's 401 when the request does not come from the account's own credentials."""
    given = _oauth_fields(call.headers.get("authorization", ""))
    known = (
        given.get("oauth_consumer_key") == credentials["consumer_key"]
        and given.get("oauth_token") == credentials["access_token"]
        and given.get("oauth_signature_method") == "HMAC-SHA1"
    )
    if not known or not any(
        hmac.compare_digest(given.get("oauth_signature", ""), _signature(call, host, given, credentials))
        for host in (*_HOSTS, call.base)
    ):
        raise Halt(unauthorized())


def _oauth_fields(header: str) -> dict[str, str]:
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "oauth":
        return {}
    pairs = (part.strip().partition("=") for part in rest.split(","))
    return {unquote(name): unquote(value.strip('"')) for name, _, value in pairs}


def _signature(call: Call, host: str, given: dict[str, str], credentials: dict[str, str]) -> str:
    fields = [(name, value) for name, value in given.items() if name not in ("oauth_signature", "realm")]
    fields += list(call.query.items())
    if call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        fields += list(call.form.items())
    encoded = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in fields)
    listed = "&".join(f"{name}={value}" for name, value in encoded)
    base = "&".join(quote(part, safe="~") for part in (call.method, host + quote(call.path, safe="/~"), listed))
    key = "&".join(quote(credentials[name], safe="~") for name in ("consumer_secret", "access_token_secret"))
    return base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()

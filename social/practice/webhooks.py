"""The practice Page's deliveries: what residents wrote, as Facebook tells of it by itself, signed with the app's secret.

As Facebook's they hold more than anybody needs: the writer's name and number, and the words."""

import hashlib
import hmac
import json
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import requests

from social.errors import InputError
from social.loopback import is_loopback
from social.practice.network import PracticeNetwork
from social.practice.profiles import profile_of

AT_ONCE = 50
"""Changes in a body at the most."""


def bodies_since(network: PracticeNetwork, since: datetime) -> list[bytes]:
    """What was said under the Page's posts after that moment, as bodies ready to be signed and sent."""
    said = [one for one in network.said() if one["network"] == "facebook" and not one["gone"]]
    fresh = [one for one in said if datetime.fromisoformat(one["said_at"]) > since]
    return [body_of(network.page_id, fresh[start : start + AT_ONCE]) for start in range(0, len(fresh), AT_ONCE)]


def body_of(page_id: str, said: Sequence[dict[str, Any]], verb: str = "add") -> bytes:
    """One delivery.  said: as `PracticeNetwork.said` tells them."""
    changes = [{"field": "feed", "value": _value(one, verb)} for one in said]
    entry = {"id": page_id, "time": _seconds(said[-1]["said_at"]), "changes": changes}
    return json.dumps({"object": "page", "entry": [entry]}, ensure_ascii=False).encode()


def _value(one: dict[str, Any], verb: str) -> dict[str, Any]:
    number = int(hashlib.sha256(one["platform_id"].encode()).hexdigest()[:12], 16)
    return {
        "item": "comment", "verb": verb, "comment_id": one["platform_id"], "post_id": one["under"],
        "parent_id": one["parent"], "created_time": _seconds(one["said_at"]), "message": one["text"],
        "from": {"id": str(10**14 + number), "name": profile_of(str(number))["name"]},
    }  # fmt: skip


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def signature(secret: str, body: bytes) -> dict[str, str]:
    """The header that goes with a body."""
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def start_deliveries(network: PracticeNetwork, address: str, secret: str) -> threading.Event:
    """Tell that address of everything that is said from now on, in a thread, until the event that is returned is set.

    What it does not take is not repeated.  Raises InputError for an address that is not on this machine, or no secret."""
    if not is_loopback(address):
        raise InputError(
            "The practice network delivers to this machine only, such as http://127.0.0.1:8502/hooks/facebook."
        )
    if not secret:
        raise InputError(
            "Deliveries are signed: set BEATLINE_FACEBOOK_APP_SECRET to any word, here and for `beatline web`."
        )
    stop = threading.Event()
    threading.Thread(target=_deliver, args=(network, address, secret, stop), name="deliveries", daemon=True).start()
    return stop


def _deliver(network: PracticeNetwork, address: str, secret: str, stop: threading.Event) -> None:
    told_to = network.world.clock.now()
    with requests.Session() as session:
        session.trust_env = False
        while not stop.wait(1):
            now = network.world.clock.now()
            for body in bodies_since(network, told_to):
                try:
                    session.post(address, data=body, headers=signature(secret, body), timeout=5, allow_redirects=False)
                except requests.RequestException:
                    continue
            told_to = now

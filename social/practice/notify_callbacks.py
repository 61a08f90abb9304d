"""Notify's deliveries to the service's own address: receipts and texts that came in, each with its bearer token.

What is not taken comes again five minutes later, five times; what is refused for good does not."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from social.errors import InputError
from social.loopback import is_loopback
from social.practice.notify import Notify
from social.practice.notify_shapes import receipt_json, text_delivered_json
from social.practice.notify_store import DueCall
from social.practice.world import World

WAIT_SECONDS = 5
AGAIN_MS = 300_000
MOST_TRIES = 5


@dataclass
class Callbacks:
    """Delivers what is owed.  world, notify: of the practice network."""

    world: World
    notify: Notify

    def deliver_to(self, address: str, token: str, what: str = "receipt") -> None:
        """From now on what happens is told to that address.  what: receipt or text.

        Raises InputError for an address that is not on this machine, or no token."""
        if not is_loopback(address):
            raise InputError(
                "The practice Notify delivers to this machine only, such as http://127.0.0.1:8502/hooks/notify."
            )
        if not token:
            raise InputError("Deliveries carry a bearer token: give the account's notify_callback_token.")
        self.world.store.put(f"notify.{what}_token", token)
        self.world.store.put(f"notify.{what}_address", address)

    def run_due(self) -> list[int]:
        """Make every request that is due.  Returns the statuses, 0 where there was no answer."""
        statuses = []
        for call in self.notify.store.owed(self.world.now_ms()):
            body = self._body(call)
            status = self._post(call.what, body) if body is not None else 404
            repeats = (status == 0 or status == 429 or status >= 500) and call.tries < MOST_TRIES
            self.notify.store.call_made(call, self.world.now_ms() + AGAIN_MS if repeats else None)
            statuses.append(status)
        return statuses

    def start(self) -> threading.Event:
        """Do that every half second, in a thread, until the event that is returned is set."""
        stop = threading.Event()

        def run() -> None:
            while not stop.wait(0.5):
                self.run_due()

        threading.Thread(target=run, name="notify-callbacks", daemon=True).start()
        return stop

    def _body(self, call: DueCall) -> Mapping[str, Any] | None:
        if call.what == "text":
            text = self.notify.store.text_in(call.about)
            return None if text is None else text_delivered_json(text)
        one = self.notify.store.one(call.about)
        if one is None:
            return None
        return receipt_json(one, self.world.now_ms(), self.notify.templates[one.type])

    def _post(self, what: str, body: Mapping[str, Any]) -> int:
        address, token = self.world.store.get(f"notify.{what}_address"), self.world.store.get(f"notify.{what}_token")
        if not address:
            return 404
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.post(
                    address, data=json.dumps(body), headers=headers, timeout=WAIT_SECONDS, allow_redirects=False
                )
        except requests.RequestException:
            return 0
        return answer.status_code

"""GOV.UK Notify as its documentation tells it: e-mail and texts, looked up by reference, and what becomes of them.

Two templates, as a service makes them that writes its own words: e-mail with ((subject)) and ((body)), text with
((body)). What it takes reaches nobody. It does what is easily got wrong: a reference sends as often as it comes, what
went to a smoke-test recipient is not to be found afterwards, and a look-up sees only its own kind of key."""

import re
import threading
import uuid
from collections.abc import Mapping
from typing import Any

from social.practice.calls import Answer, Call, Route, route
from social.practice.notify_keys import Key, Keys
from social.practice.notify_recipients import SIMULATED, number_of, outcome_of, require_address, require_number
from social.practice.notify_shapes import (
    bad_request,
    created,
    invalid,
    not_found,
    notification_json,
    page_of,
    text_json,
    too_many,
    without_links,
)
from social.practice.notify_store import Notification, NotifyStore, TextIn
from social.practice.world import World

A_MINUTE = 3000
A_DAY = 250_000
PAGE = 250
MOST_BYTES = 2_000_000
MOST_CHARACTERS = 918
MOST_REFERENCE = 1000
STATUSES = (
    "created", "sending", "sent", "delivered", "pending", "permanent-failure", "temporary-failure", "technical-failure",
)  # fmt: skip
_FAILED = {"failed": ("permanent-failure", "temporary-failure", "technical-failure")}
_KNOWN = {
    "email": {"email_address", "template_id", "personalisation", "reference", "email_reply_to_id", "scheduled_for",
              "one_click_unsubscribe_url", "sanitise_content_for"},
    "sms": {"phone_number", "template_id", "personalisation", "reference", "sms_sender_id", "scheduled_for"},
}  # fmt: skip
_PLACES = {"email": ("subject", "body"), "sms": ("body",)}


class Notify:
    """One service.  a_day: notifications of each type and key type in a day, 50 for one that is not live yet."""

    def __init__(self, world: World, a_day: int = A_DAY) -> None:
        self._world = world
        self.store = NotifyStore(world.store)
        self.keys = Keys(world)
        self.a_day = a_day
        self._lock = threading.Lock()
        self._minute: dict[str, tuple[int, int]] = {}
        self.templates = {kind: world.store.get_or_make(f"notify.{kind}", str(uuid.uuid4())) for kind in _PLACES}

    def routes(self) -> tuple[Route, ...]:
        """Where it answers, once the key is known."""
        return (
            route("POST", r"/v2/notifications/(?P<type>email|sms)", self.send, "publish"),
            route("GET", r"/v2/notifications/(?P<id>[^/]+)", self.look, "find"),
            route("GET", r"/v2/notifications", self.look_through, "find"),
            route("GET", r"/v2/received-text-messages", self.texts, "listen"),
            route("GET", r"/v2/template/(?P<id>[^/]+)", self.template, "verify"),
            route("GET", r"/v2/templates", self.all_templates, "verify"),
        )

    def credentials(self) -> dict[str, str]:
        """What the account of an alert service is made of, its address among them."""
        return {
            "from_address": "alerts@woldershire.example",
            "notify_api_key": self.keys.api_key("live"),
            "notify_email_template": self.templates["email"],
            "notify_text_template": self.templates["sms"],
            "notify_callback_token": self._world.store.secret("notify.callback_token"),
        }

    def settle(self, notification_id: str, outcome: str) -> None:
        """It ends like this, now, and a receipt is owed where receipts are delivered."""
        now_ms = self._world.now_ms()
        self.store.settle(notification_id, outcome, now_ms)
        self._owe("receipt", notification_id, now_ms)

    def text_came(self, source: str, words: str) -> TextIn:
        """Somebody sent the service a text."""
        now_ms = self._world.now_ms()
        one = self.store.hear(number_of(source) or source, words, now_ms)
        self._owe("text", one.id, now_ms)
        return one

    def send(self, call: Call, match: "re.Match[str]") -> Answer:
        """Take one notification."""
        key, kind = self._allowed(call), match["type"]
        given, where = call.body, "email_address" if kind == "email" else "phone_number"
        _require_shape(given, kind, where)
        recipient = require_address(str(given[where])) if kind == "email" else require_number(str(given[where]))
        if given["template_id"] != self.templates[kind]:
            raise bad_request("Template not found")
        words, sanitised = _filled(given, kind)
        if kind == "sms" and len(words["body"]) > MOST_CHARACTERS:
            raise bad_request(
                f"Your message is too long. Text messages cannot be longer than {MOST_CHARACTERS} characters"
            )
        if kind == "email" and (size := len(words["body"].encode())) > MOST_BYTES:
            raise bad_request(f"Emails cannot be longer than {MOST_BYTES} bytes. Your message is {size} bytes.")
        now_ms, reference = self._world.now_ms(), given.get("reference")
        if recipient in SIMULATED:
            return Answer(201, created(call.base, str(uuid.uuid4()), kind, reference, words, self.templates, sanitised))
        with self._lock:
            if self.store.taken_today(key.type, kind, now_ms) >= self.a_day:
                raise too_many("TooManyRequestsError", f"Exceeded send limits ({kind}: {self.a_day}) for today")
            one = self.store.take(
                key.type, kind, recipient, outcome_of(recipient), now_ms, reference=reference,
                subject=words.get("subject"), body=words["body"], unsubscribe=given.get("one_click_unsubscribe_url"),
            )  # fmt: skip
        self._owe("receipt", one.id, one.ends_ms)
        return Answer(201, created(call.base, one.id, kind, reference, words, self.templates, sanitised))

    def look(self, call: Call, match: "re.Match[str]") -> Answer:
        """One notification, whatever kind of key sent it."""
        self._allowed(call)
        one = self.store.one(_uuid(match["id"], "notification_id"))
        if one is None:
            raise not_found()
        return Answer(200, self._json(call, one))

    def look_through(self, call: Call, _: "re.Match[str]") -> Answer:
        """A page of notifications of this kind of key, newest first."""
        key, query = self._allowed(call), dict(call.query)
        unknown = set(query) - {"template_type", "status", "reference", "older_than", "include_jobs"}
        if unknown:
            raise invalid(f"Additional properties are not allowed ({sorted(unknown)[0]} was unexpected)")
        wanted, kind, older = query.get("status"), query.get("template_type"), query.get("older_than")
        if wanted is not None and wanted not in (*STATUSES, *_FAILED):
            raise invalid(f"status {wanted} is not one of [{', '.join(STATUSES)}]")
        if kind is not None and kind not in ("email", "sms", "letter"):
            raise invalid(f"template_type {kind} is not one of [sms, email, letter]")
        if older is not None:
            _uuid(older, "older_than")
        now_ms = self._world.now_ms()
        found = self.store.listed(
            now_ms, key_type=key.type, kind=kind, reference=query.get("reference"), older_than=older,
            limit=PAGE if wanted is None else -1,
        )  # fmt: skip
        states = _FAILED.get(wanted or "", (wanted,))
        shown = [one for one in found if wanted is None or one.status(now_ms) in states][:PAGE]
        items = [self._json(call, one) for one in shown]
        return Answer(200, page_of(call, "notifications", items, query))

    def texts(self, call: Call, _: "re.Match[str]") -> Answer:
        """A page of the texts that came in, newest first."""
        self._allowed(call)
        older = call.query.get("older_than")
        if older is not None:
            _uuid(older, "older_than")
        found = self.store.heard(self._world.now_ms(), older, PAGE)
        return Answer(200, page_of(call, "received_text_messages", [text_json(one) for one in found], {}))

    def template(self, call: Call, match: "re.Match[str]") -> Answer:
        self._allowed(call)
        kind = next((kind for kind, known in self.templates.items() if known == match["id"]), None)
        if kind is None:
            raise not_found()
        return Answer(200, self._template_json(kind))

    def all_templates(self, call: Call, _: "re.Match[str]") -> Answer:
        self._allowed(call)
        wanted = call.query.get("type")
        kinds = [kind for kind in self.templates if wanted in (None, kind)]
        return Answer(200, {"templates": [self._template_json(kind) for kind in kinds]})

    def _template_json(self, kind: str) -> dict[str, Any]:
        return {
            "id": self.templates[kind], "name": "Beatline", "type": kind, "version": 1, "body": "((body))",
            "subject": "((subject))" if kind == "email" else None, "letter_contact_block": None,
            "created_at": "2026-01-05T09:00:00.000000Z", "updated_at": None, "created_by": "practice@woldershire.example",
            "personalisation": {place: {"required": True} for place in _PLACES[kind]}, "postage": None,
        }  # fmt: skip

    def _json(self, call: Call, one: Notification) -> dict[str, Any]:
        return notification_json(call.base, one, self._world.now_ms(), self.templates)

    def _allowed(self, call: Call) -> Key:
        """The key of the request, counted against its minute.  Raises Halt with 401, 403 or 429."""
        key = self.keys.required(call)
        minute, limit = self._world.now_ms() // 60_000, int(A_MINUTE * self._world.windows.scale)
        with self._lock:
            at, used = self._minute.get(key.type, (minute, 0))
            used = used + 1 if at == minute else 1
            self._minute[key.type] = (minute, used)
        if used > limit:
            message = f"Exceeded rate limit for key type {key.type.upper()} of {limit} requests per 60 seconds"
            raise too_many("RateLimitError", message)
        return key

    def _owe(self, what: str, about: str, due_ms: int) -> None:
        if self._world.store.get(f"notify.{what}_address"):
            self.store.owe(what, about, due_ms)


def _require_shape(given: Mapping[str, Any], kind: str, where: str) -> None:
    """Raises Halt with a ValidationError for what Notify's schema does not take."""
    for name in (where, "template_id"):
        if name not in given:
            raise invalid(f"{name} is a required property")
    for name in sorted(set(given) - _KNOWN[kind]):
        raise invalid(f"Additional properties are not allowed ({name} was unexpected)")
    for name in (where, "template_id", "reference", "one_click_unsubscribe_url"):
        if name in given and not isinstance(given[name], str):
            raise invalid(f"{name} {given[name]} is not of type string")
    _uuid(given["template_id"], "template_id")
    if len(given.get("reference", "")) > MOST_REFERENCE:
        raise invalid("reference is too long")
    if not isinstance(given.get("personalisation", {}), dict):
        raise invalid("personalisation is not of type object")
    if not given.get("one_click_unsubscribe_url", "https://").startswith("https://"):
        raise invalid("one_click_unsubscribe_url is not a valid https url")
    for name in ("email_reply_to_id", "sms_sender_id"):
        if name in given:
            raise bad_request(f"{name} {given[name]} does not exist in database for service id")


def _filled(given: Mapping[str, Any], kind: str) -> tuple[dict[str, str], dict[str, Any]]:
    """(the template's parts with their words, what was sanitised).  Raises Halt when a placeholder has none."""
    words = {name: str(value) for name, value in given.get("personalisation", {}).items()}
    missing = [place for place in _PLACES[kind] if place not in words]
    if missing:
        raise bad_request(f"Missing personalisation: {', '.join(missing)}")
    sanitised = {
        name: {"unsanitised": words[name], "sanitised": without_links(words[name])}
        for name in given.get("sanitise_content_for") or ()
        if name in words
    }
    words |= {name: both["sanitised"] for name, both in sanitised.items()}
    return {place: words[place] for place in _PLACES[kind]}, sanitised


def _uuid(text: str, name: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise invalid(f"{name} is not a valid UUID") from None

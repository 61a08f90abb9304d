"""Notify's answers and errors, field for field as its schemas have them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from social.practice.calls import Answer, Call, Halt
from social.practice.notify_store import Notification, TextIn, stamp

FROM_NUMBER = "Woldershire"
FROM_EMAIL = "woldershire.police@notifications.service.gov.uk"
OUR_NUMBER = "447700900876"
_LETTER_FIELDS = ("line_1", "line_2", "line_3", "line_4", "line_5", "line_6", "postcode", "postage")


def error(status: int, name: str, message: str) -> Answer:
    """The one shape of all errors."""
    return Answer(status, {"status_code": status, "errors": [{"error": name, "message": message}]})


def invalid(message: str) -> Halt:
    return Halt(error(400, "ValidationError", message))


def bad_request(message: str) -> Halt:
    return Halt(error(400, "BadRequestError", message))


def not_found() -> Halt:
    return Halt(error(404, "NoResultFound", "No result found"))


def too_many(name: str, message: str) -> Halt:
    return Halt(error(429, name, message))


def spoiled(fault: str) -> Answer:
    """What it answers for a fault that is an answer (`faults`)."""
    if fault == "401":
        return error(403, "AuthError", "Invalid token: API key not found")
    if fault == "not_allowed":
        words = "Can’t send to this recipient when service is in trial mode – see https://www.notifications.service.gov.uk/trial-mode"
        return error(400, "BadRequestError", words)
    if fault == "429":
        return error(429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds")
    return error(500, "Exception", "Internal server error")


def created(
    base: str, notification_id: str, kind: str, reference: str | None, words: Mapping[str, str],
    templates: Mapping[str, str], sanitised: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """The answer to a notification that was taken."""
    sender = {"from_number": FROM_NUMBER} if kind == "sms" else {"from_email": FROM_EMAIL}
    answer: dict[str, Any] = {
        "id": notification_id,
        "reference": reference,
        "content": {**words, **sender},
        "uri": f"{base}/v2/notifications/{notification_id}",
        "template": _template(base, templates[kind]),
        "scheduled_for": None,
    }
    if kind == "email":
        answer["sanitised_content"] = dict(sanitised)
    return answer


def notification_json(base: str, one: Notification, now_ms: int, templates: Mapping[str, str]) -> dict[str, Any]:
    """A notification as it is found again."""
    status = one.status(now_ms)
    over = now_ms >= one.ends_ms
    return {
        "id": one.id,
        "reference": one.reference,
        "email_address": one.recipient if one.type == "email" else None,
        "phone_number": one.recipient if one.type == "sms" else None,
        **dict.fromkeys(_LETTER_FIELDS),
        "type": one.type,
        "status": status,
        "template": _template(base, templates[one.type]),
        "body": one.body,
        "subject": one.subject,
        "created_at": stamp(one.created_ms),
        "created_by_name": None,
        "sent_at": None if status in ("created", "technical-failure") else stamp(one.created_ms + 500),
        "completed_at": stamp(one.ends_ms) if over else None,
        "scheduled_for": None,
        "one_click_unsubscribe_url": one.unsubscribe,
    }


def receipt_json(one: Notification, now_ms: int, template_id: str) -> dict[str, Any]:
    """What is delivered to the service's own address."""
    return {
        "id": one.id,
        "reference": one.reference,
        "to": one.recipient,
        "status": one.status(now_ms),
        "created_at": stamp(one.created_ms),
        "completed_at": stamp(one.ends_ms),
        "sent_at": stamp(one.created_ms + 500),
        "notification_type": one.type,
        "template_id": template_id,
        "template_version": 1,
    }


def text_json(one: TextIn) -> dict[str, Any]:
    """A text that came in, as it is found."""
    return {
        "id": one.id,
        "user_number": one.source,
        "notify_number": OUR_NUMBER,
        "service_id": None,
        "content": one.words,
        "created_at": stamp(one.received_ms),
    }


def text_delivered_json(one: TextIn) -> dict[str, Any]:
    """A text that came in, as it is delivered to the service's own address."""
    return {
        "id": one.id,
        "source_number": one.source,
        "destination_number": OUR_NUMBER,
        "message": one.words,
        "date_received": stamp(one.received_ms),
    }


def page_of(call: Call, name: str, items: Sequence[Mapping[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
    """A page with its links; the next one is named as long as there is anything on this."""
    here = f"{call.base}{call.path}"
    links = {"current": here + (f"?{urlencode(query)}" if query else "")}
    if items:
        links["next"] = f"{here}?{urlencode({**query, 'older_than': items[-1]['id']})}"
    return {name: list(items), "links": links}


def without_links(text: str) -> str:
    """As Notify sanitises a placeholder: addresses are gone, and marks of Markdown are only characters."""
    text = re.sub(r"https?://[^\s)\]]+", "", text)
    return re.sub(r"([\\\[\]()*_#^`~|>])", r"\\\1", text)


def _template(base: str, template_id: str) -> dict[str, Any]:
    return {"id": template_id, "version": 1, "uri": f"{base}/v2/template/{template_id}"}

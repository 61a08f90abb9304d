"""What a draft holds of the page's fields, as JSON can hold it, and back. No Streamlit here."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

_DAYS = frozenset({"w_day", "w_image_review_by"})
_TIMES = frozenset({"w_time"})
_NOT_FIELDS = (
    "w_draft",
    "w_picture",
    "w_send",
    "w_save",
    "w_reload",
    "w_empty",
    "w_problem",
    "w_use_",
    "w_slot_",
    "w_other",
)
_WORDS = ("w_text", "w_link", "w_alt", "w_stored", "w_alert_subject")


def draft_values(state: Mapping[Any, Any]) -> dict[str, Any]:
    """The fields among the session's values; buttons and what is uploaded are none."""
    found = {}
    for key, value in state.items():
        name = str(key)
        if not name.startswith("w_") or name.startswith(_NOT_FIELDS):
            continue
        if isinstance(value, date | time):
            value = value.isoformat()
        if isinstance(value, tuple):
            value = list(value)
        if value is None or isinstance(value, str | int | float | list):
            found[name] = value
    return found


def fields_from(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that the fields are given again; what cannot be read is left out."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        if not key.startswith("w_") or key.startswith(_NOT_FIELDS):
            continue
        try:
            if key in _DAYS and value:
                value = date.fromisoformat(str(value))
            elif key in _TIMES and value:
                value = time.fromisoformat(str(value))
        except ValueError:
            continue
        found[key] = tuple(value) if key == "w_opened" and isinstance(value, list) else value
    return found


def has_words(values: Mapping[str, Any]) -> bool:
    """Whether there is anything in the fields that would be missed."""
    return any(str(value or "").strip() for key, value in values.items() if key in _WORDS or key.startswith("w_text_"))

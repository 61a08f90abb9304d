"""What changed, as people read it: the two JSON cells of a row of the record in one sentence. The file keeps them as they
are, since it is compared with the record."""

import json
from datetime import datetime
from typing import Any

from social.words import STATES, say_moment

_NAMES = {
    "due_at": "Time", "over_at": "Over", "ends_at": "Ends", "review_by": "Review by", "how": "Told by e-mail",
    "open_link": "Open link", "posts": "Posts a month", "reads": "Reads a month", "pence": "Pence a month",
    "kept": "Per cent kept for posts", "needs": "Approval by", "body": "Words and pictures",
}  # fmt: skip
"""What the fields are called where their own name says too little."""
_VALUES = {"at_once": "at once", "daily": "a daily note", "none": "none"}


def what_changed(before: str, after: str) -> str:
    """'Role: author, now supervisor. Active: yes, now no.'  before, after: JSON objects or '', as the record has them.

    A field that only one of them has is said as it is; what both say alike is left out."""
    was, now = _fields(before), _fields(after)
    said = []
    for name in dict.fromkeys([*was, *now]):
        if name in was and name in now:
            if was[name] != now[name]:
                said.append(f"{_name(name)}: {_value(was[name])}, now {_value(now[name])}")
        elif name in now:
            said.append(f"{_name(name)}: {_value(now[name])}")
        else:
            said.append(f"{_name(name)} was {_value(was[name])}")
    return ". ".join(said) + ("." if said else "")


def _fields(cell: str) -> dict[str, Any]:
    """The cell's fields; one that is no object, such as of a record that somebody spoiled, is shown whole."""
    try:
        found = json.loads(cell) if cell else {}
    except ValueError:
        found = cell
    return found if isinstance(found, dict) else {"value": found}


def _name(name: str) -> str:
    return _NAMES.get(name, name.replace("_", " ").capitalize())


def _value(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{_name(name).lower()} {_value(one)}" for name, one in value.items())
    if not isinstance(value, str):
        return f"{value:,}" if isinstance(value, int) else str(value)
    if value.startswith("digest:"):  # so that a version can be told from others, and its words stay out of the record
        return "kept as a fingerprint"
    if value in STATES:
        return STATES[value].lower()
    return _VALUES.get(value) or _moment(value) or value.replace("_", " ")


def _moment(text: str) -> str | None:
    """The moment in words, where it is one."""
    if len(text) < len("2026-01-01T00:00") or text[10] != "T":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return say_moment(moment) if moment.tzinfo is not None else None

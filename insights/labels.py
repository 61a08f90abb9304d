"""Names for people of the groups that figures are shown by."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from social.accounts import Account
from social.places import Place
from social.publications import Publication
from social.sorting import CONTENT_TYPE_LABELS

CHANNEL_LABELS = {
    "x": "X",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "alert": "Alert service",
    "smart_alert": "Alerts",
    "memory": "Memory (for tests)",
}

LABEL_LENGTH = 60
"""Characters of a post's words that name it in a table."""


def content_type_label(key: str) -> str:
    """The content type's name; a key that nobody described is shown in plain letters."""
    return CONTENT_TYPE_LABELS.get(key) or key.replace("_", " ").capitalize() or "Not sorted"


def label_groups(session: Session, by: str, keys: Sequence[Any]) -> dict[Any, str]:
    """A label for each key of a grouping of `insights.figures`."""
    if by == "content_type":
        return {key: content_type_label(key) for key in keys}
    if by == "week":
        return {key: _week_label(key) for key in keys}
    if by == "channel":
        return {key: CHANNEL_LABELS.get(key, key.capitalize()) for key in keys}
    if by == "campaign":
        return {key: (key or "").replace("_", " ").capitalize() or "No campaign" for key in keys}
    if by == "account":
        return _names(session, Account.id, Account.name, keys, "Unknown account")
    if by == "post":
        texts = _names(session, Publication.id, Publication.text, keys, "Unknown post")
        return {key: _beginning(text) for key, text in texts.items()}
    return _names(session, Place.id, Place.name, keys, "No neighbourhood")


def _beginning(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LABEL_LENGTH else f"{words[:LABEL_LENGTH].rsplit(' ', 1)[0]} ..."


def _week_label(monday: date) -> str:
    return f"Week of {monday.day} {monday:%B %Y}"


def _names(session: Session, id_column: Any, name_column: Any, keys: Sequence[Any], absent: str) -> dict[Any, str]:
    query = select(id_column, name_column).where(col(id_column).in_([key for key in keys if key is not None]))
    names = {row[0]: row[1] for row in session.connection().execute(query)}
    return {key: names.get(key, absent) for key in keys}

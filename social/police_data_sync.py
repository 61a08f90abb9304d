"""Brings the priorities and events of an area to what data.police.uk says of them now, and keeps what was: a priority that
is no longer listed has ended, an event that vanished before its time was taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from social.local_events import LocalEvent
from social.places import same_name
from social.police_data_areas import SOURCE
from social.police_data_shapes import ReadEvent, ReadPriority
from social.priorities import Priority


@dataclass(frozen=True)
class Sync:
    """How many were added, changed, ended (or taken back), and stayed as they were."""

    added: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0

    @property
    def changes(self) -> int:
        return self.added + self.changed + self.ended


def sync_priorities(session: Session, now: datetime, place_id: int, read: Sequence[ReadPriority]) -> Sync:
    """What people entered themselves is left alone."""
    there = list(
        session.exec(
            select(Priority).where(Priority.place_id == place_id, Priority.source == SOURCE).order_by(col(Priority.id))
        )
    )
    added = changed = unchanged = 0
    for one in read:
        # The day tells apart two that were raised with the same words in different years.
        found = next((p for p in there if _same(p.issue, one.issue) and p.issued_on == one.issued_on), None)
        if found is None:
            session.add(Priority(place_id=place_id, source=SOURCE, seen_at=now, issue=one.issue, action=one.action,
                                 issued_on=one.issued_on, acted_on=one.acted_on))  # fmt: skip
            added += 1
            continue
        there.remove(found)
        same = (found.issue, found.action, found.acted_on, found.ended_at) == (
            one.issue,
            one.action,
            one.acted_on,
            None,
        )
        found.issue, found.action, found.acted_on, found.ended_at = one.issue, one.action, one.acted_on, None
        found.seen_at = now
        session.add(found)
        unchanged, changed = unchanged + same, changed + (not same)
    gone = [one for one in there if one.ended_at is None]
    for old in gone:
        old.ended_at = now
        session.add(old)
    return Sync(added, changed, len(gone), unchanged)


def sync_events(session: Session, now: datetime, place_id: int, read: Sequence[ReadEvent]) -> Sync:
    """Past events stay: they are part of what was done."""
    there = list(session.exec(select(LocalEvent).where(LocalEvent.place_id == place_id, LocalEvent.source == SOURCE)))
    added = changed = unchanged = 0
    for one in read:
        found = next((e for e in there if _same(e.title, one.title) and e.starts_at == one.starts_at), None)
        values: dict[str, Any] = {"title": one.title, "kind": one.kind, "description": one.description, "address": one.address,
                  "starts_at": one.starts_at, "ends_at": one.ends_at, "cancelled_at": None}  # fmt: skip
        if found is None:
            session.add(LocalEvent(place_id=place_id, source=SOURCE, seen_at=now, **values))
            added += 1
            continue
        there.remove(found)
        same = all(getattr(found, name) == value for name, value in values.items())
        found.sqlmodel_update({**values, "seen_at": now})
        session.add(found)
        unchanged, changed = unchanged + same, changed + (not same)
    gone = [one for one in there if one.cancelled_at is None and (one.starts_at is None or one.starts_at > now)]
    for old in gone:
        old.cancelled_at = now
        session.add(old)
    return Sync(added, changed, len(gone), unchanged)


def _same(a: str, b: str) -> bool:
    return same_name(a) == same_name(b)

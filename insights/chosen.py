"""Which posts a figure is about: the same choice for reach, sentiment and what else is asked of `PublicationFacts`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import col

from insights.facts import PublicationFacts as Facts
from social.places import places_within

GROUP_COLUMNS = {
    "content_type": "content_type", "place": "place_id", "week": "week", "channel": "channel", "account": "account_id",
    "campaign": "campaign", "post": "publication_id",
}  # fmt: skip
"""What posts can be grouped by, and the column that says it."""


class Columns(NamedTuple):
    """What of a table a choice is by.  at: a moment."""

    at: Any
    channel: Any
    place_id: Any
    content_type: Any


OF_FACTS = Columns(Facts.published_at, Facts.channel, Facts.place_id, Facts.content_type)


@dataclass(frozen=True)
class Chosen:
    """Posts published in [since, until) that pass every filter; None lets everything through.

    place_id: with what lies beneath it.  channel None: every network but the alert service, whose members are
    counted by themselves and never added to what social posts reach (M08)."""

    since: datetime | None = None
    until: datetime | None = None
    channel: str | None = None
    place_id: int | None = None
    content_type: str | None = None
    campaign: str | None = None
    publication_id: int | None = None

    def where(self) -> list[Any]:
        """The conditions on `PublicationFacts`."""
        found = self.by(OF_FACTS)
        if self.campaign is not None:
            found.append(col(Facts.campaign) == self.campaign)
        if self.publication_id is not None:
            found.append(col(Facts.publication_id) == self.publication_id)
        elif self.channel is None:
            found.append(col(Facts.channel) != "alert")
        return found

    def by(self, columns: Columns) -> list[Any]:
        """The conditions on these columns alone: time, network, place and kind, alerts among them (M08)."""
        found: list[Any] = []
        if self.since is not None:
            found.append(col(columns.at) >= self.since)
        if self.until is not None:
            found.append(col(columns.at) < self.until)
        if self.channel is not None:
            found.append(col(columns.channel) == self.channel)
        if self.place_id is not None:
            found.append(col(columns.place_id).in_(places_within(self.place_id)))
        if self.content_type is not None:
            found.append(col(columns.content_type) == self.content_type)
        return found


EVERY_POST = Chosen()


def column_of(by: str) -> Any:
    """The column of a grouping.  Raises ValueError for what posts cannot be grouped by."""
    if by not in GROUP_COLUMNS:
        raise ValueError(f"figures can be grouped by {', '.join(GROUP_COLUMNS)}, not by {by}")
    return col(getattr(Facts, GROUP_COLUMNS[by]))

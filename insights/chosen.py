"""Which posts a figure is about: the same choice for reach, sentiment and what else is asked of `PublicationFacts`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col

from insights.facts import PublicationFacts as Facts
from social.places import places_within

GROUP_COLUMNS = {
    "content_type": "content_type", "place": "place_id", "week": "week", "channel": "channel", "account": "account_id",
    "campaign": "campaign", "post": "publication_id",
}  # fmt: skip
"""What posts can be grouped by, and the column that says it."""


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
        found: list[Any] = []
        if self.since is not None:
            found.append(col(Facts.published_at) >= self.since)
        if self.until is not None:
            found.append(col(Facts.published_at) < self.until)
        if self.place_id is not None:
            found.append(col(Facts.place_id).in_(places_within(self.place_id)))
        if self.content_type is not None:
            found.append(col(Facts.content_type) == self.content_type)
        if self.campaign is not None:
            found.append(col(Facts.campaign) == self.campaign)
        if self.publication_id is not None:
            found.append(col(Facts.publication_id) == self.publication_id)
        if self.channel is not None:
            found.append(col(Facts.channel) == self.channel)
        elif self.publication_id is None:
            found.append(col(Facts.channel) != "alert")
        return found


EVERY_POST = Chosen()


def column_of(by: str) -> Any:
    """The column of a grouping.  Raises ValueError for what posts cannot be grouped by."""
    if by not in GROUP_COLUMNS:
        raise ValueError(f"figures can be grouped by {', '.join(GROUP_COLUMNS)}, not by {by}")
    return col(getattr(Facts, GROUP_COLUMNS[by]))

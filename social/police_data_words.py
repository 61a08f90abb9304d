"""What is said of areas that were taken in from data.police.uk: on pages and by commands."""

from social.police_data_import import TakenArea
from social.police_data_sync import Sync


def area_line(one: TakenArea) -> str:
    """What became of one area, for people."""
    boundary = {"added": "boundary added", "changed": "boundary changed", "unchanged": "boundary as it was",
                "none": "no boundary there", "own": "boundary of our own kept"}[one.boundary]  # fmt: skip
    new = " (new on our map)" if one.added else ""
    people = "" if one.population is None else f"; {one.population:,} residents"
    return (
        f"{one.place}{new}: {boundary}; priorities: {_counts(one.priorities)}; events: {_counts(one.events)}; officers who "
        f"can be contacted: {one.contactable}{people}"
    )


def _counts(sync: Sync) -> str:
    words = ((sync.added, "added"), (sync.changed, "changed"), (sync.ended, "ended"), (sync.unchanged, "as they were"))
    return ", ".join(f"{number} {word}" for number, word in words if number) or "none"

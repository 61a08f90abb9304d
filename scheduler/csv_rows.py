"""The columns of a file of posts, and what each of its rows is known by."""

import hashlib
from collections import Counter
from pathlib import Path

from scheduler.alert_columns import COLUMNS as ALERT_COLUMNS
from scheduler.picture_answers import COLUMNS as PICTURE_COLUMNS
from social.channels.registry import CREDENTIALS
from social.csv_file import Row, read_rows

COLUMNS: dict[str, str] = {
    "post_id": "your own id of the post; a second import with the same id brings in nothing twice",
    "content_type": "kind of post",
    "text": "what residents will read",
    "scheduled_local": "when it goes out, UK time, as 2026-03-13T12:15",
    "channel": "facebook, x ...: sends the row to every account there",
    "force": "police force",
    "neighbourhood": "area that the post is about",
    "lang": "en, cy or cy+en",
    "link": "web address after the text",
    "media": "none, image or video",
    "media_files": "file names beside this file, parted by ;",
    "alt_text": "what the picture shows; several parted by ' | ' in the order of the files",
    "captions": "yes, no or na",
    "case_stage": "none, suspect, arrested, charged, convicted or sentenced",
    "appeal_ref": "reference that residents quote",
    "campaign_key": "campaign that it belongs to",
    "approval": "read by people; the kind of post decides (R41)",
    "expected_flags": "faults that the row carries on purpose, parted by ;",
    **PICTURE_COLUMNS,
    **ALERT_COLUMNS,
    **{f"text_{channel}": f"text for {channel} where it differs" for channel in CREDENTIALS},
}
"""Every column that is understood, and what it holds."""


def read_posts(path: Path, *, needed: tuple[str, ...]) -> list[Row]:
    """The rows of a file of posts.  needed: columns that it must have.  Raises InputError as `read_rows` does."""
    return read_rows(path, needed=needed, known=tuple(COLUMNS))


def references(rows: list[Row]) -> dict[int, str]:
    """What each row is known by in later imports, by row number: its own id, else a hash of its cells."""
    seen: Counter[str] = Counter()
    given = {}
    for row in rows:
        reference = row["post_id"]
        if not reference:
            cells = "\0".join(f"{name}\1{value}" for name, value in sorted(row.cells.items()) if value)
            reference = f"row-{hashlib.sha256(cells.encode()).hexdigest()[:16]}"
            seen[reference] += 1
            reference += f"-{seen[reference]}" if seen[reference] > 1 else ""
        given[row.number] = reference
    return given

"""What residents attach to a reply: pictures, films, files and links, known by kind and sealed address alone.

Nothing is fetched when a reply is read. A person asks for it, for a lead (`attachment_fetching.py`); until then there is
no copy here, and no page ever points a browser to the network's address: that would tell its owner who looks (R26)."""

import hashlib
import os
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from sqlalchemy import UniqueConstraint, delete, select
from sqlmodel import Field, Session, SQLModel, col

from social.channels.base import Heard, HeardAttachment
from social.database import UTCDateTime
from social.folders import make_private_folder
from social.interactions import Interaction
from social.settings import Settings
from social.upsert import insert_into, table_of
from social.vault import Vault

ERASED = "erased"
"""Retention of a reply whose words were erased: nothing of it is taken in again."""
MOST_EACH = 20
"""Attachments of one reply that are kept in mind; networks allow fewer."""
LONGEST_ADDRESS = 4000


class AttachmentState(StrEnum):
    OFFERED = "offered"
    FETCHING = "fetching"
    HELD = "held"
    FAILED = "failed"


class Attachment(SQLModel, table=True):
    """One thing that a resident attached.

    kind: picture, video, file or link, as the network says.  mark: keyed hash by which it is known again.
    url_sealed: where the network keeps it.  problem: why it could not be fetched, a sentence of ours.
    found: what it is by its content, such as image/jpeg; size in bytes; sha256 of the original, hex.
    file_name: of the sealed copy in the folder; key_sealed: what opens that one copy. Without the row it is noise.
    has_details: the original holds EXIF, which only the sealed copy keeps."""

    __table_args__ = (UniqueConstraint("interaction_id", "mark"),)

    id: int | None = Field(default=None, primary_key=True)
    interaction_id: int = Field(foreign_key="interaction.id", ondelete="CASCADE")
    kind: str
    mark: str
    url_sealed: bytes
    state: str = AttachmentState.OFFERED.value
    problem: str | None = None
    found: str | None = None
    size: int | None = None
    sha256: str | None = None
    has_details: bool = False
    file_name: str | None = Field(default=None, index=True)
    key_sealed: bytes | None = None
    fetched_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    fetched_by_id: int | None = Field(default=None, foreign_key="person.id")


def keep_attachments(session: Session, vault: Vault, account_id: int, items: Sequence[Heard], now: datetime) -> None:  # noqa: ARG001 - as every other part of storing is called
    """Note what residents attached to these replies, which are stored already; ours carry none.

    What is known gets the address that the network gives now: addresses of pictures end after some days. Replies that
    were erased stay so."""
    carrying = {item.platform_id: item for item in items if item.attachments and not item.ours}
    if not carrying:
        return
    columns: list[Any] = [Interaction.platform_id, Interaction.id]
    stored = select(*columns).where(
        col(Interaction.account_id) == account_id,
        col(Interaction.platform_id).in_(carrying),
        col(Interaction.retention) != ERASED,
    )
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    for platform_id, interaction_id in session.connection().execute(stored):
        for given in carrying[platform_id].attachments[:MOST_EACH]:
            if _usable(given):
                row = _row(vault, interaction_id, given)
                rows[interaction_id, row["mark"]] = row
    if not rows:
        return
    statement = insert_into(session, Attachment)
    statement = statement.on_conflict_do_update(
        index_elements=["interaction_id", "mark"], set_={"url_sealed": statement.excluded.url_sealed}
    )
    session.connection().execute(statement, list(rows.values()))


def _usable(given: HeardAttachment) -> bool:
    try:
        parts = urlsplit(given.url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(given.url) <= LONGEST_ADDRESS


def _row(vault: Vault, interaction_id: int, given: HeardAttachment) -> dict[str, Any]:
    # The network's number where it has one: its addresses change.
    known_by = (given.platform_id or given.url).encode("utf-8", "replace").decode()
    return {
        "interaction_id": interaction_id,
        "kind": given.kind,
        "mark": vault.thread_key(f"attachment\0{given.kind}", known_by),
        "url_sealed": vault.seal({"url": given.url}),
        "state": AttachmentState.OFFERED.value,
        "has_details": False,
    }


def attachments_of(session: Session, interaction_id: int) -> list[Attachment]:
    """What came with the reply, in the order in which it was noted."""
    query = select(Attachment).where(col(Attachment.interaction_id) == interaction_id).order_by(col(Attachment.id))
    return list(session.execute(query).scalars())


def address_of(vault: Vault, attachment: Attachment) -> str:
    """Where the network keeps it.  Raises BeatlineError when it was sealed with another key."""
    return vault.open(attachment.url_sealed)["url"]


def forget_attachments(session: Session, interaction_ids: Collection[int]) -> int:
    """Forget what came with these replies, in the caller's transaction.  Returns how many.

    With the rows go the keys of the sealed copies, so that nobody opens these again; `sweep_copies` removes the
    files."""
    if not interaction_ids:
        return 0
    statement = delete(table_of(Attachment)).where(col(Attachment.interaction_id).in_(list(interaction_ids)))
    return int(session.connection().execute(statement).rowcount)


def copies_folder(settings: Settings) -> Path:
    """Where the sealed copies lie: apart from the pictures of posts, so that no backup carries them on."""
    return settings.media_folder / "leads"


def new_copy_name() -> str:
    """A name that says nothing of what is in the file."""
    return f"{secrets.token_hex(24)}.sealed"


def write_copy(settings: Settings, file_name: str, key: bytes, content: bytes) -> Path:
    """Write the sealed copy, whole or not at all.  Returns where it lies."""
    path = copies_folder(settings) / file_name
    make_private_folder(path.parent)
    half = path.with_name(f"{path.name}.part")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(Fernet(key).encrypt(content))
    half.replace(path)
    return path


def sweep_copies(session: Session, settings: Settings) -> int:
    """Remove sealed copies that no row opens any more.  Returns how many.

    A copy's row is written before the copy, so a file without a row is one that was forgotten."""
    folder = copies_folder(settings)
    there = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    if not there:
        return 0
    column: Any = Attachment.file_name
    wanted = set(session.connection().execute(select(column).where(column.is_not(None))).scalars())
    gone = [path for name, path in there.items() if name.removesuffix(".part") not in wanted]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def digest(content: bytes) -> str:
    """SHA-256, hex: by which whoever receives a file knows that it is the one that was taken in."""
    return hashlib.sha256(content).hexdigest()

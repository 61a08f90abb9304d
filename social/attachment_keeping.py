"""Keeps files that a resident has sent us in a letter: checked and sealed as those that are fetched from a network.

A letter's file is here already, so nobody is asked and nothing is fetched. Its row is written before its copy, under a
key of the row's own, as `attachment_fetching.py` has it; what breaks off in between is finished when the letter is read
again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.fernet import Fernet
from sqlmodel import Session, select

from social.attachment_kinds import Recognised, recognise
from social.attachments import Attachment, AttachmentState, digest, new_copy_name, write_copy
from social.context import Context
from social.errors import InputError
from social.vault import Vault

_KINDS = {"image": "picture", "video": "video"}
MOST_BYTES = 25_000_000


@dataclass(frozen=True)
class Checked:
    """A file and what it is by its content.  found: None for one that is not kept, and why, a sentence."""

    content: bytes = field(repr=False)
    found: Recognised | None
    problem: str | None = None


@dataclass(frozen=True)
class Copy:
    """A file whose row is there and whose copy is to be written."""

    attachment_id: int
    file_name: str
    key: bytes = field(repr=False)
    checked: Checked


def check(content: bytes) -> Checked:
    """Look at the bytes; takes as long as a picture takes to be decoded."""
    if len(content) > MOST_BYTES:
        return Checked(b"", None, "The file is larger than what is kept. It lies in the letterbox.")
    try:
        return Checked(content, recognise(content))
    except InputError as error:
        return Checked(content, None, f"{error} It lies in the letterbox.")


def note_files(
    session: Session, vault: Vault, interaction_id: int, files: Sequence[Checked], now: datetime
) -> list[Copy]:
    """Write the rows of files that came with a reply, in the caller's transaction.  Returns those to be written now.

    A second time, only those are returned whose copy was not finished."""
    query = select(Attachment).where(Attachment.interaction_id == interaction_id)
    known = {one.mark: one for one in session.exec(query)}
    todo: list[Copy] = []
    for file in files:
        mark = vault.thread_key("attachment\0letter", digest(file.content) if file.content else str(file.problem))
        row = known.get(mark)
        if row is None:
            row = known[mark] = _row(vault, interaction_id, mark, file, now)
            session.add(row)
            session.flush()
        elif row.state != AttachmentState.FETCHING:
            continue
        if row.file_name is not None and row.key_sealed is not None:
            key = vault.open(row.key_sealed)["key"].encode()
            todo.append(Copy(row.id or 0, row.file_name, key, file))
    return todo


def _row(vault: Vault, interaction_id: int, mark: str, file: Checked, now: datetime) -> Attachment:
    row = Attachment(interaction_id=interaction_id, kind="file", mark=mark, url_sealed=vault.seal({"url": ""}))
    if file.found is None:
        row.state, row.problem, row.fetched_at = AttachmentState.FAILED.value, file.problem, now
        return row
    row.kind = _KINDS.get(file.found.mime.partition("/")[0], "file")
    row.state, row.file_name = AttachmentState.FETCHING.value, new_copy_name()
    row.key_sealed = vault.seal({"key": Fernet.generate_key().decode()})
    return row


def write_copies(context: Context, copies: Sequence[Copy]) -> None:
    """Write the sealed copies, outside of any transaction: `note_kept` then says that they are there."""
    for copy in copies:
        write_copy(context.settings, copy.file_name, copy.key, copy.checked.content)


def note_kept(session: Session, copies: Sequence[Copy], now: datetime) -> None:
    """Say that the copies are there, in the caller's transaction; those that were forgotten meanwhile stay forgotten."""
    for copy in copies:
        row = session.get(Attachment, copy.attachment_id)
        found = copy.checked.found
        if row is not None and found is not None and row.file_name == copy.file_name:
            row.state, row.found, row.size = AttachmentState.HELD.value, found.mime, len(copy.checked.content)
            row.sha256, row.has_details = digest(copy.checked.content), found.has_details
            row.fetched_at = now
            session.add(row)

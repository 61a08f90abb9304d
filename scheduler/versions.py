"""What each version of a post said, so that whoever asks later can see what was approved and what went out.

Written where a post is written and rewritten; erased with the rest when an appeal closes (R08, R10): the row stays, its
words go."""

import difflib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import UniqueConstraint, update
from sqlmodel import Field, Session, SQLModel, col, select

from scheduler.content_types import label_of
from scheduler.inputs import Prepared
from scheduler.picture_answers import answers_of, words_of
from scheduler.post_audience import alert_body, alert_of, alert_parts
from scheduler.posts import Post
from social.clock import as_local
from social.database import UTCDateTime
from social.staff import Person

Change = Literal["same", "added", "removed"]

FIELDS = {
    "text": "Text", "link": "Link", "content_type": "Kind of post", "lang": "Language", "due_at": "Time", "place": "Area",
    "campaign": "Campaign", "appeal_ref": "Reference", "case_stage": "Stage of the case", "accounts": "Accounts",
}  # fmt: skip
"""What the parts of a version are called on a page, in the order in which they are shown."""


class PostVersion(SQLModel, table=True):
    """One version of a post.  body: JSON of what it said; None once erased.  editor_id: whoever wrote this version."""

    __tablename__ = "post_version"
    __table_args__ = (UniqueConstraint("post_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id")
    version: int
    at: datetime = Field(sa_type=UTCDateTime)
    editor_id: int = Field(foreign_key="person.id")
    body: str | None = None


@dataclass(frozen=True)
class VersionView:
    """A version as people see it.  parts: the words of each part by its name, {} once erased.

    erased: its words were erased, with the appeal that it belonged to."""

    version: int
    at: datetime
    editor: str
    parts: dict[str, str]
    erased: bool


def keep_version(session: Session, post: Post, prepared: Prepared, editor: Person, now: datetime) -> str:
    """Keep what the post says now as its version.  Returns the body, canonical JSON."""
    assert post.id is not None
    assert editor.id is not None
    said = _body(post, prepared, alert_body(session, alert_of(session, post)))
    body = json.dumps(said, sort_keys=True, ensure_ascii=False)
    session.add(PostVersion(post_id=post.id, version=post.version, at=now, editor_id=editor.id, body=body))
    return body


def erase_versions(session: Session, post_id: int) -> int:
    """Take the words out of every version of the post; that there were versions, when and by whom stays.

    Returns how many were erased now."""
    kept = update(PostVersion).where(col(PostVersion.post_id) == post_id, col(PostVersion.body).is_not(None))
    return session.exec(kept.values(body=None).execution_options(synchronize_session=False)).rowcount


def erase_versions_under(session: Session, reference: str) -> set[str]:
    """Take the words out of versions that carried this reference, of posts that carry it no longer.

    Returns the names of their picture files."""
    said = f'"appeal_ref": {json.dumps(reference, ensure_ascii=False)}'
    query = select(PostVersion).join(Post, col(Post.id) == col(PostVersion.post_id)).where(
        col(PostVersion.body).contains(said, autoescape=True),
        col(Post.appeal_ref).is_distinct_from(reference),
    )  # fmt: skip
    files = set()
    for version in session.exec(query):
        files |= {medium["file"] for medium in json.loads(version.body or "{}")["media"] if medium["file"]}
        version.body = None
        session.add(version)
    return files


def files_of_versions(session: Session, post_ids: Sequence[int]) -> set[str]:
    """Names of the picture files that any kept version of these posts had."""
    bodies = session.exec(select(PostVersion.body).where(col(PostVersion.post_id).in_(post_ids)))
    return {medium["file"] for body in bodies if body for medium in json.loads(body)["media"] if medium["file"]}


def versions_of(session: Session, post_id: int) -> list[VersionView]:
    """The versions of a post, oldest first; [] for a post of before versions were kept."""
    rows = session.exec(
        select(PostVersion, Person.name)
        .join(Person, col(Person.id) == PostVersion.editor_id)
        .where(PostVersion.post_id == post_id)
        .order_by(col(PostVersion.version))
    )
    return [
        VersionView(row.version, row.at, name, _parts(json.loads(row.body)) if row.body else {}, row.body is None)
        for row, name in rows
    ]


def changed_parts(older: VersionView, newer: VersionView) -> dict[str, list[tuple[Change, str]]]:
    """What differs between two versions, part by part, in words.  {} when either was erased or nothing differs."""
    if older.erased or newer.erased:
        return {}
    names = [*older.parts, *(name for name in newer.parts if name not in older.parts)]
    return {
        name: differences(older.parts.get(name, ""), newer.parts.get(name, ""))
        for name in names
        if older.parts.get(name, "") != newer.parts.get(name, "")
    }


def differences(older: str, newer: str) -> list[tuple[Change, str]]:
    """Word by word, what stayed, what was added and what was taken out; joined, the same and added words are `newer`."""
    before, after = (re.findall(r"\s+|[^\s]+", text) for text in (older, newer))
    found: list[tuple[Change, str]] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(("same", "".join(after[c:d])))
            continue
        if a != b:
            found.append(("removed", "".join(before[a:b])))
        if c != d:
            found.append(("added", "".join(after[c:d])))
    return found


def _body(post: Post, prepared: Prepared, alert: dict[str, Any] | None) -> dict[str, Any]:
    given = prepared.given
    return {
        "text": post.text, "link": post.link, "content_type": post.content_type, "lang": post.lang,
        "due_at": post.due_at.isoformat() if post.due_at else None, "place": given.place or given.force,
        "campaign": post.campaign, "appeal_ref": post.appeal_ref, "case_stage": post.case_stage,
        "variants": {channel: text for channel, text in given.variants.items() if text.strip()},
        "media": [{"kind": medium.kind, "file": medium.file_name, "alt_text": medium.alt_text,
                   "captions": medium.captions, "answers": words_of(answers_of(medium))} for medium in prepared.media],
        "accounts": [account.name for account in prepared.accounts], "alert": alert,
    }  # fmt: skip


def _parts(body: dict[str, Any]) -> dict[str, str]:
    """The parts that say something, each as words, by what a page calls it."""
    said = {name: body.get(key) or "" for key, name in FIELDS.items()}
    if body.get("due_at"):
        said["Time"] = f"{as_local(datetime.fromisoformat(body['due_at'])):%d/%m/%Y %H:%M}"
    said["Kind of post"] = label_of(body.get("content_type") or "")
    said["Accounts"] = ", ".join(body.get("accounts", ()))
    said |= alert_parts(body.get("alert"))
    said |= {f"Text on {channel}": text for channel, text in body.get("variants", {}).items()}
    for number, medium in enumerate(body.get("media", ()), 1):
        said[f"Picture {number}"] = f"{medium['kind']} {str(medium['file'] or 'planned')[:12]}: {medium['alt_text']}"
        if answers := medium.get("answers"):
            said[f"Picture {number}"] += "".join(f"\n{column}: {words}" for column, words in answers.items())
    return {name: words for name, words in said.items() if words}

"""Which version of a waiting post each approver last read, so that the next look shows what changed since then.

Numbers of versions alone: not what was read, nor when. Kept beside the post as long as its row is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Field, Session, SQLModel, col, select

from scheduler.posts import Post
from scheduler.versions import VersionView, versions_of
from social.audit import AuditRecord
from social.context import Context
from social.staff import Action, Person, require

Since = Literal["opened", "looked", "approved"]


class PostSeen(SQLModel, table=True):
    """version: what this person was last shown.  before: what they were shown before that, None the first time; it
    keeps the difference there when the page is opened again."""

    __tablename__ = "post_seen"

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    post_id: int = Field(primary_key=True, foreign_key="post.id", index=True)
    version: int
    before: int | None = None


@dataclass(frozen=True)
class SinceThen:
    """What an approver has not read yet.  since: what `older` is to them: on the page they opened, at their last look,
    or when it was approved."""

    since: Since
    older: VersionView
    newer: VersionView


def note_seen(context: Context, shown: Mapping[int, int], person: Person) -> None:
    """Keep that this person was shown these posts.  shown: post id -> version.  Nothing is written when all is kept.

    Raises NotAllowed for a person who approves nothing."""
    with context.database.read() as session:
        news = {post_id for post_id, version in shown.items() if seen_by(session, post_id, person) != version}
    if not news:
        return
    with context.database.write() as session:
        require(session, person, Action.APPROVE_LOCAL)
        for post_id in news:
            row = session.get(PostSeen, (person.id, post_id)) or PostSeen(
                person_id=person.id or 0, post_id=post_id, version=shown[post_id]
            )
            if row.version != shown[post_id]:
                row.before, row.version = row.version, shown[post_id]
            session.add(row)


def seen_by(session: Session, post_id: int, person: Person) -> int | None:
    """The version that this person was last shown; None for none."""
    row = session.get(PostSeen, (person.id, post_id), populate_existing=True)
    return row.version if row is not None else None


def changed_for(session: Session, post: Post, person: Person, opened: int | None = None) -> SinceThen | None:
    """The newest version before this one that the person knows or somebody approved, with the one that stands now.

    opened: the version on the page that they just acted on.  None when there is no such version."""
    assert post.id is not None
    row = session.exec(
        select(PostSeen).where(col(PostSeen.person_id) == person.id, col(PostSeen.post_id) == post.id)
    ).first()
    looked = [row.version, row.before] if row is not None else []
    known: list[tuple[int, Since]] = [(version, "looked") for version in looked if version is not None]
    approved = _approved_version(session, post.id)
    known += [(approved, "approved")] if approved is not None else []
    known = [(opened, "opened")] if opened is not None else known
    earlier = [one for one in known if one[0] < post.version]
    if not earlier:
        return None
    version, since = max(earlier, key=lambda one: (one[0], one[1] == "approved"))  # of one version the weightier word
    kept = {one.version: one for one in versions_of(session, post.id)}
    if version not in kept or post.version not in kept:
        return None
    return SinceThen(since, kept[version], kept[post.version])


def _approved_version(session: Session, post_id: int) -> int | None:
    """The version that somebody approved last, from the record: an edit takes it off the post itself."""
    given = select(AuditRecord.after).where(
        AuditRecord.subject_kind == "post", AuditRecord.subject_id == str(post_id), AuditRecord.action == "approve post"
    )
    return max((json.loads(after)["version"] for after in session.exec(given) if after), default=None)

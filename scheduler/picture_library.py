"""Pictures that may be used again: each once, as the newest post has it, with whose it is and until when it may be shown.

A picture of a person in an enquiry, and any picture of an appeal, is for that post alone and not offered again (R07,
R09, R10): it comes down with it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, or_, select

from scheduler.content_types import CONTENT_TYPES
from scheduler.picture_answers import PictureAnswers, answers_of
from scheduler.picture_reviews import SOON
from scheduler.posts import Media, Post

MOST = 500
"""Newest pictures that are looked through."""
_OF_ENQUIRIES = ("custody", "cctv")


@dataclass(frozen=True)
class LibraryPicture:
    """One picture.  file_name: in the media folder.  answers: whose it is and on what terms.  posts: how many use it.

    post_id: the newest of them.  used_at: when that was planned, UTC."""

    file_name: str
    alt_text: str
    answers: PictureAnswers
    posts: int
    post_id: int
    used_at: datetime

    def passed(self, today: date) -> bool:
        """Whether its day of review lies behind us: no post with it can be scheduled until somebody has looked."""
        return self.answers.review_by is not None and self.answers.review_by < today

    def soon(self, today: date) -> bool:
        """Whether its day of review comes within a week."""
        day = self.answers.review_by
        return day is not None and today <= day <= today + SOON


def library_pictures(
    session: Session, *, areas: Collection[int] | None = None, search: str = ""
) -> list[LibraryPicture]:
    """Pictures that may be used again, the newest first.

    areas: of posts about these places and about the whole force; None for all.  search: words that the description,
    the owner or the terms must hold."""
    newest = select(func.max(Media.id)).where(col(Media.file_name).is_not(None), Media.kind == "image")
    newest = newest.group_by(col(Media.file_name))
    query = (
        select(Media, Post)
        .join(Post, col(Post.id) == Media.post_id)
        .where(
            col(Media.id).in_(newest),
            col(Post.content_type).not_in([kind.key for kind in CONTENT_TYPES.values() if kind.appeal]),
            col(Media.source).not_in(_OF_ENQUIRIES),
            Media.enquiry_approver == "",
        )
        .order_by(col(Media.id).desc())
        .limit(MOST)
    )
    if areas is not None:
        query = query.where(or_(col(Post.place_id).is_(None), col(Post.place_id).in_(sorted(areas))))
    rows = session.exec(query).all()
    uses = _uses(session, {medium.file_name for medium, _ in rows})
    wanted = search.casefold().split()
    return [
        LibraryPicture(medium.file_name or "", medium.alt_text, answers_of(medium), uses[medium.file_name or ""],
                       post.id or 0, post.created_at)
        for medium, post in rows
        if all(word in f"{medium.alt_text} {medium.owner} {medium.licence}".casefold() for word in wanted)
    ]  # fmt: skip


def _uses(session: Session, names: Collection[str | None]) -> dict[str, int]:
    query = select(Media.file_name, func.count(func.distinct(Media.post_id))).where(col(Media.file_name).in_(names))
    return {name or "": count for name, count in session.exec(query.group_by(col(Media.file_name)))}

"""How far a thread has come: reads, changes nothing."""

from datetime import datetime
from functools import cache

from sqlmodel import Session, col, func, select

from scheduler.entries import Entry
from scheduler.lifecycle import State
from scheduler.posts import Post, Variant
from scheduler.thread_words import parts_of
from social.accounts import Account
from social.channels.registry import unconnected
from social.publication_parts import PublicationPart, parts_out
from social.publications import Publication

OVER = frozenset({State.PUBLISHED, State.WITHDRAWN})
"""Nothing of it is to go out any more; before that a thread of which a part is out has others to come."""


def is_begun(entry: Entry) -> bool:
    """Whether a part of it is out and others are to follow: nothing else has its platform id before its end."""
    return entry.platform_id is not None and State(entry.state) not in OVER


def words_for(session: Session, entry: Entry) -> str:
    """The words for this account: its network's own version, else the post's."""
    channel = select(Account.channel).where(Account.id == entry.account_id).scalar_subquery()
    own = select(Variant.text).where(Variant.post_id == entry.post_id, col(Variant.channel) == channel)
    return session.exec(own).first() or session.get_one(Post, entry.post_id).text


def what_is_out(session: Session, entry: Entry) -> str:
    """'2 of 4 parts are out.'"""
    out, all_of_them = len(parts_out(session, entry.id)), len(parts_of(words_for(session, entry)))
    return say_out(out, max(out, all_of_them))


def why_it_stays(session: Session, entry: Entry) -> str:
    """Why a thread that has begun is not changed, and what can be done with it."""
    post = session.get_one(Post, entry.post_id)
    if post.approved_version == post.version:
        choice = "Let the rest go on, end it there, or take it down."
    else:  # approval is asked for what can be changed
        choice = "Its approval has ended, so the rest cannot go on. End it there, or take it down."
    stays = "So its words stay as they are, and it cannot be dropped as if nothing had gone out."
    return f"{what_is_out(session, entry)} {stays} {choice}"


def urls_of(session: Session, entry: Entry) -> tuple[str, ...]:
    """Where residents see it, as far as the network said: of a thread every part that is out, in order."""
    parts = [part.url for part in parts_out(session, entry.id)] or [entry.url]
    return tuple(filter(None, parts))


def say_out(out: int, all_of_them: int) -> str:
    """The same from the numbers."""
    return f"{out} of {all_of_them} parts {'is' if out == 1 else 'are'} out."


@cache
def takes_threads(channel: str) -> bool:
    """Whether that network knows threads; False for a channel that Beatline does not know."""
    known = unconnected(channel)
    return known is not None and known[1].can.threads


def last_out(session: Session, account_id: int) -> datetime | None:
    """When the account's last post, or part of one, went out."""
    first = select(func.max(Publication.published_at)).where(Publication.account_id == account_id)
    later = (
        select(func.max(PublicationPart.published_at))
        .join(Publication, col(Publication.id) == col(PublicationPart.publication_id))
        .where(Publication.account_id == account_id)
    )
    return max(filter(None, (session.exec(first).one(), session.exec(later).one())), default=None)

"""Posts worth saying again: the newest of the kind that did best, for whoever wants to repeat what worked.

No single post is ranked: how far one went is mostly chance, and a kind needs five posts to be held against others (M09).
Appeals are left out: each is about its own matter, and those for missing people are never compared (R11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from insights.figures import FigureRow
from insights.sayings import comparable, rate_of
from social.accounts import Account
from social.places import places_within
from social.publications import Publication
from social.sorting import APPEALS, NEVER_TIMED

MOST = 3


@dataclass(frozen=True)
class Again:
    """kind: its label.  what: the figure by which it did best.  posts: number and words of each, the newest first."""

    kind: str
    what: str
    posts: tuple[tuple[int, str], ...]


def worth_repeating(
    session: Session, kinds: Sequence[FigureRow], since: datetime, channel: str, place_id: int | None = None
) -> Again | None:
    """None where fewer than two kinds can be held against each other, or no post of the best is one of Beatline's.

    kinds: as `figures_by(session, "content_type")` has them.  place_id: about it and the areas in it; None for all."""
    value, what = rate_of(kinds)
    there = comparable(kinds, value)
    best = next((row for row in there if row.group not in APPEALS | NEVER_TIMED), None)
    if best is None or len(there) < 2:
        return None
    query = (
        select(Publication.post_id, Publication.text)
        .join(Account, col(Account.id) == Publication.account_id)
        .where(
            Account.channel == channel,
            Publication.content_type == best.group,
            Publication.published_at >= since,
            col(Publication.post_id).is_not(None),
            Publication.text != "",
            col(Publication.withdrawn_at).is_(None),
        )
        .order_by(col(Publication.published_at).desc())
        .limit(MOST)
    )
    if place_id is not None:
        query = query.where(col(Publication.place_id).in_(places_within(place_id)))
    posts = tuple((number, words) for number, words in session.exec(query) if number is not None)
    return Again(best.label, what, posts) if posts else None

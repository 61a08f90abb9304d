"""A few replies to read beside a share, since an analyser is weaker than a person who reads (M06).

They are drawn by chance from all that count in the share, whoever wrote them: each is as likely as any other, and the
author is not looked at (R25). Their words are for people who may read replies."""

import random
from bisect import bisect_right
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from insights.chosen import Chosen
from insights.facts import PublicationFacts as Facts
from social.interactions import Interaction

SIZE = 10


def sample_replies(
    session: Session, chosen: Chosen, *, now: datetime, areas: Collection[int] | None = None, size: int = SIZE
) -> list[int]:
    """Ids of up to `size` replies to the chosen posts that were read, drawn by chance; fewer where there are fewer.

    now: the same replies all day, others the next.  areas: the places whose replies the person may read; None for all.
    Left out are replies that were erased or forgotten, those that are gone, and leads (R24)."""
    conditions = [*chosen.where(), col(Facts.replies_read) > 0]
    if areas is not None:
        conditions.append(col(Facts.place_id).in_(sorted(areas)))
    columns: list[Any] = [Facts.publication_id, Facts.replies_read]
    query = select(*columns).where(*conditions).order_by(col(Facts.publication_id))
    posts = [(row[0], row[1]) for row in session.connection().execute(query)]
    total = sum(count for _, count in posts)
    # One by one in an order of chance, since some that count in the figures are not there to be read any more.
    rng = random.Random(f"{now.date()} {total} {posts[:1]}")  # noqa: S311  no secret: the draw has to come out again
    order = rng.sample(range(total), min(total, size * 4))
    ends = list(accumulate(count for _, count in posts))
    places = [_post_at(place, posts, ends) for place in order]
    readable = _readable(session, {number for number, _ in places})
    found = [readable[number][offset] for number, offset in places if offset < len(readable.get(number, ()))]
    return found[:size]


def _post_at(place: int, posts: Sequence[tuple[int, int]], ends: Sequence[int]) -> tuple[int, int]:
    """The post that holds the reply at this place among all, and which of its replies it is."""
    number = bisect_right(ends, place)
    return posts[number][0], place - (ends[number] - posts[number][1])


def _readable(session: Session, publication_ids: Collection[int]) -> dict[int, list[int]]:
    """Replies that are there to be read, in order of their ids, by publication."""
    columns: list[Any] = [Interaction.publication_id, Interaction.id]
    query = (
        select(*columns)
        .where(col(Interaction.publication_id).in_(sorted(publication_ids)), col(Interaction.ours).is_(False))
        .where(col(Interaction.gone_at).is_(None), col(Interaction.text) != "")
        .where(col(Interaction.purpose) != "law_enforcement", col(Interaction.seen_stance).is_not(None))
        .order_by(col(Interaction.id))
    )
    found: dict[int, list[int]] = {}
    for publication_id, number in session.connection().execute(query):
        found.setdefault(publication_id, []).append(number)
    return found

"""What medians are taken over, packed week by week: of hundreds of thousands of posts no database hands out every row in
the time that a page has, and the medians of weeks do not add up to a median.

A pack holds the very numbers of the rows, so that figures from packs are exact. It goes in the transaction that changes
any of them, and `pack_weeks` makes it anew when the week has come to rest; meanwhile the rows themselves are read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from insights.facts import NO_PLACE, WeekPack
from insights.facts import PublicationFacts as Facts
from insights.figure_sums import engagement_of_post
from insights.weeks import RESTS_AFTER, week_of
from social.context import Context
from social.upsert import table_of

if TYPE_CHECKING:
    import numpy as np

_WORDS = ("content_type", "channel", "campaign")
_NUMBERS = ("place_id", "account_id")
VALUES = ("reach", "impressions", "engagement", "response_minutes")
_KINDS = {**dict.fromkeys(_WORDS + _NUMBERS, "<i4"), **dict.fromkeys(VALUES, "<f8")}
"""Column -> kind of number in a pack."""


@dataclass(frozen=True)
class Posts:
    """What medians need of some posts.

    columns: a number of each post by name.  Words are places in the lists of `words`, '' among them for no campaign;
    place 0 is none; a value that was not reported is not a number."""

    columns: "dict[str, np.ndarray[Any, Any]]"
    words: dict[str, list[str]]

    def __len__(self) -> int:
        return len(self.columns["account_id"])

    def where(self, chosen: "np.ndarray[Any, Any]") -> "Posts":
        return Posts({name: column[chosen] for name, column in self.columns.items()}, self.words)


def columns_wanted() -> list[Any]:
    """What `from_rows` takes of each post, as columns of a query."""
    place = func.coalesce(Facts.place_id, NO_PLACE)
    named: list[Any] = [Facts.content_type, Facts.channel, Facts.campaign, place, Facts.account_id]
    return [*named, Facts.reach, Facts.impressions, engagement_of_post(), Facts.response_minutes]


def from_rows(rows: Sequence[Any]) -> Posts:
    """Rows of `columns_wanted`, turned."""
    import numpy as np

    turned = list(zip(*rows, strict=True)) if rows else [()] * len(_KINDS)
    columns, words = {}, {}
    for (name, kind), values in zip(_KINDS.items(), turned, strict=True):
        if name in _WORDS:
            known: dict[str, int] = {}
            columns[name] = np.array([known.setdefault(one or "", len(known)) for one in values], dtype=kind)
            words[name] = list(known)
        else:
            columns[name] = np.array(values, dtype=kind)  # None becomes not a number
    return Posts(columns, words)


def pack(posts: Posts) -> bytes:
    """The posts as bytes: a line of JSON with the words, then number after number."""
    numbers = b"".join(posts.columns[name].astype(kind).tobytes() for name, kind in _KINDS.items())
    return json.dumps(posts.words).encode() + b"\n" + numbers


def unpack(body: bytes, count: int) -> Posts:
    """The posts that were packed.  count: how many."""
    import numpy as np

    start = body.index(b"\n") + 1
    words, columns = json.loads(body[:start]), {}
    for name, kind in _KINDS.items():
        columns[name] = np.frombuffer(body, dtype=kind, count=count, offset=start)
        start += columns[name].nbytes
    return Posts(columns, words)


def together(parts: Sequence[Posts]) -> Posts:
    """All of them as one, with one list of each kind of words.  parts: one at least."""
    import numpy as np

    columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in _KINDS if name not in _WORDS}
    words = {}
    for name in _WORDS:
        known: dict[str, int] = {}
        anew = []
        for part in parts:
            places = np.array([known.setdefault(word, len(known)) for word in part.words[name]] or [0], dtype="<i4")
            anew.append(places[part.columns[name]])
        columns[name], words[name] = np.concatenate(anew), list(known)
    return Posts(columns, words)


def pack_weeks(context: Context) -> int:
    """Pack the weeks that have come to rest and are not packed.  Returns how many were packed."""
    rested = week_of(context.clock.now() - RESTS_AFTER)
    packed = select(col(WeekPack.week))
    with context.database.read() as session:
        query: Any = select(col(Facts.week)).where(col(Facts.week) < rested, col(Facts.week).not_in(packed)).distinct()
        weeks = sorted(session.connection().execute(query).scalars())
    for week in weeks:
        # Whoever changes a post of this week meanwhile waits, and then finds the pack and takes it away.
        with context.database.write() as session:
            _pack(session, week)
    return len(weeks)


def _pack(session: Session, week: date) -> None:
    rows = session.connection().execute(select(*columns_wanted()).where(col(Facts.week) == week)).all()
    if rows and session.get(WeekPack, week) is None:
        session.add(WeekPack(week=week, posts=len(rows), body=pack(from_rows(rows))))


def packs_of(session: Session, first: date | None, last: date | None) -> dict[date, tuple[int, bytes]]:
    """The packs of the weeks in [first, last): posts and body; None: no bound."""
    table = table_of(WeekPack).c
    query = select(table.week, table.posts, table.body)
    if first is not None:
        query = query.where(table.week >= first)
    if last is not None:
        query = query.where(table.week < last)
    return {row.week: (row.posts, bytes(row.body)) for row in session.connection().execute(query)}

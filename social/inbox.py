"""What residents wrote, for people who answer: emergencies first, then leads, then the newest (R19).

There is deliberately no way in here to ask for, group by or even see an author (R25)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from social.accounts import Account
from social.interactions import Interaction, Reading
from social.places import Place, places_within
from social.publications import Publication


@dataclass(frozen=True)
class ReplyView:
    """One reply as people see it.

    stance, kind, lang and the probabilities: the latest reading's, all None before an analyser has read it;
    the three p_* are None when the stance is unknown (R34).  place: name, or None.  content_type: '' when nobody
    sorted the post.  post_id: None for a post of before Beatline.  ours: the account itself wrote it.
    answered_at: our first answer to it.  url, publication_text: of the post it stands under."""

    id: int
    publication_id: int
    post_id: int | None
    account: str
    channel: str
    place: str | None
    content_type: str
    text: str
    created_at: datetime
    stance: str | None
    p_negative: float | None
    p_neutral: float | None
    p_positive: float | None
    kind: str | None
    kind_p: float | None
    lang: str | None
    ours: bool
    answered_at: datetime | None
    parent_platform_id: str | None
    url: str | None
    publication_text: str


def list_replies(
    session: Session,
    *,
    kinds: Collection[str] | None = None,
    stances: Collection[str] | None = None,
    place_id: int | None = None,
    publication_id: int | None = None,
    since: datetime | None = None,
    areas: Collection[int] | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[ReplyView]:
    """Residents' replies, none of ours: emergencies first, then leads, then the newest (R19).

    kinds, stances: only these; None for all.  since: written at or after that instant.  areas: under posts about these
    places alone, as `staff.areas_of` says for a person; None for all.  limit, offset: >= 0."""
    wanted: dict[str, Any] = {
        "stances": stances,
        "place_id": place_id,
        "publication_id": publication_id,
        "since": since,
        "areas": areas,
    }
    found: list[ReplyView] = []
    # One query a rank: each goes along an index, where one query that sorts by rank would read every reply there is.
    for rank in _ranks(kinds):
        if len(found) >= limit:
            break
        # Newest first by the time on the network; the id settles ties so that paging shows nothing twice.
        query = _narrow(_views(), rank, **wanted).order_by(
            col(Interaction.created_at).desc(), col(Interaction.id).desc()
        )
        rows = session.execute(query.limit(limit - len(found)).offset(offset)).all()
        found += [ReplyView(*row) for row in rows]
        if rows:
            offset = 0
        elif offset:
            offset -= min(offset, _count(session, rank, **wanted))
    return found


def count_replies(
    session: Session,
    *,
    kinds: Collection[str] | None = None,
    stances: Collection[str] | None = None,
    place_id: int | None = None,
    publication_id: int | None = None,
    since: datetime | None = None,
    areas: Collection[int] | None = None,
) -> int:
    """How many replies `list_replies` would list with no limit."""
    rank = (frozenset(kinds), True) if kinds is not None else None
    return _count(
        session, rank, stances=stances, place_id=place_id, publication_id=publication_id, since=since, areas=areas
    )


def thread(session: Session, publication_id: int, *, areas: Collection[int] | None = None) -> list[ReplyView]:
    """Everything under one publication in the order it was written, our own answers included.

    areas: nothing of a publication that is about another place; None for all."""
    query = _views().where(col(Interaction.publication_id) == publication_id)
    if areas is not None:
        query = query.where(col(Publication.place_id).in_(sorted(areas)))
    query = query.order_by(col(Interaction.created_at), col(Interaction.id))
    return [ReplyView(*row) for row in session.execute(query).all()]


Rank = tuple[frozenset[str], bool]
"""Some kinds, and whether it is these (True) or everything but these, the not yet read included (False)."""

_FIRST = ("emergency", "lead")


def _ranks(kinds: Collection[str] | None) -> list[Rank]:
    """The ranks to list, most urgent first."""
    asked = set(kinds) if kinds is not None else None
    ranks: list[Rank] = [(frozenset({kind}), True) for kind in _FIRST if asked is None or kind in asked]
    if asked is None:
        return [*ranks, (frozenset(_FIRST), False)]
    rest = asked - set(_FIRST)
    return [*ranks, (frozenset(rest), True)] if rest else ranks


def _latest_reading() -> Any:
    """Readings by older versions of the analyser stay stored; only the last one is shown."""
    latest = select(func.max(Reading.id)).where(col(Reading.interaction_id) == col(Interaction.id))
    return latest.correlate(Interaction).scalar_subquery()


_COLUMNS: tuple[Any, ...] = (
    Interaction.id,
    Interaction.publication_id,
    Publication.post_id,
    Account.name,
    Account.channel,
    Place.name,
    Publication.content_type,
    Interaction.text,
    Interaction.created_at,
    Reading.stance,
    Reading.p_negative,
    Reading.p_neutral,
    Reading.p_positive,
    Reading.kind,
    Reading.kind_p,
    Reading.lang,
    Interaction.ours,
    Interaction.answered_at,
    Interaction.parent_platform_id,
    Publication.url,
    Publication.text,
)
"""In the order of `ReplyView`'s fields."""


def _views() -> Any:
    return (
        select(*_COLUMNS)
        .select_from(Interaction)
        .join(Publication, col(Publication.id) == Interaction.publication_id)
        .join(Account, col(Account.id) == Interaction.account_id)
        .join(Place, col(Place.id) == Publication.place_id, isouter=True)
        .join(Reading, col(Reading.id) == _latest_reading(), isouter=True)
    )


def _narrow(
    query: Any,
    rank: Rank | None,
    *,
    stances: Collection[str] | None,
    place_id: int | None,
    publication_id: int | None,
    since: datetime | None,
    areas: Collection[int] | None = None,
) -> Any:
    query = query.where(col(Interaction.ours).is_(False), col(Interaction.gone_at).is_(None))
    if rank is not None:
        kinds, inside = rank
        if inside:
            query = query.where(col(Reading.kind).in_(sorted(kinds)))
            if kinds <= set(_FIRST):
                # Rare kinds: start from their readings, along the index on kind, not from every reply there is.
                rare = select(col(Reading.interaction_id)).where(col(Reading.kind).in_(sorted(kinds)))
                query = query.where(col(Interaction.id).in_(rare))
        else:
            query = query.where(or_(col(Reading.kind).is_(None), col(Reading.kind).not_in(sorted(kinds))))
    if stances is not None:
        query = query.where(col(Reading.stance).in_(sorted(stances)))
    if place_id is not None:
        query = query.where(col(Publication.place_id).in_(places_within(place_id)))
    if areas is not None:
        query = query.where(col(Publication.place_id).in_(sorted(areas)))
    if publication_id is not None:
        query = query.where(col(Interaction.publication_id) == publication_id)
    if since is not None:
        query = query.where(col(Interaction.created_at) >= since)
    return query


def _count(session: Session, rank: Rank | None, **wanted: Any) -> int:
    query = (
        select(func.count())
        .select_from(Interaction)
        .join(Publication, col(Publication.id) == Interaction.publication_id)
        .join(Reading, col(Reading.id) == _latest_reading(), isouter=True)
    )
    return int(session.execute(_narrow(query, rank, **wanted)).scalar_one())

"""One area in one place: its residents, what worries them, who speaks to them and where, what was asked for and what was
done, what was posted lately and what came of it. The page, the command line and reports read it from here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from insights.area_members import members_of
from insights.areas import reactions_of
from insights.chosen import Chosen
from insights.denominators import Residents, per_1000, residents_of
from insights.facts import PublicationFacts as Facts
from insights.figures import FigureRow, totals
from insights.reaching import reaching
from insights.response_times import ResponseRow, response_times
from insights.sentiment import Sentiment, sentiment_of
from social.accounts import Account, Audience
from social.alerts.survey_concerns import Concerns, top_concerns
from social.asked_and_done import Asked, asked_and_done
from social.community_pages import pages_of, shares_noted
from social.errors import InputError
from social.local_events import LocalEvent, events_of
from social.open_data_credit import credit_for
from social.partners import languages_of, partners_of
from social.places import Place, areas_above, places_within
from social.police_data_areas import police_data_areas
from social.priorities import Priority, priorities_of
from social.profiles import CommunityPage, Partner, PlaceLanguage
from social.publications import Publication

PERIOD = timedelta(days=28)
REACHED = timedelta(days=84)
"""Over which it is told what reached residents: four weeks hold too few posts of a kind."""
CHANNELS_SINCE = timedelta(days=365)
"""An account that posted about the area within this time is one of its channels."""
EVENTS_UNTIL = timedelta(days=90)
MOST_POSTS = 10


@dataclass(frozen=True)
class AreaChannel:
    """An account that speaks about the area.  posts: about it, within `CHANNELS_SINCE`.  followers: of the account, not
    of the area, as last reported; never to be added up (M03)."""

    account: str
    channel: str
    posts: int
    last_post_at: datetime
    followers: int | None
    followers_at: datetime | None


@dataclass(frozen=True)
class AreaPost:
    """A post about the area.  text: '' where it was erased.  reach .. unanswered: as `PublicationFacts` has them.
    shared_by: names of the community pages that passed it on."""

    publication_id: int
    published_at: datetime
    channel: str
    content_type: str
    text: str
    gone: bool
    reach: int | None
    reactions: int | None
    replies: int
    unanswered: int
    shared_by: tuple[str, ...]


@dataclass(frozen=True)
class AreaProfile:
    """What is known of an area and of what lies in it.

    above: names from the force down to what it lies in.  areas: itself and all beneath it, by number.
    figures, sentiment: of the posts since `since` about any of them.  answers: to questions and complaints written since.  reached: sentences of `insights.reaching`.  compared_posts, reactions, per_1000: as in `insights.areas`.
    contactable: named officers of the area itself whom residents can reach (M15), None where nobody asked.  One officer may
    be named in several areas, so these are never added up: with_officer is how many areas beneath it name one, of how many
    whose officers are known; None where the area's own are known, or nobody asked.
    languages_of: name of the area whose list of languages it is.  members: of the alert service who chose the area or
    one beneath; None where it, or a part that follows from it, is small (`members_of`, R27)."""

    place: Place
    above: tuple[str, ...]
    areas: Mapping[int, str]
    residents: Residents | None
    since: datetime
    figures: FigureRow
    answers: ResponseRow
    sentiment: Sentiment
    reached: tuple[str, ...]
    compared_posts: int
    reactions: int | None
    per_1000: float | None
    contactable: int | None
    with_officer: tuple[int, int] | None
    channels: tuple[AreaChannel, ...]
    members: int | None
    languages: tuple[PlaceLanguage, ...]
    languages_of: str
    pages: tuple[CommunityPage, ...]
    partners: tuple[Partner, ...]
    priorities: tuple[Priority, ...]
    events: tuple[LocalEvent, ...]
    asked: tuple[Asked, ...]
    posts: tuple[AreaPost, ...]
    credit: str | None


def area_profile(session: Session, place_id: int, now: datetime, *, period: timedelta = PERIOD) -> AreaProfile:
    """Everything of one area but what surveys say, which takes longer (`concerns_of`).  period: of the figures.

    Raises InputError for an area that there is none of."""
    place = session.get(Place, place_id)
    if place is None:
        raise InputError("There is no such area. Choose one of the list.")
    areas = names_within(session, place_id)
    since = now - period
    reached_by = Chosen(since=now - REACHED, place_id=place_id)
    posts, reactions = reactions_of(session, areas, since=since)
    spoken, spoken_of = _languages(session, place)
    residents = residents_of(session, [place_id]).get(place_id)
    officers = {number: one.contactable for number, one in police_data_areas(session, areas).items()}
    return AreaProfile(
        place=place,
        above=tuple(_name(session, one) for one in reversed(areas_above(session, place.parent_id))),
        areas=areas,
        residents=residents,
        since=since,
        figures=totals(session, since=since, place_id=place_id),
        answers=response_times(session, now, since=since, place_id=place_id).total,
        sentiment=sentiment_of(session, Chosen(since=since, place_id=place_id)),
        reached=tuple(reaching(session, now, place.name, reached_by, f"in the last {REACHED.days // 7} weeks")),
        compared_posts=posts,
        reactions=reactions,
        per_1000=per_1000(reactions, residents),
        contactable=officers.get(place_id),
        with_officer=_with_officer(place_id, officers),
        channels=tuple(_channels(session, areas, now - CHANNELS_SINCE)),
        members=members_of(session, place_id),
        languages=tuple(spoken),
        languages_of=spoken_of,
        pages=tuple(pages_of(session, areas)),
        partners=tuple(partners_of(session, areas)),
        priorities=tuple(priorities_of(session, areas)),
        events=tuple(events_of(session, areas, since=now, until=now + EVENTS_UNTIL)),
        asked=tuple(asked_and_done(session, areas)),
        posts=tuple(_posts(session, areas)),
        credit=credit_for(session, areas),
    )


def concerns_of(session: Session, place_id: int, now: datetime) -> Concerns | None:
    """What residents of the area said in the newest survey that matters most to them; None where nobody asked."""
    return top_concerns(session, place_id, now)


def names_within(session: Session, place_id: int) -> dict[int, str]:
    """The area and all beneath it: number and name."""
    rows = session.connection().execute(
        select(col(Place.id), col(Place.name)).where(col(Place.id).in_(places_within(place_id)))
    )
    return {row[0] or 0: row[1] for row in rows}


def _name(session: Session, place_id: int) -> str:
    place = session.get(Place, place_id)
    return place.name if place is not None else ""


def _languages(session: Session, place: Place) -> tuple[list[PlaceLanguage], str]:
    """The area's own list, else that of the nearest area above that has one."""
    for one in areas_above(session, place.id):
        found = languages_of(session, one)
        if found:
            return found, _name(session, one)
    return [], place.name


def _channels(session: Session, areas: Collection[int], since: datetime) -> list[AreaChannel]:
    query = (
        select(col(Account.id), col(Account.name), col(Account.channel), func.count(), func.max(Facts.published_at))
        .join(Facts, col(Facts.account_id) == col(Account.id))
        .where(col(Facts.place_id).in_(sorted(areas)), col(Facts.published_at) >= since)
        .group_by(col(Account.id), col(Account.name), col(Account.channel))
        .order_by(func.count().desc(), col(Account.name))
    )
    rows = session.connection().execute(query).all()
    audiences = {row[0]: _audience(session, row[0] or 0) for row in rows}
    return [
        AreaChannel(name, channel, posts, last, *audiences[account_id])
        for account_id, name, channel, posts, last in rows
    ]


def _audience(session: Session, account_id: int) -> tuple[int | None, datetime | None]:
    query = select(col(Audience.followers), col(Audience.fetched_at)).where(col(Audience.account_id) == account_id)
    row = session.connection().execute(query.order_by(col(Audience.fetched_at).desc()).limit(1)).first()
    return (row[0], row[1]) if row is not None else (None, None)


def _with_officer(place_id: int, officers: Mapping[int, int | None]) -> tuple[int, int] | None:
    counts = [count for count in officers.values() if count is not None]
    if officers.get(place_id) is not None or not counts:
        return None
    return sum(count > 0 for count in counts), len(counts)


def _posts(session: Session, areas: Collection[int]) -> list[AreaPost]:
    query: Any = (
        select(Publication, Facts)
        .join(Facts, col(Facts.publication_id) == col(Publication.id))
        .where(col(Facts.place_id).in_(sorted(areas)))
        .order_by(col(Facts.published_at).desc(), col(Facts.publication_id).desc())
        .limit(MOST_POSTS)
    )
    rows: Sequence[Any] = session.exec(query).all()
    shared = shares_noted(session, [facts.publication_id for _, facts in rows])
    return [
        AreaPost(
            facts.publication_id, facts.published_at, facts.channel, facts.content_type,
            "" if post.erased_at is not None else post.text, post.withdrawn_at is not None or post.gone_at is not None,
            facts.reach, facts.reactions, facts.replies_stored, facts.unanswered,
            tuple(page.name for _, page in shared.get(facts.publication_id, [])),
        )
        for post, facts in rows
    ]  # fmt: skip

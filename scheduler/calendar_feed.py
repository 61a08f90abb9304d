"""A team's plan in the calendars of its people: an address for each, that calendar programs ask now and then (iCalendar,
RFC 5545).

It tells what goes out when and where, never the words: an appeal that nobody has approved has no business in somebody's
telephone. Each address is secret, belongs to one person, ends when the person says so or is shut out, and shows what the
person may see at that moment."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event
from sqlmodel import Field, Session, SQLModel, col, select

from scheduler.awareness import Occurrence, days_between, read_calendar
from scheduler.posts import Post
from scheduler.queries import PostSummary, posts_between
from social import audit
from social.clock import LONDON, as_local
from social.context import Context
from social.database import UTCDateTime
from social.errors import InputError
from social.places import Place, places_within
from social.staff import Action, Person, areas_of, may, require

BACK, AHEAD = timedelta(days=31), timedelta(days=186)
"""What a feed reaches back and ahead: a month to look up, half a year to plan."""
LASTS = timedelta(minutes=15)
"""How long a post stands in a calendar; one of no length is not drawn by every program."""


class CalendarFeed(SQLModel, table=True):
    """One address.  digest: keyed, of the secret in it, which stands nowhere.  place_id: the area that it tells of with
    all beneath it; None for the whole force.  ended_at: it answers no more."""

    __tablename__ = "calendar_feed"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    place_id: int | None = Field(default=None, foreign_key="place.id")
    digest: str = Field(unique=True)
    made_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


@dataclass(frozen=True)
class Feed:
    """number: of its record.  place: name of the area, None for the whole force."""

    number: int
    place: str | None
    made_at: datetime


def make_feed(context: Context, person: Person, place_id: int | None) -> str:
    """The secret of a new address for this person.  It is told once.  Raises NotAllowed."""
    secret = secrets.token_urlsafe(24)
    with context.database.write() as session:
        now = context.clock.now()
        require(session, person, Action.READ_FIGURES)
        _require_area(session, person, place_id)
        feed = CalendarFeed(person_id=person.id or 0, place_id=place_id, digest=_digest(context, secret), made_at=now)
        session.add(feed)
        session.flush()
        audit.record(session, now, actor=person, action="make calendar feed", subject=("calendar feed", feed.id or 0),
                     after={"area": place_id})  # fmt: skip
    return secret


def end_feed(context: Context, person: Person, number: int) -> None:
    """Let one of the person's own addresses answer no more.  Raises InputError for another's."""
    with context.database.write() as session:
        now = context.clock.now()
        require(session, person, Action.READ_FIGURES)
        feed = session.get(CalendarFeed, number)
        if feed is None or feed.person_id != person.id:
            raise InputError("That is no calendar address of yours.")
        if feed.ended_at is None:
            feed.ended_at = now
            session.add(feed)
            audit.record(session, now, actor=person, action="end calendar feed", subject=("calendar feed", number))


def feeds_of(session: Session, person: Person) -> list[Feed]:
    """The person's addresses that still answer, oldest first."""
    query = (
        select(CalendarFeed, Place)
        .join(Place, col(Place.id) == col(CalendarFeed.place_id), isouter=True)
        .where(CalendarFeed.person_id == person.id, col(CalendarFeed.ended_at).is_(None))
        .order_by(col(CalendarFeed.id))
    )
    return [Feed(feed.id or 0, place.name if place else None, feed.made_at) for feed, place in session.exec(query)]


def feed_with(context: Context, session: Session, secret: str) -> CalendarFeed | None:
    """The feed of that secret, as long as it answers and its person may see what it tells."""
    query = select(CalendarFeed).where(
        CalendarFeed.digest == _digest(context, secret), col(CalendarFeed.ended_at).is_(None)
    )
    feed = session.exec(query).first()
    if feed is None:
        return None
    person = session.get_one(Person, feed.person_id)
    return feed if may(session, person, Action.READ_FIGURES) and _sees(session, person, feed.place_id) else None


def calendar_of(session: Session, feed: CalendarFeed, now: datetime, address: str) -> bytes:
    """The calendar as its file.  address: of the app, for the link of each post; '' leaves the links out."""
    within = None if feed.place_id is None else set(session.exec(places_within(feed.place_id)).all())
    start, end = now - BACK, now + AHEAD
    posts = posts_between(session, start, end)
    if within is not None:
        about = dict(session.exec(select(Post.id, Post.place_id).where(col(Post.due_at) >= start)).all())
        posts = [post for post in posts if about.get(post.post_id) is None or about[post.post_id] in within]
    days = days_between(read_calendar(session), as_local(start).date(), as_local(end).date())
    days = [day for day in days if within is None or day.place_id is None or day.place_id in within]
    return write_calendar(posts, days, now, address)


def write_calendar(posts: Sequence[PostSummary], days: Sequence[Occurrence], now: datetime, address: str) -> bytes:
    """iCalendar text: an event of a quarter of an hour for each post, a whole-day one for each awareness day."""
    calendar = Calendar()
    calendar.add("prodid", "-//Beatline//Plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Beatline plan")
    calendar.add("x-wr-timezone", str(LONDON))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for post in posts:
        calendar.add_component(_post(post, now, address))
    for day in days:
        calendar.add_component(_day(day, now))
    written: bytes = calendar.to_ical()
    return written


def _post(post: PostSummary, now: datetime, address: str) -> Event:
    assert post.due_at is not None
    event = Event()
    event.add("uid", f"post-{post.post_id}@beatline.invalid")
    event.add("dtstamp", now)
    event.add("dtstart", post.due_at)
    event.add("dtend", post.due_at + LASTS)
    event.add("summary", f"{post.label} ({post.status.replace('_', ' ')})")
    event.add("location", post.place or "Whole force")
    event.add("description", f"On {', '.join(post.accounts) or 'no account'}. The words are in Beatline.")
    event.add("transp", "TRANSPARENT")
    if address:
        event.add("url", f"{address}/post?id={post.post_id}")
    return event


def _day(day: Occurrence, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"day-{day.first.isoformat()}-{day.key}@beatline.invalid")
    event.add("dtstamp", now)
    event.add("dtstart", day.first)
    event.add("dtend", day.last + timedelta(days=1))
    event.add("summary", day.name)
    event.add("transp", "TRANSPARENT")
    return event


def _sees(session: Session, person: Person, place_id: int | None) -> bool:
    own = areas_of(session, person)
    return own is None or place_id in own


def _require_area(session: Session, person: Person, place_id: int | None) -> None:
    if not _sees(session, person, place_id):
        raise InputError("Choose one of the areas that you look after.")


def _digest(context: Context, secret: str) -> str:
    return context.vault.sign_in_digest("calendar feed", secret)

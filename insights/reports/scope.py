"""What one report is about: where, from which day to which, read at which moment."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session, select

from insights.figures import FigureRow, figures_by
from social.clock import LONDON, as_local
from social.places import Place, PlaceKind, areas_above, places_within
from social.words import say_moment

NO_FORCE = "The police force that runs this Beatline"


@dataclass(frozen=True)
class Scope:
    """session: open for reading.  since, until: local days, both included.  place: None for the whole force.

    tracking: whether opens of alerts are counted.  outside: whether it leaves the force, so that small numbers are
    hidden (R27)."""

    session: Session
    now: datetime
    since: date
    until: date
    place: Place | None = None
    tracking: bool = False
    outside: bool = False

    @property
    def place_id(self) -> int | None:
        return self.place.id if self.place is not None else None

    @property
    def start(self) -> datetime:
        """The first instant of the first day."""
        return local_midnight(self.since)

    @property
    def end(self) -> datetime:
        """The first instant after the last day."""
        return local_midnight(self.until + timedelta(days=1))

    @property
    def is_over(self) -> bool:
        return self.end <= self.now

    @property
    def force(self) -> str:
        """The name of the force."""
        found = None
        for number in areas_above(self.session, self.place_id):
            one = self.session.get(Place, number)
            found = one.name if one is not None and one.kind == PlaceKind.FORCE else found
        if found is None:
            first = select(Place).where(Place.kind == PlaceKind.FORCE.value).order_by(Place.name)
            one = self.session.exec(first).first()
            found = one.name if one is not None else NO_FORCE
        return found

    @property
    def where(self) -> str:
        return self.place.name if self.place is not None else self.force

    @property
    def about(self) -> str:
        """' about Copperbeck'; nothing for the whole force."""
        return f" about {self.where}" if self.place is not None and self.place.kind != PlaceKind.FORCE else ""

    @property
    def when(self) -> str:
        return say_period(self.since, self.until)

    @property
    def as_of(self) -> str:
        rest = "" if self.is_over else ". The period is not over yet"
        return f"As of {say_moment(self.now)}{rest}"

    @property
    def place_ids(self) -> list[int]:
        """The area and everything beneath it; every area for the whole force."""
        every = select(Place.id)
        if self.place_id is not None:
            every = every.where(Place.id.in_(places_within(self.place_id)))  # type: ignore[union-attr]  # a column
        return [number for number in self.session.exec(every) if number is not None]

    def caption(self, what: str) -> str:
        """'Posts by network, Copperbeck, 1 July to 30 September 2026'."""
        return f"{what}, {self.where}, {self.when}"

    def before(self) -> "Scope":
        """The period of as many days just before."""
        days = (self.until - self.since).days + 1
        return replace(self, since=self.since - timedelta(days=days), until=self.since - timedelta(days=1))

    def figures(self, by: str, channel: str | None = None, content_type: str | None = None) -> list[FigureRow]:
        """`insights.figures.figures_by` of this area and period: the same numbers as on pages and in CSV."""
        return figures_by(
            self.session, by, since=self.start, until=self.end, channel=channel, place_id=self.place_id,
            content_type=content_type,
        )  # fmt: skip


def local_midnight(day: date) -> datetime:
    """The instant at which the local day begins."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def local_day(moment: datetime) -> date:
    return as_local(moment).date()


def short_day(day: date) -> str:
    """24 November 2026."""
    return f"{day.day} {day:%B} {day.year}"


def table_day(day: date) -> str:
    """24 Nov 2026: as a cell of a table holds it, on one line (the spaces do not break)."""
    return f"{day.day}\N{NO-BREAK SPACE}{day:%b}\N{NO-BREAK SPACE}{day.year}"


def say_period(since: date, until: date) -> str:
    """'1 July to 30 September 2026'; a year is said twice only where it changes."""
    if since == until:
        return short_day(since)
    first = short_day(since) if since.year != until.year else f"{since.day} {since:%B}"
    return f"{first} to {short_day(until)}"

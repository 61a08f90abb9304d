"""Holds as plain values for pages and commands. Nothing here changes anything."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from scheduler.explain import moment
from scheduler.hold_kinds import KINDS, HoldKind
from scheduler.hold_rules import Hold, hold_numbered, holds_in_force, is_adrift
from scheduler.holds import list_holds, standing, stopped_posts
from scheduler.queries import PostSummary, posts_numbered
from social.accounts import Account
from social.places import Place, areas_above
from social.publications import Publication
from social.staff import Person

LATELY = timedelta(hours=1)
"""What went out in this time before a hold is shown beside it: somebody may want to take it down."""


@dataclass(frozen=True)
class HoldView:
    """One hold with what people ask about it.

    label, area, placed_by, released_by: names.  stops, passes: in plain words.  standing: as `holds.standing` says."""

    id: int
    kind: HoldKind
    label: str
    place_id: int | None
    area: str
    standing: str
    starts_at: datetime
    ends_at: datetime | None
    over_at: datetime | None
    reason: str
    names: tuple[str, ...]
    placed_by: str
    placed_at: datetime
    released_by: str | None
    release_reason: str | None
    stops: str
    passes: str

    @property
    def over(self) -> bool:
        return self.standing in ("called off", "released", "ended")

    @property
    def placed(self) -> str:
        return moment(self.placed_at)

    @property
    def until(self) -> str:
        """When it ends or ended, in words."""
        return moment(self.over_at) if self.over_at is not None else "until it is released"

    def as_json(self) -> dict[str, Any]:
        """For programs: times as ISO 8601 in UTC."""
        times = {"from": self.starts_at, "until": self.over_at}
        return {
            "id": self.id,
            "kind": self.kind.value,
            "area": self.area,
            "standing": self.standing,
            **{name: at.isoformat() if at is not None else None for name, at in times.items()},
            "reason": self.reason,
            "by": self.placed_by,
        }

    def as_row(self) -> tuple[str, ...]:
        return (str(self.id), self.label, self.area, self.standing, moment(self.starts_at), self.until, self.reason,
                self.placed_by)  # fmt: skip


def hold_views(session: Session, now: datetime) -> list[HoldView]:
    """Holds in force, planned, or over within 30 days: those in force first, then the newest."""
    views = [_view(session, hold, now) for hold in list_holds(session, now)]
    order = {"in force": 0, "planned": 1}
    return sorted(views, key=lambda view: order.get(view.standing, 2))


def holds_now(session: Session, now: datetime) -> list[HoldView]:
    """Those in force at this moment, the kill switch first."""
    return [_view(session, hold, now) for hold in holds_in_force(session, now)]


def hold_view(session: Session, hold_id: int, now: datetime) -> HoldView:
    """Raises InputError when there is none."""
    return _view(session, hold_numbered(session, hold_id), now)


def _view(session: Session, hold: Hold, now: datetime) -> HoldView:
    place = session.get(Place, hold.place_id) if hold.place_id is not None else None
    released_by = session.get(Person, hold.released_by_id) if hold.released_by_id is not None else None
    kind = HoldKind(hold.kind)
    facts = KINDS[kind]
    assert hold.id is not None
    return HoldView(
        id=hold.id,
        kind=kind,
        label=facts.label,
        place_id=hold.place_id,
        area=place.name if place is not None else "the whole force",
        standing=standing(hold, now),
        starts_at=hold.starts_at,
        ends_at=hold.ends_at,
        over_at=hold.over_at,
        reason=hold.reason,
        names=tuple(hold.names.splitlines()),
        placed_by=session.get_one(Person, hold.placed_by_id).name,
        placed_at=hold.placed_at,
        released_by=released_by.name if released_by is not None else None,
        release_reason=hold.release_reason,
        stops=facts.stops,
        passes=facts.passes,
    )


@dataclass(frozen=True)
class StoppedView:
    """A post that a hold stopped.  hold_id, still, late: as in `holds.Stopped`."""

    post: PostSummary
    hold_id: int
    still: int | None
    late: bool


def stopped_views(session: Session, now: datetime) -> list[StoppedView]:
    """Every post that holds stopped and that nobody has decided about yet, by the time it was planned for."""
    stopped = stopped_posts(session, now)
    posts = {post.post_id: post for post in posts_numbered(session, [one.post_id for one in stopped])}
    return [StoppedView(posts[one.post_id], one.hold_id, one.still, one.late) for one in stopped]


@dataclass(frozen=True)
class WentOut:
    """A post that went out shortly before a hold.  post_id: None for one that was not planned here."""

    post_id: int | None
    text: str
    account: str
    channel: str
    place: str | None
    url: str | None
    published_at: datetime


def went_out(session: Session, place_id: int | None, before: datetime) -> list[WentOut]:
    """What went out in the hour before, in the area, for a larger one or about a place that may lie anywhere,
    newest first."""
    query = (
        select(Publication, Account)
        .join(Account, col(Account.id) == col(Publication.account_id))
        .where(col(Publication.published_at) > before - LATELY, col(Publication.published_at) <= before)
        .order_by(col(Publication.published_at).desc())
    )
    above = areas_above(session, place_id)
    found = []
    for publication, account in session.exec(query):
        areas = areas_above(session, publication.place_id)
        if place_id is None or not areas or place_id in areas or areas[0] in above or is_adrift(session, areas):
            place = session.get(Place, publication.place_id) if publication.place_id is not None else None
            found.append(WentOut(publication.post_id, publication.text, account.name, account.channel,
                                 place.name if place else None, publication.url, publication.published_at))  # fmt: skip
    return found

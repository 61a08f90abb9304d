"""Does a hold stop this post? The table of holds, and the one decision about them that everything asks: the worker
inside the very transaction that records a request, the page that shows what a hold will stop, and whoever says yes.

A hold is never only about the present: a post that was due while a hold that stops it was in force does not go out
by itself afterwards either, whether or not a worker came by in time to hold it (R37)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import bindparam
from sqlalchemy import select as sa_select
from sqlmodel import Field, Session, SQLModel, col, or_, select

from scheduler.campaign_names import campaign_began
from scheduler.checks import Subject
from scheduler.checks.politics import check_politics
from scheduler.content_types import ContentType, kind_of
from scheduler.hold_kinds import KINDS, HoldKind
from scheduler.posts import Media, Post, Variant
from social.database import UTCDateTime
from social.errors import InputError
from social.places import Place, PlaceKind, areas_above


class Hold(SQLModel, table=True):
    """One order to hold posts back.

    place_id: for this area and all that lies in it; None for the whole force.  starts_at, ends_at: as it was ordered,
    UTC; ends_at None until somebody releases it.  over_at: when it ends or ended in fact, None while nobody knows.
    names: candidates in an election, one to a line, '' for none (R35).  released_at before starts_at: it never came
    into force.  swept_at: when what was queued at its start was held."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    place_id: int | None = Field(default=None, foreign_key="place.id")
    starts_at: datetime = Field(sa_type=UTCDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    over_at: datetime | None = Field(default=None, index=True, sa_type=UTCDateTime)
    reason: str
    names: str = ""
    placed_at: datetime = Field(sa_type=UTCDateTime)
    placed_by_id: int = Field(foreign_key="person.id")
    released_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    released_by_id: int | None = Field(default=None, foreign_key="person.id")
    release_reason: str | None = None
    swept_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    def in_force(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.over_at is None or at < self.over_at)


class HoldPass(SQLModel, table=True):
    """One version of a post that somebody let through one hold, with the reason: it is necessary (R37), or corporate
    communications answer for it before a poll (R35)."""

    __tablename__ = "hold_pass"

    hold_id: int = Field(primary_key=True, foreign_key="hold.id")
    post_id: int = Field(primary_key=True, foreign_key="post.id")
    version: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
    by_id: int = Field(foreign_key="person.id")
    reason: str


@dataclass(frozen=True)
class Held:
    """What of a post decides whether a hold stops it.

    areas: its own area and those above it; empty when it is about no single area.  campaign_began: when the campaign
    that it belongs to was begun, None when it belongs to none.  words: everything that residents read.  corporate:
    corporate communications approved it as it stands.  adrift: nobody knows what its area lies in."""

    kind: ContentType
    areas: Sequence[int] = ()
    campaign_began: datetime | None = None
    words: Sequence[str] = ()
    corporate: bool = False
    adrift: bool = False


def stops(hold: Hold, above: Sequence[int], post: Held) -> bool:
    """Does this hold, while it is in force, stop this post?

    above: the hold's own area and those above it.

    Inside the hold's area everything stops that its kind does not let through. A post about a larger area that holds
    this one, about none, or about a place that no force is known to hold, may be read here too: it is stopped by
    `stop_all` and before polls as it would be inside, and by the others when it is light, since a joke hurts the people
    here wherever it was meant for (R38), while news for everybody else must not wait."""
    kind, where = HoldKind(hold.kind), reach(hold, above, post)
    if where is None or not _stops_inside(kind, hold, post):
        return False
    return where == "inside" or kind in (HoldKind.STOP_ALL, HoldKind.PRE_ELECTION) or post.kind.light


def reach(hold: Hold, above: Sequence[int], post: Held) -> Literal["inside", "around"] | None:
    """Whether the post is about what lies inside the hold's area, or about a larger one or a place that may lie
    anywhere; else None."""
    if hold.place_id is None or hold.place_id in post.areas:
        return "inside"
    return "around" if not post.areas or post.adrift or post.areas[0] in above else None


def is_adrift(session: Session, areas: Sequence[int]) -> bool:
    """Whether no force stands above an area, as with a name that somebody typed and no map knows: it may lie in any.

    areas: the area and those above it; none is the whole force, and not adrift."""
    top = session.get(Place, areas[-1]) if areas else None
    return top is not None and top.kind != PlaceKind.FORCE


def _stops_inside(kind: HoldKind, hold: Hold, post: Held) -> bool:
    if kind is HoldKind.STOP_ALL:  # R31: the kill switch knows no exception, whatever is configured
        return True
    if kind is HoldKind.PRE_ELECTION:
        return _new_campaign(hold, post) or (not post.corporate and names_candidate(hold, post.words))
    return kind not in post.kind.passes


def _new_campaign(hold: Hold, post: Held) -> bool:
    """R35: campaigns begun in the period stop; appeals and safety go on."""
    if post.campaign_began is None or post.campaign_began < hold.starts_at:
        return False
    goes_on = post.kind.appeal or HoldKind.CRITICAL_INCIDENT in post.kind.passes
    return not goes_on


def names_candidate(hold: Hold, words: Sequence[str]) -> bool:
    """Whether a party, an elected member, a poll or one of the hold's candidates is named (R35)."""
    candidates = tuple(name for name in hold.names.splitlines() if name)
    subjects = (Subject(text=" ".join(text.split()), period="", candidates=candidates) for text in words)
    return any(finding.level == "needs_approval" for subject in subjects for finding in check_politics(subject))


# From the database


def hold_against(session: Session, post: Post | int, due_at: datetime | None, now: datetime) -> Hold | None:
    """The hold that keeps this post from going out now: one that stops it and that was in force at any moment from
    its time until now; None when there is none. The most far-reaching first.

    post: or its id, so that nothing is read of it while there is no hold.  due_at: None, or a time still ahead, asks
    about this moment alone."""
    holds = holds_since(session, min(due_at or now, now), now)
    if not holds:
        return None
    post = post if isinstance(post, Post) else session.get_one(Post, post)
    about = held_of(session, post, words=any(hold.kind == HoldKind.PRE_ELECTION for hold in holds))
    let_through = passes_of(session, post)
    stopping = (hold for hold in holds if stops(hold, areas_above(session, hold.place_id), about))
    return next((hold for hold in stopping if hold.kind == HoldKind.STOP_ALL or hold.id not in let_through), None)


def passes_of(session: Session, post: Post) -> set[int]:
    """The holds through which this version of the post was let."""
    return set(
        session.exec(select(HoldPass.hold_id).where(HoldPass.post_id == post.id, HoldPass.version == post.version))
    )


def hold_numbered(session: Session, hold_id: int) -> Hold:
    """Raises InputError when there is none."""
    hold = session.get(Hold, hold_id)
    if hold is None:
        raise InputError(f"There is no hold {hold_id}. `beatline hold list` shows those there are.")
    return hold


def holds_since(session: Session, since: datetime, now: datetime) -> list[Hold]:
    """Holds that were in force at any moment from `since` until now, those that stop everything first."""
    found = session.execute(_since(), {"since": since, "now": now}).scalars()
    return sorted(found, key=lambda hold: (hold.kind != HoldKind.STOP_ALL, hold.id or 0))


# Asked for every group that is sent, and built once: building it costs more than running it.
@cache
def _since() -> Any:
    since, now = (bindparam(name, type_=UTCDateTime) for name in ("since", "now"))
    ended = (col(Hold.over_at) > since) & (col(Hold.over_at) > col(Hold.starts_at))
    return sa_select(Hold).where(col(Hold.starts_at) <= now, or_(col(Hold.over_at).is_(None), ended))


def holds_in_force(session: Session, now: datetime, place_id: int | None = None) -> list[Hold]:
    """The holds in force at this moment, the kill switch first.

    place_id: only those that bear on posts about this area: its own, those above it, and those inside it; all of them
    when nobody knows what it lies in."""
    holds = [hold for hold in holds_since(session, now, now) if hold.in_force(now)]
    areas = areas_above(session, place_id)
    if place_id is None or is_adrift(session, areas):
        return holds
    return [
        h for h in holds if h.place_id is None or h.place_id in areas or place_id in areas_above(session, h.place_id)
    ]


def held_of(session: Session, post: Post, *, words: bool = True) -> Held:
    """What the holds ask about a stored post.  words: also what it says, which only the time before a poll asks."""
    kind, areas = kind_of(post.content_type), areas_above(session, post.place_id)
    return Held(
        kind=kind,
        areas=areas,
        adrift=is_adrift(session, areas),
        campaign_began=_campaign_began(session, post, kind),
        words=words_of_post(session, post) if words else (),
        corporate=(
            post.approved_by_id is not None
            and post.approved_version == post.version
            and post.approved_level == "corporate"
        ),
    )


def words_of_post(session: Session, post: Post) -> list[str]:
    """Everything that residents read of it, on whatever channel."""
    variants = session.exec(select(Variant.text).where(Variant.post_id == post.id))
    pictures = session.exec(select(Media.alt_text).where(Media.post_id == post.id))
    return [post.text, *variants, *pictures]


def _campaign_began(session: Session, post: Post, kind: ContentType) -> datetime | None:
    """When its campaign was launched or its first post planned; of a campaign without a name, when this one was."""
    if post.campaign:
        return campaign_began(session, post.campaign)
    return None if HoldKind.PRE_ELECTION in kind.passes else post.created_at


def stopped_by(session: Session, hold: Hold) -> str:
    """Why it does not go out, for people."""
    return f"Stopped by {say_hold(session, hold)}. It goes out only after somebody has said yes."


def say_hold(session: Session, hold: Hold) -> str:
    """The hold in words, for the reason of what it stops: 'hold 3 (critical incident, Marlpit End; R37)'."""
    place = session.get(Place, hold.place_id) if hold.place_id is not None else None
    facts = KINDS[HoldKind(hold.kind)]
    where = place.name if place is not None else "the whole force"
    return f"hold {hold.id} ({facts.label.lower()}, {where}; {facts.rule})"

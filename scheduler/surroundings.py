"""What stands around a post: the force it is for, what was said lately, and who else speaks at the same time.

The checks are pure; this is where the database is asked for them, by index and within bounds."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, text

from scheduler.cases import case_with, exception_for
from scheduler.checks import About, AlertFact, OtherPost
from scheduler.conditions import When, with_conditions
from scheduler.entries import Entry
from scheduler.inputs import PostInput, about_of
from scheduler.post_audience import alert_fact, alert_of
from scheduler.posts import Post
from scheduler.slots import to_instant
from social.accounts import channels_of
from social.alerts.audience import Reach, anybody
from social.alerts.topics import TOPICS
from social.clock import as_local
from social.context import Context
from social.errors import InputError
from social.house_rules import house_rules
from social.places import Place, PlaceKind, list_places, places_named
from social.publications import Publication

LATELY = timedelta(days=7)
MOST = 50
"""Posts of the last days that a new one is held against, newest first."""
AT_ONCE = timedelta(minutes=30)
_QUEUED = text("entry.state = 'queued'")  # as a parameter it would not let SQLite walk the partial index


def force_of(session: Session, place: Place | None) -> str | None:
    """Name of the force whose area this is; without an area, of the only force there is."""
    for _ in PlaceKind:
        if place is None or place.kind == PlaceKind.FORCE:
            break
        place = session.get(Place, place.parent_id) if place.parent_id is not None else None
    if place is not None:
        return place.name
    forces = list_places(session, PlaceKind.FORCE)
    return forces[0].name if len(forces) == 1 else None


def about_post(session: Session, post: Post, now: datetime | None = None) -> About:
    """What the checks are told about a stored post; other posts are only held against it while it is planned.

    now: where it is asked for a post that may be late; None asks about its own time."""
    place = session.get(Place, post.place_id) if post.place_id is not None else None
    name = place.name if place is not None else None
    about = About(
        content_type=post.content_type,
        lang=post.lang,
        case_stage=post.case_stage,
        appeal_ref=post.appeal_ref,
        place=name,
        force=force_of(session, place),
        alert=alert_fact(alert_of(session, post), place is not None),
    )
    if post.due_at is not None:
        when = When(post.due_at, post.created_at, post.place_id, post.campaign, now or post.due_at)
        about = with_conditions(session, about, when)
    at = max(post.due_at, now or post.due_at) if post.due_at is not None else None
    return with_case(session, with_house(session, about, at), post.id)


def with_house(session: Session, about: About, at: datetime | None) -> About:
    """With what the force set for itself.  at: the moment at which residents will read it, None while undecided."""
    rules = house_rules(session)
    quiet = rules.quiet if rules.quiet is not None and at is not None and rules.quiet.hold(at) else None
    day = as_local(at).date() if at is not None else None
    return replace(about, house_words=rules.words, quiet=quiet.in_words if quiet is not None else "", day=day)


def with_case(session: Session, about: About, post_id: int | None) -> About:
    """With what the case of the post's reference says in place of what the post says itself (R01-R03, R05, R06)."""
    case = case_with(session, about.appeal_ref)
    if case is None:
        # A decision for one post counts where the post says its stage; most posts are about no case at all.
        named = about.case_stage not in ("none", "") and exception_for(session, None, post_id)
        return replace(about, name_exception=named) if named else about
    named = exception_for(session, case, post_id)
    return replace(about, case_stage=case.stage, name_exception=named, offence_class=case.offence_class,
                   involves_under_18=case.involves_under_18)  # fmt: skip


def about_given(
    context: Context, given: PostInput, account_ids: Collection[int], now: datetime, post_id: int | None = None
) -> About:
    """What the checks are told about a post that is being planned, with the other posts that it is held against."""
    with context.database.read() as session:
        place = _place_named(session, given.place)
        force = given.force or force_of(session, place)
        due_at = _instant(given)
        others = others_of(session, account_ids, now=now, due_at=due_at, place=place, post_id=post_id)
        about = with_case(session, about_of(given), post_id)
        kept = session.get(Post, post_id) if post_id is not None else None
        began = kept.created_at if kept is not None else now
        place_id = place.id if place is not None else None
        about = with_conditions(session, about, When(due_at or now, began, place_id, given.campaign or None, now))
        about = with_house(session, about, max(due_at, now) if due_at is not None else None)
        alert = _alert_given(session, given, place)
    return replace(about, force=force, others=others, answering=True, alert=alert)


def _alert_given(session: Session, given: PostInput, place: Place | None) -> AlertFact | None:
    if given.alert is None or "alert" not in channels_of(session, given.account_names):
        return None
    audience = given.alert.audience
    if not audience.place_ids and place is not None and place.id is not None:
        audience = replace(audience, place_ids=(place.id,))
    known = audience.topic in TOPICS and bool(audience.place_ids)
    reaches = anybody(session, audience, Reach(given.alert.urgent, texts=True)) if known else None
    return alert_fact(given.alert, place is not None, reaches)


def _place_named(session: Session, name: str | None) -> Place | None:
    if not name:
        return None
    return next(iter(places_named(session, name)), None)


def _instant(given: PostInput) -> datetime | None:
    try:
        return to_instant(given.due_local, given.fold) if given.due_local is not None else None
    except InputError:
        return None  # said elsewhere


def others_of(
    session: Session,
    account_ids: Collection[int],
    *,
    now: datetime,
    due_at: datetime | None,
    place: Place | None,
    post_id: int | None = None,
) -> tuple[OtherPost, ...]:
    """Posts of the last days on these accounts, and those that another team has queued there within 30 minutes.

    post_id: the post itself, which is left out."""
    return (*_lately(session, account_ids, now, post_id), *_at_once(session, account_ids, due_at, place, post_id))


def _lately(session: Session, account_ids: Collection[int], now: datetime, post_id: int | None) -> list[OtherPost]:
    # The sum keeps a planner from walking all that the account ever published: the last days are few.
    on_these = (col(Publication.account_id) + 0).in_(account_ids)
    query = (
        select(Publication)
        .where(col(Publication.published_at) > now - LATELY, on_these)
        .order_by(col(Publication.published_at).desc())
        .limit(MOST)
    )
    return [
        OtherPost(found.text, _moment(found.published_at))
        for found in session.exec(query)
        if post_id is None or found.post_id != post_id
    ]


def _at_once(
    session: Session, account_ids: Collection[int], due_at: datetime | None, place: Place | None, post_id: int | None
) -> list[OtherPost]:
    if due_at is None or place is None:
        return []
    query = (
        select(Post, Place)
        .join(Entry, col(Entry.post_id) == col(Post.id))
        .join(Place, col(Place.id) == col(Post.place_id))
        .where(
            _QUEUED,
            col(Entry.account_id).in_(account_ids),
            col(Entry.due_at) >= due_at - AT_ONCE,
            col(Entry.due_at) <= due_at + AT_ONCE,
            col(Post.id) != (post_id or 0),
        )
        .limit(MOST)
    )
    team = _team_of(session, place)
    return [
        OtherPost(post.text, _moment(post.due_at or due_at), theirs.name, clashes=True)
        for post, theirs in session.exec(query)
        if _team_of(session, theirs) != team
    ]


def _team_of(session: Session, place: Place) -> int | None:
    """The team whose neighbourhood this is; the place itself where no team stands above it."""
    above = session.get(Place, place.parent_id) if place.parent_id is not None else None
    return above.id if above is not None and above.kind == PlaceKind.TEAM else place.id


def _moment(at: datetime) -> str:
    local = as_local(at)
    return f"{local.day} {local:%b %Y, %H:%M}"

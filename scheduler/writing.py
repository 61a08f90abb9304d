"""Writes planned posts and their later versions; always inside a transaction that the caller opened."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from scheduler import queue
from scheduler.content_types import kind_of
from scheduler.entries import Entry
from scheduler.inputs import PostInput, Prepared
from scheduler.lifecycle import Event, State
from scheduler.post_audience import keep_audience, only_area
from scheduler.posts import Media, Post, Variant
from scheduler.thread_parts import is_begun, why_it_stays
from scheduler.versions import keep_version
from social.accounts import Account
from social.audit import record
from social.errors import BeatlineError, InputError
from social.places import Place, PlaceKind, find_or_add_place, places_named
from social.staff import Person

GOING_OUT = frozenset({State.PUBLISHING, State.UNCONFIRMED})
FINISHED = frozenset({State.PUBLISHED, State.WITHDRAWN, State.DISCARDED})
_TO_DRAFT = {State.IN_REVIEW: Event.RECALL}
"""How an entry becomes a draft again; every other state that can goes by `edit`."""


def post_with_id(session: Session, post_id: int) -> Post:
    """Raises InputError when there is none."""
    post = session.get(Post, post_id)
    if post is None:
        raise InputError(f"There is no post {post_id}.")
    return post


def entries_of(session: Session, post_id: int) -> list[Entry]:
    """The entries of a post, in the order of their accounts' ids."""
    return list(session.exec(select(Entry).where(Entry.post_id == post_id).order_by(col(Entry.account_id))))


def write_post(
    session: Session,
    prepared: Prepared,
    author: Person,
    now: datetime,
    owner: Person | None = None,
    taken_from: int | None = None,
) -> Post:
    """Store a new post with its entries in draft.  owner: the person to turn to when one is stuck, else the author.

    taken_from: the post whose words it repeats."""
    assert author.id is not None
    post = Post(content_type="", text="", author_id=author.id, taken_from_id=taken_from, created_at=now, updated_at=now)
    _fill(session, post, prepared, now)
    _write_parts(session, post, prepared)
    for account in prepared.accounts:
        assert account.id is not None
        entry = queue.add_entry(session, post, account.id, now)
        if owner is not None:
            entry.owner_id = owner.id
    session.flush()
    _leave_a_trace(session, post, prepared, author, now, "plan")
    return post


def end_approval(post: Post) -> None:
    """Nobody has approved the post any more, in the caller's transaction."""
    post.approved_version, post.approved_by_id, post.approved_at, post.approved_level = None, None, None, None


def rewrite_post(session: Session, post: Post, prepared: Prepared, editor: Person, now: datetime) -> None:
    """A new version: every entry that has not gone out becomes a draft, and the approval ends with the old version.

    Raises BeatlineError while one is going out, once a part of a thread is out, and when nothing is left that an edit
    could change."""
    assert post.id is not None
    entries = entries_of(session, post.id)
    if any(State(entry.state) in GOING_OUT for entry in entries):
        raise BeatlineError("The post is going out at this moment. Wait until that is settled, then look again.")
    open_entries = [entry for entry in entries if State(entry.state) not in FINISHED]
    if begun := next(filter(is_begun, open_entries), None):
        raise BeatlineError(why_it_stays(session, begun))
    if entries and not open_entries:
        raise BeatlineError("The post is out or discarded and cannot be changed. Plan a new one.")
    if any(entry.state == State.PUBLISHED for entry in entries) and _leaves_its_appeal(post, prepared.given):
        raise InputError(
            "The post is live on another account, and comes down with its appeal (R10): its reference and its kind stay "
            "as they are. Take it down first, or plan a new post."
        )
    post.version += 1
    end_approval(post)
    _fill(session, post, prepared, now)
    session.exec(delete(Variant).where(col(Variant.post_id) == post.id))
    session.exec(delete(Media).where(col(Media.post_id) == post.id))
    _write_parts(session, post, prepared)
    for entry in open_entries:
        to_draft(session, entry, editor.email, now)
    _match_accounts(session, post, open_entries, entries, prepared.accounts, editor, now)
    _leave_a_trace(session, post, prepared, editor, now, "edit")


def _leaves_its_appeal(post: Post, given: PostInput) -> bool:
    """Whether a change would keep what is live from coming down when its appeal ends."""
    if not post.appeal_ref and not kind_of(post.content_type).appeal:
        return False
    return (given.appeal_ref or None) != post.appeal_ref or given.content_type != post.content_type


def _leave_a_trace(
    session: Session, post: Post, prepared: Prepared, editor: Person, now: datetime, action: str
) -> None:
    """Keep the version, and record it: of its words the record holds a keyed digest, no more."""
    assert post.id is not None
    body = keep_version(session, post, prepared, editor, now)
    accounts = sorted(account.id for account in prepared.accounts if account.id is not None)
    after = {"version": post.version, "body": body, "due_at": post.due_at, "accounts": accounts}
    before = {"version": post.version - 1} if post.version > 1 else None
    record(session, now, actor=editor, action=f"{action} post", subject=("post", post.id), before=before, after=after,
           place_id=post.place_id)  # fmt: skip


def to_draft(session: Session, entry: Entry, actor: str, now: datetime, reason: str | None = None) -> None:
    """Take an entry back to draft, from wherever that is possible."""
    if entry.state != State.DRAFT:
        queue.move(session, entry, _TO_DRAFT.get(State(entry.state), Event.EDIT), actor=actor, now=now, reason=reason,
                   not_before=None)  # fmt: skip


def _match_accounts(
    session: Session,
    post: Post,
    open_entries: Sequence[Entry],
    entries: Sequence[Entry],
    accounts: Sequence[Account],
    editor: Person,
    now: datetime,
) -> None:
    wanted = {account.id for account in accounts}
    for entry in open_entries:
        if entry.account_id in wanted:
            entry.due_at = post.due_at
        else:
            queue.move(session, entry, Event.DISCARD, actor=editor.email, now=now, reason="Taken off this account.")
    there = {entry.account_id: State(entry.state) for entry in entries}
    for account in accounts:
        assert account.id is not None
        if account.id not in there:
            queue.add_entry(session, post, account.id, now)
        elif there[account.id] is State.DISCARDED:
            raise InputError(f"This post was taken off {account.name} before. Plan a new post for that account.")


def _fill(session: Session, post: Post, prepared: Prepared, now: datetime) -> None:
    given = prepared.given
    place = find_place(session, given) or only_area(session, given.alert)
    post.external_ref = given.external_ref or post.external_ref
    post.content_type, post.text, post.link, post.lang = given.content_type, given.text, given.link or None, given.lang
    post.due_at, post.place_id = prepared.due_at, place.id if place else None
    campaign = " ".join((given.campaign or "").split())  # as the campaign's own name is kept
    post.campaign, post.appeal_ref, post.case_stage = campaign or None, given.appeal_ref or None, given.case_stage
    post.updated_at = now
    session.add(post)
    session.flush()


def _write_parts(session: Session, post: Post, prepared: Prepared) -> None:
    assert post.id is not None
    for channel, text in prepared.given.variants.items():
        if text.strip() and text != prepared.given.text:
            session.add(Variant(post_id=post.id, channel=channel, text=text))
    alert = any(account.channel == "alert" for account in prepared.accounts)
    keep_audience(session, post, prepared.given.alert if alert else None)
    for medium in prepared.media:
        session.add(Media(**{**medium.model_dump(exclude={"id"}), "post_id": post.id}))


def find_place(session: Session, given: PostInput) -> Place | None:
    """The area that a post is about, added when it is new; the force itself when that is what the name means."""
    name, force_name = (given.place or "").strip(), (given.force or "").strip()
    force = find_or_add_place(session, force_name, PlaceKind.FORCE) if force_name else None
    if not name:
        return force
    if force is not None and name in (force.name, force.name.removesuffix(" Police")):
        return force
    known = places_named(session, name)  # a hold on an area must not miss what is spelt another way
    if len(known) > 1:  # a section often bears the name of its largest neighbourhood: a third area is in nobody's map
        known = [place for place in known if place.kind == PlaceKind.NEIGHBOURHOOD]
    if len(known) == 1 and (force is None or known[0].kind != PlaceKind.FORCE):
        return known[0]
    return find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD, force)

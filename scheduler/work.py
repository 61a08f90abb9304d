"""Everything about one claimed entry that publishing needs, read in one go so that the database can be let go."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from operator import is_
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, select

from scheduler.approvals import approval_needed, authors_of
from scheduler.checks import About
from scheduler.content_types import Approval, kind_of
from scheduler.decisions import Hold, Situation
from scheduler.entries import Entry
from scheduler.hold_rules import hold_against, holds_since, stopped_by
from scheduler.kept_rows import Memory, Row, objects_of, rows_of
from scheduler.lifecycle import State
from scheduler.media import PictureMissing, pictures_for
from scheduler.post_audience import PostAudience, alert_draft, without_texts
from scheduler.posts import Media, Post, Variant
from scheduler.queue import Claim
from scheduler.ready import Parts, findings_for, parts_of, prepare
from scheduler.subjects import facts_of
from scheduler.surroundings import about_post
from scheduler.thread_words import drafts_of, is_thread
from social.accounts import Account, AccountState
from social.budgets import Price
from social.channels.base import AlertDraft, Channel, Draft
from social.channels.canonical import canonical, with_link
from social.channels.prices import price_of_post
from social.context import Context
from social.errors import BeatlineError
from social.loopback import is_loopback
from social.publication_parts import parts_out
from social.settings import Settings
from social.upsert import table_of

T = TypeVar("T", bound=SQLModel)


@dataclass(frozen=True)
class Work:
    """text: the words for this account's channel.  about: what the checks are told besides.  editors: everybody who
    wrote a version of the post; empty where nobody approved it.  stopped: by a hold.  alert: what it is as an alert.
    out: of a thread, what the network calls the parts that are out."""

    entry: Entry
    post: Post
    account: Account
    text: str
    media: tuple[Media, ...]
    approval: Approval
    about: About
    editors: frozenset[int] = frozenset()
    stopped: Hold | None = None
    alert: AlertDraft | None = None
    out: tuple[str, ...] = ()


_ASKED = ("id", "state", "fence", "worker")
_PLAN = ("id", "post_id", "account_id", "due_at", "not_before", "created_at", "owner_id")
"""What of an entry an answer is worked out from.  The rest changes with every claim."""
_LISTENING = ("reading_not_before", "reading_paused_reason", "mentions_cursor", "swept_at")
_ACCOUNT = tuple(column.name for column in table_of(Account).columns if column.name not in _LISTENING)
"""All of an account but what changes whenever it is listened to."""
_works = Memory()


def load_group(session: Session, claims: Sequence[Claim], now: datetime) -> dict[int, Work | Exception]:
    """Entry id -> what each claim is about, or why that cannot be told; without those that no longer hold."""
    fences = {held.entry_id: (State.PUBLISHING.value, held.fence, held.worker) for held in claims}
    found = rows_of(session, Entry, "id", list(fences), (*_PLAN, *_ASKED[1:]))
    mine = [row[: len(_PLAN)] for row in found if fences[row[0]] == row[len(_PLAN) :]]
    return works_of(session, mine, now)


def works_by_id(session: Session, entry_ids: Sequence[int], now: datetime) -> dict[int, Work | Exception]:
    """The same for entries in nobody's hands."""
    return works_of(session, rows_of(session, Entry, "id", entry_ids, _PLAN), now)


def works_of(session: Session, rows: Sequence[Row], now: datetime) -> dict[int, Work | Exception]:
    """Entry id -> what it is about, or why that cannot be told.  rows: the columns of `_PLAN` of each, as read.

    Without a hold since the earliest was due they are looked at as a group, and from memory where nothing has changed.
    With one each is looked at by itself: a hold has a say in what the checks are told."""
    plan = {row[0]: row for row in rows}
    entries = objects_of(session, Entry, plan)
    earliest = min((entry.due_at for entry in entries.values() if entry.due_at is not None), default=now)
    if not entries:
        return {}
    if holds_since(session, min(earliest, now), now):
        return {one: _or_why(partial(_held_back, session, entry, now)) for one, entry in entries.items()}
    posts = _all_of(session, Post, {row[1] for row in rows})
    accounts = _all_of(session, Account, {row[2] for row in rows}, _ACCOUNT)
    parts = parts_of(session, posts, now)
    return {
        row[0]: _or_why(partial(_from, session, entries[row[0]], posts[row[1]], accounts[row[2]], parts, now, row))
        for row in rows
        if row[0] in entries and row[1] in posts and row[2] in accounts
    }


def _or_why(look: Callable[[], Work]) -> Work | Exception:
    try:
        return look()
    except (BeatlineError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        return error


def _all_of(session: Session, model: type[T], ids: Collection[int], names: tuple[str, ...] = ()) -> dict[int, T]:
    return objects_of(session, model, {row[0]: row for row in rows_of(session, model, "id", sorted(ids), names)})


def _held_back(session: Session, entry: Entry, now: datetime) -> Work:
    work = work_of(session, entry, now)
    hold = hold_against(session, work.post, entry.due_at, now)
    return work if hold is None else replace(work, stopped=Hold(stopped_by(session, hold), hold.id))


def _from(session: Session, entry: Entry, post: Post, account: Account, parts: Parts, now: datetime, row: Row) -> Work:
    ready = prepare(session, row[1], parts, now)
    rests_on = (entry, post, account, ready)
    known: tuple[tuple[Any, ...], Work] | None = _works.get(row[0])
    if known is not None and all(map(is_, known[0], rests_on)) and ready.audience is None:
        return known[1]
    text = next((version.text for version in ready.variants if version.channel == account.channel), post.text)
    alert = alert_draft(session, post, account, ready.audience)
    work = Work(entry, post, account, text, ready.media, ready.approval, ready.about, ready.editors, alert=alert)
    if is_thread(text):  # the same row of the entry, and another part of it every time
        return replace(work, out=_out(session, entry))
    _works.keep(row[0], (rests_on, work))
    return work


def _out(session: Session, entry: Entry) -> tuple[str, ...]:
    return tuple(part.platform_id for part in parts_out(session, entry.id))


def stopped_meanwhile(context: Context, held: Claim) -> bool:
    """Whether a hold that was placed since its request was recorded stops it (R31, R37)."""
    with context.database.read() as session:
        return hold_against(session, held.post_id, None, context.clock.now()) is not None


def work_of(session: Session, entry: Entry, now: datetime | None = None) -> Work:
    """What an entry is about, whatever state it is in.  now: when it may go out at once; None asks about its own time."""
    post, account = session.get_one(Post, entry.post_id), session.get_one(Account, entry.account_id)
    versions = session.exec(select(Variant).where(Variant.post_id == post.id)).all()
    media = session.exec(select(Media).where(Media.post_id == post.id).order_by(col(Media.position))).all()
    text = next((version.text for version in versions if version.channel == account.channel), post.text)
    needed = approval_needed(session, post, versions, media)
    editors = authors_of(session, post) if post.approved_by_id is not None else frozenset[int]()
    alert = alert_draft(session, post, account, session.get(PostAudience, post.id))
    out = _out(session, entry) if is_thread(text) else ()
    about = about_post(session, post, now)
    return Work(entry, post, account, text, tuple(media), needed, about, editors, alert=alert, out=out)


@dataclass(frozen=True)
class Made:
    """An entry as its channel would be asked to publish it, and what `decide` rests on.  text_hash: of the canonical text,
    with which one attempt is told from another.  price: what it may cost, None for nothing."""

    draft: Draft
    situation: Situation
    text_hash: str
    price: Price | None


_made = Memory()


def made_of(work: Work, channel: Channel, settings: Settings) -> Made:
    """Of a post without pictures it is kept for as long as work, channel and settings are the same: files may be gone,
    and what an urgent alert costs is counted each time."""
    known: tuple[Work, Channel, Settings, Made] | None = _made.get(work.entry.id)
    if known is not None and known[0] is work and known[1] is channel and known[2] is settings:
        return known[3]
    draft, waits_for = draft_of(work, channel, settings.media_folder)
    draft = without_texts(draft) if not channel.can.texts else draft
    text_hash = hash_of(draft, channel)
    price = price_of_post(work.account, draft, settings)
    made = Made(draft, situation_of(work, channel, waits_for), text_hash, price)
    if not work.media and not work.alert and not draft.is_part:
        _made.keep(work.entry.id, (work, channel, settings, made))
    return made


def hash_of(draft: Draft, channel: Channel) -> str:
    """SHA-256 of what the network is given to show, in its canonical form."""
    shown = draft if channel.can.texts else without_texts(draft)
    return hashlib.sha256(canonical(with_link(shown.text, shown.link)).encode()).hexdigest()


def draft_of(work: Work, channel: Channel, media_folder: Path) -> tuple[Draft, str | None]:
    """What would be sent, and why its files are not ready: None when they are.

    Of a thread the part that is next; the pictures go with the first."""
    drafts = drafts_of(work.text, work.post.link, threads=channel.can.threads)
    if len(work.out) >= len(drafts):
        raise BeatlineError("All its parts are out already.")
    draft = drafts[len(work.out)]
    if work.alert is not None:
        draft = replace(draft, alert=work.alert)
    if work.out:
        return replace(draft, after=work.out[-1]), None
    try:
        pictures = pictures_for(work.media, media_folder, practice=is_loopback(work.account.base_url))
    except PictureMissing as missing:
        return draft, str(missing)
    return replace(draft, pictures=pictures) if pictures else draft, None


def situation_of(work: Work, channel: Channel, waits_for: str | None) -> Situation:
    """What `decide` rests on, with the checks run anew."""
    facts = facts_of(work.media)
    kinds = {m.kind for m in work.media}
    post, account = work.post, work.account
    return Situation(
        kind=kind_of(post.content_type),
        due_at=work.entry.due_at,
        approval=work.approval,
        version=post.version,
        approved_version=post.approved_version,
        author=post.author_id,
        approved_by=post.approved_by_id,
        approved_level="supervisor" if post.approved_level == "supervisor" else "corporate",
        editors=work.editors,
        not_before=work.entry.not_before,
        account_not_before=account.not_before,
        paused=(account.paused_reason or "no reason was given.") if account.state == AccountState.PAUSED else None,
        findings=findings_for(account, channel, work.text, post.link, facts, work.about),
        waits_for=waits_for,
        has_picture="image" in kinds,
        takes_images=channel.can.takes_images,
        has_video="video" in kinds,
        takes_video=channel.can.takes_video,
        stopped=work.stopped,
    )

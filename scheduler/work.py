"""Everything about one claimed entry that publishing needs, read in one go so that the database can be let go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from scheduler.approvals import approval_needed, authors_of
from scheduler.checks import About
from scheduler.content_types import Approval, kind_of
from scheduler.decisions import Hold, Situation
from scheduler.entries import Entry
from scheduler.hold_rules import hold_against, holds_since, stopped_by
from scheduler.lifecycle import State
from scheduler.media import PictureMissing, pictures_for
from scheduler.post_audience import PostAudience, alert_draft
from scheduler.posts import Media, Post, Variant
from scheduler.queue import Claim
from scheduler.ready import Parts, findings_for, parts_of, prepare
from scheduler.subjects import facts_of
from scheduler.surroundings import about_post
from social.accounts import Account, AccountState
from social.channels.base import AlertDraft, Channel, Draft
from social.context import Context
from social.errors import BeatlineError
from social.loopback import is_loopback


@dataclass(frozen=True)
class Work:
    """text: the words for this account's channel.  about: what the checks are told besides.  editors: everybody who
    wrote a version of the post; empty where nobody approved it.  stopped: by a hold.  alert: what it is as an alert."""

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


def load_group(session: Session, claims: Sequence[Claim], now: datetime) -> dict[int, Work | Exception]:
    """Entry id -> what each claim is about, or why that cannot be told; without those that no longer hold."""
    fences = {held.entry_id: (held.fence, held.worker) for held in claims}
    query = select(Entry, Post, Account).where(
        col(Entry.id).in_(fences), col(Entry.state).concat("") == State.PUBLISHING.value, Post.id == Entry.post_id,
        Account.id == Entry.account_id,
    )  # fmt: skip
    rows = [row for row in session.exec(query) if fences[row[0].id or 0] == (row[0].fence, row[0].worker)]
    return works_of(session, rows, now)


def works_of(
    session: Session, rows: Sequence[tuple[Entry, Post, Account]], now: datetime
) -> dict[int, Work | Exception]:
    """Entry id -> what it is about, or why that cannot be told.

    Without a hold since the earliest was due they are looked at as a group, and from memory where nothing has changed.
    With one each is looked at by itself: a hold has a say in what the checks are told."""
    earliest = min((entry.due_at for entry, _, _ in rows if entry.due_at is not None), default=now)
    plain = not holds_since(session, min(earliest, now), now)
    parts = parts_of(session, [post for _, post, _ in rows]) if plain and rows else None
    found: dict[int, Work | Exception] = {}
    for entry, post, account in rows:
        assert entry.id is not None
        try:
            work = work_of(session, entry, now) if parts is None else _from(session, entry, post, account, parts, now)
            hold = hold_against(session, post, entry.due_at, now) if parts is None else None
            found[entry.id] = work if hold is None else replace(work, stopped=Hold(stopped_by(session, hold), hold.id))
        except (BeatlineError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
            found[entry.id] = error
    return found


def _from(session: Session, entry: Entry, post: Post, account: Account, parts: Parts, now: datetime) -> Work:
    assert post.id is not None
    ready, variants = prepare(session, post, parts, now), parts.variants.get(post.id, ())
    text = next((version.text for version in variants if version.channel == account.channel), post.text)
    media = tuple(parts.media.get(post.id, ()))
    alert = alert_draft(session, post, account, parts.alerts.get(post.id))
    return Work(entry, post, account, text, media, ready.approval, ready.about, ready.editors, alert=alert)


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
    return Work(entry, post, account, text, tuple(media), needed, about_post(session, post, now), editors, alert=alert)


def draft_of(work: Work, media_folder: Path) -> tuple[Draft, str | None]:
    """What would be sent, and why its files are not ready: None when they are."""
    try:
        pictures = pictures_for(work.media, media_folder, practice=is_loopback(work.account.base_url))
    except PictureMissing as missing:
        return Draft(work.text, work.post.link, alert=work.alert), str(missing)
    return Draft(work.text, work.post.link, pictures, work.alert), None


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

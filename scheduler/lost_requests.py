"""A request of which nobody ever learned whether it went out: before its post counts as taken down, the network is asked
once more, and where that proves nothing a person looks (R08, R10)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from scheduler import queue
from scheduler.entries import Attempt, Entry, Look
from scheduler.looking import ABSENT, first_open_request, looked_from
from scheduler.outcomes import LOOK_BACK, belongs_to_another
from scheduler.work import Work, draft_of, hash_of, work_of
from social.channels.base import Channel
from social.context import Context
from social.errors import BeatlineError
from social.publication_parts import parts_out


@dataclass(frozen=True)
class Lost:
    """attempt_id: of the request.  look_from: when it left, at the earliest.  text_hash: of the words it carried."""

    attempt_id: int
    work: Work
    look_from: datetime
    text_hash: str

    @property
    def advice(self) -> str:
        part = f"Look for part {len(self.work.out) + 1} as well" if self.work.out else "Look for it on the account"
        return f"{part}: nobody knows whether it went out."


def is_lost(session: Session, entry: Entry) -> bool:
    """Whether a copy, or the next part of one, may be live although its entry waits for a person."""
    return _request(session, entry) is not None


def lost_of(session: Session, entry: Entry, now: datetime) -> Lost | None:
    """The entry's lost request; None when its outcome is known, or a look proved that nothing came of it."""
    request = _request(session, entry)
    if request is None or request.id is None:
        return None
    work = work_of(session, entry)
    look_from = looked_from(work, first_open_request(session, entry, request.part), now) - LOOK_BACK
    return Lost(request.id, work, look_from, request.text_hash)


def _request(session: Session, entry: Entry) -> Attempt | None:
    out = len(parts_out(session, entry.id))
    if entry.platform_id is not None and not out:
        return None  # a post of one part, and it is known where it is
    newest = (
        select(Attempt).where(Attempt.entry_id == entry.id, Attempt.part == out + 1).order_by(col(Attempt.id).desc())
    )
    request = session.exec(newest).first()
    if request is None or request.outcome != "unknown":
        return None
    absent = select(Look.id).where(Look.entry_id == entry.id, Look.seen == ABSENT, col(Look.at) >= request.started_at)
    return None if session.exec(absent).first() is not None else request


def settle_lost(context: Context, channel: Channel, lost: Lost) -> str | None:
    """Ask the network.  Returns where it is, None when it proved that nothing is there; both are written down.

    Raises BeatlineError, with what a person is to do, when nothing can be proved."""
    entry_id = lost.work.entry.id
    assert entry_id is not None
    try:
        draft, _ = draft_of(lost.work, channel, context.settings.media_folder)
        same_words = hash_of(draft, channel) == lost.text_hash
        found = channel.find(draft, since=lost.look_from) if same_words and channel.can.finds_own_posts else None
    except BeatlineError as error:
        raise BeatlineError(lost.advice) from error
    if found is None and not (same_words and channel.can.finds_own_posts and channel.can.proves_absence):
        raise BeatlineError(lost.advice)
    with context.database.write() as session:
        now = context.clock.now()
        if found is None:
            session.add(Look(entry_id=entry_id, at=now, seen=ABSENT))
            return None
        if belongs_to_another(session, session.get_one(Entry, entry_id), found):
            raise BeatlineError(lost.advice)
        queue.close_attempt(
            session, lost.attempt_id, now, "sent", "Found live when it was taken down.", found.platform_id
        )
        return found.platform_id

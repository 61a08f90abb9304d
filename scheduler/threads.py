"""Threads: posts whose parts go out one after another, each as an answer to the one before.

A thread is one entry. Every part is a request with a claim, a recorded attempt and evidence of its own; when one is out
the entry goes back into the queue for the next, so that every rule is asked again before each part. What is out is
written down in the transaction that moves the entry, so a crash at any step leaves it at the right part."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, select

from scheduler import queue
from scheduler.entries import Entry
from scheduler.leaving_behind import leave_publication
from scheduler.lifecycle import Event, State
from scheduler.posts import Post
from scheduler.queue import Claim
from scheduler.takedown_tasks import COMING_DOWN, comes_down
from scheduler.thread_parts import say_out, what_is_out
from scheduler.work import Work
from scheduler.writing import end_approval
from social.channels.base import Draft, Published
from social.channels.canonical import with_link
from social.interactions import Interaction
from social.publication_parts import PublicationPart, parts_out
from social.publications import Publication

OLDER = "What went out is the first part of the version before the change."


@dataclass(frozen=True)
class Part:
    """The part that was next, as it went out.  draft: with how many follow it."""

    work: Work
    draft: Draft
    published: Published

    @property
    def number(self) -> int:
        return len(self.work.out) + 1

    @property
    def begins(self) -> dict[str, object]:
        """What an entry takes on from the first part."""
        published = self.published
        names = ("platform_id", "url", "published_at")
        return {name: getattr(published, name) for name in names} if self.number == 1 else {}


def part_out(
    session: Session, entry: Entry, event: Event, actor: str, now: datetime, part: Part, reason: str | None
) -> None:
    """It is out: write it down, and go on with the one after it, or end.

    event: the move that would end it from where it stands, confirm or find."""
    state, to_come = State(entry.state), part.draft.to_come
    free = {"worker": None, "lease_until": None, "not_before": None, **part.begins}
    said = " ".join(filter(None, (reason, say_out(part.number, part.number + to_come))))
    _keep(session, part, now)
    if not to_come:
        if state is State.QUEUED:
            queue.move(session, entry, Event.HOLD, actor=actor, now=now, reason=reason)
        queue.move(session, entry, event, actor=actor, now=now, reason=reason, **free)
    elif state in (State.PUBLISHING, State.UNCONFIRMED):
        if comes_down(session, entry.id):
            stop = Event.ESCALATE if state is State.PUBLISHING else Event.RULE_OUT
            queue.note(session, entry, now, **part.begins)
            queue.move(session, entry, stop, actor=actor, now=now, reason=COMING_DOWN, worker=None, lease_until=None)
        else:
            queue.move(session, entry, Event.GO_ON, actor=actor, now=now, reason=said, **free)
    else:
        queue.note(session, entry, now, reason=said, **part.begins)


def late_part(session: Session, entry: Entry, held: Claim, now: datetime, part: Part, reason: str) -> int:
    """The proof that a part is out came when its claim was over.  Returns how many entries it moved on."""
    state, post = State(entry.state), session.get_one(Post, entry.post_id)
    goes_out = state is State.PUBLISHING and queue.open_attempt(session, entry) is not None
    is_next = len(parts_out(session, entry.id)) == len(part.work.out)
    if state is State.PUBLISHED and is_next and part.number > 1:  # somebody ended it before this was known
        _keep(session, part, now)
        said = say_out(part.number, part.number + part.draft.to_come)
        queue.note(session, entry, now, reason=f"{reason} {said}")
        return 1
    waits = (State.QUEUED, State.PUBLISHING, State.UNCONFIRMED, State.HELD, State.LAPSED)
    if goes_out or state not in waits or not is_next:
        return 0  # it is known already, or nothing here waits for it: its request keeps the proof
    if post.version != held.version:
        _keep_older(session, entry, post, held.worker, now, part, reason)
        return 1
    ends = {State.PUBLISHING: Event.CONFIRM, State.LAPSED: Event.FINISH}
    part_out(session, entry, ends.get(state, Event.FIND), held.worker, now, part, reason)
    return 1


def _keep_older(session: Session, entry: Entry, post: Post, actor: str, now: datetime, part: Part, reason: str) -> None:
    """The words were changed while nobody knew of the first part: a person decides, and nothing is put beneath it."""
    stop = {State.QUEUED: Event.HOLD, State.PUBLISHING: Event.ESCALATE, State.UNCONFIRMED: Event.RULE_OUT}
    if (event := stop.get(State(entry.state))) is not None:
        queue.move(session, entry, event, actor=actor, now=now, worker=None, lease_until=None, not_before=None)
    queue.note(session, entry, now, reason=f"{reason} {OLDER} Take it down, or end it there.", **part.begins)
    end_approval(post)
    session.add(post)
    _keep(session, part, now)


def finish(session: Session, entry: Entry, actor: str, now: datetime) -> None:
    """End a thread with the parts that are out: the rest is dropped, and what is live stays."""
    reason = f"It ends here: {what_is_out(session, entry)}"
    if entry.state == State.QUEUED:
        queue.move(session, entry, Event.HOLD, actor=actor, now=now)
    queue.move(session, entry, Event.FINISH, actor=actor, now=now, reason=reason, not_before=None)


def _keep(session: Session, part: Part, now: datetime) -> None:
    """The publication begins with the first part and grows with each that follows."""
    work, draft, published = part.work, part.draft, part.published
    if part.number == 1:
        publication = leave_publication(session, work, draft, published, now)
        session.flush()
    else:
        publication = session.exec(select(Publication).where(Publication.entry_id == work.entry.id)).one()
        if publication.erased_at is None:
            publication.text = f"{publication.text}\n\n{with_link(draft.text, draft.link)}"
            session.add(publication)
    assert publication.id is not None
    session.add(PublicationPart(publication_id=publication.id, number=part.number, platform_id=published.platform_id,
                                url=published.url, published_at=published.published_at))  # fmt: skip
    # Whoever listened in between took it for an answer of ours beneath the post.
    heard = delete(Interaction).where(col(Interaction.account_id) == publication.account_id)
    session.exec(heard.where(col(Interaction.platform_id) == published.platform_id))
    session.flush()

"""Finds what waits on each person, and has them told of it once (`social.notices`): posts to approve, their own posts
that were sent back, refused or late, and replies given to them whose time is nearly over.

A look at what is, as for alarms: nothing is missed when a process dies between the change and the message."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session, col, select

from scheduler.entries import STUCK, Entry, EntryHistory
from scheduler.lifecycle import Event, State
from scheduler.posts import Post
from scheduler.waiting import waiting_for
from social.accounts import Account
from social.alarms import owner_of
from social.clocks import ANSWER_WITHIN
from social.context import Context
from social.interactions import ON_CLOCK, OPEN, Interaction
from social.notices import How, Kind, NoticeChoice, Waits, anybody_to_tell, keep_waits, known_waits, make_messages
from social.overdue import SOON
from social.staff import Action, Person, is_own, role_allows

_OF_STATE = {State.FAILED.value: Kind.FAILED, State.LAPSED.value: Kind.LATE, State.HELD.value: Kind.LATE}


def tell_what_waits(context: Context) -> int:
    """The job: bring up to date what waits on whom, and make the messages that are due; the alarms' mail sends them.

    Returns how many messages were made; 0 without a mail server, where nothing is looked at."""
    if not context.settings.smtp_host:
        return 0
    with context.database.read() as session:
        now = context.clock.now()
        same = frozenset(what_waits(session, now)) == known_waits(session)
        if same and not anybody_to_tell(session):
            return 0
    with context.database.write() as session:
        now = context.clock.now()
        if not same:  # looked at again: nobody changes it now, and what somebody was told of must not seem new
            keep_waits(session, now, frozenset(what_waits(session, now)))
        return make_messages(session, now, context.settings.daily_note_at)


def what_waits(session: Session, now: datetime) -> Iterator[Waits]:
    """Everything that waits on anybody who wants to be told."""
    people = {one.id or 0: one for one in session.exec(select(Person).where(Person.active)) if not is_own(one)}
    for deaf in session.exec(select(NoticeChoice.person_id).where(NoticeChoice.how == How.NONE.value)):
        people.pop(deaf, None)
    yield from _approvals(session, people)
    yield from _sent_back(session, people)
    yield from _stuck(session, people)
    yield from _replies(session, people, now)


def _approvals(session: Session, people: dict[int, Person]) -> Iterator[Waits]:
    if session.exec(select(Entry.id).where(Entry.state == State.IN_REVIEW.value).limit(1)).first() is None:
        return
    for number, person in people.items():
        if role_allows(person, Action.APPROVE_LOCAL):
            for post in waiting_for(session, person).mine:
                yield Waits(number, Kind.APPROVAL, post.post_id)


def _sent_back(session: Session, people: dict[int, Person]) -> Iterator[Waits]:
    """Posts that are drafts since somebody asked to change them, for their author."""
    newest = select(EntryHistory.id).where(EntryHistory.entry_id == col(Entry.id))
    newest = newest.order_by(col(EntryHistory.id).desc()).limit(1)
    rows = session.exec(
        select(Post.author_id, Post.id)
        .join(Entry, col(Entry.post_id) == col(Post.id))
        .join(EntryHistory, col(EntryHistory.id) == newest.correlate(Entry).scalar_subquery())
        .where(Entry.state == State.DRAFT.value, EntryHistory.event == Event.REQUEST_CHANGES.value)
        .distinct()
    )
    for author, post_id in rows:
        if author in people:
            yield Waits(author, Kind.SENT_BACK, post_id or 0)


def _stuck(session: Session, people: dict[int, Person]) -> Iterator[Waits]:
    """Posts that did not go out, for their author where an alarm tells somebody else of them."""
    rows = session.exec(
        select(Entry, Post.author_id)
        .join(Post, col(Post.id) == Entry.post_id)
        .where(STUCK, col(Entry.hold_id).is_(None), col(Entry.state).in_(sorted(_OF_STATE)))
    ).all()
    told = {number: owner_of(session, number) for number in {entry.account_id for entry, _ in rows}}
    found = {
        Waits(author, _OF_STATE[entry.state], entry.post_id)
        for entry, author in rows
        if author in people and (told[entry.account_id] or entry.owner_id) != author
    }
    yield from sorted(found)


def _replies(session: Session, people: dict[int, Person], now: datetime) -> Iterator[Waits]:
    """Open questions and complaints given to somebody, with less than a day left or none (R18)."""
    rows = session.exec(
        select(Interaction.assignee_id, Interaction.id)
        .join(Account, col(Account.id) == col(Interaction.account_id))
        .where(
            OPEN, col(Interaction.urgency) == ON_CLOCK, col(Interaction.assignee_id).is_not(None),
            col(Interaction.created_at) < now - ANSWER_WITHIN + SOON,
            col(Interaction.created_at) >= col(Account.added_at),
        )
    )  # fmt: skip
    for person_id, reply_id in rows:
        if person_id in people:
            yield Waits(person_id, Kind.REPLY, reply_id or 0)

"""Holds every entry, and every part of a thread, against the network's own count of what it took, and against what
people were granted."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlmodel import Session, col, func, select

from scheduler.entries import Attempt, Entry
from scheduler.lifecycle import State
from scheduler.posts import Post
from scheduler.thread_words import drafts_of
from social.accounts import Account
from social.context import Context
from social.publication_parts import PublicationPart
from social.publications import Publication
from social.staff import Person
from tests.faults.plan import Report

WITH_A_PERSON = (State.HELD.value, State.FAILED.value, State.LAPSED.value)
UNFINISHED = (State.DRAFT.value, State.IN_REVIEW.value, State.APPROVED.value)
NOT_SETTLED = "could not be settled"
ENDED = "It ends here"


class Took(NamedTuple):
    """One post that the network took.  reply_to: of a later part of a thread, what it answers; else None."""

    text: str
    deleted: bool
    platform_id: str
    reply_to: str | None


@dataclass(frozen=True)
class Said:
    """What one entry says, part by part, and what the network has of it.  recorded: parts that are written down."""

    entry: Entry
    parts: tuple[str, ...]
    taken: tuple[Took, ...]
    recorded: int

    @property
    def name(self) -> str:
        return f"entry {self.entry.id}, {self.entry.state}: {self.entry.reason}"

    @property
    def in_order(self) -> bool:
        """Whether what was taken are the first parts, and each answers the one before."""
        above = [None, *(took.platform_id for took in self.taken)][: len(self.taken)]
        return [(took.text, took.reply_to) for took in self.taken] == list(zip(self.parts, above, strict=False))

    @property
    def is_whole(self) -> bool:
        """Whether all parts are there, or those with which a person ended it."""
        ended = self.recorded >= 1 and ENDED in (self.entry.reason or "")
        return self.recorded == len(self.taken) == len(self.parts) or (ended and self.recorded == len(self.taken))


def reckon(context: Context, truth: Sequence[Took], report: Report) -> None:
    """truth: every post that the network took, oldest first."""
    counted, by_text = Counter(took.text for took in truth), {took.text: took for took in truth}
    said, people = _said(context, by_text, report)
    report.states = dict(Counter(one.entry.state for one in said))
    threads = [one for one in said if len(one.parts) > 1]
    report.threads, report.parts = len(threads), sum(len(one.taken) for one in threads)
    report.doubled = [f"{text} ({count} times)" for text, count in counted.items() if count > 1]
    report.stray = sorted(set(counted) - {part for one in said for part in one.parts})
    for one in said:
        live = [not took.deleted for took in one.taken]
        if not one.in_order:
            report.astray.append(f"out of order: {one.name}")
        if one.entry.state in (State.PUBLISHED, State.WITHDRAWN):
            withdrawn = one.entry.state == State.WITHDRAWN
            as_said = not any(live) if withdrawn else all(live) and one.is_whole
            if not one.taken or not as_said or one.recorded != len(one.taken):
                report.lost.append(one.name)
        elif one.entry.state in (*WITH_A_PERSON, *UNFINISHED, State.DISCARDED):
            _in_a_persons_hands(one, people, report)
        else:
            report.lost.append(f"open for ever: {one.name}")


def _said(context: Context, by_text: Mapping[str, Took], report: Report) -> tuple[list[Said], dict[int | None, str]]:
    with context.database.read() as session:
        entries = session.exec(
            select(Entry, Post.text, Account.channel)
            .join(Post, col(Post.id) == col(Entry.post_id))
            .join(Account, col(Account.id) == col(Entry.account_id))
            .order_by(col(Entry.id))
        ).all()
        recorded = Counter(session.exec(select(Publication.entry_id)))
        both = col(PublicationPart.publication_id) == col(Publication.id)
        recorded |= Counter(session.exec(select(Publication.entry_id).join(PublicationPart, both)))
        people = {person.id: person.email for person in session.exec(select(Person))}
        report.attempts = session.exec(select(func.count()).select_from(Attempt)).one()
    said = []
    for entry, text, channel in entries:
        parts = tuple(draft.text for draft in drafts_of(text, None, threads=channel == "x"))
        taken = tuple(by_text[part] for part in parts if part in by_text)
        said.append(Said(entry, parts, taken, recorded[entry.id]))
    return said, people


def _in_a_persons_hands(one: Said, people: dict[int | None, str], report: Report) -> None:
    entry, reason = one.entry, one.entry.reason or ""
    if entry.state in WITH_A_PERSON:
        report.reasons[reason] += 1
        report.unsettled.append(f"{one.name} ({people.get(entry.owner_id, 'nobody')}; {' / '.join(one.parts)})")
        if not reason or entry.owner_id not in people:
            report.lost.append(f"nobody is asked: {one.name}")
        if one.recorded and f"{one.recorded} of {len(one.parts)} part" not in reason:
            report.lost.append(f"it is not said what is out: {one.name}")
    if len(one.taken) > one.recorded and NOT_SETTLED not in reason:
        report.astray.append(one.name)


def read_journal(context: Context, journal: Path, report: Report) -> None:
    """What people did meanwhile; no request may have begun while a hold that stops it was in force."""
    if not journal.exists():
        return
    with context.database.read() as session:
        for line in journal.read_text().splitlines():
            done = json.loads(line)
            report.people[f"{done['act']} {'granted' if done['granted'] else 'not granted'}"] += 1
            if "from" in done:
                begun = _begun_under(session, done["place"], *map(datetime.fromisoformat, (done["from"], done["to"])))
                report.astray += [f"entry {entry} was sent while a hold was in force" for entry in begun]


def _begun_under(session: Session, place: int, since: datetime, until: datetime) -> Sequence[int]:
    query = (
        select(Attempt.entry_id)
        .join(Entry, col(Entry.id) == col(Attempt.entry_id))
        .join(Post, col(Post.id) == col(Entry.post_id))
        .where(Post.place_id == place, Attempt.started_at > since, Attempt.started_at < until)
    )
    return session.exec(query).all()

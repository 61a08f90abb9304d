"""Holds every entry against the network's own count of what it took, and against what people were granted."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, func, select

from scheduler.entries import Attempt, Entry
from scheduler.lifecycle import State
from scheduler.posts import Post
from social.context import Context
from social.publications import Publication
from social.staff import Person
from tests.faults.plan import Report

WITH_A_PERSON = (State.HELD.value, State.FAILED.value, State.LAPSED.value)
UNFINISHED = (State.DRAFT.value, State.IN_REVIEW.value, State.APPROVED.value)
NOT_SETTLED = "could not be settled"


def reckon(context: Context, truth: Sequence[tuple[str, bool]], report: Report) -> None:
    """truth: the words of every post that the network took, and whether they were taken down again."""
    taken, live = Counter(text for text, _ in truth), Counter(text for text, deleted in truth if not deleted)
    with context.database.read() as session:
        query = select(Entry, Post.text).join(Post, col(Post.id) == col(Entry.post_id)).order_by(col(Entry.id))
        entries = list(session.exec(query))
        recorded = set(session.exec(select(Publication.entry_id)))
        people = {person.id: person.email for person in session.exec(select(Person))}
        report.attempts = session.exec(select(func.count()).select_from(Attempt)).one()
    report.states = dict(Counter(entry.state for entry, _ in entries))
    report.doubled = [f"{text} ({count} times)" for text, count in taken.items() if count > 1]
    report.stray = sorted(set(taken) - {text for _, text in entries})
    for entry, text in entries:
        name = f"entry {entry.id}, {entry.state}: {entry.reason}"
        if entry.state in (State.PUBLISHED, State.WITHDRAWN):
            if not taken[text] or bool(live[text]) is (entry.state == State.WITHDRAWN) or entry.id not in recorded:
                report.lost.append(name)
        elif entry.state in (*WITH_A_PERSON, *UNFINISHED, State.DISCARDED):
            _in_a_persons_hands(entry, text, taken[text], people, report)
        else:
            report.lost.append(f"open for ever: {name}")


def _in_a_persons_hands(entry: Entry, text: str, taken: int, people: dict[int | None, str], report: Report) -> None:
    name = f"entry {entry.id}, {entry.state}: {entry.reason}"
    if entry.state in WITH_A_PERSON:
        report.reasons[entry.reason or ""] += 1
        report.unsettled.append(f"{name} ({people.get(entry.owner_id, 'nobody')}; {text})")
        if not entry.reason or entry.owner_id not in people:
            report.lost.append(f"nobody is asked: {name}")
    if taken and NOT_SETTLED not in (entry.reason or ""):
        report.astray.append(name)


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

"""Makes posts ready some minutes before their time, so that at their time only the reading is left. What comes of it is
kept in this process's memory and used only while all that it rests on is the same (`ready.py`)."""

import time
from datetime import timedelta

from sqlmodel import col, select

from scheduler.entries import Entry
from scheduler.group_moves import QUEUED
from scheduler.ready import MOST
from scheduler.work import Work, made_of, situation_of, works_by_id
from social.context import Context
from social.errors import BeatlineError

AHEAD = timedelta(minutes=15)
"""How long before its time a post is made ready."""
AT_ONCE = 50
"""Posts whose rows are read together."""
LONGEST = 0.5
"""Seconds after which the rest waits for the next time: publishing must not wait for the processor."""


def make_ready(context: Context, longest: float = LONGEST) -> int:
    """Make ready what is due soon, the next first.  longest: seconds.  Returns 0: nothing is changed by it."""
    until, now, after = time.monotonic() + longest, context.clock.now(), 0
    soon = select(Entry.id).where(QUEUED, col(Entry.due_at) <= now + AHEAD).order_by(col(Entry.due_at), col(Entry.id))
    with context.database.read() as session:
        ids = list(session.exec(soon.limit(MOST)))
    while after < len(ids) and time.monotonic() < until and not context.stopping.is_set():
        with context.database.read() as session:
            works = works_by_id(session, [one for one in ids[after : after + AT_ONCE] if one is not None], now)
        for work in works.values():
            if isinstance(work, Work):
                _look(context, work)
        after += AT_ONCE
    return 0


def _look(context: Context, work: Work) -> None:
    try:
        channel = context.channel(work.account)
        if work.media:  # their files are looked at when their time has come
            situation_of(work, channel, None)
        else:
            made_of(work, channel, context.settings)
    except (BeatlineError, LookupError, TypeError, ValueError):
        return  # said when its time has come, to the person it is for

"""What residents are told when an alert is taken back, in words that somebody chose (R10)."""

from collections.abc import Sequence

from sqlmodel import Session

from scheduler.appeals import names_in
from scheduler.checks.names import find_names
from scheduler.entries import Entry
from scheduler.post_audience import PostAudience
from scheduler.posts import Post
from social.accounts import Account
from social.alerts.stopping import choose_words
from social.errors import InputError, Problem

LONGEST = 1000
LEAST_WORDS = 3
"""A shorter subject may well stand in any message."""


def choose_correction(session: Session, post: Post, entries: Sequence[Entry], words: str | None) -> None:
    """Keep these words with the post's alerts, in the caller's transaction; None or '' leaves the usual ones.

    Raises InputError for words that give a name or the subject of what is taken back, and for too many."""
    row, words = session.get(PostAudience, post.id), (words or "").strip()
    if row is None or not words:
        return
    problems = []
    if len(words) > LONGEST:
        problems.append(f"Say it in {LONGEST:,} characters at most.")
    names = names_in(session, [post]) | {name.words for name in find_names(row.subject)}
    said = (*names, *([row.subject] if len(row.subject.split()) >= LEAST_WORDS else []))
    repeated = [one for one in said if one and one.casefold() in words.casefold()]
    if repeated:
        problems.append(
            "The correction repeats a name or the subject of what is taken back. Say only that it no longer holds."
        )
    if problems:
        raise InputError(*(Problem(problem, column="correction") for problem in problems))
    numbers = [int(entry.platform_id) for entry in entries
               if entry.platform_id is not None and session.get_one(Account, entry.account_id).channel == "alert"]  # fmt: skip
    choose_words(session, numbers, words)

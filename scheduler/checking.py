"""What the checks say about a post that is kept: for the page where it is read and approved."""

from dataclasses import replace

from scheduler.checks import LEVELS, Finding, run_checks
from scheduler.entries import Entry
from scheduler.lifecycle import State
from scheduler.queries import PostView
from scheduler.subjects import facts_of, subject_for, subject_of
from scheduler.surroundings import about_post, others_of
from scheduler.thread_parts import OVER
from social.accounts import Account
from social.channels.base import Channel
from social.context import Context
from social.errors import BeatlineError


def findings_of(context: Context, view: PostView, *, answering: bool = False) -> list[Finding]:
    """What the checks say about a post on every account where it, or a part of it, has not gone out, most serious first, each once.

    answering: somebody is there to answer what is asked about its pictures (R07)."""
    post = view.post
    facts = facts_of(view.media)
    found: list[Finding] = []
    with context.database.read() as session:
        waiting = [entry for entry in view.entries if State(entry.state) not in OVER]
        accounts = [session.get_one(Account, session.get_one(Entry, entry.id).account_id) for entry in waiting]
        ids = [account.id for account in accounts if account.id is not None]
        now = context.clock.now()
        others = others_of(session, ids, now=now, due_at=post.due_at, place=view.place, post_id=post.id)
        about = replace(about_post(session, post, now), others=others, answering=answering)
    for account in accounts:
        text = view.variants.get(account.channel, post.text)
        channel = _opened(context, account)
        if channel is None:
            found += run_checks(subject_of(text, post.link, facts, about, account.channel))
        else:
            found += run_checks(subject_for(account, channel, text, post.link, facts, about))
    return sorted(dict.fromkeys(found), key=lambda finding: LEVELS.index(finding.level))


def _opened(context: Context, account: Account) -> Channel | None:
    try:
        return context.channel(account)
    except BeatlineError:
        return None

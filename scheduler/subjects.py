"""Makes what the checks look at: one post as it would appear on one account, with all that is known about it."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Protocol

from scheduler.checks import About, MediaFact, Subject, run_checks
from scheduler.picture_answers import answers_of
from scheduler.thread_words import drafts_of, said_twice, without_breaks
from social.accounts import Account
from social.channels.base import Channel


class _Medium(Protocol):
    kind: str
    alt_text: str
    captions: str


def facts_of(media: Iterable[_Medium]) -> tuple[MediaFact, ...]:
    """What the checks look at of a post's stored pictures and films."""
    return tuple(MediaFact(m.kind, m.alt_text, m.captions, answers_of(m)) for m in media)


def subject_of(text: str, link: str | None, media: tuple[MediaFact, ...], about: About, channel: str = "") -> Subject:
    """The post with no account in view: nothing is measured."""
    told = {one.name: getattr(about, one.name) for one in fields(about)}
    return Subject(without_breaks(text), media, channel=channel, link=link, twice=said_twice(text), **told)


def subject_for(
    account: Account, channel: Channel, text: str, link: str | None, media: tuple[MediaFact, ...], about: About
) -> Subject:
    """The post as it would appear on this account, measured as its network measures."""
    limits = channel.limits
    lengths = tuple(channel.count(draft) for draft in drafts_of(text, link, threads=channel.can.threads))
    return replace(
        subject_of(text, link, media, about, account.channel),
        account=account.name,
        length=max(lengths),
        lengths=lengths if len(lengths) > 1 else (),
        most_length=limits.text,
        most_images=limits.images if channel.can.takes_images else None,
        most_alt_text=limits.alt_text,
    )


def asks_for_corporate(texts: Iterable[str], link: str | None, media: tuple[MediaFact, ...], about: About) -> bool:
    """Whether a check wants corporate communications to look at any version of the post (R41)."""
    found = (finding for text in texts for finding in run_checks(subject_of(text, link, media, about)))
    return any(finding.level == "needs_approval" for finding in found)

"""Makes what the checks look at: one post as it would appear on one account, with all that is known about it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from scheduler.checks import WORDS, MediaFact, OtherPost, Subject
from social.accounts import Account
from social.channels.base import Channel, Draft


@dataclass(frozen=True)
class About:
    """What the checks are told besides the words.  The fields are those of `checks.Subject`."""

    content_type: str = ""
    lang: str = "en"
    case_stage: str = "none"
    appeal_ref: str | None = None
    place: str | None = None
    force: str | None = None
    others: tuple[OtherPost, ...] = ()


def subject_of(text: str, link: str | None, media: tuple[MediaFact, ...], about: About, channel: str = "") -> Subject:
    """The post with no account in view: nothing is measured."""
    return Subject(
        text,
        media,
        content_type=about.content_type,
        channel=channel,
        lang=about.lang,
        case_stage=about.case_stage,
        appeal_ref=about.appeal_ref,
        link=link,
        place=about.place,
        force=about.force,
        others=about.others,
    )


def subject_for(
    account: Account, channel: Channel, text: str, link: str | None, media: tuple[MediaFact, ...], about: About
) -> Subject:
    """The post as it would appear on this account, measured as its network measures."""
    limits = channel.limits
    return replace(
        subject_of(text, link, media, about, account.channel),
        account=account.name,
        length=channel.count(Draft(text, link)),
        most_length=limits.text,
        most_images=limits.images if channel.can.takes_images else None,
        most_alt_text=limits.alt_text,
    )


def asks_for_corporate(texts: Iterable[str], link: str | None, media: tuple[MediaFact, ...], about: About) -> bool:
    """Whether a check wants corporate communications to look at any version of the post (R41)."""
    subjects = [subject_of(text, link, media, about) for text in texts]
    return any(f.level == "needs_approval" for subject in subjects for family in WORDS for f in family(subject))

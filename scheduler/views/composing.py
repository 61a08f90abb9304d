"""From the fields of the page Write a post to what planning takes, and back. No Streamlit here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.checks import Finding
from scheduler.content_types import approval_for
from scheduler.picture_answers import NO_ANSWERS, PictureAnswers, answers_of
from scheduler.planning import MediaInput, PostInput
from scheduler.post_audience import AlertInput
from scheduler.queries import PostView
from scheduler.slots import comes_twice, to_instant
from social.accounts import Account
from social.channels.base import Channel, Draft
from social.clock import as_local
from social.context import Context
from social.errors import BeatlineError, InputError

WHEN_SET, WHEN_NOW, WHEN_LATER = WHEN = ("At a set time", "Now", "No time yet")

APPROVAL_WORDS = {
    "none": "This kind of post needs no approval: it goes straight into the queue.",
    "supervisor": "A supervisor must approve this post before it goes out.",
    "corporate": "Corporate communications must approve this post before it goes out.",
}


@dataclass(frozen=True)
class Fields:
    """The page's fields as they stand.  variants: only those that differ.  stored: pictures kept from before."""

    content_type: str
    text: str
    accounts: tuple[str, ...]
    due_local: datetime | None
    fold: int | None
    variants: Mapping[str, str]
    link: str
    place: str | None
    campaign: str
    appeal_ref: str
    case_stage: str
    lang: str
    picture: bytes | None
    picture_mime: str | None
    stored: str | None
    alt_text: str
    answers: PictureAnswers = NO_ANSWERS
    alert: AlertInput | None = None

    def given(self) -> PostInput:
        """What planning takes; blank fields are None."""
        return PostInput(
            content_type=self.content_type,
            text=self.text,
            account_names=self.accounts,
            due_local=self.due_local,
            fold=self.fold,
            variants={channel: text for channel, text in self.variants.items() if text.strip()},
            link=self.link.strip() or None,
            place=self.place,
            campaign=self.campaign.strip() or None,
            appeal_ref=self.appeal_ref.strip() or None,
            case_stage=self.case_stage,
            lang=self.lang,
            media=self._media(),
            alert=self.alert,
        )

    def _media(self) -> tuple[MediaInput, ...]:
        if self.picture is None and self.stored is None:
            return ()
        if self.picture is not None:
            return (MediaInput("image", content=self.picture, mime=self.picture_mime, alt_text=self.alt_text,
                               answers=self.answers),)  # fmt: skip
        return (MediaInput("image", stored=self.stored, alt_text=self.alt_text, answers=self.answers),)


def clock_change(local: datetime) -> str | None:
    """Why this local time cannot be used as it is: the hour that spring skips; None when there is no such reason."""
    try:
        to_instant(local, 0)
    except InputError as error:
        return str(error)
    return None


def next_slot(now: datetime) -> datetime:
    """The time that the page proposes: 10am tomorrow, naive local."""
    return (as_local(now) + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0, tzinfo=None)


def own_time_again(due: datetime | None, now: datetime) -> datetime:
    """The time proposed for a post that has one: its own while that is ahead, else the next day at the same clock time that
    is, naive local; `next_slot` for a post without a time."""
    if due is None:
        return next_slot(now)
    here = as_local(now).replace(tzinfo=None)
    own = as_local(due).replace(second=0, microsecond=0, tzinfo=None)
    if own > here:
        return own
    today = datetime.combine(here.date(), own.time())
    return today if today > here else today + timedelta(days=1)


def count_in_words(channel: Channel, network: str, draft: Draft) -> tuple[str, bool]:
    """How long the post is as this network counts it, and whether it fits.  network: its name for people."""
    used, most = channel.count(draft), channel.limits.text
    if used > most:
        return (
            f"{used:,} characters as {network} counts them: {used - most:,} too many, the most is {most:,}.",
            False,
        )
    return f"{used:,} of {most:,} characters used, as {network} counts them.", True


def open_channel(context: Context, account: Account) -> Channel | None:
    """The account's channel, to count and to know its limits; None when its credentials cannot be opened."""
    try:
        return context.channel(account)
    except BeatlineError:
        return None


def approval_words(given: PostInput, accounts: list[Account], found: Sequence[Finding] = ()) -> str:
    """Who must approve this very post, by its kind and by what the checks ask for (R41)."""
    channels = {account.channel for account in accounts if account.name in given.account_names}
    words = "\n".join([given.text, *given.variants.values()])
    alert = given.alert if "alert" in channels else None
    level = approval_for(given.content_type, text=words, has_picture=bool(given.media), channels=channels,
                         raised=any(finding.level == "needs_approval" for finding in found),
                         urgent=alert is not None and alert.urgent)  # fmt: skip
    return APPROVAL_WORDS[level]


def fields_of(view: PostView) -> dict[str, object]:
    """The values that the page's widgets start from when a post is opened again; keys are the widgets' keys."""
    post, picture = view.post, next((m for m in view.media if m.kind == "image"), None)
    due = None if post.due_at is None else as_local(post.due_at).replace(tzinfo=None)
    fields: dict[str, object] = {
        "w_type": post.content_type,
        "w_text": post.text,
        "w_accounts": sorted({entry.account for entry in view.entries}),
        "w_when": WHEN_SET if due is not None else WHEN_LATER,
        "w_link": post.link or "",
        "w_place": view.place.name if view.place else None,
        "w_campaign": post.campaign or "",
        "w_appeal": post.appeal_ref or "",
        "w_case": post.case_stage,
        "w_lang": post.lang,
        "w_alt": picture.alt_text if picture else "",
        "w_stored": picture.file_name if picture else None,
        "w_keep": True,
    }
    if due is not None:
        fields |= {"w_day": due.date(), "w_time": due.time().replace(second=0, microsecond=0)}
        assert post.due_at is not None
        fields["w_fold"] = as_local(post.due_at).fold if comes_twice(due) else None
    if picture is not None:
        fields |= {f"w_image_{name}": value for name, value in answers_of(picture).fields().items()}
    for channel, text in view.variants.items():
        fields |= {f"w_own_{channel}": True, f"w_text_{channel}": text}
    return fields

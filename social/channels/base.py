"""The one abstraction between Beatline and a network.

A channel translates: platform field names into our words, the library's and the transport's exceptions into the four
kinds of `social.errors`, a figure that is not reported into no figure. It puts a timeout on every request and keeps
tokens out of URLs, messages and logs. It holds no state of ours and never touches the database.

Ask `channel.can`, never the channel's name. Calling what a flag denies raises `Unsupported` before any request."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from social.measurements import Metric


@dataclass(frozen=True)
class Capabilities:
    """What a channel can do.  needs_agreement: the network's terms ask a public body for a written agreement before
    it collects what others wrote there."""

    withdraws: bool
    finds_own_posts: bool
    proves_absence: bool
    """A look that finds nothing shows that the post is not there, so it may be sent again."""
    listens: bool
    hears_mentions: bool
    reports_reach: bool
    tells_history: bool
    takes_images: bool
    takes_video: bool
    needs_agreement: bool
    rechecks: bool = False
    """Tells what became of replies that were heard before: changed, hidden, or gone."""
    reaches_back: timedelta | None = None
    """How far `listen` reaches into the past; None where the network forgets nothing."""
    answers: bool = False
    """Answers a reply as the account, and finds its own answers again."""
    hides: bool = False
    """Hides a reply from everybody but its writer, and shows it again; doing either twice is as good as once."""
    delivers: bool = False
    """Tells an address of ours of what is new, without being asked."""
    tells_hidden: bool = False
    """Says of a reply whether it is hidden."""
    texts: bool = False
    """Sends some of what is published as text messages, which cost by the part."""
    glances: bool = False
    """Tells of many posts at once whether something new stands under them."""
    hears_threads: bool = False
    """Tells what is new in many threads at once, whomever it names."""
    threads: bool = False
    """Takes a post that answers one of our own, and finds it again."""


@dataclass(frozen=True)
class Limits:
    """text: most units of `Channel.count`.  alt_text: most characters.  image_bytes: most bytes a picture.
    threads: so many of our posts one request of `Channel.threads` asks for."""

    text: int
    images: int
    alt_text: int
    image_bytes: int
    threads: int = 1


@dataclass(frozen=True)
class Picture:
    """content: the file's bytes.  mime: image/png, image/jpeg, image/gif or image/webp."""

    content: bytes
    mime: str
    alt_text: str


@dataclass(frozen=True)
class AlertDraft:
    """What an alert is besides its words: only the alert channel looks at it.

    audience: JSON of `social.alerts.audience.Audience`, with the topic.  urgent: at once for everybody, may be texted,
    also at night.  texts: how many would be texted when it was last counted, for what that may cost; the sending
    itself counts anew.  reference: of the appeal, for the subjects of replies.  place_id: the area that it is about.
    lang: en, cy or cy+en."""

    subject: str
    audience: str
    urgent: bool = False
    texts: int = 0
    reference: str | None = None
    place_id: int | None = None
    lang: str = "en"


@dataclass(frozen=True)
class Draft:
    """What is to be published.  text: exactly as residents will see it; link: appended by the channel's own manner.
    alert: on the alert channel only.  after: of a thread, the platform id of the part before, which this one answers;
    None for its first part and for a post of one part.  to_come: how many parts follow this one."""

    text: str
    link: str | None = None
    pictures: tuple[Picture, ...] = ()
    alert: AlertDraft | None = None
    after: str | None = None
    to_come: int = 0

    @property
    def is_part(self) -> bool:
        """Whether it is one of several parts."""
        return self.after is not None or self.to_come > 0


@dataclass(frozen=True)
class Published:
    platform_id: str
    url: str | None
    published_at: datetime


@dataclass(frozen=True)
class Profile:
    """Who the credentials belong to.  followers: None when not reported; source_metric names the network's figure."""

    platform_id: str
    handle: str | None
    name: str
    followers: int | None
    source_metric: str


@dataclass(frozen=True)
class PastPost:
    """A post of ours that is already there.  before: ids that it had before it was changed, where a change brings
    another."""

    platform_id: str
    text: str
    published_at: datetime
    url: str | None
    has_picture: bool
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeardAttachment:
    """Something that came with a reply.  kind: picture, video, file or link.  url: where it can be had, an outsider's
    word.  platform_id: the network's number for it, None where it has none."""

    kind: str
    url: str
    platform_id: str | None = None


@dataclass(frozen=True)
class Heard:
    """Something written under one of our posts.

    conversation: platform id of our post.  parent: platform id of what it answers.  author: the network's id of the
    writer, for the keyed hash and for nothing else; None when not told.  ours: the account itself wrote it.
    kind: reply, quote or mention.  hidden: out of sight for everybody but its writer; None where the network does not
    say, and then what was known stays."""

    platform_id: str
    conversation: str
    parent: str | None
    text: str
    created_at: datetime
    author: str | None
    ours: bool
    kind: str = "reply"
    lang: str | None = None
    hidden: bool | None = False
    attachments: tuple[HeardAttachment, ...] = ()


@dataclass(frozen=True)
class HeardPage:
    """One page of what was heard.  cursor: hand it back to go on after this page, now or next week.  skipped: items
    that could not be read and are not among these."""

    items: tuple[Heard, ...]
    cursor: str | None
    skipped: int = 0


@dataclass(frozen=True)
class Rechecked:
    """What became of replies that were heard before.  items: those still there, as they are now.  gone: platform ids
    of those that are not to be seen any more, whoever took them away."""

    items: tuple[Heard, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """One metric of one post, as reported now.  value: count since publication.  source_metric: the network's name."""

    platform_id: str
    metric: Metric
    value: int
    source_metric: str


@dataclass(frozen=True)
class Measured:
    """figures: only what was reported.  gone: posts that are not to be seen any more."""

    figures: tuple[Figure, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True)
class Glanced:
    """What stands under a post, told without its words.  mark: changes whenever something is written there; nothing else
    is to be read from it.  newest_at: when the newest of it was written, None for nothing, or where it is not told."""

    mark: str
    newest_at: datetime | None = None


class Channel(Protocol):
    """One account on one network."""

    name: str
    can: Capabilities
    limits: Limits

    def count(self, draft: Draft) -> int:
        """Length of the text with its link as this network counts it, to be held against `limits.text`."""
        ...

    def verify(self) -> Profile:
        """Who do the credentials belong to?  Raises NeedsPerson when the network does not take them."""
        ...

    def publish(self, draft: Draft, *, key: str) -> Published:
        """Put the draft before residents, once.  key: the same for the same entry, for networks that use it.

        No request leaves after the moment of `leaving.must_leave_by`.
        Raises TryLater (nothing happened), Refused, NeedsPerson or OutcomeUnknown; Unsupported for a draft that
        answers another where threads are not known."""
        ...

    def find(self, draft: Draft, *, since: datetime) -> Published | None:
        """Did it land?  Looks among our own posts from `since` on for the same canonical text, after the same part.

        None means that a complete look found nothing; a failed look raises."""
        ...

    def withdraw(self, platform_id: str) -> None:
        """Take the post down. A post that is gone already counts as taken down."""
        ...

    def is_live(self, platform_id: str) -> bool:
        """Can residents see the post?  False only on proof that they cannot; a failed look raises."""
        ...

    def measure(self, platform_ids: Sequence[str]) -> Measured:
        """The figures of these posts, as reported now, in as few requests as the network allows."""
        ...

    def listen(self, platform_id: str, *, cursor: str | None, published_at: datetime) -> Iterator[HeardPage]:
        """What was written under this post after `cursor` (None: all that can be had), page by page, oldest first
        where the network allows. A page may hold what was heard before."""
        ...

    def recheck(self, replies: Mapping[str, Sequence[str]]) -> Rechecked:
        """What became of these replies, by the post that they stand under. One that is in neither part of the answer is
        not known to be there and not known to be gone."""
        ...

    def reply(self, platform_id: str, text: str, *, key: str) -> Published:
        """Answer a reply as the account, once.  platform_id: of what is answered.  key: as for `publish`.

        No request leaves after the moment of `leaving.must_leave_by`.
        Raises TryLater (nothing happened), Refused, NeedsPerson or OutcomeUnknown."""
        ...

    def find_reply(self, platform_id: str, text: str, *, since: datetime) -> Published | None:
        """Did our answer to this land?  Looks for the same canonical text beneath it, by us, from `since` on.

        None means that a complete look found nothing; a failed look raises, and so does one where what was answered
        is gone (Refused, reason 'gone')."""
        ...

    def hide(self, platform_id: str) -> None:
        """Put a reply under one of our posts out of sight of everybody but its writer.

        Raises Refused with the reason 'gone' when it is not there any more."""
        ...

    def show(self, platform_id: str) -> None:
        """Take back `hide`."""
        ...

    def is_hidden(self, platform_id: str) -> bool:
        """Whether the reply is hidden; a failed look raises, one at a reply that is gone too (Refused, 'gone')."""
        ...

    def mentions(self, *, cursor: str | None) -> Iterator[HeardPage]:
        """What mentions the account, whatever post it belongs to; reaches further back than `listen` on X."""
        ...

    def threads(self, platform_ids: Sequence[str], *, since: datetime) -> Iterator[HeardPage]:
        """What was written from `since` on in the threads under these posts of ours, whomever it names; the pages'
        cursors mean nothing."""
        ...

    def unnamed(self, *, since: datetime) -> Iterator[HeardPage]:
        """What was written from `since` on as an answer to any post of ours and leaves our name out, so that it is no
        mention; the pages' cursors mean nothing.  For networks that hear threads."""
        ...

    def glance(self, *, since: datetime, until: datetime | None = None) -> Iterator[Mapping[str, Glanced]]:
        """What stands under each of our own posts from `since` on, page by page, by the post's platform id.

        until: only posts of up to then.  A network may leave out posts that are there: see `glance_at`."""
        ...

    def glance_at(self, platform_id: str) -> Glanced | None:
        """The same of one post; None when the network says that it does not have it, or does not show it to us."""
        ...

    def history(self, *, since: datetime) -> Iterator[PastPost]:
        """Our own posts from `since` on, newest first."""
        ...

    def subscribe(self) -> None:
        """Have what is new delivered to the address that the network's app names."""
        ...

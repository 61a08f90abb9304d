"""A network inside this process, for tests and for a first look: it behaves as the others do and forgets at exit.

The contract suite runs over it as over every channel, so what works against it works against a network. All channels
of one account name share one `MemoryNetwork`, which tests reach by `network_of(name)`:

    network = network_of("hexley-x")
    network.fail_next("publish", OutcomeUnknown(...), accepted=True)    # took it, then the answer was lost
    network.add_reply(network.posts[0].platform_id, "Thank you for the update.")
    network.set_figures(network.posts[0].platform_id, reach=1200, reactions=31)"""

import itertools
import threading
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from social.accounts import Account
from social.channels.base import (
    Capabilities,
    Draft,
    Figure,
    Glanced,
    Heard,
    HeardAttachment,
    HeardPage,
    Limits,
    Measured,
    PastPost,
    Profile,
    Published,
    Rechecked,
)
from social.channels.canonical import canonical, with_link
from social.channels.leaving import too_late_to_leave
from social.clock import Clock, SystemClock, as_utc
from social.errors import BeatlineError, NeedsPerson, Refused, TryLater, Unsupported
from social.measurements import Metric

NAME = "memory"
PAGE = 50
"""Replies a page."""
SAME_TEXT_FOR = timedelta(hours=24)
"""How long the network refuses a text that is already live, as X and Facebook do."""


@dataclass
class MemoryPost:
    """A post that the network took.  removed_at: withdrawn, or taken away by `remove_post`; None while it is live."""

    platform_id: str
    draft: Draft
    published_at: datetime
    key: str | None = None
    removed_at: datetime | None = None

    @property
    def text(self) -> str:
        return with_link(self.draft.text, self.draft.link)

    @property
    def url(self) -> str:
        return f"https://memory.invalid/{self.platform_id}"


@dataclass
class MemoryNetwork:
    """What one account's network holds.

    posts: everything it ever took, in order, withdrawn posts too.  replies: in order of arrival.  sent: every request
    that reached it, as operation names.  reachable False: nothing reaches it.  takes_credentials False: it refuses
    the account's credentials.  followers: None means that it does not say."""

    name: str
    posts: list[MemoryPost] = field(default_factory=list)
    replies: list[Heard] = field(default_factory=list)
    figures: dict[str, dict[Metric, int]] = field(default_factory=lambda: defaultdict(dict))
    sent: list[str] = field(default_factory=list)
    followers: int | None = 1000
    reachable: bool = True
    takes_credentials: bool = True
    clock: Clock = field(default_factory=SystemClock, repr=False)
    _failures: dict[str, list[tuple[BeatlineError, bool]]] = field(
        default_factory=lambda: defaultdict(list), repr=False
    )
    _removed_replies: set[str] = field(default_factory=set, repr=False)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1), repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def live_posts(self) -> list[MemoryPost]:
        return [post for post in self.posts if post.removed_at is None]

    def fail_next(self, operation: str, error: BeatlineError, *, accepted: bool = False) -> None:
        """Raise `error` at the next call of the operation; calls add up.

        accepted: the network does what was asked and only the answer is lost."""
        self._failures[operation].append((error, accepted))

    def add_past_post(self, text: str, published_at: datetime, *, link: str | None = None) -> str:
        """A post of ours that was there before Beatline.  Returns its platform id."""
        return self._keep(Draft(text, link), as_utc(published_at), None).platform_id

    def add_reply(
        self,
        platform_id: str,
        text: str,
        *,
        created_at: datetime | None = None,
        author: str | None = "resident-1",
        parent: str | None = None,
        ours: bool = False,
        kind: str = "reply",
        lang: str | None = None,
        hidden: bool = False,
        attachments: tuple[HeardAttachment, ...] = (),
    ) -> str:
        """Somebody writes under the post.  created_at: None means now.  parent: None means the post itself.

        Returns the reply's platform id."""
        moment = as_utc(created_at) if created_at else self.clock.now()
        with self._lock:
            reply_id = f"{self.name}-r{next(self._numbers)}"
            heard = Heard(reply_id, platform_id, parent or platform_id, text, moment, author, ours, kind, lang, hidden,
                          attachments)  # fmt: skip
            self.replies.append(heard)
        return reply_id

    def set_figures(self, platform_id: str, **values: int | None) -> None:
        """From now on the network reports these of the post; None takes a figure back.  Names are those of `Metric`."""
        for name, value in values.items():
            metric = Metric(name)
            if value is None:
                self.figures[platform_id].pop(metric, None)
            else:
                self.figures[platform_id][metric] = value

    def remove_post(self, platform_id: str) -> None:
        """The post disappears, by whoever's hand."""
        for post in self.posts:
            if post.platform_id == platform_id and post.removed_at is None:
                post.removed_at = self.clock.now()

    def remove_reply(self, reply_id: str) -> None:
        """The reply is not to be seen any more."""
        self._removed_replies.add(reply_id)

    def edit_reply(self, reply_id: str, text: str) -> None:
        """Its writer puts other words in its place."""
        self._change_reply(reply_id, text=text)

    def hide_reply(self, reply_id: str, *, hidden: bool = True) -> None:
        """It is put out of sight, or back, by whoever's hand."""
        self._change_reply(reply_id, hidden=hidden)

    def _change_reply(self, reply_id: str, **values: object) -> None:
        with self._lock:
            self.replies[:] = [
                replace(reply, **values) if reply.platform_id == reply_id else reply  # type: ignore[arg-type]
                for reply in self.replies
            ]

    def pages(self, cursor: str | None, conversation: str | None = None) -> Iterator[HeardPage]:
        """What came after the cursor, of one conversation or of all.  cursor: how many replies were already read;
        one that is no number starts anew, as networks do with a cursor that they do not know."""
        position = int(cursor) if cursor and cursor.isdecimal() else 0
        fresh = [
            (number, reply)
            for number, reply in enumerate(self.replies[position:], position + 1)
            if conversation in (None, reply.conversation) and reply.platform_id not in self._removed_replies
        ]
        for start in range(0, len(fresh), PAGE):
            page = fresh[start : start + PAGE]
            yield HeardPage(tuple(reply for _, reply in page), str(page[-1][0]))

    def _keep(self, draft: Draft, published_at: datetime, key: str | None) -> MemoryPost:
        with self._lock:
            post = MemoryPost(f"{self.name}-{next(self._numbers)}", draft, published_at, key)
            self.posts.append(post)
        return post

    def reached(self, operation: str) -> tuple[BeatlineError, bool] | None:
        """Note that a request came.  Returns the failure that was asked for, and whether to do the work first."""
        if not self.reachable:
            raise TryLater(NAME, operation, "", "The network cannot be reached. Nothing was sent.")
        if too_late_to_leave():
            raise TryLater(NAME, operation, "too_late", "It was held up until its time had passed. Nothing was sent.")
        self.sent.append(operation)
        if not self.takes_credentials:
            raise NeedsPerson(
                NAME,
                operation,
                "401",
                "The network does not take the credentials.",
                action="Connect the account again.",
            )
        failure = self._failures[operation].pop(0) if self._failures[operation] else None
        if failure and not failure[1]:
            raise failure[0]
        return failure


_networks: dict[str, MemoryNetwork] = {}


def network_of(name: str) -> MemoryNetwork:
    """The network that every channel of this account name shares; made when there is none."""
    return _networks.setdefault(name, MemoryNetwork(name))


def reset() -> None:
    """Forget every network. Tests call it before they start."""
    _networks.clear()


class MemoryChannel:
    """One account on its `MemoryNetwork`.  clock: dates what happens there from now on."""

    name = NAME
    can = Capabilities(
        withdraws=True,
        finds_own_posts=True,
        proves_absence=True,
        listens=True,
        hears_mentions=True,
        reports_reach=True,
        tells_history=True,
        takes_images=True,
        takes_video=False,
        needs_agreement=False,
        rechecks=True,
        answers=True,
        hides=True,
        tells_hidden=True,
        hears_threads=True,
        threads=True,
    )
    limits = Limits(text=500, images=4, alt_text=1000, image_bytes=5_000_000, threads=13)

    def __init__(self, account: Account, clock: Clock) -> None:
        self._account = account.name
        self._handle = account.handle
        self._clock = clock
        network_of(account.name).clock = clock

    @property
    def network(self) -> MemoryNetwork:
        return network_of(self._account)

    def count(self, draft: Draft) -> int:
        return len(unicodedata.normalize("NFC", with_link(draft.text, draft.link)))

    def verify(self) -> Profile:
        self._answer(self.network.reached("verify"))
        return Profile(f"memory-{self._account}", self._handle, self._account, self.network.followers, "followers")

    def publish(self, draft: Draft, *, key: str) -> Published:
        failure = self.network.reached("publish")
        if draft.after is not None and all(one.platform_id != draft.after for one in self.network.live_posts):
            raise Refused(NAME, "publish", "403", "What it answers is not there (any more).", reason="forbidden")
        self._refuse_what_cannot_go(draft)
        post = self.network._keep(draft, self._clock.now(), key)
        self._answer(failure)
        return Published(post.platform_id, post.url, post.published_at)

    def find(self, draft: Draft, *, since: datetime) -> Published | None:
        self._answer(self.network.reached("find"))
        wanted = canonical(with_link(draft.text, draft.link))
        for post in reversed(self.network.live_posts):
            same = canonical(post.text) == wanted and post.draft.after == draft.after
            if post.published_at >= since and same:
                return Published(post.platform_id, post.url, post.published_at)
        return None

    def withdraw(self, platform_id: str) -> None:
        failure = self.network.reached("withdraw")
        self.network.remove_post(platform_id)
        self._answer(failure)

    def is_live(self, platform_id: str) -> bool:
        self._answer(self.network.reached("look"))
        return any(post.platform_id == platform_id for post in self.network.live_posts)

    def measure(self, platform_ids: Sequence[str]) -> Measured:
        if not platform_ids:
            return Measured((), ())
        self._answer(self.network.reached("measure"))
        live = {post.platform_id for post in self.network.live_posts}
        figures = tuple(
            Figure(platform_id, metric, value, metric.value)
            for platform_id in platform_ids
            if platform_id in live
            for metric, value in self.network.figures[platform_id].items()
        )
        return Measured(figures, tuple(i for i in platform_ids if i not in live))

    def listen(
        self,
        platform_id: str,
        *,
        cursor: str | None,
        published_at: datetime,  # noqa: ARG002 - part of the protocol; only networks that forget need it
    ) -> Iterator[HeardPage]:
        self._answer(self.network.reached("listen"))
        yield from self.network.pages(cursor, platform_id)

    def recheck(self, replies: Mapping[str, Sequence[str]]) -> Rechecked:
        self._answer(self.network.reached("recheck"))
        there = {one.platform_id: one for one in self.network.replies if one.conversation in replies}
        asked = [one for under in replies.values() for one in under]
        gone = tuple(one for one in asked if one not in there or one in self.network._removed_replies)
        return Rechecked(tuple(there[one] for one in asked if one not in gone), gone)

    def reply(self, platform_id: str, text: str, *, key: str) -> Published:  # noqa: ARG002 - answers keep no key
        failure = self.network.reached("reply")
        self._refuse_too_long("reply", text)
        above = self._there("reply", platform_id)
        if self._answers(platform_id, text, self._clock.now() - SAME_TEXT_FOR):
            raise Refused(NAME, "reply", "403", "The same answer is there already.", reason="duplicate")
        number = self.network.add_reply(
            above.conversation, text, author=None, parent=platform_id, ours=True, created_at=self._clock.now()
        )
        self._answer(failure)
        return self._published(number)

    def find_reply(self, platform_id: str, text: str, *, since: datetime) -> Published | None:
        self._answer(self.network.reached("find"))
        self._there("find", platform_id)
        found = self._answers(platform_id, text, since)
        return self._published(found[-1].platform_id) if found else None

    def hide(self, platform_id: str) -> None:
        self._set_hidden(platform_id, hidden=True)

    def show(self, platform_id: str) -> None:
        self._set_hidden(platform_id, hidden=False)

    def is_hidden(self, platform_id: str) -> bool:
        self._answer(self.network.reached("look"))
        return self._there("look", platform_id).hidden is True

    def _set_hidden(self, platform_id: str, *, hidden: bool) -> None:
        failure = self.network.reached("hide")
        if self._there("hide", platform_id).ours:
            raise Refused(NAME, "hide", "403", "Our own answer cannot be hidden.", reason="forbidden")
        self.network.hide_reply(platform_id, hidden=hidden)
        self._answer(failure)

    def _there(self, operation: str, platform_id: str) -> Heard:
        """What residents or we wrote under a post.  Raises Refused when it is not there (any more)."""
        for reply in self.network.replies:
            if reply.platform_id == platform_id and platform_id not in self.network._removed_replies:
                return reply
        raise Refused(NAME, operation, "404", "The network does not have it (any more).", reason="gone")

    def _answers(self, platform_id: str, text: str, since: datetime) -> list[Heard]:
        """Our answers to this with the same words, from `since` on."""
        return [
            reply
            for reply in self.network.replies
            if reply.ours
            and reply.parent == platform_id
            and reply.created_at >= since
            and canonical(reply.text) == canonical(text)
            and reply.platform_id not in self.network._removed_replies
        ]

    def _published(self, reply_id: str) -> Published:
        reply = self._there("find", reply_id)
        return Published(reply_id, f"https://memory.invalid/{reply_id}", reply.created_at)

    def mentions(self, *, cursor: str | None) -> Iterator[HeardPage]:
        self._answer(self.network.reached("mentions"))
        yield from self.network.pages(cursor)

    def threads(self, platform_ids: Sequence[str], *, since: datetime) -> Iterator[HeardPage]:
        self._answer(self.network.reached("threads"))
        yield HeardPage(tuple(
            one for one in self.network.replies
            if one.conversation in platform_ids and one.created_at >= since
            and one.platform_id not in self.network._removed_replies
        ), "")  # fmt: skip

    def unnamed(self, *, since: datetime) -> Iterator[HeardPage]:
        self._answer(self.network.reached("unnamed"))
        yield HeardPage(tuple(
            one for one in self.network.replies
            if one.parent == one.conversation and one.created_at >= since
            and one.platform_id not in self.network._removed_replies
        ), "")  # fmt: skip

    def glance(self, *, since: datetime, until: datetime | None = None) -> Iterator[Mapping[str, Glanced]]:  # noqa: ARG002 - denied by its flag
        raise Unsupported(self.name, "tell what is new under many posts at once")

    def glance_at(self, platform_id: str) -> Glanced | None:  # noqa: ARG002 - denied by its flag
        raise Unsupported(self.name, "tell whether something is new under a post")

    def subscribe(self) -> None:
        raise Unsupported(self.name, "deliver by itself")

    def history(self, *, since: datetime) -> Iterator[PastPost]:
        self._answer(self.network.reached("history"))
        for post in sorted(self.network.live_posts, key=lambda p: p.published_at, reverse=True):
            if post.published_at >= since:
                yield PastPost(post.platform_id, post.text, post.published_at, post.url, bool(post.draft.pictures))

    def _refuse_what_cannot_go(self, draft: Draft) -> None:
        self._refuse_too_long("publish", with_link(draft.text, draft.link))
        if len(draft.pictures) > self.limits.images:
            raise Refused(
                NAME, "publish", "400", f"At most {self.limits.images} pictures can go.", reason="too_many_pictures"
            )
        if self._is_live_already(with_link(draft.text, draft.link)):
            raise Refused(NAME, "publish", "403", "The same text is already live.", reason="duplicate")

    def _refuse_too_long(self, operation: str, text: str) -> None:
        if self.count(Draft(text)) > self.limits.text:
            said = f"The text is longer than {self.limits.text} characters."
            raise Refused(NAME, operation, "400", said, reason="too_long")

    def _is_live_already(self, text: str) -> bool:
        earliest = self._clock.now() - SAME_TEXT_FOR
        return any(
            canonical(post.text) == canonical(text) for post in self.network.live_posts if post.published_at > earliest
        )

    @staticmethod
    def _answer(failure: tuple[BeatlineError, bool] | None) -> None:
        if failure:
            raise failure[0]

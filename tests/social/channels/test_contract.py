"""What every channel promises, tried on every channel: a new one is a row here."""

import logging
import shutil
import struct
import traceback
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from social.accounts import Account
from social.alerts.addresses import reference_of
from social.alerts.audience import Audience
from social.alerts.mailings import Mailing, Message
from social.alerts.pictures import pictures_of
from social.alerts.sending import send_messages
from social.channels import leaving, memory
from social.channels.alert import AlertChannel
from social.channels.base import AlertDraft, Channel, Draft, HeardPage, Picture
from social.channels.canonical import with_link
from social.channels.facebook import FacebookChannel
from social.channels.leaving import must_leave_by
from social.channels.memory import MemoryChannel
from social.channels.registry import make_channel
from social.channels.x import XChannel
from social.clock import SettableClock, steady_seconds
from social.context import Context, open_context
from social.database import Database
from social.database_trouble import DatabaseTrouble
from social.errors import ChannelError, NeedsPerson, OutcomeUnknown, Refused, TryLater, Unsupported
from social.places import PlaceKind, find_or_add_place
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from social.settings import Settings, load_settings
from tests.alerts.helpers import a_resident

PLAIN = "The gate at Larkfield Rise is mended. Thank you to everyone who told us."
TRICKY = (
    "Café watch & “quiet hours” at Thornleigh Vale 👮🏽‍♀️🚲 <new>: see https://www.example.org/beat?a=1&b=2 "
    "or example.org/map\n\nIt’s on till 7 pm… Cost £0 – bring  two spaces"
)


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\x00\xff\xff\xff")) + chunk(b"IEND", b"")


_BY_MAIL = {"from_address": "alerts@woldershire.example"}
ASKED = AlertDraft("News from your team", Audience("prevention", (1,)).to_json())


def a_draft(channel: Channel, text: str, **more: Any) -> Draft:
    """A post as this channel takes it: an alert needs somebody whom it is for."""
    return Draft(text, **more, alert=ASKED if channel.name == "alert" else None)


class Stand(ABC):
    """A channel with its network, and what tests may do to the network behind the channel's back."""

    channel: Channel
    secrets: tuple[str, ...] = ()
    has_addresses = True
    """Whether a post has an address of its own."""
    counted: frozenset[str] = frozenset({"impressions", "reactions", "shares", "replies"})
    """What is reported of a post that residents have seen."""

    @abstractmethod
    def texts(self) -> list[str]:
        """What residents can see of what this test suite published."""

    @abstractmethod
    def alt_texts(self) -> list[str]:
        """Of the newest post."""

    @abstractmethod
    def lose_next_answer(self, operation: str) -> None:
        """The network does what is asked next and its answer is lost."""

    @abstractmethod
    def with_bad_credentials(self) -> Channel: ...

    @abstractmethod
    def unreachable(self) -> Channel: ...

    @abstractmethod
    def let_residents_write(self, platform_id: str) -> None: ...


class MemoryStand(Stand):
    def __init__(self, clock: SettableClock) -> None:
        memory.reset()
        self._clock = clock
        account = Account(name="contract", channel="memory", credentials_sealed=b"", added_at=clock.now())
        self.channel = MemoryChannel(account, clock)
        self._network = memory.network_of("contract")
        self._written = 0

    def texts(self) -> list[str]:
        return [post.text for post in self._network.live_posts]

    def alt_texts(self) -> list[str]:
        return [picture.alt_text for picture in self._network.posts[-1].draft.pictures]

    def lose_next_answer(self, operation: str) -> None:
        lost = OutcomeUnknown("memory", operation, "", "No answer came.", sent_at=self._clock.now())
        self._network.fail_next(operation, lost, accepted=True)

    def with_bad_credentials(self) -> Channel:
        self._network.takes_credentials = False
        return self.channel

    def unreachable(self) -> Channel:
        self._network.reachable = False
        return self.channel

    def let_residents_write(self, platform_id: str) -> None:
        self._clock.advance(timedelta(hours=1))
        for _ in range(120):
            self._written += 1
            self._network.add_reply(platform_id, f"Reply {self._written}", author=f"resident-{self._written}")
        self._network.set_figures(platform_id, impressions=900, reactions=30, shares=4, replies=120)


class PracticeStand(Stand):
    def __init__(
        self, name: str, practice: PracticeNetwork, clock: SettableClock, settings: Settings, closed: str
    ) -> None:
        self._name, self._practice, self._clock = name, practice, clock
        self._settings, self._closed = settings, closed
        self._credentials = practice.credentials(name)
        self.secrets = tuple(self._credentials.values())
        self.channel = self._make(practice.base_url + "/", self._credentials)

    def _make(self, base_url: str, credentials: dict[str, str]) -> Channel:
        account = Account(
            name=self._name, channel=self._name, handle=self._practice.handle, base_url=base_url,
            platform_id=self._practice.page_id if self._name == "facebook" else None,
            credentials_sealed=b"", added_at=self._clock.now(),
        )  # fmt: skip
        if self._name == "x":
            return XChannel(account, credentials, self._settings, self._clock)
        return FacebookChannel(account, credentials, self._settings, self._clock)

    def clear(self) -> None:
        for post in self._accepted():
            if not post["deleted"]:
                self.channel.withdraw(post["platform_id"])

    def _accepted(self) -> list[dict[str, Any]]:
        return [post for post in self._practice.truth() if post["network"] == self._name]

    def texts(self) -> list[str]:
        return [post["text"] for post in self._accepted() if not post["deleted"]]

    def alt_texts(self) -> list[str]:
        found: list[str] = self._accepted()[-1]["alt_texts"]
        return found

    def lose_next_answer(self, operation: str) -> None:
        from social.practice.faults import Fault

        self._practice.faults.add(Fault(operation, "reset_after", network=self._name))

    def with_bad_credentials(self) -> Channel:
        return self._make(
            self._practice.base_url, {name: f"wrong-{value}" for name, value in self._credentials.items()}
        )

    def unreachable(self) -> Channel:
        return self._make(self._closed, self._credentials)

    def let_residents_write(self, platform_id: str) -> None:
        self._clock.advance(timedelta(hours=2))


class AlertStand(Stand):
    """The network is the database of the system itself; one resident lives there."""

    has_addresses = False
    counted = frozenset()

    def __init__(self, context: Context, credentials: dict[str, str], base_url: str | None = None) -> None:
        self.context, self._database = context, context.database
        with context.database.write() as session:
            place = find_or_add_place(session, "Larkfield Rise", PlaceKind.NEIGHBOURHOOD)
        a_resident(context, topics=["prevention"], places=[place.id or 0])
        self.secrets = (credentials["notify_api_key"],) if "notify_api_key" in credentials else ()
        sealed = context.vault.seal(credentials)
        self._account = Account(
            name="alerts", channel="alert", base_url=base_url, credentials_sealed=sealed, added_at=context.clock.now()
        )
        with context.database.write() as session:
            session.add(self._account)
        self.channel = AlertChannel(context, self._account, credentials)

    def _live(self) -> list[Mailing]:
        query = select(Mailing).where(col(Mailing.stopped_at).is_(None), col(Mailing.corrects_id).is_(None))
        with self._database.read() as session:
            return list(session.exec(query.order_by(col(Mailing.id))))

    def texts(self) -> list[str]:
        return [with_link(mailing.text, mailing.link) for mailing in self._live()]

    def alt_texts(self) -> list[str]:
        newest = self._live()[-1].id or 0
        with self._database.read() as session:
            return [one.alt_text for one in pictures_of(session, newest, self.context.settings.media_folder)]

    def lose_next_answer(self, operation: str) -> None:
        whole = self._database.write

        @contextmanager
        def lost() -> Iterator[Session]:
            self.context.database = self._database
            with whole() as session:
                yield session
            raise DatabaseTrouble("The connection to the database was lost.")

        self._broken(write=lost)

    def with_bad_credentials(self) -> Channel:
        return AlertChannel(self.context, self._account, {"from_address": "wrong-address"})

    def unreachable(self) -> Channel:
        @contextmanager
        def closed() -> Iterator[Session]:
            raise DatabaseTrouble("The database cannot be reached.")
            yield

        self._broken(read=closed, write=closed)
        return self.channel

    def _broken(self, **instead: object) -> None:
        broken = Database(str(self.context.settings.database_url))
        for name, behaviour in instead.items():
            setattr(broken, name, behaviour)
        self.context.database = broken

    def let_residents_write(self, platform_id: str) -> None:
        clock = self.context.clock
        assert isinstance(clock, SettableClock)
        clock.advance(timedelta(hours=2))


class NotifiedStand(AlertStand):
    """The same from the residents' end: what they can see is what GOV.UK Notify took for them, by the sender's work."""

    def __init__(self, context: Context, practice: PracticeNetwork) -> None:
        self._practice = practice
        super().__init__(context, practice.credentials("alert"), practice.base_url)

    def texts(self) -> list[str]:
        clock = self.context.clock
        assert isinstance(clock, SettableClock)
        self.context.database = self._database  # the sender's is whole, whatever was done to the publisher's
        for _ in range(3):
            send_messages(self.context)
            clock.advance(timedelta(seconds=61))  # an answer that was lost is looked for by then
        return [with_link(one.text, one.link) for one in self._live() for _ in range(self._arrived(one))]

    def _arrived(self, mailing: Mailing) -> int:
        """How often the mailing's words came to its one resident."""
        with self._database.read() as session:
            messages = session.exec(select(Message).where(Message.mailing_id == mailing.id)).all()
        store, now_ms = self._practice.notify.store, self._practice.world.now_ms()
        took = [one for message in messages for one in store.listed(now_ms, reference=reference_of(message))]
        assert all(mailing.text.strip() in one.body for one in took)
        return len(took)

    def alt_texts(self) -> list[str]:
        self.texts()
        shown = super().alt_texts()
        took = self._practice.notify.store.listed(self._practice.world.now_ms(), limit=1)
        assert all(f"[Picture: {alt_text}]" in took[0].body for alt_text in shown)
        return shown

    def lose_next_answer(self, operation: str) -> None:
        """Ours and, where something is sent, Notify's as well."""
        self._practice.faults.add(Fault("publish", "reset_after", network="notify"))
        super().lose_next_answer(operation)


@pytest.fixture
def stand(
    request: pytest.FixtureRequest,
    clock: SettableClock,
    practice: PracticeNetwork,
    practice_clock: SettableClock,
    tmp_path: Path,
    closed_address: str,
) -> Iterator[Stand]:
    if request.param == "memory":
        yield MemoryStand(clock)
        return
    if request.param in ("alert", "notify"):
        migrated = request.getfixturevalue("migrated")
        practice.faults.clear()
        yield from _alert_stand(tmp_path / "home", migrated, clock, practice if request.param == "notify" else None)
        return
    settings = load_settings({"BEATLINE_HOME": str(tmp_path), "BEATLINE_READ_TIMEOUT": "5"})
    practice_clock.advance(timedelta(days=4))
    practice.faults.clear()
    practice_stand = PracticeStand(request.param, practice, practice_clock, settings, closed_address)
    practice_stand.clear()  # so that no test's text is another's duplicate
    yield practice_stand


def _alert_stand(
    home: Path, migrated: Path, clock: SettableClock, practice: PracticeNetwork | None
) -> Iterator[Stand]:  # fmt: skip
    home.mkdir(mode=0o700)
    shutil.copyfile(migrated, home / "beatline.sqlite")
    (home / "beatline.sqlite").chmod(0o600)
    settings = load_settings({
        "BEATLINE_HOME": str(home), "BEATLINE_KEY": "k" * 40, "BEATLINE_PUBLIC_ADDRESS": "https://alerts.example.org",
        "BEATLINE_DATABASE_URL": f"sqlite:///{home / 'beatline.sqlite'}",
    })  # fmt: skip
    context = open_context(settings, make_channel, clock)
    opened = context.database
    yield AlertStand(context, _BY_MAIL) if practice is None else NotifiedStand(context, practice)
    opened.close()
    context.database.close()


@pytest.fixture
def talking(stand: Stand) -> Stand:
    """Where what residents write is listened to; letters come in by the mailbox instead."""
    return stand


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "stand" in metafunc.fixturenames:
        quiet = [] if "talking" in metafunc.fixturenames else ["alert", "notify"]
        metafunc.parametrize("stand", ["memory", "x", "facebook", *quiet], indirect=True)


def _now(stand: Stand) -> datetime:
    clock = stand.context.clock if isinstance(stand, AlertStand) else stand.channel._clock
    assert isinstance(clock, SettableClock)
    return clock.now()


_keys = count(1)


def _publish(stand: Stand, text: str = PLAIN, **more: Any) -> str:
    """As another entry each time: only a second try at the same one has the same key."""
    return stand.channel.publish(a_draft(stand.channel, text, **more), key=f"entry-{next(_keys)}").platform_id


def _hear(stand: Stand, platform_id: str, cursor: str | None, since: datetime) -> list[HeardPage]:
    return list(stand.channel.listen(platform_id, cursor=cursor, published_at=since))


def test_verify_tells_whose_account_it_is(stand: Stand) -> None:
    profile = stand.channel.verify()
    assert profile.platform_id
    assert profile.followers is not None
    assert profile.followers >= 0


def test_what_was_published_is_there_and_is_found(stand: Stand) -> None:
    start = _now(stand)
    published = stand.channel.publish(a_draft(stand.channel, PLAIN), key="1")
    assert stand.texts().count(PLAIN) == 1
    assert bool(published.url) is stand.has_addresses
    assert abs(published.published_at - start) < timedelta(seconds=2)
    found = stand.channel.find(Draft(PLAIN), since=start)
    assert found is not None
    assert found.platform_id == published.platform_id


def test_a_text_that_networks_rewrite_is_found_all_the_same(stand: Stand) -> None:
    start = _now(stand)
    platform_id = _publish(stand, TRICKY)
    found = stand.channel.find(Draft(TRICKY), since=start)
    assert found is not None
    assert found.platform_id == platform_id


def test_a_post_with_a_link_is_found(stand: Stand) -> None:
    start = _now(stand)
    text, link = "Have your say about Oakenford Town & its market", "https://www.example.org/say?from=x&to=y"
    draft = a_draft(stand.channel, text, link=link)
    platform_id = stand.channel.publish(draft, key="1").platform_id
    found = stand.channel.find(draft, since=start)
    assert found is not None
    assert found.platform_id == platform_id


def test_a_text_that_was_never_published_is_not_found(stand: Stand) -> None:
    _publish(stand)
    assert stand.channel.find(Draft("The gate at Larkfield Rise is broken."), since=_now(stand)) is None


def test_a_post_of_before_the_look_begins_is_not_found(stand: Stand) -> None:
    _publish(stand)
    assert stand.channel.find(Draft(PLAIN), since=_now(stand) + timedelta(minutes=1)) is None


def test_pictures_arrive_with_their_descriptions(stand: Stand) -> None:
    start = _now(stand)
    pictures = (
        Picture(_png(), "image/png", "A mended gate"),
        Picture(_png(), "image/png", "Two officers & a dog “Rex”"),
    )
    draft = a_draft(stand.channel, "Before and after at Nether Skelby", pictures=pictures)
    published = stand.channel.publish(draft, key="1")
    assert stand.alt_texts() == ["A mended gate", "Two officers & a dog “Rex”"]
    found = stand.channel.find(draft, since=start)
    assert found is not None
    assert found.platform_id == published.platform_id


def test_a_request_whose_time_has_passed_is_not_sent_and_says_so(stand: Stand) -> None:
    """A worker that slept past its claim must not send when another has taken over."""
    with must_leave_by(steady_seconds() - 1), pytest.raises(TryLater) as caught:
        _publish(stand)
    assert caught.value.code == "too_late"
    assert stand.texts() == []
    with must_leave_by(steady_seconds() + 600):
        _publish(stand)
    assert stand.texts() == [PLAIN]


def test_a_picture_that_takes_too_long_keeps_its_post_from_leaving(stand: Stand) -> None:
    """Time runs out between the upload and the post itself."""
    moments = iter((0.0, 0.0, 2.0))  # when the time begins to run, when the first request leaves, and after that
    pictures = (Picture(_png(), "image/png", ""),)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leaving, "steady_seconds", lambda: next(moments, 2.0))
        with must_leave_by(1.0), pytest.raises(TryLater):
            _publish(stand, pictures=pictures)
            _publish(stand, pictures=pictures)  # here no time goes over a picture
    assert len(stand.texts()) == isinstance(stand, MemoryStand | AlertStand)


def test_withdrawing_twice_is_as_good_as_once(stand: Stand) -> None:
    platform_id = _publish(stand)
    stand.channel.withdraw(platform_id)
    assert PLAIN not in stand.texts()
    stand.channel.withdraw(platform_id)
    assert stand.channel.find(Draft(PLAIN), since=_now(stand)) is None


def test_a_look_tells_what_is_live_from_what_was_taken_down(stand: Stand) -> None:
    gone, live = _publish(stand, "Lost keys handed in at Elderwick"), _publish(stand)
    assert stand.channel.is_live(gone)
    stand.channel.withdraw(gone)
    assert not stand.channel.is_live(gone)
    assert stand.channel.is_live(live)


def test_measuring_tells_figures_of_live_posts_and_which_are_gone(stand: Stand) -> None:
    gone = _publish(stand, "Lost keys handed in at Elderwick")
    live = _publish(stand)
    stand.channel.withdraw(gone)
    stand.let_residents_write(live)
    measured = stand.channel.measure([gone, live])
    assert measured.gone == (gone,)
    assert {figure.platform_id for figure in measured.figures} == ({live} if stand.counted else set())
    assert stand.counted <= {figure.metric.value for figure in measured.figures}
    assert all(figure.value >= 0 and figure.source_metric for figure in measured.figures)


def test_reach_is_reported_where_the_flag_says_so_and_nowhere_else(stand: Stand) -> None:
    if isinstance(stand, MemoryStand):
        memory.network_of("contract").set_figures(_publish(stand), reach=800)
        platform_id = memory.network_of("contract").posts[-1].platform_id
    else:
        platform_id = _publish(stand)
        stand.let_residents_write(platform_id)
    metrics = {figure.metric.value for figure in stand.channel.measure([platform_id]).figures}
    assert ("reach" in metrics) is stand.channel.can.reports_reach


def test_measuring_nothing_asks_nothing(stand: Stand) -> None:
    measured = stand.unreachable().measure([])
    assert measured.figures == ()
    assert measured.gone == ()


TALKED_ABOUT = (
    TRICKY,
    "Appeal: did you see a white van on Mill Road, Hexley Moor, at 9 last night? Tell us or Crimestoppers.",
    "Our youngest volunteer named the new patrol bike. Meet Sergeant Spokes! What would you have called it?",
)


def _listened(stand: Stand, most: int = 40) -> tuple[str, datetime, list[HeardPage]]:
    """A post, when it went out, and what was heard under it once residents wrote enough."""
    start = _now(stand)
    posts = [_publish(stand, text) for text in TALKED_ABOUT]
    for _ in range(most):
        stand.let_residents_write(posts[0])
        for platform_id in posts:
            pages = _hear(stand, platform_id, None, start)
            if sum(len(page.items) for page in pages) >= 3:
                return platform_id, start, pages
    raise AssertionError("residents stay silent")


def test_replies_carry_what_is_needed_and_no_profile(talking: Stand) -> None:
    platform_id, start, pages = _listened(talking)
    items = [item for page in pages for item in page.items]
    assert len({item.platform_id for item in items}) == len(items)
    for item in items:
        assert item.conversation == platform_id
        assert item.parent is not None
        assert item.text
        assert start <= item.created_at <= _now(talking)
    assert platform_id not in {item.platform_id for item in items}


def test_listening_twice_tells_nothing_new(talking: Stand) -> None:
    platform_id, start, pages = _listened(talking)
    again = _hear(talking, platform_id, pages[-1].cursor, start)
    assert [item for page in again for item in page.items] == []


def test_listening_goes_on_from_any_page_without_losing_a_reply(talking: Stand) -> None:
    platform_id, start, pages = _listened(talking)
    talking.let_residents_write(platform_id)
    whole = {item.platform_id for page in _hear(talking, platform_id, None, start) for item in page.items}
    heard: set[str] = set()
    for page in pages:
        heard |= {item.platform_id for item in page.items}
        after = _hear(talking, platform_id, page.cursor, start)
        # More than the whole: what residents take back in the meantime was heard all the same.
        assert heard | {item.platform_id for later in after for item in later.items} >= whole


def test_a_cursor_that_the_network_does_not_know_loses_nothing(talking: Stand) -> None:
    platform_id, start, pages = _listened(talking)
    whole = {item.platform_id for page in pages for item in page.items}
    strange = "||not-a-token" if talking.channel.name == "x" else "not-a-cursor"
    again = {i.platform_id for page in _hear(talking, platform_id, strange, start) for i in page.items}
    assert again == whole


def test_a_recheck_tells_replies_that_are_there_from_one_that_is_not(talking: Stand) -> None:
    platform_id, start, pages = _listened(talking)
    items = {item.platform_id: item for page in _hear(talking, platform_id, None, start) for item in page.items}
    nobody = {"x": "99999999999999", "facebook": f"{platform_id.rpartition('_')[2]}_999999"}
    unknown = nobody.get(talking.channel.name, "nobody's")
    if not talking.channel.can.rechecks:
        with pytest.raises(Unsupported):
            talking.channel.recheck({platform_id: [unknown]})
        return
    found = talking.channel.recheck({platform_id: [*items, unknown]})
    assert found.gone == (unknown,)
    assert {item.platform_id for item in found.items} == set(items)
    for item in found.items:
        assert (item.text, item.conversation, item.parent) == (
            items[item.platform_id].text, platform_id, items[item.platform_id].parent
        )  # fmt: skip
    assert talking.channel.recheck({}).gone == ()
    assert pages


def test_mentions_are_heard_where_the_flag_says_so(talking: Stand) -> None:
    if not talking.channel.can.hears_mentions:
        with pytest.raises(Unsupported):
            talking.channel.mentions(cursor=None)
        return
    platform_id, _, _ = _listened(talking)
    pages = list(talking.channel.mentions(cursor=None))
    assert platform_id in {item.conversation for page in pages for item in page.items}
    again = list(talking.channel.mentions(cursor=pages[-1].cursor))
    assert [item for page in again for item in page.items] == []


def test_direct_answers_that_leave_our_name_out_are_told_of_in_one_search(talking: Stand) -> None:
    """On X they are no mentions; every second one is like that here."""
    if not talking.channel.can.hears_threads:
        return
    if isinstance(talking, PracticeStand):
        talking._practice.troubles.unnamed_every = 2
    platform_id, start, pages = _listened(talking)
    direct = {item.platform_id for page in pages for item in page.items if item.parent == platform_id}
    unnamed = {item.platform_id for page in talking.channel.unnamed(since=start) for item in page.items}
    named = {item.platform_id for page in talking.channel.mentions(cursor=None) for item in page.items}
    assert unnamed
    assert direct <= unnamed | named
    if isinstance(talking, PracticeStand):
        assert direct - named, "the mentions alone would miss some"
        assert not unnamed & named, "nothing is paid for twice"
    later = _now(talking) + timedelta(hours=1)
    assert not [item for page in talking.channel.unnamed(since=later) for item in page.items]


def test_threads_tell_what_listening_to_each_of_many_posts_tells(talking: Stand) -> None:
    if not talking.channel.can.hears_threads:
        return
    platform_id, start, _ = _listened(talking)
    others = [_publish(talking, f"Shed locks, stall {number}") for number in range(15)]
    heard = [item for page in talking.channel.threads([*others, platform_id], since=start) for item in page.items]
    one_by_one = [
        item for post in [*others, platform_id] for page in _hear(talking, post, None, start) for item in page.items
    ]
    assert {item.platform_id for item in heard} == {item.platform_id for item in one_by_one}
    assert platform_id in {item.conversation for item in heard}
    newest = max(item.created_at for item in heard)
    late = [one for page in talking.channel.threads([platform_id], since=newest) for one in page.items]
    assert {one.created_at for one in late} == {newest}


def test_history_tells_our_own_posts_newest_first(stand: Stand) -> None:
    start = _now(stand)
    first = _publish(stand, "First of two: road works at Marlpit End")
    if isinstance(stand, MemoryStand):
        stand._clock.advance(timedelta(minutes=1))
    else:
        stand.let_residents_write(first)
    second = _publish(stand, TRICKY)
    past = list(stand.channel.history(since=start))
    assert [post.platform_id for post in past] == [second, first]
    assert past[0].published_at > past[1].published_at
    assert past[1].text == "First of two: road works at Marlpit End"


def test_a_text_that_is_too_long_is_refused_and_nothing_is_published(stand: Stand) -> None:
    before = stand.texts()
    text = "Police. " * (stand.channel.limits.text // 8 + 2)
    assert stand.channel.count(Draft(text.strip())) > stand.channel.limits.text
    with pytest.raises(Refused) as refused:
        stand.channel.publish(a_draft(stand.channel, text.strip()), key="1")
    assert refused.value.reason == "too_long"
    assert stand.texts() == before


def test_the_same_text_again_is_refused_as_a_duplicate(stand: Stand) -> None:
    _publish(stand)
    with pytest.raises(Refused) as refused:
        _publish(stand)
    assert refused.value.reason == "duplicate"
    assert stand.texts().count(PLAIN) == 1


OPERATIONS: dict[str, Callable[[Channel, datetime], object]] = {
    "verify": lambda channel, _: channel.verify(),
    "publish": lambda channel, _: channel.publish(a_draft(channel, "Nobody shall see this"), key="1"),
    "find": lambda channel, now: channel.find(Draft(PLAIN), since=now),
    "withdraw": lambda channel, _: channel.withdraw("1234567890"),
    "measure": lambda channel, _: channel.measure(["1234567890"]),
    "look": lambda channel, _: channel.is_live("1234567890"),
    "listen": lambda channel, now: list(channel.listen("1234567890", cursor=None, published_at=now)),
    "history": lambda channel, now: list(channel.history(since=now)),
    "recheck": lambda channel, _: channel.recheck({"1234567890": ["1234567891"]}),
    "reply": lambda channel, _: channel.reply("1234567890", "Nobody shall see this", key="1"),
    "find_reply": lambda channel, now: channel.find_reply("1234567890", PLAIN, since=now),
    "hide": lambda channel, _: channel.hide("1234567890"),
}


NEEDED = {"listen": "listens", "recheck": "rechecks", "reply": "answers", "find_reply": "answers", "hide": "hides"}
"""The flag without which an operation is denied before anything is asked."""


def _is_denied(channel: Channel, operation: str) -> bool:
    return operation in NEEDED and not getattr(channel.can, NEEDED[operation])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_credentials_that_are_not_taken_need_a_person(stand: Stand, operation: str) -> None:
    denied = _is_denied(stand.channel, operation)
    with pytest.raises(Unsupported if denied else NeedsPerson) as raised:
        OPERATIONS[operation](stand.with_bad_credentials(), _now(stand))
    assert denied or (isinstance(raised.value, NeedsPerson) and raised.value.action)
    assert "Nobody shall see this" not in stand.texts()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_network_that_cannot_be_reached_is_tried_later(stand: Stand, operation: str) -> None:
    with pytest.raises(Unsupported if _is_denied(stand.channel, operation) else TryLater):
        OPERATIONS[operation](stand.unreachable(), _now(stand))
    assert "Nobody shall see this" not in stand.texts()


def test_an_answer_lost_after_the_post_was_taken_is_unknown_and_find_settles_it(stand: Stand) -> None:
    if isinstance(stand, PracticeStand):
        stand.channel.verify()  # X learns its own id first, so that the fault meets the post and nothing else
    start = _now(stand)
    stand.lose_next_answer("publish")
    with pytest.raises(OutcomeUnknown) as unknown:
        _publish(stand)
    assert unknown.value.sent_at == start
    assert stand.texts().count(PLAIN) == 1
    assert stand.channel.find(Draft(PLAIN), since=unknown.value.sent_at) is not None


def test_a_part_of_a_thread_answers_the_one_before_and_is_found_there_alone(stand: Stand) -> None:
    second = "It will be painted on Friday."
    if not stand.channel.can.threads:
        with pytest.raises(Unsupported):
            stand.channel.publish(a_draft(stand.channel, second, after="1"), key="k-2")
        return
    first, start = _publish(stand), _now(stand)
    draft = Draft(second, after=first)
    stand.lose_next_answer("publish")
    with pytest.raises(OutcomeUnknown):
        stand.channel.publish(draft, key="k-2")
    found = stand.channel.find(draft, since=start - timedelta(minutes=1))
    assert found is not None
    assert stand.channel.find(Draft(second), since=start - timedelta(minutes=1)) is None
    assert stand.channel.find(replace(draft, after=found.platform_id), since=start - timedelta(minutes=1)) is None
    third = stand.channel.publish(Draft("Then it is done.", after=found.platform_id), key="k-3")
    for platform_id in (third.platform_id, found.platform_id):
        stand.channel.withdraw(platform_id)
        assert not stand.channel.is_live(platform_id)
    assert stand.channel.is_live(first)


def test_an_answer_lost_while_withdrawing_is_settled_by_withdrawing_again(stand: Stand) -> None:
    platform_id = _publish(stand)
    stand.lose_next_answer("withdraw")
    with pytest.raises(OutcomeUnknown):
        stand.channel.withdraw(platform_id)
    stand.channel.withdraw(platform_id)
    assert PLAIN not in stand.texts()


def test_no_secret_is_written_anywhere(stand: Stand, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    written = [repr(stand.channel)]
    _publish(stand, pictures=(Picture(_png(), "image/png", "A gate"),))
    bad = stand.with_bad_credentials() if not isinstance(stand, MemoryStand) else stand.channel
    stand.lose_next_answer("publish")
    for channel in (stand.channel, bad, stand.unreachable()):
        for operation in OPERATIONS.values():
            try:
                operation(channel, _now(stand))
            except ChannelError as error:
                written += [str(error), repr(error), error.detail, *traceback.format_exception(error)]
    everything = "\n".join([*written, caplog.text])
    for secret in stand.secrets:
        assert secret not in everything
        assert f"wrong-{secret}" not in everything


def test_every_flag_that_denies_denies_before_any_request(stand: Stand) -> None:
    denied: dict[str, Callable[[], object]] = {
        "hears_mentions": lambda: stand.channel.mentions(cursor=None),
        "hears_threads": lambda: stand.channel.threads(["1"], since=_now(stand)),
        "hears_threads ": lambda: stand.channel.unnamed(since=_now(stand)),
        "answers": lambda: stand.channel.reply("1", PLAIN, key="1"),
        "hides": lambda: stand.channel.hide("1"),
        "tells_hidden": lambda: stand.channel.is_hidden("1"),
    }
    for flag, call in denied.items():
        if not getattr(stand.channel.can, flag.strip()):
            with pytest.raises(Unsupported):
                call()


ANSWER = "Thank you. See https://www.example.org/beat?a=1&b=2 – or ring 101 <any time>, it’s “free” 👮🏽‍♀️"


def _heard_reply(stand: Stand) -> tuple[str, str, datetime]:
    """A post, a resident's reply under it, and when the post went out."""
    platform_id, start, pages = _listened(stand)
    first = next(item for page in pages for item in page.items if item.parent == platform_id and not item.ours)
    return platform_id, first.platform_id, start


def _ours_beneath(stand: Stand, post: str, reply: str, since: datetime) -> list[str]:
    """Ids of what we wrote under the reply, as collecting hears it."""
    pages = _hear(stand, post, None, since)
    return [item.platform_id for page in pages for item in page.items if item.ours and item.parent == reply]


def test_an_answer_stands_under_the_reply_as_ours_and_is_found(talking: Stand) -> None:
    post, reply, start = _heard_reply(talking)
    answer = talking.channel.reply(reply, ANSWER, key="1")
    assert _ours_beneath(talking, post, reply, start) == [answer.platform_id], "collecting hears the very same thing"
    assert answer.url
    found = talking.channel.find_reply(reply, ANSWER, since=_now(talking))
    assert found is not None
    assert found.platform_id == answer.platform_id


def test_an_answer_is_not_taken_for_another(talking: Stand) -> None:
    _, reply, _ = _heard_reply(talking)
    assert talking.channel.find_reply(reply, ANSWER, since=_now(talking)) is None
    answer = talking.channel.reply(reply, ANSWER, key="1")
    assert talking.channel.find_reply(reply, "Thank you.", since=_now(talking)) is None, "other words"
    assert talking.channel.find_reply(reply, ANSWER, since=_now(talking) + timedelta(minutes=1)) is None, (
        "before the look"
    )
    assert talking.channel.find_reply(answer.platform_id, ANSWER, since=_now(talking)) is None, "beneath something else"


def test_an_answer_to_an_answer_is_found(talking: Stand) -> None:
    """Networks may put it one step higher than it was asked for."""
    _, reply, _ = _heard_reply(talking)
    first = talking.channel.reply(reply, "Thank you.", key="1")
    second = talking.channel.reply(first.platform_id, ANSWER, key="2")
    found = talking.channel.find_reply(first.platform_id, ANSWER, since=_now(talking))
    assert found is not None
    assert found.platform_id == second.platform_id


def test_an_answer_lost_on_its_way_back_is_unknown_and_the_look_settles_it(talking: Stand) -> None:
    post, reply, start = _heard_reply(talking)
    talking.lose_next_answer("reply" if isinstance(talking, MemoryStand) else "publish")
    with pytest.raises(OutcomeUnknown) as unknown:
        talking.channel.reply(reply, ANSWER, key="1")
    found = talking.channel.find_reply(reply, ANSWER, since=unknown.value.sent_at)
    assert found is not None
    assert _ours_beneath(talking, post, reply, start) == [found.platform_id]


def test_an_answer_whose_time_has_passed_or_that_is_too_long_is_not_sent(talking: Stand) -> None:
    post, reply, start = _heard_reply(talking)
    with must_leave_by(steady_seconds() - 1), pytest.raises(TryLater):
        talking.channel.reply(reply, ANSWER, key="1")
    with pytest.raises(Refused) as refused:
        talking.channel.reply(reply, "Police. " * (talking.channel.limits.text // 8 + 2), key="1")
    assert refused.value.reason == "too_long"
    assert _ours_beneath(talking, post, reply, start) == []


def test_an_answer_to_what_is_not_there_is_refused(stand: Stand) -> None:
    _publish(stand)
    with pytest.raises(Refused):
        stand.channel.reply("1234567890", ANSWER, key="1")


def test_hiding_and_showing_twice_is_as_good_as_once(talking: Stand) -> None:
    post, reply, start = _heard_reply(talking)
    for _ in range(2):
        talking.channel.hide(reply)
        assert _is_out_of_sight(talking, post, reply, start)
    for _ in range(2):
        talking.channel.show(reply)
        assert not _is_out_of_sight(talking, post, reply, start)


def test_hiding_whose_answer_is_lost_is_settled_by_hiding_again(talking: Stand) -> None:
    post, reply, start = _heard_reply(talking)
    talking.lose_next_answer("hide")
    with pytest.raises(OutcomeUnknown):
        talking.channel.hide(reply)
    assert _is_out_of_sight(talking, post, reply, start)
    talking.channel.hide(reply)
    assert _is_out_of_sight(talking, post, reply, start)


def test_hiding_what_is_not_there_is_refused_as_gone(talking: Stand) -> None:
    _publish(talking)
    with pytest.raises(Refused) as refused:
        talking.channel.hide("1234567890")
    assert refused.value.reason == "gone"


def _is_out_of_sight(stand: Stand, post: str, reply: str, since: datetime) -> bool:
    """As the network says; X says nothing of it, but leaves a hidden reply out of what it tells."""
    if stand.channel.can.tells_hidden:
        return stand.channel.is_hidden(reply)
    return reply not in {item.platform_id for page in _hear(stand, post, None, since) for item in page.items}

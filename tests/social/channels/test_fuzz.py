"""Ten thousand answers of networks with something wrong in each: reading them breaks nothing, and costs no neighbour.

The good answers are those of the practice network, recorded when the test runs. Each is spoiled in one to three places by
a seed, and goes the whole way: through the channel, its library and the store. Only the four kinds of error may come
out of a channel; what stands beside the spoiled part in a list is there, as it was."""

import copy
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import text
from sqlmodel import Session

from social.accounts import Account
from social.channels.base import Channel, Draft, Heard, Rechecked
from social.channels.facebook import FacebookChannel
from social.channels.x import XChannel
from social.clock import SettableClock
from social.context import Context
from social.errors import ChannelError
from social.figures_taken import store_figures
from social.heard import store_heard
from social.practice.habits import Habits
from social.practice.ids import x_time
from social.practice.network import PracticeNetwork
from social.practice.troubles import Unrest
from social.practice.world import to_ms
from social.publications import Publication, record_publication
from social.tokens import FixedToken
from tests.social.channels.conftest import X_KEYS

pytestmark = pytest.mark.sqlite_only

SEED, BODIES, CHUNK = 20260601, 10_000, 50
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, -(10**30), 1e308, float("nan"), float("inf"), 2**31, 2**63, "", " ", "0", "-1",
    "null", "\0", "a\0b", "\ud800", "\udfff\ud800", "\u202e\u2066", "\ufeff", "\U0001f46e\u200d\u2640\ufe0f", "e\u0301" * 40,
    "x" * 70_000, "9" * 40, "9223372036854775806", "1e9", "٣٤", "not an id", "../../etc/passwd", "<script>alert(1)</script>",
    "'; DROP TABLE interaction; --", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-13-45", "2026-06-01",
    "2026-06-01T09:00:00", [], {}, [None], [[]], [{}], {"id": None}, {"": {"": {}}}, [[[[[[[[[]]]]]]]]],
)  # fmt: skip
"""Values that stand where others belong."""


class Undone(Exception):
    """Nothing is kept of what was stored, so that what comes next is not known already."""


@dataclass
class Recorded:
    """A good answer.  items: its list; None for an answer about one thing.  ask: reads it with the channel."""

    name: str
    body: dict[str, Any]
    ask: Callable[[], list[Heard] | list[Any]]
    listed: bool = True

    @cached_property
    def raw(self) -> bytes:
        return json.dumps(self.body).encode()


@dataclass
class Tally:
    outcomes: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    skipped: int = 0
    kept: int = 0
    stored: int = 0


class Wire:
    """Answers every request with the same bytes; a second page is the good and empty end of the list."""

    def __init__(self) -> None:
        self.body, self.asked = b"{}", 0

    def set(self, body: bytes) -> None:
        self.body, self.asked = body, 0

    def request(self, _session: requests.Session, _method: str, url: str, **_: Any) -> requests.Response:
        self.asked += 1
        answer = requests.Response()
        answer.status_code, answer.url = 200, url
        answer.headers["Content-Type"] = "application/json; charset=utf-8"
        answer._content = self.body if self.asked == 1 else b'{"data": [], "meta": {"result_count": 0}}'
        return answer


class Recorder:
    """A watch that keeps the answers."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []

    def before(self, *_: Any) -> None: ...

    def after(self, _ticket: Any, answer: requests.Response | None, _error: Exception | None) -> None:
        if answer is not None and answer.ok:
            self.bodies.append(answer.json())


@pytest.fixture
def channels(
    context: Context, clock: SettableClock, tmp_path: Path
) -> Iterator[tuple[PracticeNetwork, dict[str, Channel], Recorder]]:
    habits = Unrest(habits=Habits(replies=6))
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=0, pace=24.0, unrest=habits) as practice:
        recorder = Recorder()
        fields: dict[str, Any] = {"base_url": practice.base_url, "credentials_sealed": b"", "added_at": clock.now()}
        x = Account(name="x", channel="x", handle=practice.handle, platform_id=practice.user_id, **fields)
        page = Account(name="page", channel="facebook", platform_id=practice.page_id, **fields)
        bearer = FixedToken(practice.x_tokens.credentials()["access_token"])
        made: dict[str, Channel] = {
            "x": XChannel(x, X_KEYS, context.settings, clock, watch=recorder, bearer=bearer),
            "facebook": FacebookChannel(
                page, practice.credentials("facebook"), context.settings, clock, watch=recorder
            ),
        }
        yield practice, made, recorder


def recorded(
    practice: PracticeNetwork, made: dict[str, Channel], recorder: Recorder, clock: SettableClock
) -> tuple[list[Recorded], dict[str, str]]:
    """Good answers to every way of reading, and the post that they are about on each network."""
    began = clock.now()
    posts = {
        name: made[name]
        .publish(Draft("Did you see anything on Mill Road, Copperbeck on Tuesday?"), key="k")
        .platform_id
        for name in ("x", "facebook")
    }
    clock.advance(timedelta(hours=1.5))
    found: list[Recorded] = []

    def keep(name: str, ask: Callable[[], list[Any]], *, listed: bool = True, which: int = 0) -> None:
        recorder.bodies.clear()
        assert ask(), f"{name} brought nothing"
        found.append(Recorded(name, recorder.bodies[which], ask, listed))

    for name, channel in made.items():
        hear = partial(_listen, channel, posts[name], began)
        keep(f"{name} replies", hear)
        known = [item.platform_id for item in hear()]
        keep(f"{name} recheck", partial(_recheck, channel, posts[name], known))
    keep("x mentions", lambda: [item for page in made["x"].mentions(cursor=None) for item in page.items])
    keep("x threads", lambda: [item for page in made["x"].threads([posts["x"]], since=began) for item in page.items])
    practice.troubles.unnamed_every = 2
    keep("x unnamed", lambda: [item for page in made["x"].unnamed(since=began) for item in page.items])
    practice.troubles.unnamed_every = 0
    keep("x figures", lambda: list(made["x"].measure([posts["x"]]).figures))
    keep("facebook figures", lambda: list(made["facebook"].measure([posts["facebook"]]).figures), listed=False)
    keep(
        "facebook insights", lambda: list(made["facebook"].measure([posts["facebook"]]).figures), listed=False, which=1
    )
    return found, posts


def _listen(channel: Channel, platform_id: str, began: Any) -> list[Heard]:
    pages = channel.listen(platform_id, cursor=None, published_at=began)
    found: list[Heard] = []
    try:
        for page in pages:
            found += page.items
            _SKIPPED.append(page.skipped)
            _CURSORS.append(str(page.cursor))
    except ChannelError as error:
        # What came before the trouble is stored by then: a round stores page by page.
        if not found:
            raise
        _AFTERWARDS.append(error)
    return found


def _recheck(channel: Channel, platform_id: str, known: list[str]) -> list[Heard]:
    answer: Rechecked = channel.recheck({platform_id: known})
    return list(answer.items)


_SKIPPED: list[int] = []
_CURSORS: list[str] = []
_AFTERWARDS: list[ChannelError] = []


def _odd(rng: random.Random) -> Any:
    return copy.deepcopy(rng.choice(ODD))


def spoiled(rng: random.Random, good: Recorded) -> tuple[bytes, set[int], bool]:
    """An answer with something wrong.  Returns the bytes, which items of its list are untouched, and whether the parts
    around the list are."""
    body = json.loads(good.raw)
    items = body.get("data")
    count = len(items) if good.listed and isinstance(items, list) else 0
    untouched, around = set(range(count)), True
    for _ in range(rng.randint(1, 3)):
        if count and rng.random() < 0.75:
            place = rng.randrange(count)
            untouched.discard(place)
            items[place] = _spoil(rng, items[place])
        else:
            around = False
            _spoil_around(rng, body, keep="data" if count else None)
    if count and rng.random() < 0.2:  # twice, and in another order; nothing is lost by that
        order = [*range(count), rng.randrange(count)]
        rng.shuffle(order)
        body["data"] = [items[place] for place in order]
    raw = json.dumps(body).encode()
    if rng.random() < 0.06:
        return _garble(rng, raw), set(), False
    return raw, untouched, around


def _spoil(rng: random.Random, item: Any) -> Any:
    """One item of a list: gone wrong somewhere in it, or altogether."""
    if not isinstance(item, dict) or not item or rng.random() < 0.15:
        return _odd(rng)
    name = rng.choice(list(item))
    how = rng.random()
    if how < 0.2:
        del item[name]
    elif how < 0.45 and isinstance(item[name], dict | list) and item[name]:
        _spoil_inside(rng, item[name])
    elif how < 0.55:
        item[name] = {name: item[name]}
    elif how < 0.6:
        item[rng.choice(("", "id", "data", "\0", "__proto__"))] = _odd(rng)
    else:
        item[name] = _odd(rng)
    return item


def _spoil_inside(rng: random.Random, part: Any) -> None:
    places = list(part) if isinstance(part, dict) else list(range(len(part)))
    place = rng.choice(places)
    if isinstance(part[place], dict | list) and part[place] and rng.random() < 0.5:
        _spoil_inside(rng, part[place])
    else:
        part[place] = _odd(rng)


def _spoil_around(rng: random.Random, body: dict[str, Any], keep: str | None) -> None:
    names = [name for name in body if name != keep]
    how = rng.random()
    if not names or how < 0.1:
        body[rng.choice(("errors", "includes", "error_", "paging", "x"))] = _odd(rng)
        return
    name = rng.choice(names)
    if how < 0.3:
        del body[name]
    elif how < 0.6 and isinstance(body[name], dict | list) and body[name]:
        _spoil_inside(rng, body[name])
    else:
        body[name] = _odd(rng)


def _garble(rng: random.Random, raw: bytes) -> bytes:
    """No JSON any more, or another JSON altogether."""
    how = rng.randrange(5)
    if how == 0:
        return raw[: rng.randrange(len(raw))]
    if how == 1:
        return rng.choice(
            (b"", b"null", b"[]", b"0", b'"text"', b"<html>503</html>", b"\xff\xfe\x00", b"{}", b'{"data": 7}')
        )
    if how == 2:
        place = rng.randrange(len(raw))
        return raw[:place] + bytes([rng.randrange(256)]) + raw[place + 1 :]
    if how == 3:
        return b"[" * rng.randrange(1, 3000) + raw
    return raw.replace(b'"data"', b'"date"')


def test_ten_thousand_spoiled_answers_break_nothing_and_cost_no_neighbour(
    context: Context,
    clock: SettableClock,
    channels: tuple[PracticeNetwork, dict[str, Channel], Recorder],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    practice, made, recorder = channels
    answers, posts = recorded(practice, made, recorder, clock)
    good = {one.name: _by_id(one.ask()) for one in answers if one.listed and one.name != "x figures"}
    wire = Wire()
    monkeypatch.setattr(requests.Session, "request", lambda *args, **kwargs: wire.request(*args, **kwargs))
    publications = _publications(context, posts)
    rng, tally = random.Random(SEED), Tally()
    for start in range(0, BODIES, CHUNK):
        with suppress(Undone), context.database.write() as session:
            for number in range(start, start + CHUNK):
                one = answers[number % len(answers)]
                raw, untouched, around = spoiled(rng, one)
                wire.set(raw)
                where = f"{number}: {one.name}"
                _one(context, session, one, good.get(one.name), untouched, around, publications, tally, where)
            raise Undone
    assert tally.kept > BODIES, "most neighbours are there to be lost"
    assert tally.skipped > BODIES // 20, "and much could not be read"
    assert tally.outcomes["trouble"] < BODIES // 5, "an answer is given up whole only where nothing else is left"
    assert set(tally.codes) <= {"unreadable", "paging", "200", ""}, tally.codes


def test_what_a_page_tells_of_its_posts_costs_no_other_post_its_mark(
    channels: tuple[PracticeNetwork, dict[str, Channel], Recorder],
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, made, recorder = channels
    page, began = made["facebook"], clock.now()
    for number in range(8):
        page.publish(Draft(f"Did you see anything on Mill Road, house {number}?"), key=f"{number}")
    clock.advance(timedelta(hours=1.5))

    def glance() -> list[Any]:
        return [one for told in page.glance(since=began) for one in told.items()]

    recorder.bodies.clear()
    good = dict(glance())
    assert all(mark.newest_at is not None for mark in good.values())
    one, wire, rng, kept = Recorded("page", recorder.bodies[0], glance), Wire(), random.Random(SEED), 0
    monkeypatch.setattr(requests.Session, "request", lambda *args, **kwargs: wire.request(*args, **kwargs))
    for number in range(500):
        raw, untouched, around = spoiled(rng, one)
        wire.set(raw)
        found, trouble = _asked(one)
        assert trouble is None or not (around and untouched), f"{number}: {trouble}"
        names = [one.body["data"][place]["id"] for place in untouched if trouble is None]
        assert all((name, good[name]) in found for name in names), number
        kept += len(names)
    assert kept > 1000


def _one(
    context: Context, session: Session, one: Recorded, good: dict[str, Heard] | None, untouched: set[int], around: bool,
    publications: dict[str, int], tally: Tally, where: str,
) -> None:  # fmt: skip
    """One spoiled answer, read and stored."""
    _SKIPPED.clear()
    _CURSORS.clear()
    _AFTERWARDS.clear()
    found, trouble = _asked(one)
    if trouble is not None:
        tally.outcomes["trouble"] += 1
        tally.codes[trouble.code] += 1
        assert not (around and untouched), f"{where}: {trouble} although only single items were spoiled"
        return
    tally.outcomes["read"] += 1
    for cursor in _CURSORS if one.name == "x replies" else ():
        assert all(_is_past(part, context) for part in cursor.split("|")[:2]), (
            f"{where}: {cursor} hides what is to come"
        )
    tally.skipped += sum(_SKIPPED)
    if good is None:
        store_figures(session, publications, found, context.clock.now())
        return
    store_heard(session, context.vault, 1, publications, found, context.clock.now())
    neighbours = {id_: good[id_] for place in untouched if (id_ := str(one.body["data"][place]["id"])) in good}
    read = {item.platform_id: item for item in reversed(found)}
    stored = {} if not neighbours else _stored(session)
    for id_, item in neighbours.items():
        assert id_ in read, f"{where}: {id_} was lost"
        if read[id_] != _of(item, read[id_]):
            # A spoiled item may bear the id of a good one; which of the two is right nobody can say.
            assert sum(1 for other in found if other.platform_id == id_) > 1, f"{where}: {id_} was changed"
            continue
        assert stored.get(id_) == item.text, f"{where}: {id_} was not stored as it is"
    tally.kept += len(neighbours)
    tally.stored += len(stored)


def _asked(one: Recorded) -> tuple[list[Any], ChannelError | None]:
    try:
        return one.ask(), None
    except ChannelError as error:
        return [], error


def _is_past(number: str, context: Context) -> bool:
    """Whether an id of X is none of a later day, from which on nothing would be read any more."""
    return not number or x_time(number) <= to_ms(context.clock.now() + timedelta(days=1))


def _of(item: Heard, read: Heard) -> Heard:
    """The good item; its attachments stand in another part of the answer, which may be spoiled."""
    return replace(item, attachments=read.attachments)


def _by_id(items: list[Heard]) -> dict[str, Heard]:
    return {item.platform_id: item for item in items}


def _stored(session: Session) -> dict[str, str]:
    """Words by platform id, of all that is there."""
    return dict(iter(session.connection().execute(_THERE)))


_THERE = text("SELECT platform_id, text FROM interaction WHERE gone_at IS NULL")


def _publications(context: Context, posts: dict[str, str]) -> dict[str, int]:
    now, found = context.clock.now(), {}
    with context.database.write() as session:
        account = Account(name="either", channel="memory", credentials_sealed=b"", added_at=now)
        session.add(account)
        session.flush()
        assert account.id == 1
        for platform_id in posts.values():
            live = Publication(account_id=1, platform_id=platform_id, text="A post.", published_at=now)
            found[platform_id] = record_publication(session, live, now).id or 0
    return found

"""Daily and weekly messages: one, of what was asked for, nothing twice, none when there is nothing (R30)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from social.accounts import Account
from social.alerts import digests
from social.alerts.audience import Audience
from social.alerts.digests import gather_digests, last_period
from social.alerts.letters import write
from social.alerts.mailings import DigestItem, Mailing, Message, MessageKind, MessageState
from social.alerts.membership import change, leave
from social.alerts.residents import Frequency, Resident
from social.alerts.wishes import Preferences
from social.clock import SettableClock
from social.context import Context
from social.database import Database
from social.places import PlaceKind, find_or_add_place
from tests.alerts.helpers import a_resident

DAILY, WEEKLY = Frequency.DAILY, Frequency.WEEKLY


@pytest.fixture
def area(context: Context) -> int:
    with context.database.write() as session:
        session.add(Account(name="alerts", channel="alert", credentials_sealed=b"", added_at=context.clock.now()))
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        place = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD, force)
    assert place.id is not None
    return place.id


def told(context: Context, area: int, *residents: Resident, topic: str = "appeals", **fields: object) -> Mailing:
    """An alert that waits for these residents' next digest."""
    values: dict[str, object] = {
        "subject": "Two sheds broken into",
        "text": "Did you see <anybody> on Mill Road?",
        **fields,
    }
    with context.database.write() as session:
        mailing = Mailing(account_id=1, topic=topic, audience=Audience(topic, (area,)).to_json(), place_id=area,
                          key=str(len(session.exec(select(Mailing.id)).all())), made_at=context.clock.now(),
                          **values)  # fmt: skip
        session.add(mailing)
        session.flush()
        session.add_all(DigestItem(mailing_id=mailing.id, resident_id=one.id) for one in residents)
    return mailing


def made(context: Context) -> list[Message]:
    with context.database.read() as session:
        query = select(Message).where(Message.kind == MessageKind.DIGEST.value)
        return list(session.exec(query.order_by(Message.id)))  # type: ignore[arg-type]  # a column here


def words(context: Context, message: Message) -> str | None:
    with context.database.read() as session:
        letter = write(session, context, message, session.get_one(Resident, message.resident_id))
    return f"{letter.subject}\n{letter.text}\n{letter.html}" if letter else None


def morning(clock: SettableClock, day: int, hour: int = 7, minute: int = 31) -> None:
    """A time in London in the first week of June 2026; the first is a Monday, and clocks are an hour ahead."""
    clock.set(datetime(2026, 6, day, hour - 1, minute, tzinfo=UTC))


def test_one_message_tells_all_that_was_asked_for_and_nothing_twice(
    context: Context, clock: SettableClock, area: int
) -> None:
    daily = a_resident(context, frequency=DAILY, places=[area], topics=["appeals", "fraud"])
    weekly = a_resident(context, frequency=WEEKLY, places=[area])
    nothing = a_resident(context, frequency=DAILY, places=[area])
    told(context, area, daily, weekly, reference="WP-17", link="https://woldershire.example/17")
    told(context, area, daily, topic="fraud", subject="Callers who say they are the bank")
    morning(clock, 2, minute=29)
    assert gather_digests(context) == 0
    morning(clock, 2)
    assert gather_digests(context) == 1
    assert gather_digests(context) == 0
    (message,) = made(context)
    assert (message.resident_id, message.period, message.mailing_id) == (daily.id, "2026-06-02", None)
    said = words(context, message) or ""
    assert "2 alerts from Woldershire Police" in said
    parts = ("Two sheds", "Hexley Moor", "WP-17", "https://woldershire.example/17", "the bank", "101", "999")
    assert [part for part in parts if part not in said] == []
    assert "Did you see &lt;anybody&gt;" in said
    morning(clock, 3)
    assert gather_digests(context) == 0
    morning(clock, 8)
    assert gather_digests(context) == 1
    assert [one.resident_id for one in made(context)] == [daily.id, weekly.id]
    assert nothing.id not in [one.resident_id for one in made(context)]


@pytest.mark.sqlite_only
def test_what_goes_out_after_half_past_seven_waits_for_the_next_day(
    context: Context, clock: SettableClock, area: int
) -> None:
    daily = a_resident(context, frequency=DAILY, places=[area])
    morning(clock, 2, minute=30)
    told(context, area, daily)
    morning(clock, 2, hour=12)
    assert gather_digests(context) == 0
    morning(clock, 3)
    assert gather_digests(context) == 1


@pytest.mark.sqlite_only
def test_a_worker_that_was_away_for_days_makes_one_message_and_respects_quiet_hours(
    context: Context, clock: SettableClock, area: int
) -> None:
    daily = a_resident(context, frequency=DAILY, places=[area], quiet=(22 * 60, 8 * 60))
    told(context, area, daily)
    morning(clock, 3)
    told(context, area, daily)
    morning(clock, 5, hour=23)
    assert gather_digests(context) == 1
    (message,) = made(context)
    assert message.due_at == datetime(2026, 6, 6, 7, 0, tzinfo=UTC)


@pytest.mark.sqlite_only
def test_what_was_taken_back_or_is_not_wanted_any_more_is_left_out(
    context: Context, clock: SettableClock, area: int
) -> None:
    there, gone, other = (a_resident(context, frequency=DAILY, places=[area]) for _ in range(3))
    kept, stopped = told(context, area, there, gone, other), told(context, area, there)
    with context.database.write() as session:
        session.get_one(Mailing, stopped.id).stopped_at = clock.now()
    leave(context, gone.id or 0)
    change(context, other.id or 0, Preferences(("rural",), {area: 0.0}, frequency=DAILY))
    morning(clock, 2)
    assert gather_digests(context) == 1
    with context.database.read() as session:
        items = session.exec(select(DigestItem)).all()
    assert {(one.mailing_id, one.resident_id) for one in items if one.dropped_at is None} == {(kept.id, there.id)}
    (message,) = made(context)
    with context.database.write() as session:  # between the gathering and the sending
        session.get_one(Mailing, kept.id).stopped_at = clock.now()
    assert words(context, message) is None


@pytest.mark.sqlite_only
def test_somebody_who_wants_everything_at_once_now_gets_the_rest_next_morning(
    context: Context, clock: SettableClock, area: int
) -> None:
    weekly = a_resident(context, frequency=WEEKLY, places=[area])
    told(context, area, weekly)
    change(context, weekly.id or 0, Preferences(("appeals",), {area: 0.0}))
    morning(clock, 2)
    assert gather_digests(context) == 1


def test_gathering_goes_on_where_a_dead_worker_left_it(
    context: Context, clock: SettableClock, area: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    residents = [a_resident(context, frequency=DAILY, places=[area]) for _ in range(5)]
    told(context, area, *residents)
    morning(clock, 2)
    monkeypatch.setattr(digests, "BATCH", 2)
    writes, real = Deaths(2), Database.write

    def write(self: Database, **options: bool) -> object:
        writes.count()
        return real(self, **options)

    monkeypatch.setattr(Database, "write", write)
    for _ in range(10):
        try:
            gather_digests(context)
        except Died:
            continue
    monkeypatch.undo()
    assert sorted(one.resident_id or 0 for one in made(context)) == [one.id for one in residents]
    with context.database.read() as session:
        assert all(item.message_id is not None for item in session.exec(select(DigestItem)))


class Died(Exception):
    """The worker is no more."""


class Deaths:
    """Dies at every second transaction."""

    def __init__(self, every: int) -> None:
        self._every, self._seen = every, 0

    def count(self) -> None:
        self._seen += 1
        if self._seen % self._every == 0:
            raise Died


@pytest.mark.sqlite_only
def test_a_member_who_changes_from_weekly_to_daily_is_told_nothing_twice(
    context: Context, clock: SettableClock, area: int
) -> None:
    resident = a_resident(context, frequency=WEEKLY, places=[area])
    told(context, area, resident)
    morning(clock, 8)
    assert gather_digests(context) == 1
    change(context, resident.id or 0, Preferences(("appeals",), {area: 0.0}, frequency=DAILY))
    told(context, area, resident)
    assert gather_digests(context) == 0
    morning(clock, 9)
    assert gather_digests(context) == 1
    assert {message.state for message in made(context)} == {MessageState.WAITING}


@pytest.mark.sqlite_only
def test_between_two_periods_the_job_reads_two_rows(context: Context, clock: SettableClock, area: int) -> None:
    daily = a_resident(context, frequency=DAILY, places=[area])
    morning(clock, 2)
    gather_digests(context)
    told(context, area, daily)
    statements: list[str] = []
    for _ in watched(context, statements):
        gather_digests(context)
    asked = [one for one in statements if not one.startswith("BEGIN")]
    assert len(asked) == 2
    assert all("FROM digest_run" in one for one in asked)


def watched(context: Context, statements: list[str]) -> Iterator[None]:
    from sqlalchemy import event

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(context.database.engine, "before_cursor_execute", note)
    yield
    event.remove(context.database.engine, "before_cursor_execute", note)


LONDON_MORNINGS = [
    (datetime(2026, 3, 28, 7, 30, tzinfo=UTC), "2026-03-28", datetime(2026, 3, 28, 7, 30, tzinfo=UTC)),
    (datetime(2026, 3, 29, 6, 29, tzinfo=UTC), "2026-03-28", datetime(2026, 3, 28, 7, 30, tzinfo=UTC)),
    (datetime(2026, 3, 29, 6, 30, tzinfo=UTC), "2026-03-29", datetime(2026, 3, 29, 6, 30, tzinfo=UTC)),
    (datetime(2026, 10, 25, 6, 45, tzinfo=UTC), "2026-10-24", datetime(2026, 10, 24, 6, 30, tzinfo=UTC)),
    (datetime(2026, 10, 25, 7, 30, tzinfo=UTC), "2026-10-25", datetime(2026, 10, 25, 7, 30, tzinfo=UTC)),
]


@pytest.mark.parametrize(("now", "day", "ends"), LONDON_MORNINGS)
def test_a_day_ends_at_half_past_seven_on_the_wall_also_when_clocks_change(
    now: datetime, day: str, ends: datetime
) -> None:
    assert last_period(DAILY, now) == (datetime.fromisoformat(day).date(), ends)


def test_a_week_ends_on_monday_morning_and_the_weeks_of_the_clock_changes_are_an_hour_off() -> None:
    spring = last_period(WEEKLY, datetime(2026, 3, 30, 6, 30, tzinfo=UTC))[1]
    autumn = last_period(WEEKLY, datetime(2026, 10, 26, 7, 30, tzinfo=UTC))[1]
    assert spring - last_period(WEEKLY, spring - timedelta(minutes=1))[1] == timedelta(days=7, hours=-1)
    assert autumn - last_period(WEEKLY, autumn - timedelta(minutes=1))[1] == timedelta(days=7, hours=1)

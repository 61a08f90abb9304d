"""Facts that the database keeps as rows arrive are the facts that a rebuild finds."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update
from sqlmodel import SQLModel, col, select

from insights.facts import PublicationFacts, WeeklyFacts
from insights.figures import week_of
from insights.keeping import FactsRebuild, rebuild_facts
from insights.reading.stored import read_new
from social.accounts import Account, Audience
from social.clock import SettableClock, as_local
from social.context import Context
from social.database import Database
from social.forgotten import forget_replies
from social.interactions import Interaction, Reading
from social.labels import Label, put_out_of_force
from social.measurements import Measurement, Metric
from social.places import Place
from social.publications import Publication
from social.staff import Role, find_or_add_person
from social.upsert import table_of

Desk = Any


def rows(context: Context, table: type[SQLModel]) -> list[dict[str, Any]]:
    with context.database.read() as session:
        return [dict(row._mapping) for row in session.connection().execute(select(table_of(table)))]


def facts(context: Context) -> dict[int, dict[str, Any]]:
    return {row["publication_id"]: row for row in rows(context, PublicationFacts)}


def weeks(context: Context) -> dict[tuple[Any, ...], dict[str, Any]]:
    key = ("week", "place_id", "content_type", "channel", "account_id", "campaign")
    return {tuple(row[name] for name in key): row for row in rows(context, WeeklyFacts)}


def seen(context: Context) -> dict[int, tuple[Any, ...]]:
    return {row["id"]: (row["seen_kind"], row["seen_stance"]) for row in rows(context, Interaction)}


def kept(context: Context) -> tuple[Any, ...]:
    return facts(context), weeks(context), seen(context)


def test_facts_hold_the_latest_figures_and_none_for_what_was_never_reported(desk: Desk) -> None:
    post = desk.publish(figures={"reach": 100, "shares": 2})
    desk.measure(post, reach=150)
    one = facts(desk.context)[post]
    assert (one["reach"], one["shares"], one["clicks"], one["impressions"]) == (150, 2, None, None)
    [week] = weeks(desk.context).values()
    assert (week["posts"], week["reach_posts"], week["shares"], week["shares_posts"], week["clicks_posts"]) == (
        1, 1, 2, 1, 0,
    )  # fmt: skip
    assert "reach" not in week, "reach is never added up (M03)"


def test_replies_are_counted_by_stance_and_kind_as_they_are_read(desk: Desk) -> None:
    post = desk.publish()
    desk.reply(post, "Thank you, great work")
    desk.reply(post, "What time does it start?")
    desk.reply(post, "Dziękuję bardzo za pomoc")
    desk.reply(post, "Ten o'clock", ours=True)
    before = facts(desk.context)[post]
    assert (before["replies_stored"], before["replies_read"]) == (3, 0)
    assert read_new(desk.context) == 3
    one = facts(desk.context)[post]
    assert (one["replies_read"], one["n_positive"], one["n_neutral"], one["n_unknown"]) == (3, 1, 1, 1)
    assert (one["n_question"], one["n_thanks"]) == (1, 2)


def test_response_time_runs_from_the_first_question_to_the_first_answer(desk: Desk) -> None:
    """R18: thanks need no answer; what was answered and what waits are counted apart."""
    post = desk.publish()
    desk.reply(post, "Thank you!", answered=1)
    desk.reply(post, "What time does it start?", minutes=10)
    read_new(desk.context)
    assert (facts(desk.context)[post]["response_minutes"], facts(desk.context)[post]["unanswered"]) == (None, 1)
    desk.reply(post, "Is there parking?", minutes=20, answered=30)
    read_new(desk.context)
    one = facts(desk.context)[post]
    assert (one["response_minutes"], one["answered"], one["unanswered"]) == (40.0, 1, 1)


def test_followers_are_those_at_publication_never_later_ones(desk: Desk) -> None:
    desk.followers(900, days=10)
    desk.followers(950, days=4)
    desk.followers(999, days=1)
    post, older = desk.publish(days=3), desk.publish(days=30)
    assert (facts(desk.context)[post]["followers"], facts(desk.context)[older]["followers"]) == (950, None)


@given(st.datetimes(datetime(2005, 1, 1), datetime(2060, 1, 1)))
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_week_and_hour_are_the_local_ones(desk: Desk, moment: datetime) -> None:
    """A post of Sunday 23:30 UTC in summer is one of Monday in London; the clocks change twice a year."""
    at, account_id = moment.replace(tzinfo=UTC), desk.account()
    for shift in (timedelta(), _to_the_change(at) - at, _to_the_change(at) - at - timedelta(microseconds=1)):
        with desk.context.database.write() as session:
            publication = Publication(account_id=account_id, platform_id="w", text="", published_at=at + shift)
            session.add(publication)
            session.flush()
            one = session.get_one(PublicationFacts, publication.id)
            local = as_local(at + shift)
            assert (one.week, one.local_weekday, one.local_hour) == (week_of(at + shift), local.weekday(), local.hour)
            session.delete(publication)


def _to_the_change(at: datetime) -> datetime:
    """01:00 UTC on the last Sunday of March or October of that year."""
    last = date(at.year, 3 if at.month < 7 else 10, 31)
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    return datetime(sunday.year, sunday.month, sunday.day, 1, tzinfo=UTC)


def look(context: Context, publication_id: int, at: datetime, value: int, **more: Any) -> int:
    """A count that was fetched at that moment."""
    with context.database.write() as session:
        values = {"metric": "reach", "source_metric": "r", "checked_at": at, **more}
        row = Measurement(publication_id=publication_id, value=value, fetched_at=at, **values)
        session.add(row)
        session.flush()
        return row.id or 0


def test_a_count_belongs_to_an_age_when_a_look_was_near_it(desk: Desk) -> None:
    post = desk.publish(days=40)
    out = facts(desk.context)[post]["published_at"]
    hour, day = timedelta(hours=1), timedelta(days=1)
    look(desk.context, post, out + 0.5 * hour, 10)
    assert facts(desk.context)[post]["reach_1h"] is None
    late = look(desk.context, post, out + 1.05 * hour, 20)
    look(desk.context, post, out + 6.2 * day, 30)
    one = facts(desk.context)[post]
    assert [one[f"reach_{age}"] for age in ("1h", "24h", "7d", "28d")] == [20, None, None, None]
    with desk.context.database.write() as session:
        session.connection().execute(
            update(Measurement).where(col(Measurement.value) == 30).values(checked_at=out + 7 * day)
        )
    look(desk.context, post, out + 28 * day + timedelta(seconds=9), 40)
    one = facts(desk.context)[post]
    assert [one[f"reach_{age}"] for age in ("1h", "24h", "7d", "28d")] == [20, None, 30, 40]
    with desk.context.database.write() as session:
        session.delete(session.get_one(Measurement, late))
    assert facts(desk.context)[post]["reach_1h"] is None
    [row] = rows_of(desk.context, post)
    assert (row.at_age(Metric.REACH, "28d"), row.actions("28d"), row.actions()) == (40, None, None)


def rows_of(context: Context, publication_id: int) -> list[PublicationFacts]:
    with context.database.read() as session:
        query = select(PublicationFacts).where(PublicationFacts.publication_id == publication_id)
        return list(session.exec(query))


def test_a_metric_that_the_network_counts_otherwise_from_now_on_says_since_when(desk: Desk) -> None:
    post = desk.publish(days=40)
    out = facts(desk.context)[post]["published_at"]
    for days, name in ((1, "old"), (2, "old"), (3, "new"), (4, "new")):
        look(desk.context, post, out + timedelta(days=days), days, source_metric=name)
    one = facts(desk.context)[post]
    assert (one["reach_source"], one["reach_source_before"]) == ("new v1", "old v1")
    assert one["reach_changed_at"] == out + timedelta(days=3)


WORDS = ["Thank you", "What time?", "Nobody ever comes", "Diolch yn fawr", "Saw a white van on camera at 2.40am", ""]
STEPS = ("publish", "measure", "check again", "unmeasure", "reply", "reply", "reply", "answer", "edit", "read", "read",
         "read anew", "unread", "correct", "forget", "move", "redate", "followers", "drop")  # fmt: skip
steps = st.lists(
    st.tuples(st.sampled_from((*STEPS, "by hand", "by hand")), st.integers(0, 999)), min_size=1, max_size=30
)


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_facts_kept_step_by_step_are_those_of_a_rebuild(desk: Desk, run: list[tuple[str, int]]) -> None:
    """Arrivals, corrections, deletions, re-readings, moves and forgetting, in any order."""
    context, town = desk.context, Town(desk)
    for step, number in run:
        town.do(step, number)
    before = kept(context)
    rebuild_facts(context)
    after = kept(context)
    assert before == after


def test_a_rebuild_from_nothing_finds_all_that_was_kept(desk: Desk) -> None:
    town = Town(desk)
    for number, step in enumerate(STEPS * 6):
        town.do(step, number * 37)
    before = kept(desk.context)
    with desk.context.database.write() as session:
        session.connection().execute(delete(PublicationFacts))
        session.connection().execute(delete(WeeklyFacts))
        session.connection().execute(update(Interaction).values(seen_kind=None, seen_stance=None))
    assert facts(desk.context) == weeks(desk.context) == {}
    told: list[tuple[int, int]] = []
    assert rebuild_facts(desk.context, lambda done, of: told.append((done, of))) == len(before[0])
    assert kept(desk.context) == before
    assert told[-1] == (len(before[0]), len(before[0]))
    assert any(row["n_question"] for row in before[0].values())


class Town:
    """Does to publications and replies what time, people and networks do."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.context = desk, desk.context
        with self.context.database.write() as session:
            self.person = find_or_add_person(session, "author@woldershire.example", Role.AUTHOR)
            session.add(place := Place(name="Hexley Moor", kind="neighbourhood"))
            session.flush()
            self.places = [None, place.id]
        self.posts = [desk.publish(), desk.publish("road_info", days=9, has_picture=True)]

    def do(self, step: str, n: int) -> None:
        getattr(self, step.replace(" ", "_"))(n)

    def post(self, n: int) -> int:
        return self.posts[n % len(self.posts)]

    def change(self, n: int, what: Callable[[Any, Any], None], table: type[SQLModel] = Interaction) -> None:
        with self.context.database.write() as session:
            found = session.exec(select(table).order_by(table.id)).all()  # type: ignore[attr-defined]  # any of ours
            if found:
                what(session, found[n % len(found)])

    def publish(self, n: int) -> None:
        values = {"has_picture": n % 2 == 0, "campaign": ["ducks", None][n % 2], "place_id": self.places[n % 2]}
        self.posts.append(self.desk.publish(["event", "road_info"][n % 2], days=n % 60, **values))

    def measure(self, n: int) -> None:
        post = self.post(n)
        out = facts(self.context)[post]["published_at"]
        ages = [timedelta(minutes=5), timedelta(hours=1), timedelta(hours=23), timedelta(days=7), timedelta(days=28)]
        more = {"source_metric": ["r", "q"][n % 2], "metric": ["reach", "shares", "clicks"][n % 3]}
        look(self.context, post, out + ages[n % 5] - timedelta(minutes=n % 9), n, **more)

    def check_again(self, n: int) -> None:
        def later(session: Any, row: Any) -> None:
            row.checked_at = max(row.checked_at, row.fetched_at + timedelta(hours=n))
            session.add(row)

        self.change(n, later, Measurement)

    def unmeasure(self, n: int) -> None:
        self.change(n, lambda session, row: session.delete(row), Measurement)

    def reply(self, n: int) -> None:
        self.desk.reply(self.post(n), WORDS[n % len(WORDS)], minutes=n % 50, ours=n % 7 == 0)

    def answer(self, n: int) -> None:
        def answered(session: Any, reply: Any) -> None:
            reply.answered_at = reply.created_at + timedelta(minutes=n)
            session.add(reply)

        self.change(n, answered)

    def edit(self, n: int) -> None:
        def edited(session: Any, reply: Any) -> None:
            reply.text, reply.unread = WORDS[n % len(WORDS)], True
            session.connection().execute(delete(Reading).where(col(Reading.interaction_id) == reply.id))
            put_out_of_force(session, [reply.id])
            session.add(reply)

        self.change(n, edited)

    def read(self, _n: int) -> None:
        read_new(self.context)

    def read_anew(self, n: int) -> None:
        """By another version, which may say otherwise."""

        def again(session: Any, reply: Any) -> None:
            values = {"interaction_id": reply.id, "version": f"v{n}", "stance": ["negative", "positive"][n % 2],
                      "kind": ["question", "thanks", "complaint"][n % 3], "kind_p": 1, "lang": "en", "lang_p": 1,
                      "read_at": self.context.clock.now()}  # fmt: skip
            known = session.exec(select(Reading).where(Reading.interaction_id == reply.id, Reading.version == f"v{n}"))
            if not reply.ours and known.first() is None:
                session.connection().execute(insert(table_of(Reading)), [values])

        self.change(n, again)

    def unread(self, n: int) -> None:
        self.change(n, lambda session, row: session.delete(row), Reading)

    def correct(self, n: int) -> None:
        def said(session: Any, reply: Any) -> None:
            if not reply.ours:
                put_out_of_force(session, [reply.id])
                session.add(Label(interaction_id=reply.id, person_id=self.person.id or 0, at=self.context.clock.now(),
                                  aspect=["kind", "stance", "threat"][n % 3], was="", version="",
                                  right=["question", "negative", "yes"][n % 3]))  # fmt: skip

        self.change(n, said)

    def forget(self, n: int) -> None:
        self.change(n, lambda session, reply: forget_replies(session, [reply.id], self.context.clock.now()))

    def move(self, n: int) -> None:
        def moved(session: Any, publication: Any) -> None:
            publication.place_id = self.places[n % 2]
            publication.content_type = ["event", "lighthearted", ""][n % 3]
            publication.campaign = ["geese", None][n % 2]
            publication.has_picture = n % 5 == 0
            session.add(publication)

        self.change(n, moved, Publication)

    def redate(self, n: int) -> None:
        def later(session: Any, publication: Any) -> None:
            publication.published_at += timedelta(hours=n - 500)
            session.add(publication)

        self.change(n, later, Publication)

    def followers(self, n: int) -> None:
        self.desk.followers(n, days=n % 60)
        if n % 5 == 0:
            self.change(n, lambda session, row: session.delete(row), Audience)

    def drop(self, n: int) -> None:
        """A reply that was deleted with all that hangs on it, and no number kept."""

        def gone(session: Any, reply: Any) -> None:
            session.connection().execute(delete(Reading).where(col(Reading.interaction_id) == reply.id))
            session.connection().execute(delete(Interaction).where(col(Interaction.id) == reply.id))

        self.change(n, gone)

    def by_hand(self, n: int) -> None:
        """What nothing of ours does, and somebody at the database may: to one row, and to all at once."""
        reply, post = self._some(Interaction.id, n), self.post(n // 9)
        label, count = self._some(Label.id, n), self._some(Audience.id, n)
        asked = "SELECT id FROM interaction WHERE NOT ours AND answered_at IS NULL"
        done = (
            f"UPDATE interaction SET publication_id = {post} WHERE id = {reply}",
            f"UPDATE interaction SET ours = NOT ours, publication_id = {post} WHERE id = {reply}",
            f"UPDATE interaction SET answered_at = NULL WHERE id >= {reply}",
            f"UPDATE interaction SET answered_at = created_at WHERE id IN ({asked})",
            f"UPDATE label SET in_force = false WHERE id = {label}",
            f"DELETE FROM label WHERE id = {label}",
            f"UPDATE reply_tally SET replies = replies + 2 WHERE publication_id = {post}",
            f"DELETE FROM reply_tally WHERE publication_id = {post}",
            f"UPDATE audience SET followers = followers + 5 WHERE id = {count}",
            "UPDATE reading SET kind = 'question', stance = 'neutral'",
        )
        with self.context.database.write() as session:
            session.connection().exec_driver_sql(done[n % len(done)])

    def _some(self, column: Any, n: int) -> int:
        with self.context.database.read() as session:
            every = session.exec(select(column).order_by(column)).all()
        return every[n % len(every)] if every else 0


def test_a_rebuild_that_was_broken_off_goes_on_where_it_stood(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("insights.keeping.BATCH", 2)
    posts = [desk.publish() for _ in range(5)]

    class Killed(Exception):
        pass

    def kill(done: int, _of: int) -> None:
        if done == 4:
            raise Killed

    with pytest.raises(Killed):
        rebuild_facts(desk.context, kill)
    assert rows(desk.context, FactsRebuild)[0]["publication_id"] == posts[3]
    seen_: list[tuple[int, int]] = []
    assert rebuild_facts(desk.context, lambda done, of: seen_.append((done, of))) == 1
    assert seen_ == [(5, 5)]
    assert rows(desk.context, FactsRebuild) == []


def test_one_reply_more_costs_the_same_under_many_as_under_few(desk: Desk, clock: SettableClock) -> None:
    """Nothing is counted again: what the database does for one reply does not grow with those that are there."""
    few, many = desk.publish(), desk.publish()
    fill(desk, few, 10)
    fill(desk, many, 3000)
    if desk.context.database.is_sqlite:
        costs = [_steps_of_sqlite(desk, post) for post in (few, many)]
        assert costs[1] < costs[0] * 1.5
    read_new(desk.context)
    assert facts(desk.context)[many]["replies_read"] in (3000, 3001)


def fill(desk: Desk, post: int, count: int) -> None:
    now = desk.context.clock.now()
    with desk.context.database.write() as session:
        account_id = session.get_one(Publication, post).account_id
        values = {"account_id": account_id, "publication_id": post, "kind": "reply", "text": "Thank you", "ours": False,
                  "created_at": now, "fetched_at": now, "purpose": "engagement", "retention": "raw_reply",
                  "hidden": False, "unread": True, "urgency": 3}  # fmt: skip
        some = [{**values, "platform_id": f"{post}-{number}"} for number in range(count)]
        session.connection().execute(insert(table_of(Interaction)), some)


def _steps_of_sqlite(desk: Desk, post: int) -> int:
    """How many hundred steps SQLite's machine takes to store and read one more."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with desk.context.database.write() as session:
        raw = session.connection().connection.dbapi_connection
        raw.set_progress_handler(count, 100)
        publication = session.get_one(Publication, post)
        now = desk.context.clock.now()
        reply = Interaction(account_id=publication.account_id, publication_id=post, platform_id=f"more-{post}",
                            text="What time?", created_at=now, fetched_at=now)  # fmt: skip
        session.add(reply)
        session.flush()
        values = {"version": "v", "stance": "neutral", "kind": "question", "kind_p": 1.0, "lang": "en", "lang_p": 1.0}
        session.connection().execute(
            insert(table_of(Reading)), [{"interaction_id": reply.id, "read_at": now, **values}]
        )
        raw.set_progress_handler(None, 0)
    return steps


def test_two_who_write_at_once_lose_nothing_and_never_wait_for_each_other_for_good(desk: Desk) -> None:
    """Publications and replies of one week, stored by several connections that take no turns."""
    context, account_id = desk.context, desk.account()
    posts = [desk.publish() for _ in range(4)]
    failures: list[BaseException] = []

    def write(which: int) -> None:
        database = Database(context.settings.database_url)
        try:
            for number in range(12):
                with database.write(together=True) as session:
                    order = posts if (which + number) % 2 else posts[::-1]
                    now = context.clock.now()
                    session.connection().execute(insert(table_of(Interaction)), [
                        {"account_id": account_id, "publication_id": post, "kind": "reply", "text": "Hello", "ours": False,
                         "platform_id": f"{which}-{number}-{post}", "created_at": now, "fetched_at": now, "hidden": False,
                         "purpose": "engagement", "retention": "raw_reply", "unread": True, "urgency": 3}
                        for post in order
                    ])  # fmt: skip
                with database.write(together=True) as session:
                    session.add(Publication(account_id=account_id, platform_id=f"{which}-{number}", text="",
                                            content_type="event", published_at=now - timedelta(days=3)))  # fmt: skip
        except BaseException as error:
            failures.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=write, args=(which,)) for which in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    before = kept(context)
    assert sum(row["replies_stored"] for row in before[1].values()) == 3 * 12 * len(posts)
    assert sum(row["posts"] for row in before[1].values()) == 3 * 12 + len(posts)
    rebuild_facts(context)
    assert kept(context) == before


def test_an_account_on_another_network_takes_its_figures_along(desk: Desk) -> None:
    post = desk.publish()
    with desk.context.database.write() as session:
        session.connection().execute(update(Account).values(channel="memory"))
    assert facts(desk.context)[post]["channel"] == "memory"
    assert [key[3] for key in weeks(desk.context)] == ["memory"]

"""How soon teams answer, with and without the hours in which nobody watches (R18), held to a second reckoning by hand."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from app import build_cli
from insights.packed import NONE, Posts, microseconds
from insights.reading.base import CURRENT_VERSION
from insights.response_tables import COLUMNS, as_csv, fates, headline, table
from insights.response_times import ENOUGH_ANSWERS, ResponseRow, ResponseTimes, _row, _watched, response_times
from social.clocks import ANSWER_WITHIN
from social.context import Context
from social.duty_hours import parse_spans, watched_time
from social.duty_tables import WatchedHours
from social.interactions import Interaction, Reading
from social.labels import Label
from social.overdue import Clocks, count_clocks, overdue
from social.places import PlaceKind, find_or_add_place
from social.staff import Role, find_or_add_person
from social.urgency import refresh_urgency
from tests.insights.conftest import Desk

OFFICE = parse_spans(["mon-fri 08:00-17:00"])


class Street:
    """Questions under posts of two teams, asked since the account was connected three weeks ago."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.context, self._number = desk, desk.context, 0
        self.start = self.context.clock.now()
        with self.context.database.write() as session:
            north = find_or_add_place(session, "North team", PlaceKind.TEAM)
            self.hexley = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD, north).id or 0
            self.moor = find_or_add_place(session, "Elderwick", PlaceKind.NEIGHBOURHOOD, north).id or 0
            self.copper = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD).id or 0
        self.posts = {
            place: desk.publish(days=0, place_id=place) for place in (self.hexley, self.moor, self.copper, None)
        }
        self.account_id = desk.account()
        self.context.clock.advance(timedelta(days=21))  # type: ignore[attr-defined]

    def ask(
        self, place: int | None, hours: float, *, kind: str = "question", after: float | None = None, **more: Any
    ) -> int:
        """A reply, `hours` after the start, answered `after` hours.  Returns its id."""
        at = self.start + timedelta(hours=hours)
        self._number += 1
        with self.context.database.write() as session:
            reply = Interaction(
                account_id=self.account_id, publication_id=self.posts[place], platform_id=f"q{self._number}", text="When?",
                created_at=at, fetched_at=at, answered_at=None if after is None else at + timedelta(hours=after),
                unread=False, **more,
            )  # fmt: skip
            session.add(reply)
            session.flush()
            number = reply.id or 0
            session.add(
                Reading(interaction_id=number, version=CURRENT_VERSION, stance="neutral", kind=kind, kind_p=0.9, lang="en",
                        lang_p=0.9, read_at=at)
            )  # fmt: skip
            session.flush()
            refresh_urgency(session, [number])
        return number

    def watch(self) -> None:
        with self.context.database.write() as session:
            session.add_all(WatchedHours(account_id=self.account_id, weekday=s.weekday, opens=s.opens, closes=s.closes)
                            for s in OFFICE)  # fmt: skip

    def times(self, **filters: Any) -> ResponseTimes:
        with self.context.database.read() as session:
            return response_times(session, self.context.clock.now(), **filters)


@pytest.fixture
def street(desk: Desk) -> Street:
    return Street(desk)


def test_each_team_has_its_counts_and_the_sum_of_them_is_what_was_asked(street: Street) -> None:
    for place in (street.hexley, street.moor):
        street.ask(place, 1, after=2)
        street.ask(place, 2, kind="complaint", after=80)
    street.ask(street.hexley, 3)
    street.ask(street.copper, 21 * 24 - 5)
    street.ask(street.copper, 4, done_at=street.start + timedelta(hours=9))
    street.ask(None, 5, after=1)
    street.ask(street.hexley, -48, after=1)  # the history that the account brought in
    street.ask(street.hexley, 6, kind="thanks")
    street.ask(street.hexley, 7, gone_at=street.start + timedelta(hours=8))  # deleted before anybody could answer
    marked = street.ask(street.copper, 8, kind="banter", after=100)
    with street.context.database.write() as session:
        person = find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR)
        session.add(Label(interaction_id=marked, person_id=person.id or 0, at=street.start, aspect="kind", was="banter",
                          right="complaint", version=CURRENT_VERSION))  # fmt: skip
    found = street.times()
    copper, north, none = found.teams
    assert [row.label for row in found.teams] == ["Copperbeck", "North team", "No area"]
    assert (north.received, north.answered, north.in_time, north.overdue, north.running) == (5, 4, 2, 1, 0)
    assert (north.share_in_time, north.share_unanswered) == (2 / 5, 1 / 5)
    assert (copper.received, copper.answered, copper.in_time, copper.closed, copper.running) == (3, 1, 0, 1, 1)
    assert (copper.share_in_time, none.share_in_time) == (0.0, 1.0)
    assert found.total.received == 9
    assert street.times(place_id=street.copper).total == copper.__class__(
        **{**copper.__dict__, "group": "", "label": "All teams"}
    )
    assert street.times(until=street.start).total.received == 0
    assert street.times(channel="x").total == ResponseRow("", "All teams")
    assert street.times(content_type="no such kind").total == ResponseRow("", "All teams")
    assert (copper.waiting, north.waiting) == (1, 1)


@pytest.mark.sqlite_only
def test_out_of_hours_do_not_count_by_the_watched_clock_and_few_answers_have_no_median(street: Street) -> None:
    """Asked on a Saturday at 10:00 and answered on Monday at 09:30: 47.5 hours, of which one and a half were watched."""
    saturday = 5 * 24
    for number in range(ENOUGH_ANSWERS):
        assert street.times().total.minutes is None, "too few to tell"
        street.ask(street.hexley, saturday + number / 60, after=47.5)
    total = street.times().total
    assert (total.minutes, total.watched_minutes) == (47.5 * 60, None), "nobody has said when it is watched"
    assert total.minutes_90 is None
    street.watch()
    watched = street.times().total.watched_minutes
    assert watched == 90 + 2, "the middle one was asked two minutes later and answered two minutes later"
    assert headline(street.times()) == (
        "5 of 5 were answered within 72 hours, half of those answered within 48 hours (92 minutes while the account is watched)."
    )


MINUTES = st.integers(0, 60 * 24 * 6)


def _as_columns(asked: list[tuple[datetime, datetime | None, bool]]) -> Posts:
    """As the database hands them out, all of one account that is watched in office hours."""
    each = list(zip(*asked, strict=True)) or [(), (), ()]
    columns = {
        "place_id": np.ones(len(asked), dtype="<i4"),
        "account_id": np.ones(len(asked), dtype="<i4"),
        "asked_at": np.array([microseconds(at) for at in each[0]], dtype="<i8"),
        "answered_at": np.array([NONE if at is None else microseconds(at) for at in each[1]], dtype="<i8"),
        "closed": np.array(each[2], dtype="<i4"),
    }
    posts = Posts(columns, {})
    columns["watched"] = _watched(posts, {1: OFFICE})
    return posts


@given(st.lists(st.tuples(MINUTES, st.none() | MINUTES, st.booleans()), max_size=14))
def test_the_figures_are_those_of_a_reckoning_by_hand(asked: list[tuple[int, int | None, bool]]) -> None:
    start = datetime(2026, 3, 26, 12, tzinfo=UTC)  # over the change of the clocks
    now = start + timedelta(days=7)
    ones = []
    for begins, after, closed in asked:
        at = start + timedelta(minutes=begins)
        ones.append((at, at + timedelta(minutes=after) if after is not None else None, closed))
    row = _row("", "All", _as_columns(ones), now)
    waits = [answered - at for at, answered, _ in ones if answered]
    watched = [watched_time(OFFICE, at, answered).total_seconds() / 60 for at, answered, _ in ones if answered]
    open_ = [at for at, answered, closed in ones if not answered and not closed]
    assert row.received == len(ones) == row.answered + row.closed + row.running + row.overdue
    assert row.in_time == sum(wait <= ANSWER_WITHIN for wait in waits)
    assert row.overdue == sum(now > at + ANSWER_WITHIN for at in open_)
    assert all(share is None or 0 <= share <= 1 for share in (row.share_in_time, row.share_unanswered))
    if len(waits) >= ENOUGH_ANSWERS:
        assert row.minutes == pytest.approx(median(wait.total_seconds() / 60 for wait in waits))
        assert row.watched_minutes == pytest.approx(median(watched))
    else:
        assert (row.minutes, row.watched_minutes) == (None, None)
    if row.minutes_90 is not None:
        within = sum(wait.total_seconds() / 60 <= row.minutes_90 for wait in waits)
        assert within >= 0.9 * len(waits)


def test_what_is_overdue_is_listed_longest_first_and_only_what_somebody_can_still_answer(street: Street) -> None:
    now = 21 * 24
    first = street.ask(street.hexley, 10)
    second = street.ask(street.copper, now - 73, kind="complaint")
    street.ask(street.hexley, now - 71.5)
    street.ask(street.hexley, now - 60)
    street.ask(street.hexley, now - 10)
    street.ask(street.hexley, 20, after=90)
    street.ask(street.hexley, 30, done_at=street.start)
    street.ask(street.hexley, 40, gone_at=street.start)
    street.ask(street.hexley, 50, kind="lead")
    street.ask(street.hexley, -50)
    with street.context.database.read() as session:
        at = street.context.clock.now()
        owed = overdue(session, at)
        assert [one.interaction_id for one in owed] == [first, second]
        assert owed[1].due_at == at - timedelta(hours=1)
        assert [one.interaction_id for one in overdue(session, at, {street.copper})] == [second]
        assert count_clocks(session, at) == Clocks(overdue=2, due_soon=2)
        assert count_clocks(session, at, frozenset()) == Clocks(0, 0)


@pytest.mark.sqlite_only
def test_the_command_the_table_and_the_file_say_the_same(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    street.ask(street.hexley, 1, after=2)
    street.ask(street.hexley, 1)
    context: Context = street.context
    monkeypatch.setattr("app._open", lambda _settings: context)
    monkeypatch.setattr(context.database, "close", lambda: None)
    said = CliRunner().invoke(build_cli(), ["insights", "--response-times", "--json"])
    printed = json.loads(said.stdout)
    (row,) = street.times().teams
    assert printed["teams"][0]["in_time"] == row.in_time == 1
    assert printed["total"]["minutes"] is None
    shown = CliRunner().invoke(build_cli(), ["insights", "--response-times"]).stdout
    assert "North team" in shown
    assert "–" in shown
    (line,) = table([row])
    assert (line["Share answered in time"], line["Minutes to first answer, median"]) == ("50%", "–")
    cells = list(csv.reader(io.StringIO(as_csv([row]).decode("utf-8-sig"))))
    assert cells[0] == [head for head, _ in COLUMNS]
    assert dict(zip(*cells, strict=True))["Minutes to first answer, median"] == "", "missing is never 0"


def test_a_headline_says_what_is_known() -> None:
    def said(**values: Any) -> str:
        return headline(ResponseTimes(ResponseRow("", "All teams", **values), ()))

    assert said() == "No question and no complaint was written in this period."
    assert said(received=2, running=2) == "2 questions and complaints wait, all still in time."
    assert (
        said(received=3, answered=2, in_time=1, overdue=1)
        == "1 of 3 were answered within 72 hours. With fewer than 5 answers, how long one takes cannot be told."
    )


def test_what_became_of_questions_is_said_without_those_of_which_there_are_none() -> None:
    young = ResponseRow("", "All teams", received=16, running=10, overdue=6)
    assert fates(young) == "0 answered, 6 waiting for longer than 72 hours, 10 waiting, still within 72 hours"
    done = ResponseRow("", "All teams", received=3, answered=2, closed=1)
    assert fates(done) == "2 answered, 1 closed without an answer"

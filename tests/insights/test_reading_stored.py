"""Stored replies are read once by each version, edited ones again, at a cost that follows what is new."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from insights.reading import Kind, Probabilities, ReadingResult, Stance, default_analyser
from insights.reading.stored import read_new
from social.alarms import Alarm
from social.clock import SettableClock
from social.context import Context
from social.database import Database
from social.desk import mark_all_done, mark_done
from social.duty_tables import DutyCall
from social.interactions import EMERGENCY, Interaction, Reading
from social.labels import correct_reading
from social.staff import Role, find_or_add_person

Desk = Any


class Plain:
    """Calls everything neutral and notes what it was given."""

    def __init__(self, version: str = "fast-5") -> None:
        self.version = version
        self.seen: list[str] = []

    def read(self, texts: Sequence[str], posts: Sequence[str | None] | None = None) -> list[ReadingResult]:
        self.seen += texts
        p = Probabilities(0.2, 0.6, 0.2)
        return [ReadingResult(Stance.NEUTRAL, p, Kind.OTHER, 0.5, "en", 0.9) for _ in texts]


def calls(context: Context) -> list[DutyCall]:
    with context.database.read() as session:
        return list(session.exec(select(DutyCall)))


def told(context: Context) -> list[str]:
    with context.database.read() as session:
        return [alarm.text for alarm in session.exec(select(Alarm))]


def readings(context: Context) -> list[tuple[int, str]]:
    with context.database.read() as session:
        return [(row.interaction_id, row.version) for row in session.exec(select(Reading).order_by(Reading.id))]


def test_each_reply_is_read_once(desk: Desk) -> None:
    post = desk.publish()
    ids = [desk.reply(post, "Hello"), desk.reply(post, "Goodbye")]
    analyser = Plain()
    assert [read_new(desk.context, analyser) for _ in range(2)] == [2, 0]
    assert analyser.seen == ["Hello", "Goodbye"]
    assert readings(desk.context) == [(number, "fast-5") for number in ids]


def test_our_own_words_and_empty_texts_are_not_read(desk: Desk) -> None:
    post = desk.publish()
    for _ in range(3):
        desk.reply(post, "We will be there", ours=True)
        desk.reply(post, "  ")
    desk.reply(post, "Hello")
    analyser = Plain()
    assert read_new(desk.context, analyser) == 1
    assert analyser.seen == ["Hello"]


def test_a_new_version_reads_everything_again_and_keeps_the_old_readings(desk: Desk) -> None:
    post = desk.publish()
    reply = desk.reply(post, "Hello")
    read_new(desk.context, Plain("old-1"))
    assert read_new(desk.context, Plain("new-2")) == 1
    assert read_new(desk.context, Plain("new-2")) == 0
    assert readings(desk.context) == [(reply, "old-1"), (reply, "new-2")]


def test_a_version_that_comes_back_reads_again_what_another_read_last(desk: Desk) -> None:
    """Figures count the latest reading, and are corrected by how the version in force errs: both have to be one."""
    post = desk.publish()
    here, there = desk.reply(post, "Hello"), desk.reply(post, "Goodbye")
    assert [read_new(desk.context, Plain(name)) for name in ("first", "second", "first", "first")] == [2, 2, 2, 0]
    assert sorted(readings(desk.context)[-2:]) == [(here, "first"), (there, "first")]


def test_workers_with_different_tiers_do_not_read_the_same_in_turns(desk: Desk) -> None:
    post = desk.publish()
    desk.reply(post, "Hello")
    other = replace(desk.context, database=Database(desk.context.settings.database_url))
    try:
        assert read_new(desk.context, Plain("first")) == 1
        assert read_new(other, Plain("second")) == 1, "started after a change of the setting"
        assert [read_new(desk.context, Plain("first")), read_new(other, Plain("second"))] == [0, 0]
        desk.reply(post, "Goodbye")
        assert [read_new(desk.context, Plain("first")), read_new(other, Plain("second"))] == [1, 0]
    finally:
        other.database.close()


def test_replies_are_opened_again_by_ranges_newest_first_and_what_was_cut_off_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("insights.reading.again.RANGE", 2)
    post = desk.publish()
    for number in range(5):
        desk.reply(post, f"Reply {number}")
    read_new(desk.context, Plain("old"))

    class CutOff(Plain):
        def read(self, texts: Sequence[str], posts: Sequence[str | None] | None = None) -> list[ReadingResult]:
            if len(self.seen) > 2:
                raise KeyboardInterrupt
            with desk.context.database.read() as session:
                assert len(session.exec(select(Interaction).where(col(Interaction.unread))).all()) <= 2
            return super().read(texts)

    with pytest.raises(KeyboardInterrupt):
        read_new(desk.context, CutOff("new"))
    started_anew = replace(desk.context, database=Database(desk.context.settings.database_url))
    try:
        analyser = Plain("new")
        read_new(started_anew, analyser)
    finally:
        started_anew.database.close()
    assert {version for _, version in readings(desk.context)[-5:]} == {"new"}
    assert "Reply 4" not in analyser.seen


def test_a_version_that_comes_back_leaves_what_was_erased_meanwhile_as_it_is(desk: Desk) -> None:
    post = desk.publish()
    reply = desk.reply(post, "Hello")
    read_new(desk.context, Plain("first"))
    read_new(desk.context, Plain("second"))
    with desk.context.database.write() as session:
        session.get_one(Interaction, reply).text = ""
    assert read_new(desk.context, Plain("first")) == 0
    assert readings(desk.context) == [(reply, "first"), (reply, "second")]


def test_a_reply_edited_while_it_was_read_is_read_again(desk: Desk) -> None:
    post = desk.publish()
    reply = desk.reply(post, "Hello")

    class Slow(Plain):
        def read(self, texts: Sequence[str], posts: Sequence[str | None] | None = None) -> list[ReadingResult]:
            if not self.seen:
                with desk.context.database.write() as session:
                    stored = session.get_one(Interaction, reply)
                    stored.text = "Hello, edited"
                    session.add(stored)
            return super().read(texts)

    analyser = Slow()
    assert read_new(desk.context, analyser) == 1
    assert analyser.seen == ["Hello", "Hello, edited"]


def test_more_than_one_batch_is_read_to_the_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("insights.reading.stored.BATCH", 2)
    post = desk.publish()
    for number in range(5):
        desk.reply(post, f"Reply {number}", ours=number < 3)
    assert read_new(desk.context, Plain()) == 2
    monkeypatch.setattr("insights.reading.stored.BATCH", 1)
    newer = Plain("newer-1")
    read_new(desk.context, newer)
    assert newer.seen == ["Reply 4", "Reply 3"], "an emergency of this minute waits for no old reply (R19)"


class Alarmed(Plain):
    """Calls everything an emergency."""

    def read(self, texts: Sequence[str], posts: Sequence[str | None] | None = None) -> list[ReadingResult]:
        return [replace(one, kind=Kind.EMERGENCY, kind_p=0.9) for one in super().read(texts)]


class Thankful(Plain):
    """Calls everything thanks."""

    def read(self, texts: Sequence[str], posts: Sequence[str | None] | None = None) -> list[ReadingResult]:
        return [replace(one, kind=Kind.THANKS) for one in super().read(texts)]


@pytest.mark.sqlite_only
def test_what_a_person_judged_calls_nobody_again_when_a_new_version_says_otherwise_until_its_words_change(
    desk: Desk, clock: SettableClock
) -> None:
    """R19: what was closed with many others, unread, and what nobody has looked at still calls."""
    post = desk.publish()
    labelled, closed, fresh = (desk.reply(post, text) for text in ("My shed is on fire", "I will find you", "Hello"))
    read_new(desk.context, Plain("old"))
    together = desk.reply(post, "Ta")
    read_new(desk.context, Thankful("old"))
    with desk.context.database.write() as session:
        person = find_or_add_person(session, "nia.abbot@woldershire.example", Role.CORPORATE)
    clock.advance(timedelta(minutes=5))
    correct_reading(desk.context, person, labelled, kind=Kind.BANTER)
    assert mark_done(desk.context, person, closed)
    assert mark_all_done(desk.context, person, [together]) == 1
    clock.advance(timedelta(minutes=5))
    read_new(desk.context, Alarmed("new"))
    assert {one.interaction_id for one in calls(desk.context)} == {fresh, together}
    with desk.context.database.read() as session:
        assert session.get_one(Interaction, closed).done_at is not None
    for number in (labelled, closed):
        desk.edit(number, "Help")
    read_new(desk.context, Alarmed("new"))
    assert {one.interaction_id for one in calls(desk.context)} == {fresh, together, labelled, closed}


class Stumbling(Plain):
    """Breaks off at certain words."""

    def read(self, texts: Sequence[str], posts: Sequence[str | None] | None = None) -> list[ReadingResult]:
        if any("Orrin" in text for text in texts):
            raise ValueError(texts)
        return super().read(texts)


@pytest.mark.sqlite_only
def test_a_reply_that_the_analyser_breaks_off_at_keeps_no_other_from_being_read(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """R19: what stands behind it may be an emergency."""
    post = desk.publish()
    numbers = [desk.reply(post, text) for text in ("Hello", "Orrin was here", "Goodbye")]
    assert read_new(desk.context, Stumbling()) == 2
    assert [number for number, _ in readings(desk.context)] == [numbers[0], numbers[2]]
    assert f"replies [{numbers[1]}] could not be read" in caplog.text
    assert "Orrin" not in caplog.text
    assert read_new(desk.context, Stumbling()) == 0
    assert [(one.interaction_id, one.kind) for one in calls(desk.context)] == [(numbers[1], "emergency")]
    assert "could not be read by the analyser" in told(desk.context)[0]


@pytest.mark.sqlite_only
def test_the_only_new_reply_is_told_at_once_when_the_analyser_breaks_off_at_it(desk: Desk) -> None:
    """Not when the next one comes in, which on a quiet night is hours later (R16, R19)."""
    number = desk.reply(desk.publish(), "Orrin was here")
    assert read_new(desk.context, Stumbling()) == 0
    assert [one.interaction_id for one in calls(desk.context)] == [number]
    with desk.context.database.read() as session:
        reply = session.get_one(Interaction, number)
    assert (reply.unread, reply.urgency) == (False, EMERGENCY), "it stands first in every list until a person closes it"


class Broken(Plain):
    """Can read nothing at all."""

    def read(self, texts: Sequence[str], posts: Sequence[str | None] | None = None) -> list[ReadingResult]:
        raise OSError("its weights are not there")


@pytest.mark.sqlite_only
def test_an_analyser_that_can_read_nothing_loses_no_reply_and_somebody_is_told(
    desk: Desk, clock: SettableClock
) -> None:
    post = desk.publish()
    for text in ("Hello", "Goodbye"):
        desk.reply(post, text)
    with pytest.raises(OSError, match="weights"):
        read_new(desk.context, Broken())
    assert calls(desk.context) == [], "the next round may mend it"
    for minutes in (2, 1):
        clock.advance(timedelta(minutes=minutes))
        with pytest.raises(OSError, match="weights"):
            read_new(desk.context, Broken())
    assert len(calls(desk.context)) == 1, "one stands for all that wait"
    assert read_new(desk.context, Plain()) == 2


@pytest.mark.sqlite_only
def test_what_was_read_before_is_not_looked_at_again(desk: Desk) -> None:
    post = desk.publish()
    for number in range(30):
        desk.reply(post, f"Reply {number}")
    read_new(desk.context, Plain())
    with desk.context.database.read() as session:
        plan = session.connection().exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id, text, ours FROM interaction WHERE unread ORDER BY id LIMIT 200"
        )
        assert any("ix_interaction_unread" in str(row) for row in plan)
    statements: list[str] = []
    event.listen(desk.context.database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert read_new(desk.context, Plain()) == 0
    assert len([one for one in statements if one.startswith("SELECT")]) == 1
    assert not [one for one in statements if one.startswith(("UPDATE", "INSERT", "DELETE"))]


def test_the_analyser_in_force_is_used_when_none_is_given(desk: Desk) -> None:
    desk.reply(desk.publish(), "Thank you so much")
    assert read_new(desk.context) == 1
    with desk.context.database.read() as session:
        [reading] = session.exec(select(Reading)).all()
    assert (reading.version, reading.stance, reading.kind) == (default_analyser().version, "positive", "thanks")
    assert reading.p_negative + reading.p_neutral + reading.p_positive == pytest.approx(1)

"""What runs every few seconds must cost what is new, not what is stored: SQLite's own plan says what it would read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from insights.coverage import coverage
from insights.figures import figures_by, totals
from insights.folds import fold_weeks
from insights.known_errors import errors_here
from insights.packs import pack_weeks
from insights.reading.stored import read_new
from insights.response_times import response_times
from scheduler.answering import send_answers
from scheduler.holds import begin_holds
from scheduler.lifecycle import State
from scheduler.making_ready import make_ready
from scheduler.old_posts import purge_old_posts
from scheduler.queries import list_entries, posts_between, recent_posts
from scheduler.sweeping import sweep_paused
from scheduler.taking_down import take_down_due
from scheduler.waiting import waiting_for
from scheduler.waking import next_due
from scheduler.worker import next_moment, publish_due
from social.accounts import Account
from social.accounts_admin import add_account
from social.alerts.audience import Audience
from social.alerts.fatigue import told_enough
from social.alerts.mailings import Mailing
from social.alerts.progress import progress_of
from social.alerts.sending import send_messages
from social.collecting import collect
from social.context import Context
from social.desk_counts import count_desk
from social.duty_seen import open_emergencies
from social.duty_telling import look_after_duty
from social.hiding_work import hide_due
from social.inbox import count_replies, list_replies
from social.inbox_query import State as Standing
from social.inbox_query import Wanted
from social.overdue import count_clocks, overdue
from social.places import Place
from social.publications import Publication
from social.purging import purge
from social.staff import Person, Role, find_or_add_person
from tests.alerts.helpers import alert_account
from tests.alerts.post_office import open_office

pytestmark = pytest.mark.sqlite_only

GROWING = ("entry", "entryhistory", "attempt", "post", "publication", "collectingstate", "interaction", "measurement",
           "takedown", "answer", "duty_call", "alarm_mail", "mailing", "message", "digest_item")  # fmt: skip
"""Tables that only ever get longer."""
INDEXES_OF_FEW = (
    "ix_interaction_unread",
    "ix_entry_open",
    "ix_answer_under_way",
    "ix_hiding_open",
    "ix_alarm_mail_open",
    "ix_message_due",
    "ix_message_in_hands",
)
"""Partial indexes of what is still to be done."""
TICKS: dict[str, Callable[[Context], object]] = {
    "holds": begin_holds,
    "publish": publish_due,
    "wait": next_moment,
    "wake": next_due,
    "make ready": make_ready,
    "paused accounts": sweep_paused,
    "take down": take_down_due,
    "answers": send_answers,
    "hidings": hide_due,
    "collect": collect,
    "read": read_new,
    "fold weeks": fold_weeks,
    "pack weeks": pack_weeks,
    "purge": partial(purge, dry_run=False),
    "old posts": purge_old_posts,
    "messages": lambda context: send_messages(with_alerts(context)),
    "duty": lambda context: look_after_duty(with_mail(context)),
}


def with_mail(context: Context) -> Context:
    """The same with a mail server that nobody is at: with nothing to tell it is not called."""
    context.settings = replace(context.settings, smtp_host="127.0.0.1", smtp_port=1)
    return context


def with_alerts(context: Context) -> Context:
    """The same with an account that sends alerts, and nothing to send."""
    open_office(context, 1)
    return context


def steps_of(context: Context, tick: Callable[[Context], object]) -> list[str]:
    """Every step of the plans of what the tick asks the database, with the values that it asks with."""
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, values: Any, _context: object, many: bool) -> None:
        if not many and statement.split(None, 1)[0] in ("SELECT", "UPDATE", "DELETE", "WITH"):
            asked.append((statement, values))

    event.listen(context.database.engine, "before_cursor_execute", note)
    try:
        tick(context)
    finally:
        event.remove(context.database.engine, "before_cursor_execute", note)
    with context.database.engine.connect() as connection:
        return [
            str(row[3])
            for statement, values in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]


def reads_all(step: str) -> bool:
    """Whether the step walks a growing table, or all of one account's share of it; a partial index is no such walk."""
    words = step.split()
    table = words[1] if len(words) > 1 else ""
    whole = words[0] == "SCAN" and not any(name in step for name in INDEXES_OF_FEW)
    return table in GROWING and (whole or "ix_publication_account_id" in step or "ix_entry_account_id" in step)


@pytest.mark.parametrize("tick", TICKS)
def test_a_tick_with_nothing_to_do_reads_no_table_that_grows(context: Context, tick: str) -> None:
    add_account(context, channel="memory", name="copperbeck", credentials={})
    steps = steps_of(context, TICKS[tick])
    assert steps
    assert not [step for step in steps if reads_all(step)]


def test_a_walk_over_a_growing_table_is_noticed(context: Context) -> None:
    def careless(context: Context) -> None:
        with context.database.engine.connect() as connection:
            connection.exec_driver_sql("SELECT id FROM entry WHERE reason = 'late'").all()

    assert any(reads_all(step) for step in steps_of(context, careless))


OPEN_ONES = Wanted(Standing.OPEN)

PAGES: dict[str, Callable[[Context], object]] = {
    "the posts of a week": lambda context: shown(context, lambda s, now: posts_between(s, now, now + timedelta(7))),
    "what waits for approval": lambda context: shown(context, lambda s, _: waiting_for(s, a_supervisor(context))),
    "what waits for a person": lambda context: shown(context, lambda s, _: list_entries(s, states=[State.HELD])),
    "what changed last": lambda context: shown(context, lambda s, _: recent_posts(s, 20)),
    "replies": lambda context: shown(context, lambda s, _: list_replies(s, OPEN_ONES, limit=25)),
    "replies, counted": lambda context: shown(context, lambda s, _: count_replies(s, OPEN_ONES)),
    "replies of an area": lambda context: shown(context, lambda s, _: list_replies(s, replace(OPEN_ONES, areas={1}))),
    "replies of a kind": lambda context: shown(
        context, lambda s, _: list_replies(s, replace(OPEN_ONES, kinds={"abuse"}))
    ),
    "overdue replies": lambda context: shown(
        context, lambda s, now: list_replies(s, replace(OPEN_ONES, overdue_at=now))
    ),
    "flagged replies": lambda context: shown(
        context, lambda s, _: list_replies(s, replace(OPEN_ONES, flags={"threat"}))
    ),
    "unseen emergencies": lambda context: shown(context, lambda s, _: open_emergencies(s, {1})),
    "overdue answers": lambda context: shown(context, lambda s, now: (overdue(s, now), count_clocks(s, now))),
    "my replies": lambda context: shown(context, lambda s, _: list_replies(s, replace(OPEN_ONES, assignee_id=1))),
    "the desk's numbers": lambda context: shown(context, lambda s, now: count_desk(s, OPEN_ONES, now, 1)),
    "how far an alert is": lambda context: shown(context, lambda s, _: progress_of(s, a_mailing(context))),
    "who has been told enough": lambda context: shown(
        context, lambda s, now: s.connection().execute(told_enough(now, 7))
    ),
    "answers": lambda context: shown(context, lambda s, now: response_times(s, now, since=now - timedelta(days=28))),
    "coverage": lambda context: shown(context, coverage),
    "an alert taken back": lambda context: context.channel(alert_account(context)).withdraw(str(a_mailing(context))),
}


FIGURES: dict[str, Callable[[Session, datetime], object]] = {
    "by kind": lambda s, now: figures_by(s, "content_type", since=now - timedelta(weeks=12)),
    "by place": lambda s, now: figures_by(s, "place", since=now - timedelta(weeks=12)),
    "all posts": lambda s, now: totals(s, since=now - timedelta(weeks=12)),
    "posts of an area": lambda s, now: figures_by(s, "post", since=now - timedelta(days=28), place_id=1),
    "one area by kind": lambda s, _: figures_by(s, "content_type", place_id=1),
}


@pytest.mark.parametrize("question", FIGURES)
def test_figures_read_facts_along_an_index_and_never_replies(context: Context, question: str) -> None:
    _put_posts(context)
    steps = steps_of(context, lambda context: shown(context, FIGURES[question]))
    of_facts = [step for step in steps if "publicationfacts" in step or "weeklyfacts" in step]
    assert of_facts
    assert not [step for step in of_facts if step.startswith("SCAN")]
    assert not [step for step in steps if reads_all(step)]
    assert not [step for step in steps if {"interaction", "reading", "measurement"} & set(step.split())]


def test_what_people_judged_leads_to_its_readings_and_not_every_reading_to_the_judged(context: Context) -> None:
    steps = steps_of(context, lambda context: shown(context, lambda s, _: errors_here(s)))
    of_readings = [step for step in steps if "reading" in step.split() and "interaction_id=?" in step]
    assert of_readings
    assert not [step for step in steps if "version=?" in step and step not in of_readings]


def _put_posts(context: Context) -> None:
    account = add_account(context, channel="memory", name="copperbeck", credentials={})
    now = context.clock.now()
    with context.database.write() as session:
        session.add(Place(name="Copperbeck", kind="neighbourhood"))
        session.flush()
        session.add_all([
            Publication(account_id=account.id or 0, platform_id=f"p{days}", text="", place_id=1, content_type="event",
                        published_at=now - timedelta(days=days)) for days in range(0, 100, 9)
        ])  # fmt: skip


def a_mailing(context: Context) -> int:
    """Of the account that there is, or of a new one."""
    with context.database.read() as session:
        account = session.exec(select(Account)).first()
    account = account or alert_account(context)
    with context.database.write() as session:
        mailing = Mailing(account_id=account.id or 0, key="1", subject="", text="", topic="roads",
                          audience=Audience("roads").to_json(), made_at=context.clock.now())  # fmt: skip
        session.add(mailing)
        session.flush()
        return mailing.id or 0


def a_supervisor(context: Context) -> Person:
    with context.database.write() as session:
        return find_or_add_person(session, "sam.reed@woldershire.example", Role.SUPERVISOR)


def shown(context: Context, read: Callable[[Session, datetime], object]) -> object:
    with context.database.read() as session:
        return read(session, context.clock.now())


@pytest.mark.parametrize("page", PAGES)
def test_a_page_reads_what_it_shows_and_not_all_there_ever_was(context: Context, page: str) -> None:
    steps = steps_of(context, PAGES[page])
    assert steps
    bounded = ("ix_post_updated", "ix_interaction_open")
    scans = [step for step in steps if step.startswith("SCAN") and reads_all(step)]
    assert not [step for step in scans if not any(name in step for name in bounded)]


@pytest.mark.parametrize("page", [name for name in PAGES if "replies" in name and name != "my replies"])
def test_open_replies_come_along_their_own_index_in_its_order(context: Context, page: str) -> None:
    """Ten thousand open ones among a million: the others are not read."""
    found = [step for step in steps_of(context, PAGES[page]) if "ix_interaction_" in step]
    assert any("ix_interaction_open (urgency=?" in step for step in found)
    assert not [step for step in found if "ix_interaction_created_at" in step or "ix_interaction_publication" in step]


def test_the_desks_numbers_are_counted_on_the_index_alone(context: Context) -> None:
    assert any(
        "USING COVERING INDEX ix_interaction_open" in step for step in steps_of(context, PAGES["the desk's numbers"])
    )


def test_answers_are_counted_on_the_index_of_questions_alone(context: Context) -> None:
    steps = steps_of(context, PAGES["answers"])
    assert any("USING COVERING INDEX ix_interaction_asked (created_at>?)" in step for step in steps), steps

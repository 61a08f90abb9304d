"""What came of alerts is counted with its base beside it, kept when it is final, and never added to social reach (M08)."""

import json
from dataclasses import fields, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select
from typer.testing import CliRunner

import app
from insights import alert_facts, alert_tables
from insights.alert_facts import FINAL_AFTER, NO_REASON, Counts, MailingFacts, keep_alert_facts
from insights.alert_measures import AlertMeasures, AlertRow, alert_measures
from insights.alert_small_numbers import FEWER, HIDDEN, hidden_figures, useful_said, value_of
from insights.figures import totals
from insights.reports.sections.alerts import in_words
from social.accounts import Account
from social.alerts.mailings import DigestItem, Mailing, Message, MessageState
from social.alerts.membership import leave
from social.attachments import Attachment
from social.clock import SettableClock
from social.context import Context
from social.interactions import Interaction
from social.places import PlaceKind, find_or_add_place
from social.publications import Publication, record_publication
from tests.alerts.helpers import a_resident, alert_account

PAGE = (Path(__file__).parents[2] / "docs" / "definitions.md").read_text(encoding="utf-8")
SENT, DELIVERED, BOUNCED = MessageState.SENT, MessageState.DELIVERED, MessageState.BOUNCED
_numbers = count(1)


@pytest.fixture
def account(context: Context) -> Account:
    return alert_account(context)


def mailing(context: Context, account: Account, *, members: int = 0, place: str | None = None, **more: Any) -> int:
    """An alert that went out now, with its publication. Returns its number."""
    now = context.clock.now()
    with context.database.write() as session:
        place_id = find_or_add_place(session, place, PlaceKind.NEIGHBOURHOOD).id if place else None
        assert account.id is not None
        one = Mailing(account_id=account.id, key=f"k{next(_numbers)}", subject="Sheds broken into", text="Lock yours.",
                      topic="burglary", place_id=place_id, audience="{}", members=members, made_at=now, **more)  # fmt: skip
        session.add(one)
        session.flush()
        out = Publication(account_id=account.id, platform_id=str(one.id), text=one.text, published_at=now,
                          place_id=place_id, content_type="crime_prevention")  # fmt: skip
        record_publication(session, out, now)
        assert one.id is not None
        return one.id


def message(context: Context, mailing_id: int | None, state: MessageState = SENT, **more: Any) -> Message:
    """One message of the alert to a resident of its own, who may be given as resident_id."""
    now = context.clock.now()
    fields_ = {"resident_id": None, "kind": "alert", "way": "email"} | more
    with context.database.write() as session:
        one = Message(account_id=1, mailing_id=mailing_id, token=f"t{next(_numbers)}", state=state.value, made_at=now,
                      due_at=now, **fields_)  # fmt: skip
        session.add(one)
    return one


def measured(context: Context, **filters: Any) -> AlertMeasures:
    with context.database.read() as session:
        return alert_measures(session, tracking=context.settings.alert_tracking, **filters)


def test_what_became_of_messages_is_counted_with_its_base(context: Context, account: Account) -> None:
    one = mailing(context, account, members=9, skipped=2)
    for state, more in (
        (SENT, {"useful": True}), (SENT, {"useful": False}), (SENT, {"useful": True}), (BOUNCED, {}),
        (DELIVERED, {"provider_id": "n1", "way": "text"}), (BOUNCED, {"provider_id": "n2", "way": "text"}),
        (SENT, {"provider_id": "n3", "way": "text"}), (MessageState.FAILED, {}), (MessageState.UNKNOWN, {}),
        (MessageState.STOPPED, {}), (MessageState.WAITING, {}), (MessageState.SENDING, {}),
    ):  # fmt: skip
        message(context, one, state, **more)
    message(context, one, SENT, kind="correction")  # it tells of the alert's end and is none
    row = measured(context).alerts[0]
    told = row.counts
    assert (told.sent, told.failed, told.unknown, told.stopped, told.waiting) == (7, 1, 1, 1, 2)
    assert (row.delivered, told.told_of, row.share_delivered) == (1, 2, 0.5)
    assert (told.bounced, row.share_bounced) == (2, pytest.approx(2 / 7))
    assert (told.useful, told.useful_of, row.share_useful) == (2, 3, pytest.approx(2 / 3))
    assert row.useful_interval is not None
    assert row.useful_interval[0] < 2 / 3 < row.useful_interval[1]
    assert (row.members, row.skipped) == (9, 2)


def test_what_nobody_measured_is_none_and_never_nought(context: Context, account: Account) -> None:
    one = mailing(context, account)
    row = measured(context).alerts[0]
    missing = [name for name in vars(row) if name.startswith("share") or name in ("delivered", "opened")]
    assert {getattr(row, name) for name in (*missing, "useful_interval")} == {None}
    seen = message(context, one, opened_at=context.clock.now())
    assert seen.id is not None
    assert measured(context).alerts[0].opened is None  # tracking is off
    context.settings = replace(context.settings, alert_tracking=True)
    row = measured(context).alerts[0]
    assert (row.opened, row.counts.opened_of, row.share_opened) == (1, 1, 1.0)
    mailing(context, account)  # it may have gone out before tracking was on
    assert measured(context).alerts[0].opened is None
    assert alert_tables.by_alert(measured(context))[0]["Opened"] == "not measured"


def test_replies_and_what_came_with_them_count_once_each(context: Context, account: Account) -> None:
    one, other = mailing(context, account), mailing(context, account)
    now = context.clock.now()
    with context.database.write() as session:
        under = session.exec(select(Publication.id).where(Publication.platform_id == str(one))).one()
        for n, ours in ((1, False), (2, False), (3, True)):
            session.add(Interaction(id=n, account_id=1, publication_id=under, platform_id=f"r{n}", kind="reply",
                                    text="I saw it", ours=ours, created_at=now, fetched_at=now, purpose="engagement",
                                    retention="raw_reply"))  # fmt: skip
        session.flush()
        for mark in ("a", "b"):
            session.add(Attachment(interaction_id=1, kind="picture", mark=mark, url_sealed=b""))
    rows = {int(row.group): row.counts for row in measured(context).alerts}
    assert (rows[one].replies, rows[one].attachments, rows[other].replies) == (2, 2, 0)


def test_who_left_within_seven_days_of_being_told_is_counted_once_with_why(
    context: Context, account: Account, clock: SettableClock
) -> None:
    """Told at once by two ways, or in a digest: one resident. Who leaves later, or was told nothing, is another matter."""
    first = mailing(context, account, members=4)
    both, told_in_digest, later, untold = (a_resident(context) for _ in range(4))
    for way in ("email", "text"):
        message(context, first, resident_id=both.id, way=way)
    message(context, first, resident_id=later.id)
    clock.advance(timedelta(days=1))
    digest = message(context, None, resident_id=told_in_digest.id, kind="digest")
    with context.database.write() as session:
        session.add(DigestItem(mailing_id=first, resident_id=told_in_digest.id or 0, message_id=digest.id))
    clock.advance(timedelta(days=5))
    leave(context, both.id or 0, "too_many")
    clock.advance(timedelta(days=2))
    leave(context, told_in_digest.id or 0)
    leave(context, later.id or 0, "moved")
    leave(context, untold.id or 0, "moved")
    row = measured(context).alerts[0]
    assert (row.counts.left, row.counts.reasons) == (2, {"too_many": 1, NO_REASON: 1})
    assert (row.share_left, row.counts.in_digests) == (0.5, 1)


def test_numbers_are_kept_after_28_days_and_stay_when_the_messages_lose_their_residents(
    context: Context, account: Account, clock: SettableClock
) -> None:
    """M13."""
    one = mailing(context, account, members=3, place="Hexley Moor")
    gone = a_resident(context)
    kept = message(context, one, resident_id=gone.id, useful=True)
    leave(context, gone.id or 0, "too_many")
    clock.advance(FINAL_AFTER - timedelta(minutes=1))
    assert keep_alert_facts(context) == 0
    clock.advance(timedelta(minutes=1))
    before = measured(context)
    assert [keep_alert_facts(context), keep_alert_facts(context)] == [1, 0]
    with context.database.write() as session:
        session.delete(session.get_one(Message, kept.id))
    assert measured(context) == before
    assert before.alerts[0].counts.reasons == {"too_many": 1}


def test_a_kept_alert_costs_no_look_at_its_messages(context: Context, account: Account, clock: SettableClock) -> None:
    one = mailing(context, account)
    message(context, one)
    clock.advance(FINAL_AFTER)
    asked: list[str] = []
    event.listen(context.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    measured(context)
    assert any("FROM message" in one for one in asked)
    keep_alert_facts(context)
    asked.clear()
    measured(context)
    assert not [one for one in asked if "message" in one]


@pytest.mark.sqlite_only
def test_counting_goes_by_the_index_of_the_alert_and_reads_no_table_whole(context: Context, account: Account) -> None:
    mailing(context, account, members=1)
    asked: list[tuple[str, Any]] = []
    event.listen(context.database.engine, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
    measured(context)
    queries = [one for one in asked if any(name in one[0] for name in ("message", "digest_item", "interaction"))]
    assert len(queries) == 5
    with context.database.read() as session:
        for statement, parameters in queries:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            assert [step[3] for step in plan if str(step[3]).startswith("SCAN")] == []


def test_by_area_small_numbers_are_hidden_and_so_is_what_gives_them_away(context: Context, account: Account) -> None:
    """R27."""
    for place, left, members in (
        ("Copperbeck", 1, 200),
        ("Elderwick", 30, 300),
        ("Hexley Moor", 40, 400),
        ("Stonemere", 0, 3),
    ):
        counts = Counts(sent=members, left=left, useful=members // 2, useful_of=members // 2 + 10)
        one = mailing(context, account, members=members, place=place)
        with context.database.write() as session:
            numbers = {name: getattr(counts, name) for name in alert_facts.NUMBERS}
            session.add(MailingFacts(mailing_id=one, **numbers, reasons="{}", counted_at=context.clock.now()))
    found = measured(context)
    assert [row.label for row in found.areas] == ["2 small areas together", "Elderwick", "Hexley Moor"]
    hidden = hidden_figures(found.areas)
    shown = [value_of(row, "left", hidden[row.group]) for row in found.areas]
    assert shown[0] == FEWER
    assert HIDDEN in shown[1:], "the total less the others would tell"
    lines = alert_tables.by_area(found)
    assert [line["Left within 7 days"] for line in lines[:3]] == shown[:1] + [str(one) for one in shown[1:]]
    assert alert_tables.by_alert(found)[0]["Left within 7 days"] == "0", "within the force"
    told = alert_tables.areas_csv(found).decode("utf-8-sig").splitlines()
    assert FEWER in told[1]


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("yes", "no", "said"), [(20, 12, True), (20, 1, False)])
def test_the_useful_share_is_said_where_its_table_shows_it_and_nowhere_else(
    context: Context, account: Account, yes: int, no: int, said: bool
) -> None:
    """R27: one 'no' of an area would be told by the share beside the table that hides it."""
    one = mailing(context, account, members=200, place="Copperbeck")
    numbers = {name: getattr(Counts(sent=200, useful=yes, useful_of=yes + no), name) for name in alert_facts.NUMBERS}
    with context.database.write() as session:
        session.add(MailingFacts(mailing_id=one, **numbers, reasons="{}", counted_at=context.clock.now()))
    found = measured(context)
    assert (useful_said(found) is not None) == said
    assert (alert_tables.by_area(found)[-1]["Useful, share"] not in (FEWER, HIDDEN)) == said
    assert ("%" in in_words(found)) == said


def test_areas_and_periods_let_through_what_is_asked_for(
    context: Context, account: Account, clock: SettableClock
) -> None:
    for place in ("Copperbeck", "Elderwick"):
        mailing(context, account, members=10, place=place)
        clock.advance(timedelta(days=10))
    since = clock.now() - timedelta(days=15)
    assert [row.alerts for row in (measured(context).total, measured(context, since=since).total)] == [2, 1]
    with context.database.read() as session:
        copperbeck = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD).id
    assert [row.label for row in measured(context, place_id=copperbeck).areas] == ["Copperbeck"]
    assert measured(context, since=clock.now()).members_median is None


def test_social_figures_leave_alerts_out_and_stand_beside_them(context: Context, account: Account) -> None:
    """M08: never added."""
    for members in (10, 30):
        mailing(context, account, members=members)
    with context.database.read() as session:
        social, alerts = totals(session), totals(session, channel="alert")
    assert (social.posts, alerts.posts) == (0, 2)
    found = measured(context)
    assert (found.members_median, found.social_reach, found.social_posts) == (20.0, None, 0)


def test_every_figure_of_alerts_is_defined() -> None:
    section = PAGE.split("## Alerts")[1].split("\n## ")[0]
    for name in {one.name for one in (*fields(AlertRow), *fields(Counts))} - {"group", "label", "counts"}:
        assert f"`{name}`" in section, name


@pytest.fixture
def run(context: Context, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(app, "_open", lambda *_args, **_options: context)
    return lambda *args: CliRunner().invoke(app.build_cli(), list(args))


@pytest.mark.sqlite_only
def test_the_command_prints_both_with_what_is_hidden_named(run: Any, context: Context, account: Account) -> None:
    assert "No alert went out" in run("insights", "--alerts").output
    one = mailing(context, account, members=50, place="Copperbeck")
    message(context, one, useful=True)
    told = json.loads(run("insights", "--alerts", "--json", "--since", "7d").output)
    assert (told["total"]["sent"], told["alerts"][0]["useful"], told["alerts"][0]["delivered"]) == (1, 1, None)
    assert (told["areas"][0]["useful"], "useful" in told["areas"][0]["hidden"]) == (None, True)
    assert told["beside"]["members_median"] == 50
    assert FEWER in run("insights", "--alerts").output

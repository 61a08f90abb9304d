"""What is over its time is forgotten on the day, whole, for good, and without a figure changing (R28, M13)."""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import SQLModel, col, select

from insights.facts import PublicationFacts
from insights.figures import figures_by
from insights.keeping import rebuild_facts
from insights.reading.stored import read_new
from insights.response_times import response_times
from social import purging
from social.accounts_admin import add_account
from social.answer_records import Answer, AnswerStep
from social.attachments import Attachment
from social.audit import AuditReason, AuditRecord, record
from social.audit_verify import verify_record
from social.channels.memory import network_of, reset
from social.clock import SettableClock
from social.collecting import collect, import_history
from social.context import Context
from social.desk import mark_done
from social.desk_tables import ReplyNote, ReplyPresence
from social.duty_seen import say_not_emergency
from social.duty_tables import DutyCall
from social.errors import InputError, NotAllowed
from social.hiding_records import Hiding
from social.interactions import EMERGENCY, Interaction, Reading, ReadingFlag
from social.labels import Label, correct_reading
from social.leads import Lead, open_lead
from social.publications import Publication, record_publication
from social.purging import purge
from social.retention_jobs import JOBS
from social.retention_tables import ForgottenReply, ReplyTally
from social.staff import Person, Role, find_or_add_person

Desk = Any
[JOB] = JOBS
DECADE = timedelta(days=3650)
TEXTS = ("Thank you, great work", "What time does it start?", "Nobody came when we called you, useless", "Dziękuję bardzo",
         "I saw a man by the bridge last night", "haha brilliant", "Where can I park?", "You lot are a disgrace")  # fmt: skip


@pytest.fixture
def records(context: Context) -> Person:
    return person(context, Role.RECORDS)


def person(context: Context, role: Role) -> Person:
    with context.database.write() as session:
        return find_or_add_person(session, f"{role.value}@woldershire.example", role)


def count(context: Context, table: type[SQLModel]) -> int:
    with context.database.read() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def facts(context: Context) -> dict[int, dict[str, Any]]:
    with context.database.read() as session:
        kept = session.exec(select(PublicationFacts)).all()
        return {row.publication_id: row.model_dump() for row in kept}


def test_a_reply_is_forgotten_on_day_91_and_not_before(desk: Desk, clock: SettableClock) -> None:
    """R28, by the job."""
    desk.reply(desk.publish(), "Will the road be open?")
    clock.advance(timedelta(days=89, hours=23))
    assert JOB.run(desk.context) == 0
    clock.advance(timedelta(days=1, hours=1))
    assert JOB.run(desk.context) == 1
    assert count(desk.context, Interaction) == 0
    assert JOB.run(desk.context) == 0


@pytest.mark.sqlite_only
def test_a_force_may_keep_replies_for_less_time(desk: Desk, clock: SettableClock) -> None:
    desk.reply(desk.publish(), "Will the road be open?")
    desk.context.settings = replace(desk.context.settings, reply_days=10)
    clock.advance(timedelta(days=11))
    assert purge(desk.context, dry_run=False).counts["raw_reply"] == 1


def test_all_that_hangs_on_a_reply_goes_with_it(desk: Desk, clock: SettableClock) -> None:
    context, author = desk.context, person(desk.context, Role.AUTHOR)
    reply = desk.reply(desk.publish(), "The man who did it is Orrin Blackmere of 4 Mill Row, he will pay for this")
    read_new(context)
    correct_reading(context, author, reply, kind="complaint", flags_on=["names_person"])
    with context.database.write() as session:
        now, account = clock.now(), session.get_one(Interaction, reply).account_id
        [reading] = session.exec(select(Reading))
        session.merge(ReadingFlag(reading_id=reading.id or 0, flag="threat", p=0.9))
        session.add_all([
            ReplyNote(interaction_id=reply, person_id=author.id or 0, at=now, text_sealed=b"sealed"),
            ReplyPresence(interaction_id=reply, person_id=author.id or 0, at=now),
            Attachment(interaction_id=reply, kind="picture", mark="m", url_sealed=b"sealed"),
            answer := Answer(key="k", interaction_id=reply, account_id=account, parent_platform_id="r1", text="Thank you",
                             person_id=author.id or 0, state="sent", pressed_at=now, updated_at=now),
        ])  # fmt: skip
        session.flush()
        session.add(AnswerStep(answer_id=answer.id or 0, at=now, actor="author", to_state="sent"))
    hanging = (Reading, ReadingFlag, Label, ReplyNote, ReplyPresence, Attachment, Answer, AnswerStep)
    assert all(count(context, table) for table in hanging)
    clock.advance(timedelta(days=91))
    purge(context, dry_run=False)
    assert [table.__name__ for table in (Interaction, *hanging) if count(context, table)] == []


def test_reasons_that_may_repeat_a_replys_words_go_from_the_audit_record_with_it(
    desk: Desk, clock: SettableClock
) -> None:
    """R28: whoever says why often says it in the resident's words."""
    context, corporate = desk.context, person(desk.context, Role.CORPORATE)
    reply = desk.reply(desk.publish(), "Orrin Blackmere is bleeding, send somebody")
    read_new(context)
    correct_reading(context, corporate, reply, kind="emergency")
    with context.database.read() as session:
        call = session.exec(select(DutyCall)).one()
    say_not_emergency(context, call.id or 0, corporate, "Orrin Blackmere says himself that it was a film")
    mark_done(context, corporate, reply)
    with context.database.write() as session:
        record(session, clock.now(), actor=corporate, action="hide reply", subject=("reply", reply),
               reason="Orrin Blackmere is named")  # fmt: skip

    def reasons() -> list[str | None]:
        with context.database.read() as session:
            return list(session.exec(select(AuditReason.text).where(col(AuditReason.text).contains("Orrin"))))

    assert len(reasons()) == 2
    clock.advance(timedelta(days=91))
    purge(context, dry_run=False, classes=["raw_reply"])
    assert reasons() == []
    assert verify_record(context).fault is None


def test_nothing_that_points_to_a_reply_can_stand_in_the_way() -> None:
    """Whatever refers to a reply goes with it, lets go of it, or has a clock of its own, as a lead has."""
    from tests.test_migrations import every_table

    every_table()
    pointing = {
        (table.name, key.ondelete)
        for table in SQLModel.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "interaction"
    }
    assert {name for name, ondelete in pointing if ondelete is None} == {"reading", "lead"}


def test_figures_are_the_same_before_and_after(desk: Desk, clock: SettableClock) -> None:
    """M13: counts by kind and stance, answered and unanswered, response times; kept, and rebuilt from nothing."""
    context, choose, author = desk.context, random.Random(5), person(desk.context, Role.AUTHOR)
    posts = [desk.publish(kind, figures={"reach": 100, "replies": 9}) for kind in ("event", "appeal_general", "event")]
    for number in range(60):
        reply = desk.reply(choose.choice(posts), choose.choice(TEXTS), minutes=number * 60 * 24,
                           answered=choose.choice([None, 5, 90]), ours=number % 17 == 0)  # fmt: skip
        if number == 31:
            unread = reply
    read_new(context)
    correct_reading(context, author, 3, kind="question", stance="negative")
    with context.database.write() as session:
        for reading in session.exec(select(Reading).where(Reading.interaction_id == unread)):
            session.delete(reading)
    rebuild_facts(context)
    before = facts(context)
    assert sum(row["replies_read"] for row in before.values()) > 50
    with context.database.read() as session:
        rows, times = figures_by(session, "content_type"), response_times(session, clock.now() + DECADE)
    assert times.total.received > 10
    for days in (100, 20, 40):  # some of them, more of them, all of them
        clock.advance(timedelta(days=days))
        assert purge(context, dry_run=False).total
        assert facts(context) == before
        rebuild_facts(context)
        assert facts(context) == before
    with context.database.read() as session:
        assert figures_by(session, "content_type") == rows
        assert response_times(session, clock.now() + DECADE - timedelta(days=160)) == times
    assert count(context, Interaction) == 0


def test_what_was_forgotten_does_not_come_back_from_the_network(context: Context, clock: SettableClock) -> None:
    """R28: the network shows it for ever; an answer to it is still heard, and what is stored stays up to date."""
    reset()
    account = add_account(context, channel="memory", name="hexley", credentials={})
    network = network_of(account.name)
    network.clock = clock
    post = network.add_past_post("Free bike marking on Saturday.", clock.now())
    with context.database.write() as session:
        publication = Publication(account_id=account.id or 0, platform_id=post, text="Free bike marking on Saturday.",
                                  published_at=clock.now())  # fmt: skip
        record_publication(session, publication, clock.now())
    old = network.add_reply(post, "Will you mark scooters too?")
    clock.advance(timedelta(days=20))
    network.add_reply(post, "See you there")
    assert collect(context, everything=True).replies == 2
    clock.advance(timedelta(days=71))
    assert purge(context, dry_run=False).counts["raw_reply"] == 1
    network.add_reply(post, "Late to this, sorry", parent=old)
    import_history(context, account, since=clock.now() - timedelta(days=365))
    collect(context, everything=True)
    with context.database.read() as session:
        assert sorted(session.exec(select(Interaction.text))) == ["Late to this, sorry", "See you there"]
        facts_of = facts(context)[session.exec(select(Publication.id)).one() or 0]
    assert facts_of["replies_stored"] == 3


def test_a_dry_run_counts_what_a_run_forgets_and_changes_nothing(
    desk: Desk, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 2)
    post = desk.publish()
    for number in range(3):
        desk.reply(post, f"Reply {number}")
    clock.advance(timedelta(days=91))
    desk.reply(post, "A new one")
    before = count(desk.context, Interaction), count(desk.context, AuditRecord)
    told = purge(desk.context, dry_run=True)
    assert (count(desk.context, Interaction), count(desk.context, AuditRecord)) == before
    assert told.dry_run
    assert purge(desk.context, dry_run=False).counts == told.counts
    assert told.counts["raw_reply"] == 3
    assert count(desk.context, Interaction) == 1


@pytest.mark.sqlite_only
def test_an_emergency_that_nobody_closed_is_named_and_stays(desk: Desk, clock: SettableClock) -> None:
    """R19."""
    urgent = desk.reply(desk.publish(), "Help, he is breaking in right now", urgency=EMERGENCY)
    clock.advance(timedelta(days=400))
    report = purge(desk.context, dry_run=False)
    assert (report.total, [kept.subject for kept in report.kept]) == (0, [("reply", urgent)])
    with desk.context.database.write() as session:
        reply = session.get_one(Interaction, urgent)
        reply.done_at = clock.now()
        session.add(reply)
    assert purge(desk.context, dry_run=False).counts["raw_reply"] == 1


@pytest.mark.sqlite_only
def test_a_lead_has_its_own_clock(desk: Desk, clock: SettableClock) -> None:
    """R28: a lead of day 80 is handed off, not swept away with the other replies on day 91."""
    reply = desk.reply(desk.publish(appeal_ref="WD-12"), "I saw the van on Mill Row at nine last night")
    clock.advance(timedelta(days=80))
    open_lead(desk.context, person(desk.context, Role.SUPERVISOR), reply)
    clock.advance(timedelta(days=12))
    assert purge(desk.context, dry_run=False).total == 0
    clock.advance(timedelta(days=90))
    report = purge(desk.context, dry_run=False)  # nobody has handed it off: it is not lost, but named
    assert (report.total, [kept.subject for kept in report.kept]) == (0, [("reply", reply)])
    with desk.context.database.write() as session:
        lead = session.exec(select(Lead)).one()
        lead.state, lead.handed_off_at, lead.purge_at = "handed_off", clock.now(), clock.now() + timedelta(days=30)
        session.add(lead)
    clock.advance(timedelta(days=11))
    assert purge(desk.context, dry_run=True).counts["lead"] == 0
    desk.context.settings = replace(desk.context.settings, lead_days=10)  # shortened after the hand-off
    assert purge(desk.context, dry_run=False).counts["lead"] == 1
    assert (count(desk.context, Interaction), count(desk.context, Lead)) == (0, 0)


def test_the_copy_of_a_hidden_reply_goes_a_year_after_it_was_hidden(desk: Desk, clock: SettableClock) -> None:
    context, author = desk.context, person(desk.context, Role.AUTHOR)
    reply = desk.reply(desk.publish(), "words of abuse", hidden=True)
    with context.database.write() as session:
        stored = session.get_one(Interaction, reply)
        session.add(Hiding(interaction_id=reply, account_id=stored.account_id, platform_id=stored.platform_id, hides=True,
                           house_rule="abuse", note="He means Ada", asked_by_id=author.id or 0, asked_at=clock.now(),
                           state="done", done_at=clock.now(), evidence=stored.text))  # fmt: skip
    clock.advance(timedelta(days=91))
    assert purge(context, dry_run=False).counts == {"lead": 0, "raw_reply": 1, "moderation_evidence": 0, "mark": 0}
    with context.database.read() as session:
        assert session.exec(select(Hiding.evidence)).all() == ["words of abuse"]
    clock.advance(timedelta(days=275))
    assert purge(context, dry_run=False).counts["moderation_evidence"] == 1
    with context.database.read() as session:
        [left] = session.exec(select(Hiding)).all()
    assert (left.evidence, left.note, left.house_rule) == (None, None, "abuse")
    assert left.platform_id not in (stored.platform_id, "")
    assert purge(context, dry_run=False).total == 0


@pytest.mark.sqlite_only
def test_only_who_may_erase_purges_by_hand_and_numbers_are_recorded(
    desk: Desk, clock: SettableClock, records: Person
) -> None:
    context = desk.context
    desk.reply(desk.publish(), "Will the road be open?")
    clock.advance(timedelta(days=91))
    for role in (Role.AUTHOR, Role.ADMINISTRATOR, Role.CORPORATE):
        with pytest.raises(NotAllowed):
            purge(context, dry_run=True, by=person(context, role))
    with pytest.raises(InputError, match="raw_reply"):
        purge(context, dry_run=False, classes=["raw_replies"])
    purge(context, dry_run=False, by=records)
    with context.database.read() as session:
        query = select(AuditRecord).where(AuditRecord.action == "purge").order_by(col(AuditRecord.seq))
        [row] = session.exec(query).all()
    assert (row.actor, row.subject_kind, row.subject_id) == (records.email, "records", "raw_reply")
    assert row.after == '{"records":1}'


@pytest.mark.sqlite_only
def test_no_word_is_left_in_the_files_of_sqlite(desk: Desk, clock: SettableClock) -> None:
    """Rows that grew, shrank and moved between pages leave nothing behind them either."""
    context, choose = desk.context, random.Random(3)
    posts = [desk.publish() for _ in range(3)]
    old = [
        desk.reply(choose.choice(posts), f"Quillmarsh {number} " + "x" * choose.randrange(900)) for number in range(150)
    ]
    with context.database.write() as session:
        for number in choose.sample(old, 90):
            reply = session.get_one(Interaction, number)
            reply.text = f"Quillmarsh again {number} " + "y" * choose.randrange(6000)
            session.add(reply)
    assert b"Quillmarsh" in stored_bytes(context)
    clock.advance(timedelta(days=91))
    desk.reply(posts[0], "A new one")
    report = purge(context, dry_run=False)
    assert report.counts["raw_reply"] == 150
    assert report.wiped
    assert b"Quillmarsh" not in stored_bytes(context)
    assert b"A new one" in stored_bytes(context)


def stored_bytes(context: Context) -> bytes:
    home: Path = context.settings.home
    return b"".join(path.read_bytes() for path in home.glob("beatline.sqlite*"))


@pytest.mark.sqlite_only
def test_a_mark_goes_when_all_of_its_age_is_gone(desk: Desk, clock: SettableClock) -> None:
    post = desk.publish()
    with desk.context.database.write() as session:
        session.add(ForgottenReply(publication_id=post, mark="m", written_at=clock.now()))
    clock.advance(timedelta(days=91))
    assert purge(desk.context, dry_run=False).counts["mark"] == 1
    with desk.context.database.read() as session:
        limit = session.get_one(Publication, post).forgotten_to
    assert limit is not None
    assert limit > clock.now() - timedelta(days=91)
    assert count(desk.context, ForgottenReply) == 0 == count(desk.context, ReplyTally)

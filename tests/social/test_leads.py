"""A lead from the press that makes it one to the day when nothing of it is left but numbers (R21, R22, R24, R28, M07)."""

import hashlib
import io
import json
import logging
import shutil
import subprocess
import zipfile
from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import SQLModel, select

from social.attachment_fetching import fetch_for_lead
from social.attachments import Attachment
from social.audit import AuditRecord
from social.audit_verify import verify_record
from social.channels.base import Heard, HeardAttachment
from social.clock import as_local
from social.context import Context
from social.desks import add_desk, close_desk, desks_for, list_desks
from social.errors import InputError, NotAllowed
from social.handing_off import export_note, export_package, hand_off, note_receipt, see_lead
from social.heard import store_heard
from social.interactions import Interaction
from social.lead_counts import LeadCount, lead_counts
from social.lead_mail import tell_desks
from social.lead_purging import leads_due, purge_leads
from social.lead_views import LeadView, list_leads
from social.leads import Lead, open_lead, say_outcome, set_details, take_back
from social.practice.attached import photograph
from social.practice.network import PracticeNetwork
from social.publications import Publication
from social.publications_erased import erase_publications
from social.staff import Membership, Person, Role, find_or_add_person
from tests.social.mail_server import MailServer
from tests.views.helpers import Force

WORDS = "Saw Orrin Vane with a harebell tattoo last night about half ten by the Co-op on Mill Lane"
SECRETS = ("Orrin", "Vane", "harebell", "Mill Lane", "half ten", "lanyard", "resident-77")
PICTURE = photograph("77")


@pytest.fixture
def force(context: Context) -> Force:
    force = Force(context)
    with context.database.write() as session:
        keeper = find_or_add_person(session, "keeper@woldershire.example", Role.ADMINISTRATOR)
    add_desk(context, keeper, "Enquiry desk", email="enquiries@woldershire.example")
    add_desk(context, keeper, "Burglary team", place_id=force.place.id)
    return force


def appeal(force: Force, reference: str | None = "OP-LARCH") -> int:
    """A post of the appeal goes out.  Returns its publication's number."""
    due = as_local(force.context.clock.now()).replace(tzinfo=None) + timedelta(hours=1)
    published = force.publish(text=f"Appeal: do you recognise this coat? {reference}", due=due)
    with force.context.database.write() as session:
        publication = session.exec(select(Publication).where(Publication.post_id == published)).one()
        publication.appeal_ref = reference
        session.add(publication)
        return publication.id or 0


def said(
    force: Force, publication_id: int, words: str = WORDS, number: str = "r77", *attachments: HeardAttachment
) -> int:
    """A resident writes under it.  Returns the reply's number."""
    context = force.context
    with context.database.write() as session:
        publication = session.get_one(Publication, publication_id)
        item = Heard(number, publication.platform_id, None, words, context.clock.now(), "resident-77", False,
                     attachments=attachments)  # fmt: skip
        store_heard(session, context.vault, publication.account_id, {publication.platform_id: publication_id}, [item],
                    context.clock.now())  # fmt: skip
        return int(session.exec(select(Interaction.id).where(Interaction.platform_id == number)).one() or 0)


def lead_under(force: Force, publication_id: int, number: str = "r77") -> int:
    return open_lead(force.context, force.author, said(force, publication_id, number=number))


def later(force: Force, **step: float) -> None:
    force.context.clock.advance(timedelta(**step))  # type: ignore[attr-defined]  # a test's clock can be moved


def audit(context: Context, action: str) -> list[AuditRecord]:
    with context.database.read() as session:
        return list(session.exec(select(AuditRecord).where(AuditRecord.action == action)))


def counts(force: Force) -> list[LeadCount]:
    with force.context.database.read() as session:
        return lead_counts(session)


def test_a_reply_becomes_a_lead_of_its_appeal_with_another_purpose_and_place_and_time_picked_out(force: Force) -> None:
    reply = said(force, appeal(force))
    lead = see_lead(force.context, force.author, open_lead(force.context, force.author, reply))
    assert (lead.reference, lead.state, lead.confirmed) == ("OP-LARCH", "new", False)
    assert lead.place_words == "Co-op, Mill Lane"
    assert (lead.seen_from, lead.seen_to) == (
        datetime.fromisoformat("2026-05-31T21:00+00:00"), datetime.fromisoformat("2026-05-31T22:00+00:00")
    )  # fmt: skip
    with force.context.database.read() as session:
        kept = session.get_one(Interaction, reply)
    assert (kept.purpose, kept.retention, kept.text) == ("law_enforcement", "lead", WORDS)
    assert open_lead(force.context, force.author, reply) == lead.id
    (row,) = audit(force.context, "open lead")
    assert json.loads(row.after or "") == {"purpose": "law_enforcement", "reply": reply}
    assert not any(secret in f"{row.before}{row.after}" for secret in SECRETS)


@pytest.mark.sqlite_only
def test_without_an_appeal_it_belongs_to_its_post_until_a_person_says_otherwise(force: Force) -> None:
    lead = lead_under(force, appeal(force, None))
    assert see_lead(force.context, force.author, lead).reference == "POST-1"
    at = force.context.clock.now() - timedelta(hours=5)
    set_details(force.context, force.author, lead, reference="op-larch ", place="The Co-op", seen_from=at, seen_to=None)
    seen = see_lead(force.context, force.author, lead)
    assert (seen.reference, seen.place_words, seen.seen_from, seen.seen_to, seen.confirmed) == (
        "OP-LARCH", "The Co-op", at, at, True
    )  # fmt: skip
    with pytest.raises(InputError, match="before its beginning"):
        set_details(force.context, force.author, lead, reference="", place="", seen_from=at, seen_to=at - timedelta(1))


def test_only_who_may_hand_off_deals_with_leads_and_only_in_their_area(force: Force) -> None:
    reply = said(force, appeal(force))
    with force.context.database.write() as session:
        elsewhere = find_or_add_person(session, "away@woldershire.example", Role.AUTHOR)
        records = find_or_add_person(session, "records@woldershire.example", Role.RECORDS)
        other = type(force.place)(name="Copperbeck", kind="neighbourhood")
        session.add(other)
        session.flush()
        session.add(Membership(person_id=elsewhere.id or 0, place_id=other.id or 0))
    for person in (force.reader, elsewhere, records):
        with pytest.raises(NotAllowed):
            open_lead(force.context, person, reply)
    lead = open_lead(force.context, force.author, reply)
    for person in (force.reader, elsewhere, records):
        for act in (
            lambda p: see_lead(force.context, p, lead),
            lambda p: hand_off(force.context, p, lead, "Enquiry desk", ""),
            lambda p: export_note(force.context, p, lead),
            lambda p: export_package(force.context, p, lead),
            lambda p: say_outcome(force.context, p, lead, used=False),
            lambda p: take_back(force.context, p, lead),
        ):
            with pytest.raises(NotAllowed):
                act(person)
    assert audit(force.context, "export") == []


@pytest.mark.sqlite_only
def test_what_was_no_lead_after_all_is_a_reply_like_any_other(force: Force) -> None:
    reply = said(force, appeal(force), WORDS, "r77", HeardAttachment("link", "https://clips.example/1"))
    take_back(force.context, force.author, open_lead(force.context, force.author, reply))
    with force.context.database.read() as session:
        kept = session.get_one(Interaction, reply)
        assert (kept.purpose, kept.retention) == ("engagement", "raw_reply")
        assert session.exec(select(Lead)).all() == []
        assert session.exec(select(Attachment)).all() == []
    assert counts(force) == []


def test_a_desk_takes_it_with_note_receipt_and_time(force: Force) -> None:
    lead = lead_under(force, appeal(force))
    handed = hand_off(force.context, force.author, lead, "enquiry DESK", "Wears a lanyard.")
    assert (handed.state, handed.desk, handed.handed_off_by) == ("handed_off", "Enquiry desk", "Nia Abbot")
    assert handed.purge_at - force.context.clock.now() == timedelta(days=30)
    later(force, hours=2)
    note_receipt(force.context, force.corporate, lead, " 26/4711 ")
    seen = see_lead(force.context, force.author, lead)
    assert (seen.receipt, seen.receipt_by, seen.receipt_at) == ("26/4711", "Joel Marsh", force.context.clock.now())
    with pytest.raises(InputError, match="handed off already"):
        hand_off(force.context, force.author, lead, "Enquiry desk", "")
    with pytest.raises(InputError, match="handed off already"):
        take_back(force.context, force.author, lead)
    say_outcome(force.context, force.author, lead, used=True)
    assert see_lead(force.context, force.author, lead).state == "used"
    assert verify_record(force.context).fault is None


@pytest.mark.sqlite_only
def test_nothing_is_used_that_no_desk_has_and_no_desk_is_made_up(force: Force) -> None:
    lead = lead_under(force, appeal(force))
    with pytest.raises(InputError, match="Hand the lead off first"):
        say_outcome(force.context, force.author, lead, used=True)
    with pytest.raises(InputError, match="Hand the lead off first"):
        note_receipt(force.context, force.author, lead, "1")
    with pytest.raises(InputError, match="Desks: 'Burglary team', 'Enquiry desk'"):
        hand_off(force.context, force.author, lead, "Enquiries", "")


@pytest.mark.sqlite_only
def test_desks_are_named_once_closed_and_offered_where_they_take_leads(force: Force) -> None:
    context = force.context
    with pytest.raises(NotAllowed):
        add_desk(context, force.author, "My desk")
    with pytest.raises(InputError, match="already"):
        add_desk(context, force.corporate, "enquiry  desk")
    with context.database.read() as session:
        assert [d.name for d in desks_for(session, force.place.id)] == ["Burglary team", "Enquiry desk"]
        assert [d.name for d in desks_for(session, None)] == ["Enquiry desk"]
    close_desk(context, force.corporate, "Enquiry desk")
    with context.database.read() as session:
        assert [desk.name for desk in list_desks(session)] == ["Burglary team"]
    assert add_desk(context, force.corporate, "Enquiry desk").id == 1


@pytest.mark.sqlite_only
def test_a_desk_of_another_area_gets_no_lead(force: Force) -> None:
    lead = lead_under(force, appeal(force))
    with force.context.database.write() as session:
        session.get_one(Lead, lead).place_id = None
    with pytest.raises(InputError, match="no desk 'Burglary team'"):
        hand_off(force.context, force.corporate, lead, "Burglary team", "")
    assert see_lead(force.context, force.corporate, lead).state == "new"


def test_the_note_says_what_the_desk_needs_and_names_no_writer(force: Force) -> None:
    lead = lead_under(force, appeal(force))
    hand_off(force.context, force.author, lead, "Enquiry desk", "<b>Urgent</b>", "26/4711")
    text = export_note(force.context, force.author, lead).decode()
    assert WORDS in text
    for words in ("OP-LARCH", "Enquiry desk", "Nia Abbot", "26/4711", "31 May 2026, 22:00 to 23:00 BST",
                  "Co-op, Mill Lane (picked out of the words by Beatline, not confirmed)", "r77"):  # fmt: skip
        assert words in text
    assert "resident-77" not in text
    page = export_note(force.context, force.author, lead, html=True).decode()
    assert "&lt;b&gt;Urgent&lt;/b&gt;" in page
    assert "default-src 'none'" in page
    assert not {"<a ", "<img", "<script"} & {
        page[i : i + len(tag)] for tag in ("<a ", "<img", "<script") for i in range(len(page))
    }


def test_the_package_holds_the_original_and_the_list_of_hashes_and_every_export_is_on_record(
    force: Force, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with PracticeNetwork(tmp_path_factory.mktemp("practice"), clock=force.context.clock, history_weeks=0) as network:
        address = f"{network.base_url}/residents/77.jpg"
        reply = said(force, appeal(force), WORDS, "r77", HeardAttachment("picture", address))
        lead = open_lead(force.context, force.author, reply)
        with force.context.database.read() as session:
            (attachment,) = session.exec(select(Attachment.id)).all()
        fetch_for_lead(force.context, force.author, attachment or 0)
    package = export_package(force.context, force.author, lead)
    with zipfile.ZipFile(io.BytesIO(package)) as files:
        assert set(files.namelist()) == {"note.txt", "note.html", "attachment-1.jpg", "sha256.txt"}
        assert files.read("attachment-1.jpg") == PICTURE
        lines = files.read("sha256.txt").decode().splitlines()
        listed = {name: sha256 for sha256, name in (line.split("  ") for line in lines)}
        assert listed == {
            name: hashlib.sha256(files.read(name)).hexdigest() for name in files.namelist() if name != "sha256.txt"
        }
    export_note(force.context, force.author, lead)
    first, second = audit(force.context, "export")
    assert (first.actor, first.subject_kind, first.subject_id) == (force.author.email, "lead", str(lead))
    assert json.loads(first.after or "") == {
        "what": "package",
        "files": 4,
        "sha256": hashlib.sha256(package).hexdigest(),
    }
    assert json.loads(second.after or "")["what"] == "note-text"


@pytest.mark.sqlite_only
def test_the_desk_is_told_that_a_lead_waits_once_and_not_a_word_of_it(force: Force) -> None:
    lead = lead_under(force, appeal(force))
    hand_off(force.context, force.author, lead, "Enquiry desk", "Wears a lanyard.")
    with MailServer() as server:
        force.context.settings = replace(
            force.context.settings, smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none",
            smtp_from="beatline@woldershire.example", address="https://beatline.woldershire.example",
        )  # fmt: skip
        assert (tell_desks(force.context), tell_desks(force.context)) == (1, 0)
    (message,) = server.taken
    assert message["To"] == "enquiries@woldershire.example"
    body = message.get_content()
    assert f"https://beatline.woldershire.example/leads?lead={lead}" in body
    assert not any(secret.lower() in f"{message}".lower() for secret in (*SECRETS, "co-op", "op-larch", "Nia"))
    assert see_lead(force.context, force.author, lead).mail_state == "sent"


@pytest.mark.sqlite_only
def test_a_message_that_cannot_go_is_tried_again_and_in_the_end_somebody_is_told(force: Force) -> None:
    lead = lead_under(force, appeal(force))
    hand_off(force.context, force.author, lead, "Enquiry desk", "")
    with MailServer() as server:
        server.refuses = "450 not now"
        force.context.settings = replace(force.context.settings, smtp_host="127.0.0.1", smtp_port=server.port,
                                         smtp_security="none", smtp_from="beatline@woldershire.example")  # fmt: skip
        for _ in range(12):
            tell_desks(force.context)
            later(force, hours=1)
    assert server.taken == []
    assert see_lead(force.context, force.author, lead).mail_state == "failed"
    with force.context.database.read() as session:
        from social.alarms import open_alarms

        (alarm,) = open_alarms(session, prefix="lead:")
    assert alarm.person_id == force.author.id


def test_counts_are_kept_by_appeal_and_do_not_fall_when_leads_are_purged(force: Force) -> None:
    """M07: leads, handed off, used, hours to the first lead."""
    first = appeal(force)
    later(force, hours=3)
    one, two = lead_under(force, first), lead_under(force, first, "r78")
    later(force, hours=1)
    other = lead_under(force, appeal(force, None), "r79")
    hand_off(force.context, force.author, one, "Enquiry desk", "")
    hand_off(force.context, force.author, two, "Enquiry desk", "")
    say_outcome(force.context, force.author, one, used=True)
    before = [LeadCount("OP-LARCH", 2, 0, 2, 1, 3.0), LeadCount("POST-2", 1, 1, 0, 0, 0.0)]
    assert counts(force) == before
    say_outcome(force.context, force.author, other, used=False)
    later(force, days=31)
    assert purge_leads(force.context) == 3
    assert counts(force) == [before[0], replace(before[1], waiting=0)]
    with force.context.database.read() as session:
        assert lead_counts(session, ["OP-LARCH", "NONE-YET"])[0] == LeadCount("NONE-YET", 0, 0, 0, 0, None)
    again = lead_under(force, first, "r80")
    assert counts(force)[0] == LeadCount("OP-LARCH", 3, 1, 2, 1, 3.0)
    assert again


def test_a_reference_that_looks_like_a_post_of_no_database_breaks_no_count(force: Force) -> None:
    lead = lead_under(force, appeal(force))
    wild = f"POST-{10**20}"
    set_details(force.context, force.author, lead, reference=wild, place="", seen_from=None, seen_to=None)
    assert [(one.reference, one.leads, one.hours_to_first) for one in counts(force)] == [(wild, 1, None)]


def everything(force: Force) -> dict[str, bytes]:
    """All that is stored: the files of the home folder as they lie there, every table as rows, the dump."""
    home, database = force.context.settings.home, force.context.database
    found = {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    with database.read() as session:
        for table in SQLModel.metadata.sorted_tables:
            found[f"table {table.name}"] = repr(session.connection().execute(table.select()).all()).encode()
    if not database.is_sqlite:
        program = shutil.which("pg_dump")
        assert program is not None
        address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        found["dump"] = subprocess.run([program, f"--dbname={address}"], capture_output=True, check=True).stdout
    return found


def traces(force: Force, log: str = "") -> set[str]:
    """Where words of the lead or bytes of its picture can still be found, opened copies included."""
    stored = {**everything(force), "log": log.encode()}
    wanted = [secret.encode() for secret in SECRETS if secret != "resident-77"] + [PICTURE[300:340], b"Practice camera"]
    return {where for where, content in stored.items() for one in wanted if one.lower() in content.lower()}


def test_after_the_purge_no_word_or_byte_of_a_lead_is_left_anywhere(
    force: Force, caplog: pytest.LogCaptureFixture, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """R28. The database's own bytes, the home folder, the log and the audit record are searched."""
    caplog.set_level(logging.DEBUG)
    context = force.context
    with PracticeNetwork(tmp_path_factory.mktemp("practice"), clock=context.clock, history_weeks=0) as network:
        publication = appeal(force)
        picture = HeardAttachment("picture", f"{network.base_url}/residents/77.jpg")
        reply = said(
            force, publication, WORDS, "r77", picture, HeardAttachment("link", "https://clips.example/harebell")
        )
        lead = open_lead(context, force.author, reply)
        with context.database.read() as session:
            attachment = session.exec(select(Attachment.id).where(Attachment.kind == "picture")).one()
        fetch_for_lead(context, force.author, attachment or 0)
    hand_off(context, force.author, lead, "Enquiry desk", "Wears a lanyard.", "26/4711")
    export_package(context, force.author, lead)
    assert {"table interaction", "table lead"} <= traces(force)
    assert list(context.settings.home.rglob("*.sealed"))
    later(force, days=29, hours=23)
    assert purge_leads(context) == 0
    later(force, hours=1)
    with context.database.read() as session:
        assert [due.lead_id for due in leads_due(session, context.settings, context.clock.now())] == [lead]
    assert purge_leads(context) == 1
    assert traces(force, caplog.text) == set()
    assert not list(context.settings.home.rglob("*.sealed"))
    said_again(force, publication, picture)
    assert traces(force) == set()
    with context.database.read() as session:
        assert session.exec(select(Attachment)).all() == []
    assert verify_record(context).fault is None


def said_again(force: Force, publication_id: int, *attachments: HeardAttachment) -> None:
    """The network tells of the reply as if nothing had happened."""
    context = force.context
    with context.database.write() as session:
        publication = session.get_one(Publication, publication_id)
        item = Heard("r77", publication.platform_id, None, WORDS, context.clock.now() - timedelta(days=30), "resident-77", False,
                     attachments=attachments)  # fmt: skip
        ours = {publication.platform_id: publication_id}
        assert store_heard(session, context.vault, publication.account_id, ours, [item], context.clock.now()) == 0


@pytest.mark.sqlite_only
def test_a_lead_that_nobody_has_dealt_with_is_not_forgotten(force: Force) -> None:
    lead_under(force, appeal(force))
    later(force, days=400)
    assert purge_leads(force.context) == 0
    assert counts(force)[0].waiting == 1


def test_the_words_of_a_lead_stay_when_their_writer_changes_them(force: Force) -> None:
    publication = appeal(force)
    reply = said(force, publication)
    open_lead(force.context, force.author, reply)
    said(force, publication, "Nothing to see here.")
    with force.context.database.read() as session:
        assert session.get_one(Interaction, reply).text == WORDS


def test_an_appeal_that_is_erased_takes_its_leads_along_and_keeps_their_numbers(force: Force) -> None:
    """R10."""
    publication = appeal(force)
    lead_under(force, publication)
    before = counts(force)
    with force.context.database.write() as session:
        assert erase_publications(session, [publication], force.context.clock.now()) == 1
    with force.context.database.read() as session:
        assert session.exec(select(Lead)).all() == []
        assert session.exec(select(Interaction.text)).all() == [""]
    assert counts(force) == [replace(before[0], waiting=0)]


@pytest.mark.sqlite_only
def test_leads_are_listed_by_appeal_and_nothing_tells_two_of_one_resident_from_two_of_two(force: Force) -> None:
    """R25."""
    first, second = appeal(force, "OP-B"), appeal(force, "OP-A")
    for number, publication in enumerate((first, second, first)):
        lead_under(force, publication, f"r{number}")
    with force.context.database.read() as session:
        listed = list_leads(session, force.context.vault)
        assert [lead.reference for lead in listed] == ["OP-A", "OP-B", "OP-B"]
        assert list_leads(session, force.context.vault, states=["used"]) == []
        assert len(list_leads(session, force.context.vault, reference="OP-B", areas=[force.place.id or 0])) == 2
        assert list_leads(session, force.context.vault, areas=[]) == []
        keys = set(session.exec(select(Interaction.author_key)))
    told = repr(listed)
    assert not any(key and key in told for key in keys)
    assert not {"author", "author_key", "resident", "writer"} & {field.name for field in fields(LeadView)}


def test_an_emergency_that_nobody_has_closed_is_not_purged_with_its_lead(force: Force) -> None:
    """R19."""
    reply = said(force, appeal(force))
    with force.context.database.write() as session:
        kept = session.get_one(Interaction, reply)
        kept.urgency = 0
        session.add(kept)
    lead = open_lead(force.context, force.author, reply)
    hand_off(force.context, force.author, lead, "Enquiry desk", "")
    later(force, days=31)
    assert purge_leads(force.context) == 0


def test_who_may_erase_is_asked_when_a_person_purges(force: Force) -> None:
    lead = lead_under(force, appeal(force))
    hand_off(force.context, force.author, lead, "Enquiry desk", "")
    later(force, days=31)
    with pytest.raises(NotAllowed):
        purge_leads(force.context, force.author)
    with force.context.database.write() as session:
        records: Person = find_or_add_person(session, "records@woldershire.example", Role.RECORDS)
    assert purge_leads(force.context, records) == 1

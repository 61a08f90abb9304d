"""What is known of a resident goes when its time is over, or when they ask (R28, R29)."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, select
from typer.testing import CliRunner

import app
from social.accounts import Account
from social.alerts.contacts import email_key
from social.alerts.mailings import DigestItem, Mailing, Message, MessageKind, MessageState, Way
from social.alerts.member_requests import erase_member, export_member, find_member, member_text
from social.alerts.membership import leave
from social.alerts.messages import new_token
from social.alerts.residents import LeftAddress, Resident, ResidentState
from social.alerts.residents_kept import PURGERS
from social.audit import AuditRecord
from social.audit_verify import verify_record
from social.clock import SettableClock
from social.context import Context
from social.errors import InputError, NotAllowed
from social.places import PlaceKind, find_or_add_place
from social.purging import PurgeReport, purge
from social.staff import Person, Role, find_or_add_person
from social.upsert import table_of
from tests.alerts.helpers import a_resident

EMAIL = "morgan@example.org"
RESIDENTS = ("unconfirmed_resident", "left_resident", "alert_message")


@pytest.fixture
def area(context: Context) -> int:
    with context.database.write() as session:
        session.add(Account(name="alerts", channel="alert", credentials_sealed=b"", added_at=context.clock.now()))
        place = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD)
    assert place.id is not None
    return place.id


@pytest.fixture
def records(context: Context) -> Person:
    with context.database.write() as session:
        return find_or_add_person(session, "records@woldershire.example", Role.RECORDS)


def told(context: Context, resident: Resident) -> Mailing:
    """An alert that was sent to this resident, told in a digest as well, and another message that waits."""
    now = context.clock.now()
    fields = {"account_id": 1, "resident_id": resident.id, "way": Way.EMAIL.value, "made_at": now, "due_at": now}
    with context.database.write() as session:
        mailing = Mailing(account_id=1, key=new_token(), subject="Sheds", text="t", topic="appeals", audience="{}",
                          made_at=now)  # fmt: skip
        session.add(mailing)
        session.flush()
        alert = Message(kind=MessageKind.ALERT.value, mailing_id=mailing.id, token=new_token(), useful=True,
                        state=MessageState.DELIVERED.value, **fields)  # fmt: skip
        session.add(alert)
        session.add(Message(kind=MessageKind.CONFIRM.value, token=new_token(), **fields))
        session.flush()
        session.add(DigestItem(mailing_id=mailing.id, resident_id=resident.id, message_id=alert.id))
    return mailing


def forget(context: Context, *, dry_run: bool = False) -> PurgeReport:
    return purge(context, dry_run=dry_run, classes=RESIDENTS, besides=PURGERS)


def everything(context: Context, model: type[SQLModel]) -> list[Any]:
    with context.database.read() as session:
        return list(session.connection().execute(select(table_of(model))).all())


def test_a_sign_up_that_nobody_confirms_is_removed_and_a_dry_run_only_counts_it(
    context: Context, clock: SettableClock, area: int
) -> None:
    told(context, a_resident(context, confirmed=False, places=[area]))
    member = a_resident(context, places=[area])
    clock.advance(timedelta(days=13))
    assert forget(context, dry_run=True).total == 0
    clock.advance(timedelta(days=1))
    assert forget(context, dry_run=True).counts["unconfirmed_resident"] == 1
    assert len(everything(context, Resident)) == 2
    assert forget(context).counts["unconfirmed_resident"] == 1
    assert [row.id for row in everything(context, Resident)] == [member.id]
    assert everything(context, Message) == []
    assert everything(context, LeftAddress) == []


def test_of_who_left_the_keyed_hash_alone_stays_and_counts_do_not_fall(
    context: Context, clock: SettableClock, area: int
) -> None:
    member = a_resident(context, email=EMAIL, places=[area])
    mailing = told(context, member)
    leave(context, member.id or 0, "moved")
    clock.advance(timedelta(days=365))
    assert forget(context).counts == {"unconfirmed_resident": 0, "left_resident": 1, "alert_message": 0}
    assert forget(context).total == 0
    (row,) = everything(context, Resident)
    assert (row.email_key, row.phone_key, row.left_reason) == (None, None, "moved")
    assert [one.email_key for one in everything(context, LeftAddress)] == [email_key(context.vault, EMAIL)]
    assert {one.resident_id for one in everything(context, Message)} == {None}
    assert everything(context, DigestItem) == []
    with context.database.read() as session:
        assert session.get_one(Mailing, mailing.id).digests_told == 1


@pytest.mark.sqlite_only
def test_whoever_comes_back_and_does_not_confirm_has_left_still(
    context: Context, clock: SettableClock, area: int
) -> None:
    member = a_resident(context, email=EMAIL, places=[area])
    leave(context, member.id or 0)
    with context.database.write() as session:  # as a new sign-up leaves them
        session.get_one(Resident, member.id).state = ResidentState.UNCONFIRMED.value
    clock.advance(timedelta(days=15))
    assert forget(context).counts["unconfirmed_resident"] == 1
    assert [one.email_key for one in everything(context, LeftAddress)] == [email_key(context.vault, EMAIL)]


@pytest.mark.sqlite_only
def test_whom_nothing_has_reached_for_a_year_is_let_go(context: Context, clock: SettableClock, area: int) -> None:
    member = a_resident(context, email=EMAIL, phone="07700 900123", places=[area])
    with context.database.write() as session:
        kept = session.get_one(Resident, member.id)
        kept.state, kept.email_stopped_at = ResidentState.UNREACHABLE.value, clock.now()
        kept.text_stopped_at = clock.now() + timedelta(days=30)
    clock.advance(timedelta(days=394))
    assert forget(context).total == 0
    clock.advance(timedelta(days=1))
    assert forget(context).counts["left_resident"] == 1
    (row,) = everything(context, Resident)
    assert (row.state, row.contact_sealed, row.email_key) == (ResidentState.LEFT, b"", None)


@pytest.mark.sqlite_only
def test_who_was_sent_what_is_forgotten_after_its_time_but_not_what_waits(
    context: Context, clock: SettableClock, area: int
) -> None:
    told(context, a_resident(context, places=[area]))
    clock.advance(timedelta(days=399))
    assert forget(context).total == 0
    clock.advance(timedelta(days=1))
    assert forget(context, dry_run=True).counts["alert_message"] == 2
    assert forget(context).counts["alert_message"] == 2
    found = {one.kind: one.resident_id for one in everything(context, Message)}
    assert found[MessageKind.ALERT.value] is None
    assert found[MessageKind.CONFIRM.value] is not None
    assert everything(context, Mailing)[0].digests_told == 1


@pytest.mark.sqlite_only
def test_a_member_is_found_by_the_whole_address_they_give_and_told_everything(
    context: Context, records: Person, area: int
) -> None:
    told(context, a_resident(context, email=EMAIL, phone="07700 900123", name="Morgan", places={area: 5.0},
                             quiet=(1320, 420)))  # fmt: skip
    found = find_member(context, records, " Morgan@Example.org ")
    assert found is not None
    assert (found.state, found.messages) == ("confirmed", 2)
    assert find_member(context, records, "morgan@example.com") is None
    held = export_member(context, records, EMAIL)
    text = member_text(held)
    parts = ("morgan@example.org", "+447700900123", "Morgan", "Hexley Moor, 5 km around", "22:00 to 07:00", "Sheds",
             "Appeals for information", "survey")  # fmt: skip
    assert [part for part in parts if part not in text or part not in json.dumps(held)] == []


@pytest.mark.sqlite_only
def test_what_is_erased_on_request_is_gone_and_the_record_names_nobody(
    context: Context, records: Person, area: int
) -> None:
    told(context, a_resident(context, email=EMAIL, phone="07700 900123", name="Morgan", places=[area]))
    assert erase_member(context, records, EMAIL, request="SAR-7").replies == 1
    (row,) = everything(context, Resident)
    assert (row.state, row.contact_sealed, row.email_key, row.phone_key) == ("left", b"", None, None)
    assert "cannot be turned back" in member_text(export_member(context, records, EMAIL))
    with pytest.raises(InputError, match="Nothing is held"):
        erase_member(context, records, EMAIL, request="SAR-7")
    kept = "".join(str(one) for one in everything(context, AuditRecord))
    assert not any(part in kept for part in ("morgan", "Morgan", "7700900123", email_key(context.vault, EMAIL)))
    assert verify_record(context).fault is None


@pytest.mark.sqlite_only
def test_only_records_look_for_a_member_and_no_error_repeats_an_address(context: Context, records: Person) -> None:
    with context.database.write() as session:
        officer = find_or_add_person(session, "pat@woldershire.example", Role.CORPORATE)
    for ask in (find_member, export_member):
        with pytest.raises(NotAllowed):
            ask(context, officer, EMAIL)
    with pytest.raises(InputError) as caught:
        find_member(context, records, "morgan at example.org")
    assert "morgan" not in str(caught.value)


@pytest.mark.sqlite_only
def test_the_commands_find_hand_over_and_erase_a_member(
    context: Context, records: Person, area: int, tmp_path: Path
) -> None:
    a_resident(context, email=EMAIL, places=[area])
    settings = context.settings
    environment = {"BEATLINE_HOME": str(settings.home), "BEATLINE_KEY": settings.key,
                   "BEATLINE_DATABASE_URL": settings.database_url}  # fmt: skip

    def run(name: str, *options: str) -> str:
        arguments = ["subject", name, "--file", "-", "--by", records.email, *options]
        result = CliRunner().invoke(app.build_cli(), arguments, env=environment, input=f"{EMAIL}\n")
        assert result.exit_code == 0, result.output
        return result.output

    assert "is known: confirmed" in run("find-member")
    run("export-member", "--to", str(tmp_path))
    assert EMAIL in (tmp_path / "held-member.txt").read_text(encoding="utf-8")
    assert "Erased" in run("erase-member", "--request", "SAR-7")
    assert json.loads(run("find-member", "--json"))["number"] is None

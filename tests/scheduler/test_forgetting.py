"""What is left of an appeal when it has ended: numbers and links, and no name or picture anywhere (R08, R10, M13).

A real appeal, live on X and Facebook of the practice network over HTTP, with one of the two failing; afterwards the
database's bytes, every file of the home folder, the log and the audit record are searched."""

import io
import logging
import random
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import SQLModel, col, select

from scheduler.appeal_closing import Closed, close_appeal
from scheduler.cases import CaseStage
from scheduler.erasing import erase_due
from scheduler.inputs import MediaInput, PostInput
from scheduler.picture_answers import PictureAnswers
from scheduler.planning import approve_post, edit_post, plan_post, send_for_approval
from scheduler.queries import post_view
from scheduler.takedown import confirm_removed
from scheduler.takedown_tasks import OPEN_TASKS, Takedown
from scheduler.taking_down import take_down_due
from scheduler.worker import publish_due
from social.accounts import list_accounts
from social.accounts_admin import add_account, verify_account
from social.audit import AuditRecord
from social.audit_verify import verify_record
from social.channels.base import Heard
from social.clock import SettableClock, as_local
from social.context import Context
from social.heard import store_heard
from social.interactions import Interaction
from social.measurements import Measurement, Metric
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from social.publications import Publication
from social.staff import Person, Role, find_or_add_person

NAME = "Oriel Tamsett"
SECRETS = ("Tamsett", "Orieltamsett", "harebell locket")
TEXT = f"Have you seen {NAME}, 34, of Elderwick? She wears a harebell locket. Call 101, or 999 if you see her now."


def portrait() -> bytes:
    """A picture whose bytes are like no other's."""
    noise = random.Random(11)
    picture = Image.frombytes("RGB", (48, 48), noise.randbytes(48 * 48 * 3))
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


@dataclass
class Force:
    """A force whose appeal is live on both networks, with residents' words under it."""

    context: Context
    clock: SettableClock
    network: PracticeNetwork
    author: Person
    corporate: Person
    picture: str = ""

    def publications(self) -> list[Publication]:
        with self.context.database.read() as session:
            return list(session.exec(select(Publication).order_by(col(Publication.id))))

    def tasks(self) -> list[Takedown]:
        with self.context.database.read() as session:
            return list(session.exec(select(Takedown).order_by(col(Takedown.account_id))))

    def close(self) -> Closed:
        return close_appeal(self.context, "WD-9", "found", self.corporate, f"{NAME} is safe at home.")


@pytest.fixture
def force(context: Context, clock: SettableClock, tmp_path: Path) -> Iterator[Force]:
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=0) as network:
        for channel in ("x", "facebook"):
            add_account(context, channel=channel, name=channel, base_url=network.base_url,
                        page_id=network.page_id if channel == "facebook" else None,
                        credentials=network.credentials(channel))  # fmt: skip
            verify_account(context, channel)
        with context.database.write() as session:
            author = find_or_add_person(session, "author@woldershire.example", Role.AUTHOR)
            corporate = find_or_add_person(session, "corporate@woldershire.example", Role.CORPORATE)
        force = Force(context, clock, network, author, corporate)
        appeal_goes_out(force)
        residents_answer(force)
        yield force


def appeal_goes_out(force: Force) -> None:
    """Planned, changed once, approved and sent, with a picture that only this appeal has."""
    given = PostInput(
        "appeal_missing", TEXT, ("x", "facebook"), as_local(force.clock.now()).replace(tzinfo=None),
        appeal_ref="WD-9", campaign=f"Find {NAME}", variants={"facebook": f"{TEXT} #OrielTamsett #Elderwick"},
        media=(MediaInput("image", content=portrait(), alt_text=f"{NAME} smiling, in a green coat.",
                          answers=PictureAnswers(shows_person=True, source="family", owner="Family of O. Tamsett",
                                                 licence="For this appeal", others_masked="none",
                                                 lawful_reason=f"To find {NAME}.", enquiry_approver="Duty inspector",
                                                 review_by=date(2026, 6, 20))),),
    )  # fmt: skip
    post_id = plan_post(force.context, given, force.author)
    changed = PostInput(**{**given.__dict__, "text": f"{TEXT} Please share."})
    edit_post(force.context, post_id, changed, force.author, expected_version=1)
    send_for_approval(force.context, post_id, force.author)
    approve_post(force.context, post_id, force.corporate)
    while any(entry.state != "published" for entry in entries(force, post_id)):
        assert publish_due(force.context)
    with force.context.database.read() as session:
        force.picture = post_view(session, post_id).media[0].file_name or ""
    assert (force.context.settings.media_folder / force.picture).exists()


def entries(force: Force, post_id: int):  # type: ignore[no-untyped-def]  # a test's short way to look
    with force.context.database.read() as session:
        return post_view(session, post_id).entries


def residents_answer(force: Force) -> None:
    now = force.clock.now()
    with force.context.database.write() as session:
        for publication in session.exec(select(Publication)):
            said = Heard(
                f"r{publication.id}", publication.platform_id, None, f"I saw {NAME} by the river.", now, "7", False
            )
            store_heard(session, force.context.vault, publication.account_id,
                        {publication.platform_id: publication.id or 0}, [said], now)  # fmt: skip
            session.add(Measurement(publication_id=publication.id, metric=Metric.SHARES.value, value=41, fetched_at=now,
                                    source_metric="shares", definition_version=1, checked_at=now))  # fmt: skip


def everything(force: Force) -> dict[str, bytes]:
    """All that is stored: files of the home folder, the database as it lies there, every table as rows."""
    home = force.context.settings.home
    found = {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    found |= {f"name of {name}": name.encode() for name in list(found)}
    with force.context.database.read() as session:
        for table in SQLModel.metadata.sorted_tables:
            found[f"table {table.name}"] = repr(session.connection().execute(select(table)).all()).encode()
    if not force.context.database.is_sqlite:
        found["dump"] = pg_dump(force)
    return found


def pg_dump(force: Force) -> bytes:
    program = shutil.which("pg_dump")
    assert program is not None
    address = force.context.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return subprocess.run([program, f"--dbname={address}"], capture_output=True, check=True).stdout


def traces(force: Force, log: str = "") -> list[str]:
    """Where the name, a detail or the picture can still be found."""
    stored = {**everything(force), "log": log.encode()}
    wanted = [secret.encode() for secret in SECRETS] + [secret.lower().encode() for secret in SECRETS]
    wanted += [portrait()[200:264], force.picture.encode()]
    return sorted({where for where, content in stored.items() for one in wanted if one in content})


def test_the_search_finds_the_name_and_the_picture_before(force: Force) -> None:
    found = traces(force)
    assert f"media/{force.picture}" in found
    assert {"table post", "table publication", "table interaction", "table post_version"} <= set(found)
    assert "dump" in found or "beatline.sqlite-wal" in found or "beatline.sqlite" in found


def test_one_network_failing_leaves_one_removed_one_named_task_and_no_name_or_picture(
    force: Force, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    force.network.faults.add(Fault("withdraw", "500_before", times=1000, network="facebook"))
    done = force.close()
    assert (done.copies, done.gone, done.left, done.erased) == (2, 1, 1, False)
    while force.clock.now() < force.publications()[0].published_at + timedelta(hours=24):
        force.clock.advance(timedelta(minutes=30))
        take_down_due(force.context)
        erase_due(force.context)
    removed, task = force.tasks()
    assert (removed.state, task.state, task.owner_id) == ("removed", "by_hand", force.author.id)
    assert removed.verified_at is not None
    assert [post["network"] for post in force.network.truth() if not post["deleted"]] == ["facebook"]
    assert all(publication.url for publication in force.publications())
    assert traces(force, caplog.text) == []
    assert verify_record(force.context).fault is None


def test_numbers_stay(force: Force) -> None:
    """M13."""
    done = force.close()
    assert (done.gone, done.erased) == (2, True)
    assert traces(force) == []
    with force.context.database.read() as session:
        assert session.exec(select(Measurement.value).where(Measurement.value == 41)).all() == [41, 41]
        assert len(session.exec(select(Interaction)).all()) == 2
        assert session.exec(select(AuditRecord.action).where(AuditRecord.action == "erase appeal")).all()
    assert all(publication.withdrawn_at and publication.has_picture for publication in force.publications())


def test_nothing_is_taken_in_again_of_what_was_erased(force: Force) -> None:
    """A copy that still stands has replies; X tells of mentions for days."""
    force.network.faults.add(Fault("withdraw", "500_before", times=1000, network="facebook"))
    force.close()
    force.clock.advance(timedelta(hours=23))
    erase_due(force.context)
    residents_answer_again(force)
    assert traces(force) == []


def residents_answer_again(force: Force) -> None:
    now = force.clock.now()
    with force.context.database.write() as session:
        ids = {publication.platform_id: publication.id or 0 for publication in session.exec(select(Publication))}
        for account in list_accounts(session):
            said = [Heard(f"late{n}", conversation, None, f"Is {NAME} home?", now, "9", False)
                    for n, conversation in enumerate(ids)]  # fmt: skip
            assert store_heard(session, force.context.vault, account.id or 0, ids, said, now) == 0


def test_a_picture_that_another_post_uses_stays(force: Force) -> None:
    given = PostInput("team_intro", "Meet the team of Elderwick.", ("facebook",),
                      as_local(force.clock.now()).replace(tzinfo=None) + timedelta(hours=2),
                      media=(MediaInput("image", content=portrait(), alt_text="The team in front of the station."),))  # fmt: skip
    plan_post(force.context, given, force.author)
    force.close()
    assert (force.context.settings.media_folder / force.picture).exists()


def test_reasons_of_the_case_are_erased_too(force: Force) -> None:
    from scheduler.case_stages import set_stage

    set_stage(force.context, "WD-9", "suspect", force.corporate, f"We look for whoever has {NAME}.")
    force.close()
    with force.context.database.read() as session:
        assert session.exec(select(CaseStage.reason)).all() == [None]
    assert traces(force) == []


def test_a_person_who_removed_the_last_copy_ends_it(force: Force) -> None:
    force.network.faults.add(Fault("withdraw", "500_before", times=1, network="x"))
    force.close()
    (task,) = [task for task in force.tasks() if task.state in OPEN_TASKS]
    assert task.id is not None
    x = next(account for account in accounts(force) if account.channel == "x")
    force.context.channel(x).withdraw(next(p.platform_id for p in force.publications() if p.account_id == x.id))
    assert confirm_removed(force.context, task.id, force.corporate)
    assert erase_due(force.context) == 1
    assert traces(force) == []


def accounts(force: Force):  # type: ignore[no-untyped-def]  # a test's short way to look
    with force.context.database.read() as session:
        return list_accounts(session)

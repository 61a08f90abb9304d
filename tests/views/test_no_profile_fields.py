"""A search over database, logs and exports finds no profile field and no author's name (R25, R26).

The practice network tells every resident's profile with every reply: name, handle, biography, picture, place, followers,
number. Beatline publishes, collects, reads, shows its pages, writes its files, prints, purges; then all that it left
behind is searched, byte by byte. What a search would overlook is planted first."""

import csv
import io
import json
import logging
import re
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import SQLModel, col, select
from typer.testing import CliRunner

import app
from insights import sayings
from insights.figures import figures_by
from insights.reports.request import Format, Kind, Request
from insights.reports.writing import make_report
from scheduler.importing import import_posts
from scheduler.worker import run_until_idle
from social.accounts_admin import add_account, verify_account
from social.audit_list import Wanted
from social.backup import back_up
from social.channels.base import Heard
from social.clock import SettableClock, as_local
from social.context import Context
from social.desk import add_note
from social.heard import store_heard
from social.interactions import Interaction
from social.leads import open_lead
from social.practice.network import PracticeNetwork
from social.practice.profiles import MARKS, profile_of
from social.publications import Publication
from social.purging import purge
from social.staff import Person, Role, find_or_add_person
from social.subject_requests import as_json, as_text, export_held
from social.views.audit_file import export as audit_file
from tests.scheduler.test_forgetting import pg_dump
from tests.views.helpers import OpenPage, text_of

SAMPLE = Path(__file__).parents[2] / "examples" / "posts.csv"
POSTS = 4
PAGES = ("replies", "works", "health", "today", "leads", "appeals", "areas", "campaigns", "alerts", "letters")
COMMANDS = ("audit list --json", "queue list --json", "accounts list --json", "insights --json", "doctor --json",
            "insights drill --json", "insights sentiment --json", "insights reach --json",
            "campaigns list --json", "answers list --json", "alarms list --json", "leads list --json", "duty list --json", "purge --dry-run --json",
            "subject find {words} --by {records} --json")  # fmt: skip


@dataclass
class Force:
    """A connected force on a network that tells too much.  made: what was shown, printed and written, by what it was."""

    context: Context
    clock: SettableClock
    network: PracticeNetwork
    records: Person
    author: Person
    made: dict[str, bytes] = field(default_factory=dict)

    def work(self) -> None:
        run_until_idle(
            self.context, app.periodic_jobs(), wait=lambda seconds: self.clock.advance(timedelta(seconds=seconds))
        )

    def replies(self) -> list[Interaction]:
        with self.context.database.read() as session:
            query = select(Interaction).where(~col(Interaction.ours)).order_by(col(Interaction.id))
            return list(session.exec(query))


@pytest.fixture
def force(context: Context, clock: SettableClock, tmp_path: Path) -> Iterator[Force]:
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=1, tells_profiles=True) as network:
        for channel in ("x", "facebook"):
            add_account(context, channel=channel, name=f"practice-{channel}", base_url=network.base_url,
                        page_id=network.page_id if channel == "facebook" else None,
                        credentials=network.credentials(channel))  # fmt: skip
            verify_account(context, f"practice-{channel}")
        with context.database.write() as session:
            records = find_or_add_person(session, "ines.calder@woldershire.example", Role.RECORDS)
            author = find_or_add_person(session, "nia.abbot@woldershire.example", Role.SUPERVISOR)
        yield Force(context, clock, network, records, author)


def a_week_goes_by(force: Force, folder: Path) -> None:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    of_each = [[row for row in rows if row["channel"] == channel][: POSTS // 2] for channel in ("x", "facebook")]
    with (folder / "posts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row for some in of_each for row in some)
    import_posts(force.context, folder / "posts.csv", approved_by="joel.marsh@woldershire.example", due_now=True)
    for days in (0, 1, 3):
        force.clock.advance(timedelta(days=days))
        force.work()


def people_look_and_take_along(force: Force, open_page: OpenPage, folder: Path) -> None:
    context, reply = force.context, force.replies()[0]
    assert reply.id is not None
    add_note(context, force.author, reply.id, "Rang the school about it")
    open_lead(context, force.author, force.replies()[1].id or 0, reference="WD-12")
    for name in PAGES:
        page = open_page(name, as_person=force.author)
        assert not page.exception
        force.made[f"page {name}"] = (text_of(page) + repr([frame.value.to_csv() for frame in page.dataframe])).encode()
    held = export_held(context, force.records, reply.id)
    force.made["export of what is held"] = (as_json(held) + as_text(held)).encode()
    with context.database.read() as session:
        force.made["export of figures"] = sayings.as_csv(figures_by(session, "content_type"))
    day = as_local(force.clock.now()).date()
    for kind, as_ in ((Kind.QUARTERLY, Format.HTML), (Kind.BRIEFING, Format.SHEET)):
        report = make_report(context, force.author, Request(kind, day - timedelta(days=60), day), as_)
        force.made[f"report {as_}"] = report.content if as_ is Format.HTML else of_zip(report.content)
    force.made["export of the audit record"] = audit_file(context, force.records, Wanted())
    if context.database.is_sqlite:
        back_up(context.settings, folder / "archive")
        force.made["backup"] = unpacked(folder / "archive")
    settings = context.settings
    environment = {"BEATLINE_HOME": str(settings.home), "BEATLINE_KEY": settings.key,
                   "BEATLINE_DATABASE_URL": settings.database_url}  # fmt: skip
    for command in COMMANDS:
        words = [word.format(words=reply.text, records=force.records.email) for word in command.split()]
        result = CliRunner().invoke(app.build_cli(), words, env=environment)
        assert result.exit_code in (0, 1), command
        force.made[f"beatline {command}"] = (result.stdout + result.stderr).encode()


def of_zip(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return b"".join(opened.read(name) for name in opened.namelist())


def unpacked(archive: Path) -> bytes:
    if zipfile.is_zipfile(archive):
        return of_zip(archive.read_bytes())
    with tarfile.open(archive) as tar:
        files = [tar.extractfile(member) for member in tar.getmembers() if member.isfile()]
        return b"".join(file.read() for file in files if file is not None)


def everything(force: Force, log: str) -> dict[str, bytes]:
    """All that Beatline keeps, showed, wrote and said: tables, the database's files or dump, the home folder, the log."""
    home = force.context.settings.home
    found = {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    found |= {f"name of {name}": name.encode() for name in list(found)}
    with force.context.database.read() as session:
        for table in SQLModel.metadata.sorted_tables:
            found[f"table {table.name}"] = repr(session.connection().execute(table.select()).all()).encode()
    if not force.context.database.is_sqlite:
        found["dump"] = pg_dump(force)  # type: ignore[arg-type]  # it asks for a context alone
    return {**found, **force.made, "log": log.encode()}


def told(force: Force) -> "re.Pattern[bytes]":
    """Whatever the network told of anybody: marks of every field, each number, each handle."""
    telling = force.network.telling
    words = [*MARKS, *sorted(telling.numbers), *sorted(telling.handles)]
    return re.compile(b"|".join(re.escape(word.encode()) for word in words), re.IGNORECASE)


def traces(force: Force, log: str) -> list[str]:
    """Where anything of a profile can be found, with what it is."""
    wanted = told(force)
    return sorted({f"{where}: {match[0].decode()}" for where, content in everything(force, log).items()
                   for match in wanted.finditer(content)})  # fmt: skip


def test_no_profile_field_and_no_name_is_left_anywhere(
    force: Force,
    open_page: OpenPage,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    a_week_goes_by(force, tmp_path)
    assert len(force.network.telling.numbers) > 30
    assert len(force.replies()) > 30
    people_look_and_take_along(force, open_page, tmp_path)
    assert traces(force, caplog.text) == []
    force.clock.advance(timedelta(days=92))
    report = purge(force.context, dry_run=False)
    force.made["report of the purge"] = json.dumps(dict(report.counts)).encode()
    assert report.counts["raw_reply"] > 30
    assert traces(force, caplog.text) == []


def test_the_search_would_find_what_was_kept(force: Force, caplog: pytest.LogCaptureFixture) -> None:
    """In a table, in a file, in the log and in an export; by name, handle, number, biography, picture, place, followers."""
    force.network.telling.numbers.add("7100000000000042")
    profile = profile_of("7100000000000042")
    with force.context.database.write() as session:
        session.add(Person(email="planted@woldershire.example", name=str(profile["name"]), role="reader"))
    (force.context.settings.home / "left.txt").write_text(json.dumps(profile), encoding="utf-8")
    logging.getLogger("beatline.planted").warning("read from %s", profile["username"])
    force.made["an export"] = f"1,{profile['id']}".encode()
    found = traces(force, caplog.text)
    assert {"table person: Quillfeather", "log: qf_handle", "an export: 7100000000000042"} <= set(found)
    assert {f"left.txt: {mark}" for mark in MARKS} <= set(found)
    stored = "dump" if not force.context.database.is_sqlite else "beatline.sqlite"
    assert any(one.startswith(stored) and one.endswith("Quillfeather") for one in found)


@pytest.mark.sqlite_only
def test_no_two_posts_can_be_joined_by_who_wrote_under_them(context: Context, force: Force) -> None:
    """R25: the same resident under two posts has two keys, and nothing else that is kept tells that it is one person."""
    now = force.clock.now()
    with context.database.write() as session:
        account = session.exec(select(Publication.account_id).limit(1)).first() or 1
        posts = [
            Publication(account_id=account, platform_id=f"joined-{n}", text="A post", published_at=now) for n in (1, 2)
        ]
        session.add_all(posts)
        session.flush()
        ids = {post.platform_id: post.id or 0 for post in posts}
        said = [Heard(f"{post}-{n}", post, None, f"Words {n}", now, author, False)
                for post in ids for n, author in enumerate(("ada", "bob", "ada"))]  # fmt: skip
        store_heard(session, context.vault, account, ids, said, now)
    kept = [reply for reply in force.replies() if reply.publication_id in ids.values()]
    first, second = ([reply for reply in kept if reply.publication_id == number] for number in ids.values())
    assert [len({reply.author_key for reply in under}) for under in (first, second)] == [2, 2]
    assert not {reply.author_key for reply in first} & {reply.author_key for reply in second}
    own = {"id", "platform_id", "publication_id", "author_key", "parent_platform_id"}
    as_ada = [reply.model_dump(exclude=own) for reply in (first[0], second[0])]
    as_other = [reply.model_dump(exclude=own | {"text"}) for reply in (first[0], second[1])]
    assert as_ada[0] == as_ada[1]
    assert as_other[0] == as_other[1]


def test_nothing_but_one_thread_ever_asks_for_an_authors_key() -> None:
    """R25: the key is written by what stores, cleared by what erases, and read for one reply's own thread alone."""
    root = Path(app.__file__).parent
    naming = {
        str(path.relative_to(root))
        for slice_name in ("social", "scheduler", "insights")
        for path in (root / slice_name).rglob("*.py")
        if "author_key" in path.read_text(encoding="utf-8") and "migrations" not in path.parts
    }
    stores = {"social/interactions.py", "social/heard.py"}
    erases = {"social/publications_erased.py", "social/lead_purging.py", "social/rechecks.py"}
    assert naming - stores - erases == {"social/subject_access.py", "social/subject_requests.py"}

"""A resident asks: found by words or link and never by name, handed over, erased for good, on record without words (R29)."""

import contextlib
import json
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import SQLModel, col, select
from typer.testing import CliRunner

import app
from insights.facts import PublicationFacts
from insights.reading.stored import read_new
from social.accounts import Account
from social.accounts_admin import add_account
from social.audit import AuditRecord
from social.audit_verify import verify_record
from social.channels.memory import MemoryNetwork, network_of, reset
from social.clock import SettableClock
from social.collecting import collect
from social.context import Context
from social.desk import add_note
from social.errors import InputError, NotAllowed
from social.hiding_records import Hiding
from social.interactions import EMERGENCY, Interaction
from social.leads import open_lead
from social.publications import Publication, record_publication
from social.purging import purge
from social.staff import Role, find_or_add_person
from social.subject_access import Found, find_by_words, is_link
from social.subject_requests import as_text, erase_copy, erase_held, export_copy, export_held

WORDS = "My lad's red Ridgeback was marked outside Copperbeck library, the one with a bell"


class Village:
    """Two posts of one account on the memory network, with replies by three residents."""

    def __init__(self, context: Context, clock: SettableClock) -> None:
        reset()
        self.context, self.clock = context, clock
        self.account: Account = add_account(context, channel="memory", name="hexley", credentials={})
        self.network: MemoryNetwork = network_of("hexley")
        self.network.clock = clock
        with context.database.write() as session:
            self.records = find_or_add_person(session, "records@woldershire.example", Role.RECORDS)
            self.author = find_or_add_person(session, "author@woldershire.example", Role.AUTHOR)
        self.posts = [self.post(text) for text in ("Bike marking on Saturday.", "Coffee with your team on Sunday.")]
        self.ids = {name: self.say(*said) for name, said in {
            "bike": (0, WORDS, "ada"), "again": (0, "Will you mark scooters as well?", "ada"),
            "other": (0, "See you there!", "bob"), "elsewhere": (1, "Will there be cake?", "ada"),
        }.items()}  # fmt: skip
        self.collect()

    def post(self, text: str) -> str:
        now = self.clock.now()
        platform_id = self.network.add_past_post(text, now)
        with self.context.database.write() as session:
            record_publication(session, Publication(account_id=self.account.id or 0, platform_id=platform_id, text=text,
                                                    published_at=now, url=f"https://memory.invalid/{platform_id}"), now)  # fmt: skip
        return platform_id

    def say(self, post: int, text: str, author: str) -> str:
        return self.network.add_reply(self.posts[post], text, author=author)

    def collect(self) -> None:
        collect(self.context, everything=True)
        read_new(self.context)

    def find(self, given: str, post: str | None = None) -> list[Found]:
        return find_by_words(self.context, self.records, given, post=post)

    def number(self, name: str) -> int:
        with self.context.database.read() as session:
            return session.exec(select(Interaction.id).where(Interaction.platform_id == self.ids[name])).one() or 0

    def texts(self) -> set[str]:
        with self.context.database.read() as session:
            return set(session.exec(select(Interaction.text)))

    def hide(self, number: int, state: str = "done") -> None:
        with self.context.database.write() as session:
            session.add(Hiding(interaction_id=number, account_id=self.account.id or 0, platform_id=self.ids["bike"],
                               hides=True, house_rule="spam", asked_by_id=self.author.id or 0, asked_at=self.clock.now(),
                               state=state, done_at=self.clock.now(), evidence=WORDS))  # fmt: skip

    def record(self) -> list[AuditRecord]:
        with self.context.database.read() as session:
            return list(session.exec(select(AuditRecord).order_by(col(AuditRecord.seq))))


@pytest.fixture
def village(context: Context, clock: SettableClock) -> Iterator[Village]:
    yield Village(context, clock)
    reset()


def test_a_reply_is_found_by_its_words_however_they_are_typed(village: Village) -> None:
    bike = village.number("bike")
    for given in (WORDS, WORDS.upper(), "My lads red ridgeback was marked outside copperbeck libary - the one with bell",
                  "marked outside Copperbeck library"):  # fmt: skip
        assert [one.reply_id for one in village.find(given)] == [bike]
    assert village.find(WORDS)[0].likeness == 1
    assert village.find(WORDS)[0].by_same_hand == 2
    assert village.find("A cat is stuck in the tree on Mill Row") == []


def test_a_reply_is_found_by_its_link_and_only_under_the_post_that_is_named(village: Village) -> None:
    with village.context.database.write() as session:
        for name, number in (("bike", "1999000111222333444"), ("other", "880011_77001122")):
            reply = session.get_one(Interaction, village.number(name))
            reply.platform_id = village.ids[name] = number
            session.add(reply)
    bike, other = village.number("bike"), village.number("other")
    assert [one.reply_id for one in village.find("https://x.com/i/status/1999000111222333444?s=20")] == [bike]
    assert [
        one.reply_id for one in village.find("https://facebook.com/woldershire/posts/880011?comment_id=77001122")
    ] == [other]
    assert village.find("1999000111222333444", post=f"https://memory.invalid/{village.posts[0]}")
    assert village.find(WORDS, post=f"https://memory.invalid/{village.posts[1]}") == []
    with pytest.raises(InputError, match="No post of this force"):
        village.find(WORDS, post="https://memory.invalid/none")
    assert not is_link("Look at https://example.org, they said")


@pytest.mark.sqlite_only
@pytest.mark.parametrize("given", ["ada", "@ada", "https://memory.invalid/ada", "resident ada"])
def test_nobody_is_found_by_a_name(village: Village, given: str) -> None:
    """R25."""
    with contextlib.suppress(InputError):
        assert village.find(given) == []


def test_what_is_handed_over_is_one_thread_and_all_that_is_held_there(village: Village) -> None:
    """R25, R29: the same hand under the same post; nothing of what it wrote under another."""
    context = village.context
    add_note(context, village.author, village.number("bike"), "Rang them back on Monday")
    held = export_held(context, village.records, village.number("bike"))
    assert [one["words"] for one in held["held"]] == [WORDS, "Will you mark scooters as well?"]
    first = held["held"][0]
    assert first["purpose"] == "engagement"
    assert first["kept_for"].startswith("90 days")
    assert first["readings"]
    assert [note["text"] for note in first["notes"]] == ["Rang them back on Monday"]
    told = as_text(held)
    assert WORDS in told
    assert "Will there be cake?" not in told
    assert "ada" not in json.dumps(held)
    with context.database.read() as session:
        key = session.get_one(Interaction, village.number("bike")).author_key
    assert key is not None
    assert key not in json.dumps(held)


def test_what_is_erased_is_gone_with_its_key_counts_on_and_does_not_come_back(village: Village) -> None:
    context = village.context
    facts = figures(village)
    done = erase_held(context, village.records, village.number("bike"), request="SAR-2026-014", whole_thread=True)
    assert done.replies == 2
    assert village.texts() == {"See you there!", "Will there be cake?"}
    village.clock.advance(timedelta(days=1))
    village.say(0, "Thanks all", "bob")
    village.collect()
    assert village.texts() == {"See you there!", "Will there be cake?", "Thanks all"}
    first, second = figures(village)
    assert first["replies_stored"] == facts[0]["replies_stored"] + 1
    assert (first["n_lead"], first["n_other"] + first["n_thanks"]) == (
        facts[0]["n_lead"], facts[0]["n_other"] + facts[0]["n_thanks"] + 1)  # fmt: skip
    assert second == facts[1]
    assert village.find(WORDS) == []
    assert traces(village) == []


def figures(village: Village) -> list[dict[str, int]]:
    with village.context.database.read() as session:
        rows = session.exec(select(PublicationFacts).order_by(col(PublicationFacts.publication_id))).all()
    return [{name: getattr(row, name) for name in ("replies_stored", "replies_read", "n_lead", "n_other", "n_thanks")}
            for row in rows]  # fmt: skip


def traces(village: Village) -> list[str]:
    """Tables and files that still hold a word of what was erased."""
    home, context = village.context.settings.home, village.context
    found = {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    with context.database.read() as session:
        for table in SQLModel.metadata.sorted_tables:
            found[table.name] = repr(session.connection().execute(table.select()).all()).encode()
    return sorted(name for name, content in found.items() if b"Ridgeback" in content)


def test_the_copy_of_a_hidden_reply_is_found_and_erased_when_the_reply_itself_is_gone(village: Village) -> None:
    """R20 keeps it longer than the reply; whoever asks finds it all the same."""
    context, bike = village.context, village.number("bike")
    village.hide(bike)
    assert [one.is_copy for one in village.find(WORDS)] == [False]
    village.clock.advance(timedelta(days=91))
    assert purge(context, dry_run=False).counts["raw_reply"] == 4
    [found] = village.find(WORDS)
    assert (found.is_copy, found.text) == (True, WORDS)
    assert export_copy(context, village.records, found.reply_id)["held"][0]["house_rule"] == "spam"
    with pytest.raises(NotAllowed):
        erase_copy(context, village.author, found.reply_id, request="SAR-1")
    erase_copy(context, village.records, found.reply_id, request="SAR-1")
    assert village.find(WORDS) == []
    assert traces(village) == []


@pytest.mark.sqlite_only
def test_the_copy_of_a_hidden_reply_that_its_writer_deleted_is_found_handed_over_and_erased(village: Village) -> None:
    """The reply's row stays for the figures until its time is over; its words stand in the copy alone (R20, R29)."""
    context, bike = village.context, village.number("bike")
    village.hide(bike)
    village.network.remove_reply(village.ids["bike"])
    village.clock.advance(timedelta(days=1))
    village.collect()
    assert WORDS not in village.texts()
    [found] = village.find(WORDS)
    assert (found.is_copy, found.text) == (True, WORDS)
    assert export_copy(context, village.records, found.reply_id)["held"][0]["evidence"] == WORDS
    erase_copy(context, village.records, found.reply_id, request="SAR-1")
    assert village.find(WORDS) == []
    assert traces(village) == []


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("he is a cop", "He is a cop!"),
        ("Дякую за допомогу вчора", "Дякую за допомогу, вчора"),
        ("ślę ćwierć łąk", "ślę ćwierć łąk."),
    ],
)
def test_short_words_and_words_of_other_scripts_are_found(village: Village, written: str, given: str) -> None:
    village.say(0, written, "cem")
    village.collect()
    assert [one.text for one in village.find(given)] == [written]


@pytest.mark.sqlite_only
def test_every_step_is_on_record_without_a_word(village: Village) -> None:
    """R24."""
    bike = village.number("bike")
    before = len(village.record())
    village.find(WORDS)
    export_held(village.context, village.records, bike)
    erase_held(village.context, village.records, bike, request="SAR-2026-014")
    rows = village.record()[before:]
    assert [row.action for row in rows] == ["find what is held", "export what is held", "erase on request"]
    assert {row.actor for row in rows} == {village.records.email}
    assert "Ridgeback" not in repr(rows)
    assert "SAR-2026-014" in str(rows[-1].after)
    assert verify_record(village.context).fault is None


@pytest.mark.sqlite_only
def test_only_records_may(village: Village) -> None:
    bike = village.number("bike")
    for act in (lambda who: find_by_words(village.context, who, WORDS),
                lambda who: export_held(village.context, who, bike),
                lambda who: erase_held(village.context, who, bike, request="SAR-1")):  # fmt: skip
        with pytest.raises(NotAllowed):
            act(village.author)
    assert WORDS in village.texts()


@pytest.mark.sqlite_only
def test_what_is_kept_for_an_enquiry_waits_for_the_disclosure_desk(village: Village) -> None:
    """R24: Part 3 has its own rules of access and erasure."""
    context, bike = village.context, village.number("bike")
    open_lead(context, village.author, bike, reference="WD-12")
    assert village.find(WORDS)[0].for_enquiry
    held = export_held(context, village.records, bike)
    assert (held["withheld"], [one["words"] for one in held["held"]]) == (1, ["Will you mark scooters as well?"])
    for whole in (False, True):
        with pytest.raises(InputError, match="disclosure desk"):
            erase_held(context, village.records, bike, request="SAR-1", whole_thread=whole)
    assert export_held(context, village.records, bike, decided="DD-7")["held"][0]["lead"]["reference"] == "WD-12"
    erase_held(context, village.records, bike, request="SAR-1", decided="DD-7")
    assert WORDS not in village.texts()
    assert '"decision":"DD-7"' in str(village.record()[-1].after)


@pytest.mark.sqlite_only
def test_a_reply_that_is_just_being_hidden_is_erased_afterwards(village: Village) -> None:
    """The order needs the network's number until it is carried out."""
    bike = village.number("bike")
    village.hide(bike, "asked")
    with pytest.raises(InputError, match="just being hidden"):
        erase_held(village.context, village.records, bike, request="SAR-1")
    assert WORDS in village.texts()


@pytest.mark.sqlite_only
def test_an_emergency_that_nobody_closed_is_not_erased(village: Village) -> None:
    """R19."""
    with village.context.database.write() as session:
        reply = session.get_one(Interaction, village.number("bike"))
        reply.urgency = EMERGENCY
        session.add(reply)
    with pytest.raises(InputError, match="Close it first"):
        erase_held(village.context, village.records, village.number("bike"), request="SAR-1")
    with pytest.raises(InputError, match="reference"):
        erase_held(village.context, village.records, village.number("bike"), request="for Ada of Mill Row")


@pytest.mark.sqlite_only
def test_the_commands_find_hand_over_and_erase(village: Village, tmp_path: Path, records_by: list[str]) -> None:
    (tmp_path / "given.txt").write_text(WORDS, encoding="utf-8")
    [found] = json.loads(run(village, "subject", "find", "--file", str(tmp_path / "given.txt"), "--json", *records_by))
    number = str(found["reply_id"])
    assert WORDS in run(village, "subject", "find", WORDS, *records_by)
    run(village, "subject", "export", number, "--to", str(tmp_path), *records_by)
    files = [tmp_path / f"held-{number}.{ending}" for ending in ("json", "txt")]
    assert all(
        WORDS in path.read_text(encoding="utf-8") and stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files
    )
    done = json.loads(run(village, "subject", "erase", number, "--request", "SAR-1", "--thread", "--json", *records_by))
    assert done == {"replies": 2, "wiped": True}
    assert "Nothing is held" in run(village, "subject", "find", WORDS, *records_by)


@pytest.fixture
def records_by(village: Village) -> list[str]:
    return ["--by", village.records.email]


def run(village: Village, *arguments: str) -> str:
    settings = village.context.settings
    environment = {"BEATLINE_HOME": str(settings.home), "BEATLINE_KEY": settings.key,
                   "BEATLINE_DATABASE_URL": settings.database_url}  # fmt: skip
    result = CliRunner().invoke(app.build_cli(), list(arguments), env=environment)
    assert result.exit_code == 0, result.output
    return result.stdout

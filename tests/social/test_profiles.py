"""What is known of a neighbourhood: written by whoever looks after profiles, refused in plain words, on record."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from social.accounts import Account
from social.asked_and_done import (
    AskedInput,
    DoneInput,
    asked_and_done,
    close_asked,
    put_asked,
    put_done,
    remove_asked,
    remove_done,
)
from social.audit import AuditRecord
from social.community_pages import (
    PageInput,
    ShareInput,
    note_share,
    pages_of,
    put_page,
    remove_share,
    retire_page,
    shares_noted,
)
from social.community_pages_import import import_pages
from social.context import Context
from social.errors import BeatlineError, InputError, NotAllowed
from social.operators import KEEPER, acting
from social.partners import (
    LanguageInput,
    PartnerInput,
    end_partner,
    languages_of,
    partners_of,
    put_partner,
    remove_language,
    set_language,
)
from social.people import set_areas
from social.places import Place, PlaceKind, find_or_add_place
from social.profiles import CommunityPage, Partner
from social.publications import Publication
from social.staff import Person, Role, find_or_add_person, home_of

pytestmark = pytest.mark.sqlite_only
TODAY = date(2026, 6, 1)
ADDRESS = "https://www.example.org/groups/beck"


class Town:
    """Two neighbourhoods, an author bound to the first, a reader, and one post about the first."""

    def __init__(self, context: Context) -> None:
        self.context = context
        with context.database.write() as session:
            team = find_or_add_place(session, "Marlpit team", PlaceKind.TEAM)
            self.beck = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD, team).id or 0
            self.end = find_or_add_place(session, "Marlpit End", PlaceKind.NEIGHBOURHOOD, team).id or 0
            self.nia = find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR)
            self.priya = find_or_add_person(session, "priya.holt@woldershire.example", Role.READER)
            account = Account(name="desk", channel="memory", credentials_sealed=b"", added_at=context.clock.now())
            session.add(account)
            session.flush()
            post = Publication(account_id=account.id or 0, platform_id="1", text="Bicycle marking on Saturday.",
                               published_at=datetime(2026, 5, 20, 9, tzinfo=UTC), place_id=self.beck)  # fmt: skip
            session.add(post)
            session.flush()
            self.post = post.id or 0
        set_areas(context, acting(context, KEEPER), self.nia.id or 0, [self.beck])

    def page(self, **changes: object) -> PageInput:
        given = {"place_id": self.beck, "channel": "facebook", "name": "Beck Chat", "address": ADDRESS, "followers": 2400,
                 "followers_on": TODAY}  # fmt: skip
        return PageInput(**{**given, **changes})  # type: ignore[arg-type]  # the fields of PageInput

    def problems(self, act: Callable[[], object]) -> str:
        with pytest.raises(InputError) as refused:
            act()
        return str(refused.value)


@pytest.fixture
def town(context: Context) -> Town:
    return Town(context)


def test_only_who_looks_after_profiles_of_that_area_changes_any_of_it(town: Town) -> None:
    context, nia, priya = town.context, town.nia, town.priya
    page = put_page(context, nia, town.page())
    partner = put_partner(context, nia, PartnerInput(town.beck, "council", "Copperbeck Parish Council"))
    asked = put_asked(context, nia, AskedInput(town.beck, TODAY, "meeting", "Slower cars by the school"))
    done = put_done(context, nia, DoneInput(asked, TODAY, "A speed check on three mornings"))
    share = note_share(context, nia, ShareInput(page, town.post, TODAY))
    set_language(context, nia, LanguageInput(town.beck, "pl"))

    def writes(person: Person, place: int) -> list[Callable[[], object]]:
        return [
            lambda: put_page(context, person, town.page(place_id=place, address=f"{ADDRESS}/2")),
            lambda: put_partner(context, person, PartnerInput(place, "school", "The school")),
            lambda: set_language(context, person, LanguageInput(place, "ur")),
            lambda: put_asked(context, person, AskedInput(place, TODAY, "meeting", "More patrols")),
        ]

    changes: list[Callable[[], object]] = [
        lambda: put_page(context, priya, town.page(), page_id=page, version=1),
        lambda: retire_page(context, priya, page, version=1),
        lambda: note_share(context, priya, ShareInput(page, town.post, TODAY)),
        lambda: remove_share(context, priya, share),
        lambda: end_partner(context, priya, partner, version=1),
        lambda: remove_language(context, priya, town.beck, "pl"),
        lambda: put_done(context, priya, DoneInput(asked, TODAY, "x")),
        lambda: close_asked(context, priya, asked, version=1),
        lambda: remove_asked(context, priya, asked, version=1),
        lambda: remove_done(context, priya, done, version=1),
    ]
    for act in [*changes, *writes(priya, town.beck), *writes(nia, town.end)]:
        with pytest.raises(NotAllowed):
            act()
    with context.database.read() as session:
        assert len(pages_of(session)) == len(partners_of(session, [town.beck, town.end])) == 1


def test_a_page_is_known_by_its_address_and_comes_back_under_its_old_number(town: Town) -> None:
    context, nia = town.context, town.nia
    number = put_page(context, nia, town.page(address="https://WWW.example.org/groups/beck/#about"))
    with context.database.read() as session:
        assert session.get_one(CommunityPage, number).address == ADDRESS
    assert "on the register already" in town.problems(lambda: put_page(context, nia, town.page(name="Another")))
    assert "changed by somebody else" in town.problems(lambda: retire_page(context, nia, number, version=7))
    retire_page(context, nia, number, version=1)
    with context.database.read() as session:
        assert pages_of(session) == []
    assert put_page(context, nia, town.page(followers=None, followers_on=None)) == number
    with context.database.read() as session:
        back = pages_of(session, [town.beck])[0]
        assert (back.active, back.followers, back.followers_on, back.version) == (True, None, None, 3)
    other = put_page(context, nia, town.page(address="https://www.example.org/other"))
    retire_page(context, nia, number, version=3)
    said = town.problems(lambda: put_page(context, nia, town.page(name="Moved"), page_id=other, version=1))
    assert "taken off: enter it anew" in said, "an edit of one page changes no other"


def test_every_problem_of_a_page_is_said_at_once_in_words(town: Town) -> None:
    wrong = town.page(
        channel="telex", name=" ", address="javascript:alert(1)", followers=-1, followers_on=date(2026, 6, 2)
    )
    said = town.problems(lambda: put_page(town.context, town.nia, wrong))
    assert [part in said for part in ("where the page is", "Enter the name", "no web address", "from 0 to")] == [
        True
    ] * 4
    assert "still to come" in said
    with town.context.database.read() as session:
        assert pages_of(session) == []


def test_what_a_page_passed_on_is_noted_once_corrected_and_taken_back(town: Town) -> None:
    context, nia = town.context, town.nia
    page = put_page(context, nia, town.page())
    share = note_share(context, nia, ShareInput(page, town.post, TODAY))
    assert "a guess" in town.problems(lambda: note_share(context, nia, ShareInput(page, town.post, TODAY, seen=9)))
    before = date(2026, 5, 19)
    assert "or later" in town.problems(lambda: note_share(context, nia, ShareInput(page, town.post, before)))
    again = ShareInput(page, town.post, TODAY, seen=900, seen_how="estimated")
    assert note_share(context, nia, again) == share
    with context.database.read() as session:
        [(noted, by)] = shares_noted(session, [town.post])[town.post]
        assert (noted.followers, noted.seen, noted.seen_how, by.name) == (2400, 900, "estimated", "Beck Chat")
    remove_share(context, nia, share)
    with context.database.read() as session:
        assert shares_noted(session, [town.post]) == {}
        rows = session.exec(
            select(AuditRecord).where(AuditRecord.subject_kind == "page_share").order_by(col(AuditRecord.seq))
        )
        told = [(json.loads(row.before or "{}").get("seen"), json.loads(row.after or "{}").get("seen")) for row in rows]
    assert told == [(None, None), (None, 900), (900, None)], "on whose word an estimate stands is on record"


def test_the_contact_of_a_former_partner_is_erased_and_its_name_stays(town: Town) -> None:
    context, nia = town.context, town.nia
    given = PartnerInput(
        town.beck, "council", "Copperbeck Parish Council", "Lamps", "https://parish.example", "clerk@parish.example"
    )
    number = put_partner(context, nia, given)
    end_partner(context, nia, number, version=1)
    with context.database.read() as session:
        known = session.get_one(Partner, number)
        assert (known.name, known.contact, known.website, known.active) == (
            "Copperbeck Parish Council",
            None,
            None,
            False,
        )
        assert partners_of(session, [town.beck]) == []


def test_a_share_of_speakers_has_a_year_and_a_source_or_none_of_the_three(town: Town) -> None:
    context, nia = town.context, town.nia
    set_language(context, nia, LanguageInput(town.beck, "pl", 0.041, 2021, "census"))
    set_language(context, nia, LanguageInput(town.beck, "en", 0.93, 2021, "census"))
    set_language(context, nia, LanguageInput(town.beck, "bfi"))
    with pytest.raises(InputError, match="changed by somebody else"):
        set_language(context, nia, LanguageInput(town.beck, "pl", 0.05, 2021, "census"), seen={})
    for wrong in (LanguageInput(town.beck, "ro", 0.02), LanguageInput(town.beck, "ro", 1.2, 2021, "census"),
                  LanguageInput(town.beck, "ro", None, 2021, "census"), LanguageInput(town.beck, "tlh")):  # fmt: skip
        assert town.problems(lambda wrong=wrong: set_language(context, nia, wrong))  # type: ignore[misc]  # bound at once
    with context.database.read() as session:
        assert [one.lang for one in languages_of(session, town.beck)] == ["en", "pl", "bfi"]


def test_a_request_is_finished_only_when_something_was_done_or_it_was_said_why_not(town: Town) -> None:
    context, nia = town.context, town.nia
    asked = put_asked(
        context, nia, AskedInput(town.beck, date(2026, 5, 4), "survey", "Slower cars", publication_id=town.post)
    )
    assert "Write down first" in town.problems(lambda: close_asked(context, nia, asked, version=1))
    early = DoneInput(asked, date(2026, 5, 3), "A speed check")
    assert "or later" in town.problems(lambda: put_done(context, nia, early))
    missing = DoneInput(asked, TODAY, "x", survey_id=99, publication_id=99, partner_id=99, link="ftp://x")
    assert len(town.problems(lambda: put_done(context, nia, missing)).splitlines()) == 4
    done = put_done(context, nia, DoneInput(asked, TODAY, "A speed check", link="https://www.example.org/minutes"))
    put_done(context, nia, DoneInput(asked, TODAY, "Two speed checks"), done_id=done, version=1)
    close_asked(context, nia, asked, version=1)
    later = put_asked(context, nia, AskedInput(town.beck, date(2026, 5, 1), "replies", "Lamps"))
    with context.database.read() as session:
        found = asked_and_done(session, [town.beck])
        assert [one.asked.id for one in found] == [later, asked], "what is open stands first"
        assert (found[1].asked.closed_on, [act.text for act in found[1].done]) == (TODAY, ["Two speed checks"])
    remove_asked(context, nia, asked, version=2)
    with context.database.read() as session:
        assert [one.asked.id for one in asked_and_done(session, [town.beck])] == [later]


def test_the_record_of_who_did_what_holds_no_word_of_a_profile(town: Town) -> None:
    put_page(town.context, town.nia, town.page(name="Zebra group"))
    put_partner(
        town.context, town.nia, PartnerInput(town.beck, "school", "Zebra school", contact="zebra@school.example")
    )
    put_asked(town.context, town.nia, AskedInput(town.beck, TODAY, "meeting", "A zebra crossing"))
    with town.context.database.read() as session:
        rows = session.exec(select(AuditRecord).where(AuditRecord.actor == town.nia.email)).all()
    assert len(rows) == 3
    assert "ebra" not in "".join(f"{row.before}{row.after}{row.subject_id}" for row in rows)


def test_pages_come_in_from_a_file_all_or_none_and_a_second_time_adds_nothing(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "pages.csv"
    head = "area,name,channel,address,followers,read_on\n"
    good = f"Copperbeck,Beck Chat,facebook,{ADDRESS},2400,2026-05-30\n"
    file.write_text(head + good + "Copperbek,=1+1,fax,nowhere,many,yesterday\n", encoding="utf-8")
    said = town.problems(lambda: import_pages(town.context, file, town.nia))
    assert all("row 2" in line for line in said.splitlines())
    assert "Did you mean 'Copperbeck'" in said
    with town.context.database.read() as session:
        assert pages_of(session) == [], "all rows or none"
    file.write_text(head + good, encoding="utf-8")
    tried = import_pages(town.context, file, town.nia, dry_run=True)
    first, second = import_pages(town.context, file, town.nia), import_pages(town.context, file, town.nia)
    file.write_text(head + good.replace("2400", "2500"), encoding="utf-8")
    third = import_pages(town.context, file, town.nia)
    assert [(r.added, r.changed, r.same) for r in (tried, first, second, third)] == [
        (1, 0, 0),
        (1, 0, 0),
        (0, 0, 1),
        (0, 1, 0),
    ]
    file.write_text(head + good.replace("Copperbeck", "Marlpit End"), encoding="utf-8")
    with pytest.raises(BeatlineError):
        import_pages(town.context, file, town.nia)


def test_who_acts_for_one_area_has_a_home_and_who_acts_for_more_has_none(town: Town) -> None:
    with town.context.database.read() as session:
        assert (home_of(session, town.nia), home_of(session, town.priya)) == (town.beck, None)
    set_areas(town.context, acting(town.context, KEEPER), town.nia.id or 0, [town.beck, town.end])
    with town.context.database.read() as session:
        assert home_of(session, town.nia) is None
        assert session.get(Place, town.beck) is not None

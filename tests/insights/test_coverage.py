"""Which areas are left out (M15), and what is posted about against what the force means to post."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from insights.content_mix import ContentMix, content_mix
from insights.coverage import coverage, old_priorities
from insights.coverage_tables import COVERAGE_COLUMNS, as_csv, coverage_row, coverage_sentences, mix_headline
from social.accounts import Account
from social.audit import AuditRecord
from social.content_targets import LIGHT, clear_target, set_target
from social.context import Context
from social.errors import InputError, NotAllowed
from social.operators import KEEPER, acting
from social.people import set_areas
from social.places import PlaceKind, find_or_add_place
from social.police_data_areas import PoliceDataArea
from social.priorities import Priority
from social.publications import Publication
from social.staff import Person, Role, find_or_add_person
from tests.conftest import START

pytestmark = pytest.mark.sqlite_only
Areas = dict[str, int]


@pytest.fixture
def areas(context: Context) -> Areas:
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        section = find_or_add_place(session, "Oakenford", PlaceKind.SECTION, force)
        team = find_or_add_place(session, "Marlpit team", PlaceKind.TEAM, section)
        alone = find_or_add_place(session, "Heage, Ripley & Co", PlaceKind.TEAM, section)
        found = [force, section, team, alone]
        found += [
            find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD, team) for name in ("Copperbeck", "Marlpit End")
        ]
        return {place.name: place.id or 0 for place in found}


class Posting:
    """Adds publications; numbers them by itself."""

    def __init__(self, context: Context) -> None:
        self.context, self.number = context, 0
        with context.database.write() as session:
            account = Account(name="desk", channel="memory", platform_id="1", added_at=START,
                              credentials_sealed=context.vault.seal({}))  # fmt: skip
            session.add(account)
            session.flush()
            alerts = Account(name="alerts", channel="alert", platform_id="2", added_at=START,
                             credentials_sealed=context.vault.seal({}))  # fmt: skip
            session.add(alerts)
            session.flush()
            self.account, self.alerts = account.id or 0, alerts.id or 0

    def post(self, place_id: int | None, kind: str = "event", *, ago: timedelta = timedelta(days=1), post_id: int | None = None,
             withdrawn: datetime | None = None, alert: bool = False) -> None:  # fmt: skip
        self.number += 1
        with self.context.database.write() as session:
            account = self.alerts if alert else self.account
            session.add(Publication(account_id=account, platform_id=str(self.number), text="x", place_id=place_id,
                                    content_type=kind, published_at=START - ago, post_id=post_id, withdrawn_at=withdrawn))  # fmt: skip


@pytest.fixture
def posting(context: Context) -> Posting:
    return Posting(context)


def test_an_area_is_silent_after_fourteen_days_and_a_wider_post_is_not_about_it(
    context: Context, areas: Areas, posting: Posting
) -> None:
    posting.post(areas["Copperbeck"], ago=timedelta(days=14))
    posting.post(areas["Copperbeck"], ago=timedelta(days=2), withdrawn=START)
    posting.post(areas["Marlpit End"], ago=timedelta(days=14) - timedelta(seconds=1), post_id=1)
    posting.post(areas["Marlpit End"], ago=timedelta(days=3), post_id=1)
    posting.post(areas["Marlpit team"])
    posting.post(areas["Marlpit End"], ago=timedelta(days=-1))
    posting.post(areas["Heage, Ripley & Co"], alert=True)
    with context.database.read() as session:
        found = {one.name: one for one in coverage(session, START).areas}
        inside = coverage(session, START, areas["Marlpit team"])
    assert sorted(found) == ["Copperbeck", "Heage, Ripley & Co", "Marlpit End"]
    assert [(found[name].silent, found[name].days_since, found[name].posts) for name in sorted(found)] == [
        (True, 14, 0), (True, None, 0), (False, 3, 1),
    ]  # fmt: skip
    assert ([one.name for one in inside.areas], inside.silent) == (["Copperbeck", "Marlpit End"], 1)


def test_old_priorities_and_areas_without_a_named_officer_are_counted(context: Context, areas: Areas) -> None:
    today = START.date()
    with context.database.write() as session:
        for name, issued, ended in (
            ("Copperbeck", today - timedelta(days=91), None), ("Copperbeck", today - timedelta(days=90), None),
            ("Copperbeck", None, None), ("Marlpit End", date(2020, 1, 1), START),
        ):  # fmt: skip
            session.add(Priority(place_id=areas[name], issue=f"{name} {issued}", issued_on=issued, source="x",
                                 seen_at=START, ended_at=ended))  # fmt: skip
        session.add(PoliceDataArea(place_id=areas["Copperbeck"], force="w", neighbourhood="1", contactable=2))
        session.add(PoliceDataArea(place_id=areas["Marlpit End"], force="w", neighbourhood="2", contactable=0))
        session.flush()
        found, old = coverage(session, START), old_priorities(session, START)
    beck = found.areas[0]
    assert (beck.priorities, beck.old_priorities, beck.undated_priorities) == (3, 1, 1)
    assert [(one.area, one.days) for one in old] == [("Copperbeck", 91)]
    assert (found.with_old_priorities, found.without_priorities) == (1, 2)
    assert (found.named_officer, found.no_named_officer, found.officer_unknown) == (1, 1, 1)
    assert coverage_sentences(found) == [
        "3 of 3 areas had no post in 14 days.",
        "1 of 3 areas have a priority that is older than 90 days. Without any: 2.",
        "1 of 2 areas that were read from data.police.uk name an officer who can be contacted.",
    ]
    rows = list(
        csv.reader(io.StringIO(as_csv([coverage_row(beck)], COVERAGE_COLUMNS, ["=Credit", None]).decode("utf-8-sig")))
    )
    assert rows == [list(COVERAGE_COLUMNS), ["Copperbeck", "0", "never", "3", "1", "1", "2"], ["'=Credit"]]


def mix(context: Context, place_id: int | None) -> ContentMix:
    with context.database.read() as session:
        return content_mix(session, place_id, START - timedelta(days=84), START)


@pytest.fixture
def supervisor(context: Context, areas: Areas) -> Person:
    with context.database.write() as session:
        ruth = find_or_add_person(session, "ruth.lane@woldershire.example", Role.SUPERVISOR)
    set_areas(context, acting(context, KEEPER), ruth.id or 0, [areas["Marlpit team"]])
    return ruth


def test_the_mix_counts_a_post_once_and_is_held_against_the_nearest_targets(
    context: Context, areas: Areas, posting: Posting, supervisor: Person
) -> None:
    for kind, times in (("event", 2), ("lighthearted", 1), ("trend_day", 1)):
        for _ in range(times):
            posting.post(areas["Copperbeck"], kind)
    corporate = acting(context, "joel.marsh@woldershire.example")
    set_target(context, corporate, areas["Woldershire Police"], LIGHT, 0.1, 0.25)
    set_target(context, corporate, areas["Woldershire Police"], "crime_prevention", 0.1, 0.3)
    few = mix(context, areas["Copperbeck"])
    assert {row.content_type: row.verdict for row in few.rows} == {
        "event": None, "lighthearted": None, "trend_day": None, "crime_prevention": "too few to tell",
        LIGHT: "too few to tell",
    }  # fmt: skip
    assert few.targets_of == areas["Woldershire Police"]
    for post_id in (7, 7):
        posting.post(areas["Copperbeck"], "event", post_id=post_id)
    posting.post(None, "event")
    posting.post(areas["Copperbeck"], "event", alert=True)
    posting.post(areas["Marlpit End"], "event", ago=timedelta(days=85))
    found = mix(context, areas["Marlpit team"])
    assert (found.posts, found.rows[0].share) == (5, 0.6)
    assert {row.content_type: row.verdict for row in found.rows if row.verdict} == {
        "crime_prevention": "below",
        LIGHT: "above",
    }
    assert mix_headline(found) == "Crime prevention is below its target; All light posts is above its target (5 posts)."
    assert mix(context, None).posts == 6, "the whole force has the posts about no area as well"
    set_target(context, supervisor, areas["Marlpit team"], "event", 0.5, 0.7)
    own = mix(context, areas["Copperbeck"])
    assert (own.targets_of, {row.content_type: row.verdict for row in own.rows if row.verdict}) == (
        areas["Marlpit team"], {"event": "within"},
    )  # fmt: skip
    clear_target(context, supervisor, areas["Marlpit team"], "event")
    assert mix(context, areas["Copperbeck"]).targets_of == areas["Woldershire Police"]


def test_targets_are_ranges_of_known_kinds_that_fit_together_and_not_everybody_sets_them(
    context: Context, areas: Areas, supervisor: Person
) -> None:
    team = areas["Marlpit team"]
    set_target(context, supervisor, team, "event", 0.6, 0.8)
    set_target(context, supervisor, team, LIGHT, 0.5, 0.6)  # counted in the kinds that are light, so not beside them
    for kind, least, most, said in (
        ("event", 0.4, 0.3, "the smaller one first"), ("event", 0.4, 1.1, "0 to 100"), ("gossip", 0, 1, "no kind of post"),
        ("survey", 0.5, 0.6, "at least 60% of all posts"), ("event", float("nan"), 1, "the smaller one first"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=said):
            set_target(context, supervisor, team, kind, least, most)
    with pytest.raises(InputError, match="no target of its own"):
        clear_target(context, supervisor, team, "survey")
    with pytest.raises(NotAllowed):
        set_target(context, supervisor, areas["Oakenford"], "event", 0, 1)
    with context.database.write() as session:
        author = find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR)
        kept = session.exec(select(AuditRecord).where(AuditRecord.action == "set content target")).all()
    assert len(kept) == 2
    with pytest.raises(NotAllowed):
        clear_target(context, author, team, "event")

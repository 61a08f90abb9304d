"""Open data into our own tables: matched by name, shown before anything is written, kept true to the service afterwards."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select
from typer.testing import CliRunner, Result

import app
from social.audit import AuditRecord
from social.boundaries import PlaceBoundary, boundaries_of
from social.boundaries_import import boundaries_file
from social.clock import SettableClock
from social.context import Context
from social.errors import InputError, NotAllowed
from social.local_events import events_of
from social.open_data_credit import credit_for
from social.operators import KEEPER, acting
from social.places import Place, PlaceKind, find_or_add_place
from social.police_data import NotThere, PoliceData
from social.police_data_areas import police_data_areas
from social.police_data_import import Taken, Wanted, read_areas, take_in
from social.police_data_matching import match_areas, offers_for
from social.police_data_refresh import refresh, refresh_due
from social.police_data_shapes import Named, PoliceDataTrouble
from social.practice.network import PracticeNetwork
from social.practice.police_data import PoliceData as Practice
from social.priorities import Priority, is_old, priorities_of
from social.staff import Role, find_or_add_person
from tests.conftest import START

pytestmark = pytest.mark.sqlite_only
FORCE = "woldershire"
Run = Callable[..., Result]


class Service:
    """data.police.uk in this process.  said: what it says in place of the practice network's answer, by path."""

    def __init__(self, context: Context, network: PracticeNetwork) -> None:
        self._context, self._practice = context, Practice(network.world)
        self.said: dict[str, Any] = {}

    def client(self) -> PoliceData:
        return PoliceData(self._context.settings, self._context.clock, fresh=True, ask=self._answer)

    def _answer(self, path: str) -> Any:
        try:
            return self.said[path] if path in self.said else self._practice.told(path)
        except LookupError:
            raise NotThere(path) from None

    def take(self, keys: dict[str, int | None], *, dry_run: bool = False, year: int | None = None) -> Taken:
        areas = read_areas(self.client(), FORCE, list(keys))
        wanted = Wanted(FORCE, "Woldershire Police", keys, None, year, areas)
        return take_in(self._context, acting(self._context, KEEPER), wanted, dry_run=dry_run)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeNetwork]:
    folder = tmp_path_factory.mktemp("practice")
    with PracticeNetwork(folder, clock=SettableClock(START), history_weeks=0, limit_scale=100) as practice:
        yield practice


@pytest.fixture
def service(context: Context, network: PracticeNetwork) -> Service:
    return Service(context, network)


@pytest.fixture
def beck(context: Context) -> int:
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        return find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD, force).id or 0


def everything(context: Context) -> str:
    """All that the database holds, as text."""
    with closing(sqlite3.connect(context.settings.home / "beatline.sqlite")) as connection:
        return "\n".join(connection.iterdump())


def test_names_match_whatever_their_signs_and_what_is_unsure_is_left_to_a_person(context: Context) -> None:
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        section = find_or_add_place(session, "Skelby", PlaceKind.SECTION, force)
        ids = {
            name: find_or_add_place(session, name, kind, section).id
            for name, kind in (("Etwall, Hatton & Hilton", PlaceKind.TEAM), ("Skelby", PlaceKind.TEAM),
                               ("Mercia team", PlaceKind.TEAM), ("St. Helen\u2019s", PlaceKind.NEIGHBOURHOOD))
        }  # fmt: skip
        twice = [find_or_add_place(session, "Elm", PlaceKind.TEAM, parent).id or 0 for parent in (force, section)]
        listed = [Named("1", "Etwall Hatton and Hilton"), Named("2", "SKELBY"), Named("3", "Mercia Safer Neighbourhood Team"),
                  Named("4", "St Helen's"), Named("5", "Elm"), Named("6", "Nowhere"), Named("7", "Mercia")]  # fmt: skip
        found = {one.key: one for one in match_areas(session, FORCE, listed, force.id)}
    assert [found[key].place_id for key in "124"] == [
        ids["Etwall, Hatton & Hilton"], ids["Skelby"], ids["St. Helen\u2019s"],
    ]  # fmt: skip
    assert (found["5"].place_id, sorted(found["5"].candidates)) == (None, sorted(twice))
    assert (found["6"].place_id, found["6"].candidates) == (None, ())
    assert [found[key].place_id for key in "37"] == [None, None], "one area of ours is not offered for two of theirs"


def test_where_names_differ_the_middle_of_an_area_tells(context: Context, service: Service) -> None:
    """D02: the service is asked in which neighbourhood a point lies."""
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        for name, lat, lon in (("Beck and Mill", 53.47, -1.63), ("Old Town", 53.42, -1.61), ("New Town", 53.419, -1.609),
                               ("Far Away", 51.5, -0.1)):  # fmt: skip
            place = find_or_add_place(session, name, PlaceKind.TEAM, force)
            place.lat, place.lon = lat, lon
            session.add(place)
    top_id, offers = offers_for(context, service.client(), Named(FORCE, "Woldershire Police"))
    with context.database.read() as session:
        names = {place.id: place.name for place in session.exec(select(Place))}
    assert names[top_id] == "Woldershire Police"
    assert [(one.name, names[one.place_id]) for one in offers if one.how == "middle"] == [
        ("Copperbeck", "Beck and Mill")
    ]
    assert {names[number] for number in offers[0].candidates} == {"Old Town", "New Town"}, (
        "two of ours: a person chooses"
    )


def test_a_trial_tells_the_same_and_writes_nothing(context: Context, service: Service, beck: int) -> None:
    acting(context, KEEPER)
    before = everything(context)
    trial = service.take({"WD 4": beck, "WD 10": None}, dry_run=True)
    assert everything(context) == before
    done = service.take({"WD 4": beck, "WD 10": None})
    assert replace(trial, dry_run=False, areas=()) == replace(done, areas=())
    assert [replace(one, place_id=0) for one in trial.areas] == [replace(one, place_id=0) for one in done.areas]


def test_what_is_taken_in_lies_in_our_own_tables(context: Context, service: Service, beck: int) -> None:
    service.take({"WD 4": beck, "WD 10": None})
    with context.database.read() as session:
        assert boundaries_of(session)[beck]["type"] == "Polygon"
        priorities = priorities_of(session, [beck])
        assert [(one.issue, one.action) for one in priorities] == [
            ("Groups in the bus shelter late in the evening.", None),
            ("Speeding past the primary school – Beck Lane.", "Speedwatch with residents every Tuesday."),
        ]
        assert len(events_of(session, [beck])) == 2
        assert [event.starts_at for event in events_of(session, [beck], since=START)] == [
            START.replace(day=14, hour=18)
        ]
        place = session.get(Place, beck)
        assert place is not None
        assert (place.lat, place.population) == (53.471, None), "no year was given, so no population is taken"
        new = session.exec(select(Place).where(Place.name == "Quarry Side & Locks")).one()
        joined = police_data_areas(session)
        assert (joined[beck].called, joined[beck].contactable) == ("woldershire/WD 4", 1)
        assert new.id is not None
        assert (joined[new.id].neighbourhood, joined[new.id].contactable) == ("WD 10", 0)


def test_a_population_is_taken_with_the_year_that_a_person_gives(context: Context, service: Service, beck: int) -> None:
    """D09: the service does not say of which year it is, and 0 there means unknown."""
    service.take({"WD 4": beck, "WD 3": None}, year=2021)
    with context.database.read() as session:
        known = {place.name: (place.population, place.population_year, place.population_source)
                 for place in session.exec(select(Place))}  # fmt: skip
    assert known["Copperbeck"] == (9700, 2021, "data.police.uk")
    assert known["Marlpit End"] == (None, None, None)
    with pytest.raises(InputError, match="from 1801 to 2026"):
        service.take({"WD 4": beck}, year=2027)


def test_priorities_and_events_end_and_change_as_they_do_there(context: Context, service: Service, beck: int) -> None:
    service.take({"WD 4": beck})
    with context.database.write() as session:
        session.add(Priority(place_id=beck, issue="Our own", source="parish meeting", seen_at=START))
    speeding = {"issue": "<p>Speeding past the primary school &ndash; Beck Lane.</p>", "action": "A camera.",
                "issue-date": "2026-03-31T00:00:00", "action-date": None}  # fmt: skip
    service.said = {"woldershire/WD%204/priorities": [speeding], "woldershire/WD%204/events": []}
    context.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    again = service.take({"WD 4": beck}).areas[0]
    assert (again.boundary, again.priorities.changed, again.priorities.ended, again.events.ended) == (
        "unchanged",
        1,
        1,
        1,
    )
    with context.database.read() as session:
        assert {one.issue: one.action for one in priorities_of(session)} == {
            "Our own": None, "Speeding past the primary school – Beck Lane.": "A camera.",
        }  # fmt: skip
        assert len(priorities_of(session, ended=True)) == 3, "what was asked for once is not forgotten"
        assert [event.ends_at for event in events_of(session)] == [START.replace(month=4, day=28, hour=19)]
    service.said = {}
    assert service.take({"WD 4": beck}).areas[0].priorities.changed == 2, "one came back, one has its old words again"


def test_a_boundary_of_the_forces_own_stays(context: Context, service: Service, beck: int) -> None:
    with context.database.write() as session:
        session.add(PlaceBoundary(place_id=beck, geometry='{"type":"Polygon"}', source="force GIS", set_at=START))
    assert service.take({"WD 4": beck}).areas[0].boundary == "own"


def test_only_whoever_looks_after_the_map_takes_it_in_and_it_is_on_record_without_words(
    context: Context, service: Service, beck: int
) -> None:
    areas = read_areas(service.client(), FORCE, ["WD 4"])
    wanted = Wanted(FORCE, "Woldershire Police", {"WD 4": beck}, None, None, areas)
    with context.database.write() as session:
        author = find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR)
    for dry_run in (True, False):
        with pytest.raises(NotAllowed):
            take_in(context, author, wanted, dry_run=dry_run)
    service.take({"WD 4": beck})
    with context.database.read() as session:
        kept = session.exec(select(AuditRecord).where(AuditRecord.action == "take in open data")).one()
        assert json.loads(kept.after or "")["priorities"] == 2
        assert "Speeding" not in str(kept)
    assert "Fenn Ostler" not in everything(context), "D05: officers are counted, not stored"


def test_two_neighbourhoods_are_not_the_same_area(service: Service, beck: int) -> None:
    with pytest.raises(InputError, match="Choose one for each"):
        service.take({"WD 4": beck, "WD 3": beck})
    service.said = {f"woldershire/WD%20{key}": {"id": f"wd{key}", "name": "Town Centre"} for key in (3, 10)}
    with pytest.raises(InputError, match="calls two neighbourhoods 'Town Centre'"):
        service.take({"WD 3": None, "WD 10": None})
    assert service.take({"WD 3": None}).areas[0].key == "WD 3", "however its own answer spells the id"


def test_an_area_that_is_joined_no_more_keeps_nothing_that_nobody_could_end(
    context: Context, service: Service, beck: int
) -> None:
    service.take({"WD 4": beck})
    with context.database.write() as session:
        other = find_or_add_place(session, "Beck team", PlaceKind.TEAM).id or 0
    service.take({"WD 4": other})
    with context.database.read() as session:
        assert beck not in police_data_areas(session)
        assert (priorities_of(session, [beck]), len(priorities_of(session, [other]))) == ([], 2)
        assert events_of(session, [beck], since=START) == []
        assert list(boundaries_of(session)) == [other]


def test_the_job_reads_anew_after_a_day_and_only_where_the_setting_says_so(
    context: Context, service: Service, beck: int, network: PracticeNetwork
) -> None:
    service.take({"WD 4": beck})
    context.clock.advance(timedelta(hours=25))  # type: ignore[attr-defined]
    asked = network.asked["police_data", "listen"]
    assert refresh_due(context) == 0
    assert network.asked["police_data", "listen"] == asked, "off unless somebody turns it on"
    at_home = replace(context.settings, police_data_address=f"{network.base_url}/api", police_data_refresh=True)
    context.settings = at_home
    assert (refresh_due(context), refresh_due(context)) == (1, 0)
    with context.database.read() as session:
        assert police_data_areas(session)[beck].read_at == context.clock.now()
    context.clock.advance(timedelta(hours=25))  # type: ignore[attr-defined]
    context.settings = replace(at_home, police_data_address="http://127.0.0.1:9/api")
    assert refresh_due(context) == 0, "where it cannot be reached the worker goes on"
    with context.database.read() as session:
        assert len(priorities_of(session, [beck])) == 2


def test_an_area_with_an_odd_answer_keeps_no_other_from_being_read(
    context: Context, service: Service, beck: int
) -> None:
    """Read first next time, it would otherwise stand before all others for good."""
    service.take({"WD 4": beck, "WD 3": None})
    service.said = {"woldershire/WD%204/events": {"error": "500"}}
    context.clock.advance(timedelta(hours=25))  # type: ignore[attr-defined]
    keeper = acting(context, KEEPER)
    done = refresh(context, keeper, service.client())
    assert (len(done.areas), done.missing, done.unread) == (1, (), ("Copperbeck",))
    with context.database.read() as session:
        assert police_data_areas(session)[beck].read_at == context.clock.now(), "asked for again tomorrow"
        assert len(events_of(session, [beck])) == 2, "what was known stays"
    service.said |= {"woldershire/WD%203/events": "odd"}
    with pytest.raises(PoliceDataTrouble, match="cannot be read"):
        refresh(context, keeper, service.client())


def test_the_credit_goes_with_what_came_from_there_and_with_nothing_else(
    context: Context, service: Service, beck: int
) -> None:
    """D06."""
    with context.database.write() as session:
        other = find_or_add_place(session, "Stonemere", PlaceKind.NEIGHBOURHOOD).id or 0
        session.add(PlaceBoundary(place_id=other, source="force GIS", set_at=START,
                                  geometry='{"type":"Polygon","coordinates":[[[0,53],[1,53],[1,54],[0,53]]]}'))  # fmt: skip
        assert credit_for(session) is None
        assert "credit" not in boundaries_file(session)[0]
    service.take({"WD 4": beck})
    with context.database.read() as session:
        assert credit_for(session, [other]) is None
        place = session.get_one(Place, other)
        place.population, place.population_source = 900, "ONS mid-2025, small areas added up"
        assert "Office for National Statistics licensed under the Open" in (credit_for(session, [other]) or "")
        assert "Statistics" not in (credit_for(session, [beck]) or "")
        session.rollback()
        assert "Open Government Licence v3.0" in (credit_for(session, [beck]) or "")
        file, number = boundaries_file(session)
    assert (number, [one["properties"]["name"] for one in file["features"]]) == (2, ["Copperbeck", "Stonemere"])
    assert "Open Government Licence v3.0" in file["credit"]


def test_a_priority_is_old_after_ninety_days_and_one_without_a_day_is_of_unknown_age() -> None:
    """M15."""
    today = START.date()
    one = Priority(place_id=1, issue="Speeding", source="x", seen_at=START)
    ages = {
        days: is_old(one.model_copy(update={"issued_on": today - timedelta(days=days)}), today) for days in (90, 91, -1)
    }
    assert (ages, is_old(one, today)) == ({90: False, 91: True, -1: None}, None)


@pytest.fixture
def run(context: Context, network: PracticeNetwork, monkeypatch: pytest.MonkeyPatch) -> Run:
    context.settings = replace(context.settings, police_data_address=f"{network.base_url}/api")
    monkeypatch.setattr(app, "_open", lambda _settings: context)

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(app.build_cli(), ["--home", str(context.settings.home), *arguments])

    return command


def test_by_command_a_force_is_looked_up_tried_and_taken_in(
    context: Context, run: Run, beck: int, tmp_path: Path
) -> None:
    assert "woldershire  Woldershire Police" in run("places", "police-data").stdout
    with context.database.write() as session:
        quarry = find_or_add_place(session, "Old Quarry", PlaceKind.TEAM).id
    only = ("--neighbourhood", "WD 4", "--neighbourhood", "WD 10")
    trial = run("places", "police-data", FORCE, *only, "--dry-run")
    assert "1 area would be taken in" in trial.stdout
    assert "  WD 10  Quarry Side & Locks\nSay so with" in trial.stdout
    taken = json.loads(run("places", "police-data", FORCE, *only, "--match", "WD 10=Old Quarry", "--json").stdout)
    assert [(one["place_id"], one["boundary"]) for one in taken["areas"]] == [(beck, "added"), (quarry, "none")]
    assert (taken["left_out"], taken["dry_run"]) == ([], False)
    again = run("places", "police-data", FORCE, *only, "--dry-run")
    assert "boundary as it was; priorities: 2 as they were" in again.stdout
    assert json.loads(run("places", "refresh", "--json").stdout)["missing"] == []
    listed = {one["name"]: one for one in json.loads(run("places", "list", "--json").stdout)}
    assert (listed["Copperbeck"]["boundary"], listed["Old Quarry"]["police_data"]) == (True, "woldershire/WD 10")
    file = tmp_path / "out.geojson"
    assert run("places", "boundaries", "--out", str(file)).exit_code == 0
    assert "Open Government Licence" in json.loads(file.read_text(encoding="utf-8"))["credit"]
    assert run("places", "boundaries", "--out", str(file)).exit_code == 1, "a file that is there is not overwritten"
    with context.database.read() as session:
        exports = select(AuditRecord).where(AuditRecord.action == "export", AuditRecord.subject_id == "boundaries")
        assert len(session.exec(exports.order_by(col(AuditRecord.seq))).all()) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "does not know that force"),
        ((FORCE, "--neighbourhood", "WD 99"), "has no neighbourhood 'WD 99'"),
        ((FORCE, "--match", "WD 4=Atlantis"), "No area is called 'Atlantis'"),
        ((FORCE, "--match", "WD 4"), "says nothing"),
    ],
)
def test_what_cannot_be_meant_ends_with_one_and_says_why(run: Run, arguments: tuple[str, ...], said: str) -> None:
    ended = run("places", "police-data", *arguments)
    assert (ended.exit_code, said in ended.stderr) == (1, True)

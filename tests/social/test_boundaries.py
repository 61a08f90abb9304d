"""Boundaries from a GeoJSON file: every fault is named with what to do, and nothing is kept until all is right."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from social.boundaries import PlaceBoundary, boundaries_of
from social.boundaries_import import BoundariesReport, import_boundaries
from social.context import Context
from social.errors import InputError, NotAllowed
from social.geojson import MOST_CORNERS, NoBoundary, clean_geometry, corners_in
from social.operators import KEEPER, acting
from social.places import Place, PlaceKind, find_or_add_place
from social.populations import import_populations
from social.staff import Role, find_or_add_person

pytestmark = pytest.mark.sqlite_only
RING = [[-1.7, 53.1], [-1.6, 53.1], [-1.6, 53.2], [-1.7, 53.1]]
SQUARE = {"type": "Polygon", "coordinates": [RING]}


def feature(name: str | None = "Copperbeck", geometry: Any = SQUARE, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": name, **more} if name else {}, "geometry": geometry}


@pytest.fixture
def file(tmp_path: Path, context: Context) -> Path:
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        for name, kind in (
            ("Copperbeck", PlaceKind.NEIGHBOURHOOD),
            ("Elm", PlaceKind.TEAM),
            ("Elm", PlaceKind.SECTION),
        ):
            find_or_add_place(session, name, kind, force)
    return tmp_path / "map.geojson"


def take(context: Context, file: Path, *features: Any, **given: Any) -> BoundariesReport:
    said = given.pop("said", {"type": "FeatureCollection", "features": list(features)})
    file.write_text(json.dumps(said), encoding="utf-8")
    return import_boundaries(context, file, acting(context, KEEPER), source="force GIS, 2026", **given)


def test_a_file_sets_boundaries_and_a_second_time_changes_nothing(context: Context, file: Path) -> None:
    elm = feature("elm", {"type": "MultiPolygon", "coordinates": [[RING], [RING]]}, kind="team")
    assert take(context, file, feature(), elm, dry_run=True).added == 2
    with context.database.read() as session:
        assert boundaries_of(session) == {}, "a trial keeps nothing"
    assert take(context, file, feature(), elm) == BoundariesReport(2, 2, 0, 0)
    assert take(context, file, feature(), elm) == BoundariesReport(2, 0, 0, 2)
    other = {"type": "Polygon", "coordinates": [[[-1.7, 53.1], [-1.5, 53.1], [-1.6, 53.2], [-1.7, 53.1]]]}
    assert (
        take(context, file, {**feature(geometry=other), "properties": {"AREA": "Copperbeck"}}, name="area").changed == 1
    )
    with context.database.read() as session:
        assert [one.source for one in session.exec(select(PlaceBoundary))] == ["force GIS, 2026"] * 2


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ([feature("Atlantis")], "There is no area called 'Atlantis'"),
        ([feature("Elm")], "2 areas are called 'Elm'"),
        ([feature(), feature()], "Feature 1 is about the same area. (feature 2)"),
        ([feature(None)], "It has no property 'name'"),
        ([{"type": "Feature", "properties": {"WARD": "x"}, "geometry": SQUARE}], "It has ward: say which with --name"),
        ([feature(geometry=None)], "Copperbeck: Its geometry is missing"),
        ([feature(geometry={"type": "Point", "coordinates": [0, 0]})], "Its geometry is a Point"),
        ([feature(geometry={"type": "Polygon", "coordinates": [RING[:-1]]})], "not closed"),
        ([feature(geometry={"type": "Polygon", "coordinates": [RING[:2] + RING[:1]]})], "fewer than three corners"),
        ([feature(geometry={"type": "Polygon", "coordinates": [[[436000, 371000], *RING]]})], "look like metres"),
        ([feature(geometry={"type": "Polygon", "coordinates": [[c[::-1] for c in RING]]})], "latitude first"),
        ([feature(geometry={"type": "Polygon", "coordinates": [[["a", 1], *RING]]})], "is not two numbers"),
        ([feature(geometry={"type": "Polygon", "coordinates": [[[float("nan"), 53], *RING]]})], "is not two numbers"),
        ([feature(geometry={"type": "Polygon", "coordinates": [[[10**400, 53], *RING]]})], "is not two numbers"),
        ([7], "It has no property 'name'"),
    ],
)
def test_a_fault_names_its_feature_and_nothing_is_kept(
    context: Context, file: Path, features: list[Any], said: str
) -> None:
    with pytest.raises(InputError) as caught:
        take(context, file, *features)
    assert said in str(caught.value)
    assert "(feature " in str(caught.value)
    with context.database.read() as session:
        assert boundaries_of(session) == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "cannot be read as JSON"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b"[]", "names no type"),
        (b'{"type": "Topology"}', "its type is 'Topology'"),
        (b'{"type": "FeatureCollection", "features": []}', "holds no feature"),
        (
            b'{"type": "FeatureCollection", "features": [1], "crs": {"properties": {"name": "EPSG:27700"}}}',
            "EPSG:27700",
        ),
    ],
)
def test_a_file_that_is_no_geojson_in_degrees_is_said_to_be_none(
    context: Context, file: Path, content: bytes, said: str
) -> None:
    file.write_bytes(content)
    with pytest.raises(InputError, match=said):
        import_boundaries(context, file, acting(context, KEEPER), source="force GIS")


def test_who_drew_them_has_to_be_said_and_not_everybody_may(context: Context, file: Path) -> None:
    file.write_text(json.dumps(feature()), encoding="utf-8")
    with pytest.raises(InputError, match="--source"):
        import_boundaries(context, file, acting(context, KEEPER), source=" ")
    with context.database.write() as session:
        author = find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR)
    with pytest.raises(NotAllowed):
        import_boundaries(context, file, author, source="force GIS")
    assert import_boundaries(context, file, acting(context, KEEPER), source="force GIS").added == 1, (
        "one feature will do"
    )


def test_rings_run_as_the_standard_has_them_and_heights_are_dropped() -> None:
    hole = [[-1.65, 53.12], [-1.64, 53.12], [-1.64, 53.13], [-1.65, 53.12]]
    clockwise = [[*corner, 120.5] for corner in reversed(RING)]
    cleaned = clean_geometry({"type": "Polygon", "coordinates": [clockwise, hole]})
    assert cleaned["coordinates"] == [RING, hole[::-1]]
    assert corners_in(cleaned) == 6
    with pytest.raises(NoBoundary):
        clean_geometry({"type": "Polygon", "coordinates": []})
    with pytest.raises(NoBoundary, match="Simplify its lines"):
        clean_geometry({"type": "MultiPolygon", "coordinates": [[RING] * (MOST_CORNERS // 4)] * 2})


def test_a_small_file_of_populations_needs_a_source_once(context: Context, file: Path) -> None:
    """D09: name, population and year are enough."""
    small = file.with_suffix(".csv")
    small.write_text('name,population,year\nCopperbeck,"9,800",2024\nWoldershire Police,0,\n', encoding="utf-8")
    keeper = acting(context, KEEPER)
    with pytest.raises(InputError, match="source"):
        import_populations(context, small, keeper)
    assert import_populations(context, small, keeper, source="ONS mid-year estimates", dry_run=True) == (2, 1)
    assert import_populations(context, small, keeper, source="ONS mid-year estimates") == (2, 1)
    with context.database.read() as session:
        beck = session.exec(select(Place).where(Place.name == "Copperbeck")).one()
    assert (beck.population, beck.population_year, beck.population_source) == (9800, 2024, "ONS mid-year estimates")

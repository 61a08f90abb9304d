"""Brings in boundaries from a GeoJSON file of the force: all features or none, every fault named by its feature."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from social.audit import record
from social.boundaries import PlaceBoundary, boundaries_of
from social.context import Context
from social.csv_file import Row, digest_of
from social.dry_run import DryRun
from social.errors import InputError, Problem
from social.exports import record_export
from social.geojson import MOST_BYTES, NoBoundary, as_text, clean_geometry, features_in
from social.open_data_credit import credit_for
from social.places import Place
from social.populations import LONGEST_SOURCE, area_meant
from social.staff import Action, Person, require

NAME = "name"
"""The property that names the area, unless another one is given."""


@dataclass(frozen=True)
class BoundariesReport:
    """features: read.  added, changed, unchanged: areas."""

    features: int
    added: int
    changed: int
    unchanged: int


def import_boundaries(
    context: Context, path: Path, person: Person, *, source: str, name: str = NAME, dry_run: bool = False
) -> BoundariesReport:
    """Take the boundary of every feature to the area that its property names; others keep theirs.

    source: who drew them.  name: the property.  Properties `kind` and `within` tell areas of one name apart.
    Raises NotAllowed, or InputError with every problem; then all is as before."""
    said = " ".join(source.split())
    if not said or len(said) > LONGEST_SOURCE or not said.isprintable():
        raise InputError(f"Say who drew the boundaries with --source, in up to {LONGEST_SOURCE} letters.")
    features = features_in(_content(path), path.name)
    try:
        with context.database.write() as session:
            require(session, person, Action.KEEP_PLACES, None)
            meant = _areas_meant(session, features, name)
            report = _keep(session, context.clock.now(), meant, said)
            after = {"added": report.added, "changed": report.changed, "file": digest_of(path)}
            record(session, context.clock.now(), actor=person, action="import boundaries", subject=("place", "boundaries"),
                   after=after)  # fmt: skip
            if dry_run:
                raise DryRun
    except DryRun:
        pass
    return report


def take_boundaries(context: Context, person: Person) -> tuple[dict[str, Any], int]:
    """`boundaries_file` for somebody, with a row in the audit record.  Raises NotAllowed."""
    with context.database.read() as session:
        require(session, person, Action.READ_FIGURES)
        found, number = boundaries_file(session)
    record_export(context, person, "boundaries", number)
    return found, number


def boundaries_file(session: Session) -> tuple[dict[str, Any], int]:
    """Every boundary as a GeoJSON FeatureCollection with the credit for open data (D06), and how many there are."""
    known, places = boundaries_of(session), {place.id: place for place in session.exec(select(Place))}
    sources = dict(session.exec(select(PlaceBoundary.place_id, PlaceBoundary.source)).all())
    features = [
        {"type": "Feature", "geometry": geometry,
         "properties": {"name": places[number].name, "kind": places[number].kind, "source": sources[number]}}
        for number, geometry in sorted(known.items(), key=lambda item: (places[item[0]].name, item[0]))
    ]  # fmt: skip
    found: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    credit = credit_for(session, list(known))
    return ({**found, "credit": credit} if credit else found), len(features)


def _content(path: Path) -> bytes:
    try:
        # One byte more than is taken: the size that a file names may not be the size that it has.
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}. Give the name of a GeoJSON file.") from error


def _areas_meant(session: Session, features: Sequence[Any], name: str) -> list[tuple[Place, str]]:
    """Each feature's area and geometry, as text.  Raises InputError with every problem."""
    places = {place.id or 0: place for place in session.exec(select(Place).order_by(col(Place.id)))}
    found, problems, met = list[tuple[Place, str]](), list[Problem](), dict[int, int]()
    for number, feature in enumerate(features, 1):
        for one in _read(feature, number, name, places):
            if isinstance(one, Problem):
                problems.append(one)
            elif one[0].id in met:
                problems.append(Problem(f"Feature {met[one[0].id]} is about the same area.", number, name))
            else:
                met[one[0].id or 0] = number
                found.append(one)
    if problems:
        raise InputError(*(Problem(f"{p.message} (feature {p.row})", None, None) for p in problems))
    return found


def _read(feature: Any, number: int, name: str, places: dict[int, Place]) -> Iterator[Problem | tuple[Place, str]]:
    """The feature's area and geometry, or what is wrong with both."""
    given = feature.get("properties") if isinstance(feature, dict) else None
    properties = {str(key).lower(): value for key, value in given.items()} if isinstance(given, dict) else {}
    cells = {key: str(properties.get(key) or "").strip() for key in ("kind", "within")}
    called = str(properties.get(name.lower()) or "").strip()
    geometry: str | None = None
    try:
        geometry = as_text(clean_geometry(feature.get("geometry") if isinstance(feature, dict) else None))
    except NoBoundary as error:
        yield Problem(f"{called or 'It'}: {error}", number)
    if not called:
        known = ", ".join(sorted(properties)[:8])
        hint = (
            f"It has {known}: say which with --name." if known else "Give each feature a property with the area's name."
        )
        yield Problem(f"It has no property '{name}'. {hint}", number)
        return
    place = area_meant(Row(number, {"name": called, **cells}), places)
    if isinstance(place, Problem):
        yield place
    elif geometry is not None:
        yield place, geometry


def _keep(session: Session, now: datetime, meant: Sequence[tuple[Place, str]], source: str) -> BoundariesReport:
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    for place, geometry in meant:
        counts[keep_boundary(session, now, place.id or 0, geometry, source)] += 1
    return BoundariesReport(len(meant), **counts)


def keep_boundary(session: Session, now: datetime, place_id: int, geometry: str, source: str) -> str:
    """Set it in the caller's transaction.  geometry: as `as_text` gives it.  Returns added, changed or unchanged."""
    there = session.get(PlaceBoundary, place_id)
    if there is None:
        session.add(PlaceBoundary(place_id=place_id, geometry=geometry, source=source, set_at=now))
        return "added"
    if (there.geometry, there.source) == (geometry, source):
        return "unchanged"
    there.geometry, there.source, there.set_at = geometry, source, now
    session.add(there)
    return "changed"

"""Boundaries as GeoJSON has them (RFC 7946): read with every fault named, and brought into one form."""

import json
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from social.errors import InputError

Point = tuple[float, float]
"""(longitude, latitude) in degrees."""
MOST_BYTES = 50_000_000
MOST_CORNERS = 100_000
"""Of one area: a coast in full detail has fewer, and every page that shows a map reads them."""
_DIGITS = 6
"""Decimals of a degree that are kept: a tenth of a metre."""
_DEGREES = frozenset({"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"})  # fmt: skip
SAVE_AGAIN = "Save the file again as GeoJSON in WGS 84 (EPSG:4326)."

_NO_NUMBERS = "A corner of its boundary is not two numbers, longitude and latitude."


class NoBoundary(Exception):
    """The geometry cannot be used; the text says why and what to do."""


def features_in(content: bytes, name: str) -> list[Any]:
    """The features of a file.  name: what people call it.

    Raises InputError when it is too large, is no GeoJSON, is in other coordinates than degrees, or holds nothing."""
    if len(content) > MOST_BYTES:
        raise InputError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB. Simplify the lines or part it.")
    try:
        said = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise InputError(f"{name} is not GeoJSON: it cannot be read as JSON in UTF-8. {SAVE_AGAIN}") from None
    kind = said.get("type") if isinstance(said, dict) else None
    features = said.get("features") if kind == "FeatureCollection" else [said] if kind == "Feature" else None
    if not isinstance(features, list):
        what = f"its type is '{str(kind)[:40]}'" if kind else "it names no type"
        raise InputError(f"{name} is not GeoJSON with features: {what}. Give a FeatureCollection, one feature an area.")
    crs = said.get("crs")
    called = (
        crs.get("properties", {}).get("name")
        if isinstance(crs, dict) and isinstance(crs.get("properties"), dict)
        else None
    )
    if crs is not None and called not in _DEGREES:
        raise InputError(f"{name} is in other coordinates than degrees ('{str(called)[:60]}'). {SAVE_AGAIN}")
    if not features:
        raise InputError(f"{name} holds no feature. Give one for each area.")
    return features


def clean_geometry(geometry: Any) -> dict[str, Any]:
    """A Polygon or MultiPolygon in one form: two numbers a corner, outer rings anticlockwise, holes clockwise.

    Raises NoBoundary."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    given = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        what = f"a {str(kind)[:40]}" if kind else "missing"
        raise NoBoundary(f"Its geometry is {what}. An area needs a Polygon or a MultiPolygon.")
    parts = [given] if kind == "Polygon" else given
    if not isinstance(parts, list) or not parts:
        raise NoBoundary("Its geometry has no corners.")
    cleaned = [_polygon(part) for part in parts]
    if (corners := sum(len(ring) for part in cleaned for ring in part)) > MOST_CORNERS:
        raise NoBoundary(f"Its boundary has {corners:,} corners, {MOST_CORNERS:,} at the most. Simplify its lines.")
    return {"type": kind, "coordinates": cleaned[0] if kind == "Polygon" else cleaned}


def polygon_of(corners: Sequence[Point]) -> dict[str, Any]:
    """A Polygon of corners in order, the last the same as the first."""
    return clean_geometry({"type": "Polygon", "coordinates": [[list(corner) for corner in corners]]})


def as_text(geometry: dict[str, Any]) -> str:
    """The same text for the same geometry."""
    return json.dumps(geometry, separators=(",", ":"))


def corners_in(geometry: dict[str, Any]) -> int:
    """How many corners it has, each ring's last one left out."""
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return sum(len(ring) - 1 for part in parts for ring in part)


def _polygon(part: Any) -> list[list[list[float]]]:
    if not isinstance(part, list) or not part:
        raise NoBoundary("A part of its geometry has no corners.")
    return [_ring(ring, outer=number == 0) for number, ring in enumerate(part)]


def _ring(ring: Any, *, outer: bool) -> list[list[float]]:
    corners = [_corner(corner) for corner in ring] if isinstance(ring, list) else []
    if len(set(corners)) < 3:
        raise NoBoundary("A line of its boundary has fewer than three corners.")
    if corners[0] != corners[-1]:
        raise NoBoundary("A line of its boundary is not closed: its first and its last corner differ.")
    if (_area(corners) > 0) != outer:
        corners.reverse()
    return [list(corner) for corner in corners]


def _corner(corner: Any) -> Point:
    numbers = corner[:2] if isinstance(corner, list) and len(corner) >= 2 else []
    if not numbers or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers):
        raise NoBoundary(_NO_NUMBERS)
    try:
        longitude, latitude = float(numbers[0]), float(numbers[1])
    except OverflowError:  # JSON has whole numbers of any length
        raise NoBoundary(_NO_NUMBERS) from None
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise NoBoundary(_NO_NUMBERS)
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise NoBoundary(
            f"Its corners are not degrees ({longitude:g}, {latitude:g}): they look like metres. {SAVE_AGAIN}"
        )
    if 49 <= longitude <= 61.5 and -9 <= latitude <= 2.5:
        raise NoBoundary("Its corners give the latitude first. GeoJSON has the longitude first: turn them round.")
    return round(longitude, _DIGITS), round(latitude, _DIGITS)


def _area(corners: Sequence[Point]) -> float:
    """Twice the area in square degrees; positive for a line that runs anticlockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(corners))

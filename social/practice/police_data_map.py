"""The map of the invented force: where its neighbourhoods lie and where one ends and the next begins.

Each reaches as far as its own middle is the nearest, so that they fill the force without gaps."""

from collections.abc import Sequence
from math import cos, radians

Point = tuple[float, float]

MIDDLES: dict[str, Point] = {
    "Oakenford Town": (53.420, -1.610), "Larkfield Rise": (53.436, -1.588), "Marlpit End": (53.452, -1.655),
    "Copperbeck": (53.471, -1.630), "Stonemere": (53.268, -1.540), "Thornleigh Vale": (53.285, -1.502),
    "Nether Skelby": (53.190, -1.700), "Hexley Moor": (53.221, -1.742), "Elderwick": (53.176, -1.655),
}  # fmt: skip
"""Neighbourhood -> degrees (latitude, longitude) of its middle, invented like the rest, so that distances can be chosen."""
_OUTLINE: tuple[Point, ...] = (
    (53.155, -1.772), (53.131, -1.722), (53.124, -1.634), (53.158, -1.492), (53.223, -1.429), (53.304, -1.411),
    (53.371, -1.446), (53.418, -1.487), (53.462, -1.498), (53.509, -1.571), (53.517, -1.668), (53.484, -1.729),
    (53.421, -1.748), (53.352, -1.724), (53.287, -1.781), (53.226, -1.827), (53.181, -1.816),
)  # fmt: skip
"""The outline of the force."""
_NARROW = cos(radians(53.3))
"""A degree of longitude here, in degrees of latitude."""


def outline_of(name: str) -> list[Point]:
    """Corners (latitude, longitude) of a neighbourhood, in order, not closed."""
    middle = MIDDLES[name]
    corners = list(_OUTLINE)
    for other in MIDDLES.values():
        if other != middle:
            corners = _nearer(corners, middle, other)
    return [(round(lat, 5), round(lon, 5)) for lat, lon in corners]


def lies_in(latitude: float, longitude: float) -> str | None:
    """The neighbourhood that the point lies in; None outside of all."""
    return next((name for name in MIDDLES if _inside((latitude, longitude), outline_of(name))), None)


def _nearer(corners: list[Point], middle: Point, other: Point) -> list[Point]:
    """What of the shape lies nearer to the middle than to the other one: cut along the line half way."""
    kept: list[Point] = []
    for start, end in zip(corners, [*corners[1:], *corners[:1]], strict=True):
        here, there = _excess(start, middle, other), _excess(end, middle, other)
        if here <= 0:
            kept.append(start)
        if here * there < 0:
            share = here / (here - there)
            kept.append((start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))
    return kept


def _excess(point: Point, middle: Point, other: Point) -> float:
    """How much farther the middle is than the other one, squared."""
    return _squared(point, middle) - _squared(point, other)


def _squared(a: Point, b: Point) -> float:
    return (a[0] - b[0]) ** 2 + ((a[1] - b[1]) * _NARROW) ** 2


def _inside(point: Point, corners: Sequence[Point]) -> bool:
    """By how often a line from the point crosses the outline."""
    inside = False
    for a, b in zip(corners, [*corners[1:], *corners[:1]], strict=True):
        if (a[0] > point[0]) != (b[0] > point[0]) and point[1] < a[1] + (point[0] - a[0]) / (b[0] - a[0]) * (
            b[1] - a[1]
        ):
            inside = not inside
    return inside

"""The map of the invented force: where its neighbourhoods lie and where one ends and the next begins.

Each reaches as far as its own middle is the nearest within its division, so that they fill it without gaps."""

from math import cos, radians

Point = tuple[float, float]

MIDDLES: dict[str, Point] = {
    "Oakenford Town": (53.420, -1.610), "Larkfield Rise": (53.436, -1.588), "Marlpit End": (53.452, -1.655),
    "Copperbeck": (53.471, -1.630), "Stonemere": (53.268, -1.540), "Thornleigh Vale": (53.285, -1.502),
    "Nether Skelby": (53.190, -1.700), "Hexley Moor": (53.221, -1.742), "Elderwick": (53.176, -1.655),
}  # fmt: skip
"""Neighbourhood -> degrees (latitude, longitude) of its middle, invented like the rest, so that distances can be chosen."""
_OUTLINES: tuple[tuple[Point, ...], ...] = (
    ((53.402, -1.640), (53.399, -1.597), (53.414, -1.561), (53.441, -1.554), (53.468, -1.583), (53.492, -1.611),
     (53.489, -1.659), (53.468, -1.690), (53.439, -1.683)),
    ((53.246, -1.562), (53.247, -1.518), (53.271, -1.473), (53.300, -1.476), (53.311, -1.507), (53.296, -1.549),
     (53.271, -1.573)),
    ((53.160, -1.690), (53.155, -1.642), (53.172, -1.617), (53.199, -1.628), (53.212, -1.676), (53.243, -1.708),
     (53.247, -1.764), (53.224, -1.787), (53.196, -1.767), (53.178, -1.728)),
)  # fmt: skip
"""Outlines of the three parts of the force that neighbourhoods share."""
_NARROW = cos(radians(53.3))
"""A degree of longitude here, in degrees of latitude."""


def outline_of(name: str) -> list[Point]:
    """Corners (latitude, longitude) of a neighbourhood, in order, not closed."""
    middle = MIDDLES[name]
    around = next(outline for outline in _OUTLINES if _inside(middle, outline))
    corners = list(around)
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


def _inside(point: Point, corners: "tuple[Point, ...] | list[Point]") -> bool:
    """By how often a line from the point crosses the outline."""
    inside = False
    for a, b in zip(corners, [*corners[1:], *corners[:1]], strict=True):
        if (a[0] > point[0]) != (b[0] > point[0]) and point[1] < a[1] + (point[0] - a[0]) / (b[0] - a[0]) * (
            b[1] - a[1]
        ):
            inside = not inside
    return inside

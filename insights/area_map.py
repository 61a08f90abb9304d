"""A map of areas drawn by ourselves from their stored boundaries: no tiles, no other machine, nothing that tells anybody
what is looked at. Colour repeats what the table says; each area bears its number in the table."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Ring = list[list[float]]
STEPS = 1200
"""Steps that the longer side is drawn in: finer than a screen shows, and a hundredth of what a boundary file holds."""
_FILLS = ("#d5dae0", "#6BACE6", "#2073BC", "#12436D")
_WORDS = ("#0b0c0c", "#0b0c0c", "#ffffff", "#ffffff")
"""Of the number inside, so that it can be read on each fill."""
_PRESSED = ("pressed_shape", "pressed_number")
"""Names of the selections: of a shape, and of the number that lies over it."""
NO_RATE = "No rate, or too few posts to compare"


@dataclass(frozen=True)
class MapArea:
    """number: in the table.  name: of the area.  value: reactions per 1,000 residents; None where it is not compared.

    place_id: tells which area was pressed."""

    number: int
    name: str
    geometry: Mapping[str, Any]
    value: float | None
    place_id: int


def area_map(areas: Sequence[MapArea], *, dark: bool) -> Any:
    """The map as an Altair chart.  areas: at least one, each with a Polygon or MultiPolygon in degrees (WGS 84)."""
    import altair as alt

    classes = classes_of([area.value for area in areas])
    line = "#f3f2f1" if dark else "#0b0c0c"
    flat = _flattened(areas)
    shapes = [
        {
            "type": "Feature",
            "geometry": flat[n],
            "properties": {
                "class": classes.label(area.value),
                "area": f"{area.number}. {area.name}",
                "place": area.place_id,
                "said": f"{area.number}. {area.name}: {'not compared' if area.value is None else f'{area.value:.1f} per 1,000'}",
                "rate": "not compared" if area.value is None else f"{area.value:.1f} per 1,000",
            },
        }
        for n, area in enumerate(areas)
    ]
    middles = [
        {"x": x, "y": y, "number": str(area.number), "ink": _WORDS[classes.step(area.value)], "place": area.place_id}
        for area, (x, y) in zip(areas, (middle_of(shape) for shape in flat), strict=True)
    ]
    labels = classes.labels
    fill = alt.Color(
        "properties.class:N", sort=list(labels),
        scale=alt.Scale(domain=list(labels), range=[_FILLS[step] for step in classes.steps]),
        legend=alt.Legend(title=None, orient="bottom", columns=1, symbolType="square", symbolSize=220, symbolStrokeWidth=1,
                          labelLimit=0, labelFontSize=14, labelColor=line),
    )  # fmt: skip
    drawn = (
        alt.Chart(alt.InlineData(shapes))
        .transform_calculate(place="datum.properties.place")
        .mark_geoshape(stroke=line, strokeWidth=1.5, cursor="pointer")
        .encode(
            color=fill,
            tooltip=[
                alt.Tooltip("properties.area:N", title="Area"),
                alt.Tooltip("properties.rate:N", title="Reactions"),
            ],
            description="properties.said:N",
        )
        .add_params(alt.selection_point(name=_PRESSED[0], fields=["place"], empty=False))
    )
    numbers = (
        alt.Chart(alt.InlineData(middles))
        .mark_text(fontSize=13, fontWeight="bold", cursor="pointer")
        .encode(longitude="x:Q", latitude="y:Q", text="number:N", color=alt.Color("ink:N", scale=None, legend=None))
        .add_params(alt.selection_point(name=_PRESSED[1], fields=["place"], empty=False))
    )
    return (
        alt.layer(drawn, numbers)
        .project(type="identity", reflectY=True)
        .properties(height=420)
        .configure_view(stroke=None)
    )


def pressed_area(selection: Mapping[str, Any]) -> int | None:
    """The area that was pressed, by what a browser tells of the map's selections; None for none of them."""
    for name in _PRESSED:
        for one in selection.get(name) or ():
            place = one.get("place") if isinstance(one, Mapping) else None
            if isinstance(place, int | float) and place > 0:
                return int(place)
    return None


@dataclass(frozen=True)
class Classes:
    """Thirds of the areas that are compared.  upper: the highest value of each third, rising; () for none.
    some_without: whether an area has no value."""

    upper: tuple[float, ...]
    lower: tuple[float, ...]
    some_without: bool

    def step(self, value: float | None) -> int:
        """0 for no value, else 1 to 3."""
        if value is None:
            return 0
        return self.steps_with[next(n for n, most in enumerate(self.upper) if value <= most)]

    @property
    def steps_with(self) -> tuple[int, ...]:
        return {0: (), 1: (2,), 2: (1, 3)}.get(len(self.upper), (1, 2, 3))

    @property
    def steps(self) -> tuple[int, ...]:
        return (*((0,) if self.some_without else ()), *self.steps_with)

    @property
    def labels(self) -> tuple[str, ...]:
        ranges = (
            f"{low:.1f} per 1,000" if f"{low:.1f}" == f"{high:.1f}" else f"{low:.1f} to {high:.1f} per 1,000"
            for low, high in zip(self.lower, self.upper, strict=True)
        )
        return (*((NO_RATE,) if self.some_without else ()), *ranges)

    def label(self, value: float | None) -> str:
        return dict(zip(self.steps, self.labels, strict=True))[self.step(value)]


def classes_of(values: Sequence[float | None]) -> Classes:
    """Up to three classes of about as many areas each. Equal values are never parted."""
    known = sorted(value for value in values if value is not None)
    parts = min(3, len({f"{value:.1f}" for value in known}))
    upper: list[float] = []
    lower: list[float] = []
    rest = known
    for part in range(parts):
        if not rest:
            break
        most = rest[math.ceil(len(rest) / (parts - part)) - 1]
        taken = [value for value in rest if f"{value:.1f}" == f"{most:.1f}" or value <= most]
        lower.append(taken[0])
        upper.append(taken[-1])
        rest = rest[len(taken) :]
    return Classes(tuple(upper), tuple(lower), len(known) < len(values))


def _flattened(areas: Sequence[MapArea]) -> list[dict[str, Any]]:
    """The shapes on a plane on which a mile is as long to the north as to the east, with points nobody could see left
    out. Neighbours keep their common line, since all points fall on one grid."""
    points = [point for area in areas for ring in _rings(area.geometry) for point in ring]
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    narrow = math.cos(math.radians((south + north) / 2))
    grid = max((east - west) * narrow, north - south, 1e-6) / STEPS

    def flat(ring: Ring) -> Ring:
        moved: Ring = []
        for lon, lat, *_ in ring:
            point = [round((lon - west) * narrow / grid), round((lat - south) / grid)]
            if not moved or point != moved[-1]:
                moved.append([float(point[0]), float(point[1])])
        return moved

    made = []
    for area in areas:
        parts = [[flat(ring) for ring in part] for part in _parts(area.geometry)]
        made.append({"type": "MultiPolygon", "coordinates": [[r for r in part if len(r) > 3] for part in parts]})
    return made


def _parts(geometry: Mapping[str, Any]) -> list[list[Ring]]:
    found: list[list[Ring]] = (
        [geometry["coordinates"]] if geometry["type"] == "Polygon" else list(geometry["coordinates"])
    )
    return found


def _rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    for part in _parts(geometry):
        yield from part


def middle_of(shape: Mapping[str, Any]) -> tuple[float, float]:
    """The middle of mass of the largest part, where its number stands; of its first point for one without a surface."""
    best, where = -1.0, (0.0, 0.0)
    for part in shape["coordinates"]:
        if not part:
            continue
        ring = part[0]
        double, x, y = 0.0, 0.0, 0.0
        for (x1, y1), (x2, y2) in pairwise(ring):
            cross = x1 * y2 - x2 * y1
            double, x, y = double + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
        if abs(double) > best:
            best, where = abs(double), (x / (3 * double), y / (3 * double)) if double else (ring[0][0], ring[0][1])
    return where

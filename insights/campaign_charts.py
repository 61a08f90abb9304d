"""Charts of a campaign: how far from baseline to target, and a series before and after in two areas. Altair is loaded when
something is drawn; colours and manner are those of `insights.charts`."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from insights.assessment_values import About, Point, Result
from insights.assessment_words import say_on, say_value
from insights.charts import DARK, LIGHT, dressed

_Side = Literal["left", "center", "right"]
_SECOND = {"light": "#F46A25", "dark": "#F46A25"}
"""The second of two series (Government Analysis Function)."""


_LETTER, _WIDTH = 5.0, 400.0
"""Pixels: half the breadth of a letter of a line's name with room to spare, and of a chart that is neither on paper nor on
a phone."""


def progress_headline(one: Result) -> str:
    """What the chart shows, in about ten words."""
    if one.latest is None or one.progress is None:
        return f"{one.name}: not measured since the campaign began."
    if one.progress >= 1:
        return f"{one.name}: the target is met."
    if one.progress <= 0:
        return f"{one.name}: no nearer to the target than at the baseline."
    return f"{one.name}: {one.progress:.0%} of the way to the target."


def progress(one: Result, *, dark: bool) -> Any:
    """Three bars with their numbers at the end: baseline, now, target; the one of now is filled, the others are outlines."""
    import altair as alt

    colours = DARK if dark else LIGHT
    parts = (("Baseline", one.baseline), ("Now", one.latest), ("Target", one.target))
    known = [(label, value) for label, value in parts if value is not None]
    records = [
        {"label": label, "value": value, "end": say_value(value), "filled": 1.0 if label == "Now" else 0.0}
        for label, value in known
    ]
    low, high = min(0.0, *(value for _, value in known)), max(0.0, *(value for _, value in known))
    base = alt.Chart(alt.InlineData(records)).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelOverlap=False)),
        x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=[low * 1.3, (high or 1.0) * 1.3])),
    )
    bars = base.mark_bar(color=colours["bar"], stroke=colours["bar"], strokeWidth=2).encode(
        fillOpacity=alt.FillOpacity("filled:Q", scale=None)
    )
    text = base.mark_text(align="left", dx=6, fontSize=14, color=colours["text"]).encode(text="end:N")
    return dressed((bars + text).properties(height=alt.Step(30)), colours)


def series_headline(one: Result) -> str:
    """The change in about ten words; never why."""
    change = one.change
    if change is None:
        return f"{one.name}: too few numbers to tell before from after."
    estimate = change.beyond or change.own
    none = 1.0 if one.kind == "count" else 0.0
    against = " against the comparison" if change.beyond is not None else ""
    if estimate.low <= none <= estimate.high:
        return f"{one.name}: no change{against} that chance could not explain."
    return f"{one.name}: {'higher' if estimate.value > none else 'lower'} than before{against}."


def series(one: Result, about: About, *, dark: bool) -> Any:
    """Both areas over time, the campaign's solid and the comparison dashed, named at their ends, with a line where the
    campaign begins."""
    import altair as alt

    colours = DARK if dark else LIGHT
    second = _SECOND["dark" if dark else "light"]
    names = {False: names_of(about)[0], True: names_of(about)[1]}
    records = [{"on": p.on.isoformat(), "value": p.value, "area": names[p.comparison]} for p in one.points]
    order = [names[False], names[True]]
    x = alt.X("on:T", title=None, axis=alt.Axis(format="%-d %b", labelAngle=0, grid=False, tickCount=5),
              scale=alt.Scale(domain=_span(one.points)))  # fmt: skip
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True))
    colour = alt.Color("area:N", sort=order, legend=None, scale=alt.Scale(domain=order, range=[colours["bar"], second]))
    dash = alt.StrokeDash("area:N", sort=order, legend=None, scale=alt.Scale(domain=order, range=[[1, 0], [6, 4]]))
    drawn = alt.Chart(alt.InlineData(records)).encode(x=x, y=y, color=colour)
    rims, words = _names(one, names, dark=dark)
    layers: list[Any] = [
        *rims,
        drawn.mark_line(strokeWidth=3).encode(strokeDash=dash),
        drawn.mark_point(filled=True, size=45),
    ]
    if about.starts_on is not None and any(p.on < about.starts_on for p in one.points):
        start = alt.Chart(alt.InlineData([{"on": about.starts_on.isoformat(), "label": "Campaign begins"}]))
        layers.append(start.mark_rule(color=colours["text"], strokeDash=[2, 3]).encode(x="on:T"))
        layers.append(
            start.mark_text(align="left", dx=5, baseline="top", fontSize=13, color=colours["text"]).encode(
                x="on:T", y=alt.value(2), text="label:N"
            )
        )
    layers += words
    return dressed(alt.layer(*layers).properties(height=280), colours)


def _names(one: Result, names: Mapping[bool, str], *, dark: bool) -> tuple[list[Any], list[Any]]:
    """The names of the lines: a rim that lies under the lines, so that no rule of the grid runs through the words, and the words."""
    import altair as alt

    colours = DARK if dark else LIGHT
    rims, words = [], []
    for point, side, above in _named(one.points):
        name = names[point.comparison]
        row = {"on": point.on.isoformat(), "value": _clear(one.points, point, name, above=above), "area": name}
        at = alt.Chart(alt.InlineData([row])).encode(x="on:T", y="value:Q", text="area:N")
        dy = -13 if above else 19
        rim = colours["label"]
        rims.append(
            at.mark_text(align=side, dy=dy, fontSize=13, fontWeight="bold", stroke=rim, strokeWidth=5, color=rim)
        )
        words.append(at.mark_text(align=side, dy=dy, fontSize=13, fontWeight="bold", color=colours["text"]))
    return rims, words


def _clear(points: Sequence[Point], at: Point, name: str, *, above: bool) -> float:
    """How high the name stands: clear of its own line as far as the words reach to either side."""
    days = [p.on for p in points]
    reach = (max(days) - min(days)) * (len(name) * _LETTER / _WIDTH)
    near = [p.value for p in points if p.comparison == at.comparison and abs(p.on - at.on) <= reach]
    return max(near) if above else min(near)


def names_of(about: About) -> tuple[str, str]:
    """What the two lines are called."""
    own = about.areas[0] if len(about.areas) == 1 else "Campaign areas" if about.areas else "The whole force"
    return own, about.comparison or "Comparison"


def series_alt(one: Result, about: About) -> str:
    """The chart in words: each line's numbers in their order."""
    own, other = names_of(about)
    told = []
    for name, comparison in ((own, False), (other, True)):
        points = [p for p in one.points if p.comparison is comparison]
        if points:
            told.append(f"{name}: " + ", ".join(f"{say_on(p.on)} {say_value(p.value)}" for p in points))
    return f"{series_headline(one)} {'. '.join(told)}."


def _named(points: Sequence[Point]) -> list[tuple[Point, _Side, bool]]:
    """Where each line is named: where the two lie farthest apart, the higher above its point and the lower beneath.

    Also whether the words stand to the right of the point, to its left, or in its middle."""
    own = {p.on: p for p in points if not p.comparison}
    other = {p.on: p for p in points if p.comparison}
    both = [(own[on], other[on]) for on in own if on in other]
    if both:
        a, b = max(both, key=lambda pair: abs(pair[0].value - pair[1].value))
        chosen = [(a, a.value >= b.value), (b, b.value > a.value)]
    else:
        chosen = [(max(line.values(), key=lambda p: p.value), True) for line in (own, other) if line]
    first, last = min(p.on for p in points), max(p.on for p in points)
    span = max(1, (last - first).days)
    return [(p, _side((p.on - first).days / span), above) for p, above in chosen]


def _side(at: float) -> _Side:
    return "left" if at < 0.25 else "right" if at > 0.75 else "center"


def _span(points: Sequence[Point]) -> list[str]:
    days: list[date] = [point.on for point in points]
    return [(min(days) - timedelta(days=3)).isoformat(), (max(days) + timedelta(days=3)).isoformat()]

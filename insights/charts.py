"""Charts as the Government Analysis Function asks for them: horizontal bars, labelled ends, colours that hold their
contrast on light and dark, no legend to decode. Pages and reports draw what this makes; altair is loaded when something is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LIGHT = {"text": "#0b0c0c", "grid": "#c6cdd4", "bar": "#12436D", "label": "#ffffff"}
DARK = {"text": "#f3f2f1", "grid": "#4a4f55", "bar": "#6BACE6", "label": "#0b0c0c"}
_FITS_A_PHONE = 34
"""Letters of a line of a chart at 360 px."""


@dataclass(frozen=True)
class Bar:
    """label: of the group.  value: what the bar's length says.  shown: the same for people.  posts: n."""

    label: str
    value: float
    shown: str
    posts: int


@dataclass(frozen=True)
class Range:
    """label: of the group.  value: the estimate.  low, high: its 95 % interval.  shown: all of it for people.  n: posts."""

    label: str
    value: float
    low: float
    high: float
    shown: str
    n: int


def spec(chart: Any) -> dict[str, Any]:
    """The chart as plain Vega-Lite, its data inside."""
    made: dict[str, Any] = chart.to_dict()
    return made


def bars(rows: Sequence[Bar], *, dark: bool, as_given: bool = False) -> Any:
    """One horizontal bar a row, each with its figure and, in brackets, n at its end; longest first, or in their order."""
    import altair as alt

    colours = DARK if dark else LIGHT
    records = [{"label": row.label, "value": row.value, "end": f"{row.shown} ({row.posts})"} for row in rows]
    most = max((row.value for row in rows), default=1.0) or 1.0
    base = alt.Chart(alt.InlineData(records)).encode(
        y=alt.Y(
            "label:N", sort=None if as_given else "-x", title=None, axis=alt.Axis(labelOverlap=False, labelLimit=180)
        ),
        x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, most * 1.45])),
    )
    drawn = base.mark_bar(color=colours["bar"]) + base.mark_text(
        align="left", dx=6, fontSize=14, color=colours["text"]
    ).encode(text="end:N")
    return dressed(drawn.properties(height=alt.Step(30)), colours)


def ranges(rows: Sequence[Range], *, dark: bool, even_at: float | None = None) -> Any:
    """One line a row from end to end of its interval with the estimate as a dot, in the order given.

    even_at: where there would be no difference, drawn as a dashed line; None for none.  What a line is about and its
    figures stand over it, in two lines where one would be cut on a phone."""
    import altair as alt

    colours = DARK if dark else LIGHT
    ends = [f"{row.shown} ({row.n})" for row in rows]
    is_long = any(len(row.label) + len(end) > _FITS_A_PHONE for row, end in zip(rows, ends, strict=True))
    step = 58 if is_long else 40
    records = [
        {"label": row.label, "value": row.value, "low": row.low, "high": row.high,
         "said": f"{row.label}\n{end}" if is_long else f"{row.label}: {end}"}
        for row, end in zip(rows, ends, strict=True)
    ]  # fmt: skip
    every = [row.low for row in rows] + [row.high for row in rows] + ([even_at] if even_at is not None else [])
    least, most = min(every, default=0.0), max(every, default=1.0)
    room = ((most - least) or 1.0) * 0.05
    base = alt.Chart(alt.InlineData(records)).encode(y=alt.Y("label:N", sort=None, title=None, axis=None))
    across = alt.X("low:Q", axis=None, scale=alt.Scale(domain=[least - room, most + room], nice=False, zero=False))
    under = step / 2 - 16  # nearer to its own words than to the next
    drawn = (
        base.mark_rule(color=colours["bar"], strokeWidth=3, yOffset=under).encode(x=across, x2="high:Q")
        + base.mark_point(color=colours["bar"], filled=True, size=90, opacity=1, yOffset=under).encode(x="value:Q")
        + base.mark_text(
            align="left", baseline="top", dy=4 - step / 2, fontSize=14, lineBreak="\n", color=colours["text"]
        ).encode(x=alt.value(0), text="said:N")
    )
    if even_at is not None:
        line = alt.Chart(alt.InlineData([{"even": even_at}])).mark_rule(
            color=colours["text"], strokeDash=[4, 4], strokeWidth=1, opacity=0.6
        )
        drawn = line.encode(x="even:Q") + drawn
    return dressed(drawn.properties(height=alt.Step(step)), colours)


def whiskers(rows: Sequence[Range], *, even_at: float | None = None) -> Any:
    """As `ranges`, for paper, where there is room: the name at the left, the figures behind the interval, one line a row."""
    import altair as alt

    records = [
        {"label": row.label, "value": row.value, "low": row.low, "high": row.high, "end": f"{row.shown} ({row.n})"}
        for row in rows
    ]
    every = [row.low for row in rows] + [row.high for row in rows] + ([even_at] if even_at is not None else [])
    least, most = min(every, default=0.0), max(every, default=1.0)
    room = (most - least) or 1.0
    base = alt.Chart(alt.InlineData(records)).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelOverlap=False, labelLimit=180))
    )
    across = alt.X(
        "low:Q", axis=None, scale=alt.Scale(domain=[least - room * 0.05, most + room * 0.6], nice=False, zero=False)
    )
    drawn = (
        base.mark_rule(color=LIGHT["bar"], strokeWidth=3).encode(x=across, x2="high:Q")
        + base.mark_point(color=LIGHT["bar"], filled=True, size=90, opacity=1).encode(x="value:Q")
        + base.mark_text(align="left", dx=8, fontSize=14, color=LIGHT["text"]).encode(x="high:Q", text="end:N")
    )
    if even_at is not None:
        line = alt.Chart(alt.InlineData([{"even": even_at}])).mark_rule(
            color=LIGHT["text"], strokeDash=[4, 4], strokeWidth=1, opacity=0.6
        )
        drawn = line.encode(x="even:Q") + drawn
    return dressed(drawn.properties(height=alt.Step(26)), LIGHT)


def weeks(points: Sequence[tuple[str, float | None]], *, dark: bool) -> Any:
    """One line over time; a week for which nothing was reported breaks the line and is not drawn as 0."""
    import altair as alt

    colours = DARK if dark else LIGHT
    records = [{"week": week, "value": value} for week, value in points]
    step = max(1, len(points) // 6)
    line = alt.Chart(alt.InlineData(records)).encode(
        x=alt.X(
            "week:O",
            title=None,
            sort=None,
            axis=alt.Axis(values=[week for week, _ in points[::step]], labelAngle=0, labelOverlap=True, grid=False),
        ),
        y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=True)),
    )
    drawn = line.mark_line(color=colours["bar"], strokeWidth=3, invalid="break-paths-show-domains") + line.mark_point(
        color=colours["bar"], filled=True, size=60, invalid="filter"
    )
    return dressed(drawn.properties(height=260), colours)


def dressed(chart: Any, colours: dict[str, str]) -> Any:
    """Streamlit's own theme draws axis words at 3.7:1; this holds 4.5:1 on light and dark."""
    return (
        chart.configure_axis(
            labelColor=colours["text"], labelFontSize=14, gridColor=colours["grid"], domainColor=colours["grid"],
            tickColor=colours["grid"], titleColor=colours["text"],
        )
        .configure_legend(labelColor=colours["text"], labelFontSize=14, labelLimit=0)
        .configure_view(strokeWidth=0)
    )  # fmt: skip

"""The line of a figure over weeks that breaks where it was counted in another way: what is not comparable is not joined."""

from typing import Any

from insights.charts import DARK, LIGHT, dressed
from insights.reach_series import Series


def series_chart(one: Series, *, dark: bool) -> Any:
    """A line a segment: solid by the definition in force, dashed by those before; a week without a figure is a gap."""
    import altair as alt

    colours = DARK if dark else LIGHT
    names = [f"{week.day} {week:%b}" for week in one.weeks]
    shown = dict(zip(one.weeks, names, strict=True))
    latest = one.segments[-1].source if one.segments else None
    records: list[dict[str, Any]] = [
        {"week": shown[point.week], "value": point.value, "line": number, "n": point.n,
         "how": "in force" if segment.source == latest else "before"}
        for number, segment in enumerate(one.segments) for point in segment.points
    ]  # fmt: skip
    step = max(1, len(names) // 6)
    base = alt.Chart(alt.InlineData(records)).encode(
        x=alt.X(
            "week:O", title=None, sort=None, scale=alt.Scale(domain=names),
            axis=alt.Axis(values=names[::step], labelAngle=0, labelOverlap=True, grid=False),
        ),
        y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(format=",d")),
        detail="line:N",
    )  # fmt: skip
    dash = alt.StrokeDash("how:N", legend=None, scale=alt.Scale(domain=["in force", "before"], range=[[1, 0], [6, 4]]))
    line = base.mark_line(color=colours["bar"], strokeWidth=3).encode(strokeDash=dash)
    dots = base.mark_point(color=colours["bar"], filled=True, size=60, opacity=1)
    return dressed((line + dots).properties(height=260), colours)

"""Shares week by week, each with its interval: what may be chance has to be seen."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from insights.charts import DARK, LIGHT, dressed
from insights.sentiment import Sentiment


def weekly_chart(weeks: Sequence[date], rows: Sequence[Sentiment], *, dark: bool) -> Any:
    """The critical share of each week as a dot on the line of its 95 % interval.  weeks: the axis, with those of which
    nothing can be told; rows: of single weeks, in any order."""
    import altair as alt

    colours = DARK if dark else LIGHT
    names = {week.isoformat(): f"{week.day} {week:%b}" for week in weeks}
    records = [
        {"week": names[row.group], "value": row.shares["negative"].estimate, "low": row.shares["negative"].low,
         "high": row.shares["negative"].high}
        for row in rows if row.shares and not row.few and row.group in names
    ]  # fmt: skip
    axis = list(names.values())
    base = alt.Chart(alt.InlineData(records)).encode(
        x=alt.X("week:O", title=None, sort=None, scale=alt.Scale(domain=axis),
                axis=alt.Axis(values=axis[:: max(1, len(axis) // 6)], labelAngle=0, labelOverlap=True, grid=False)),
    )  # fmt: skip
    scale = alt.Scale(domain=[0, 1])
    rules = base.mark_rule(color=colours["bar"], strokeWidth=3, opacity=0.6).encode(
        y=alt.Y("low:Q", title=None, scale=scale, axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])),
        y2="high:Q",
    )
    dots = base.mark_point(color=colours["bar"], filled=True, size=80, opacity=1).encode(
        y=alt.Y("value:Q", scale=scale)
    )
    return dressed((rules + dots).properties(height=240), colours)

"""The charts of pages; they stand in `insights.charts`, since reports draw the same."""

from insights.charts import (
    DARK,
    LIGHT,
    MOODS,
    Bar,
    bars,
    shares,
    spec,
    weeks,
)

__all__ = [
    "DARK",
    "LIGHT",
    "MOODS",
    "Bar",
    "bars",
    "shares",
    "spec",
    "weeks",
]

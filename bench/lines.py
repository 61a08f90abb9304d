"""One figure of the bench as it is printed: the value, its goal, whether it was met, and what stands beside it."""

from dataclasses import dataclass
from math import isnan

LESS = ("s", "ms", "%", "x late", "wrong")
"""Units of which less is better."""


@dataclass(frozen=True)
class Line:
    """One figure.  goal: the most, for a unit of LESS, or the least; None where there is none. A value that
    is no number makes a line that only says something.

    reference: what a plain program of the same run took, None where there is no fair one."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    reference_name: str = ""
    reference: float | None = None

    @property
    def met(self) -> bool:
        if self.goal is None:
            return True
        return self.value < self.goal if self.unit in LESS else self.value > self.goal

    def __str__(self) -> str:
        if isnan(self.value):
            return self.name
        digits = 0 if self.unit == "" else 2
        goal = "" if self.goal is None else f"goal {'<' if self.unit in LESS else '>'} {self.goal:g} {self.unit}"
        verdict = "" if self.goal is None else "met" if self.met else "MISSED"
        beside = "" if self.reference is None else f"{self.reference_name}: {self.reference:.2f} {self.unit}"
        return f"{self.name:<50} {self.value:>8.{digits}f} {self.unit:<8} {goal:<12} {verdict:<7} {beside}".rstrip()

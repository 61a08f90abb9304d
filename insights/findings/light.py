"""Findings on whether light posts help serious ones, with the check that would give away another reason."""

from insights.findings.base import Finding, Mark, two_places
from insights.light_serious import Estimate, LightSerious

METHOD = "docs/methods/light-and-serious.md"


def light(found: LightSerious) -> list[Finding]:
    """One candidate for followers and one for the reach of later appeals; the check before them is told with both."""
    return [
        _one(found, one, name, even_at)
        for one, name, even_at in ((found.followers, "followers", 0.0), (found.reach, "reach", 1.0))
        if one.chance is not None
    ]


def _one(found: LightSerious, one: Estimate, name: str, even_at: float) -> Finding:
    shown = [other for other in ((one, found.before) if name == "reach" else (one,)) if other.estimate is not None]
    check = f" {found.before.sentence}" if name == "reach" and found.before.sentence else ""
    return Finding(
        key=f"light {name}", kind="light", sentence=one.sentence, n=one.n_with + one.n_without,
        counted="appeals" if name == "reach" else "weeks",
        substance="more" if (one.estimate or 0.0) > even_at else "less",
        headings=("What", "Unit", "With more light posts", "Without", "Estimate", "95% interval from", "to"),
        rows=tuple(
            (other.name, other.unit, other.n_with, other.n_without,
             *(two_places(value) for value in (other.estimate, other.low, other.high)))
            for other in (found.followers, found.reach, found.before)
        ),
        chart="ranges",
        marks=tuple(
            Mark(other.name, other.estimate or 0.0, f"{other.estimate:.2f}", other.n_with, other.low, other.high)
            for other in shown
        ),
        measure=f"{one.name}, {one.unit}, with 95% interval; the dashed line is no difference",
        limits=f"It cannot say: {' '.join(found.cannot)}{check}",
        method=METHOD, link_params={"i_part": "Light and serious", "i_period": "Last 12 months"},
        # What shows before the light posts as well has another reason: it is no finding, and counts as a test made.
        chance=1.0 if name == "reach" and found.before.is_clear else one.chance, even_at=even_at,
    )  # fmt: skip

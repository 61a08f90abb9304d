"""What posts came to, in plain sentences that figures bear out: worked out daily, one told each week.

Like is held against like (M10). Groups under five posts are not compared (M09), missing-person appeals never (R11).
Over all comparisons made together, chance alone brings any finding in at most 5 % of cases. A finding says what was seen
and what it cannot say, never what caused it (M14)."""

from insights.findings.base import Finding, Mark
from insights.findings.gathering import work_out
from insights.findings.keeping import finding_of_the_week, findings_now, keep_findings, told_at
from insights.findings.of_areas import areas_told, findings_of_areas, keep_area_findings

__all__ = [
    "Finding",
    "Mark",
    "areas_told",
    "finding_of_the_week",
    "findings_now",
    "findings_of_areas",
    "keep_area_findings",
    "keep_findings",
    "told_at",
    "work_out",
]

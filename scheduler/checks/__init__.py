"""What must be right about a post before residents see it: one small module per family, each finding cites its rule.

Checks are pure. They run at planning, so that people can mend a post, and again at the moment of publishing."""

from scheduler.checks.accessibility import check_accessibility
from scheduler.checks.base import Finding, MediaFact, Subject
from scheduler.checks.length import check_length

FAMILIES = (check_accessibility, check_length)


def run_checks(subject: Subject) -> list[Finding]:
    """Everything that the checks have to say about one post on one account, most serious first; [] when all is well."""
    found = [finding for family in FAMILIES for finding in family(subject)]
    return sorted(found, key=lambda finding: finding.level != "block")


__all__ = ["FAMILIES", "Finding", "MediaFact", "Subject", "run_checks"]

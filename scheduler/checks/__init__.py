"""What must be right about a post before residents see it: one small module per family, each finding cites its rule.

Checks are pure: a post in, findings out. They run at planning, so that people can mend a post, at approval, and again
at the moment of publishing."""

from collections.abc import Iterable

from scheduler.checks.accessibility import check_accessibility
from scheduler.checks.base import LEVELS, Finding, Level, MediaFact, OtherPost, Subject
from scheduler.checks.hashtags import check_hashtags
from scheduler.checks.length import check_length
from scheduler.checks.links import check_links
from scheduler.checks.missing import check_missing
from scheduler.checks.personal_data import check_personal_data
from scheduler.checks.pictures import check_pictures
from scheduler.checks.politics import check_politics
from scheduler.checks.proceedings import check_proceedings
from scheduler.checks.repeats import check_repeats
from scheduler.checks.reporting_line import check_reporting_line
from scheduler.checks.style import check_style
from scheduler.checks.suspects import check_suspects
from scheduler.checks.victims import check_victims
from scheduler.checks.welsh import check_welsh
from scheduler.checks.wording import check_wording

FORM = (check_accessibility, check_length)
"""What a post must have to be planned at all: a file of posts is not taken in without it."""
FORM_CODES = frozenset(
    {
        "ALT_MISSING",
        "ALT_TOO_LONG",
        "CAPTIONS_MISSING",
        "NOTHING_TO_SAY",
        "PICTURE_TOO_BIG",
        "TOO_LONG",
        "TOO_MANY_PICTURES",
    }
)
WORDS = (
    check_proceedings,
    check_suspects,
    check_victims,
    check_missing,
    check_reporting_line,
    check_welsh,
    check_hashtags,
    check_personal_data,
    check_links,
    check_pictures,
    check_politics,
    check_wording,
    check_style,
    check_repeats,
)
FAMILIES = FORM + WORDS


def run_checks(subject: Subject) -> list[Finding]:
    """Everything that the checks have to say about one post on one account, most serious first; [] when all is well."""
    found = [finding for family in FAMILIES for finding in family(subject)]
    return sorted(found, key=lambda finding: LEVELS.index(finding.level))


def flags_of(findings: Iterable[Finding]) -> list[str]:
    """Codes of the findings that stop a post, each once, in their order."""
    return list(dict.fromkeys(finding.code for finding in findings if finding.level == "block"))


__all__ = [
    "FAMILIES",
    "FORM",
    "FORM_CODES",
    "LEVELS",
    "WORDS",
    "Finding",
    "Level",
    "MediaFact",
    "OtherPost",
    "Subject",
    "flags_of",
    "run_checks",
]

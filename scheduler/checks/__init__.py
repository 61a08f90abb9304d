"""What must be right about a post before residents see it: one small module per family, each finding cites its rule.

Checks are pure: a post in, findings out. They run at planning, so that people can mend a post, at approval, and again
at the moment of publishing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from scheduler.checks.accessibility import check_accessibility
from scheduler.checks.alerts import check_alerts
from scheduler.checks.base import LEVELS, About, AlertFact, Finding, Level, MediaFact, OtherPost, Subject
from scheduler.checks.children import check_children
from scheduler.checks.complainants import check_complainants
from scheduler.checks.hashtags import check_hashtags
from scheduler.checks.house import check_house
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
from scheduler.checks.suspects import check_descriptions, check_suspects
from scheduler.checks.tone import check_tone
from scheduler.checks.wanted import check_wanted
from scheduler.checks.welsh import check_welsh
from scheduler.checks.wording import check_wording
from scheduler.content_types import ContentType

FORM_CODES = frozenset(
    {
        "ALERT_AREA",
        "ALERT_NOBODY",
        "ALERT_SUBJECT",
        "ALERT_TOPIC",
        "ALT_MISSING",
        "ALT_TOO_LONG",
        "CAPTIONS_MISSING",
        "NOTHING_TO_SAY",
        "PARTS_ALIKE",
        "PICTURE_TOO_BIG",
        "TOO_LONG",
        "TOO_MANY_PARTS",
        "TOO_MANY_PICTURES",
    }
)
OF_WORDS = frozenset(
    {"proceedings", "suspects", "descriptions", "complainants", "children", "missing", "wanted", "hashtags", "personal_data",
     "links", "politics", "tone", "wording", "style"}
)  # fmt: skip
"""Families that look at what is said; the others ask for something of a post as a whole."""
Family = Callable[[Subject], Iterator[Finding]]
FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "accessibility": check_accessibility,
        "length": check_length,
        "alerts": check_alerts,
        "proceedings": check_proceedings,
        "suspects": check_suspects,
        "descriptions": check_descriptions,
        "complainants": check_complainants,
        "children": check_children,
        "missing": check_missing,
        "wanted": check_wanted,
        "reporting_line": check_reporting_line,
        "welsh": check_welsh,
        "hashtags": check_hashtags,
        "personal_data": check_personal_data,
        "links": check_links,
        "pictures": check_pictures,
        "politics": check_politics,
        "tone": check_tone,
        "wording": check_wording,
        "style": check_style,
        "house": check_house,
        "repeats": check_repeats,
    }
)
"""Every family by the name that content types know it by (`content_types.CHECKS`), in the order in which they run."""


def run_checks(subject: Subject) -> list[Finding]:
    """Everything that the checks have to say about one post on one account, most serious first; [] when all is well.

    The post's kind says which families apply, and which findings a force takes more seriously than the rules do."""
    kind = subject.kind
    found = [_as_the_force_wants(kind, finding) for name in kind.checks for finding in FAMILIES[name](subject)]
    if subject.alert is not None and subject.alert.subject.strip():
        found += _about_the_heading(subject, subject.alert.subject)
    return sorted(found, key=lambda finding: LEVELS.index(finding.level))


def _about_the_heading(subject: Subject, heading: str) -> list[Finding]:
    """What the checks of words say about an alert's subject, which residents read before anything else."""
    kind = subject.kind
    alone = replace(subject, text=heading, media=(), link=None, alert=None)
    found = [finding for name in kind.checks if name in OF_WORDS for finding in FAMILIES[name](alone)]
    return [replace(_as_the_force_wants(kind, one), column="alert_subject") for one in found]


def _as_the_force_wants(kind: ContentType, finding: Finding) -> Finding:
    """With the level that the force's configuration raises it to for this kind."""
    wanted: Level = "block" if finding.code in kind.blocks else "needs_approval"
    named = finding.code in kind.blocks or finding.code in kind.asks
    if not named or LEVELS.index(finding.level) <= LEVELS.index(wanted):
        return finding
    return replace(finding, level=wanted)


def flags_of(findings: Iterable[Finding]) -> list[str]:
    """Codes of the findings that stop a post, each once, in their order."""
    return list(dict.fromkeys(finding.code for finding in findings if finding.level == "block"))


__all__ = [
    "FAMILIES",
    "FORM_CODES",
    "LEVELS",
    "About",
    "AlertFact",
    "Finding",
    "Level",
    "MediaFact",
    "OtherPost",
    "Subject",
    "flags_of",
    "run_checks",
]

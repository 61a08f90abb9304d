"""Does an appeal say how to reach the police (R15)? In English and in Welsh the numbers are the same."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject
from scheduler.content_types import CONTENT_TYPES

_CRIMESTOPPERS = re.compile(r"(?<!\d)0\s?800[\s.-]*555[\s.-]*111(?!\d)|(?<!\d)\(?0800\)?[\s.-]*555[\s.-]*111(?!\d)")
_101 = re.compile(
    r"(?<![\d£:.,/-])101(?![\d%:]|[.,/-]\d|\s?(?:bus|year|mile|people|things|ways|cars|bikes|vehicles|days))"
    r"|(?i:\bone[- ]oh?[- ]one\b)|(?<![\d-])1-0-1(?![\d-])|(?<!\d)1 0 1(?!\d)"
)
_999 = re.compile(
    r"(?<![\d£:.,/-])999(?![\d%:]|[.,/-]\d)|(?i:\bnine[- ]nine[- ]nine\b)|(?<![\d-])9-9-9(?![\d-])|(?<!\d)9 9 9(?!\d)"
)
_ASKS = re.compile(
    r"\b(?:quot(?:e|ing)|dashcam|did you see|have you seen|do you recognise|any information|"
    r"witnesses|welsoch chi|gan ddyfynnu|unrhyw wybodaeth)\b",
    re.IGNORECASE,
)
LINE = (
    "To report a crime call 101 or use our website. In an emergency always call 999. "
    "Crimestoppers is anonymous on 0800 555 111."
)
MISSING_LINE = "If you see them now call 999. With other information call 101."


def reporting_line(rules_of: str) -> str:
    """The whole line for a kind of post.  rules_of: key of the built-in kind whose rules it follows."""
    return MISSING_LINE if rules_of == "appeal_missing" else LINE


def check_reporting_line(subject: Subject) -> Iterator[Finding]:
    """REPORT_LINE: an appeal lacks 101, 999 or, unless a person is missing, Crimestoppers.

    REPORT_LINE_HELPS: another kind of post asks for information and names no number."""
    there = {
        "101": _101.search(subject.text),
        "999": _999.search(subject.text),
        "0800 555 111": _CRIMESTOPPERS.search(subject.text),
    }
    kind = CONTENT_TYPES.get(subject.rules_of)
    if kind is not None and kind.appeal:
        missing_person = kind.key == "appeal_missing"
        asked = ["101", "999"] if missing_person else list(there)
        absent = [number for number in asked if not there[number]]
        if absent:
            yield Finding(
                "REPORT_LINE",
                "block",
                "R15",
                f"The appeal does not name {_listed(absent)}, so people who know something cannot tell where to turn. "
                f"Add: {reporting_line(kind.key)}",
                "text",
            )
    elif (
        subject.rules_of not in ("appeal_closed", "court_result", "recognition")
        and not any(there.values())
        and (asks := _ASKS.search(subject.text))
    ):
        yield Finding(
            "REPORT_LINE_HELPS",
            "advise",
            "R15",
            f"'{asks[0]}' asks residents for information, and no number to ring is named. Consider adding 101, 999 "
            "and Crimestoppers 0800 555 111.",
            "text",
            asks.span(),
        )


def _listed(numbers: list[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} or {numbers[-1]}"

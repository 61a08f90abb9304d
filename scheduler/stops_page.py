"""The page 'What Beatline stops, and why', made from the rules themselves: docs/stops.md, and a page of the app.

`make docs` writes it anew (`python -m scheduler.stops_page`); a test holds it to the code."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from scheduler.checks.codes import CODES
from scheduler.content_types import BUILT_IN, ContentType
from scheduler.hold_kinds import KINDS, HoldKind

PAGE = Path(__file__).resolve().parent.parent / "docs" / "stops.md"

INTRO = """Every post is checked when it is planned, shown with what was found when it is approved, and checked again at
the moment it is to go out, since the stage of a case, a hold or a serious incident may have come since. Each finding
names its rule, the words, why it matters and what to do. The rules are those of [rules.md](rules.md); how well the
checks do is told in [checks.md](checks.md)."""
LEVELS = (
    ("block", "It cannot be planned, approved or sent. A file of posts is taken in, its report names the row, and the "
     "row is refused when it is due, with the reason."),
    ("needs_approval", "Corporate communications must approve it, whatever its kind (R41)."),
    ("advise", "Shown, and stops nothing."),
)  # fmt: skip
BESIDES = (
    ("It was not approved as it stands", "R41", "An approval covers one exact version: every edit of words, pictures, "
     "descriptions, accounts, area or link ends it.", "Send it for approval again."),
    ("Whoever approved it wrote or changed it", "R17", "Nobody approves their own post, and whoever changed it is one "
     "of its authors.", "Ask somebody else to approve it."),
    ("It missed its time by more than its kind allows", "R42", "A late post misleads: it is held for a new time, or "
     "lapses when its moment has passed.", "Give it a new time."),
    ("It was approved after its time", "R42", "It must not fire at once.", "Give it a new time."),
    ("A hold is in force", "R37", "See the kinds of hold below.", "Wait for the release; then each post is confirmed "
     "again, and nothing goes out late by itself."),
    ("The account is paused", "R31", "Its credentials, its network or a person stopped it.", "See Accounts and health."),
    ("A file is not there, or the network takes no such file", "", "It would go out incomplete.", "Add the file, or "
     "take it away."),
    ("Nobody knows whether it went out", "", "Sent again it could appear twice.", "Wait for the look at the network, "
     "or decide by hand."),
)  # fmt: skip
"""What stops a post besides the checks: what, rule, why, what to do."""

WHEN_LATE = {"go": "goes out", "ask": "held for a person", "lapse": "lapses"}


def code_rows() -> list[tuple[str, ...]]:
    """code, levels, rule, what, why, what to do."""
    return [(code, one.level.replace("_", " "), one.rule, one.what, one.why, one.todo) for code, one in CODES.items()]


def hold_rows() -> list[tuple[str, ...]]:
    """kind, name, rule, what it stops, what it lets through."""
    return [(kind.value, facts.label, facts.rule, facts.stops, facts.passes) for kind, facts in KINDS.items()]


def kind_rows(kinds: Iterable[ContentType]) -> list[tuple[str, ...]]:
    """key, name, approval, lateness, holds that stop it, ranked, checks that do not apply."""
    return [
        (kind.key, kind.label, kind.approval, _late(kind), _stopped_by(kind), "yes" if kind.ranked else "never (R11)",
         ", ".join(sorted(kind.leaves_out)).replace("_", " ") or "none")
        for kind in kinds
    ]  # fmt: skip


def _late(kind: ContentType) -> str:
    minutes = kind.late_after // timedelta(minutes=1)
    return f"{WHEN_LATE[kind.when_late]} after {minutes} min" if kind.when_late != "go" else "goes out"


def _stopped_by(kind: ContentType) -> str:
    return ", ".join(KINDS[hold].label.lower() for hold in HoldKind if hold not in kind.passes)


CODE_HEADINGS = ("code", "level", "rule", "what", "why it matters", "what to do")
BESIDES_HEADINGS = ("what", "rule", "why it matters", "what to do")
HOLD_HEADINGS = ("kind", "name", "rule", "what it stops", "what it lets through")
KIND_HEADINGS = ("content type", "name", "approval", "when late", "stopped by", "ranked", "checks left out")


def page() -> str:
    """The whole page as Markdown."""
    parts = [
        "# What Beatline stops, and why",
        "<!-- Made by `make docs` from the rules in the code. Change them there. -->",
        INTRO,
        "\n".join(f"- **{level}**: {words}" for level, words in LEVELS),
        "## What the checks find",
        _table(CODE_HEADINGS, [(f"`{row[0]}`", *row[1:]) for row in code_rows()]),
        "## What stops a post besides",
        _table(BESIDES_HEADINGS, BESIDES),
        "## Holds",
        "One switch stops everything in an area but what the kind of hold and the kind of post allow.",
        _table(HOLD_HEADINGS, [(f"`{row[0]}`", *row[1:]) for row in hold_rows()]),
        "## Kinds of post",
        "As Beatline brings them. A force may make each stricter, and add its own "
        "([content-types.md](content-types.md)).",
        _table(KIND_HEADINGS, [(f"`{row[0]}`", *row[1:]) for row in kind_rows(BUILT_IN.values())]),
    ]
    return "\n\n".join(parts) + "\n"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

"""Brings in a file of awareness days: all rows or none, every problem named by its row; a second time changes nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlmodel import Session, select

from scheduler.awareness import KINDS, LONGEST, STATUSES, TONES, AwarenessDay, evidence_of
from scheduler.awareness_rules import Rule, parse_rule
from social.audit import record
from social.context import Context
from social.csv_file import Row, digest_of, read_rows
from social.errors import InputError, Problem
from social.near_words import suggestion
from social.staff import Action, Person, require

COLUMNS: dict[str, str] = {
    "key": "what commands call it; a row with the same key is the same day",
    "name": "what people call it",
    "kind": "day, week, month, season or sensitive",
    "rule": "when it falls",
    "duration_days": "how many days, the first one counted",
    "status": "how sure the rule is: " + ", ".join(STATUSES),
    "evidence_dates": "known start dates, parted by ;, that the rule must give",
    "tone": "serious, mixed, light, solemn or neutral",
    "scope": "where it is kept",
    "hashtag": "hashtag to use",
    "source": "where the dates were found",
    "note": "what to mind",
}
_NEEDED = ("key", "name", "kind", "rule", "duration_days", "status", "tone")


@dataclass(frozen=True)
class AwarenessReport:
    """rows: read.  added, changed, unchanged: how many of them."""

    rows: int
    added: int
    changed: int
    unchanged: int


def import_awareness(context: Context, path: Path, person: Person) -> AwarenessReport:
    """Take every row of the file into the calendar. Days that it does not name stay, and so do dates typed in.

    Raises NotAllowed, or InputError with every problem of every row; then the calendar is as before."""
    rows = read_rows(path, needed=_NEEDED, known=tuple(COLUMNS))
    days, problems = [], list(_repeated(rows))
    for row in rows:
        day, found = _read(row)
        problems += found
        days.append(day)
    with context.database.write() as session:
        require(session, person, Action.KEEP_CALENDAR)
        if problems:
            raise InputError(*sorted(problems, key=lambda problem: problem.row or 0))
        added, changed = _keep(session, days)
        record(
            session,
            context.clock.now(),
            actor=person,
            action="import awareness days",
            subject=("calendar", "awareness"),
            after={"added": len(added), "changed": changed, "file": digest_of(path)},
        )
    return AwarenessReport(len(days), len(added), len(changed), len(days) - len(added) - len(changed))


def _keep(session: Session, days: list[AwarenessDay]) -> tuple[list[str], list[str]]:
    """Keys that were added, and that were changed."""
    known = {day.key: day for day in session.exec(select(AwarenessDay))}
    added, changed = [], []
    for day in days:
        there = known.get(day.key)
        said = day.model_dump(exclude={"id"})
        if there is None:
            session.add(day)
            added.append(day.key)
        elif there.model_dump(exclude={"id"}) != said:
            there.sqlmodel_update(said)
            session.add(there)
            changed.append(day.key)
    return added, changed


def _read(row: Row) -> tuple[AwarenessDay, list[Problem]]:
    """A row as a day, and everything that is wrong with it."""
    problems = [
        Problem("It is empty. Fill it in.", row.number, column) for column in ("key", "name") if not row[column]
    ]
    if row["key"] and not re.fullmatch(r"[a-z0-9_]+", row["key"]):
        problems.append(Problem("A key has small letters, digits and '_' only.", row.number, "key"))
    for column, known in (("kind", KINDS), ("status", STATUSES), ("tone", TONES)):
        if row[column] not in known:
            message = f"'{row[column]}' is not known. {suggestion(row[column], known)}"
            problems.append(Problem(message, row.number, column))
    if not re.fullmatch(r"[1-9]\d{0,2}", row["duration_days"], re.ASCII) or int(row["duration_days"]) > LONGEST:
        message = f"'{row['duration_days']}' is no number of days. Give 1 to {LONGEST}; the first day counts."
        problems.append(Problem(message, row.number, "duration_days"))
    problems += _rule_problems(row)
    if row["hashtag"] and not re.fullmatch(r"#\w+", row["hashtag"]):
        problems.append(Problem("A hashtag is '#' and one word.", row.number, "hashtag"))
    days = int(row["duration_days"]) if not problems else 1
    day = AwarenessDay(
        key=row["key"],
        name=row["name"],
        kind=row["kind"],
        rule=row["rule"],
        duration_days=days,
        status=row["status"],
        evidence_dates=row["evidence_dates"],
        tone=row["tone"],
        scope=row["scope"],
        hashtag=row["hashtag"],
        source=row["source"],
        note=row["note"],
    )
    return day, problems


def _rule_problems(row: Row) -> Iterator[Problem]:
    rule: Rule | None = None
    try:
        rule = parse_rule(row["rule"])
    except InputError as error:
        yield Problem(str(error), row.number, "rule")
    parts = [part for part in row["evidence_dates"].split(";") if part]
    wrong = [part for part in parts if not _is_evidence(part)]
    for part in wrong:
        yield Problem(f"'{part}' is no date. Write 2026-03-13, or 2026-03 for a month.", row.number, "evidence_dates")
    if rule is None or wrong:
        return
    if rule.announced != (row["status"] == "announced"):
        message = "The rule 'announced' and the status 'announced' belong together. Correct one of them."
        yield Problem(message, row.number, "status")
    if not rule.announced:
        for known in evidence_of(row["evidence_dates"]):
            given = [day for day, _ in rule.dates(known.year)]
            if known not in given:
                said = " and ".join(str(day) for day in given) or "no date"
                message = (
                    f"It began on {known}, and the rule gives {said} for {known.year}. Correct the rule or the date."
                )
                yield Problem(message, row.number, "evidence_dates")


def _is_evidence(text: str) -> bool:
    try:
        date.fromisoformat(text if len(text) == len("2026-01-01") else f"{text}-01")
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text, re.ASCII) is not None


def _repeated(rows: list[Row]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for row in rows:
        if row["key"] and row["key"] in first:
            message = f"Row {first[row['key']]} has the same key '{row['key']}'. Give each its own."
            yield Problem(message, row.number, "key")
        first.setdefault(row["key"], row.number)

"""Brings the register of community pages in from a file: all rows or none, every problem named; a second time changes
what the file changed and adds nothing twice, since a page is known by its address."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session, select

from social.audit import record
from social.community_pages import PageInput, keep_page, same_page
from social.context import Context
from social.csv_file import Row, digest_of, read_rows
from social.dry_run import DryRun
from social.errors import InputError, Problem
from social.places import Place
from social.populations import area_meant
from social.profiles import PAGE_CHANNELS, CommunityPage
from social.staff import Action, Person, require

COLUMNS: dict[str, str] = {
    "area": "name of the area that the page serves",
    "name": "what the page calls itself",
    "channel": f"where it is: {', '.join(PAGE_CHANNELS)}",
    "address": "web address of the page; a second import knows it by this",
    "followers": "followers or members; nothing where it is not known",
    "read_on": "day on which they were read, as 2026-11-02",
    "kind": "force, division, section, team or neighbourhood, where several areas have the name",
    "within": "an area that it lies in, where several areas have the name",
}
NEEDED = ("area", "name", "channel", "address")


@dataclass(frozen=True)
class PagesReport:
    """rows: read.  added, changed, same: what came of them."""

    rows: int
    added: int
    changed: int
    same: int


def import_pages(context: Context, path: Path, person: Person, *, dry_run: bool = False) -> PagesReport:
    """Take every page of the file into the register. Pages that it does not name stay.

    dry_run: find every problem and keep nothing.  Raises NotAllowed, or InputError with every problem of every row."""
    rows = read_rows(path, needed=NEEDED, known=tuple(COLUMNS))
    report = PagesReport(0, 0, 0, 0)
    try:
        with context.database.write() as session:
            require(session, person, Action.KEEP_PROFILES)
            report = _keep(session, context.clock.now(), person, rows)
            record(session, context.clock.now(), actor=person, action="import community pages",
                   after={"added": report.added, "changed": report.changed, "file": digest_of(path)})  # fmt: skip
            if dry_run:
                raise DryRun
    except DryRun:
        pass
    return report


def _keep(session: Session, now: datetime, person: Person, rows: list[Row]) -> PagesReport:
    places = {place.id or 0: place for place in session.exec(select(Place))}
    problems, met = list[Problem](), dict[str, int]()
    added = changed = same = 0
    for row in rows:
        wrong = list(_wrong(row, met))
        area = area_meant(Row(row.number, {**row.cells, "name": row["area"]}), places) if row["area"] else None
        if isinstance(area, Problem):
            wrong.append(replace(area, column="area"))
        if wrong or not isinstance(area, Place):
            problems += wrong or [Problem("It is empty. Fill it in.", row.number, "area")]
            continue
        given = PageInput(area.id or 0, row["channel"].lower(), row["name"], row["address"],
                          int(row["followers"]) if row["followers"] else None,
                          date.fromisoformat(row["read_on"]) if row["read_on"] else None)  # fmt: skip
        try:
            known = same_page(session, given.address)
            if known is not None and _says_the_same(known, given):
                same += 1
                continue
            keep_page(session, now, person, given, page_id=known.id if known else None,
                      version=known.version if known else None, row=row.number)  # fmt: skip
            added, changed = added + (known is None), changed + (known is not None)
        except InputError as error:
            problems += [one if one.row else replace(one, row=row.number) for one in error.problems]
    if problems:
        raise InputError(*problems)
    return PagesReport(len(rows), added, changed, same)


def _wrong(row: Row, met: dict[str, int]) -> Iterator[Problem]:
    """What cannot be read of the row; everything else is found where pages are kept."""
    if row["followers"] and not (
        row["followers"].isascii() and row["followers"].isdigit() and len(row["followers"]) <= 9
    ):
        yield Problem("It is no whole number. Write it without signs, or leave it empty.", row.number, "followers")
    if row["read_on"]:
        try:
            date.fromisoformat(row["read_on"])
        except ValueError:
            yield Problem("It is no day. Write it as 2026-11-02.", row.number, "read_on")
    address = row["address"].rstrip("/").casefold()
    if address and address in met:
        yield Problem(f"Row {met[address]} has the same address. Keep one of the two.", row.number, "address")
    met.setdefault(address, row.number)


def _says_the_same(known: CommunityPage, given: PageInput) -> bool:
    was = (known.place_id, known.channel, known.name, known.followers, known.followers_on, known.active)
    says = (given.place_id, given.channel, given.name, given.followers, given.followers_on, True)
    return was == says

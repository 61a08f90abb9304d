"""Writes members and what they chose into a CSV file that `residents_import` reads again. Who took it is on record."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence

from sqlmodel import Session, col, func, select

from social.alerts.contacts import contact_of
from social.alerts.residents import Resident, ResidentArea, ResidentGroup, ResidentState, ResidentTopic
from social.alerts.residents_csv import COLUMNS, Areas, written
from social.alerts.wishes import Preferences
from social.audit import record
from social.context import Context
from social.csv_file import csv_cell
from social.exports import EXPORT
from social.staff import Action, Person, require

BATCH = 1000


def export_residents(
    context: Context, person: Person, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> tuple[str, int]:
    """Every confirmed member as CSV text, in the order they joined, and how many they are.

    No cell is run as a formula by a spreadsheet.  progress: called with how many are done, and how many there are.
    Raises NotAllowed."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    done = 0
    with context.database.read() as session:
        require(session, person, Action.KEEP_RESIDENTS)
        areas = Areas(session)
        members = select(func.count()).where(Resident.state == ResidentState.CONFIRMED.value)
        total = session.exec(members).one()
        for residents in _batches(session):
            chosen = _chosen(session, residents)
            for one in residents:
                cells = written(contact_of(context.vault, one), chosen[one.id or 0], areas, one.consent_at,
                                one.consent_source, checked=one.phone_checked_at is not None)  # fmt: skip
                writer.writerow([csv_cell(cell) for cell in cells])
            done += len(residents)
            progress(done, total)
            session.expunge_all()
    with context.database.write() as session:
        require(session, person, Action.KEEP_RESIDENTS)
        record(session, context.clock.now(), actor=person, action=EXPORT, subject=("export", "residents"),
               after={"rows": done})  # fmt: skip
    return file.getvalue(), done


def _batches(session: Session) -> Iterator[Sequence[Resident]]:
    query = select(Resident).where(Resident.state == ResidentState.CONFIRMED.value).order_by(col(Resident.id))
    last = 0
    while found := session.exec(query.where(col(Resident.id) > last).limit(BATCH)).all():
        last = found[-1].id or 0
        yield found


def _chosen(session: Session, residents: Sequence[Resident]) -> dict[int, Preferences]:
    ids = [one.id or 0 for one in residents]
    topics: dict[int, list[str]] = {number: [] for number in ids}
    groups: dict[int, list[str]] = {number: [] for number in ids}
    areas: dict[int, dict[int, float]] = {number: {} for number in ids}
    for topic in session.exec(select(ResidentTopic).where(col(ResidentTopic.resident_id).in_(ids))):
        topics[topic.resident_id].append(topic.topic)
    for group in session.exec(select(ResidentGroup).where(col(ResidentGroup.resident_id).in_(ids))):
        groups[group.resident_id].append(group.group)
    for area in session.exec(select(ResidentArea).where(col(ResidentArea.resident_id).in_(ids))):
        areas[area.resident_id][area.place_id] = area.within_km
    return {
        one.id or 0: Preferences(
            topics=tuple(sorted(topics[one.id or 0])), areas=dict(sorted(areas[one.id or 0].items())),
            groups=tuple(sorted(groups[one.id or 0])), frequency=one.frequency, by_email=one.by_email,
            by_text=one.by_text, lang=one.lang,
            quiet=(one.quiet_from, one.quiet_to) if one.quiet_from is not None and one.quiet_to is not None else None,
        )
        for one in residents
    }  # fmt: skip

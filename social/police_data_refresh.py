"""Reads what was taken in from data.police.uk anew, so that priorities end and change here as they do there (M15).

Once a day where the setting says so, and on demand. No area is added and no name changed by it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from social.audit import record
from social.context import Context
from social.jobs import Job
from social.places import Place
from social.police_data import NotAnswering, NotThere, PoliceData
from social.police_data_areas import PoliceDataArea
from social.police_data_import import Progress, ReadArea, TakenArea, keep_read, read_area
from social.police_data_shapes import PoliceDataTrouble
from social.staff import Action, Person, require

EVERY = timedelta(hours=24)
_AT_ONCE = 20
"""Areas in one run of the job: seven seconds of asking at the service's own limit."""
_MOST_UNREAD = 10
"""Areas with odd answers in one run from which on the service itself is taken to be at fault."""
_HOUR = 3600.0

_log = logging.getLogger("beatline.police_data")


@dataclass(frozen=True)
class Refreshed:
    """areas: read anew.  missing: our names of areas that the service does not know any more.  unread: of those of which it
    answered something that cannot be read; what was known of them stays."""

    areas: tuple[TakenArea, ...]
    missing: tuple[str, ...]
    unread: tuple[str, ...] = ()


def refresh(context: Context, person: Person, data: PoliceData, tell: Progress | None = None) -> Refreshed:
    """Read every joined area anew, now.  Raises NotAllowed, and PoliceDataTrouble when the service cannot be asked."""
    with context.database.read() as session:
        require(session, person, Action.KEEP_PLACES, None)
        joined = _joined(session)
    return _read_and_keep(context, data, joined, person, tell)


def refresh_due(context: Context) -> int:
    """The job: read anew what was last read a day ago or longer, where `police_data_refresh` is on.  Returns how many."""
    if not context.settings.police_data_refresh:
        return 0
    with context.database.read() as session:
        due = _joined(session, before=context.clock.now() - EVERY, most=_AT_ONCE)
    if not due:
        return 0
    try:
        return len(
            _read_and_keep(context, PoliceData(context.settings, context.clock, fresh=True), due, None, None).areas
        )
    except PoliceDataTrouble as error:
        _log.warning("data.police.uk could not be read: %s", error)
        return 0


def _joined(session: Session, *, before: datetime | None = None, most: int | None = None) -> list[PoliceDataArea]:
    query = select(PoliceDataArea).where(col(PoliceDataArea.neighbourhood).is_not(None))
    if before is not None:
        query = query.where(or_(col(PoliceDataArea.read_at).is_(None), col(PoliceDataArea.read_at) <= before))
    return list(session.exec(query.order_by(col(PoliceDataArea.read_at), col(PoliceDataArea.place_id)).limit(most)))


def _read_and_keep(
    context: Context, data: PoliceData, joined: Sequence[PoliceDataArea], person: Person | None, tell: Progress | None
) -> Refreshed:
    """person: who asked for it; None is the job."""
    read: dict[int, ReadArea] = {}
    lost: list[int] = []
    unread: list[int] = []
    for number, one in enumerate(joined):
        if tell is not None:
            tell("Reading data.police.uk", number, len(joined))
        try:
            read[one.place_id] = read_area(data, one.force, one.neighbourhood or "")
        except NotThere:
            lost.append(one.place_id)
        except NotAnswering:
            raise
        except PoliceDataTrouble:
            # One area's odd answer keeps no other from being read, unless nothing but odd answers comes.
            unread.append(one.place_id)
            if len(unread) == len(joined) or len(unread) > _MOST_UNREAD:
                raise
    if tell is not None:
        tell("Reading data.police.uk", len(joined), len(joined))
    with context.database.write() as session:
        if person is not None:
            require(session, person, Action.KEEP_PLACES, None)
        now = context.clock.now()
        areas = [keep_read(session, now, place, read[place.id or 0]) for place in _places(session, list(read))]
        missing, odd = _places(session, lost), _places(session, unread)
        if person is not None:
            after = {"areas": len(areas), "not there": len(missing), "not read": len(odd)}
            record(session, now, actor=person, action="read open data anew", subject=("place", 0), after=after)
        for place in (*missing, *odd):
            # It is not asked for again before tomorrow.
            if (there := session.get(PoliceDataArea, place.id)) is not None:
                there.read_at = now
                session.add(there)
    return Refreshed(tuple(areas), tuple(place.name for place in missing), tuple(place.name for place in odd))


def _places(session: Session, numbers: Sequence[int]) -> list[Place]:
    """Those that are still there and still joined."""
    return [
        place
        for number in numbers
        if (place := session.get(Place, number)) is not None and session.get(PoliceDataArea, number) is not None
    ]


JOBS: tuple[Job, ...] = (Job("police data", _HOUR, refresh_due),)

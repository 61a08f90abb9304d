"""Credit for open data, which goes with every file that holds some (D06: Open Government Licence)."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from social.boundaries import PlaceBoundary
from social.local_events import LocalEvent
from social.places import Place
from social.police_data_areas import SOURCE, PoliceDataArea
from social.priorities import Priority

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
CREDIT = (
    "Contains public sector information from data.police.uk licensed under the Open Government Licence v3.0 "
    f"({LICENCE})."
)


def credit_for(session: Session, place_ids: Collection[int] | None = None) -> str | None:
    """The line to print wherever boundaries, priorities, events, populations or numbers of officers of these areas are
    shown outside a page of ours; None where none of it came from data.police.uk.  place_ids: None for every area."""
    sourced = (
        (col(PlaceBoundary.place_id), col(PlaceBoundary.source)),
        (col(Priority.place_id), col(Priority.source)),
        (col(LocalEvent.place_id), col(LocalEvent.source)),
        (col(Place.id), col(Place.population_source)),
    )
    for place_id, source in sourced:
        query = select(place_id).where(source == SOURCE)
        if session.exec(query if place_ids is None else query.where(place_id.in_(place_ids))).first() is not None:
            return CREDIT
    asked = select(PoliceDataArea.place_id).where(col(PoliceDataArea.contactable).is_not(None))
    within = asked if place_ids is None else asked.where(col(PoliceDataArea.place_id).in_(place_ids))
    return CREDIT if session.exec(within).first() is not None else None

"""Credit for open data, which goes with every file that holds some (D06: Open Government Licence)."""

import re
from collections.abc import Collection

from sqlmodel import Session, col, select

from social.boundaries import PlaceBoundary
from social.local_events import LocalEvent
from social.places import Place
from social.police_data_areas import SOURCE, PoliceDataArea
from social.priorities import Priority
from social.profiles import PlaceLanguage

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
CREDIT = (
    "Contains public sector information from data.police.uk licensed under the Open Government Licence v3.0 "
    f"({LICENCE})."
)
STATISTICS_CREDIT = (
    f"Contains data of the Office for National Statistics licensed under the Open Government Licence v3.0 ({LICENCE})."
)
_STATISTICIANS = re.compile(r"\b(?:ONS|Office for National Statistics|census)\b", re.IGNORECASE)
"""In a source; the censuses of England and Wales are theirs."""


def credit_for(session: Session, place_ids: Collection[int] | None = None) -> str | None:
    """The line to print wherever boundaries, priorities, events, populations, languages or numbers of officers of these
    areas are shown outside a page of ours; None where nothing of it is open data.  place_ids: None for every area."""
    lines = (
        CREDIT if _from_police_data(session, place_ids) else "",
        STATISTICS_CREDIT if _from_statistics(session, place_ids) else "",
    )
    return " ".join(one for one in lines if one) or None


def _from_police_data(session: Session, place_ids: Collection[int] | None) -> bool:
    sourced = (
        (col(PlaceBoundary.place_id), col(PlaceBoundary.source)),
        (col(Priority.place_id), col(Priority.source)),
        (col(LocalEvent.place_id), col(LocalEvent.source)),
        (col(Place.id), col(Place.population_source)),
    )
    for place_id, source in sourced:
        query = select(place_id).where(source == SOURCE)
        if session.exec(query if place_ids is None else query.where(place_id.in_(place_ids))).first() is not None:
            return True
    asked = select(PoliceDataArea.place_id).where(col(PoliceDataArea.contactable).is_not(None))
    within = asked if place_ids is None else asked.where(col(PoliceDataArea.place_id).in_(place_ids))
    return session.exec(within).first() is not None


def _from_statistics(session: Session, place_ids: Collection[int] | None) -> bool:
    """Whether a source of a population or a language, in the words of whoever typed it, names the statisticians."""
    for place_id, source in (
        (col(Place.id), col(Place.population_source)),
        (col(PlaceLanguage.place_id), col(PlaceLanguage.source)),
    ):
        query = select(source).where(source.is_not(None)).distinct()
        told = session.exec(query if place_ids is None else query.where(place_id.in_(place_ids)))
        if any(_STATISTICIANS.search(one or "") for one in told):
            return True
    return False

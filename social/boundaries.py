"""Where an area lies: its boundary as GeoJSON, from a file of the force or from data.police.uk."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlmodel import Field, Session, SQLModel, col, select

from social.database import UTCDateTime


class PlaceBoundary(SQLModel, table=True):
    """The boundary of one area.  geometry: a GeoJSON Polygon or MultiPolygon as JSON text, [longitude, latitude] in
    degrees (WGS 84, RFC 7946).  source: who drew it, such as 'data.police.uk'.  set_at: when it was taken in."""

    __tablename__ = "place_boundary"

    place_id: int = Field(primary_key=True, foreign_key="place.id")
    geometry: str
    source: str
    set_at: datetime = Field(sa_type=UTCDateTime)


def boundaries_of(session: Session, place_ids: Collection[int] | None = None) -> dict[int, dict[str, Any]]:
    """GeoJSON geometry by area, of those that have one; None for every area."""
    query = select(PlaceBoundary.place_id, PlaceBoundary.geometry)
    if place_ids is not None:
        query = query.where(col(PlaceBoundary.place_id).in_(place_ids))
    return {place_id: json.loads(geometry) for place_id, geometry in session.exec(query)}


def boundaries_known(session: Session) -> frozenset[int]:
    """The areas that have one."""
    return frozenset(session.exec(select(PlaceBoundary.place_id)))

"""How far areas lie apart, by their middles: 'within a distance' needs no resident's home (R25)."""

from math import asin, cos, radians, sin, sqrt

from sqlmodel import Session, col, select

from social.places import Place

_EARTH_KM = 6371.0


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """How far apart two points are over ground, in kilometres, to a half per cent; all four in degrees (WGS 84)."""
    north, east = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    chord = sin(north) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(east) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(chord)))


def distances_from(session: Session, place_id: int) -> dict[int, float]:
    """Kilometres from the area's middle to every area's whose middle is known; itself at 0, known or not."""
    here = session.get(Place, place_id)
    found = {place_id: 0.0}
    if here is None or here.lat is None or here.lon is None:
        return found
    known = select(Place.id, Place.lat, Place.lon).where(col(Place.lat).is_not(None), col(Place.lon).is_not(None))
    for other, lat, lon in session.exec(known):
        if other is not None and lat is not None and lon is not None and other != place_id:
            found[other] = kilometres(here.lat, here.lon, lat, lon)
    return found


def places_near(session: Session, place_id: int, km: float) -> set[int]:
    """The area, and those whose middles lie no farther than that from its own; it alone where its middle is unknown."""
    return {other for other, away in distances_from(session, place_id).items() if away <= km}

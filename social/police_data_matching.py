"""Which of our areas each neighbourhood of data.police.uk is: what was said before, else its name. What is not certain is
left to a person."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlmodel import Session, col, select

from social.context import Context
from social.places import Place, PlaceKind, force_name, list_places, places_within, same_name
from social.police_data import NotThere, PoliceData
from social.police_data_areas import PoliceDataArea
from social.police_data_shapes import Named

_NO_MATTER = re.compile(r"\b(?:safer|neighbourhoods?|policing|teams?|snt|npt|and)\b|[^\w\s]", re.IGNORECASE)


@dataclass(frozen=True)
class Offer:
    """One neighbourhood of the service.  place_id: our area that it is, None where nobody can tell.

    how: 'known' (joined before), 'name', 'alike' (the same but for signs and words such as 'team'), 'middle' (the
    middle of ours lies in it) or 'unknown'.
    candidates: our areas that it might be, by number, where there are several."""

    key: str
    name: str
    place_id: int | None
    how: str
    candidates: tuple[int, ...] = ()


def our_force(session: Session, force: str, name: str | None) -> Place | None:
    """The force of ours that the service's is: the one joined to it, else the one of that name, else the only one there
    is.  None where there is no force yet, or nobody can tell which of several."""
    joined = select(PoliceDataArea).where(PoliceDataArea.force == force, col(PoliceDataArea.neighbourhood).is_(None))
    if (known := session.exec(joined).first()) is not None:
        return session.get(Place, known.place_id)
    forces = list_places(session, PlaceKind.FORCE)
    named = [one for one in forces if name is not None and force_name(one.name) == force_name(name)]
    found = named or forces
    return found[0] if len(found) == 1 else None


def match_areas(session: Session, force: str, listed: Sequence[Named], top_id: int | None) -> list[Offer]:
    """An offer for each neighbourhood, in the service's order.  top_id: our force; None for none yet.

    No area of ours is offered for two of them."""
    joined = select(PoliceDataArea).where(PoliceDataArea.force == force, col(PoliceDataArea.neighbourhood).is_not(None))
    known = {one.neighbourhood: one.place_id for one in session.exec(joined)}
    free = [place for place in _leaves(session, top_id) if place.id not in known.values()]
    offers = [_offer(one, known, free) for one in listed]
    taken = [one.place_id for one in offers if one.place_id is not None]
    return [
        Offer(one.key, one.name, None, "unknown", (one.place_id,))
        if one.place_id is not None and taken.count(one.place_id) > 1
        else one
        for one in offers
    ]


def offers_for(context: Context, data: PoliceData, force: Named) -> tuple[int | None, list[Offer]]:
    """Number of our force, None for none yet, and an offer for each neighbourhood that the service has of it.

    Where names leave some open, the service is asked in which of them the middles of our other areas lie."""
    listed = data.neighbourhoods(force.id)
    with context.database.read() as session:
        top = our_force(session, force.id, force.name)
        top_id = top.id if top is not None else None
        offers = match_areas(session, force.id, listed, top_id)
        left = _middles_left(session, top_id, offers)
    where: dict[int, str] = {}
    for place_id, middle in left.items():
        with suppress(NotThere):
            found, key = data.locate(*middle)
            if found == force.id:
                where[place_id] = key
    return top_id, [_by_middle(one, where) for one in offers]


def _middles_left(session: Session, top_id: int | None, offers: Sequence[Offer]) -> dict[int, tuple[float, float]]:
    """Middles of our areas that are offered for nothing, where there is something that they might be."""
    if all(one.place_id is not None for one in offers):
        return {}
    taken = {one.place_id for one in offers}
    return {
        place.id or 0: (place.lat, place.lon)
        for place in _leaves(session, top_id)
        if place.id not in taken and place.lat is not None and place.lon is not None
    }


def _by_middle(one: Offer, where: Mapping[int, str]) -> Offer:
    """The offer with our area where one alone has its middle there; with several they are what it might be."""
    inside = tuple(place_id for place_id, key in where.items() if key == one.key)
    if one.place_id is not None or not inside:
        return one
    if len(inside) == 1:
        return Offer(one.key, one.name, inside[0], "middle")
    return Offer(one.key, one.name, None, "unknown", tuple(dict.fromkeys((*one.candidates, *inside))))


def choosable(session: Session, top_id: int | None) -> dict[int, str]:
    """Our teams and neighbourhoods by number, each with what it lies in, for a person to choose from."""
    names = {place.id: place.name for place in list_places(session)}
    return {place.id or 0: f"{place.name} ({place.kind} in {names.get(place.parent_id, 'nothing')})"
            for place in _leaves(session, top_id)}  # fmt: skip


def _leaves(session: Session, top_id: int | None) -> list[Place]:
    if top_id is None:
        return []
    kinds = [PlaceKind.NEIGHBOURHOOD.value, PlaceKind.TEAM.value]
    inside = select(Place).where(col(Place.id).in_(places_within(top_id)), col(Place.kind).in_(kinds))
    return list(session.exec(inside.order_by(Place.name, col(Place.id))))


def _offer(one: Named, known: dict[str | None, int], free: Sequence[Place]) -> Offer:
    if one.id in known:
        return Offer(one.id, one.name, known[one.id], "known")
    for how, form in (("name", same_name), ("alike", _bare)):
        found = [place for place in free if form(place.name) == form(one.name)]
        # A neighbourhood goes before the team of the same name that it lies in.
        local = [place for place in found if place.kind == PlaceKind.NEIGHBOURHOOD] or found
        if len(local) == 1:
            return Offer(one.id, one.name, local[0].id, how)
        if found:
            return Offer(one.id, one.name, None, "unknown", tuple(place.id or 0 for place in found))
    return Offer(one.id, one.name, None, "unknown")


def _bare(name: str) -> str:
    """A name without signs, 'and' and words for what sort of area it is; the whole name where nothing else is left."""
    bare = " ".join(_NO_MATTER.sub(" ", same_name(name)).split())
    return bare or same_name(name)

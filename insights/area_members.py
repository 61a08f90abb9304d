"""How many members of the alert service chose an area or one beneath it, so that no number gives away a hidden one (R27).

Whoever reads the profiles of an area and of all that lies in it can subtract. So an area's number is shown only where what
is left after that is nobody, or five people and more in two parts at least."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlmodel import Session, col

from social.alerts.resident_counts import FEW
from social.alerts.residents import Resident, ResidentArea, ResidentState
from social.places import Place, places_within


def members_of(session: Session, place_id: int) -> int | None:
    """Confirmed members who chose the area or one beneath it, each once; None where that is not to be shown."""
    number = col(Place.id)
    places = session.connection().execute(
        select(number, col(Place.parent_id)).where(number.in_(places_within(place_id)))
    )
    beneath: dict[int, list[int]] = defaultdict(list)
    for one, parent in places:
        if one is not None and parent is not None and one != place_id:
            beneath[parent].append(one)
    chosen = (
        select(col(ResidentArea.place_id), func.count(func.distinct(col(ResidentArea.resident_id))))
        .join(Resident, col(Resident.id) == col(ResidentArea.resident_id))
        .where(
            col(ResidentArea.place_id).in_(places_within(place_id)),
            col(Resident.state) == ResidentState.CONFIRMED.value,
        )
    )
    own = {row[0]: int(row[1]) for row in session.connection().execute(chosen.group_by(col(ResidentArea.place_id)))}
    if unknown_parts(place_id, beneath, own) is not None:
        return None
    each_once = chosen.with_only_columns(func.count(func.distinct(col(ResidentArea.resident_id))))
    return int(session.connection().execute(each_once).scalar_one())


def unknown_parts(place_id: int, beneath: Mapping[int, Sequence[int]], own: Mapping[int, int]) -> list[int] | None:
    """None where the area's number may be shown; else the sizes of the parts of it that no shown number covers.

    beneath: area -> the areas right beneath it, a tree.  own: area -> people who chose that very area.  Pure."""
    parts = [own[place_id]] if own.get(place_id) else []
    for child in beneath.get(place_id, ()):
        parts += unknown_parts(child, beneath, own) or []
    shown = not parts or min(parts) >= FEW or (len(parts) > 1 and sum(parts) >= FEW)
    return None if shown else parts

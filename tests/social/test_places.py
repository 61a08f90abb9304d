"""The force's own map."""

from social.context import Context
from social.places import Place, PlaceKind, find_or_add_place, list_places, place_choices, places_within


def test_a_place_is_added_once(context: Context) -> None:
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        first = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD, force)
        again = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD, force)
    assert first.id == again.id


def test_the_same_name_under_another_parent_or_of_another_kind_is_another_place(context: Context) -> None:
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        east = find_or_add_place(session, "East", PlaceKind.SECTION, force)
        west = find_or_add_place(session, "West", PlaceKind.SECTION, force)
        ids = {
            find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD, east).id,
            find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD, west).id,
            find_or_add_place(session, "Copperbeck", PlaceKind.TEAM, east).id,
        }
    assert len(ids) == 3


def test_places_are_listed_by_name_and_by_kind(context: Context) -> None:
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        for name in ("Stonemere", "Copperbeck", "Hexley Moor"):
            find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD, force)
    with context.database.read() as session:
        named = [place.name for place in list_places(session, PlaceKind.NEIGHBOURHOOD)]
        everything = [place.name for place in list_places(session)]
    assert named == ["Copperbeck", "Hexley Moor", "Stonemere"]
    assert everything == [*named, "Woldershire Police"]


def test_a_population_that_nobody_gave_is_unknown_and_not_nought(context: Context) -> None:
    """D09: rates per 1,000 residents are hidden where the population is unknown."""
    with context.database.write() as session:
        place = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD)
    assert (place.population, place.population_year, place.population_source) == (None, None, None)


def test_a_place_holds_itself_and_everything_beneath_it(context: Context) -> None:
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        team = find_or_add_place(session, "Hexley", PlaceKind.TEAM, force)
        moor = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD, team)
        other = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD, force)
        assert all(place.id is not None for place in (force, team, moor, other))

        def within(place: Place) -> set[int | None]:
            return set(session.exec(places_within(place.id or 0)))

        assert within(force) == {force.id, team.id, moor.id, other.id}
        assert within(team) == {team.id, moor.id}
        assert within(moor) == {moor.id}


def test_a_place_that_was_made_its_own_ancestor_ends_the_walk(context: Context) -> None:
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        team = find_or_add_place(session, "Hexley", PlaceKind.TEAM, force)
        force.parent_id = team.id
        session.flush()
        assert set(session.exec(places_within(team.id or 0))) == {force.id, team.id}


def test_choices_name_the_largest_first_and_say_what_holds_others(context: Context) -> None:
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD, force)
        find_or_add_place(session, "Hexley", PlaceKind.TEAM, force)
        assert list(place_choices(session).values()) == ["Woldershire Police (force)", "Hexley (team)", "Copperbeck"]

"""'Within a distance' is between the middles of areas; where one is unknown an area is near itself alone (R25)."""

from pathlib import Path

import pytest

from social.alerts.near import distances_from, kilometres, places_near
from social.context import Context
from social.errors import InputError
from social.operators import KEEPER, acting
from social.places import places_named
from social.places_import import import_teams

pytestmark = pytest.mark.sqlite_only
TEAMS = """division,section,team,lat,lon
North,Vale,Hexley Moor,53.000,-1.700
North,Vale,Copperbeck,53.000,-1.640
North,Vale,Nether Skelby,53.200,-1.700
North,Vale,Elderwick,,
"""


def take(context: Context, tmp_path: Path, text: str) -> int:
    file = tmp_path / "teams.csv"
    file.write_text(text, encoding="utf-8")
    return import_teams(context, file, acting(context, KEEPER), force="Woldershire Police").middles


def test_areas_are_near_by_their_middles(context: Context, tmp_path: Path) -> None:
    assert take(context, tmp_path, TEAMS) == 3
    assert take(context, tmp_path, TEAMS) == 0
    with context.database.read() as session:
        ids = {name: places_named(session, name)[0].id or 0
               for name in ("Hexley Moor", "Copperbeck", "Nether Skelby", "Elderwick")}  # fmt: skip
        here = ids["Hexley Moor"]
        assert places_near(session, here, 5) == {here, ids["Copperbeck"]}
        assert places_near(session, here, 3) == {here}
        assert places_near(session, ids["Elderwick"], 50) == {ids["Elderwick"]}
        assert distances_from(session, here)[ids["Nether Skelby"]] == pytest.approx(22.2, abs=0.1)


def test_a_degree_is_as_long_as_it_is() -> None:
    assert kilometres(53, -1, 54, -1) == pytest.approx(111.2, rel=0.005)
    assert kilometres(60, 0, 60, 1) == pytest.approx(55.8, rel=0.005)
    assert kilometres(53, -1, 53, -1) == 0


def test_half_a_middle_and_degrees_that_are_none_are_named(context: Context, tmp_path: Path) -> None:
    wrong = TEAMS.replace("53.000,-1.700", "53.000,").replace("53.200,-1.700", "93.2,west")
    with pytest.raises(InputError) as caught:
        take(context, tmp_path, wrong)
    assert [(one.row, one.column) for one in caught.value.problems] == [(1, "lon"), (3, "lat"), (3, "lon")]

"""A force's own map from a file of teams, and residents from another."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import col, select
from typer.testing import CliRunner

import app
from scheduler.inputs import PostInput
from scheduler.writing import find_place
from social.audit import AuditRecord
from social.context import Context
from social.errors import InputError, NotAllowed
from social.operators import KEEPER, acting
from social.places import Place, PlaceKind, find_or_add_place, same_name
from social.places_import import Move, TeamsReport, import_teams
from social.staff import Membership, Person, Role, find_or_add_person

EXAMPLES = Path(__file__).parents[2] / "examples"
TEAMS, POPULATIONS = EXAMPLES / "teams.csv", EXAMPLES / "populations.csv"
FORCE = "Woldershire Police"
Problems = list[tuple[int | None, str | None, str]]


def file_of(tmp_path: Path, *rows: str, header: str = "division,section,team") -> Path:
    path = tmp_path / "teams.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def paths(context: Context) -> dict[str, int]:
    """Every area as 'force > division > ...', with its number."""
    with context.database.read() as session:
        places = {place.id: place for place in session.exec(select(Place))}

    def path(place: Place) -> str:
        above = places.get(place.parent_id)
        return f"{path(above)} > {place.name}" if above is not None else place.name

    return {path(place): place.id or 0 for place in places.values()}


def recorded(context: Context, action: str) -> list[AuditRecord]:
    with context.database.read() as session:
        rows = select(AuditRecord).where(AuditRecord.action == action).order_by(col(AuditRecord.seq))
        return list(session.exec(rows))


def refused(bring_in: Callable[[], object]) -> Problems:
    with pytest.raises(InputError) as raised:
        bring_in()
    return [(problem.row, problem.column, problem.message) for problem in raised.value.problems]


@pytest.fixture
def filled(context: Context, keeper: Person) -> Context:
    import_teams(context, TEAMS, keeper, force=FORCE)
    return context


def test_the_sample_comes_in_letter_by_letter_and_a_second_time_adds_nothing(context: Context, keeper: Person) -> None:
    report = import_teams(context, TEAMS, keeper, force=FORCE)
    assert report == TeamsReport(FORCE, 12, 2, 4, 12, (), (), 0, ())
    with TEAMS.open(encoding="utf-8", newline="") as file:
        printed = [" > ".join([FORCE, row["division"], row["section"], row["team"]]) for row in csv.DictReader(file)]
    before = paths(context)
    assert set(printed) <= set(before)
    assert len(before) == 1 + 2 + 4 + 12
    assert import_teams(context, TEAMS, keeper) == TeamsReport(FORCE, 12, 0, 0, 0, (), (), 0, ())
    assert paths(context) == before


def test_a_file_as_other_programs_save_it_is_the_same_file(filled: Context, keeper: Person, tmp_path: Path) -> None:
    """A byte order mark, line ends of Windows, capitals, spaces, curly apostrophes: nothing new comes of them."""
    before, text = paths(filled), TEAMS.read_text(encoding="utf-8")
    text = text.replace("division,section,team,spelling_note", " Division , SECTION,Team,Spelling Note")
    text = text.replace("St. Oswin's", "St. Oswin\u2019s").replace("Nether Skelby", "  NETHER\u00a0 Skelby ")
    path = tmp_path / "saved.csv"
    path.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    assert import_teams(filled, path, keeper, force="woldershire") == TeamsReport(FORCE, 12, 0, 0, 0, (), (), 0, ())
    assert paths(filled) == before


@pytest.mark.sqlite_only
@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_file_in_another_encoding_is_refused_in_a_sentence(
    context: Context, keeper: Person, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "teams.csv"
    path.write_bytes("division,section,team\nNorth,Oakenford,Café Row & St. Oswin\u2019s\n".encode(encoding))
    ((_, _, said),) = refused(lambda: import_teams(context, path, keeper, force=FORCE))
    assert "teams.csv" in said
    assert "Save it again as CSV (UTF-8)." in said
    assert paths(context) == {}


def test_every_problem_is_named_by_row_and_column_and_nothing_is_kept(
    context: Context, keeper: Person, tmp_path: Path
) -> None:
    path = file_of(
        tmp_path,
        "North,Oakenford,Marlpit End",
        "North,,Copperbeck",
        "North,Oakenford,MARLPIT END",
        f"North,Oakenford,{'x' * 201}",
        "North,Oakenford,Mill\u200bside",
    )
    assert refused(lambda: import_teams(context, path, keeper, force=FORCE)) == [
        (2, "section", "It is empty. Fill it in."),
        (3, "team", "Row 1 names the same team. Keep one of the two."),
        (4, "team", "It has 201 letters; a name has 200 at most."),
        (5, "team", "It holds a sign that cannot be seen. Type the name again."),
    ]
    assert paths(context) == {}
    assert recorded(context, "import teams") == []


def test_a_column_that_is_missing_or_not_known_is_named(context: Context, keeper: Person, tmp_path: Path) -> None:
    path = file_of(tmp_path, "North,Oakenford,Marlpit End", header="division,sectoin,team")
    unknown, missing = refused(lambda: import_teams(context, path, keeper, force=FORCE))
    assert unknown[1] == "sectoin"
    assert "Did you mean 'section'?" in unknown[2]
    assert missing[1] == "section"


def test_a_team_that_lies_elsewhere_by_now_is_told_and_moved_only_when_asked(
    filled: Context, keeper: Person, tmp_path: Path
) -> None:
    before = paths(filled)
    text = TEAMS.read_text(encoding="utf-8").replace("Stonemere,Copperbeck", "Skelby,Copperbeck")
    path = tmp_path / "teams.csv"
    path.write_text(text + "South Division,Skelby,Brand New,\n", encoding="utf-8")
    ((row, column, said),) = refused(lambda: import_teams(filled, path, keeper))
    assert (row, column) == (8, "team")
    assert "'Copperbeck' lies in 'Stonemere', and the file has it in 'Skelby'. Add --move" in said
    assert paths(filled) == before
    report = import_teams(filled, path, keeper, move=True)
    assert (report.moved, report.teams) == ((Move("team", "Copperbeck", "Stonemere", "Skelby"),), 1)
    moved = paths(filled)[f"{FORCE} > South Division > Skelby > Copperbeck"]
    assert moved == before[f"{FORCE} > South Division > Stonemere > Copperbeck"]
    (kept,) = recorded(filled, "move area")
    old, new = before[f"{FORCE} > South Division > Stonemere"], before[f"{FORCE} > South Division > Skelby"]
    assert (kept.actor, kept.subject_id) == (KEEPER, str(moved))
    assert (json.loads(kept.before or ""), json.loads(kept.after or "")) == ({"parent": old}, {"parent": new})
    assert import_teams(filled, path, keeper).moved == ()


def test_a_section_moves_with_all_that_lies_in_it(filled: Context, keeper: Person, tmp_path: Path) -> None:
    before = paths(filled)
    path = tmp_path / "teams.csv"
    text = TEAMS.read_text(encoding="utf-8").replace("South Division,Skelby", "North Division,Skelby")
    path.write_text(text, encoding="utf-8")
    ((row, column, _),) = refused(lambda: import_teams(filled, path, keeper))
    assert (row, column) == (10, "section")
    report = import_teams(filled, path, keeper, move=True)
    assert report.moved == (Move("section", "Skelby", "South Division", "North Division"),)
    assert {name.replace("North Division > Skelby", "South Division > Skelby") for name in paths(filled)} == set(before)
    assert set(paths(filled).values()) == set(before.values())


def test_two_teams_of_one_name_are_two_teams_and_nobody_guesses_which_of_them_moved(
    context: Context, keeper: Person, tmp_path: Path
) -> None:
    both = ("North,Oakenford,Rural", "North,Hexley,Rural")
    report = import_teams(context, file_of(tmp_path, *both), keeper, force=FORCE)
    assert (report.teams, report.shared) == (2, ("Rural",))
    third = import_teams(context, file_of(tmp_path, *both, "North,Skelby,Rural"), keeper)
    assert (third.sections, third.teams, third.moved) == (1, 1, ())
    path = file_of(tmp_path, "North,Stonemere,Rural")
    ((row, column, said),) = refused(lambda: import_teams(context, path, keeper, move=True))
    assert (row, column) == (1, "team")
    assert said.startswith("3 areas called 'Rural' are kept elsewhere")


def test_a_neighbourhood_that_a_post_brought_in_becomes_the_team_and_keeps_its_number(
    context: Context, keeper: Person
) -> None:
    """One name, one area: what was posted about it stays with it."""
    with context.database.write() as session:
        force = find_or_add_place(session, FORCE, PlaceKind.FORCE)
        loose = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD, force)
    report = import_teams(context, TEAMS, keeper)
    assert (report.teams, report.taken_over, report.shared) == (11, ("Copperbeck",), ())
    assert paths(context)[f"{FORCE} > South Division > Stonemere > Copperbeck"] == loose.id
    with context.database.read() as session:
        assert session.get_one(Place, loose.id).kind == PlaceKind.TEAM


def test_a_post_that_names_a_team_is_about_the_team_and_adds_no_area(filled: Context) -> None:
    before = paths(filled)
    with filled.database.write() as session:
        given = PostInput("event", "Come along.", (), place="St. Oswin's & St. Hilda's", force=FORCE)
        place = find_place(session, given)
        assert place is not None
        assert place.kind == PlaceKind.TEAM
    assert paths(filled) == before


def test_a_post_that_names_a_section_and_its_neighbourhood_is_about_the_neighbourhood(context: Context) -> None:
    with context.database.write() as session:
        force = find_or_add_place(session, FORCE, PlaceKind.FORCE)
        section = find_or_add_place(session, "Stonemere", PlaceKind.SECTION, force)
        meant = find_or_add_place(session, "Stonemere", PlaceKind.NEIGHBOURHOOD, section)
        found = find_place(session, PostInput("event", "Come along.", (), place="stonemere", force=FORCE))
        assert found is not None
        assert found.id == meant.id
    assert len(paths(context)) == 3


def test_which_force_it_is_has_to_be_said_unless_there_is_one(context: Context, keeper: Person) -> None:
    ((_, _, said),) = refused(lambda: import_teams(context, TEAMS, keeper))
    assert said == "Say whose teams these are with --force NAME."
    for name in (FORCE, "Heddlu Dyffryn Police"):
        assert import_teams(context, TEAMS, keeper, force=name).teams == 12
    ((_, _, said),) = refused(lambda: import_teams(context, TEAMS, keeper))
    assert "Heddlu Dyffryn Police, Woldershire Police" in said


def test_a_dry_run_says_the_same_and_keeps_nothing(context: Context, keeper: Person) -> None:
    tried = import_teams(context, TEAMS, keeper, force=FORCE, population=POPULATIONS, dry_run=True)
    assert paths(context) == {}
    assert recorded(context, "import teams") == []
    assert import_teams(context, TEAMS, keeper, force=FORCE, population=POPULATIONS) == tried


def test_the_map_is_changed_by_those_who_look_after_it_for_the_whole_force(filled: Context, keeper: Person) -> None:
    """R17: what lies below what decides who may do what, so nobody changes it from inside an area."""
    with filled.database.write() as session:
        author = find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR)
        corporate = find_or_add_person(session, "joel.marsh@woldershire.example", Role.CORPORATE)
        bound = find_or_add_person(session, "rhian.cole@woldershire.example", Role.ADMINISTRATOR)
        place = session.exec(select(Place).where(Place.name == "Skelby")).one()
        session.add(Membership(person_id=bound.id or 0, place_id=place.id or 0))
    for person in (author, bound):
        with pytest.raises(NotAllowed):
            import_teams(filled, TEAMS, person, dry_run=True)
    import_teams(filled, TEAMS, corporate)
    assert [row.actor for row in recorded(filled, "import teams")] == [KEEPER, corporate.email]


def test_residents_are_set_with_year_and_source_and_nought_or_nothing_is_unknown(
    filled: Context, keeper: Person, tmp_path: Path
) -> None:
    """D09."""
    assert import_teams(filled, TEAMS, keeper, population=POPULATIONS).populations == 4
    assert import_teams(filled, TEAMS, keeper, population=POPULATIONS).populations == 0

    def of(name: str) -> tuple[int | None, int | None, str | None]:
        with filled.database.read() as session:
            place = session.exec(select(Place).where(Place.name == name)).one()
        return place.population, place.population_year, place.population_source

    assert of("Marlpit End") == (8100, 2024, "invented for practice")
    assert of("Nether Skelby") == of("Stonemere Town Centre") == (None, None, None)
    path = tmp_path / "residents.csv"
    path.write_text("Name,Population,Year,Source\nmarlpit end,0,2026,\n", encoding="utf-8")
    assert import_teams(filled, TEAMS, keeper, population=path).populations == 1
    assert of("Marlpit End") == (None, None, None)
    assert len(recorded(filled, "set populations")) == 2


def test_every_problem_of_a_file_of_residents_is_named_and_no_team_is_kept_either(
    context: Context, keeper: Person, tmp_path: Path
) -> None:
    path = tmp_path / "residents.csv"

    def problems(*rows: str) -> list[tuple[int | None, str | None]]:
        path.write_text("\n".join(["name,population,year,source,kind,within", *rows]), encoding="utf-8")
        found = refused(lambda: import_teams(context, TEAMS, keeper, force=FORCE, population=path))
        assert all("(population file)" in said for _, _, said in found)
        return [(row, column) for row, column, _ in found]

    assert problems("Copperbeck,-4,2024,census,,", "Copperbeck,many,2024,census,,", "Copperbeck,9700,,,,",
                    "Copperbeck,9700,2031,census,town,", ",5,2024,census,,") == [
        (1, "population"), (2, "population"), (3, "year"), (3, "source"), (4, "kind"), (4, "year"), (5, "name")
    ]  # fmt: skip
    assert problems("Coperbeck,9700,2024,census,,", "Copperbeck,9700,2024,census,section,",
                    "Copperbeck,9700,2024,census,,Skelby", "Copperbeck,9700,2024,census,,Stonemere",
                    "Copperbeck,9701,2024,census,team,") == [(1, "name"), (2, "name"), (3, "name"), (5, "name")]  # fmt: skip
    assert paths(context) == {}


def test_of_several_areas_of_one_name_the_file_of_residents_says_which(
    context: Context, keeper: Person, tmp_path: Path
) -> None:
    teams = file_of(tmp_path, "North,Oakenford,Rural", "North,Hexley,Rural", "North,Hexley,Hexley")
    path = tmp_path / "residents.csv"
    header = "name,population,year,source,kind,within"
    path.write_text(f"{header}\nRural,900,2024,census,,\n", encoding="utf-8")
    ((_, _, said),) = refused(lambda: import_teams(context, teams, keeper, force=FORCE, population=path))
    assert "a team in Oakenford, a team in Hexley" in said
    rows = "Rural,900,2024,census,,oakenford", "Hexley,7000,2024,census,Section,", "Hexley,800,2024,census,team,"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    assert import_teams(context, teams, keeper, force=FORCE, population=path).populations == 3
    with context.database.read() as session:
        known = {(p.name, p.kind): p.population for p in session.exec(select(Place)) if p.population is not None}
        (rural,) = session.exec(select(Place).where(Place.population == 900))
        assert session.get_one(Place, rural.parent_id).name == "Oakenford"
    assert known == {("Rural", "team"): 900, ("Hexley", "section"): 7000, ("Hexley", "team"): 800}


@pytest.mark.sqlite_only
def test_the_command_says_what_came_in_and_in_whose_name(
    context: Context, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(app, "_open", lambda _settings: context)

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(
            app.build_cli(), ["--home", str(context.settings.home), "import", "teams", *arguments]
        )
        assert done.exit_code == 0, done.stderr
        return done.stdout

    tried = json.loads(run(str(TEAMS), "--force", FORCE, "--dry-run", "--json"))
    assert (tried["teams"], tried["dry_run"], paths(context)) == (12, True, {})
    assert run(str(TEAMS), "--force", FORCE, "--population", str(POPULATIONS)).startswith(
        "12 rows read for Woldershire Police; added: 2 divisions, 4 sections, 12 teams. Populations that changed: 4."
    )
    path = file_of(tmp_path, "South Division,Skelby,Copperbeck")
    said = run(str(path), "--move", "--by", acting(context, "joel.marsh@woldershire.example").email)
    assert "The team 'Copperbeck' moved from 'Stonemere' to 'Skelby'." in said
    assert recorded(context, "move area")[0].actor == "joel.marsh@woldershire.example"


def test_names_that_differ_in_capitals_spaces_or_apostrophes_alone_are_one() -> None:
    assert same_name(" St.  Oswin\u2019s ") == same_name("ST. OSWIN'S") != same_name("St Oswins")

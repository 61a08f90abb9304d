"""`beatline check`: one object a row, without an account and without a database."""

import csv
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import app
from social.errors import InputError

SAMPLE = Path(__file__).parents[2] / "examples" / "posts.csv"


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setenv("BEATLINE_HOME", str(tmp_path / "home"))
    return app.build_cli()


def checked(cli: typer.Typer, file: Path) -> tuple[int, list[dict[str, object]]]:
    result = CliRunner().invoke(cli, ["check", str(file), "--json"])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def posts(path: Path, *rows: str, header: str = "post_id,content_type,channel,scheduled_local,text") -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_the_sample_posts_get_exactly_their_flags(cli: typer.Typer, tmp_path: Path) -> None:
    code, objects = checked(cli, SAMPLE)
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        labelled = [
            (row["post_id"], set(filter(None, row["expected_flags"].split(";")))) for row in csv.DictReader(file)
        ]
    assert code == 1
    assert [(row["post_id"], set(row["flags"])) for row in objects] == labelled  # type: ignore[call-overload]
    assert [row["row"] for row in objects] == list(range(1, 41))
    assert set(objects[0]) == {"row", "post_id", "flags", "findings"}
    assert not (tmp_path / "home").exists()


def test_each_finding_has_its_fields(cli: typer.Typer, tmp_path: Path) -> None:
    """R32."""
    code, (row,) = checked(cli, posts(tmp_path / "p.csv", "P1,event,x,,See you there. #openday"))
    assert code == 1
    (finding,) = row["findings"]  # type: ignore[misc]
    assert set(finding) == {"code", "level", "rule", "span", "message"}
    assert (finding["code"], finding["level"], finding["rule"], finding["span"]) == (
        "HASHTAG_CASE",
        "block",
        "R32",
        [15, 23],
    )


def test_a_file_with_nothing_but_advice_ends_well(cli: typer.Typer, tmp_path: Path) -> None:
    file = posts(
        tmp_path / "p.csv",
        "P1,event,facebook,2026-06-01T10:00,Bike marking at the hall today from ten until one.",
        "P2,event,facebook,2026-06-02T10:00,Bike marking at the hall today from ten until one!",
    )
    code, (first, second) = checked(cli, file)
    assert code == 0
    assert first["flags"] == second["flags"] == first["findings"] == []
    assert [finding["code"] for finding in second["findings"]] == ["REPEATS"]  # type: ignore[attr-defined]


def test_the_networks_own_limits_are_known_without_an_account(cli: typer.Typer, tmp_path: Path) -> None:
    long = "word " * 60
    file = posts(
        tmp_path / "p.csv", f"P1,event,x,,{long}", f"P2,event,facebook,,{long}", f"P3,event,smart_alert,,{long}"
    )
    assert [row["flags"] for row in checked(cli, file)[1]] == [["TOO_LONG"], [], []]


def test_what_cannot_be_read_of_a_row_is_said_in_its_object(cli: typer.Typer, tmp_path: Path) -> None:
    """R42."""
    file = posts(
        tmp_path / "p.csv",
        "P1,event,x,2026-03-29T01:30,Spring.",
        "P2,event,x,2026-10-25T01:30,Autumn.",
        "P3,evnt,x,tomorrow,Unknown.",
    )
    spring, autumn, unknown = checked(cli, file)[1]
    assert spring["flags"] == autumn["flags"] == ["TIME"]
    assert unknown["flags"] == ["ROW"]
    assert len(unknown["findings"]) == 2  # type: ignore[arg-type]


def test_a_table_is_printed_for_people(cli: typer.Typer, tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["check", str(posts(tmp_path / "p.csv", "P1,event,x,,See you. #openday"))])
    assert result.exit_code == 1
    assert "1 rows checked; 1 would not go out" in result.stdout
    assert "R32" in result.stdout


def test_a_file_that_is_none_is_refused_as_at_import(cli: typer.Typer, tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["check", str(posts(tmp_path / "p.csv", "1,2", header="what,ever"))])
    assert result.exit_code == 1
    assert isinstance(result.exception, InputError) or "names no column" in result.output

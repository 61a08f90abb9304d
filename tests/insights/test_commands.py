"""`beatline read`, `beatline insights` and `beatline measure-reading`, as typed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import update
from typer.testing import CliRunner

from insights.commands import add_commands, parse_since
from insights.facts import PublicationFacts
from insights.reading.stored import read_new
from social.context import Context
from social.errors import InputError
from social.places import PlaceKind, find_or_add_place

Desk = Any
NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def run(context: Context | None, *arguments: str) -> Any:
    cli = typer.Typer()

    def open_() -> Context:
        assert context is not None, "this command must not open the database"
        return context

    add_commands(cli, open_)
    return CliRunner().invoke(cli, list(arguments))


def test_read_needs_no_database_and_prints_a_summary(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": 1, "text": "Thank you"}\n{"id": 2, "text": "Dzi\\u0119kuj\\u0119"}\n')
    files = ["--in", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl")]
    result = run(None, "read", *files, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {
        "texts": 2,
        "version": "fast-5",
        "labels": {"positive": 1, "unknown": 1},
        "kinds": {"thanks": 2},
        "langs": {"en": 1, "pl": 1},
        "flags": {},
    }
    assert run(None, "read", *files).stdout == "Read 2 texts: 1 positive, 1 unknown.\n"


def test_insights_prints_the_same_figures_as_rows_and_as_json(desk: Desk) -> None:
    desk.publish("event", figures={"reach": 1200, "reactions": 60})
    desk.publish("road_info", channel="x", figures={"impressions": 500})
    [event, road] = json.loads(run(desk.context, "insights", "--json").stdout)
    assert (event["group"], event["reach"], event["engagement_rate"]) == ("event", 1200.0, 0.05)
    assert (road["group"], road["reach"], road["engagement"]) == ("road_info", None, None)
    assert [row["group"] for row in json.loads(run(desk.context, "insights", "--by", "channel", "--json").stdout)] == [
        "facebook",
        "x",
    ]
    shown = run(desk.context, "insights").stdout
    assert "Event" in shown
    assert "–" in shown


def test_since_leaves_out_what_is_older(desk: Desk) -> None:
    desk.publish("event", days=3)
    desk.publish("survey", days=30)
    rows = json.loads(run(desk.context, "insights", "--since", "14d", "--json").stdout)
    assert [row["group"] for row in rows] == ["event"]


def test_nothing_to_show_is_said(desk: Desk) -> None:
    assert "no figures yet" in run(desk.context, "insights").stdout
    assert json.loads(run(desk.context, "insights", "--json").stdout) == []


def test_a_date_means_local_midnight() -> None:
    assert parse_since("2026-05-01", NOW) == datetime(2026, 4, 30, 23, 0, tzinfo=UTC)
    assert parse_since("84d", NOW) == NOW - timedelta(days=84)
    assert parse_since("", NOW) is None


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "999999999999d", "d"])
def test_a_time_that_means_nothing_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="2026-05-01 or 84d"):
        parse_since(text, NOW)


def test_measure_reading_says_when_there_are_too_few_to_tell(desk: Desk) -> None:
    desk.reply(desk.publish(), "Thank you so much")
    read_new(desk.context)
    told = run(desk.context, "measure-reading").stdout
    assert "too few to tell" in told
    rows = json.loads(run(desk.context, "measure-reading", "--json").stdout)["rows"]
    assert {row["aspect"] for row in rows} == {"kind", "stance", "flag"}
    assert [row["recall"] for row in rows] == [None] * len(rows)


def test_one_row_over_all_posts_of_an_area_a_network_and_a_kind(desk: Desk) -> None:
    with desk.context.database.write() as session:
        place = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD)
    desk.publish("event", place_id=place.id, figures={"reach": 1200, "impressions": 3000})
    desk.publish("survey", figures={"reach": 900})
    narrow = ["--area", "Copperbeck", "--channel", "facebook", "--type", "event"]
    [row] = json.loads(run(desk.context, "insights", "--by", "total", *narrow, "--json").stdout)
    assert (row["posts"], row["reach"]) == (1, 1200.0)
    level = json.loads(run(desk.context, "insights", "drill", "--area", "Copperbeck", "--json").stdout)
    assert level["total"] == {
        "posts": 1, "impressions": 3000, "engagement": None, "replies": 0, "answered": 0, "unanswered": 0,
    }  # fmt: skip
    assert "About no area" in run(desk.context, "insights", "drill").stdout


@pytest.mark.parametrize("given", [["--area", "Nowhere"], ["--channel", "fax"], ["--type", "poem"]])
def test_an_area_network_or_kind_that_is_not_known_is_refused(desk: Desk, given: list[str]) -> None:
    result = run(desk.context, "insights", *given)
    assert isinstance(result.exception, InputError)


def test_findings_are_printed_with_their_evidence_or_said_to_be_too_few(desk: Desk) -> None:
    assert "Too few to tell" in run(desk.context, "insights", "findings").stdout
    assert json.loads(run(desk.context, "insights", "findings", "--json").stdout)["findings"] == []


@pytest.mark.sqlite_only
def test_figures_are_rebuilt_from_the_command_line(desk: Desk) -> None:
    desk.publish(figures={"reach": 30})
    with desk.context.database.write() as session:
        session.connection().execute(update(PublicationFacts).values(reach=4000))
    assert json.loads(run(desk.context, "insights", "rebuild", "--json").stdout)["publications"] == 1
    [row] = json.loads(run(desk.context, "insights", "--json").stdout)
    assert row["reach"] == 30.0
    assert run(desk.context, "insights", "rebuild").stdout.startswith("Worked out the figures of 1 publications in ")

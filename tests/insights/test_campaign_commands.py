"""`beatline campaigns`: the same value as the page and the report, in words and as JSON."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from insights.assessment import assess
from insights.campaign_commands import add_commands
from social.campaign_writing import AssessmentInput, write_assessment
from social.context import Context
from tests.social.campaigns import Campaigns

pytestmark = pytest.mark.sqlite_only
NUMBERS = "date,value,area\n" + "".join(
    f"2026-0{month}-{day:02d},{value},{area}\n"
    for area, values in (
        ("campaign", (21, 19, 22, 18, 20, 13, 15, 12, 14, 16)),
        ("comparison", (10, 11, 9, 10, 12) * 2),
    )
    for (month, day), value in zip(
        ((1, 26), (2, 2), (2, 9), (2, 16), (2, 23), (3, 2), (3, 9), (3, 16), (3, 23), (3, 30)), values, strict=True
    )
)


def run(context: Context, *arguments: str) -> str:
    cli = typer.Typer()
    add_commands(cli, lambda: context)
    done = CliRunner().invoke(cli, ["campaigns", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_campaign_is_listed_shown_measured_and_assessed_by_command(context: Context, tmp_path: Path) -> None:
    assert "There is no campaign yet." in run(context, "list")
    campaigns = Campaigns(context)
    number = campaigns.running(comparison_place_id=campaigns.hexley)
    planned = campaigns.plan(None, name="next_one", aim="")
    assert f"{number}: Lock it lights out (running; Copperbeck)" in run(context, "list")
    assert [one["state"] for one in json.loads(run(context, "list", "--json"))["campaigns"]] == ["running", "planned"]
    assert "Before it can be launched it lacks an aim and a measure" in run(context, "show", str(planned))
    (tmp_path / "sheds.csv").write_text(NUMBERS, encoding="utf-8")
    measure = str(campaigns.measure(number))
    assert "20 numbers" in run(context, "numbers", str(number), measure, str(tmp_path / "sheds.csv"))
    write_assessment(context, campaigns.author, number, AssessmentInput("Thefts fell.", other_causes="It rained."))
    with context.database.read() as session:
        found = assess(session, number, context.clock.now())
    assert json.loads(run(context, "assess", str(number), "--json")) == found.as_json()
    assert json.loads(run(context, "show", str(number), "--json")) == found.as_json()
    told = run(context, "assess", str(number))
    assert [line for heading in found.headings for line in heading.lines if line not in told] == []
    assert "\nImpact\n  not measured\n" in told
    assert "Other causes that staff name: It rained." in told

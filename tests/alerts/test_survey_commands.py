"""`beatline surveys`: the list, results for people and for machines, and the file."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import app
from social.alerts.survey_running import close_survey
from social.context import Context
from tests.alerts.surveys import EVERY_KIND, Surveys

pytestmark = pytest.mark.sqlite_only


def run(context: Context, *arguments: str) -> str:
    home = str(context.settings.home)
    done = CliRunner().invoke(app.build_cli(), ["--home", home, "surveys", *arguments], env={"BEATLINE_KEY": "k" * 40})
    assert done.exit_code == 0, done.output
    return done.output


def test_results_are_told_in_words_in_json_and_as_a_file(context: Context, tmp_path: Path) -> None:
    surveys = Surveys(context)
    assert "There is no survey yet." in run(context, "list")
    number = surveys.open(*EVERY_KIND)
    for one in range(18):
        assert surveys.answer(number, one % 3, (0,), (0, 1, 2), 4, "Words of a resident", area=surveys.hexley)
    close_survey(context, surveys.supervisor, number)
    [listed] = json.loads(run(context, "list", "--json"))
    assert (listed["survey"], listed["state"], listed["forms"]) == (number, "closed", 18)
    told = run(context, "results", str(number))
    assert "Hexley Moor, n 18" in told
    assert "Speeding: 6, 33% (16% to 56%)" in told
    assert "At the library: fewer than 5, or hidden" in told
    assert "Patrols: place 1.0 on average (1.0 to 1.0)" in told
    assert "Words of a resident" not in told
    found = json.loads(run(context, "results", str(number), "--json"))
    assert [one["kind"] for one in found["questions"]] == ["single", "multiple", "rank", "scale", "text"]
    assert found["questions"][1]["total"]["answers"][0]["count"] is None
    run(context, "export", str(number), "--out", str(tmp_path / "results.csv"))
    assert "Hexley Moor" in (tmp_path / "results.csv").read_text(encoding="utf-8-sig")

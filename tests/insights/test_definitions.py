"""docs/definitions.md is held to the code: every figure is defined, and what it says of the analyser is measured."""

import csv
import re
from dataclasses import fields
from pathlib import Path

import pytest

from insights.figures import FigureRow
from insights.reading import CURRENT_VERSION, Kind, Stance, default_analyser
from insights.reading.fast import EMERGENCY_FROM
from social.measurements import Metric

PAGE = (Path(__file__).parents[2] / "docs" / "definitions.md").read_text(encoding="utf-8")
SAMPLE = Path(__file__).parent / "data" / "replies.csv"


def test_every_figure_and_every_metric_is_defined() -> None:
    defined = set(re.findall(r"`(\w+)`", "\n".join(line for line in PAGE.splitlines() if line.startswith("| `"))))
    assert {field.name for field in fields(FigureRow)} - {"group", "label"} <= defined
    assert {metric.value for metric in Metric} <= defined


def test_every_kind_and_the_version_are_described() -> None:
    assert f"`{CURRENT_VERSION}`" in PAGE
    assert [kind.value for kind in Kind] == re.findall(
        r"`(\w+)`", PAGE.split("**Kind** is")[1].split("**Language**")[0]
    )
    assert all(stance.value in PAGE for stance in Stance)


def test_the_probability_of_an_emergency_is_the_analysers() -> None:
    assert f"from a probability of {EMERGENCY_FROM} on" in PAGE


@pytest.fixture(scope="module")
def said() -> list[tuple[dict[str, str], str, str]]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    results = default_analyser().read([row["text"] for row in rows])
    return [(row, result.kind.value, result.stance.value) for row, result in zip(rows, results, strict=True)]


def test_the_page_says_how_often_each_kind_is_right(said: list[tuple[dict[str, str], str, str]]) -> None:
    for kind in ("emergency", "lead", "abuse", "complaint", "question", "thanks", "banter"):
        right = sum(row["kind"] == kind == told for row, told, _ in said)
        real = sum(row["kind"] == kind for row, _, _ in said)
        told_so = sum(told == kind for _, told, _ in said)
        assert f"| {kind} | {real} | {right / real:.0%} | {right / told_so:.0%} |".replace("%", " %") in PAGE


def test_the_page_says_how_often_the_stance_is_right(said: list[tuple[dict[str, str], str, str]]) -> None:
    recalls = []
    for stance in ("negative", "neutral", "positive"):
        told = [answer for row, _, answer in said if row["lang"] == "en" and row["sentiment"] == stance]
        recalls.append(sum(answer == stance for answer in told) / len(told))
    words = "Stance: {:.0%} of the negative, {:.0%} of the neutral and {:.0%} of the positive".format(*recalls)
    assert words.replace("%", " %") in PAGE
    assert f"macro-recall {sum(recalls) / 3:.0%}".replace("%", " %") in PAGE

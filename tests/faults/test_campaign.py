"""The fault campaign, small: the same as `make faults`, with seeds that are always the same."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.crash_points import POINTS
from tests.faults.plan import DATABASE_TROUBLES, SPOILT, Plan

ROOT = Path(__file__).parent.parent.parent
SMALL = ("--posts", "40", "--kills", "8", "--seed", "21", "--workers", "2", "--brief", "0.4", "--patience", "90")
RUNS = {
    "sqlite": SMALL,
    "postgresql": (*SMALL, "--database", "postgresql"),
    # Stopped between its record and its request, and woken when others have looked for the post in vain.
    "sleepers": ("--posts", "40", "--kills", "0", "--seed", "5", "--sound", "--sleepers", "1.0", "--patience", "90",
                 "--points", "intent.exit", "post.enter", "wire.enter"),
}  # fmt: skip
PATIENCE = 400

Runs = dict[str, "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    """All of them at once: they mostly wait."""
    command = [sys.executable, "-m", "tests.faults.campaign", "--json"]
    started = {
        name: subprocess.Popen(
            [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for name, options in RUNS.items()
    }
    yield started
    for process in started.values():
        process.kill()
        process.communicate()


def report_of(runs: Runs, name: str) -> dict[str, Any]:
    said, _ = runs[name].communicate(timeout=PATIENCE)
    print(said)  # shown when something below fails: the seed is in it
    report: dict[str, Any] = json.loads(said.splitlines()[-1])
    for wrong in ("doubled", "lost", "astray", "stray"):
        assert report[wrong] == []
    assert runs[name].returncode == 0
    assert set(report["after_decisions"]) <= {"published", "withdrawn", "discarded"}
    assert sum(report["after_decisions"].values()) == report["posts"]
    return report


@pytest.mark.parametrize("database", DATABASE_TROUBLES)
def test_every_post_appears_once_or_in_front_of_a_person_whatever_breaks(runs: Runs, database: str) -> None:
    report = report_of(runs, database)
    assert report["posts"] >= 40
    assert report["deaths"] >= 8
    assert report["threads"] < report["parts"]
    assert sum(report["faults"].values()) > 1
    assert sum(count for what, count in report["tried"].items() if what.startswith("database")) >= 3
    assert sum(count for what, count in report["tried"].items() if what.startswith(("line", "clock"))) >= 4
    assert any(act.endswith(" granted") for act in report["people"])
    for entry in report["unsettled"]:
        assert "@woldershire.example" in entry


def test_a_worker_that_sleeps_past_its_lease_with_a_request_half_way_out_doubles_nothing(runs: Runs) -> None:
    assert report_of(runs, "sleepers")["stops"] >= 3


def test_a_seed_repeats_what_is_tried_and_another_tries_something_else() -> None:
    assert Plan(200, 30, seed=7).fingerprint() == Plan(200, 30, seed=7).fingerprint()
    assert len({Plan(200, 30, seed=seed).fingerprint() for seed in range(20)}) == 20


@pytest.mark.parametrize("database", DATABASE_TROUBLES)
def test_every_plan_has_every_kind_of_trouble(database: str) -> None:
    for seed in range(20):
        plan = Plan(200, 30, seed, database)
        happens = {(event.what, event.kind) for event in plan.script()}
        assert {kind for what, kind in happens if what == "database"} == set(DATABASE_TROUBLES[database])
        assert {what for what, _ in happens} == {"kill", "database", "line", "clock", "storm"}
    spoilt = {(fault.route, fault.fault) for fault in map(plan.spoil, range(500))}
    assert spoilt == {(route, fault) for route, faults in SPOILT.items() for fault in faults}


def test_workers_can_be_struck_at_every_step_of_the_protocol() -> None:
    assert {point.split(".")[0] for point in POINTS} == {
        "claim", "intent", "hand over", "post", "wire", "gather", "outcome", "part", "reap", "look claim", "look", "look result"
    }  # fmt: skip

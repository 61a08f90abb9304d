"""The fault campaign, small: the same as `make faults`, with seeds that are always the same."""

from pathlib import Path

from tests.faults.campaign import Campaign
from tests.faults.crash_points import POINTS
from tests.faults.plan import Plan, Report


def run(folder: Path, plan: Plan) -> Report:
    report = Campaign(folder, plan).run()
    print("\n".join(report.lines()))  # shown when something below fails: the seed is in it
    assert report.doubled == []
    assert report.lost == []
    assert report.astray == []
    assert report.stray == []
    return report


def test_every_post_appears_once_or_in_front_of_a_person_whatever_dies(tmp_path: Path) -> None:
    plan = Plan(posts=200, kills=30, seed=21, patience=120)
    report = run(tmp_path, plan)
    assert report.posts >= plan.posts
    assert report.deaths >= plan.kills
    assert sum(report.faults.values()) > 10
    assert report.after_decisions == {"published": report.posts}


def test_a_worker_that_sleeps_past_its_lease_with_a_request_half_way_out_doubles_nothing(tmp_path: Path) -> None:
    """Stopped between its record and its request, and woken when others have looked for the post in vain."""
    points = ("intent.exit", "post.enter", "wire.enter")
    report = run(tmp_path, Plan(posts=40, kills=0, seed=5, points=points, sleepers=1.0, sound=True, patience=120))
    assert report.stops >= 3


def test_workers_can_be_struck_at_every_step_of_the_protocol() -> None:
    assert {point.split(".")[0] for point in POINTS} == {
        "claim", "intent", "post", "wire", "outcome", "reap", "look claim", "look", "look result"
    }  # fmt: skip

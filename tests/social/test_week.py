"""A simulated week of collecting, with everything that can go wrong, at a small size; `make bench` lives it at full size."""

from pathlib import Path

from tests.week.week import SMALL, Week, troubles_of


def test_a_week_of_troubles_ends_with_exactly_the_networks_replies_each_once_within_budget(
    database_url: str, tmp_path: Path
) -> None:
    """Two outages, limits, a token that ends, pages in disorder, replies taken back and changed, a worker killed."""
    (tmp_path / "home").mkdir(mode=0o700, exist_ok=True)
    week = Week(tmp_path, database_url, SMALL)
    assert troubles_of(week.unrest) == "2 outages, 6 limits, 1 ends of a token"
    outcome = week.run()
    assert not outcome.wrong
    assert outcome.deaths == SMALL.kills
    assert outcome.there > 1_200
    assert outcome.stored - outcome.marked_gone == outcome.there
    assert outcome.marked_gone > 0, "some were read before their authors took them back"
    assert outcome.changed > 0
    assert outcome.reconnected["facebook"] == 1, "the Page's token ended, and a person made a new one"
    assert outcome.renewed > 10, "X's token was renewed by itself"
    for trouble in ("x: 429", "facebook: 429", "x: 503", "facebook: reset"):
        assert outcome.met[trouble], f"no round met {trouble}"
    assert 0 < outcome.sold <= outcome.spent <= SMALL.x_pence

"""Each week tells one finding to every area that somebody acts for, worked out a few at a time and kept."""

from datetime import timedelta
from typing import Any

import pytest

from insights.findings import findings_of_areas, keep_area_findings, work_out
from insights.findings.of_areas import AREAS_A_ROUND, AreaWeek
from insights.reading.stored import read_new
from social.places import PlaceKind, find_or_add_place
from social.staff import Membership, Role, find_or_add_person

Desk = Any
pytestmark = pytest.mark.sqlite_only


def areas(desk: Desk, count: int) -> list[int]:
    """So many areas with somebody who acts for each, and the force, for which somebody acts as well."""
    with desk.context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        found = [find_or_add_place(session, f"Team {n}", PlaceKind.TEAM, force).id or 0 for n in range(count)]
        for place_id in (force.id or 0, *found):
            person = find_or_add_person(session, f"reader{place_id}@woldershire.example", Role.READER)
            session.add(Membership(person_id=person.id or 0, place_id=place_id))
        return found


def told(desk: Desk, *place_ids: int) -> list[AreaWeek]:
    with desk.context.database.read() as session:
        return findings_of_areas(session, desk.context.clock.now(), place_ids)


def asked(desk: Desk, place_id: int, answered: int) -> None:
    """Six questions about the area, four days ago."""
    desk.context.clock.advance(timedelta(days=1))
    post = desk.publish(days=0, place_id=place_id)
    for number in range(6):
        desk.reply(post, "What time does it start?", answered=5 if number < answered else None)
    read_new(desk.context)
    desk.context.clock.advance(timedelta(days=4))


def test_an_area_is_told_of_its_own_posts_alone_and_the_same_all_week(desk: Desk) -> None:
    here, there = areas(desk, 2)
    desk.account()
    asked(desk, here, answered=6)
    assert told(desk, here, there) == [], "before any worker has looked nothing is said"
    assert keep_area_findings(desk.context) == 2
    first, second = told(desk, there, here)
    assert (first.place_id, second.place_id, second.finding) == (here, there, None), (
        "what has something to tell goes first"
    )
    assert first.finding is not None
    assert first.finding.sentence.startswith("6 of 6 questions and complaints")
    with desk.context.database.read() as session:
        assert first.finding in work_out(session, desk.context.clock.now(), here), "the finding that its own list has"
    desk.context.clock.advance(timedelta(hours=1))
    assert keep_area_findings(desk.context) == 0
    assert told(desk, here)[0] == first


def test_the_next_week_tells_an_area_nothing_that_it_was_told_before(desk: Desk) -> None:
    [here] = areas(desk, 1)
    desk.account()
    asked(desk, here, answered=6)
    keep_area_findings(desk.context)
    desk.context.clock.advance(timedelta(days=7))
    assert keep_area_findings(desk.context) == 1
    assert told(desk, here)[0].finding is None
    asked(desk, here, answered=0)
    desk.context.clock.advance(timedelta(days=7))
    keep_area_findings(desk.context)
    [news] = told(desk, here)
    assert news.finding is not None
    assert news.finding.sentence.startswith("6 of 12 questions and complaints")


def test_a_round_works_out_a_few_areas_and_the_force_is_none_of_them(desk: Desk) -> None:
    found = areas(desk, AREAS_A_ROUND + 1)
    assert [keep_area_findings(desk.context) for _ in range(3)] == [AREAS_A_ROUND, 1, 0]
    assert [one.place_id for one in told(desk, *found)] == found


def test_an_area_that_cannot_be_worked_out_holds_up_none_behind_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, there = areas(desk, 2)

    def some(session: Any, now: Any, place_id: int) -> Any:
        if place_id == broken:
            raise ValueError("Orrin Vale said so")
        return work_out(session, now, place_id)

    monkeypatch.setattr("insights.findings.of_areas.work_out", some)
    assert keep_area_findings(desk.context) == 1
    assert [one.place_id for one in told(desk, broken, there)] == [there]
    assert f"area {broken} could not be worked out: ValueError" in caplog.text
    assert "Orrin" not in caplog.text
    monkeypatch.undo()
    assert keep_area_findings(desk.context) == 1, "it is tried again in the next round"

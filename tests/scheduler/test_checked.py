"""Where the checks are enforced: planning, approval, import, and the moment of publishing."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from scheduler.checking import findings_of
from scheduler.importing import FaultyRow, import_posts
from scheduler.jobs import JOBS
from scheduler.planning import (
    approve_post,
    findings_for,
    plan_post,
    problems_with,
    send_for_approval,
)
from scheduler.posts import Post
from scheduler.queries import post_view
from scheduler.surroundings import force_of, others_of
from scheduler.worker import publish_due, run_until_idle
from social.errors import InputError, NotAllowed
from social.places import Place, PlaceKind, find_or_add_place
from tests.scheduler.helpers import Force

NAMED = "Ryan Tellow, 26, has been arrested on suspicion of theft."


def test_what_is_blocked_cannot_be_planned_and_the_rule_is_named(force: Force) -> None:
    """R01."""
    given = force.post(NAMED, content_type="arrest_update", case_stage="arrested")
    with pytest.raises(InputError) as caught:
        plan_post(force.context, given, force.author)
    (problem,) = caught.value.problems
    assert problem.column == "text"
    assert "'Ryan Tellow'" in problem.message
    assert problem.message.endswith("(R01)")
    assert force.entries() == []


def test_the_words_for_one_network_are_checked_too(force: Force) -> None:
    given = force.post(variants={"memory": "Ducks. #ducksonmillroad"})
    (problem,) = problems_with(force.context, given)
    assert problem.column == "text_memory"
    assert "R32" in problem.message


def test_a_file_is_taken_in_and_its_faulty_row_is_named_and_refused_when_due(force: Force, tmp_path: Path) -> None:
    """R01, R03."""
    file = tmp_path / "posts.csv"
    file.write_text(
        "post_id,content_type,channel,case_stage,text\n"
        "P1,lighthearted,memory,none,Ducks again.\n"
        "P2,arrest_update,memory,arrested,Got him! A man is in custody.\n",
        encoding="utf-8",
    )
    report = import_posts(force.context, file, due_now=True, approved_by="corporate@woldershire.example")
    assert report.faulty == (FaultyRow(2, "P2", ("SUB_JUDICE",)),)
    run_until_idle(force.context, JOBS)
    ducks, faulty = force.entries()
    assert (ducks.state, faulty.state) == ("published", "failed")
    assert "'Got him'" in (faulty.reason or "")
    assert "(R03)" in (faulty.reason or "")
    assert import_posts(force.context, file, due_now=True).faulty == ()


def test_the_stage_at_the_moment_of_publishing_decides(force: Force) -> None:
    """R03: the stage may change after the post was planned and approved."""
    later = force.local_now() + timedelta(hours=1)
    text = "A man well known to us was seen again at the market."
    post_id = force.queued(text, content_type="crime_update", due_local=later)
    with force.context.database.write() as session:
        session.get_one(Post, post_id).case_stage = "arrested"
    force.clock.advance(timedelta(hours=1))
    publish_due(force.context)
    assert force.entry().state == "failed"
    assert not force.network().sent


def test_what_needs_approval_waits_for_corporate_communications(force: Force) -> None:
    """R36, R41: a kind that needs no approval otherwise."""
    text = "Councillor Jo Marsh judged our scarecrow contest."
    post_id = plan_post(force.context, force.post(text), force.author)
    assert send_for_approval(force.context, post_id, force.author) == "in_review"
    with pytest.raises(NotAllowed):
        approve_post(force.context, post_id, force.supervisor)
    approve_post(force.context, post_id, force.corporate)
    publish_due(force.context)
    assert force.entry().state == "published"


def test_advice_stops_nothing(force: Force) -> None:
    given = force.post("Well done! 🎉🎉🎉🎉")
    assert [finding.code for finding in findings_for(force.context, given)] == ["EMOJI_RUN"]
    assert problems_with(force.context, given) == []


def test_the_force_of_an_area_is_known_without_being_named(force: Force) -> None:
    """R33."""
    with force.context.database.write() as session:
        heddlu = find_or_add_place(session, "Heddlu Dyffryn Police", PlaceKind.FORCE)
        team = find_or_add_place(session, "Tîm Helyg", PlaceKind.TEAM, heddlu)
        area = find_or_add_place(session, "Pentre Helyg", PlaceKind.NEIGHBOURHOOD, team)
        assert force_of(session, area) == force_of(session, None) == heddlu.name
    for place in ("Pentre Helyg", None):
        (problem,) = problems_with(force.context, force.post("We are at the market today.", place=place))
        assert "R33" in problem.message


def test_an_account_that_does_not_open_does_not_hide_what_the_words_say(force: Force) -> None:
    account = force.add_account("shut")
    with force.context.database.write() as session:
        account.credentials_sealed = b"not sealed by us"
        session.merge(account)
    given = force.post("Ducks. #ducksonmillroad", account_names=("shut",))
    assert "HASHTAG_CASE" in [finding.code for finding in findings_for(force.context, given)]


# What stands around a post


def test_a_repeat_is_told_once_the_first_is_out_and_a_post_is_not_held_against_itself(force: Force) -> None:
    text = "Bike marking at the community centre today from ten until one, bring the bike."
    post_id = force.queued(text)
    run_until_idle(force.context, JOBS)
    assert [finding.code for finding in findings_for(force.context, force.post(text))] == ["REPEATS"]
    assert findings_for(force.context, force.post(text), post_id=post_id) == []
    force.clock.advance(timedelta(days=8))
    assert findings_for(force.context, force.post(text)) == []


def test_another_teams_post_at_the_same_time_is_told_and_the_own_teams_is_not(force: Force) -> None:
    with force.context.database.write() as session:
        for team, areas in {"North team": ["Copperbeck", "Marlpit End"], "South team": ["Elderwick"]}.items():
            above = find_or_add_place(session, team, PlaceKind.TEAM)
            for name in areas:
                find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD, above)
    later = force.local_now() + timedelta(hours=2)
    force.queued("Bike marking at the hall.", place="Copperbeck", due_local=later)

    def told(place: str, minutes: int) -> list[str]:
        given = force.post("Ducks.", place=place, due_local=later + timedelta(minutes=minutes))
        return [finding.code for finding in findings_for(force.context, given)]

    assert told("Elderwick", 30) == told("Elderwick", -30) == ["CLASH"]
    assert told("Elderwick", 31) == told("Marlpit End", 5) == []


@pytest.mark.sqlite_only
def test_what_stands_around_a_post_is_found_by_index(force: Force) -> None:
    asked: list[tuple[str, object]] = []
    with force.context.database.write() as session:
        place: Place = find_or_add_place(session, "Elderwick", PlaceKind.NEIGHBOURHOOD)
    engine = force.context.database.engine

    def note(_c: object, _cursor: object, statement: str, values: object, _context: object, _many: bool) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        now = force.clock.now()
        with force.context.database.read() as session:
            others_of(session, [1, 2], now=now, due_at=now, place=place)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        steps = [str(row[3]) for statement, values in asked
                 for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]  # fmt: skip
    assert any("ix_publication_published_at" in step for step in steps), steps
    assert any(step.startswith("SEARCH entry USING INDEX") for step in steps), steps
    assert not [step for step in steps if step.startswith("SCAN") and "queued" not in step], steps


def test_what_was_found_can_be_read_where_a_post_is_approved(force: Force) -> None:
    text = "A Romanian man is wanted after a theft, so ring us."
    post_id = plan_post(force.context, force.post(text, content_type="crime_update"), force.author)
    with force.context.database.read() as session:
        view = post_view(session, post_id)
    (finding,) = findings_of(force.context, view)
    assert (finding.code, finding.level) == ("NATIONALITY", "needs_approval")

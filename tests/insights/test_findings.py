"""A finding is computed and kept; a week is told one, and not the same again while nothing changed."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from insights.findings import finding_of_the_week, findings_now, keep_findings
from insights.findings.answers import answers
from insights.findings.base import Finding, Mark, from_text, hold_together
from insights.findings.choosing import Told, choose
from insights.reading.stored import read_new
from insights.response_times import ResponseRow, ResponseTimes
from tests.findings import made

Desk = Any
WEEK = date(2026, 6, 1)


def told(*rows: tuple[int, str, str]) -> Sequence[Told]:
    return [Told(WEEK + timedelta(weeks=week), key, substance) for week, key, substance in rows]


def test_a_new_week_is_told_something_else_where_there_is_something_else() -> None:
    findings = [made("a", "new"), made("b")]
    assert choose(findings, []) == findings[0]
    assert choose(findings, told((0, "a", "old"))) == findings[1]
    assert choose(findings[:1], told((0, "a", "old"))) == findings[0]


def test_what_was_told_is_not_told_again_while_nothing_changed() -> None:
    assert choose([made("a"), made("b")], told((0, "a", "x"), (1, "b", "x"))) is None
    assert choose([made("a", "y"), made("b")], told((0, "a", "x"), (1, "b", "x"))) == made("a", "y")
    # What was told long ago and has changed and changed back since is news.
    assert choose([made("a"), made("b")], told((0, "a", "x"), (1, "b", "x"), (2, "a", "y"))) == made("a")


def test_another_kind_goes_before_the_kind_of_the_last_week() -> None:
    findings = [made("a1", kind="a"), made("a2", kind="a"), made("b")]
    assert choose(findings, told((0, "a1", "x"))) == findings[2]


def test_a_finding_stands_only_among_all_that_was_tested() -> None:
    """Of twelve tests with one p of 0.01, none stands; what was counted is told whatever the tests say."""
    tested = [made(f"t{n}", kind="t", chance=0.01 if n == 0 else 0.5) for n in range(12)]
    assert hold_together([*tested, made("counted")]) == [made("counted")]
    [alone] = hold_together([made("t", chance=0.01)])
    assert "the only test made" in alone.limits


def test_a_kind_that_tests_much_leaves_the_others_their_part_of_the_level() -> None:
    much = [made(f"t{n}", kind="t", chance=0.5) for n in range(40)]
    other = made("o", chance=0.012)
    assert [one.key for one in hold_together([*much, other])] == ["o"]
    assert hold_together([*much, made("o", chance=0.013)]) == []


def test_where_nothing_differs_a_list_has_a_false_finding_in_under_one_of_twenty_cases() -> None:
    dice = random.Random(11)
    runs = [
        hold_together(made(f"{kind}{n}", kind=kind, chance=dice.random()) for kind in "abcd" for n in range(9))
        for _ in range(400)
    ]
    assert sum(map(bool, runs)) / len(runs) < 0.05


def test_a_finding_is_the_same_after_it_was_kept() -> None:
    one = replace(made("a"), marks=(Mark("this", 1.5, "1.5 times", 6, 1.2, 1.9),), rows=(("this", 6, 0.5, None),))
    assert from_text(one.as_text()) == one


def asked(desk: Desk, count: int, *, answered: int) -> None:
    desk.account()
    desk.context.clock.advance(timedelta(days=1))
    post = desk.publish(days=0)
    for number in range(count):
        desk.reply(post, "What time does it start?", answered=5 if number < answered else None)
    read_new(desk.context)
    desk.context.clock.advance(timedelta(days=4))


def of_the_week(desk: Desk) -> Finding | None:
    with desk.context.database.read() as session:
        return finding_of_the_week(session, desk.context.clock.now())


def test_a_week_keeps_its_finding_and_the_next_is_told_nothing_old(desk: Desk) -> None:
    assert of_the_week(desk) is None
    asked(desk, 6, answered=5)
    before_any_worker = of_the_week(desk)
    assert keep_findings(desk.context) == 2
    assert keep_findings(desk.context) == 0
    first = of_the_week(desk)
    assert first is not None
    assert first == before_any_worker
    assert first.sentence == (
        "5 of 6 questions and complaints written in the last 12 weeks were answered within 72 hours; 1 had waited longer "
        "by then."
    )
    asked(desk, 6, answered=0)
    desk.context.clock.set(desk.context.clock.now() + timedelta(days=1))
    assert keep_findings(desk.context) > 0
    with desk.context.database.read() as session:
        found, worked_out_at = findings_now(session, desk.context.clock.now())
    assert worked_out_at == desk.context.clock.now()
    assert found[0].n == 12


@pytest.mark.sqlite_only
def test_the_same_week_after_week_is_told_once(desk: Desk) -> None:
    asked(desk, 6, answered=6)
    keep_findings(desk.context)
    assert of_the_week(desk) is not None
    desk.context.clock.advance(timedelta(days=7))
    keep_findings(desk.context)
    assert of_the_week(desk) is None


def test_answers_are_told_from_five_on() -> None:
    few = ResponseRow("", "All teams", received=4, answered=4, in_time=4, share_in_time=1.0)
    assert answers(ResponseTimes(few, ()), "written in the last 12 weeks") == []
    enough = replace(few, received=5, answered=5, in_time=5)
    [found] = answers(ResponseTimes(enough, (replace(enough, label="Hexley Moor"),)), "written in the last 12 weeks")
    assert found.sentence.endswith("answered within 72 hours, and none had waited longer by then.")
    assert [mark.label for mark in found.marks] == ["Hexley Moor", "All teams"]

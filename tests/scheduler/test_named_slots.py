"""Slots: moments of the week by people's clocks, and the next one that is free."""

from datetime import UTC, datetime, time, timedelta

import pytest
from typer.testing import CliRunner

import app
from scheduler.named_slots import add_slot, in_words, list_slots, next_free, remove_slot
from social.clock import as_local
from social.errors import InputError, NotAllowed
from social.staff import Role, find_or_add_person
from tests.scheduler.helpers import Force


def free(force: Force, name: str = "lunchtime", *accounts: str) -> datetime:
    with force.context.database.read() as session:
        return next_free(session, name, accounts or ("hexley",), force.clock.now())[0]


def test_the_next_free_moment_is_one_at_which_none_of_the_accounts_has_a_post(force: Force) -> None:
    force.add_account("copper")
    add_slot(force.context, "lunchtime", (0, 4), time(12, 15), force.author)
    assert free(force) == datetime(2026, 6, 1, 12, 15)
    force.queued("Ducks.", due_local=free(force))
    assert free(force) == datetime(2026, 6, 5, 12, 15)
    assert free(force, "lunchtime", "copper") == datetime(2026, 6, 1, 12, 15)
    assert free(force, "lunchtime", "copper", "hexley") == datetime(2026, 6, 5, 12, 15)
    force.clock.advance(timedelta(hours=2, minutes=15))
    assert free(force, "lunchtime", "copper") == datetime(2026, 6, 5, 12, 15), "12:15 by the clock has come"


def test_a_slot_keeps_the_clocks_time_when_the_clocks_change(force: Force) -> None:
    add_slot(force.context, "lunchtime", (6,), time(12, 15), force.author)
    for day, hour in ((17, 11), (24, 12)):
        force.clock.set(datetime(2026, 10, day, 9, 0, tzinfo=UTC))
        post_id = force.queued(f"Ducks {day}.", due_local=free(force))
        due = force.entry(post_id).due_at
        assert due is not None
        assert (due.hour, due.minute) == (hour, 15)


def test_a_slot_at_an_hour_that_a_day_lacks_or_has_twice_is_refused(force: Force) -> None:
    for days, why in (((6,), "comes twice|does not exist"), ((), "at least one day"), ((7,), "at least one day")):
        with pytest.raises(InputError, match=why):
            add_slot(force.context, "night", days, time(1, 30), force.author)
    with pytest.raises(InputError, match="does not exist"):
        add_slot(force.context, "night", (6,), time(1, 30), force.author, fold=1)
    add_slot(force.context, "night", (5,), time(1, 30), force.author)


def test_names_are_taken_once_and_who_may_not_plan_keeps_none(force: Force) -> None:
    add_slot(force.context, "lunchtime", (0, 2, 4), time(12, 15), force.author)
    with pytest.raises(InputError, match="already"):
        add_slot(force.context, " lunchtime ", (1,), time(9, 0), force.author)
    with force.context.database.write() as session:
        reader = find_or_add_person(session, "reader@woldershire.example", Role.READER)
    with pytest.raises(NotAllowed):
        remove_slot(force.context, "lunchtime", reader)
    with force.context.database.read() as session:
        assert [in_words(slot) for slot in list_slots(session)] == ["Monday, Wednesday and Friday at 12:15, UK time"]
    with pytest.raises(InputError, match="Slots: lunchtime"):
        free(force, "teatime")
    remove_slot(force.context, "lunchtime", force.author)
    with pytest.raises(InputError, match="none yet"):
        free(force)


@pytest.mark.sqlite_only
def test_a_post_is_planned_into_a_slot_by_command(force: Force) -> None:
    settings = force.context.settings
    environment = {"BEATLINE_HOME": str(settings.home), "BEATLINE_KEY": settings.key}

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app.build_cli(), [*words], env=environment)
        return done.exit_code, done.output

    assert run("slots", "add", "lunchtime", "--days", "monday,friday", "--at", "12:15")[0] == 0
    assert run("slots", "list")[1] == "lunchtime: Monday and Friday at 12:15, UK time\n"
    plan = ("plan", "--text", "Ducks on Mill Road.", "--type", "lighthearted", "--accounts", "hexley")
    assert run(*plan, "--slot", "lunchtime", "--at", "2026-06-05T12:15")[0] == 1
    code, said = run(*plan, "--slot", "lunchtime")
    assert code == 0, said
    due = force.entry().due_at
    assert due is not None
    local = as_local(due)
    assert (local.weekday() in (0, 4), f"{local:%H:%M}") == (True, "12:15")
    assert run("slots", "remove", "lunchtime")[0] == 0

"""`beatline hold on`, `off` and `list`, as somebody types them (R31, R35, R37)."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import typer
from sqlmodel import select
from typer.testing import CliRunner, Result

from scheduler.commands import add_commands
from scheduler.hold_rules import Hold
from social.errors import BeatlineError
from social.places import PlaceKind, find_or_add_place
from tests.scheduler.helpers import Force

pytestmark = pytest.mark.sqlite_only
Type = Callable[..., Result]


@pytest.fixture
def typed(force: Force) -> Type:
    """What a command printed; raises what it would say on stderr."""
    cli = typer.Typer()
    add_commands(cli, lambda: force.context, ())
    with force.context.database.write() as session:
        find_or_add_place(session, "Marlpit End", PlaceKind.NEIGHBOURHOOD)

    def run(*words: str) -> Result:
        result = CliRunner().invoke(cli, ["hold", *words])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def test_everything_is_paused_and_goes_on(force: Force, typed: Type) -> None:
    post_id = force.queued("Ducks.", due_local=force.local_now() + timedelta(hours=1))
    said = typed("on", "--by", force.corporate.email).output
    assert "Hold 1 (Stop everything, the whole force) is in force. It stops everything. 1 post held at once." in said
    assert force.entry(post_id).state == "held"
    said = typed("off", "1", "--reason", "It is over.", "--by", force.corporate.email).output
    assert "Hold 1 (Stop everything, the whole force) is released. 1 post waits for a yes." in said
    assert f"Waiting for a yes after a hold, on the Holds page: posts {post_id}." in typed("list").output


def test_times_are_local_and_areas_are_named(force: Force, typed: Type) -> None:
    typed("on", "--kind", "pre-election", "--area", "marlpit end", "--from", "2026-06-10T00:00", "--until",
          "2026-07-02T22:00", "--reason", "A poll.", "--names", "Ines Hallam, Tomos Beck", "--by", force.corporate.email)  # fmt: skip
    (listed,) = json.loads(typed("list", "--json").output)
    assert listed == {
        "id": 1, "kind": "pre_election", "area": "Marlpit End", "standing": "planned",
        "from": "2026-06-09T23:00:00+00:00", "until": "2026-07-02T21:00:00+00:00", "reason": "A poll.", "by": "Corporate",
    }  # fmt: skip
    with force.context.database.read() as session:
        assert session.exec(select(Hold.names)).one() == "Ines Hallam\nTomos Beck"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("on", "--kind", "pause"), "no kind of hold"),
        (("on", "--area", "Nowhere"), "no area called 'Nowhere'"),
        (("on", "--area", " "), "--area is empty"),
        (("on", "--kind", "serious_incident"), "which neighbourhood"),
        (("on", "--until", "2020-01-01T00:00"), "has passed"),
        (("off", "9", "--reason", "Over."), "no hold 9"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(
    force: Force, typed: Type, words: tuple[str, ...], why: str
) -> None:
    with pytest.raises(BeatlineError, match=why):
        typed(*words, *(("--by", force.corporate.email) if words[0] == "on" else ()))
    assert "No hold is in force" in typed("list").output


def test_an_author_may_not_pause_everything(force: Force, typed: Type) -> None:
    with pytest.raises(BeatlineError, match="may not hold posts back"):
        typed("on", "--by", force.author.email)

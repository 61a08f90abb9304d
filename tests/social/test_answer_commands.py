"""`beatline answers`: where each answer stands and why, for people and programs."""

import json
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

import app
from social.channels import memory
from social.clock import SettableClock
from social.context import Context
from social.errors import Refused
from tests.social.answer_desk import WORDS, AnswerDesk

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def desk(context: Context, clock: SettableClock) -> Iterator[AnswerDesk]:
    yield AnswerDesk(context, clock)
    memory.reset()


def test_the_commands_tell_where_each_answer_stands_and_what_is_to_be_done(desk: AnswerDesk) -> None:
    sent, refused = desk.press(desk.hear()), desk.press(desk.hear("And tomorrow?"), "Yes, tomorrow as well.")
    desk.network.fail_next("reply", Refused("memory", "reply", "403", "It does not take it.", reason="forbidden"))
    desk.work()
    desk.work()
    assert {desk.answer(sent).state, desk.answer(refused).state} == {"sent", "refused"}
    refused = next(number for number in (sent, refused) if desk.answer(number).state == "refused")

    def run(*words: str) -> str:
        done = CliRunner().invoke(app.build_cli(), ["--home", str(desk.context.settings.home), "answers", *words])
        assert done.exit_code == 0, done.output
        return done.stdout

    listed = json.loads(run("list", "--json"))
    assert [row["state"] for row in listed] == [desk.answer(row["id"]).state for row in listed]
    assert [row["id"] for row in json.loads(run("list", "--state", "refused", "--json"))] == [refused]
    lines = run("explain", str(refused))
    assert "is refused by the network" in lines
    assert "It does not take it." in lines
    assert "Write another answer on the page Replies." in lines
    assert "written, by nia.abbot@woldershire.example" in lines
    told = json.loads(run("explain", str(refused), "--json"))
    assert [step["to"] for step in told["steps"]] == ["written", "sending", "refused"]
    assert WORDS not in json.dumps(listed), "lists hold no words"


def test_what_is_not_there_is_said(desk: AnswerDesk) -> None:
    for words, why in ((["explain", "7"], "There is no answer 7"), (["list", "--state", "lost"], "There is no state")):
        done = CliRunner().invoke(app.build_cli(), ["--home", str(desk.context.settings.home), "answers", *words])
        assert done.exit_code == 1
        assert why in done.stderr

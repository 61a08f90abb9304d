"""Leads by command: desks, numbers, handing off; and not a word that a resident wrote."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlmodel import select
from typer.testing import CliRunner

import app
from social.accounts_admin import add_account, verify_account
from social.attachments import Attachment
from social.channels.base import Draft
from social.clock import SettableClock
from social.collecting import collect
from social.context import Context
from social.interactions import Interaction
from social.practice.network import PracticeNetwork
from social.publications import Publication, record_publication
from tests.views.helpers import Force

pytestmark = pytest.mark.sqlite_only
WORDS = "Saw him last night near the bandstand"


def run(context: Context, *arguments: str) -> Result:
    return CliRunner().invoke(app.build_cli(), ["--home", str(context.settings.home), *arguments])


@pytest.fixture
def context(context: Context, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.setattr(app, "_open", lambda _settings: context)
    return context


def document(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_lead_goes_from_a_reply_to_a_desk_by_command(context: Context) -> None:
    force = Force(context)
    force.answer(force.publish(), WORDS, kind="lead")
    assert "`beatline leads desks add` names one" in run(context, "leads", "desks", "list").stdout
    added = run(
        context, "leads", "desks", "add", "Enquiry desk", "--email", "e@woldershire.example", "--area", "hexley moor"
    )
    assert added.stdout == "The desk 'Enquiry desk' takes leads.\n"
    assert document(run(context, "leads", "desks", "list", "--json")) == [
        {"name": "Enquiry desk", "email": "e@woldershire.example", "area": "Hexley Moor"}
    ]
    assert run(context, "leads", "open", "1", "--appeal", "op-larch").stdout == "Reply 1 is lead 1.\n"
    assert run(context, "leads", "hand-off", "1", "--desk", "enquiry desk", "--receipt", "26/1").exit_code == 0
    assert run(context, "leads", "used", "1").stdout == "Lead 1: used by the enquiry.\n"
    (listed,) = document(run(context, "leads", "list", "--json"))
    assert (listed["lead"], listed["appeal"], listed["state"], listed["desk"], listed["receipt"]) == (
        1, "OP-LARCH", "used", "Enquiry desk", "26/1"
    )  # fmt: skip
    for command in (("leads", "list"), ("leads", "list", "--json"), ("leads", "counts"), ("leads", "counts", "--json")):
        assert "bandstand" not in run(context, *command).stdout
    assert document(run(context, "leads", "counts", "--json")) == [
        {"reference": "OP-LARCH", "leads": 1, "waiting": 0, "handed_off": 1, "used": 1, "hours_to_first": None}
    ]
    assert run(context, "leads", "desks", "close", "Enquiry desk").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("open", "99"), "There is no resident's reply 99."),
        (("hand-off", "9", "--desk", "Enquiry desk"), "There is no lead 9."),
        (("list", "--state", "lost"), "There is no state 'lost'."),
        (("desks", "add", "X desk", "--area", "Atlantis"), "'Atlantis' names no places here."),
        (("desks", "close", "X desk"), "There is no desk 'X desk'."),
        (("receipt", "9", "26/1"), "There is no lead 9."),
    ],
)
def test_what_cannot_be_done_says_why_and_ends_with_one(
    context: Context, arguments: tuple[str, ...], said: str
) -> None:
    done = run(context, "leads", *arguments)
    assert done.exit_code == 1
    assert said in done.stderr


@pytest.mark.parametrize("channel", ["x", "facebook"])
def test_collecting_notes_what_practice_residents_attach_and_fetches_none_of_it(
    context: Context, clock: SettableClock, tmp_path: Path, channel: str
) -> None:
    """The whole way: network, channel, store."""
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=0) as network:
        page = network.page_id if channel == "facebook" else None
        account = add_account(context, channel=channel, name=channel, base_url=network.base_url, page_id=page,
                              credentials=network.credentials(channel))  # fmt: skip
        verify_account(context, channel)
        opened = context.channel(account)
        for number in range(9):
            text = f"Appeal {number}: who saw the burglary on Mill Lane, Marlpit End? Call 101."
            sent = opened.publish(Draft(text), key=str(number))
            with context.database.write() as session:
                record_publication(
                    session,
                    Publication(account_id=account.id or 0, platform_id=sent.platform_id, text=text,
                                published_at=sent.published_at),
                    clock.now(),
                )  # fmt: skip
        clock.advance(timedelta(days=4))
        collect(context, everything=True)
        collect(context, everything=True)
    with context.database.read() as session:
        kept = list(session.exec(select(Attachment)))
        texts = list(session.exec(select(Interaction.text)))
    assert {"picture"} <= {one.kind for one in kept}
    assert {one.state for one in kept} == {"offered"}
    assert len({(one.interaction_id, one.mark) for one in kept}) == len(kept)
    assert not any("/residents/" in text or "t.co/" in text for text in texts)

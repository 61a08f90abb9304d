"""How far sending is, as a person asks for it."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from app import build_cli
from social.alerts.sending import send_messages
from social.alerts.sending_status import findings, mailing_statuses
from social.context import Context
from social.doctor import Level
from tests.alerts.post_office import a_mailing, open_office, residents_of
from tests.social.mail_server import MailServer

pytestmark = pytest.mark.sqlite_only


def wrong(context: Context) -> list[str]:
    return [finding.what for finding in findings(context) if finding.level is Level.WRONG]


def test_a_person_sees_how_far_an_alert_is(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    with MailServer() as server:
        account = open_office(context, server.port)
        mailing = a_mailing(context, account, residents_of(context, 2))
        assert not wrong(context)
        send_messages(context)
    with context.database.read() as session:
        (status,) = mailing_statuses(session, context.clock.now())
    assert (status.mailing_id, status.states, status.unknown) == (mailing, {"sent": 2}, ())
    for name, value in (("HOME", context.settings.home), ("KEY", context.settings.key)):
        monkeypatch.setenv(f"BEATLINE_{name}", str(value))
    run: Callable[..., str] = lambda *words: CliRunner().invoke(build_cli(), ["alerts", "status", *words]).output  # noqa: E731
    assert run(str(mailing)) == f"Alert {mailing}: 2 sent.\n"
    assert json.loads(run(str(mailing), "--json"))[0]["states"] == {"sent": 2}


def test_the_doctor_says_what_stands_in_the_way_of_alerts(context: Context) -> None:
    account = open_office(context, 1)
    a_mailing(context, account, residents_of(context, 1))
    send_messages(context)
    (trouble,) = wrong(context)
    assert trouble.startswith("Alerts of 'alerts' wait since 01 Jun 09:00 UTC: The mail server cannot be used")
    context.settings = replace(context.settings, public_address="")
    assert "No alert is sent: residents could not leave by a link." in wrong(context)

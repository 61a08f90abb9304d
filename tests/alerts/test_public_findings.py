"""Doctor says what is missing before residents can open a link; a force without alerts hears nothing of it."""

from dataclasses import replace

import pytest

from social.alerts.public_findings import findings
from social.context import Context
from social.doctor import Level
from tests.alerts.helpers import alert_account

pytestmark = pytest.mark.sqlite_only
ALL_SET = {"public_address": "https://alerts.woldershire.example", "web_proxy_addresses": "10.1.1.1",
           "alert_contact": "dpo@woldershire.example"}  # fmt: skip


def said(context: Context, **changes: str) -> list[tuple[Level, str]]:
    context.settings = replace(context.settings, **ALL_SET | changes)  # type: ignore[arg-type]  # by name
    return [(one.level, one.what) for one in findings(context)]


def test_a_force_without_an_alert_account_hears_nothing(context: Context) -> None:
    assert said(context, public_address="") == []


def test_what_is_missing_is_named_one_by_one(context: Context) -> None:
    alert_account(context)
    assert said(context) == [(Level.OK, "Residents reach the alert service at https://alerts.woldershire.example.")]
    for changes, level, words in (
        ({"public_address": ""}, Level.WRONG, "No alert is sent"),
        ({"public_address": "http://alerts.woldershire.example"}, Level.WRONG, "unencrypted"),
        ({"web_proxy_addresses": ""}, Level.NOTE, "No proxy is named"),
        ({"web_proxy_addresses": "the proxy"}, Level.WRONG, "web_proxy_addresses: 'the proxy'"),
        ({"web_proxy_addresses": "0.0.0.0/0"}, Level.WRONG, "would trust everybody"),
        ({"alert_contact": ""}, Level.NOTE, "nobody to ask"),
    ):
        ((found, told),) = said(context, **changes)
        assert (found, words in told) == (level, True)


def test_on_this_machine_alone_nothing_more_is_needed(context: Context) -> None:
    alert_account(context)
    assert said(context, public_address="http://127.0.0.1:8502", web_proxy_addresses="")[0][0] is Level.OK

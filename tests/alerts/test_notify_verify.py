"""An account that sends by GOV.UK Notify is verified before anybody relies on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from social.accounts import Account
from social.alerts.notify_client import NotifyClient
from social.clock import SettableClock
from social.context import Context
from social.errors import NeedsPerson
from social.practice.network import PracticeNetwork
from tests.alerts.notify_office import notify_office

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def practice(clock: SettableClock, tmp_path: Path) -> Iterator[PracticeNetwork]:
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=0) as network:
        yield network


def verified(context: Context, account: Account, **changed: str) -> str:
    """The address that it would send from, with some credentials changed."""
    credentials = context.vault.open(account.credentials_sealed) | changed
    account.credentials_sealed = context.vault.seal(credentials)
    return context.make_channel(context, account).verify().platform_id


def test_a_key_and_templates_that_fit_are_taken(context: Context, practice: PracticeNetwork) -> None:
    assert verified(context, notify_office(context, practice)) == "alerts@woldershire.example"


def test_a_key_that_is_none_or_is_not_taken_needs_a_person(context: Context, practice: PracticeNetwork) -> None:
    none_of_theirs = "practice-" + "-".join(["0" * 8, *["0" * 4] * 3, "0" * 12] * 2)
    for key in ("", "short", "name-" + "0" * 73, none_of_theirs):
        credentials = {**practice.credentials("alert"), "notify_api_key": key}
        with pytest.raises(NeedsPerson) as refused:
            NotifyClient(credentials, practice.base_url, context.settings, context.clock).require_templates()
        assert "key" in refused.value.detail
        assert not key or key not in str(refused.value)


def test_a_template_with_other_places_is_named(context: Context, practice: PracticeNetwork) -> None:
    account = notify_office(context, practice)
    with pytest.raises(NeedsPerson, match=r"text message template .* not one with \(\(body\)\)"):
        verified(context, account, notify_text_template=practice.notify.templates["email"])
    with pytest.raises(NeedsPerson, match=r"e-mail template .* not one with \(\(body\)\) and \(\(subject\)\)"):
        verified(context, account, notify_email_template="00000000-0000-4000-8000-000000000000")


def test_the_key_goes_to_a_bare_origin_and_never_unencrypted_to_another_machine(
    context: Context, practice: PracticeNetwork
) -> None:
    credentials = practice.credentials("alert")
    NotifyClient(credentials, None, context.settings, context.clock)  # Notify's own
    for address in ("http://notify.example", "http://127.0.0.1:1/notify", "ftp://x", "notify.example"):
        with pytest.raises(NeedsPerson, match="address"):
            NotifyClient(credentials, address, context.settings, context.clock)

"""A signed link does one thing for one resident; a bad one is refused before the database hears of it (R30)."""

import dataclasses
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from social.alerts.links import TOKEN_LENGTH, Claim, Purpose, claim, link, opened, tracking_picture, useful_links
from social.alerts.mailings import Message
from social.alerts.residents import Resident
from social.context import Context
from social.errors import InputError
from social.vault import Vault

pytestmark = pytest.mark.sqlite_only
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def context(context: Context) -> Context:
    context.settings = dataclasses.replace(context.settings, public_address="https://alerts.woldershire.example")
    return context


def resident(context: Context) -> Resident:
    one = Resident(contact_sealed=context.vault.seal({}), consent_at=NOW, consent_source="website", joined_at=NOW,
                   changed_at=NOW)  # fmt: skip
    with context.database.write() as session:
        session.add(one)
    return one


def message() -> Message:
    return Message(id=9, resident_id=3, account_id=1, kind="alert", way="email", token="t", made_at=NOW, due_at=NOW)


def token_of(address: str) -> str:
    return address.rpartition("/")[2]


def test_a_link_leads_to_its_page_and_opens_for_its_resident(context: Context) -> None:
    one = resident(context)
    address = link(context, Purpose.SETTINGS, one)
    assert re.fullmatch(r"https://alerts\.woldershire\.example/alerts/settings/[A-Za-z0-9_-]{40}", address)
    with context.database.read() as session:
        found = opened(context, session, Purpose.SETTINGS, token_of(address))
    assert found is not None
    assert (found.resident.id, found.about) == (one.id, None)


def test_a_link_keeps_what_it_is_about_even_the_number_nought(context: Context) -> None:
    one = resident(context)
    said = [claim(context, Purpose.SURVEY, token_of(link(context, Purpose.SURVEY, one, n))) for n in (None, 0, 71_000)]
    assert [one_said and one_said.about for one_said in said] == [None, 0, 71_000]


def test_a_link_for_one_thing_does_nothing_else(context: Context) -> None:
    token = token_of(link(context, Purpose.USEFUL, resident(context), 5))
    assert [claim(context, purpose, token) is not None for purpose in Purpose] == [p is Purpose.USEFUL for p in Purpose]


def test_raising_the_link_version_ends_every_link_that_was_sent(context: Context) -> None:
    one = resident(context)
    token = token_of(link(context, Purpose.SETTINGS, one))
    with context.database.write() as session:
        kept = session.get_one(Resident, one.id)
        kept.link_version += 1
    with context.database.read() as session:
        assert opened(context, session, Purpose.SETTINGS, token) is None
        fresh = opened(context, session, Purpose.SETTINGS, token_of(link(context, Purpose.SETTINGS, kept)))
    assert fresh is not None


@given(st.text(alphabet="ABCxyz019-_=+/%é\0", max_size=80) | st.binary(min_size=30, max_size=30).map(bytes.hex))
def test_what_was_guessed_says_nothing(text: str) -> None:
    assert Vault("k" * 40).open_link("settings", text) is None


def test_a_changed_token_is_refused_and_the_database_is_never_asked(context: Context) -> None:
    one = resident(context)
    token = token_of(link(context, Purpose.LEAVE, one))
    asked: list[object] = []
    event.listen(context.database.engine, "begin", asked.append)
    assert claim(context, Purpose.LEAVE, token) == Claim(1, one.link_version, None)
    for n in range(TOKEN_LENGTH):
        other = "B" if token[n] != "B" else "C"
        assert claim(context, Purpose.LEAVE, token[:n] + other + token[n + 1 :]) is None
    assert not asked


def test_another_key_opens_no_link(context: Context) -> None:
    token = token_of(link(context, Purpose.LEAVE, resident(context)))
    assert Vault("t" * 40).open_link("leave", token) is None


def test_without_the_public_address_there_is_no_link_and_the_error_says_what_to_set(context: Context) -> None:
    context.settings = dataclasses.replace(context.settings, public_address="")
    with pytest.raises(InputError, match=r"set public_address \(BEATLINE_PUBLIC_ADDRESS\)"):
        link(context, Purpose.SETTINGS, resident(context))


def test_yes_and_no_are_two_ways_of_one_link(context: Context) -> None:
    yes, no = useful_links(context, resident(context), message())
    assert (yes.partition("?")[0], yes[-4:], no[-3:]) == (no.partition("?")[0], "?yes", "?no")


def test_a_message_holds_no_picture_that_tells_unless_the_force_turned_tracking_on(context: Context) -> None:
    assert tracking_picture(context, message()) is None
    context.settings = dataclasses.replace(context.settings, alert_tracking=True)
    address = tracking_picture(context, message())
    assert address is not None
    assert claim(context, Purpose.OPENED, token_of(address)) == Claim(3, 0, 9)

"""Accounts and health: the second person's yes on the page, and the kill switch (R31)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from social.account_changes import waiting_changes
from social.accounts import Account, account_named
from social.accounts_admin import add_account
from social.limits import RateLimit
from social.staff import Role, find_or_add_person
from tests.social.administrators import administrators
from tests.views.helpers import Force, OpenPage, text_of

KEYS = {"consumer_key": "ck-1", "consumer_secret": "cs-2", "access_token": "at-3", "access_token_secret": "ats-4"}


def state(force: Force, name: str) -> str:
    with force.context.database.read() as session:
        return account_named(session, name).state


def test_the_kill_switch_stops_an_account_and_asks_why(force: Force, open_page: OpenPage) -> None:
    first, _ = administrators(force.context)
    app = open_page("health", as_person=first)
    app.button(key=f"h_pause_{force.account.id}").click().run()
    assert any("Say why the account is paused" in text.value for text in app.text)
    app.text_input(key=f"h_why_{force.account.id}").set_value("Strange posts.").run()
    app.button(key=f"h_pause_{force.account.id}").click().run()
    assert state(force, "town-desk") == "paused"
    assert "First Admin paused it: Strange posts." in text_of(app)
    app.button(key=f"h_resume_{force.account.id}").click().run()
    assert state(force, "town-desk") == "active"


def test_who_may_not_connect_accounts_has_no_switch(force: Force, open_page: OpenPage) -> None:
    app = open_page("health", as_person=force.author)
    assert not [button for button in app.button if str(button.key).startswith("h_")]


def test_a_change_is_offered_for_confirming_to_everybody_but_whoever_asked(force: Force, open_page: OpenPage) -> None:
    """R31. A practice account is asked to become a real one: roles can only be tried while all are practice."""
    first, second = administrators(force.context)
    with force.context.database.write() as session:
        find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR)
    add_account(force.context, channel="x", name="moor-x", base_url="http://127.0.0.1:9", credentials=KEYS)
    from social.accounts_admin import change_address

    assert not change_address(force.context, "moor-x", "https://proxy.example.org", first)
    with force.context.database.read() as session:
        ((change, _),) = waiting_changes(session)
    asked = open_page("health", as_person=first)
    assert "You asked for it, so another administrator has to confirm it." in text_of(asked)
    assert not [button for button in asked.button if button.key == f"h_yes_{change.id}"]
    author = open_page("health", as_person=force.author)
    assert "give it another address" in text_of(author)
    assert not [button for button in author.button if str(button.key).startswith(("h_yes", "h_no"))]
    app = open_page("health", as_person=second)
    app.button(key=f"h_no_{change.id}").click().run()
    assert not app.exception
    assert "Refused: nothing was changed." in [box.value for box in app.success]
    with force.context.database.read() as session:
        assert waiting_changes(session) == []
        assert account_named(session, "moor-x").base_url == "http://127.0.0.1:9"


def test_an_account_says_when_its_credentials_end_what_went_out_last_and_what_its_limits_leave(
    force: Force, open_page: OpenPage
) -> None:
    force.publish()
    now = force.context.clock.now()
    sealed = force.context.vault.seal(
        {"access_token": "secret-token", "expires_at": (now + timedelta(days=2)).isoformat()}
    )
    with force.context.database.write() as session:
        account = session.get_one(Account, force.account.id)
        account.credentials_sealed = sealed
        session.add(account)
        for family, remaining, until in (("posts", 87, None), ("reads", 0, now + timedelta(hours=1))):
            session.add(RateLimit(holder=f"account:{account.id}", family=family, purpose="publish", most=100,
                                  remaining=remaining, not_before=until, seen_at=now))  # fmt: skip
    app = open_page("health", as_person=force.author)
    said = text_of(app)
    assert "Credentials: Ends in 2 days. Connect the account again before then." in said
    assert "Last post out: today, 11am" in said
    assert "posts 87 of 100; reads none until Monday 1 June 2026, midday" in said
    (for_it,) = [block.value for block in app.code if "schema" in block.value]
    assert "Account town-desk: " in for_it
    assert "posts 87 of 100" in for_it
    for secret in ("secret-token", "library from 2pm", force.author.name, force.author.email):
        assert secret not in for_it


def test_whoever_connects_accounts_is_told_how_and_of_the_practice_network(force: Force, open_page: OpenPage) -> None:
    with force.context.database.write() as session:
        keeper = find_or_add_person(session, "keeper@woldershire.example", Role.ADMINISTRATOR)
    commands = [block.value for block in open_page("health", as_person=keeper).code]
    assert any("beatline accounts add" in command for command in commands)
    assert "beatline demo" in commands
    assert "beatline demo" not in [block.value for block in open_page("health", as_person=force.author).code]


def test_a_tier_that_is_not_installed_is_named(
    force: Force, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("insights.reading.tiers.find_spec", lambda _name: None)
    assert "Replies are read with the tier" not in text_of(open_page("health"))
    force.context.settings = replace(force.context.settings, reading_tier="auto")
    assert "Replies are read with the tier 'fast', not with 'auto'" in text_of(open_page("health"))

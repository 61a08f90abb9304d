"""Accounts and health: the second person's yes on the page, and the kill switch (R31)."""

from social.account_changes import waiting_changes
from social.accounts import account_named
from social.accounts_admin import add_account
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

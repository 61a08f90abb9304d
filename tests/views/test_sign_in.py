"""Every run of every page asks the database who is looking: shut out, signed out or changed shows at the next click."""

from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from streamlit.testing.v1 import AppTest

from social import passwords
from social.context import Context
from social.operators import KEEPER, acting
from social.people import add_person, change_role, list_people, set_areas, shut_out
from social.places import PlaceKind, find_or_add_place
from social.sign_in_links import link_for, set_up
from social.staff import Person, Role, find_or_add_person
from social.views import sign_in
from tests.views.helpers import Force, OpenPage

pytestmark = pytest.mark.sqlite_only
PASSWORD = "marlpit heron teapot gravel"


@pytest.fixture
def chief(context: Context, monkeypatch: pytest.MonkeyPatch) -> Person:
    """An administrator with a local account, signed in with this browser."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with context.database.write() as session:
        person = find_or_add_person(session, "rhian.cole@woldershire.example", Role.ADMINISTRATOR)
    link = link_for(context, acting(context, KEEPER), person.id or 0)
    token = set_up(context, link.rpartition("/")[2], PASSWORD, PASSWORD)
    monkeypatch.setattr(sign_in, "browser_cookies", lambda: {"beatline_session": token})
    return person


def who(app: AppTest) -> str:
    return app.sidebar.text[0].value if app.sidebar.text else ""


def links(app: AppTest) -> list[str]:
    return [link.label for link in app.sidebar.get("page_link")]


def is_out(app: AppTest) -> bool:
    return [title.value for title in app.title] == ["Sign in"] and not links(app)


def test_a_local_account_ends_the_local_person_and_the_switching_of_roles(
    force: Force, chief: Person, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("today")
    assert who(app) == "Signed in as Rhian Cole (administrator)"
    assert not app.sidebar.selectbox
    monkeypatch.setattr(sign_in, "browser_cookies", dict)
    assert is_out(open_page("today"))


def test_a_change_of_role_and_shutting_out_hold_at_the_next_click(
    context: Context, chief: Person, open_page: OpenPage
) -> None:
    keeper = acting(context, KEEPER)
    add_person(context, keeper, email="sam.reed@woldershire.example", name="", role=Role.ADMINISTRATOR)
    app = open_page("people")
    assert "People" in links(app)
    change_role(context, keeper, chief.id or 0, Role.READER)
    app.run()
    assert who(app) == "Signed in as Rhian Cole (reader)"
    assert "You may not look after people" in app.error[0].value
    shut_out(context, keeper, chief.id or 0, reason="left")
    app.run()
    assert is_out(app)


def test_signing_out_is_one_click_and_holds(chief: Person, open_page: OpenPage) -> None:
    app = open_page("today")
    app.sidebar.button(key="_sign_out").click().run()
    assert is_out(app)
    for part in (app.main, app.sidebar):  # a phone shows the sidebar alone while it is open
        assert [block for block in part if block.type == "html" and "Go to the sign-in" in block.proto.body]
    assert is_out(open_page("health"))


def test_a_provider_that_nobody_has_asked_lets_nobody_in(context: Context, force: Force, open_page: OpenPage) -> None:
    context.settings = replace(context.settings, sign_in="oidc")
    app = open_page("today")
    assert is_out(app)
    assert app.button(key="_sign_in").label == "Sign in"
    now = int(context.clock.now().timestamp())
    app.user = {"is_logged_in": True, "iss": "i", "sub": "s", "iat": now, "email": force.author.email}
    app.run()
    assert who(app) == "Signed in as Nia Abbot (writes posts)"
    shut_out(context, acting(context, KEEPER), force.author.id or 0, reason="left")
    app.run()
    assert is_out(app)
    app.user = {"is_logged_in": True, "iss": "i", "sub": "t", "iat": now, "email": "sam.reed@woldershire.example"}
    app.run()
    assert "not yet known" in app.error[0].value


def test_headers_of_a_proxy_count_only_from_the_proxy(
    context: Context, force: Force, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    context.settings = replace(context.settings, sign_in="proxy", proxy_addresses="10.1.2.3")
    monkeypatch.setattr(sign_in, "browser_headers", lambda *_names: {"x-forwarded-email": [force.corporate.email]})
    app = open_page("today")
    assert is_out(app)
    assert "its own address" in app.error[0].value
    monkeypatch.setattr(sign_in, "browser_address", lambda: "10.1.2.3")
    app = open_page("today")
    assert who(app) == "Signed in as Joel Marsh (corporate)"
    assert not [button for button in app.sidebar.button if button.key == "_sign_out"], "the proxy signs people out"


def test_an_administrator_adds_changes_and_shuts_out_people_on_the_page(
    context: Context, chief: Person, open_page: OpenPage
) -> None:
    with context.database.write() as session:
        moor = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD)
    app = open_page("people")
    app.text_input(key="u_new_email").set_value("nia.abbot@woldershire.example")
    app.text_input(key="u_new_name").set_value("Nia Abbot")
    app.selectbox(key="u_new_role").set_value(Role.AUTHOR)
    app.button(key="u_add").click().run()
    assert "They are added" in app.success[0].value
    with context.database.read() as session:
        nia = next(one for one in list_people(session) if one.name == "Nia Abbot")
    app.selectbox(key="person").set_value(nia.id).run()
    app.multiselect(key=f"u_areas_{nia.id}").set_value([moor.id]).run()
    app.button(key="u_save_areas").click().run()
    app.selectbox(key=f"u_role_{nia.id}").set_value(Role.SUPERVISOR).run()
    app.button(key="u_save_role").click().run()
    app.button(key="u_link").click().run()
    assert "/set-up/" in app.code[0].value
    app.button(key="u_shut_out").click().run()
    assert any("Say why" in text.value for text in app.text)
    app.text_input(key=f"u_why_{nia.id}").set_value("left the force").run()
    app.button(key="u_shut_out").click().run()
    with context.database.read() as session:
        nia = next(one for one in list_people(session) if one.name == "Nia Abbot")
    assert (nia.role, nia.areas, nia.active) == ("supervisor", ("Hexley Moor",), False)
    app.button(key="u_let_in").click().run()
    assert "let in again" in app.success[0].value


def test_nobody_finds_a_way_to_change_themselves_on_the_page(chief: Person, open_page: OpenPage) -> None:
    app = open_page("people")
    app.selectbox(key="person").set_value(chief.id).run()
    assert any("This is you" in text.value for text in app.text)
    assert not [button for button in app.button if str(button.key).startswith("u_") and button.key != "u_add"]


def test_only_places_that_one_may_write_for_are_offered(context: Context, force: Force, open_page: OpenPage) -> None:
    with context.database.write() as session:
        other = find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD)
    set_areas(context, acting(context, KEEPER), force.author.id or 0, [other.id or 0])
    app = open_page("write", as_person=force.author)
    (area,) = [box for box in app.selectbox if box.label.startswith("Area")]
    assert area.options == ["Copperbeck"]

"""Signing in as people do it, in a browser: a local account, and OpenID Connect with a provider on this machine."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from sqlmodel import select

from bench.processes import BEATLINE, environment, running, wait_until_up
from social.audit import AuditRecord
from social.channels.registry import make_channel
from social.context import Context, open_context
from social.operators import KEEPER, acting
from social.people import change_role, list_people, shut_out
from social.settings import load_settings
from social.sign_in_links import link_for, link_for_first_administrator
from social.staff import Person, Role, find_or_add_person
from tests.browser.provider import Provider, serving
from tests.browser.proxy import in_front_of

PASSWORD = "marlpit heron teapot gravel"


@dataclass(frozen=True)
class Installation:
    """An app at work in a home of its own, and its database opened beside it."""

    address: str
    context: Context

    def person(self, email: str, role: Role = Role.AUTHOR) -> int:
        with self.context.database.write() as session:
            return find_or_add_person(session, email, role).id or 0

    def done(self) -> list[str]:
        with self.context.database.read() as session:
            return list(session.exec(select(AuditRecord.action).order_by(AuditRecord.seq)))  # type: ignore[arg-type]  # a column here


Install = Callable[..., Installation]


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    """install(BEATLINE_SIGN_IN="oidc") -> the app with those settings; stopped after the last test of this file."""
    with ExitStack() as stack:

        def start(**settings: str) -> Installation:
            home = tmp_path_factory.mktemp("home")
            env: Mapping[str, str] = {**environment(home), **settings}
            address = f"http://127.0.0.1:{env['BEATLINE_PORT']}"
            env = {**env, "BEATLINE_ADDRESS": address}
            context = open_context(load_settings(env), make_channel)
            stack.callback(context.database.close)
            process = stack.enter_context(running([*BEATLINE, "app"], env))
            wait_until_up(f"{address}/api/health", process)
            return Installation(address, context)

        yield start


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with serving() as started:
        yield started


@pytest.fixture(scope="module")
def local(install: Install) -> Installation:
    return install()


@pytest.fixture(scope="module")
def federated(install: Install, provider: Provider) -> Installation:
    return install(
        BEATLINE_SIGN_IN="oidc",
        BEATLINE_OIDC_METADATA_URL=f"{provider.address}/.well-known/openid-configuration",
        BEATLINE_OIDC_CLIENT_ID="beatline",
        BEATLINE_OIDC_CLIENT_SECRET="a secret of this test",
        BEATLINE_GROUP_ROLES="CN=Comms,OU=Groups=corporate; Readers=reader",
    )


@pytest.fixture
def window(chromium: Browser, provider: Provider) -> Iterator[Page]:
    """A browser that nobody has used yet; the test fails when it asks anything of another machine."""
    elsewhere: list[str] = []

    def note(request: Request) -> None:
        if not re.match(r"(https?|wss?)://127\.0\.0\.1:|data:|blob:", request.url):
            elsewhere.append(request.url)

    with chromium.new_context(locale="en-GB", timezone_id="Europe/London") as browser:
        page = browser.new_page()
        page.set_default_timeout(30_000)
        page.on("request", note)
        refused: list[str] = []
        page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
        yield page
    assert elsewhere == []
    assert refused == []


def is_at(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", name=heading, exact=True, level=1)).to_be_visible()


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_new_installation_is_set_up_by_one_link_and_asks_for_sign_in_from_then_on(
    install: Install, window: Page
) -> None:
    fresh = install()
    window.goto(f"{fresh.address}/calendar")
    is_at(window, "Calendar")  # nothing is set up: whoever sits at the machine acts as the local person
    link = link_for_first_administrator(fresh.context)
    assert link is not None
    window.goto(link)
    assert window.url == f"{fresh.address}/set-up", "the token is in no history"
    window.get_by_label("Your name").fill("Rhian Cole")
    window.get_by_label("Your e-mail address").fill("Rhian.Cole@woldershire.example")
    window.get_by_label("New password").fill("police1234567")
    window.get_by_label("The same password again").fill("police1234567")
    window.get_by_role("button", name="Save and sign in").click()
    expect(window.get_by_role("alert")).to_contain_text("guessed too soon")
    window.get_by_label("New password").fill(PASSWORD)
    window.get_by_label("The same password again").fill(PASSWORD)
    window.get_by_role("button", name="Save and sign in").click()
    is_at(window, "Today")
    expect(window.get_by_text("Signed in as Rhian Cole (administrator)")).to_be_visible()
    window.get_by_role("link", name="People").click()
    is_at(window, "People")
    window.context.clear_cookies()
    window.goto(f"{fresh.address}/people")
    is_at(window, "Sign in")
    window.goto(link)
    is_at(window, "This link does not work")


def test_one_ends_up_at_the_address_one_asked_for_and_signs_out_in_every_tab(local: Installation, window: Page) -> None:
    number = local.person("nia.abbot@woldershire.example")
    window.goto(link_for(local.context, acting(local.context, KEEPER), number))
    window.get_by_label("New password").fill(PASSWORD)
    window.get_by_label("The same password again").fill(PASSWORD)
    window.get_by_role("button", name="Save and sign in").click()
    is_at(window, "Today")
    window.context.clear_cookies()
    window.goto(f"{local.address}/post?id=12")
    is_at(window, "Sign in")
    sign_in(window, "nia.abbot@woldershire.example", "not the right one")
    expect(window.get_by_role("alert")).to_contain_text("is not right")
    before = {cookie["name"]: cookie for cookie in window.context.cookies()}
    assert "beatline_session" not in before
    sign_in(window, "Nia.Abbot@woldershire.example")
    is_at(window, "Post")
    assert window.url == f"{local.address}/post?id=12"
    (cookie,) = [one for one in window.context.cookies() if one["name"] == "beatline_session"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    other = window.context.new_page()
    other.goto(f"{local.address}/calendar")
    is_at(other, "Calendar")
    window.get_by_role("button", name="Sign out").click()
    is_at(window, "Sign in")
    other.get_by_role("link", name="Today").click()
    is_at(other, "Sign in")
    window.get_by_test_id("stMainBlockContainer").get_by_role("link", name="Go to the sign-in").click()
    is_at(window, "Sign in")
    expect(window.get_by_label("Password")).to_be_visible()


def test_whoever_is_shut_out_is_out_at_the_next_click(local: Installation, window: Page) -> None:
    keeper = acting(local.context, KEEPER)
    number = local.person("tom.askew@woldershire.example")
    window.goto(link_for(local.context, keeper, number))
    window.get_by_label("New password").fill(PASSWORD)
    window.get_by_label("The same password again").fill(PASSWORD)
    window.get_by_role("button", name="Save and sign in").click()
    is_at(window, "Today")
    change_role(local.context, keeper, number, Role.READER)
    window.get_by_role("link", name="What works").click()
    expect(window.get_by_text("Signed in as Tom Askew (reader)")).to_be_visible()
    shut_out(local.context, keeper, number, reason="left the force")
    window.get_by_role("link", name="Today").click()
    is_at(window, "Sign in")
    expect(window.get_by_role("link", name="What works")).to_have_count(0)
    window.get_by_test_id("stMainBlockContainer").get_by_role("link", name="Go to the sign-in").click()
    sign_in(window, "tom.askew@woldershire.example")
    expect(window.get_by_role("alert")).to_contain_text("is not right")


def test_a_provider_signs_people_in_and_their_groups_give_the_role(
    federated: Installation, provider: Provider, window: Page
) -> None:
    provider.claims = {"sub": "u1", "email": "Ruth.Lane@woldershire.example", "name": "Ruth Lane",
                       "groups": ["Everybody", "CN=Comms,OU=Groups"]}  # fmt: skip
    window.goto(f"{federated.address}/works?by=week")
    is_at(window, "Sign in")
    window.get_by_role("button", name="Sign in").click()
    is_at(window, "What works")
    assert window.url.startswith(f"{federated.address}/works"), "one ends up where one wanted to go"
    expect(window.get_by_text("Signed in as Ruth Lane (corporate)")).to_be_visible()
    window.get_by_role("button", name="Sign out").click()
    is_at(window, "Sign in")
    assert provider.left == [f"{federated.address}/oauth2callback"]
    provider.claims |= {"groups": ["Readers"]}
    window.get_by_role("button", name="Sign in").click()
    expect(window.get_by_text("Signed in as Ruth Lane (reader)")).to_be_visible()
    assert federated.done().count("role by group") == 2
    with federated.context.database.read() as session:
        (known,) = list_people(session)
    shut_out(federated.context, acting(federated.context, KEEPER), known.id, reason="left the force")
    window.get_by_role("link", name="Calendar").click()
    is_at(window, "Sign in")
    window.get_by_role("button", name="Sign in").click()
    expect(window.get_by_text("You may not use Beatline at present")).to_be_visible()


def test_nobody_is_let_in_whom_the_provider_gives_no_role(
    federated: Installation, provider: Provider, window: Page
) -> None:
    provider.claims = {"sub": "u2", "email": "sam.reed@woldershire.example", "groups": ["Everybody"]}
    window.goto(federated.address)
    window.get_by_role("button", name="Sign in").click()
    expect(window.get_by_text("none of your groups has a role")).to_be_visible()
    with federated.context.database.read() as session:
        assert session.exec(select(Person).where(Person.email == "sam.reed@woldershire.example")).first() is None


def test_a_proxy_says_who_it_is_and_nobody_gets_past_it(install: Install, window: Page) -> None:
    proxied = install(
        BEATLINE_SIGN_IN="proxy", BEATLINE_PROXY_ADDRESSES="127.0.0.2", BEATLINE_PROXY_SECRET="known to the proxy alone"
    )
    proxied.person("joel.marsh@woldershire.example", Role.CORPORATE)
    said = {"X-Forwarded-Email": "joel.marsh@woldershire.example", "X-Beatline-Proxy": "known to the proxy alone"}
    with in_front_of(proxied.address, said, calling_from="127.0.0.2") as address:
        window.goto(f"{address}/calendar")
        is_at(window, "Calendar")
        expect(window.get_by_text("Signed in as Joel Marsh (corporate)")).to_be_visible()
    window.goto(proxied.address)
    expect(window.get_by_text("Nobody is let in past the proxy")).to_be_visible()
    pretended = {**said, "X-Forwarded-For": "127.0.0.2", "X-Real-Ip": "127.0.0.2"}
    with in_front_of(proxied.address, pretended, calling_from="127.0.0.1") as address:
        window.goto(address)
        expect(window.get_by_text("Nobody is let in past the proxy")).to_be_visible()
    with in_front_of(proxied.address, {**said, "X-Beatline-Proxy": "guessed"}, calling_from="127.0.0.2") as address:
        window.goto(address)
        expect(window.get_by_text("did not say who you are")).to_be_visible()

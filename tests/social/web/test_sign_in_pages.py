"""The forms of signing in and the gate before the pages: nothing a stranger sends leads anywhere else."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
import streamlit
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from social import passwords
from social.context import Context
from social.operators import KEEPER, acting
from social.sign_in import person_with
from social.sign_in_guard import FROM_ONE_MACHINE
from social.sign_in_links import link_for, set_up
from social.staff import Role, find_or_add_person
from social.web.gate import SignInGate
from social.web.headers import SecurityHeaders
from social.web.sign_in import sign_in_routes
from social.web.way_back import way_back
from tests.social.web.asgi import Answer, ask, get

PATHS = frozenset({"/", "/post", "/works"})
PASSWORD = "marlpit heron teapot gravel"
NIA = "nia.abbot@woldershire.example"
HERE = "http://127.0.0.1:8501"
Served = Callable[..., ASGIApp]


@pytest.fixture
def served(context: Context, monkeypatch: pytest.MonkeyPatch) -> Served:
    """served(sign_in="oidc") -> the routes and the gate, with pages that only say that they are there."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(passwords, "_stand_in", [])

    def build(**settings: object) -> ASGIApp:
        context.settings = replace(context.settings, **settings)  # type: ignore[arg-type]  # settings by name

        def page(request: Request) -> Response:
            if request.url.path == "/oauth2callback":
                return RedirectResponse("/", 302, {"Set-Cookie": "_streamlit_user=signed; HttpOnly; Path=/"})
            return PlainTextResponse(f"the page {request.url.path}")

        return Starlette(
            routes=[
                *sign_in_routes(lambda: context, PATHS),
                *(Route(path, page) for path in (*PATHS, "/oauth2callback")),
            ],
            middleware=[
                Middleware(SecurityHeaders, page=Path(streamlit.__file__).parent / "static/index.html"),
                Middleware(SignInGate, open_=lambda: context, paths=PATHS),
            ],
        )

    return build


@pytest.fixture
def link(context: Context, served: Served) -> str:
    """The path of a one-time link for Nia."""
    with context.database.write() as session:
        nia = find_or_add_person(session, NIA, Role.AUTHOR, "Nia <b>Abbot</b>")
    return link_for(context, acting(context, KEEPER), nia.id or 0).removeprefix(HERE)


@pytest.fixture
def app(context: Context, served: Served, link: str) -> ASGIApp:
    """Nia has a local account."""
    set_up(context, link.rpartition("/")[2], PASSWORD, PASSWORD)
    return served()


def sign_in(app: ASGIApp, *, password: str = PASSWORD, email: str = NIA, origin: str = HERE, **more: str) -> Answer:
    return ask(app, "POST", "/sign-in", form={"email": email, "password": password}, origin=origin, **more)


def test_pages_are_open_until_there_is_a_local_account(served: Served) -> None:
    assert get(served(), "/post?id=12").text == "the page /post"
    assert get(served(), "/sign-in").status == 303


def test_whoever_is_not_signed_in_is_led_to_the_form_and_back_to_the_page(context: Context, app: ASGIApp) -> None:
    led = get(app, "/post?id=12&as=3")
    assert (led.status, led.headers["location"]) == (303, "/sign-in")
    kept = led.cookies["beatline_next"].split(";")[0]
    assert led.cookies["beatline_next"].endswith("HttpOnly; Max-Age=600; Path=/; SameSite=lax")
    assert '<form method="post" action="/sign-in">' in get(app, "/sign-in").text
    let_in = sign_in(app, cookie=f"beatline_next={kept}")
    assert (let_in.status, let_in.headers["location"]) == (303, "/post?id=12&as=3")
    token, *manner = let_in.cookies["beatline_session"].split("; ")
    assert manner == ["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=lax"]
    assert get(app, "/post?id=12", cookie=f"beatline_session={token}").text == "the page /post"
    assert person_with(context, token) is not None
    assert get(app, "/post", cookie="beatline_session=made-up").status == 303


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/post", "//evil.example/post", "/\\evil.example", "/sign-in", "/elsewhere", "javascript:alert(1)",
     "/post\r\nset-cookie: a=b", "http://[", "post", "", None, "/post/../../x", "https:/post"],
)  # fmt: skip
def test_the_way_back_is_one_of_our_own_pages(app: ASGIApp, wanted: str | None) -> None:
    assert way_back(quote(wanted) if wanted is not None else None, PATHS) in ("/", "/post")
    cookie = {} if wanted is None else {"cookie": f"beatline_next={quote(wanted)}"}
    assert sign_in(app, **cookie).headers["location"] in ("/", "/post")


def test_a_form_from_elsewhere_does_nothing(app: ASGIApp) -> None:
    for origin in ("https://evil.example", "null", "", "http://127.0.0.1:9999", f"{HERE}.evil.example"):
        refused = sign_in(app, origin=origin)
        assert (refused.status, refused.cookies) == (403, {})
    assert sign_in(app, password="x" * 20_000).status == 403


def test_what_was_typed_comes_back_as_text_and_the_password_never(app: ASGIApp) -> None:
    refused = sign_in(app, email='"><script>alert(1)</script>', password="wrong <i>password</i>")
    assert refused.status == 403
    assert "<script>" not in refused.text
    assert "wrong" not in refused.text
    assert 'role="alert"' in refused.text
    assert refused.headers["cache-control"] == "no-store"


def test_guesses_are_answered_with_wait_also_by_who_says_to_be_elsewhere(app: ASGIApp) -> None:
    for number in range(FROM_ONE_MACHINE):
        assert sign_in(app, password="wrong", x_forwarded_for=f"198.51.100.{number}").status == 403
    assert sign_in(app, x_forwarded_for="198.51.100.99").status == 429


def test_behind_a_trusted_proxy_guesses_count_against_the_browser_that_it_saw(
    context: Context, app: ASGIApp, served: Served
) -> None:
    app = served(proxy_addresses="127.0.0.1")
    for _ in range(FROM_ONE_MACHINE):
        assert sign_in(app, password="wrong", x_forwarded_for="203.0.113.9, 198.51.100.1").status == 403
    assert sign_in(app, x_forwarded_for="198.51.100.1").status == 429
    assert sign_in(app, x_forwarded_for="198.51.100.1, 198.51.100.2").status == 303


def test_over_https_the_cookie_is_bound_to_this_host_and_to_encryption(app: ASGIApp, served: Served) -> None:
    app = served(address="https://beatline.example.org")
    let_in = sign_in(app, origin="https://beatline.example.org")
    manner = let_in.cookies["__Host-beatline_session"].split("; ")[1:]
    assert set(manner) >= {"Secure", "HttpOnly", "Path=/", "SameSite=lax"}


def test_a_link_leaves_the_address_at_once_and_is_not_spent_by_looking(app: ASGIApp, context: Context) -> None:
    with context.database.read() as session:
        nia = find_or_add_person(session, NIA, Role.AUTHOR)
    link = link_for(context, acting(context, KEEPER), nia.id or 0)
    token = link.rpartition("/")[2]
    opened = get(app, f"/set-up/{token}")
    assert (opened.status, opened.headers["location"], opened.text) == (303, "/set-up", "")
    cookie = f"beatline_link={token}"
    assert opened.cookies["beatline_link"] == f"{token}; HttpOnly; Max-Age=1800; Path=/set-up; SameSite=lax"
    for _ in range(2):
        form = get(app, "/set-up", cookie=cookie)
        assert "Nia &lt;b&gt;Abbot" in form.text
        assert token not in form.text
    weak = ask(app, "POST", "/set-up", form={"password": "short", "again": "short"}, origin=HERE, cookie=cookie)
    assert (weak.status, "at least 12" in weak.text) == (422, True)
    good = {"password": PASSWORD + "!", "again": PASSWORD + "!"}
    assert ask(app, "POST", "/set-up", form=good, origin="https://evil.example", cookie=cookie).status == 403
    done = ask(app, "POST", "/set-up", form=good, origin=HERE, cookie=cookie)
    assert (done.status, done.headers["location"]) == (303, "/")
    assert person_with(context, done.cookies["beatline_session"].split(";")[0]) is not None
    assert ask(app, "POST", "/set-up", form=good, origin=HERE, cookie=cookie).status == 403
    assert get(app, "/set-up", cookie=cookie).status == 403
    assert get(app, "/set-up").status == 403


def test_after_a_provider_one_ends_up_where_one_wanted_to_go(served: Served) -> None:
    app = served(sign_in="oidc")
    shown = get(app, "/works?by=week")
    assert shown.text == "the page /works", "the page itself asks; its address is kept"
    kept = shown.cookies["beatline_next"].split(";")[0]
    back = get(app, "/oauth2callback?code=1", cookie=f"beatline_next={kept}")
    assert back.headers["location"] == "/works?by=week"
    assert "Max-Age=0" in back.cookies["beatline_next"]
    assert get(app, "/oauth2callback", cookie="beatline_next=https%3A%2F%2Fevil.example").headers["location"] == "/"


def test_streamlits_own_cookie_is_kept_to_https_as_ours_are(served: Served) -> None:
    plain = get(served(sign_in="oidc"), "/oauth2callback")
    assert "Secure" not in plain.cookies["_streamlit_user"]
    encrypted = get(served(sign_in="oidc", address="https://beatline.example.org"), "/oauth2callback")
    assert encrypted.cookies["_streamlit_user"].endswith("; Secure")
    assert encrypted.cookies["beatline_next"].lower().count("secure") == 1


def test_the_forms_carry_the_same_headers_as_every_answer(app: ASGIApp) -> None:
    headers = get(app, "/sign-in").headers
    assert "form-action 'self'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert "<script" not in get(app, "/sign-in").text

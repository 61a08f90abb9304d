"""People whom a provider or a proxy has signed in: what they say is believed only where it can be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from social.clock import SettableClock
from social.context import Context
from social.errors import InputError
from social.people import shut_out
from social.sign_in import NotLetIn, sign_out
from social.sign_in_elsewhere import Expired, person_by_provider, person_by_proxy, provider_token_hash
from social.sign_in_ways import group_roles, is_proxy, require_usable
from social.staff import Person, Role, find_or_add_person

NIA = "nia.abbot@woldershire.example"
MAPPED = "CN=Comms,OU=Groups=corporate; Authors=author"
Set = Callable[..., None]


@pytest.fixture
def put(context: Context) -> Set:
    """put(group_roles="...") -> the context with those settings."""

    def change(**settings: object) -> None:
        context.settings = replace(context.settings, **settings)  # type: ignore[arg-type]  # settings by name

    return change


def claims(context: Context, **said: Any) -> dict[str, Any]:
    now = int(context.clock.now().timestamp())
    return {"iss": "https://id.example.org", "sub": "u1", "iat": now, "exp": now + 300, "nonce": "n1", "email": NIA,
            "name": "Nia Abbot", "groups": ["Everybody", "Authors"], **said}  # fmt: skip


def nia(context: Context, role: Role = Role.AUTHOR) -> Person:
    with context.database.write() as session:
        return find_or_add_person(session, NIA, role)


def test_a_group_gives_the_role_and_the_first_that_fits_wins(context: Context, put: Set) -> None:
    put(group_roles=MAPPED)
    person = person_by_provider(context, claims(context))
    assert (person.email, person.name, person.role) == (NIA, "Nia Abbot", Role.AUTHOR)
    again = person_by_provider(context, claims(context, nonce="n2", groups=["Authors", "CN=Comms,OU=Groups"]))
    assert (again.id, again.role) == (person.id, Role.CORPORATE)


def test_without_groups_only_those_who_were_added_are_let_in(context: Context) -> None:
    with pytest.raises(NotLetIn, match="Ask an administrator to add"):
        person_by_provider(context, claims(context))
    known = nia(context, Role.SUPERVISOR)
    assert person_by_provider(context, claims(context)) == known


@pytest.mark.parametrize(
    "said",
    [
        {"email": None},
        {"email": "no address"},
        {"email_verified": False},
        {"email": "keeper@beatline.invalid"},
        {"iat": None},
        {"iat": 1e300},
        {"groups": {"Authors": True}},
        {"groups": "Nobodys"},
        {"groups": None},
    ],
)
def test_nobody_is_let_in_on_a_word_that_proves_nothing(context: Context, put: Set, said: dict[str, Any]) -> None:
    put(group_roles=MAPPED)
    with pytest.raises(NotLetIn):
        person_by_provider(context, claims(context, **said))
    with context.database.read() as session:
        assert session.exec(select(Person).where(Person.email == NIA)).first() is None


def test_a_sign_in_at_the_provider_ends_as_ours_do(context: Context, clock: SettableClock) -> None:
    nia(context)
    first = claims(context)
    assert person_by_provider(context, first)
    sign_out(context, provider_token_hash(first))
    with pytest.raises(Expired):
        person_by_provider(context, first)
    second = claims(context, nonce="n2")
    assert person_by_provider(context, second)
    clock.advance(timedelta(minutes=61))
    with pytest.raises(Expired):
        person_by_provider(context, second)
    old = claims(context, iat=int((clock.now() - timedelta(hours=12)).timestamp()))
    with pytest.raises(Expired):
        person_by_provider(context, old)
    ahead = claims(context, iat=int((clock.now() + timedelta(minutes=6)).timestamp()))
    with pytest.raises(Expired):
        person_by_provider(context, ahead)


def test_whoever_is_shut_out_here_is_out_whatever_the_provider_says(context: Context, put: Set, keeper: Person) -> None:
    put(group_roles=MAPPED)
    first = claims(context)
    person = person_by_provider(context, first)
    shut_out(context, keeper, person.id or 0, reason="left")
    with pytest.raises(NotLetIn):
        person_by_provider(context, first)
    with pytest.raises(NotLetIn, match="may not use Beatline"):
        person_by_provider(context, claims(context, nonce="n2"))


PROXY = "10.1.2.3"


@pytest.fixture
def proxied(put: Set) -> None:
    put(sign_in="proxy", proxy_addresses=f"{PROXY}, 2001:db8::/64", proxy_secret="told to the proxy alone")


def headers(**given: list[str]) -> dict[str, list[str]]:
    usual = {"x-forwarded-email": [NIA], "x-beatline-proxy": ["told to the proxy alone"]}
    return {**usual, **{name.replace("_", "-"): values for name, values in given.items()}}


@pytest.mark.usefixtures("proxied")
def test_a_trusted_proxy_says_who_it_is(context: Context) -> None:
    known = nia(context)
    assert person_by_proxy(context, headers(), PROXY) == known
    assert (
        person_by_proxy(context, headers(x_forwarded_email=[" Nia.Abbot@woldershire.example "]), "2001:db8::7") == known
    )


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("peer", ["10.1.2.4", None, "127.0.0.1", "", "not an address", "2001:db9::1"])
def test_the_same_headers_from_anywhere_else_let_nobody_in(context: Context, peer: str | None) -> None:
    nia(context)
    with pytest.raises(NotLetIn, match="its own address"):
        person_by_proxy(context, headers(), peer)


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize(
    "given",
    [
        {"x_forwarded_email": [NIA, "ruth.lane@woldershire.example"]},
        {"x_forwarded_email": []},
        {"x_forwarded_email": [""]},
        {"x_forwarded_email": ["command-line@beatline.invalid"]},
        {"x_beatline_proxy": []},
        {"x_beatline_proxy": ["guessed"]},
        {"x_beatline_proxy": ["told to the proxy alone", "told to the proxy alone"]},
    ],
)
def test_headers_that_a_browser_may_have_sent_let_nobody_in(context: Context, given: dict[str, list[str]]) -> None:
    nia(context)
    with pytest.raises(NotLetIn):
        person_by_proxy(context, headers(**given), PROXY)


@pytest.mark.usefixtures("proxied")
def test_a_proxys_groups_give_and_change_the_role_at_each_look(context: Context, put: Set, keeper: Person) -> None:
    put(group_roles="Authors=author; Comms=corporate")
    first = person_by_proxy(context, headers(x_forwarded_groups=["Everybody, Authors"]), PROXY)
    assert first.role == Role.AUTHOR
    assert person_by_proxy(context, headers(x_forwarded_groups=["Comms"]), PROXY).role == Role.CORPORATE
    with pytest.raises(NotLetIn, match="none of your groups"):
        person_by_proxy(context, headers(x_forwarded_groups=["Everybody"]), PROXY)
    shut_out(context, keeper, first.id or 0, reason="left")
    with pytest.raises(NotLetIn, match="may not use"):
        person_by_proxy(context, headers(x_forwarded_groups=["Comms"]), PROXY)


def test_settings_that_cannot_work_or_would_trust_everybody_stop_the_app(context: Context, put: Set) -> None:
    put(sign_in="oidc", oidc_client_id="beatline")
    with pytest.raises(InputError) as missing:
        require_usable(context.settings)
    named = [str(problem) for problem in missing.value.problems]
    assert [name for name in ("address", "oidc_metadata_url", "oidc_client_secret") if any(f"'{name}'" in n for n in named)] == [
        "address", "oidc_metadata_url", "oidc_client_secret",
    ]  # fmt: skip
    for addresses in ("0.0.0.0/0", "::/0", "the proxy", "10.1.2.3/8"):
        put(sign_in="proxy", address="https://beatline.example.org", proxy_addresses=addresses)
        with pytest.raises(InputError, match="proxy_addresses"):
            require_usable(context.settings)
    for roles in ("Comms", "Comms=chief", "=corporate"):
        put(sign_in="auto", proxy_addresses="", group_roles=roles)
        with pytest.raises(InputError, match="group_roles"):
            require_usable(context.settings)


def test_an_address_in_either_spelling_is_the_same_proxy(context: Context, put: Set) -> None:
    put(proxy_addresses="127.0.0.1")
    assert is_proxy(context.settings, None)
    assert is_proxy(context.settings, "::ffff:127.0.0.1")
    assert not is_proxy(context.settings, "::1")
    put(group_roles=MAPPED)
    assert group_roles(context.settings)[0] == ("CN=Comms,OU=Groups", Role.CORPORATE)

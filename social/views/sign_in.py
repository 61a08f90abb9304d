"""Who is looking? Asked at every run of every page, of the database as it is now.

Whoever was shut out, signed out or given another role since the last click finds that at the next one."""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode, urlsplit

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from social.accounts import list_accounts
from social.context import Context
from social.database_trouble import DatabaseTrouble
from social.loopback import is_loopback_host
from social.operators import LOCAL_USER, acting
from social.sign_in import NotLetIn, person_with, sign_out
from social.sign_in_elsewhere import PROOF_HEADER, Expired, person_by_provider, person_by_proxy, provider_token_hash
from social.sign_in_records import hash_of
from social.sign_in_ways import Way, way_in
from social.staff import Action, Person, areas_of, has_role_of, is_own, may, role_allows, role_name
from social.views.parts import Page, is_practice, not_answered, number_in_address
from social.web.sign_in import session_cookie

FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via")
"""Headers of a proxy: whoever stands behind it sits somewhere else."""


def browser_address() -> str | None:
    """Where the browser is; None when it is on this machine."""
    return st.context.ip_address


def browser_cookies() -> Mapping[str, str]:
    """The cookies that the browser came with when it opened the page."""
    return st.context.cookies


def browser_headers(*names: str) -> dict[str, list[str]]:
    """Every value of each of these headers, by its name in lower case."""
    return {name.lower(): st.context.headers.get_all(name) for name in names}


def from_this_machine(listens_on: str, headers: Mapping[str, str], client: str | None) -> bool:
    """Whether the browser runs on this very machine, as far as anybody can tell.

    listens_on: the app's own address.  client: the browser's, None when it is this machine.  A Host header with
    another name is refused too: a web page elsewhere may give its own name the address 127.0.0.1."""
    host = headers.get("Host")
    return (
        is_loopback_host(listens_on)
        and (client is None or is_loopback_host(client))
        and (host is None or is_loopback_host(_host_name(host)))
        and not any(name in headers for name in FORWARDED)
    )


def sign_in(context: Context, address: str) -> Page:
    """Find out who is looking, and draw the sidebar's part.  Stops the run when nobody may be let in.

    address: path of the page, to come back to after signing in."""
    way = way_in(context)
    with context.database.read() as session:
        accounts = tuple(list_accounts(session))
        practice = way is Way.NONE and all(is_practice(account) for account in accounts)
        staff = _to_choose_from(list(session.exec(select(Person).where(Person.active).order_by(Person.name))))
    if way is not Way.NONE:
        person = _signed_in(context, way, address)
    elif accounts and practice and staff:
        person = _practice_person(staff)
    elif from_this_machine(context.settings.host, st.context.headers, browser_address()):
        person = acting(context, LOCAL_USER)
        _say_who("You act as", person)
    else:
        st.error("Nobody is let in from other machines while no sign-in is set up. Open Beatline on the machine it runs on, "
            "with BEATLINE_HOST set to 127.0.0.1, or set up sign-in there.")  # fmt: skip
        st.stop()
    with context.database.read() as session:
        areas = areas_of(session, person)
    page = Page(context, person, accounts, context.clock.now(), areas)
    st.session_state["_page"] = page
    return page


def _to_choose_from(staff: list[Person]) -> list[Person]:
    """Whom a practice visitor may act as: Beatline's own persons only where there is nobody else."""
    return [person for person in staff if not is_own(person)] or staff


def _signed_in(context: Context, way: Way, address: str) -> Person:
    try:
        person = _person_by(context, way)
    except NotLetIn as error:
        st.session_state.pop("_page", None)
        _say_no(way, error, address)
        st.stop()
    _say_who("Signed in as", person)
    if way is not Way.PROXY:
        st.sidebar.button("Sign out", key="_sign_out", on_click=_sign_out, args=(context, way))
    return person


def _person_by(context: Context, way: Way, *, used: bool = True) -> Person:
    """Raises NotLetIn when nobody is let in."""
    if way is Way.OIDC:
        return _by_provider(context, used)
    if way is Way.PROXY:
        names = context.settings.proxy_email_header, context.settings.proxy_groups_header, PROOF_HEADER
        return person_by_proxy(context, browser_headers(*names), browser_address())
    return _by_session(context, used)


def still_there(page: Page, action: Action | None = None, *, used: bool = True) -> bool:
    """Whether whoever opened a page is still signed in, with the role and the areas that it was drawn for, and may do
    this: for parts of it that run by themselves.

    action: None asks only whether they are still let in.  used: False where the clock and nobody's press runs the part: a
    page that is left open must not keep its person signed in."""
    try:
        way = way_in(page.context)
        person = page.person if way is Way.NONE else _person_by(page.context, way, used=used)
        with page.read() as session:
            known = session.get(Person, person.id)
            if known is None or not known.active or person.id != page.person.id:
                return False
            if not has_role_of(known, page.person) or areas_of(session, known) != page.areas:
                return False
            return action is None or may(session, person, action)
    except (NotLetIn, DatabaseTrouble):  # the whole page, drawn anew, says which
        return False
    except SQLAlchemyError:
        not_answered()
        st.stop()


def _by_session(context: Context, used: bool) -> Person:
    person = person_with(context, browser_cookies().get(session_cookie(context)), used=used)
    if person is None:
        raise Expired()
    return person


def _by_provider(context: Context, used: bool) -> Person:
    claims = st.user.to_dict()
    if not claims.get("is_logged_in"):
        raise Expired()
    return person_by_provider(context, claims, used=used)


def _sign_out(context: Context, way: Way) -> None:
    if way is Way.OIDC:
        sign_out(context, provider_token_hash(st.user.to_dict()))
        st.logout()
    else:
        sign_out(context, hash_of(browser_cookies().get(session_cookie(context), "")))


def _say_no(way: Way, error: NotLetIn, address: str) -> None:
    """Say why, and show the one thing that helps."""
    st.title("Sign in", anchor=False)
    if way is Way.OIDC:
        if not isinstance(error, Expired):
            st.error(str(error))
        st.button("Sign in", type="primary", key="_sign_in", on_click=st.login)
        return
    st.error(str(error))
    if way is Way.LOCAL:
        query = urlencode(st.query_params.to_dict())
        here = f"{address}?{query}" if query else address
        # A link of Streamlit's own would open another tab; this one loads the page anew, and the gate leads on.
        link = f'<a href="{escape(here)}" target="_self">Go to the sign-in</a>'
        st.html(link)
        st.sidebar.html(link)  # on a phone the sidebar, still open after signing out, lies over the page


def _practice_person(staff: list[Person]) -> Person:
    people = {person.id: person for person in staff if person.id is not None}
    first = next((p for p in staff if role_allows(p, Action.APPROVE_CORPORATE)), staff[0])
    wanted = number_in_address("as")
    start = wanted if wanted is not None and wanted in people else first.id or 0
    if st.session_state.get("act_as", start) not in people:
        st.session_state["act_as"] = start
    with st.sidebar:
        chosen = st.selectbox(
            "Practice: you are signed in as",
            list(people),
            index=list(people).index(start),
            key="act_as",
            bind="query-params",  # a page that is loaded anew still knows who was chosen
            format_func=lambda number: f"{people[number].name} ({role_name(people[number].role)})",
        )
    return people[chosen]


def _say_who(lead: str, person: Person) -> None:
    with st.sidebar:
        st.text(f"{lead} {person.name} ({role_name(person.role)})")


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""

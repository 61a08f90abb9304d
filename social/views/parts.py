"""What every page begins with: the running system, who is looking, the heading, and what must be said above all else.

Words of outsiders (residents, networks, imported files) reach a page through `outside`, tables or escaped HTML only:
Streamlit's Markdown would fetch a remote picture named in them, and so tell its owner who reads what."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import urlsplit

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from social.accounts import Account, list_accounts
from social.channels.registry import make_channel
from social.context import Context, open_context
from social.errors import BeatlineError, InputError
from social.loopback import is_loopback, is_loopback_host
from social.settings import load_settings
from social.staff import Action, Person, Role, find_or_add_person, role_allows
from social.views.words import say_moment

LOCAL_USER = "local.user@this-machine.invalid"
"""Who acts when no sign-in is set up: whoever sits at this machine."""

STYLE = """<style>
[role=spinbutton]{min-width:24px;min-height:24px;display:inline-grid;place-items:center}
kbd{color:inherit!important;opacity:1!important}
:focus-visible{outline:3px solid #ffdd00!important;outline-offset:0!important;box-shadow:0 0 0 6px #0b0c0c!important}
textarea:focus-visible{outline-offset:-3px!important;box-shadow:inset 0 0 0 5px #0b0c0c!important}
:is([role=combobox],[data-testid=stTextInputField],[data-testid=stNumberInputField]):focus-visible{outline:0!important;box-shadow:none!important}
[data-testid=stSelectbox] div:has(>input:focus-visible),[data-testid=stMultiSelect] div:has(>div>input:focus-visible),:is([data-testid=stTextInputRootElement],[data-testid=stNumberInputContainer]):has(input:focus-visible){outline:3px solid #ffdd00!important;outline-offset:0!important;box-shadow:0 0 0 6px #0b0c0c!important}
@media (prefers-color-scheme:dark){button[data-selected=true] p{color:#f3f2f1!important}}
.st-key-there_is_a_problem{border:4px solid #d4351c!important}
[data-testid=stText]{font-family:inherit;white-space:pre-wrap;overflow-wrap:anywhere}
</style>"""
"""Small cures that axe and measured contrast ask for: targets of 24 px, a focus that shows, words that wrap."""

_opener: list[Callable[[], Context]] = []


def provide(open_: Callable[[], Context]) -> None:
    """Say where pages get the running system from; `app.py` does, once, before the first page."""
    _opener[:] = [open_]


def forget() -> None:
    """Take back what `provide` said."""
    _opener.clear()


def running() -> Context:
    """The running system, one for all pages and sessions of this process; opened here under `streamlit run app.py`."""
    return _opener[0]() if _opener else _open_default()


@st.cache_resource(show_spinner=False)
def _open_default() -> Context:
    return open_context(load_settings(), make_channel)


@dataclass(frozen=True)
class Page:
    """What a page knows when it begins.  now: one instant for the whole page, so that its parts agree."""

    context: Context
    person: Person
    accounts: tuple[Account, ...]
    now: datetime

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self.context.database.read() as session:
            yield session

    def may(self, action: Action) -> bool:
        return role_allows(self.person, action)


def begin(title: str, *, needs: Action | None = None) -> Page:
    """Head the page and hand over what it needs; stops here when the person may not see it.

    needs: what the person must be allowed to do. A hidden link is no lock, so each page asks for itself."""
    st.title(title, anchor=False)
    st.session_state["_title"] = title
    page: Page | None = st.session_state.get("_page")
    assert page is not None, "app.main() signs the person in before it runs a page"
    st.caption(f"As of {say_moment(page.now)}")
    if any(is_practice(account) for account in page.accounts):
        st.info("Practice: the people, places and replies here are invented, and posts go to a practice network only."
                if all(is_practice(a) for a in page.accounts) else
                "Some accounts here are on the practice network. Their residents and replies are invented.")  # fmt: skip
    if needs is not None and not page.may(needs):
        st.error(f"You may not {needs.value}. Ask someone who looks after people and roles in Beatline.")
        st.stop()
    return page


def is_practice(account: Account) -> bool:
    """Whether the account is on a practice network: in memory, or at an address of this machine."""
    if account.channel == "memory":
        return True
    return is_loopback(account.base_url)


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via")
"""Headers of a proxy: whoever stands behind it sits somewhere else."""


def browser_address() -> str | None:
    """Where the browser is; None when it is on this machine."""
    return st.context.ip_address


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


def sign_in(context: Context) -> Page:
    """Who is looking?  Draws the sidebar's part and stops the run when nobody may be let in.

    All accounts on the practice network: the person picks a role to try. Otherwise whoever sits at this machine acts
    as one local person, and only while the app listens on loopback alone."""
    with context.database.read() as session:
        accounts = tuple(list_accounts(session))
        staff = list(session.exec(select(Person).where(Person.active).order_by(Person.name)))
    if accounts and all(is_practice(a) for a in accounts) and staff:
        person = _practice_person(staff)
    elif from_this_machine(context.settings.host, st.context.headers, browser_address()):
        person = _local_person(context)
        _say_who("You act as", person)
    else:
        st.error("Nobody is let in from other machines while no sign-in is set up. Open Beatline on the machine it runs on, "
            "with BEATLINE_HOST set to 127.0.0.1.")  # fmt: skip
        st.stop()
    page = Page(context, person, accounts, context.clock.now())
    st.session_state["_page"] = page
    return page


def _practice_person(staff: list[Person]) -> Person:
    people = {person.id: person for person in staff if person.id is not None}
    first = next((p for p in staff if p.role == Role.CORPORATE), staff[0])
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


def _local_person(context: Context) -> Person:
    with context.database.read() as session:
        found = session.exec(select(Person).where(Person.email == LOCAL_USER)).first()
    if found is not None:
        return found
    with context.database.write() as session:
        return find_or_add_person(session, LOCAL_USER, Role.CORPORATE, "Local user")


def _say_who(lead: str, person: Person) -> None:
    with st.sidebar:
        st.text(f"{lead} {person.name} ({role_name(person.role)})")


def role_name(role: str) -> str:
    return {
        Role.AUTHOR.value: "writes posts",
        Role.SUPERVISOR.value: "supervisor",
        Role.CORPORATE.value: "corporate",
        Role.CONTACT_DESK.value: "contact desk",
        Role.RECORDS.value: "records",
        Role.READER.value: "reader",
        Role.ADMINISTRATOR.value: "administrator",
    }.get(role, role)


def number_in_address(name: str) -> int | None:
    """The whole number of that name in the address; None for anything else that somebody may have put there."""
    text = st.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def outside(text: str) -> None:
    """Show words that somebody outside Beatline wrote, exactly as they are and as nothing but text."""
    st.text(text)


def heading(text: str) -> None:
    """A heading of the third level that may hold an outsider's word, such as the name of a place from a file."""
    st.html(f'<h3 style="font-size:1.25rem;font-weight:600;margin:0;padding:0">{escape(text)}</h3>')


FIELDS: dict[str | None, str] = {
    "accounts": "Accounts", "scheduled_local": "When", "text": "Text", "alt_text": "Picture description",
    "media": "Picture", "media_files": "Picture", "captions": "Captions", "link": "Link", "content_type": "Content type",
    "case_stage": "Stage of the case", "lang": "Language",
}  # fmt: skip
"""What the fields of a page are called, by the column that a problem names."""


LEAD_TO_PROBLEM = """export default function ({ data }) {
  const box = document.querySelector(".st-key-there_is_a_problem");
  if (!box || box.dataset.told === String(data)) return;
  box.dataset.told = String(data);
  box.tabIndex = -1;
  box.setAttribute("role", "alert");
  box.scrollIntoView({ block: "center" });
  box.focus();
}"""
"""A browser's part: whoever pressed a button at the foot of a page is led to the reason that nothing happened."""


def lead_to_problem() -> None:
    """Move sight and focus to what is wrong, once for each time it is told."""
    told_before = int(st.session_state.get("_problems_told", 0)) + 1
    st.session_state["_problems_told"] = told_before
    st.components.v2.component("beatline_lead_to_problem", js=LEAD_TO_PROBLEM)(
        key="_lead_to_problem", data=told_before, height=1
    )


def problems(error: BeatlineError) -> None:
    """What is wrong, under one heading, each with what to do; shown as text, since it may quote what was given."""
    st.set_page_config(page_title=f"Error: {st.session_state.get('_title', 'Beatline')} - Beatline")
    with st.container(border=True, key="there_is_a_problem"):
        st.header("There is a problem", anchor=False)
        if not isinstance(error, InputError):
            outside(str(error))
        else:
            for problem in error.problems:
                field = FIELDS.get(problem.column)
                outside(f"{field}: {problem.message}" if field else str(problem))
        lead_to_problem()


@contextmanager
def told() -> Iterator[None]:
    """Turn an error on the way into words on the page instead of an empty one."""
    try:
        yield
    except BeatlineError as error:
        problems(error)
    except SQLAlchemyError:
        st.error("The database did not answer. Nothing was changed. Try again in a minute; "
                 "if it stays so, ask for `beatline doctor` to be run.")  # fmt: skip


def later(message: str) -> None:
    """Say that something was done, after the rerun that follows it."""
    st.session_state["_said"] = message


def say_what_was_done() -> None:
    message = st.session_state.pop("_said", None)
    if message:
        st.success(message)

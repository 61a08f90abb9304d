"""The foot of Accounts and health: how an account is connected, and what to send to whoever runs the machine: how it stands,
without a secret, a name of a person or a word of a post."""

import platform
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.metadata import version

import streamlit as st

from scheduler.views.lookups import heartbeats, last_attempts, last_published
from social.accounts import Account
from social.database import SCHEMA_VERSION
from social.limits import RateLimit, limits_of
from social.staff import Action
from social.token_health import say_token, token_health
from social.views.parts import Page, is_practice
from social.views.words import NETWORKS, say_long, say_moment, word

LIBRARIES = ("streamlit", "sqlmodel", "SQLAlchemy")
ATTEMPTS = 10


def limits_left(limits: Sequence[RateLimit], now: datetime) -> str:
    """'tweets 87 of 100; reads none until 3pm', or that the network has told nothing yet."""
    said = []
    for one in limits:
        if one.not_before is not None and one.not_before > now:
            said.append(f"{one.family} none until {say_moment(one.not_before)}")
        elif one.remaining is not None:
            said.append(f"{one.family} {one.remaining:,}" + (f" of {one.most:,}" if one.most is not None else ""))
    return "; ".join(said) or "the network has told nothing of them yet"


def connect(page: Page) -> None:
    """How an account comes here: by command, since its credentials belong into no browser; or the practice network."""
    st.header("Connect an account", anchor=False)
    if not page.may(Action.MANAGE_ACCOUNTS):
        st.text("Whoever connects accounts does it on the machine where Beatline runs. To try things out, ask them for the "
                "practice network.")  # fmt: skip
        return
    st.text("On the machine where Beatline runs: the credentials in a file, which is sealed and then deleted. A second "
            "administrator confirms it on this page. docs/connecting.md says where each network gives them.")  # fmt: skip
    st.code(
        "beatline accounts add x --name hexley-x --credentials-file x.json --by you@example.org",
        language=None,
        wrap_lines=True,
    )
    st.text("To try everything out without a network, in a home of its own:")
    st.code("beatline demo", language=None)


def for_it(page: Page) -> None:
    st.header("For IT", anchor=False)
    with st.expander("Copy for IT", icon=":material/content_copy:"):
        st.text(
            "How Beatline stands, to paste into a ticket. It holds no credentials, no names of people and no words of posts."
        )
        st.code("\n".join(_lines(page)), language=None, wrap_lines=True)


def _lines(page: Page) -> Iterator[str]:
    yield f"Beatline {version('beatline')}, {say_moment(page.now)}"
    yield f"Python {platform.python_version()}, {', '.join(f'{name} {version(name)}' for name in LIBRARIES)}"
    kind = "SQLite" if page.context.database.is_sqlite else "PostgreSQL"
    yield f"Database: {kind}, schema {page.context.database.schema_version()} (this version's: {SCHEMA_VERSION})"
    with page.read() as session:
        for worker in heartbeats(session)[:5]:
            yield f"Worker {worker.worker}: seen {say_long(page.now - worker.seen_at)} ago"
        for account in page.accounts:
            yield from _account(page, account)
        for one in last_attempts(session, ATTEMPTS):
            yield f"Attempt {say_moment(one.started_at)}: post {one.post_id}, {one.account}, {one.outcome or 'no answer yet'}"


def _account(page: Page, account: Account) -> Iterator[str]:
    with page.read() as session:
        token = token_health(page.context, session, account)
        published, limits = last_published(session, account.id or 0), limits_of(session, account)
    practice = ", practice network" if is_practice(account) else ""
    yield f"Account {account.name}: {word(NETWORKS, account.channel)}{practice}, {account.state}"
    yield f"  credentials: {say_token(token, page.now)}"
    yield f"  last post out: {say_moment(published) if published else 'never'}"
    yield f"  limits: {limits_left(limits, page.now)}"
    if account.reading_paused_reason is not None:
        yield "  reading is paused; the page says why"

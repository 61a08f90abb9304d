"""What Today says of the machine: one line for everybody, and for whoever looks after accounts what they have to do."""

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from scheduler.worker_findings import worker_seen
from social.accounts import AccountState
from social.staff import Action
from social.token_health import say_token, token_health
from social.views.parts import Page, told
from social.views.sign_in import still_there
from social.views.task_rows import group, row
from social.views.words import say_count, say_long
from social.web.routes import WORKER_SILENT_AFTER

HEALTH_PAGE = "social/views/health.py"
HEART = ":material/monitor_heart:"
LOOK_EVERY = timedelta(minutes=1)
"""A page that is left open would else say of a worker long gone that it is at work."""


def looked_after(page: Page) -> bool:
    """Accounts whose credentials end, or do not open: for whoever connects accounts."""
    if not page.may(Action.MANAGE_ACCOUNTS):
        return False
    with page.read() as session:
        found = [(account, token_health(page.context, session, account)) for account in page.accounts]
    found = [(account, health) for account, health in found if health.trouble(page.now)]
    if not found:
        return False
    with group("tokens", "Credentials", "Without new credentials nothing goes out there and nothing is read."):
        for account, health in found:
            row(f"token_{account.id}", "Credentials", "red", say_token(health, page.now), account.name, to=HEALTH_PAGE,
                label=f"Look after account {account.id}", icon=HEART, query={})  # fmt: skip
    return True


@st.fragment(run_every=LOOK_EVERY)
def condition_line(page: Page) -> None:
    """Worker, accounts and credentials in a line each, and the way to more; looked at again while the page is open."""
    if not still_there(page, used=False):
        st.rerun(scope="app")
    page = replace(page, now=page.context.clock.now())
    with told():
        _condition(page)


def _condition(page: Page) -> None:
    with page.read() as session:
        seen = worker_seen(session)
        tokens = [token_health(page.context, session, account) for account in page.accounts]
    st.header("Worker and accounts", anchor=False)
    silent = seen is None or (page.now - seen).total_seconds() > WORKER_SILENT_AFTER
    lines = ["Worker: silent, see above." if silent else f"Worker: at work, seen {say_long(page.now - seen)} ago."]  # type: ignore[operator]  # seen is set here
    paused = sum(account.state == AccountState.PAUSED for account in page.accounts)
    accounts = say_count(len(page.accounts), "account")
    lines.append(f"{accounts} connected, {paused} paused." if paused else f"{accounts} connected, none paused.")
    bad = sum(health.trouble(page.now) for health in tokens)
    lines.append(
        f"Credentials: {say_count(bad, 'account needs', 'accounts need')} new ones."
        if bad
        else "Credentials: all hold."
    )
    st.text("\n".join(lines))
    st.page_link(HEALTH_PAGE, label="See accounts and health", icon=HEART)

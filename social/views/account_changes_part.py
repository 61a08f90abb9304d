"""On Accounts and health: what waits for a second administrator, and the kill switch of each account (R31)."""

from collections.abc import Callable

import streamlit as st

from social.account_changes import SAID, AccountChange, Kind, pause_account, resume_account, waiting_changes
from social.account_confirming import confirm_change, refuse_change
from social.accounts import Account, AccountState
from social.accounts_admin import verify_account
from social.errors import BeatlineError
from social.staff import Action
from social.views.parts import Page, later, outside, problems
from social.views.words import say_soon


def changes_waiting(page: Page) -> None:
    """Nothing at all while nothing waits."""
    with page.read() as session:
        found = waiting_changes(session)
    if not found:
        return
    st.header("Changes that wait for a second person", anchor=False)
    for change, account in found:
        with st.container(border=True):
            outside(
                f"{account.name}: {SAID[Kind(change.kind)]}. Asked for by {change.asked_by}, {say_soon(change.asked_at, page.now)}."
            )
            for what, value in (("Address", change.base_url), ("Agreement", change.agreement_reference)):
                if value:
                    outside(f"{what}: {value}")
            if page.may(Action.MANAGE_ACCOUNTS):
                decide(page, change, account)


def decide(page: Page, change: AccountChange, account: Account) -> None:
    number = change.id or 0
    own = change.asked_by == page.person.email
    if own:
        st.text("You asked for it, so another administrator has to confirm it.")
    with st.container(horizontal=True):
        if not own and st.button("Confirm", key=f"h_yes_{number}", icon=":material/done_all:"):
            done(lambda: confirm(page, change, account))
        if st.button("Take it back" if own else "Refuse", key=f"h_no_{number}", icon=":material/close:"):
            done(lambda: refuse(page, number))


def confirm(page: Page, change: AccountChange, account: Account) -> str:
    confirm_change(page.context, change.id or 0, page.person)
    if change.kind in (Kind.ADD, Kind.ADDRESS):
        try:
            verify_account(page.context, account.name)
        except BeatlineError as error:
            return f"Confirmed. The network did not take the credentials yet: {error}"
    return "Confirmed: it is in force."


def refuse(page: Page, number: int) -> str:
    refuse_change(page.context, number, page.person)
    return "Refused: nothing was changed."


def kill_switch(page: Page, account: Account) -> None:
    """One person alone stops an account at once; how it goes on again depends on who else it reaches."""
    if not page.may(Action.MANAGE_ACCOUNTS):
        return
    if account.state == AccountState.PAUSED and account.paused_by is not None:
        if st.button("End the pause", key=f"h_resume_{account.id}", icon=":material/play_arrow:"):
            done(lambda: resume(page, account))
    elif account.state != AccountState.PAUSED:
        with st.expander("Stop this account"):
            why = st.text_input("Why is it stopped?", key=f"h_why_{account.id}")
            if st.button("Stop it now", key=f"h_pause_{account.id}", icon=":material/block:"):
                done(lambda: pause(page, account, why))


def pause(page: Page, account: Account, why: str) -> str:
    pause_account(page.context, account.name, page.person, why)
    return "Stopped: nothing goes out there and nothing is read."


def resume(page: Page, account: Account) -> str:
    in_force = resume_account(page.context, account.name, page.person)
    return "It goes on." if in_force else "Asked for: a second administrator has to confirm it."


def done(act: Callable[[], str]) -> None:
    """Do it, say what came of it and show the page afresh; or show what stood in the way."""
    try:
        said = act()
    except BeatlineError as error:
        problems(error)
    else:
        later(said)
        st.rerun()

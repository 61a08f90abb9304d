"""The part of an account's card that says who answers for it and what it may spend, and where that is changed."""

import streamlit as st
from sqlmodel import col, select

from social.account_care import owner_name, say_standing, set_budget, set_owner
from social.accounts import Account
from social.budgets import KEPT_FOR_POSTS, Standing, standing
from social.channels.prices import CHARGING
from social.limits import limits_of
from social.staff import Action, Person
from social.views.parts import Page, later, outside, told
from social.views.words import say_moment

NOBODY = "Nobody in particular"


def account_care(page: Page, account: Account) -> None:
    """Who answers for the account, this month's money, and for whoever looks after accounts the means to change them."""
    charges = account.channel in CHARGING
    with page.read() as session:
        owner = owner_name(session, account)
        stand = standing(session, account, page.now) if charges else None
    with page.read() as session:
        closed = [limit for limit in limits_of(session, account) if limit.not_before and limit.not_before > page.now]
    for limit in closed:
        whose = "its app shares" if limit.holder.startswith("app:") else "it has"
        st.text(
            f"A limit that {whose} at the network ({limit.family}) is used up until {say_moment(limit.not_before)}."
        )
    outside(f"Who is told when something is wrong: {owner or 'everybody who looks after accounts'}")
    if stand is not None:
        for line in say_standing(stand):
            outside(line)
    if page.may(Action.MANAGE_ACCOUNTS):
        with st.expander(f"Change who answers{' and the budget' if charges else ''}"):
            _choose_owner(page, account)
            if stand is not None:
                _set_budget(page, account, stand)


def _choose_owner(page: Page, account: Account) -> None:
    with page.read() as session:
        people = list(session.exec(select(Person).where(Person.active).order_by(col(Person.name))))
    known = {person.id: person for person in people if not person.email.endswith(".invalid")}
    options: list[int | None] = [None, *(number for number in known if number is not None)]
    start = options.index(account.owner_id) if account.owner_id in options else 0
    with st.form(f"owner_{account.id}"):
        chosen = st.selectbox(
            "Who answers for this account", options, index=start, key=f"owner_of_{account.id}",
            format_func=lambda number: known[number].name if number in known else NOBODY,
        )  # fmt: skip
        if st.form_submit_button("Save who answers"):
            with told():
                set_owner(page.context, account.name, known.get(chosen), page.person)
                later("Saved. Alarms about this account go there from now on.")
                st.rerun()


def _set_budget(page: Page, account: Account, stand: Standing) -> None:
    with st.form(f"budget_{account.id}"):
        pounds = st.number_input(
            "Pounds a month; empty for no limit", min_value=0.0, max_value=1e6, step=1.0, key=f"pounds_{account.id}",
            value=None if stand.pence is None else stand.pence / 100,
        )  # fmt: skip
        kept = st.number_input(
            "Per cent of it that reading leaves to publishing", min_value=0, max_value=100, step=5,
            value=stand.kept_for_posts or KEPT_FOR_POSTS, key=f"kept_{account.id}",
        )  # fmt: skip
        if st.form_submit_button("Save the budget"):
            with told():
                set_budget(
                    page.context, account.name, page.person, pence=None if pounds is None else round(pounds * 100),
                    posts=stand.posts, reads=stand.reads, kept_for_posts=int(kept),
                )  # fmt: skip
                later("Saved. What this month came to so far counts.")
                st.rerun()

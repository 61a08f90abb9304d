"""Accounts and health: what is connected, what it last did, and whether the worker is at work."""

import streamlit as st

from insights.reading.tiers import tier_that_reads
from scheduler.views.cards import worker_notice
from scheduler.views.lookups import heartbeats, last_attempts, last_published
from social.accounts import Account, AccountState
from social.channels.base import Capabilities
from social.clock import as_local
from social.errors import BeatlineError
from social.limits import limits_of
from social.token_health import say_token, token_health
from social.views.account_care_part import account_care
from social.views.account_changes_part import changes_waiting, kill_switch
from social.views.account_facts import last_read, newest_audience, reading_troubles
from social.views.alarm_part import alarms
from social.views.collecting_part import agreement_part, reading
from social.views.duty_care_part import duty_care
from social.views.it_part import connect, for_it, limits_left
from social.views.parts import Page, begin, is_practice, outside, say_what_was_done, told
from social.views.plain import for_people
from social.views.rooms import Room
from social.views.words import NETWORKS, say_long, say_moment, say_number, say_soon, shorten, word
from social.web.routes import WORKER_SILENT_AFTER

OUTCOMES = {
    None: "No answer yet",
    "sent": "Out",
    "not_sent": "Nothing was sent",
    "refused": "Refused",
    "unknown": "Not sure",
}


def accounts(page: Page) -> None:
    st.header("Accounts", anchor=False)
    if not page.accounts:
        st.info("No account is connected yet. Connect one, or use the practice network, as said below.")
    for account in page.accounts:
        with st.container(border=True), told():
            one_account(page, account)


def one_account(page: Page, account: Account) -> None:
    with page.read() as session:
        read_at, audience = last_read(session, account.id or 0), newest_audience(session, account.id or 0)
        troubles = reading_troubles(session, account.id or 0)
        token = token_health(page.context, session, account)
        published, limits = last_published(session, account.id or 0), limits_of(session, account)
    paused = account.state == AccountState.PAUSED
    waits = {"sends": account.not_before, "reads": account.reading_not_before}
    waiting = {what: until for what, until in waits.items() if until is not None and until > page.now}
    with st.container(horizontal=True, vertical_alignment="center"):
        if paused:
            st.badge("Paused", color="red")
        elif account.reading_paused_reason is not None:
            st.badge("Not read", color="red")
        elif waiting:
            st.badge("Waiting", color="orange")
        else:
            st.badge("Working", color="green")
        st.text(word(NETWORKS, account.channel) + (", practice network" if is_practice(account) else ""))
    outside(account.name + (f" (@{account.handle})" if account.handle else ""))
    if paused:
        outside(f"Why: {for_people(account.paused_reason or 'no reason was recorded')}")
    if account.reading_paused_reason is not None:
        why = for_people(account.reading_paused_reason)
        outside(f"Nothing is read here: {why} Then whoever looks after Beatline checks the account.")
    for what, until in waiting.items():
        st.text(f"The network asked for a wait: Beatline {what} again from {say_soon(until, page.now)}.")
    followers = (
        "not reported"
        if audience is None
        else f"{say_number(audience.followers)} (counted {say_soon(audience.fetched_at, page.now)})"
    )
    st.text(
        f"{'Members' if account.channel == 'alert' else 'Followers'}: {followers}\n"
        f"Credentials checked: {say_moment(account.verified_at) if account.verified_at else 'never'}\n"
        f"Credentials: {say_token(token, page.now)}\n"
        f"Last post out: {say_soon(published, page.now) if published else 'none through Beatline yet'}\n"
        f"Replies and figures last read: {say_soon(read_at, page.now) if read_at else 'never'}\n"
        f"Left of the network's limits: {limits_left(limits, page.now)}"
    )
    can = opened(page, account)
    if can is None:
        st.error("The stored credentials do not open. Ask whoever looks after Beatline to give it new ones.")
    agreement_part(account, can)
    for trouble in troubles:
        outside(f"Reading trouble: {for_people(trouble)}")
    account_care(page, account)
    kill_switch(page, account)


def opened(page: Page, account: Account) -> Capabilities | None:
    """What the account's channel can do; None when its credentials do not open."""
    try:
        return page.context.channel(account).can
    except BeatlineError:
        return None


def workers(page: Page) -> None:
    st.header("Workers", anchor=False)
    worker_notice(page)
    tier = page.context.settings.reading_tier
    if tier_that_reads(page.context) != tier:
        st.error(f"Replies are read with the tier 'fast', not with '{tier}', which is not installed. Tell whoever looks after "
                 "Beatline.")  # fmt: skip
    with page.read() as session:
        seen = heartbeats(session)
    for worker in seen[:5]:
        ago = page.now - worker.seen_at
        state = "at work" if ago.total_seconds() <= WORKER_SILENT_AFTER else "silent"
        outside(f"{worker.worker}: {state}, last seen {say_long(ago)} ago, started {say_moment(worker.started_at)}")


def attempts(page: Page) -> None:
    st.header("Latest attempts to publish", anchor=False)
    with page.read() as session:
        rows = last_attempts(session)
    if not rows:
        st.text("Nothing has been sent yet.")
        return
    st.dataframe(
        [
            {
                "When": f"{as_local(row.started_at):%d/%m/%Y %H:%M:%S}",
                "Outcome": OUTCOMES.get(row.outcome, row.outcome),
                "Account": row.account,
                "Post": row.post_id,
                "Text": shorten(row.text, 60),
                "Answer": row.detail or "",
                "Seconds": row.seconds,
            }
            for row in rows
        ],
        hide_index=True,
        alt="The last attempts to publish, newest first: when, outcome, account, post, text, answer, seconds",
        column_config={"Seconds": st.column_config.NumberColumn(format="%.1f")},
    )


page = begin("Accounts and health")
say_what_was_done()
with told():
    alarms(page, 20)
with told():
    workers(page)
with told():
    changes_waiting(page)
with told():
    reading(page)
cards = Room(480)  # each account's credentials are opened, which takes longest
with told():
    duty_care(page)
latest = Room(420)
with told():
    connect(page)
with told():
    for_it(page)
with cards.fill(), told():
    accounts(page)
with latest.fill(), told():
    attempts(page)

"""The parts of the page Accounts and health about reading: what is left unread and its price, times in which nothing was
read, and why an account of X is not read."""

import streamlit as st

from social.accounts import Account
from social.channels.base import Capabilities
from social.collect_obstacles import WHY_AGREEMENT, how_to_agree
from social.collect_plan import FOUND_WITHIN
from social.collect_unread import left_unread, summed
from social.found_within import found_within
from social.gaps import gaps_to_tell
from social.views.parts import Page, is_practice, outside
from social.views.plain import for_people
from social.views.words import say_count, say_soon


def reading(page: Page) -> None:
    """What residents wrote and nobody has read yet, as far as it can be told."""
    st.header("Reading", anchor=False)
    found_within_part(page)
    left_unread_part(page)
    gaps_part(page)


def found_within_part(page: Page) -> None:
    """How soon an emergency can be told at the earliest: once its reply is found."""
    for one in found_within(page.context):
        late = one.longest is None or one.longest > FOUND_WITHIN
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge("Late in places" if late else "Soon", color="orange" if late else "green")
        outside(for_people(one.sentence))


def left_unread_part(page: Page) -> None:
    found = summed(left_unread(page.context))
    if not found:
        st.text("Nothing that is due is left unread.")
        return
    st.warning("Some posts are due and are not read. Replies may stand there that nobody has seen.", icon=None)
    for one in found:
        again = f" There is more to spend from {say_soon(one.again_at, page.now)}." if one.again_at is not None else ""
        price = f"£{one.pence / 100:.2f}" if one.pence else "nothing"
        outside(
            f"{one.account}: {say_count(one.posts, 'post')}, about {say_count(round(one.replies), 'new reply', 'new replies')}. "
            f"Reading them now would cost about {price}. Why they are not read: {one.why}.{again}"
        )
    st.text("Whoever looks after Beatline can raise a budget, and see the plan for each post.")


def gaps_part(page: Page) -> None:
    with page.read() as session:
        gaps = gaps_to_tell(session, page.now)
    if not gaps:
        st.text("No account went unread for longer than expected in the last week.")
    for gap in gaps:
        with st.container(border=True):
            st.badge("Not filled" if gap.open else "Filled", color="red" if gap.open else "green")
            for words in (gap.sentence, gap.state, gap.lost):
                if words:
                    outside(words)


def agreement_part(account: Account, can: Capabilities | None) -> None:
    """Why nothing is read from an account whose network asks for an agreement, and what to do; nothing for others."""
    if can is None or not can.needs_agreement or account.agreement_reference or is_practice(account):
        return
    st.warning("Replies and figures are not collected here until an agreement with the network is recorded.")
    outside(for_people(f"{WHY_AGREEMENT} {how_to_agree(account)}"))

"""Hiding one reply at the network, and showing it again: which house rule it breaks, and where the order stands (R20)."""

from datetime import timedelta

import streamlit as st

from social.accounts import Account
from social.errors import BeatlineError
from social.hiding import hide_reply, show_reply
from social.hiding_records import HOUSE_RULES, Hiding, HidingState, hidings_of
from social.inbox import ReplyView
from social.staff import Action, Person
from social.views.parts import Page, done, outside
from social.views.sign_in import still_there
from social.views.words import say_soon

_PROPOSED = {
    "names_person": "names_person",
    "personal_data": "personal_data",
    "prejudicial": "prejudicial",
    "threat": "threat",
    "spam": "spam",
}
"""Flag -> house rule that is proposed for it (R21)."""
LOOK_AGAIN = timedelta(seconds=2)
_UNDER_WAY = (HidingState.ASKED, HidingState.SENDING, HidingState.UNKNOWN)


def hide_part(page: Page, reply: ReplyView) -> None:
    """Whether the reply is hidden and by whom and, for who may, the form that hides it. Nothing for our own words."""
    if reply.ours:
        return
    newest = _newest(page, reply)
    # While an order is on its way its state is drawn anew by itself, and nothing else of the page.
    if newest is not None and HidingState(newest.state) in _UNDER_WAY:
        st.fragment(_follow, run_every=LOOK_AGAIN)(page, reply)
        return
    if newest is not None:
        outside(_standing(page, newest))
    elif reply.hidden:
        st.text("The reply is hidden on the network. That was not done here.")
    if not page.may(Action.HIDE, reply.place_id) or reply.gone_at is not None:
        return
    if _is_hidden(page, reply, newest):
        _show(page, reply)
    elif _can_hide(page, reply):
        with st.expander("Hide this reply on the network", icon=":material/visibility_off:"):
            _hide(page, reply)


def _can_hide(page: Page, reply: ReplyView) -> bool:
    """No for a letter, which nobody else sees. Where credentials do not open, pressing it says so."""
    with page.read() as session:
        account = session.get_one(Account, reply.account_id)
    try:
        return page.context.channel(account).can.hides
    except BeatlineError:
        return True


def _newest(page: Page, reply: ReplyView) -> Hiding | None:
    with page.read() as session:
        orders = hidings_of(session, reply.id)
    return orders[-1] if orders else None


def _is_hidden(page: Page, reply: ReplyView, newest: Hiding | None) -> bool:
    """As the network has it. An order may have been carried out after the page read the reply."""
    if newest is not None and newest.state == HidingState.DONE and newest.done_at and newest.done_at > page.now:
        return newest.hides
    return reply.hidden


def _follow(page: Page, reply: ReplyView) -> None:
    newest = _newest(page, reply) if still_there(page, Action.READ_REPLIES, used=False) else None
    if newest is None or HidingState(newest.state) not in _UNDER_WAY:
        st.rerun()
    outside(_standing(page, newest))


def _standing(page: Page, order: Hiding) -> str:
    """'Hidden today, 10am, by Nia Abbot: Abuse or hate.'"""
    with page.read() as session:
        who = session.get_one(Person, order.asked_by_id).name
    rule = HOUSE_RULES.get(order.house_rule or "")
    why = f": {rule.label}" if rule is not None else ""
    state = HidingState(order.state)
    what = "hidden" if order.hides else "shown again"
    if state is HidingState.DONE:
        return f"{what.capitalize()} {say_soon(order.done_at or order.asked_at, page.now)}, by {who}{why}."
    if state is HidingState.FAILED:
        return f"It could not be {what}: {order.reason or 'the network gave no reason.'}"
    trouble = f" So far: {order.reason}" if order.reason else ""
    return f"It is just being {what}, as {who} asked {say_soon(order.asked_at, page.now)}{why}.{trouble}"


def _hide(page: Page, reply: ReplyView) -> None:
    st.text(
        "Only its writer will see it then. Hiding needs a house rule; criticism of the police is none and is answered "
        "instead. The words are kept as they are, and hiding can be taken back."
    )
    proposed = next((_PROPOSED[flag] for flag in reply.flags if flag in _PROPOSED), None)
    codes = list(HOUSE_RULES)
    with st.form(f"hide_{reply.id}", border=False):
        code = st.selectbox(
            "House rule that it breaks", codes, index=codes.index(proposed) if proposed else None,
            format_func=lambda one: f"{HOUSE_RULES[one].label}: {HOUSE_RULES[one].means}", placeholder="Choose one",
        )  # fmt: skip
        note = st.text_input("Why it applies here", max_chars=500, help="Needed for baiting; kept on record.")
        if st.form_submit_button("Hide it", icon=":material/visibility_off:"):
            done(
                lambda: hide_reply(page.context, page.person, reply.id, code or "", note),
                "The reply is being hidden. Its words are kept.",
            )


def _show(page: Page, reply: ReplyView) -> None:
    if st.button("Show it again", key=f"show_{reply.id}", icon=":material/visibility:"):
        done(lambda: show_reply(page.context, page.person, reply.id), "The reply is being shown again.")

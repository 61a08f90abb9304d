"""Where duty contacts and watched hours are set: for whoever may, on the page Accounts and health (R16)."""

from collections.abc import Mapping, Sequence

import streamlit as st

from social.duty import contact_lists, hours_of, phone_of, set_contacts, set_hours
from social.duty_hours import Spans, parse_spans, spans_in_words
from social.duty_rules import Recipient
from social.places import place_choices
from social.staff import Action
from social.views.parts import Page, done, outside

WHOLE_FORCE = "The whole force"


def duty_care(page: Page) -> None:
    """Who is told of an emergency, when each account is watched, and for whoever may the means to change both."""
    st.header("On duty", anchor=False)
    with page.read() as session:
        lists = contact_lists(session)
        hours = hours_of(session, [account.id or 0 for account in page.accounts])
        places = {number: name for number, name in place_choices(session).items() if page.acts_for(number)}
    if not lists:
        st.warning("Nobody is set as duty contact: an emergency in a reply goes to corporate communications only. "
                   "Until somebody is, no account may accept direct messages.")  # fmt: skip
    for area in lists:
        said = "; then ".join(_named(one) for one in area.contacts) or "nobody who can be reached"
        outside(f"{area.place or WHOLE_FORCE}: {said}")
    for account in page.accounts:
        said = (
            ", ".join(spans_in_words(hours.get(account.id or 0, ())))
            or "nobody has said when, so leads count as unwatched"
        )
        outside(f"{account.name} is watched: {said}")
    if page.may(Action.KEEP_DUTY):
        with st.expander("Set duty contacts and watched hours", expanded=not lists):
            _contacts_form(page, places, {area.place_id: area.contacts for area in lists})
            _hours_form(page, hours)


def _named(one: Recipient) -> str:
    return f"{one.name} <{one.address}>{', by text too' if one.phone_sealed else ''}"


def _as_line(page: Page, one: Recipient) -> str:
    """As it is written into the form: a desk has no name but the one that is given there."""
    address = f"{one.name} <{one.address}>" if one.desk else one.address
    return f"{address} {phone_of(page.context.vault, one)}".strip()


def _contacts_form(page: Page, places: dict[int, str], lists: Mapping[int | None, Sequence[Recipient]]) -> None:
    """The list of one area, as it is now: what is saved takes its place, so nobody may start from an empty one."""
    options: list[int | None] = [*([None] if page.areas is None else []), *places]
    area = st.selectbox("Area", options, format_func=lambda number: places.get(number or 0, WHOLE_FORCE),
                        key="duty_area")  # fmt: skip
    with st.form("duty_contacts"):
        lines = st.text_area(
            "Who is told, one a line, the first told first", "\n".join(_as_line(page, one) for one in lists.get(area, ())),
            key=f"duty_lines_{area or 0}",
            help="An e-mail address of staff, or of a desk with its name: Control room desk <desk@example.org>. "
                 "A mobile number behind it gets texts too, such as sam.reed@example.org 07700 900123. An empty box takes the area's own list away.",
        )  # fmt: skip
        if st.form_submit_button("Save the contacts"):
            given = [line.strip() for line in lines.splitlines() if line.strip()]
            done(lambda: set_contacts(page.context, area, given, page.person), "Saved. Ask whoever looks after Beatline to send "
                 "them a test.")  # fmt: skip


def _hours_form(page: Page, hours: Mapping[int, Spans]) -> None:
    if not page.accounts:
        return
    numbers = {account.name: account.id or 0 for account in page.accounts}
    name = st.selectbox("Account", list(numbers), key="duty_account")
    with st.form("duty_hours"):
        spans = st.text_input(
            "When somebody watches it; empty for never", "; ".join(spans_in_words(hours.get(numbers[name], ()))),
            key=f"duty_spans_{numbers[name]}",
            help="Such as: mon-fri 08:00-17:00; sat 10:00-14:00. Local time. Bank holidays are never watched.",
        )  # fmt: skip
        if st.form_submit_button("Save the hours"):
            given = [part for part in spans.split(";") if part.strip()]
            done(lambda: set_hours(page.context, name, parse_spans(given), page.person), "Saved.")

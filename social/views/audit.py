"""Audit: who did what, when, to what and why, narrowed by what is in the address, and the same as a file."""

from datetime import date, datetime, time, timedelta

import streamlit as st

from social.audit_list import AuditRow, Wanted, audit_rows
from social.audit_verify import verify_record
from social.audit_words import what_changed
from social.clock import LONDON, as_local
from social.staff import Action
from social.views.audit_file import export
from social.views.parts import Page, begin, number_in_address, outside, told
from social.views.words import say_number

AT_ONCE = 100


def wanted_rows() -> Wanted:
    """What the fields ask for; they are bound to the address, so that a link shows the same rows."""
    one, two, three = st.columns(3)
    actor = one.text_input("Who (a part of the e-mail address)", key="who", bind="query-params", on_change=newest)
    action = two.text_input("What (a word of it, such as approve)", key="what", bind="query-params", on_change=newest)
    subject = three.text_input("About (such as post or post 12)", key="about", bind="query-params", on_change=newest)
    four, five = st.columns(2)  # a row of their own: on a phone they would else stand between the words
    first = four.date_input("From", value=None, key="from", format="DD/MM/YYYY", bind="query-params", on_change=newest)
    last = five.date_input("To", value=None, key="to", format="DD/MM/YYYY", bind="query-params", on_change=newest)
    who, about, what = ((words or "").strip() for words in (actor, subject, action))
    return Wanted(who, about, what, midnight(first), midnight(last, timedelta(1)))


def midnight(day: object, later: timedelta = timedelta(0)) -> datetime | None:
    return datetime.combine(day + later, time(), LONDON) if isinstance(day, date) else None


def table(rows: list[AuditRow]) -> None:
    """In words; the file has each row as the record keeps it."""
    st.dataframe(
        [
            {
                "Row": row.seq,
                "When": f"{as_local(row.at):%d/%m/%Y %H:%M:%S}",
                "Who": row.actor,
                "What": row.action.capitalize(),
                "About": row.subject,
                "What changed": what_changed(row.before, row.after),
                "Why": row.reason,
            }
            for row in rows
        ],
        hide_index=True,
        alt="The audit record, newest first: row, when, who, what, about what, what changed, why",
        column_config={"What changed": st.column_config.TextColumn(width="large")},
    )


def whole(page: Page) -> None:
    if st.button("Is the record whole?", key="verify", icon=":material/verified:"):
        with st.spinner("Walking the record"):
            found = verify_record(page.context)
        if found.fault is None:
            st.success(f"All {say_number(found.rows)} rows are as they were written.")
            st.text(f"Head to note down elsewhere: {found.head or 'none yet'}")
        else:
            st.error(f"The record does not fit together. {found.fault.what}")


def show(page: Page) -> None:
    whole(page)
    wanted = wanted_rows()
    start = number_in_address("start") or 0
    with page.read() as session:
        rows = audit_rows(session, wanted, limit=AT_ONCE + 1, offset=start)
    if not rows:
        st.info("Nothing in the record fits that.")
        if start:
            st.button("Newest", key="newest", icon=":material/first_page:", on_click=newest)
        return
    table(rows[:AT_ONCE])
    with st.container(horizontal=True):
        if start:
            st.button(
                "Newer", key="newer", icon=":material/chevron_left:", on_click=turn_to, args=(max(start - AT_ONCE, 0),)
            )
        if len(rows) > AT_ONCE:
            st.button("Older", key="older", icon=":material/chevron_right:", on_click=turn_to, args=(start + AT_ONCE,))
        st.download_button("Download as CSV", lambda: export(page.context, page.person, wanted), "audit.csv", "text/csv", key="csv_audit",
                           icon=":material/download:")  # fmt: skip
    outside("Reasons that were erased with an appeal read '(erased)'; the rows stay.")


def turn_to(start: int) -> None:
    st.query_params["start"] = str(start)


def newest() -> None:
    """Rows that are asked for anew are shown from the newest on, however far somebody had turned back."""
    st.query_params.pop("start", None)


page = begin("Audit", needs=Action.READ_AUDIT)
with told():
    show(page)

"""Coverage, as tiles and as the list behind each: who has not been spoken to, whose priorities are old, and where nobody
can be reached by name (M15)."""

import streamlit as st

from insights.coverage import SILENT_AFTER, Coverage, coverage, old_priorities
from insights.coverage_tables import COVERAGE_COLUMNS, as_csv, coverage_row
from social.exports import record_export
from social.open_data_credit import credit_for
from social.views.parts import Page, outside
from social.views.words import say_count, say_day

NEVER = "no post yet"


def coverage_tiles(page: Page, place_id: int | None) -> None:
    """Three figures.  place_id: of what lies in that area; None for every area."""
    with page.read() as session:
        found = coverage(session, page.now, place_id)
    whole = len(found.areas)
    if not whole:
        return
    st.header("Coverage", anchor=False)
    with st.container(horizontal=True):
        st.metric(f"Areas with no post in {SILENT_AFTER.days} days", f"{found.silent:,} of {whole:,}")
        st.metric("Areas with a priority older than 90 days", f"{found.with_old_priorities:,} of {whole:,}")
        st.metric("Areas with a named officer to contact", _officers(found, whole))


def _officers(found: Coverage, whole: int) -> str:
    return (
        "not known"
        if found.officer_unknown == whole
        else f"{found.named_officer:,} of {whole - found.officer_unknown:,} known"
    )


def coverage_details(page: Page, place_id: int | None) -> None:
    """The same area by area, and each old priority with its age."""
    with page.read() as session:
        found = coverage(session, page.now, place_id)
        old = old_priorities(session, page.now, place_id)
    silent = [one for one in found.areas if one.silent]
    with st.expander(f"Areas with no post in {SILENT_AFTER.days} days ({len(silent)})"):
        if not silent:
            st.text("Every area had a post.")
        for one in sorted(silent, key=lambda one: (one.days_since is not None, -(one.days_since or 0), one.name)):
            since = NEVER if one.days_since is None else f"last post {say_count(one.days_since, 'day')} ago"
            outside(f"{one.name}: {since}")
    with st.expander(f"Priorities older than 90 days ({len(old)})"):
        if not old:
            st.text("No priority is that old.")
        for priority in old:
            outside(
                f"{priority.area}, since {say_day(priority.issued_on)} ({say_count(priority.days, 'day')}): {priority.issue}"
            )
    with st.expander("Coverage of every area"):
        rows = [coverage_row(one) for one in found.areas]
        st.dataframe(rows, hide_index=True, alt="Coverage, one row an area", key="cov_table")
        if found.officer_unknown:
            st.text(
                f"Of {say_count(found.officer_unknown, 'area')} nobody has asked data.police.uk for officers to contact."
            )
        st.download_button("Download the coverage as CSV", lambda: _take_along(page, rows), "coverage.csv", "text/csv",
                           key="cov_csv", icon=":material/download:")  # fmt: skip


def _take_along(page: Page, rows: list[dict[str, object]]) -> bytes:
    """The file; that it was taken along is recorded (R24)."""
    with page.read() as session:
        credit = credit_for(session)
    record_export(page.context, page.person, "coverage", len(rows))
    return as_csv(rows, COVERAGE_COLUMNS, [credit])

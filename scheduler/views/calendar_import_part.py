"""Many posts at once: a CSV file is looked at row by row, and planned as a whole once every row is right."""

import streamlit as st

from scheduler.import_preview import NEEDED, Preview, bring_in, preview_posts
from social.views.parts import Page, done, outside, told
from social.views.words import say_count

_PREVIEW = "calendar_file_preview"
TYPES = ["csv", "png", "jpg", "jpeg", "gif", "webp"]


def calendar_import_part(page: Page) -> None:
    """An expander for whoever may plan posts."""
    with st.expander("Bring in posts from a file", icon=":material/upload_file:", key="calendar_import"), told():
        st.text(
            f"A CSV file with a row for each post. It needs the columns {', '.join(NEEDED)}; times are UK times such as "
            "2026-03-13T12:15. Choose the pictures that it names along with it. Nothing is kept before you say so."
        )
        given = st.file_uploader(
            "CSV file and pictures (5 MB each at most)", TYPES, accept_multiple_files=True, key="c_file",
            max_upload_size=5,
        )  # fmt: skip
        if not given:
            st.session_state.pop(_PREVIEW, None)
            return
        files = {one.name: one.getvalue() for one in given}
        which = tuple(one.file_id for one in given)
        if st.session_state.get(_PREVIEW, (None,))[0] != which:  # a look takes a while: once for each choice of files
            st.session_state[_PREVIEW] = (which, preview_posts(page.context, files, page.person))
        preview: Preview = st.session_state[_PREVIEW][1]
        show_preview(preview)
        if preview.fits and st.button(f"Plan {say_count(preview.posts, 'post')}", type="primary", key="c_bring_in"):
            st.session_state.pop(_PREVIEW, None)
            done(lambda: bring_in(page.context, files, page.person), f"{say_count(preview.posts, 'post')} planned.")


def show_preview(preview: Preview) -> None:
    """What stands in the way of the file, and every row with what becomes of it."""
    for line in preview.general:
        st.error("The file cannot be used as it is.")
        outside(line)
    if preview.wrong:
        st.error(f"{say_count(preview.wrong, 'row is', 'rows are')} wrong, so nothing can be planned. Correct the file "
                 "and choose it again.")  # fmt: skip
    elif preview.rows and not preview.general:
        there = f" {say_count(preview.there, 'row was', 'rows were')} brought in before." if preview.there else ""
        st.text(
            f"{say_count(preview.posts, 'post')} would be planned from {say_count(len(preview.rows), 'row')}.{there}"
        )
    if preview.rows:
        columns = ("Row", "What becomes of it", "When", "Channel", "Kind", "Area", "Text")
        st.dataframe(
            [dict(zip(columns, (row.number, row.outcome, row.when, row.channel, row.kind, row.area, row.text), strict=True))
             for row in preview.rows],
            hide_index=True, alt=f"{len(preview.rows)} rows of the file with what becomes of each",
        )  # fmt: skip

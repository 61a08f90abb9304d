"""What residents of an area said matters most, wherever a page is about that area: where it is planned for, and where its
figures stand. It draws nothing where nobody was asked."""

import streamlit as st

from social.alerts.survey_concerns import in_words, top_concerns
from social.views.parts import Page, outside
from social.views.survey_builder import SURVEYS_PAGE


def concerns_part(page: Page, place_id: int | None) -> None:
    """One sentence with shares, intervals and n, and the way to the survey.  place_id: None for no single area."""
    if place_id is None:
        return
    with page.read() as session:
        found = top_concerns(session, place_id, page.now)
    if found is None:
        return
    with st.container(border=True):
        outside(in_words(found))
        st.page_link(SURVEYS_PAGE, label=f"Survey {found.survey_id}", icon=":material/ballot:",
                     query_params={"id": str(found.survey_id)})  # fmt: skip

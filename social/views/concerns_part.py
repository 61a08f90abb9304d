"""What residents of an area said matters most, wherever a page is about that area: where it is planned for, and where its
figures stand. It draws nothing where nobody was asked."""

import streamlit as st

from social.alerts.survey_concerns import Concerns, in_words, surveys_that_asked, top_concerns
from social.clock import as_local
from social.views.parts import Page, outside
from social.views.survey_builder import SURVEYS_PAGE


# To count thousands of answers takes a third of a second: not at each key that somebody presses. What is kept here are
# figures that everybody may see, and the key says what they rest on.
@st.cache_data(max_entries=200, show_spinner=False)
def _told(_page: Page, place_id: int, rests_on: tuple[object, ...]) -> Concerns | None:  # noqa: ARG001 of the key alone
    with _page.read() as session:
        return top_concerns(session, place_id, _page.now)


def concerns_part(page: Page, place_id: int | None) -> None:
    """One sentence with shares, intervals and n, and the way to the survey.  place_id: None for no single area."""
    if place_id is None:
        return
    with page.read() as session:
        asked = tuple((survey.id, survey.state) for survey in surveys_that_asked(session, place_id))
    if not asked:
        return
    found = _told(page, place_id, (page.context.settings.database_url, as_local(page.now).date(), asked))
    if found is None:
        return
    with st.container(border=True):
        outside(in_words(found))
        st.page_link(SURVEYS_PAGE, label=f"Survey {found.survey_id}", icon=":material/ballot:",
                     query_params={"id": str(found.survey_id)})  # fmt: skip

"""What stands in place of a page: why nobody can be let in, or that the database is away and what becomes of one's work."""

import streamlit as st

from social.database_trouble import DatabaseTrouble
from social.errors import BeatlineError
from social.views.parts import outside, problems


def nothing_to_show(error: BeatlineError) -> None:
    """Said to everybody, whoever they are: nobody was signed in."""
    if not isinstance(error, DatabaseTrouble):
        st.title("Beatline cannot start", anchor=False)
        problems(error)
        return
    st.title("Beatline cannot be used at this moment", anchor=False)
    st.text("It cannot reach what it keeps. You did nothing wrong, and nothing goes out meanwhile. What you pressed last may "
            "not have been done: look before you press it again.")  # fmt: skip
    st.button("Try again", icon=":material/refresh:", key="_try_again")
    st.header("For whoever looks after Beatline", anchor=False)
    outside(str(error))

"""The page of what is stopped, and why."""

import pytest

from scheduler.checks.codes import CODES
from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


def test_every_code_is_told_with_why_and_what_to_do(force: Force, open_page: OpenPage) -> None:
    said = text_of(open_page("stops"))
    for code, told in CODES.items():
        assert code in said
        assert told.why in said
        assert told.todo in said
    assert "Critical incident" in said
    assert "Missing person appeal" in said


def test_a_word_finds_its_rows_and_no_others(force: Force, open_page: OpenPage) -> None:
    app = open_page("stops")
    app.text_input(key="s_find").input("r38 solemn").run()
    said = text_of(app)
    assert "LIGHT_ON_SOLEMN_DAY" in said
    assert "SUB_JUDICE" not in said
    app.text_input(key="s_find").input("nothing has these words").run()
    assert text_of(app).count("Nothing here has these words.") == 4

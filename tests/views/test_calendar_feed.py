"""The plan in one's own calendar: the address is made and shown once on the page Calendar, and ended there."""

import pytest

from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


def test_an_address_is_made_shown_once_and_ended(force: Force, open_page: OpenPage) -> None:
    app = open_page("calendar", force.author)
    (make,) = [button for button in app.button if button.label == "Make an address"]
    make.click()
    app.run()
    assert not app.exception
    (address,) = [code.value for code in app.code]
    assert address.endswith("/plan.ics")
    again = open_page("calendar", force.author)
    assert not again.code, "it is told once"
    assert "The whole force, made" in text_of(again)
    (end,) = [button for button in again.button if button.label.startswith("End address")]
    end.click()
    again.run()
    assert "The whole force, made" not in text_of(again)
    assert "answers no more" in text_of(again)

"""Every page, on a desk."""

import pytest
from playwright.sync_api import Browser

from tests.browser.every_page import PARTS, Force, force, look_at_every_page

__all__ = ["force"]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_without_a_fault_and_asks_nothing_of_others(part: int, chromium: Browser, force: Force) -> None:
    look_at_every_page("desk", part, chromium, force)

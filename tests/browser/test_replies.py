"""A contact desk works through the replies without a mouse: from the list to a reply, on to the next, back, and done."""

import re
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from bench.processes import BEATLINE, environment, running, wait_until_up
from social.channels.registry import make_channel
from social.context import open_context
from social.settings import load_settings
from social.staff import Role, find_or_add_person
from tests.browser.test_main_job import settled
from tests.social.test_inbox import Desk

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


FAULTS = """(tags) => axe.run({ runOnly: tags, resultTypes: ['violations'] }).then(found => found.violations.map(
    one => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`))"""
"""All of axe's rules; what is right is not described as well, which took axe and the way to here most of their time."""
STILL = """() => document.getAnimations().every(
    one => one.playState !== 'running' || one.effect?.getComputedTiming().endTime === Infinity)"""
ASIDE = """() => { const side = document.querySelector('[data-testid=stSidebarContent]');
    return !side || (side.querySelector('a') && (innerWidth >= 768 || side.getBoundingClientRect().right <= 0)); }"""
"""The sidebar gets its links late; on a phone it is drawn open and slides away: until then nothing may move either."""


def faults(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, once nothing moves: on a phone the sidebar slides away first."""
    with suppress(PlaywrightTimeout):  # one that somebody opened stays, and is looked at as it stands
        page.wait_for_function(ASIDE, timeout=5_000)
    page.wait_for_function(STILL)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    return list(page.evaluate(FAULTS, RULES))


@pytest.fixture
def replies(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """The page of a force with a dozen replies in it."""
    env = environment(tmp_path)
    context = open_context(load_settings({"BEATLINE_HOME": str(tmp_path)}), make_channel)
    try:
        with context.database.write() as session:
            find_or_add_person(session, "nia.abbot@woldershire.example", Role.CORPORATE, "Nia Abbot")
        desk = Desk(context)
        for number in range(3):
            for kind in ("emergency", "lead", "question", "thanks"):
                desk.reply(f"A {kind}, number {number}", kind, minutes=-60 - number)
    finally:
        context.database.close()
    address = f"http://127.0.0.1:{env['BEATLINE_PORT']}"
    with running([*BEATLINE, "app"], env) as process:
        wait_until_up(f"{address}/_stcore/health", process)
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(30_000)
        page.goto(f"{address}/replies")
        expect(page.locator("[class*=st-key-open_reply_] button")).to_have_count(12, timeout=60_000)
        settled(page)
        yield page
        page.close()


def test_replies_are_worked_through_by_keyboard_and_axe_finds_nothing(replies: Page) -> None:
    page = replies
    assert faults(page) == []
    rows = page.locator("[class*=st-key-open_reply_] button")
    rows.first.focus()
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    expect(rows.nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"reply=\d+"))
    expect(page.get_by_role("heading", name=re.compile(r"Reply \d+"))).to_be_visible()
    settled(page)
    expect(rows.nth(1)).to_be_focused()
    assert faults(page) == []
    second = page.url
    page.keyboard.press("Alt+j")
    expect(page).not_to_have_url(second)
    settled(page)
    page.go_back()
    expect(page).to_have_url(second)
    expect(page.get_by_role("heading", name=f"Reply {second.rpartition('=')[2]}", exact=True)).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    expect(rows.first).to_be_hidden()
    page.get_by_role("button", name="Back to the list").press("Enter")
    expect(rows.first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

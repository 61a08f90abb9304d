"""Leads, duty and requests are worked through with a keyboard alone: Tab to each thing, Enter or the space bar presses it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.processes import BEATLINE, environment, running, wait_until_up
from social.channels.registry import make_channel
from social.context import open_context
from social.desks import add_desk
from social.labels import correct_reading
from social.settings import load_settings
from social.staff import Role, find_or_add_person
from tests.browser.test_main_job import settled
from tests.social.test_inbox import Desk

FOCUSED = """(kind) => {
  const here = document.activeElement;
  if (!here.matches(kind)) return "";
  const labels = [...(here.labels || [])].map((one) => one.innerText).join(" ");
  return [labels, here.getAttribute("aria-label"), here.innerText].filter(Boolean).join(" ");
}"""
MOST_TABS = 120


@dataclass
class Keyboard:
    """Somebody with no mouse at a page of Beatline."""

    page: Page
    address: str
    records: int
    """Number of the person who may find and erase."""

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}/{path}")
        settled(self.page)
        self.tab_to("Skip to main content")
        self.page.keyboard.press("Enter")

    def tab_to(self, name: str, kind: str = "a, button, input, textarea, summary, [role=button]") -> None:
        """Tab until something of that name has the focus.  kind: a selector; else what only scrolls would count."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if name in self.page.evaluate(FOCUSED, kind):
                return
        raise AssertionError(f"'{name}' is not reached with Tab")

    def press(self, name: str, key: str = "Enter") -> None:
        self.tab_to(name)
        self.page.keyboard.press(key)
        settled(self.page)

    def write(self, name: str, words: str) -> None:
        self.tab_to(name, "input, textarea")
        self.page.keyboard.type(words)

    def told(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()


@pytest.fixture
def keyboard(chromium: Browser, tmp_path: Path) -> Iterator[Keyboard]:
    """At a force with a lead (reply 1), an emergency (reply 2) and a resident's question (reply 3)."""
    env = environment(tmp_path)
    context = open_context(load_settings({"BEATLINE_HOME": str(tmp_path)}), make_channel)
    try:
        with context.database.write() as session:
            nia = find_or_add_person(session, "nia.abbot@woldershire.example", Role.CORPORATE, "Nia Abbot")
            records = find_or_add_person(session, "records@woldershire.example", Role.RECORDS, "Rae Orme").id
        desk = Desk(context)
        for text, kind in (
            ("Saw him by the Co-op", "lead"),
            ("Help, he has a knife", "banter"),
            ("When is the market?", "question"),
        ):
            desk.reply(text, kind, minutes=-60)
        correct_reading(context, nia, 2, kind="emergency")
        add_desk(context, nia, "Enquiry desk")
    finally:
        context.database.close()
    address = f"http://127.0.0.1:{env['BEATLINE_PORT']}"
    with running([*BEATLINE, "app"], env) as process:
        wait_until_up(f"{address}/_stcore/health", process)
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(30_000)
        yield Keyboard(page, address, records or 0)
        page.close()


def test_a_lead_an_emergency_a_duty_contact_and_a_request_are_dealt_with_by_keyboard_alone(keyboard: Keyboard) -> None:
    keyboard.open("replies?reply=1")
    keyboard.press("Make it a lead")
    keyboard.told("It is a lead now.")
    keyboard.open("leads?lead=1")
    keyboard.press("Confirm or mend it")
    keyboard.press("This is right")
    keyboard.told("Lead 1 is confirmed.")
    keyboard.press("Hand off")
    keyboard.told("Lead 1 is with Enquiry desk.")

    keyboard.open("replies?reply=2")
    keyboard.press("I have seen this and passed it to the control room")
    keyboard.told("No more messages go out about this emergency.")

    keyboard.open("health")
    keyboard.press("Set duty contacts and watched hours")
    keyboard.write("Who is told, one a line", "nia.abbot@woldershire.example")
    keyboard.press("Save the contacts")
    keyboard.told("The whole force: Nia Abbot")

    keyboard.open(f"requests?as={keyboard.records}")
    keyboard.write("What they wrote", "When is the market?")
    keyboard.press("Find")
    keyboard.press("Reply 3", "Space")
    keyboard.told("The same person wrote 2 more under it.")
    keyboard.press("Erase")
    keyboard.write("Reference of the request", "SAR-2026-014")
    keyboard.press("Erase for good")
    keyboard.told("It is erased, and does not come back.")

"""Everything is done with a keyboard alone: Tab to each thing, Enter or the space bar presses it, and the focus is never lost.

The Calendar has its keys in `test_calendar`, the list of replies in `test_replies`."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.processes import BEATLINE, environment, running, wait_until_drawn, wait_until_up
from social.accounts import Account
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
    approver: int
    """Number of one who may approve what the first person wrote."""

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}/{path}")
        wait_until_drawn(self.page)
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

    def choose(self, name: str, option: str) -> None:
        """From a list that narrows as one types."""
        self.tab_to(name, "input")
        self.page.keyboard.type(option)
        expect(self.page.get_by_role("option", name=option).first).to_be_visible()
        self.page.keyboard.press("Enter")
        settled(self.page)

    def told(self, words: str) -> None:
        """It is said, and whoever works with keys goes on from where they are: not from the top of the page."""
        expect(self.page.get_by_text(words).first).to_be_visible()
        self.page.wait_for_function("() => document.activeElement !== document.body")


@pytest.fixture(scope="module")
def keyboard(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyboard]:
    """At a force with a lead (reply 1), an emergency (reply 2) and questions of residents (replies 3 and 4)."""
    home = tmp_path_factory.mktemp("home")
    env = environment(home)
    context = open_context(load_settings({"BEATLINE_HOME": str(home)}), make_channel)
    try:
        with context.database.write() as session:
            nia = find_or_add_person(session, "nia.abbot@woldershire.example", Role.CORPORATE, "Nia Abbot")
            records = find_or_add_person(session, "records@woldershire.example", Role.RECORDS, "Rae Orme").id
            approver = find_or_add_person(session, "joel.marsh@woldershire.example", Role.CORPORATE, "Joel Marsh").id
        desk = Desk(context)
        with context.database.write() as session:
            session.get_one(Account, desk.account_id).credentials_sealed = context.vault.seal({})
        for text, kind in (
            ("Saw him by the Co-op", "lead"),
            ("Help, he has a knife", "banter"),
            ("When is the market?", "question"),
            ("Is the station open on Sundays?", "question"),
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
        yield Keyboard(page, address, records or 0, approver or 0)
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
    keyboard.write("Who is told, one a line", "nia.abbot@woldershire.example")
    keyboard.press("Save the contacts")
    keyboard.told("The whole force: Nia Abbot")

    keyboard.open(f"requests?as={keyboard.records}")
    keyboard.write("What they wrote", "When is the market?")
    keyboard.press("Find")
    keyboard.press("Reply 3", "Space")
    keyboard.told("The same person wrote 3 more under it.")
    keyboard.press("Erase")
    keyboard.write("Reference of the request", "SAR-2026-014")
    keyboard.press("Erase for good")
    keyboard.told("It is erased, and does not come back.")


def test_a_post_a_template_a_setting_an_answer_and_a_report_are_done_by_keyboard_alone(keyboard: Keyboard) -> None:
    page = keyboard.page
    keyboard.open("write?as=1")
    keyboard.choose("Content type", "Survey")
    keyboard.write("Text", "Which street first?")
    page.keyboard.press("Tab")
    settled(page)
    keyboard.press("Send for approval")
    keyboard.told("It is now: Waiting for approval.")

    keyboard.open(f"approvals?as={keyboard.approver}")
    keyboard.press("Approve post 1")
    keyboard.told("Post 1 is approved.")

    keyboard.open("library?as=1")
    keyboard.press("Save a new template")
    keyboard.write("Name", "Cold callers")
    keyboard.write("Words of the post", "No officer sells anything at your door.")
    keyboard.press("Save the template")
    keyboard.told("The template is saved.")
    keyboard.press("Change template 1")
    keyboard.press("Take out of use")
    keyboard.told("It is out of use.")
    expect(page.locator(".st-key-what_was_done")).to_be_focused()  # the button went with its template
    expect(page.locator(".st-key-what_was_done")).to_be_in_viewport(ratio=1)

    keyboard.open("settings")
    keyboard.tab_to("At once")
    page.keyboard.press("ArrowDown")
    keyboard.press("Save how you are told")
    keyboard.told("Saved. It holds from now on.")
    keyboard.open("settings?s_part=Posts")
    keyboard.write("Words and phrases, one a line", "badger")
    keyboard.press("Save the word list")
    keyboard.told("The word list is saved.")

    keyboard.open("replies?reply=4")
    keyboard.write("Your answer", "From 9am to 5pm.")
    page.keyboard.press("Tab")
    settled(page)
    keyboard.press("Send as")
    expect(page.get_by_label("Your answer")).to_have_count(0)
    keyboard.told("Your answer is on its way.")

    keyboard.open("reports")
    keyboard.press("Make the report")
    keyboard.told("The report is ready")


def test_everything_is_paused_and_released_by_keyboard_alone(keyboard: Keyboard) -> None:
    keyboard.page.goto(f"{keyboard.address}/?as=1")
    wait_until_drawn(keyboard.page)
    keyboard.press("Pause everything")
    keyboard.press("Pause everything now")
    keyboard.told("Everything is paused.")
    keyboard.press("Release hold 1")
    keyboard.press("Release it")
    keyboard.told("Hold 1 is over.")

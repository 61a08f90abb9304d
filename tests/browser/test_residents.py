"""The page Residents in a real browser: the form works on an officer's phone, and axe finds nothing on any part of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from bench.processes import BEATLINE, environment, running, wait_until_up
from social.accounts import Account
from social.alerts.residents import Resident
from social.channels.registry import make_channel
from social.context import Context, open_context
from social.places import PlaceKind, find_or_add_place
from social.settings import load_settings
from social.staff import Role, find_or_add_person
from tests.alerts.helpers import a_resident
from tests.browser.test_main_job import choose, settled
from tests.browser.test_replies import faults

PHONE = 360
UPLOADER = "stFileUploaderDropzone"
"""Streamlit's own: a section with role presentation that scripts may focus. Keys and screen readers pass it by."""


@pytest.fixture
def phone(chromium: Browser, tmp_path: Path) -> Iterator[tuple[Page, Context]]:
    """The page on a phone, of a force with some members and an account to send from."""
    env = environment(tmp_path)
    context = open_context(load_settings({"BEATLINE_HOME": str(tmp_path)}), make_channel)
    with context.database.write() as session:
        find_or_add_person(session, "nia.abbot@woldershire.example", Role.CORPORATE, "Nia Abbot")
        place = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD)
        session.add(Account(name="alerts", channel="alert", base_url="http://127.0.0.1:9", credentials_sealed=b"",
                            added_at=context.clock.now()))  # fmt: skip
    for number in range(6):
        a_resident(context, places=[place.id or 0], source="event: Hexley fair" if number else "website")
    address = f"http://127.0.0.1:{env['BEATLINE_PORT']}"
    with running([*BEATLINE, "app"], env) as process:
        wait_until_up(f"{address}/_stcore/health", process)
        page = chromium.new_page(viewport={"width": PHONE, "height": 740}, has_touch=True)
        page.set_default_timeout(30_000)
        page.goto(f"{address}/residents")
        yield page, context
        page.close()
    context.database.close()


def test_an_officer_signs_somebody_up_on_a_phone(phone: tuple[Page, Context]) -> None:
    page, context = phone
    expect(page.get_by_role("textbox", name="Their e-mail address")).to_be_visible(timeout=60_000)
    settled(page)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.get_by_role("textbox", name="Name of the event").fill("Parish fair")
    page.get_by_role("textbox", name="Their e-mail address").fill("kay@example.org")
    for box, choice in (("Topics", "Fraud and scams"), ("Areas", "Hexley Moor")):
        choose(page, box, choice)
        page.keyboard.press("Escape")
    page.get_by_text("They have agreed to get these messages").click()
    page.get_by_role("button", name="Sign them up").click()
    expect(page.get_by_text("A message is on its way to their address:")).to_be_visible()
    with context.database.read() as session:
        sources = list(session.exec(select(Resident.consent_source).where(Resident.state == "unconfirmed")))
    assert sources == ["event: Parish fair"]
    for part, seen in (
        ("Members", "6 members."),
        ("One member", "The e-mail address they give"),
        ("Files", "Make the file"),
    ):
        page.get_by_role("radio", name=part, exact=True).or_(
            page.get_by_role("button", name=part, exact=True)
        ).first.click()
        expect(page.get_by_text(seen).first).to_be_visible()
        settled(page)
        assert [one for one in faults(page) if UPLOADER not in one] == [], part
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, part

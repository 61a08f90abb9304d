"""The pages that residents open, served by `beatline web` itself: axe finds nothing on any of them, wide or narrow, and
with JavaScript switched off a resident signs up, confirms and leaves by keyboard alone (R30)."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from bench.processes import BEATLINE, environment, free_port, running, wait_until_up
from social.accounts import Account
from social.alerts.contacts import email_key
from social.alerts.joining import ask_to_join
from social.alerts.links import Purpose, link, useful_links
from social.alerts.mailings import Message, MessageKind, Way
from social.alerts.messages import new_message
from social.alerts.residents import Resident, ResidentState
from social.alerts.wishes import Preferences, Wishes
from social.channels.registry import make_channel
from social.context import Context, open_context
from social.places import PlaceKind, find_or_add_place
from social.settings import load_settings
from tests.alerts.helpers import a_resident
from tests.browser.test_replies import AXE, FAULTS, RULES


@dataclass(frozen=True)
class Public:
    """address: of `beatline web`.  log: all that it said."""

    address: str
    context: Context
    log: Path

    def a_message(self, resident: Resident) -> Message:
        with self.context.database.write() as session:
            account = session.exec(select(Account)).one()
            return new_message(session, account, resident, MessageKind.ALERT, Way.EMAIL, self.context.clock.now())

    def residents(self) -> list[Resident]:
        with self.context.database.read() as session:
            return list(session.exec(select(Resident).order_by(Resident.id)))  # type: ignore[arg-type]  # a column here


def fill(context: Context) -> None:
    """A force of two sections with their neighbourhoods, and an account that can send mail and texts."""
    credentials = {"from_address": "alerts@woldershire.example", "notify_api_key": "k"}
    areas = {"Stonemere": ("Marlpit End", "Copperbeck", "Hexley Moor", "Elderwick", "Nether Skelby", "Canal Quarter"),
             "Oakenford": ("Oakenford Town", "Larkfield Rise", "Thornleigh Vale", "Old Market", "Priory", "Weirside")}  # fmt: skip
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        for section, names in areas.items():
            above = find_or_add_place(session, section, PlaceKind.SECTION, force)
            for name in names:
                find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD, above)
        session.add(Account(channel="alert", name="alerts", credentials_sealed=context.vault.seal(credentials),
                            added_at=context.clock.now()))  # fmt: skip


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Public]:
    home = tmp_path_factory.mktemp("public")
    address = f"http://127.0.0.1:{free_port()}"
    env = environment(home) | {
        "BEATLINE_WEB_PORT": str(urlsplit(address).port), "BEATLINE_PUBLIC_ADDRESS": address,
    }  # fmt: skip
    context = open_context(
        load_settings({"BEATLINE_HOME": str(home), "BEATLINE_PUBLIC_ADDRESS": address}), make_channel
    )
    try:
        fill(context)
        log = home / "web.log"
        web = f"exec {shlex.join([*BEATLINE, 'web'])} >{shlex.quote(str(log))} 2>&1"
        with running(["sh", "-c", web], env) as process:
            wait_until_up(f"{address}/health", process)
            yield Public(address, context, log)
    finally:
        context.database.close()


def every_page(public: Public) -> dict[str, str]:
    """Name -> address of each page as a resident meets it first."""
    context = public.context
    member = a_resident(context, phone="07700900123", places=[3, 4])
    waiting = a_resident(context, confirmed=False, places=[3])
    left = a_resident(context, places=[3])
    with context.database.write() as session:
        session.get_one(Resident, left.id).state = ResidentState.LEFT.value
    several = signed_up_twice(context)
    yes, _ = useful_links(context, member, public.a_message(member))
    return {
        "sign up": f"{public.address}/alerts",
        "sign up in Welsh": f"{public.address}/alerts?lang=cy",
        "privacy": f"{public.address}/alerts/privacy",
        "confirm": link(context, Purpose.CONFIRM, waiting),
        "confirm one of several": link(context, Purpose.CONFIRM, several),
        "confirmed": link(context, Purpose.CONFIRM, member),
        "a number of somebody else": link(context, Purpose.NUMBER, member, 1),
        "settings": link(context, Purpose.SETTINGS, member),
        "settings of somebody who left": link(context, Purpose.SETTINGS, left),
        "leave": link(context, Purpose.LEAVE, member),
        "left": link(context, Purpose.LEAVE, left),
        "useful": yes,
        "no such link": link(context, Purpose.SETTINGS, member)[:-1],
        "no such page": f"{public.address}/alerts/nothing",
    }


def signed_up_twice(context: Context) -> Resident:
    for topic in ("fraud", "rural"):
        ask_to_join(context, Wishes(Preferences((topic,), {3: 2.0}), email="twice@example.org"))
    with context.database.read() as session:
        key = email_key(context.vault, "twice@example.org")
        return session.exec(select(Resident).where(Resident.email_key == key)).one()


def sent_as_it_stands(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def found_wrong(page: Page) -> list[str]:
    """What axe finds at both widths, and whether the page is wider than a phone."""
    page.evaluate(AXE)
    found = []
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width}: {one}" for one in page.evaluate(FAULTS, RULES)]
    if page.evaluate("document.documentElement.scrollWidth") > 360:
        found.append("wider than a phone")
    return found


def test_every_page_is_without_a_fault_with_errors_and_without(chromium: Browser, public: Public) -> None:
    page = chromium.new_page()
    page.set_default_timeout(30_000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Content Security" in message.text else None)
    wrong: dict[str, list[str]] = {}
    pages = every_page(public)
    for name, address in pages.items():
        page.goto(address)
        wrong[name] = found_wrong(page)
    for name, button, box in (("sign up", "Sign up", "Fraud and scams"), ("settings", "Save", "Appeals for information"),
                              ("left", "Send", ""), ("confirm one of several", "Yes, send me alerts", "")):  # fmt: skip
        page.goto(pages[name])
        if box:
            page.get_by_role("checkbox", name=box).click()
        sent_as_it_stands(page, button)
        wrong[f"{name}, with errors"] = found_wrong(page)
    page.goto(pages["useful"])
    expect(page.get_by_role("status")).to_contain_text("yes, it was useful")
    page.get_by_role("button", name="No").click()
    expect(page.get_by_role("status")).to_contain_text("no, it was not useful")
    wrong["useful, answered"] = found_wrong(page)
    page.close()
    assert {name: found for name, found in wrong.items() if found} == {}
    assert said == []


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field or button of that name has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if not focused.count():
            continue  # past the last one: the browser's own turn
        labels = focused.evaluate("one => [...(one.labels || [])].map(l => l.textContent).join() || one.textContent")
        if labels.strip() == name:
            return
    raise AssertionError(f"the keyboard does not reach '{name}'")


def test_without_javascript_a_resident_signs_up_confirms_and_leaves_by_keyboard(
    chromium: Browser, public: Public
) -> None:
    page = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800}).new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{public.address}/alerts")
    tab_to(page, "E-mail address")
    page.keyboard.type("pat.lowe@example.org")
    tab_to(page, "Fraud and scams")
    page.keyboard.press("Space")
    tab_to(page, "Stonemere")  # folded away
    page.keyboard.press("Enter")
    tab_to(page, "Copperbeck")
    page.keyboard.press("Space")
    tab_to(page, "Sign up")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Tick the box if you want alerts")
    page.get_by_role("alert").get_by_role("link").focus()
    page.keyboard.press("Enter")  # to the field
    page.keyboard.press("Space")
    tab_to(page, "Sign up")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at your e-mail")

    one = public.residents()[-1]
    page.goto(link(public.context, Purpose.CONFIRM, one))
    tab_to(page, "Yes, send me alerts")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed up")
    tab_to(page, "Look at or change your settings")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Fraud and scams")).to_be_checked()
    expect(page.get_by_label("Copperbeck")).to_be_checked()
    tab_to(page, "Stop all messages")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("are deleted")
    assert public.residents()[-1].state == ResidentState.LEFT
    page.context.close()


def test_no_log_holds_a_link_or_an_address(public: Public) -> None:
    said = public.log.read_text(encoding="utf-8")
    assert "/alerts" in said  # it says where the pages are
    assert re.search(r"[A-Za-z0-9_-]{39}", said) is None
    assert "@" not in said

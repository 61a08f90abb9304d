"""Posts are moved in the calendar as people do it: by mouse, with keys alone and by tap; axe finds nothing meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bench.processes import BEATLINE, environment, running, wait_until_up
from scheduler.demo.force import add_places, add_staff
from scheduler.planning import PostInput, move_post, plan_post, send_for_approval
from scheduler.views.spans import step
from social.accounts import Account
from social.channels.registry import make_channel
from social.clock import as_local
from social.context import Context, open_context
from social.settings import load_settings
from social.staff import Person
from social.views.words import say_day
from tests.browser.test_main_job import settled
from tests.browser.test_replies import faults

HOSTILE = "<b onclick=alert(1)>Coffee</b> at the library"


@dataclass
class Plan:
    """A force with three posts on one day of next month, and where its app answers."""

    address: str
    context: Context
    author: Person
    day: date
    hosts: set[str] = field(default_factory=set)
    """Every machine that a browser asked anything of."""
    told: list[str] = field(default_factory=list)
    """What the browser wrote into its console, refusals of the Content-Security-Policy among it."""

    def open(self, chromium: Browser, width: int, scheme: str, view: str = "Month") -> Page:
        page = chromium.new_page(viewport={"width": width, "height": 1100}, color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
        page.set_default_timeout(30_000)
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        page.on("console", lambda message: self.told.append(message.text))
        page.goto(f"{self.address}/calendar?day={self.day}&view={view}")
        settled(page)
        expect(post(page, 1)).to_be_visible()
        return page


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plan]:
    home = tmp_path_factory.mktemp("home")
    env = environment(home)
    context = open_context(load_settings({"BEATLINE_HOME": str(home)}), make_channel)
    with context.database.write() as session:
        add_places(session)
        author = add_staff(session).corporate
        session.add(Account(name="town-desk", channel="memory", handle="town", platform_id="1",
                            credentials_sealed=context.vault.seal({}), added_at=context.clock.now()))  # fmt: skip
    day = step("Month", as_local(context.clock.now()).date(), 1) + timedelta(days=9)
    for hour, text in ((10, HOSTILE), (12, "Surgery at the market"), (15, "Out on foot in Copperbeck")):
        due = datetime(day.year, day.month, day.day, hour)
        number = plan_post(context, PostInput("event", text, ("town-desk",), due), author)
        send_for_approval(context, number, author)
    address = f"http://127.0.0.1:{env['BEATLINE_PORT']}"
    with running([*BEATLINE, "app"], env) as process:
        wait_until_up(f"{address}/_stcore/health", process)
        yield Plan(address, context, author, day)
    context.database.close()


def post(page: Page, number: int) -> Locator:
    return page.locator(f"[data-key=p{number}]")


def on(page: Page, day: date, number: int) -> Locator:
    """The post on that day."""
    return page.locator(f"td[data-day='{day}'] [data-key=p{number}]")


def said(page: Page, words: str) -> None:
    expect(page.locator(".bar [role=status]")).to_contain_text(words)


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def menu_closes_and_today_is_in_view(phone: Page, today: date) -> None:
    """On a phone the menu makes way for the chosen page, and the calendar begins at today and goes back there."""
    phone.set_viewport_size({"width": 360, "height": 780})
    for name in ("Holds", "Calendar"):
        phone.get_by_test_id("stExpandSidebarButton").click()
        phone.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True).click()
        expect(phone.get_by_role("heading", name=name, exact=True, level=1)).to_be_focused()
        expect(phone.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    now = phone.locator(f"td[data-day='{today}']")
    back = phone.get_by_role("button", name="Today", exact=True)
    expect(back).not_to_be_in_viewport()
    expect(now.locator(".head")).to_be_in_viewport()
    back.scroll_into_view_if_needed()
    back.click()
    expect(now.locator("[data-key]").first).to_be_focused()
    expect(now.locator(".head")).to_be_in_viewport()
    assert faults(phone) == []


def test_a_post_is_moved_by_mouse_by_keys_and_by_tap_and_the_move_is_taken_back(chromium: Browser, plan: Plan) -> None:
    day, other = plan.day, plan.day + timedelta(days=1)
    page = plan.open(chromium, 1280, "light")
    assert faults(page) == []
    expect(page.locator(".st-key-calendar_plain")).to_be_hidden()
    expect(post(page, 1)).to_contain_text(HOSTILE)

    post(page, 1).drag_to(page.locator(f"td[data-day='{other}']"))
    said(page, f"Post 1 moved to {say_day(other)}, 10am.")
    expect(on(page, other, 1)).to_be_focused()
    page.get_by_role("button", name="Undo the move").click()
    said(page, f"Taken back: 1 post again on {say_day(day)}, 10am.")
    expect(on(page, day, 1)).to_be_focused()

    keys(page, "m", "ArrowRight", "ArrowDown", "ArrowUp", "Escape")
    said(page, "Not moved.")
    keys(page, "m", "ArrowRight")
    said(page, f"Move to {say_day(other).rsplit(' ', 1)[0]}")
    keys(page, "Enter")
    expect(on(page, other, 1)).to_be_focused()
    keys(page, "ArrowLeft", "Space", "ArrowDown", "Space", "M", "ArrowRight", "Enter")
    said(page, "2 posts moved.")
    expect(on(page, other, 2)).to_be_focused()
    expect(on(page, other, 3)).to_be_visible()
    keys(page, "Control+z")
    said(page, "Taken back: 2 posts have their old times again.")
    expect(on(page, day, 2)).to_be_focused()

    move_post(plan.context, 3, datetime(day.year, day.month, day.day, 17), plan.author)
    post(page, 3).drag_to(page.locator(f"td[data-day='{other}']"))
    said(page, "1 post could not be moved: Somebody else gave the post another time")
    expect(on(page, day, 3)).to_contain_text("5pm")
    page.close()

    phone = plan.open(chromium, 360, "dark")
    assert faults(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_role("button", name="Move post 2").click()
    assert faults(phone) == []
    phone.get_by_label("Day", exact=True).fill(str(other))
    phone.get_by_label("Time (UK)").fill("09:05")
    phone.get_by_role("button", name="Move it").click()
    said(phone, f"Post 2 moved to {say_day(other)}, 9:05am.")
    expect(on(phone, other, 2)).to_be_focused()
    menu_closes_and_today_is_in_view(phone, as_local(plan.context.clock.now()).date())
    phone.close()
    assert plan.hosts <= {urlsplit(plan.address).netloc, ""}
    assert not [line for line in plan.told if "Content Security Policy" in line]


def test_a_day_leads_to_a_post_for_it_and_a_browser_that_fails_keeps_the_plain_table(
    chromium: Browser, plan: Plan
) -> None:
    page = plan.open(chromium, 1280, "dark")
    assert faults(page) == []
    page.get_by_role("button", name=f"Write a post for {say_day(plan.day).rsplit(' ', 1)[0]}").click()
    expect(page.get_by_role("heading", name="Write a post")).to_be_visible()
    settled(page)
    expect(page.get_by_test_id("stDateInputField").first).to_contain_text(str(plan.day.day))
    page.add_init_script("delete Element.prototype.replaceChildren")
    page.goto(f"{plan.address}/calendar?day={plan.day}")
    expect(page.get_by_role("link", name="Coffee")).to_be_visible()
    expect(page.locator(".bar")).to_be_hidden()
    page.close()
    narrow = plan.open(chromium, 360, "light", "List")
    assert faults(narrow) == []
    narrow.close()

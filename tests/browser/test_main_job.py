"""A PCSO plans a post, sees it go out, reads what a resident answered and finds its figures: all in a browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Live

TEXT = (
    "Overnight in Copperbeck: one goat on the bus shelter roof. It gave itself up for a digestive biscuit. #Copperbeck"
)


def settled(page: Page) -> None:
    """Wait until the page has finished running."""
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)


def open_page(page: Page, live: Live, path: str) -> None:
    page.goto(f"{live.address}/{path}")
    settled(page)


def again_until(page: Page, text: str | re.Pattern[str]) -> None:
    """Load the page again until it shows the text: the worker does its part meanwhile."""
    for _ in range(40):
        if page.get_by_text(text).count():
            return
        page.reload()
        settled(page)
        page.wait_for_timeout(500)
    expect(page.get_by_text(text).first).to_be_visible()


def choose(page: Page, label: str, option: str) -> None:
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(option)  # a long list is drawn only in part: typing brings the option up
    page.get_by_role("option", name=option).first.click()
    settled(page)


def test_a_post_is_planned_published_answered_and_measured(page: Page, live: Live) -> None:
    open_page(page, live, "write")
    choose(page, "Content type", "Lighthearted")
    page.get_by_label("Text", exact=True).fill(TEXT)
    page.get_by_label("Text", exact=True).blur()
    page.get_by_text("Now", exact=True).click()
    choose(page, "Area it is about", "Copperbeck")
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_role("heading", name="Post", exact=True)).to_be_visible()
    again_until(page, "See it on Facebook")
    again_until(page, "See it on X")
    accepted = [post for post in live.network.truth() if post["text"] == TEXT]
    assert sorted(post["network"] for post in accepted) == ["facebook", "x"]

    again_until(page, "Engagement rate")
    post_address = page.url
    open_page(page, live, "replies")
    again_until(page, re.compile("Under: Overnight in Copperbeck"))
    page.goto(post_address)
    settled(page)
    expect(page.get_by_text(re.compile(r"\d+ repl(y|ies) from residents")).first).to_be_visible()

    open_page(page, live, "works")
    expect(page.get_by_text("One post is too few to tell anything")).to_be_visible()
    metrics = page.get_by_test_id("stMetric")
    expect(metrics.filter(has_text="Posts")).to_contain_text("1")
    expect(metrics.filter(has_text="Reach of a post")).to_contain_text(re.compile(r"\d,?\d\d"))


def test_a_post_that_is_too_long_for_x_is_refused_with_a_sentence_and_the_words_stay(page: Page, live: Live) -> None:
    open_page(page, live, "write")
    choose(page, "Content type", "Lighthearted")
    page.get_by_label("Text", exact=True).fill("goat " * 60)
    page.get_by_label("Text", exact=True).blur()
    before = len(live.network.truth())
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_text("There is a problem").first).to_be_visible()
    expect(page.locator(".st-key-there_is_a_problem")).to_be_focused()
    expect(page.get_by_text(re.compile("too long")).first).to_be_visible()
    assert page.get_by_label("Text", exact=True).input_value().startswith("goat goat")
    assert len(live.network.truth()) == before

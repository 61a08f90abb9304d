"""The page Areas in a real browser: axe finds nothing, wide or narrow, light or dark; headings keep their order; the map
comes from nowhere else; an address names an area and is followed."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.processes import BEATLINE, environment, running, wait_until_up
from scheduler.demo.force import MIDDLES, add_places, add_staff
from social.asked_and_done import AskedInput, DoneInput, put_asked, put_done
from social.boundaries import PlaceBoundary
from social.channels.registry import make_channel
from social.clock import as_local
from social.community_pages import PageInput, put_page
from social.context import open_context
from social.partners import LanguageInput, PartnerInput, put_partner, set_language
from social.places import places_named
from social.settings import load_settings
from tests.browser.test_main_job import choose, settled
from tests.browser.test_replies import faults

PHONE = 360


def boundary_of(name: str) -> str:
    """A square about its middle."""
    lat, lon = MIDDLES[name]
    ring = [[lon + x / 80, lat + y / 120] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


@pytest.fixture
def address(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """Where the app of a force with boundaries and one full profile answers, and the number of that area."""
    env = environment(tmp_path)
    context = open_context(load_settings({"BEATLINE_HOME": str(tmp_path)}), make_channel)
    try:
        with context.database.write() as session:
            add_places(session)
            who = add_staff(session).corporate
            beck = places_named(session, "Copperbeck")[0].id or 0
            for name in ("Copperbeck", "Marlpit End"):
                place = places_named(session, name)[0].id or 0
                shape = boundary_of(name)
                session.add(PlaceBoundary(place_id=place, geometry=shape, source="own", set_at=context.clock.now()))
        today = as_local(context.clock.now()).date()
        put_page(context, who, PageInput(beck, "facebook", "Beck Chat", "https://pages.example.org/beck", 2400, today))
        put_partner(context, who, PartnerInput(beck, "council", "Copperbeck Parish Council", "Lamps"))
        set_language(context, who, LanguageInput(beck, "pl", 0.04, 2021, "census"))
        asked = put_asked(context, who, AskedInput(beck, today, "meeting", "Slower cars by the school"))
        put_done(context, who, DoneInput(asked, today, "A speed check", link="https://pages.example.org/minutes"))
    finally:
        context.database.close()
    at = f"http://127.0.0.1:{env['BEATLINE_PORT']}"
    with running([*BEATLINE, "app"], env) as process:
        wait_until_up(f"{at}/_stcore/health", process)
        yield at, beck


def levels(page: Page) -> list[int]:
    """Of the headings, from top to bottom."""
    found: list[int] = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain] :is(h1,h2,h3,h4)')].map(one => Number(one.tagName[1]))"
    )
    return found


def test_areas_and_a_profile_hold_at_both_widths_and_in_both_themes(
    chromium: Browser, address: tuple[str, int]
) -> None:
    at, beck = address
    hosts: set[str] = set()
    for width, scheme in ((1280, "light"), (PHONE, "dark")):
        page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
        page.set_default_timeout(60_000)
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        for path, last in (("areas", "Open data"), (f"areas?area={beck}", "What is posted about")):
            page.goto(f"{at}/{path}")
            expect(page.get_by_role("heading", name=last)).to_be_visible()
            settled(page)
            assert faults(page) == [], (width, scheme, path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            order = levels(page)
            assert order[0] == 1
            assert all(later - earlier <= 1 for earlier, later in pairwise(order)), order
        for form in ("Write down what was done", "Add or change a community page", "Add or change a language"):
            page.get_by_text(form).click()
        settled(page)
        assert faults(page) == [], (width, scheme, "forms")
        page.close()
    assert hosts <= {urlsplit(at).netloc, ""}


def test_the_address_follows_to_another_area_and_back_to_all(chromium: Browser, address: tuple[str, int]) -> None:
    at, beck = address
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    page.goto(f"{at}/areas")
    expect(page.get_by_role("heading", name="Map")).to_be_visible()
    choose(page, "Open the profile of an area", "Copperbeck")
    expect(page.get_by_role("heading", name="Copperbeck")).to_be_visible()
    expect(page).to_have_url(f"{at}/areas?area={beck}")
    page.reload()
    expect(page.get_by_role("heading", name="Copperbeck")).to_be_visible()
    page.get_by_role("link", name="All areas").click()
    expect(page.get_by_role("heading", name="Areas side by side")).to_be_visible()
    expect(page).to_have_url(f"{at}/areas?area=all")
    page.goto(f"{at}/areas?area=Copperbeck")  # by its name, as commands take it
    expect(page.get_by_role("heading", name="Copperbeck")).to_be_visible()
    page.goto(f"{at}/areas?area=all")
    shapes = page.get_by_test_id("stVegaLiteChart").locator("path[aria-roledescription=geoshape]")
    expect(shapes).to_have_count(2)
    expect(shapes.first).to_have_attribute("aria-label", "1. Copperbeck: not compared")
    shapes.first.click(position={"x": 12, "y": 12})
    expect(page.get_by_role("heading", name="Copperbeck")).to_be_visible()
    expect(page).to_have_url(f"{at}/areas?area={beck}")
    page.close()

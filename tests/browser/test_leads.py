"""The page Leads in a real browser: axe finds nothing, a picture is fetched and shown, and no outside host is asked."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session, select

from bench.processes import BEATLINE, environment, running, wait_until_up
from social.attachments import keep_attachments
from social.channels.base import Heard, HeardAttachment
from social.channels.registry import make_channel
from social.context import Context, open_context
from social.desks import add_desk
from social.interactions import Interaction
from social.leads import open_lead
from social.practice.network import PracticeNetwork
from social.settings import load_settings
from social.staff import Role, find_or_add_person
from tests.browser.test_main_job import settled
from tests.browser.test_replies import faults
from tests.social.test_inbox import Desk


def attach(session: Session, context: Context, reply_id: int, *given: HeardAttachment) -> None:
    reply = session.exec(select(Interaction).where(Interaction.id == reply_id)).one()
    now = context.clock.now()
    item = Heard(reply.platform_id, "", None, reply.text, now, None, False, attachments=given)
    keep_attachments(session, context.vault, reply.account_id, [item], now)


@pytest.fixture
def leads(chromium: Browser, tmp_path: Path) -> Iterator[tuple[Page, set[str]]]:
    """The page of a force with one lead, and every host that the browser asks."""
    env = environment(tmp_path)
    with PracticeNetwork(tmp_path / "media", history_weeks=0) as network:
        context = open_context(load_settings({"BEATLINE_HOME": str(tmp_path)}), make_channel)
        try:
            with context.database.write() as session:
                nia = find_or_add_person(session, "nia.abbot@woldershire.example", Role.CORPORATE, "Nia Abbot")
            reply = Desk(context).reply("Saw him last night by the Co-op https://clips.example/1", "lead", minutes=-60)
            with context.database.write() as session:
                attach(session, context, reply, HeardAttachment("picture", f"{network.base_url}/residents/1.jpg"))
            add_desk(context, nia, "Enquiry desk")
            open_lead(context, nia, reply)
        finally:
            context.database.close()
        address = f"http://127.0.0.1:{env['BEATLINE_PORT']}"
        with running([*BEATLINE, "app"], env) as process:
            wait_until_up(f"{address}/_stcore/health", process)
            page = chromium.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(30_000)
            hosts: set[str] = set()
            page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
            page.goto(f"{address}/leads")
            yield page, hosts
            assert hosts <= {urlsplit(address).netloc, ""}
            page.close()


def test_a_lead_is_looked_at_without_a_fault_and_without_asking_any_outside_host(leads: tuple[Page, set[str]]) -> None:
    page, hosts = leads
    expect(page.get_by_text("1 lead, by appeal.")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("link", name="What Beatline stops")).to_be_visible()
    settled(page)
    assert faults(page) == []
    page.get_by_role("button", name="Open lead 1").click()
    expect(page.get_by_role("heading", name="Lead 1", exact=True)).to_be_visible()
    page.get_by_role("button", name="Fetch attachment 1 for the lead").click()
    expect(page.get_by_role("img", name="Picture 1 that a resident attached")).to_be_visible(timeout=30_000)
    settled(page)
    assert faults(page) == []
    with page.expect_download() as package:
        page.get_by_role("button", name="Package (ZIP)").click()
    assert package.value.suggested_filename == "lead-1.zip"
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert len(hosts - {""}) == 1

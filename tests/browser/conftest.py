"""A force at work, as its people meet it: worker and app as processes, the practice network, and Chromium."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from bench.processes import BEATLINE, browser, environment, running, wait_until_up
from scheduler.demo.force import add_places, add_staff
from social.accounts_admin import add_account, verify_account
from social.channels.registry import make_channel
from social.context import open_context
from social.practice.network import PracticeNetwork
from social.settings import load_settings

expect.set_options(timeout=30_000)
"""Milliseconds: a machine with much else to do is slow, not wrong."""

PACE = 20_000
"""Residents live this much faster than the clock: what takes them a day is there after four seconds."""


@dataclass(frozen=True)
class Live:
    """Where the app answers, and the network behind it."""

    address: str
    network: PracticeNetwork


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    home = tmp_path_factory.mktemp("home")
    env = environment(home) | {"BEATLINE_COLLECT_EVERY": "1", "BEATLINE_ANALYSE_EVERY": "1"}
    with PracticeNetwork(home / "practice", pace=PACE, history_weeks=0) as network:
        _connect(home, network)
        address = f"http://127.0.0.1:{env['BEATLINE_PORT']}"
        with running([*BEATLINE, "run"], env) as process:
            wait_until_up(f"{address}/_stcore/health", process)
            yield Live(address, network)


def _connect(home: Path, network: PracticeNetwork) -> None:
    context = open_context(load_settings({"BEATLINE_HOME": str(home)}), make_channel)
    try:
        with context.database.write() as session:
            add_places(session)
            add_staff(session)
        add_account(context, channel="facebook", name="woldershire-facebook", page_id=network.page_id,
                    base_url=network.base_url, credentials=network.credentials("facebook"))  # fmt: skip
        add_account(context, channel="x", name="woldershire-x", handle=network.handle,
                    base_url=network.base_url, credentials=network.credentials("x"))  # fmt: skip
        for name in ("woldershire-facebook", "woldershire-x"):
            verify_account(context, name)
    finally:
        context.database.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def page(chromium: Browser, live: Live) -> Iterator[Page]:
    """A new window on a desk; the test fails if anything is asked of any other machine."""
    outside: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((live.address, live.address.replace("http", "ws"), "data:", "blob:")):
            outside.append(request.url)

    opened = chromium.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB", timezone_id="Europe/London")
    opened.set_default_timeout(30_000)
    opened.on("request", note)
    yield opened
    opened.close()
    assert outside == []

"""What every test may use: a clock that stands still, a home of its own, a context with the memory channel."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from social.channels.registry import make_channel
from social.clock import SettableClock
from social.context import Context, open_context
from social.settings import Settings, load_settings

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
"""A Monday, 10am in London."""


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(START)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"BEATLINE_HOME": str(tmp_path / "home"), "BEATLINE_KEY": "k" * 40})


@pytest.fixture
def context(settings: Settings, clock: SettableClock) -> Iterator[Context]:
    opened = open_context(settings, make_channel, clock)
    yield opened
    opened.database.close()

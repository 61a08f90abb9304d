"""Makes a skipped test a failure where every test should run: `make test` passes `--whole`. Puts what takes longest first,
so that at the end no process waits for another, and browsers last: Playwright keeps an event loop in the process that
started one, and no other loop can run beside it. Puts the tests' own folders into memory where there is room."""

import gc
import os
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole", action="store_true", help="fail when any test was skipped")


MEMORY = Path("/dev/shm")  # noqa: S108  pytest makes folders of one's own in it
ENOUGH = 4_000_000_000
"""Bytes free; the tests need a tenth of it, for each one's folder goes when it has passed."""


def pytest_configure() -> None:
    """Nearly every test has a database, and each of its transactions would wait for the disk."""
    if MEMORY.is_dir():
        about = os.statvfs(MEMORY)
        if about.f_bavail * about.f_frsize > ENOUGH and not about.f_flag & (os.ST_NOEXEC | os.ST_RDONLY):
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


LONGEST = (
    "tests/faults/", "tests/scheduler/test_demo.py", "tests/test_main_job.py", "tests/scheduler/test_copying.py",
    "tests/social/test_week.py", "tests/scheduler/test_duty_of_care.py", "tests/scheduler/test_holds.py",
    "tests/scheduler/test_importing.py", "tests/social/channels/test_fuzz.py", "tests/scheduler/test_once.py",
    "tests/views/test_pages.py", "tests/scheduler/test_model.py", "tests/alerts/test_whole_way.py",
    "tests/scheduler/test_publishing.py", "tests/scheduler/test_backup.py", "tests/views/test_no_profile_fields.py",
)  # fmt: skip
"""Files of half a minute or a good part of one; each is the work of one process."""
BROWSERS = tuple(
    f"tests/browser/test_{name}.py"
    for name in (
        "every_page_desk",
        "every_page_phone",
        "clicks",
        "writing",
        "sign_in",
        "main_job",
        "alert_pages",
        "by_keyboard",
        "replies",
        "leads",
        "residents",
    )
)
"""The longest first here too: whoever has the last one is waited for."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: (item.nodeid.startswith("tests/browser/"), _place(item.nodeid)))


def _place(nodeid: str) -> int:
    """Where in its table a test's file stands; behind all when it is in none."""
    table = BROWSERS if nodeid.startswith("tests/browser/") else LONGEST
    return next((place for place, start in enumerate(table) if nodeid.startswith(start)), len(table))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What a file's first test finds loaded stays, and no collection looks at it again: one over all that a run piles up
    takes seconds, and Streamlit asks for one after each page."""
    if item.path not in _begun:
        _begun.add(item.path)
        gc.collect()
        gc.freeze()


_begun: set[Path] = set()


NEEDS_ROOT = "Postfix has to be started as root"
"""What tests/mail_settings.py calls so: the one reason to leave tests out that `make test` takes."""


def _skipped(config: pytest.Config) -> list[str]:
    """Why tests were left out, a reason for each."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", ()) if reporter and config.getoption("--whole") else ()
    return [str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports]


def _wrongly_skipped(config: pytest.Config) -> bool:
    # Nobody should have to run a test suite as root. CI does, and leaves out none.
    taken = "" if os.environ.get("CI") or os.getuid() == 0 else NEEDS_ROOT
    return any(reason != taken for reason in _skipped(config))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _wrongly_skipped(session.config) and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if _wrongly_skipped(config):
        terminalreporter.write_line("Tests were skipped that should have run: this counts as a failure.", red=True)
    elif skipped := _skipped(config):
        said = f"{len(skipped)} tests of mail were left out: {NEEDS_ROOT}. To have them too: sudo make test"
        terminalreporter.write_line(said, yellow=True)

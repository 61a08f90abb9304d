"""Makes a skipped test a failure where every test should run: `make test` passes `--whole`. Puts what takes longest first,
so that at the end no process waits for another, and browsers last: Playwright keeps an event loop in the process that
started one, and no other loop can run beside it."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole", action="store_true", help="fail when any test was skipped")


LONGEST = (
    "tests/faults/", "tests/scheduler/test_demo.py", "tests/test_main_job.py", "tests/social/test_week.py",
    "tests/social/channels/test_fuzz.py", "tests/scheduler/test_once.py", "tests/scheduler/test_duty_of_care.py",
    "tests/scheduler/test_model.py", "tests/alerts/test_whole_way.py",
)  # fmt: skip
"""Files of minutes or a good part of one; each is the work of one process."""
BROWSERS = "tests/browser/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: (item.nodeid.startswith(BROWSERS), not item.nodeid.startswith(LONGEST)))


def _skipped(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", ())) if reporter and config.getoption("--whole") else 0


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _skipped(session.config) and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if _skipped(config):
        terminalreporter.write_line("Tests were skipped that should have run: this counts as a failure.", red=True)

"""A small force on the memory network, and a way to open its pages as a person would."""

from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from social.context import Context
from social.staff import Person
from social.views import parts, sign_in
from tests.views.helpers import APP, PAGES, Force, OpenPage


@pytest.fixture(scope="session", autouse=True)
def _scanned_once() -> Iterator[None]:
    """Each page that a test opens would look through all installed packages for components of theirs: half a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def open_page(context: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenPage]:
    """open_page("replies", thread="3") -> the page as the first person of the staff table sees it."""
    parts.provide(lambda: context)
    monkeypatch.setattr(sign_in, "browser_address", lambda: None)

    def opened(name: str, as_person: Person | None = None, **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=30)
        for key, value in query.items():
            app.query_params[key] = value
        if as_person is not None:
            app.session_state["act_as"] = as_person.id
        app.switch_page(PAGES[name])
        return app.run()

    yield opened
    parts.forget()


@pytest.fixture
def force(context: Context) -> Force:
    return Force(context)

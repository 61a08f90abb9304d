"""Security headers: on every answer, exact, and with nothing a stranger can put into them."""

import ast
import asyncio
import base64
import hashlib
import tomllib
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from social.settings import load_settings
from social.web.headers import SecurityHeaders, content_security_policy, script_hashes
from social.web.options import OPTIONS, run_options
from tests.social.web.asgi import get

STREAMLIT_PAGE = Path(streamlit.__file__).parent / "static/index.html"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def guarded() -> ASGIApp:
    async def hello(_request: object) -> PlainTextResponse:
        return PlainTextResponse("hello")

    inner = Starlette(routes=[Route("/hello", hello), Route("/_stcore/metrics", hello)])
    return SecurityHeaders(inner, STREAMLIT_PAGE)


def test_every_answer_carries_the_headers(guarded: ASGIApp) -> None:
    for path in ("/hello", "/nothing-here", "/_stcore/metrics"):
        headers = get(guarded, path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert "default-src 'self'" in headers["content-security-policy"]


def test_metrics_are_shut(guarded: ASGIApp) -> None:
    for path in (
        "/_stcore/metrics",
        "/_stcore/metrics/",
        "/write/_stcore/metrics",
        "//_stcore/metrics",
        "/%5fstcore/metrics",
    ):
        assert get(guarded, path).status == 404
    assert get(guarded, "/hello").text == "hello"


def test_no_script_runs_but_our_own_and_the_one_inline_script_of_the_page() -> None:
    page = STREAMLIT_PAGE.read_text(encoding="utf-8")
    inline = page.split("<script>")[1].split("</script>")[0]
    hashed = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    assert script_hashes(page) == (f"'sha256-{hashed}'",)
    script = content_security_policy(script_hashes(page), None).split("script-src ")[1].split(";")[0]
    assert script == f"'self' blob: 'sha256-{hashed}'"


def test_pictures_from_elsewhere_are_never_fetched() -> None:
    assert "img-src 'self' data: blob:;" in content_security_policy((), None)


@pytest.mark.parametrize("host", ["evil.example; script-src *", "a b", "x\r\ny", "", "[::1"])
def test_a_host_header_that_is_no_host_name_does_not_reach_the_policy(host: str) -> None:
    assert "ws:" not in content_security_policy((), host)


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "beatline.force.example", "[::1]:8501"])
def test_the_pages_own_web_socket_is_allowed_by_name(host: str) -> None:
    assert f"ws://{host} wss://{host}" in content_security_policy((), host)


def test_web_sockets_pass_through_untouched() -> None:
    seen = []

    async def inner(scope: dict, _receive: object, _send: object) -> None:  # type: ignore[type-arg]
        seen.append(scope["type"])

    asyncio.run(SecurityHeaders(inner, STREAMLIT_PAGE)({"type": "websocket", "path": "/_stcore/stream"}, None, None))  # type: ignore[arg-type]
    assert seen == ["websocket"]


def test_plain_streamlit_run_gets_the_same_options() -> None:
    given = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    flat: dict[str, object] = {}

    def walk(table: dict[str, object], path: str) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                walk(value, f"{path}{key}.")
            else:
                flat[f"{path}{key}"] = value

    walk(given, "")
    assert flat == OPTIONS


def test_streamlit_knows_every_option() -> None:
    from streamlit import config

    assert set(run_options(load_settings({}))) <= set(config._config_options_template)


def test_nothing_is_sent_home_and_the_app_keeps_to_this_machine() -> None:
    options = run_options(load_settings({}))
    assert options["browser.gatherUsageStats"] is False
    assert options["server.address"] == "127.0.0.1"
    assert options["server.fileWatcherType"] == "none"
    assert options["client.showErrorDetails"] == "none"


def test_every_field_for_files_says_which_and_how_large_they_may_be() -> None:
    """The server refuses what is larger (`server.maxUploadSize`); what a file is, its content says."""
    fields = [
        (path.name, call)
        for part in ("social", "scheduler", "insights")
        for path in sorted((ROOT / part / "views").glob("**/*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "file_uploader"
    ]
    assert len(fields) >= 4
    for name, call in fields:
        given = {one.arg: one.value for one in call.keywords}
        most = given.get("max_upload_size")
        assert isinstance(most, ast.Constant), name
        assert most.value <= OPTIONS["server.maxUploadSize"], name
        assert "type" in given or len(call.args) > 1, name


def test_memory_is_not_looked_through_after_every_click() -> None:
    assert run_options(load_settings({}))["runner.postScriptGC"] is False
    assert run_options(load_settings({}), watch=True)["runner.postScriptGC"] is True, "what is edited is not frozen"

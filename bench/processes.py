"""Starting Beatline as a person does, in a home of its own, and knowing when it is up."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
BEATLINE = (sys.executable, str(ROOT / "app.py"))
_PATIENCE = 120.0
"""Seconds after which something that should have come up or ended counts as broken."""


def free_port() -> int:
    """A port of the loopback address that nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def environment(home: Path) -> dict[str, str]:
    """Our environment with the home and ports of its own, and no other Beatline setting."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("BEATLINE_")}
    ports = {"BEATLINE_PORT": str(free_port()), "BEATLINE_PRACTICE_PORT": str(free_port())}
    return plain | ports | {"BEATLINE_HOME": str(home)}


def run(command: Sequence[str], env: Mapping[str, str] | None = None) -> tuple[float, str]:
    """Run to the end.  Returns wall seconds and standard output.  Raises RuntimeError with its words when it fails."""
    begun = time.perf_counter()
    done = subprocess.run(
        list(command), cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300
    )
    seconds = time.perf_counter() - begun
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[1:])} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return seconds, done.stdout


@contextmanager
def running(command: Sequence[str], env: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Start it and stop it again at the end, whatever happens in between."""
    process = subprocess.Popen(
        list(command), cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_up(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait for the address to answer 200.  Raises RuntimeError when the process ended or it takes too long."""
    until = time.perf_counter() + _PATIENCE
    while time.perf_counter() < until:
        if process.poll() is not None:
            raise RuntimeError(f"it ended by itself with exit code {process.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.02)
    raise RuntimeError(f"nothing answers at {address}")


def wait_until_drawn(page: Page) -> None:
    """Wait for the heading, for the script to have finished and for every part that Streamlit loads late."""
    page.locator("h1").first.wait_for(timeout=60_000)
    page.locator('[data-testid="stStatusWidget"]').wait_for(state="detached", timeout=60_000)
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stSkeleton], [data-testid=stAppSkeleton]')", timeout=60_000
    )


@contextmanager
def browser() -> Iterator[Browser]:
    """The machine's own Chromium, without a window."""
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("Chromium is not installed: .ci/chromium says what to do")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield opened
        finally:
            opened.close()

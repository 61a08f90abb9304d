"""Takes the README's pictures anew: a demo's own home, the pages Today and What works, light, 1280 by 800."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from bench.processes import BEATLINE, ROOT, browser, environment, run, running, wait_until_up

PICTURES = {"today": "/", "works": "/works"}


def take(page: Page, address: str, target: Path) -> None:
    """Open the address, wait until the page has finished running, and save what a person sees."""
    page.goto(address)
    page.locator("h1").first.wait_for(timeout=60_000)
    page.locator('[data-testid="stStatusWidget"]').wait_for(state="detached", timeout=60_000)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=target, animations="disabled")
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} kB")


def main() -> None:
    folder = ROOT / "docs/images"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        env = environment(Path(home))
        run([*BEATLINE, "demo", "--once", "--json", "--home", home], env)
        address = f"http://127.0.0.1:{env['BEATLINE_PORT']}"
        with running([*BEATLINE, "app"], env) as app, browser() as chromium:
            wait_until_up(f"{address}/_stcore/health", app)
            page = chromium.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light", locale="en-GB")
            for name, path in PICTURES.items():
                take(page, address + path, folder / f"{name}.png")


if __name__ == "__main__":
    main()

"""Takes the README's pictures anew: a demo at work in a home of its own, the pages Today and What works, 1280 by 800."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from bench.processes import BEATLINE, ROOT, browser, environment, running, wait_until_drawn, wait_until_up

PICTURES = {"today": "/", "works": "/works"}


def take(page: Page, address: str, target: Path) -> None:
    """Open the address, wait until everything is drawn, and save what a person sees."""
    page.goto(address)
    wait_until_drawn(page)
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=target, animations="disabled")
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} kB")


def main() -> None:
    folder = ROOT / "docs/images"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        env = environment(Path(home))
        address = f"http://127.0.0.1:{env['BEATLINE_PORT']}"
        with running([*BEATLINE, "demo", "--home", home], env) as demo, browser() as chromium:
            wait_until_up(f"{address}/_stcore/health", demo)
            page = chromium.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light", locale="en-GB")
            for name, path in PICTURES.items():
                take(page, address + path, folder / f"{name}.png")


if __name__ == "__main__":
    main()

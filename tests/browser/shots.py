"""Screenshots as build output: every page and every task, on a desk and on a phone, in both themes, under build/screens.

They are for people to look at; no test compares them."""

import shutil
from collections.abc import Iterator

from playwright.sync_api import Page

from bench.processes import ROOT

FOLDER = ROOT / "build/screens"
SIZES = {"desk": (1280, 900), "phone": (360, 780)}
THEMES = ("light", "dark")
_BRIGHT = """() => {
  const [r, g, b] = getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor.match(/\\d+/g).map(Number);
  return (r + g + b > 382) === matchMedia('(prefers-color-scheme: light)').matches;
}"""


def in_both_themes(page: Page) -> Iterator[str]:
    """The page as it stands in each theme, once it is drawn in it."""
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of the two words
        page.wait_for_function(_BRIGHT)
        yield theme


def keep(page: Page, name: str) -> None:
    """Save what a person sees now.  name: of the file, with the size and the theme in it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


def keep_all(page: Page, task: str) -> None:
    """The end of a task at both sizes and in both themes; the window is then as it was."""
    before = page.viewport_size
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in in_both_themes(page):
            keep(page, f"task-{task}-{size}-{theme}")
    page.emulate_media(color_scheme="light")
    if before is not None:
        page.set_viewport_size(before)


def clear() -> None:
    """Take away what an earlier run left."""
    shutil.rmtree(FOLDER, ignore_errors=True)

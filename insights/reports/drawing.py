"""Turns a chart's specification into a picture: SVG for pages and PDF, PNG for Word, offline, in the report's own font."""

import re
from functools import cache
from pathlib import Path
from typing import Any

FONT = "Source Sans Pro"
WIDTH = 560
"""Of a chart's drawing area, in pixels of CSS; with labels it fills the page."""
_SCALE = 2.5
"""Of pictures for Word: sharp on paper."""


@cache
def font_folder() -> Path:
    """The folder with the font's files, from the package that brings them: nothing is fetched."""
    import font_source_sans_pro

    return Path(font_source_sans_pro.__file__).parent / "files"


def draw_svg(spec: dict[str, Any]) -> str:
    """The chart as SVG; its words stay words."""
    drawn: str = _drawer().vegalite_to_svg(_for_paper(spec), allowed_base_urls=[])
    return drawn


def draw_png(spec: dict[str, Any]) -> bytes:
    """The chart as a picture for Word."""
    drawn: bytes = _drawer().svg_to_png(draw_svg(spec), scale=_SCALE)
    return drawn


def size_of(svg: str) -> tuple[float, float]:
    """Width and height that the SVG says it has, in pixels of CSS."""
    found = re.search(r'<svg[^>]* width="([0-9.]+)" height="([0-9.]+)"', svg)
    if found is None:
        raise ValueError("the picture does not say how large it is")
    return float(found[1]), float(found[2])


def _for_paper(spec: dict[str, Any]) -> dict[str, Any]:
    config = {**spec.get("config", {}), "font": FONT, "background": "#ffffff"}
    config["axis"] = {**config.get("axis", {}), "labelFont": FONT}
    return {**spec, "width": WIDTH, "config": config}


@cache
def _drawer() -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(font_folder()))
    return vl_convert

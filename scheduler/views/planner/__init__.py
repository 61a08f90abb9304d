"""The planner: our own component in the browser, which shows posts on their days and asks to move them.

Its three files are read once and handed to Streamlit as they are, so nothing is asked of any other machine and the
policy of `social.web.headers` holds. It decides nothing: see `calendar_moves`."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent
KEY = "planner"


@cache
def _mount() -> Callable[..., Any]:
    html, css, js = ((HERE / f"planner.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("beatline_planner", html=html, css=css, js=js)


def planner(data: dict[str, Any], on_move: Callable[[], None], on_undo: Callable[[], None]) -> tuple[Any, Any]:
    """Draw it.  data: as `calendar_data` makes it.  on_move, on_undo: run before the page, `asked_for` has what was asked.

    Returns what was pressed: the post to open and the day to write a post for, as the browser sent them, or None."""
    result = _mount()(
        key=KEY, data=data, on_move_change=on_move, on_undo_change=on_undo, on_open_change=_nothing,
        on_write_change=_nothing,
    )  # fmt: skip
    return result.open, result.write


def asked_for(name: str) -> Any:
    """What the browser sent with this trigger, inside its callback."""
    return getattr(st.session_state[KEY], name, None)


def _nothing() -> None:
    """A trigger that the page itself looks at."""

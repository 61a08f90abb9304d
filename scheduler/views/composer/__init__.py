"""Two parts of Write a post that run in the browser: how long the words are, and how they will look, at every key.

Their files are read once and handed to Streamlit as they are, so nothing is asked of any other machine. They decide
nothing: what is too long is for the checks to say, and a test holds both counts to be the same."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from scheduler.counting_rules import counting_rules

HERE = Path(__file__).parent


def script(name: str) -> str:
    """The part's whole program, with the rules that it counts by."""
    files = (HERE / f"{one}.js" for one in ("counting", "fields", name))
    rules = json.dumps(counting_rules(), ensure_ascii=False)
    return "\n".join([f"const RULES = {rules};", *(file.read_text(encoding="utf-8") for file in files)])


@cache
def _mount(name: str) -> Callable[..., Any]:
    html, css = ((HERE / f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
    return st.components.v2.component(f"beatline_{name}", html=html, css=css, js=script(name))


def counts(data: dict[str, Any]) -> None:
    """The lengths beneath the text, and what goes with typing: the words are handed over at every pause.

    data: as `live.live_data` makes it."""
    _mount("counts")(key="live_counts", data=data)


def previews(data: dict[str, Any]) -> None:
    """A card for each account.  data: as for `counts`."""
    _mount("previews")(key="live_previews", data=data)

"""What the first visitor would else wait for: a page's imports, and memory that no collection has to look through.

A page is a script that runs anew for each visitor, and is imported by nobody: what it imports is read from its file."""

import ast
import gc
import importlib
import inspect
from collections.abc import Iterator, Sequence
from pathlib import Path

SLOW = (
    "pandas", "altair", "PIL.Image", "insights.figures", "insights.findings", "scheduler.planning", "scheduler.explain",
    "social.inbox", "scheduler.views.words_part", "scheduler.counting_rules", "insights.timing", "social.channels.x",
    "social.channels.facebook",
)  # fmt: skip
"""Modules that a function of a page imports, and that take long."""


def warm(scripts: Sequence[Path], *, freeze: bool) -> None:
    """Pay for the slow imports before the first visitor comes.  scripts: the pages.

    freeze: what is loaded by now lives as long as the process, and no collection of memory looks at it again."""
    for module in SLOW:
        importlib.import_module(module)
    for script in scripts:
        for module in imported_by(script):
            importlib.import_module(module)
    # Streamlit looks once, at the first element of the first visitor, who called it: that asks for the file of each module.
    inspect.stack()
    if freeze:
        gc.collect()
        gc.freeze()


def imported_by(script: Path) -> Iterator[str]:
    """The modules that the script imports when it begins; not those that a function of it waits with."""
    for node in ast.parse(script.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)

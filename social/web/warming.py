"""What a page imports, read from its file: a page is a script that runs anew for each visitor, and is imported by nobody."""

import ast
from collections.abc import Iterator
from pathlib import Path


def imported_by(script: Path) -> Iterator[str]:
    """The modules that the script imports when it begins; not those that a function of it waits with."""
    for node in ast.parse(script.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)

"""docs/checks.md is held to the table of codes."""

import re
from pathlib import Path

from scheduler.checks.codes import CODES

PAGE = Path(__file__).parents[3] / "docs" / "checks.md"


def test_the_page_lists_every_code_with_its_level_rule_and_meaning() -> None:
    table = PAGE.read_text(encoding="utf-8").split("## Codes")[1].split("\n## ")[0]
    shown = re.findall(r"^\| `(\w+)` \| ([\w, ]+?) \| (\w*) ?\| (.+) \|$", table, re.MULTILINE)
    assert [(code, (level, rule, what)) for code, level, rule, what in shown] == list(CODES.items())

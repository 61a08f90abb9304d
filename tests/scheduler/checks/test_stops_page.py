"""docs/stops.md is made from the rules, and says what they say now."""

import re

from scheduler.checks.codes import CODES
from scheduler.content_types import CONTENT_TYPES
from scheduler.hold_kinds import HoldKind
from scheduler.stops_page import PAGE, page


def test_the_page_is_as_the_rules_make_it() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_every_code_kind_and_hold_is_on_the_page_with_why_and_what_to_do() -> None:
    lines = [line for line in page().splitlines() if line.startswith("| `")]
    rows = [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    assert {row[0].strip("`") for row in rows} == {*CODES, *CONTENT_TYPES, *HoldKind}
    for code, told in CODES.items():
        row = next(row for row in rows if row[0] == f"`{code}`")
        assert row[-2:] == [told.why, told.todo]
        assert len(told.why) > 10
        assert told.todo.endswith(".")
        assert re.fullmatch(r"(R\d\d)?", told.rule)

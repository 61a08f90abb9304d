"""What pages say is for people: no command for a shell, no number of a rule."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from social.views.plain import for_people

pytestmark = pytest.mark.sqlite_only

ROOT = Path(__file__).parents[2]
SENTENCES = {
    "Make a new Page token and give it to `beatline accounts verify`.": (
        "Make a new Page token and give it to whoever looks after Beatline."
    ),
    "Check with X that the app may write, then run `beatline accounts verify`.": (
        "Check with X that the app may write, then ask whoever looks after Beatline to check the account."
    ),
    "There is no hold 7. `beatline hold list` shows those there are.": "There is no hold 7.",
    "It opens again on 1 June; `beatline accounts budget` raises it.": "It opens again on 1 June.",
    "It was not planned. `beatline recurrences list` says why; plan it by hand.": "It was not planned. Plan it by hand.",
    "Whoever asked for a change never confirms it (R31). Ask another.": "Whoever asked for a change never confirms it. Ask another.",
    "The words (all of them) were erased; 2 remain.": "The words (all of them) were erased; 2 remain.",
}


@pytest.mark.parametrize("given", SENTENCES)
def test_a_sentence_keeps_its_meaning_without_its_command(given: str) -> None:
    assert for_people(given) == SENTENCES[given]


def said(folder: str) -> Iterator[str]:
    """Every text in the code that is no docstring."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts = (one.value if isinstance(one, ast.Constant) else "12" for one in node.values)
                yield "".join(map(str, parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                yield node.value


def test_whatever_names_a_command_reads_like_a_sentence_without_it() -> None:
    whole = [
        text for folder in ("social", "scheduler", "insights") for text in said(folder) if text.count("`") % 2 == 0
    ]
    told = [for_people(text) for text in whole if "`beatline " in text and text.endswith((".", "`"))]
    assert len(told) > 50
    odd = [text for text in told if "`" in text or " ," in text or ";." in text or ".;" in text or "  " in text]
    assert not odd


def test_no_page_has_a_command_in_words_of_its_own() -> None:
    pages = [f"{slice_}/views" for slice_ in ("social", "scheduler", "insights")]
    assert not [text for folder in pages for text in said(folder) if "`beatline" in text]

"""Outsiders' words reach a page as text and nothing else (R25, R26): no call that renders Markdown or HTML is handed them.

Streamlit renders Markdown in nearly every label and message, and a picture named in it is fetched by whoever looks. What
may be handed an outsider's word: `parts.outside`, `parts.heading`, `st.text`, tables, code, the options of a box, and what
`html.escape` made safe. Read from the code itself; tests/browser/every_page.py tries it in a browser."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.sqlite_only
ROOT = Path(__file__).parents[2]
RENDERS = frozenset(
    {"markdown", "write", "caption", "title", "header", "subheader", "error", "warning", "info", "success", "toast",
     "badge", "button", "form_submit_button", "download_button", "link_button", "page_link", "checkbox", "toggle", "radio",
     "selectbox", "multiselect", "segmented_control", "pills", "text_input", "text_area", "number_input", "date_input",
     "time_input", "datetime_input", "file_uploader", "expander", "tabs", "metric", "status", "spinner", "popover", "dialog",
     "html", "latex", "menu_button", "later"}
)  # fmt: skip
"""Streamlit's calls whose first argument, `label`, `help`, `body` or `title` is rendered."""
RENDERED = ("label", "help", "body", "title", "caption", "delta_description", "placeholder")
WORDS = frozenset(
    {"text", "name", "reason", "detail", "handle", "alt_text", "place", "area", "account", "owner", "author", "note", "title",
     "publication_text", "answer", "email", "campaign", "subject", "headline", "issue", "action", "message", "reference",
     "paused_reason", "problem", "licence", "consent", "sentence", "limits", "url", "link", "value", "said_by", "editor",
     "actor", "asked_by", "placed_by", "done_by", "assignee", "partner", "phone", "event", "description", "words", "error"}
)  # fmt: skip
"""Attributes and names that may hold what an outsider wrote: a resident, a network, a file, a colleague."""
SAFE = frozenset({"escape", "inert", "_escaped", "headline", "limits", "is_web_address", "len", "sum", "say_count", "say_long", "say_moment", "say_soon", "say_number", "say_share",
                  "say_date", "say_day", "say_time", "word", "label_of", "int", "bool", "any", "all"})  # fmt: skip
"""What makes a word of ours, a number or escaped text out of whatever it is given."""
OURS = frozenset(
    {
        "insights/views/comparisons_part.py: name", "insights/views/reach_part.py: name",
        "insights/views/sentiment_part.py: name", "insights/views/works_charts.py: name",  # what a chart is called
        "insights/views/timing_part.py: found.limits",  # sentences of `insights.timing`
        "scheduler/views/alert_part.py: stop.reason", "scheduler/views/words_part.py: stop.reason",  # of `social.budgets`
        "scheduler/views/words_part.py: name",  # a network's, of NETWORKS
        "scheduler/views/calendar.py: title", "scheduler/views/hold_notice.py: title", "scheduler/views/stops.py: title",
        "social/views/help.py: title", "social/views/residents.py: title",  # written where they are handed on
        "scheduler/views/takedown_cards.py: task.words",  # a state in words
        "scheduler/views/versions.py: words", "scheduler/views/versions.py: name",  # `marked` and `escape` make it safe
        "scheduler/views/comes_again.py: message",  # written where it is handed on
        "social/views/answer_part.py: answer",  # its number
        "social/views/accessibility.py: words", "social/views/help.py: words", "social/views/help.py: task.title",
        "social/views/help.py: linked.title",  # of `social.help_words`
        "social/views/answer_part.py: text", "social/views/answer_part.py: channel.limits.text",  # counted, not shown
        "social/views/parts.py: title", "social/views/parts.py: needs.value",  # a page's and a right's
        "social/views/parts.py: message",  # what `later` was told, which this test looks at
        "social/views/sign_in.py: error", "social/views/sign_in.py: link",  # our refusals; a link made of escaped parts
    }
)  # fmt: skip
"""Where such a name holds words of ours, by module; each was read."""


def views() -> Iterator[tuple[str, ast.Module]]:
    for path in [ROOT / "app.py", *sorted(ROOT.glob("*/views/**/*.py"))]:
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def rendered(call: ast.Call) -> Iterator[ast.expr]:
    if call.args:
        yield call.args[0]
    yield from (one.value for one in call.keywords if one.arg in RENDERED)


def outsiders(node: ast.AST) -> Iterator[str]:
    """What in the expression may be an outsider's word."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in SAFE:
            return
    if isinstance(node, ast.Compare | ast.Lambda):  # a yes or a no; and a function that makes options, not labels
        return
    if isinstance(node, ast.IfExp):
        yield from outsiders(node.body)
        yield from outsiders(node.orelse)
        return
    if isinstance(node, ast.Attribute) and node.attr in WORDS:
        yield ast.unparse(node)
        return
    if isinstance(node, ast.Name) and node.id in WORDS:
        yield node.id
        return
    for child in ast.iter_child_nodes(node):
        yield from outsiders(child)


def test_no_view_hands_an_outsiders_word_to_what_renders_it() -> None:
    found = []
    for module, tree in views():
        for call in ast.walk(tree):
            name = isinstance(call, ast.Call) and (getattr(call.func, "attr", "") or getattr(call.func, "id", ""))
            if isinstance(call, ast.Call) and name in RENDERS:
                hits = {what for part in rendered(call) for what in outsiders(part)}
                found += [f"{module}:{call.lineno}: {name}: {what}" for what in hits if f"{module}: {what}" not in OURS]
    assert found == []


@pytest.mark.parametrize(
    "line",
    ['st.caption(f"From {reply.text}")', 'st.button(post.name)', 'column.checkbox("a", help=account.handle)',
     'st.html(f"<b>{place.name}</b>")', 'st.error(str(error))'],
)  # fmt: skip
def test_the_rule_sees_what_it_forbids(line: str) -> None:
    call = ast.parse(line, mode="eval").body
    assert isinstance(call, ast.Call)
    assert [what for part in rendered(call) for what in outsiders(part)]

"""Help says what there is: every page it leads to, every button and field it names, every state of a post."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from app import VIEWS
from scheduler.views.planner import HERE
from social.help_words import KEYS, PAGES, STATES_MEAN, TASKS, Step
from social.staff import Role, find_or_add_person
from social.words import STATES
from tests.views.helpers import Force, OpenPage, text_of
from tests.views.test_approvals_page import waiting

pytestmark = pytest.mark.sqlite_only

KINDS = ("button", "checkbox", "selectbox", "multiselect", "text_input", "text_area", "radio", "expander", "page_link",
         "button_group", "segmented_control", "download_button", "toggle")  # fmt: skip


def labels(app: AppTest) -> list[str]:
    """What the things that can be pressed, chosen or filled in are called, in the page and in the sidebar."""
    found = [block for kind in KINDS for block in app.get(kind)]
    return [str(getattr(block, "label", None) or getattr(block.proto, "label", "")) for block in found]


def missing(step: Step, shown: list[str]) -> list[str]:
    """Names that stand on nothing there. 'Approve post' is that of 'Approve post 12'."""
    return [name for name in step.names if not any(f"{label} ".startswith(f"{name} ") for label in shown)]


def test_every_page_that_help_leads_to_is_one_of_the_app_and_asks_for_the_same() -> None:
    there = {view.path or "today": (view.file, view.title, view.needs) for view in VIEWS}
    for path, linked in PAGES.items():
        assert there[path] == (linked.file, linked.title, linked.needs.name if linked.needs else None)
    assert {step.page for task in TASKS for step in task.steps} == set(PAGES)
    assert len(TASKS) == 9


def test_every_button_and_field_that_help_names_is_on_its_page(force: Force, open_page: OpenPage) -> None:
    published = force.publish()
    for words in ("When is the market?", "Where is it?"):
        reply = force.answer(published, words, kind="question")
    light = {"content_type": "trend_day", "text": "It is national pie day."}
    post_id = waiting(force, **light)
    waiting(force, **light)
    asked = {"post": {"id": str(post_id)}, "replies": {"reply": str(reply)}, "holds": {"pause": "1"}}
    shown = {name: labels(open_page(name, force.corporate, **asked.get(name, {}))) for name in PAGES}
    shown["post"] += labels(open_page("post", force.corporate, id=str(published)))
    steps = [step for task in TASKS for step in task.steps]
    assert sum(len(step.names) for step in steps) >= 30
    assert [(step.page, missing(step, shown[step.page])) for step in steps if missing(step, shown[step.page])] == []
    assert missing(Step("write", "Press ‘Publish’."), shown["write"]) == ["Publish"]


def test_help_is_in_everybodys_sidebar_and_says_whom_to_ask(force: Force, open_page: OpenPage) -> None:
    for person in (force.reader, force.author):
        app = open_page("help", person)
        assert {"Help", "Accessibility statement"} <= {link.label for link in app.sidebar.get("page_link")}
        assert "A post waits for approval: Joel Marsh" in text_of(app)
        colleagues = text_of(app).split("What your colleagues do")[1]
        assert "Approve what waits" in colleagues
        assert "Tell one of these at once, by phone: Joel Marsh" in colleagues
        assert "It is on every page" not in text_of(app), "the button is on none of theirs"
    assert "It is on every page" in text_of(open_page("help", force.corporate))
    assert (
        "See what reached residents here" in text_of(open_page("help", force.reader)).split("What your colleagues")[0]
    )


def test_help_knows_every_state_and_the_keys_of_the_calendar() -> None:
    assert set(STATES_MEAN) == set(STATES)
    planner = (HERE / "planner.js").read_text(encoding="utf-8")
    for key in ("Enter", "Escape", "ArrowDown"):
        assert f'"{key}"' in planner
    assert re.search(r'"m"|"M"', planner)
    assert "M moves it" in KEYS["Calendar"]


def test_the_statement_says_what_is_wrong_and_whom_to_tell(force: Force, open_page: OpenPage) -> None:
    with force.context.database.write() as session:
        find_or_add_person(session, "ada.lowe@woldershire.example", Role.ADMINISTRATOR, "Ada Lowe")
    said = text_of(open_page("accessibility", force.reader))
    for words in ("in part", "What does not conform yet", "Ada Lowe, ada.lowe@woldershire.example", "screen reader",
                  "Equality Advisory and Support Service", "2018", "last reviewed on"):  # fmt: skip
        assert words in said

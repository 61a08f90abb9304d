"""Help: the daily tasks step by step, the keys, what the words mean, who to ask, and what Beatline will not do."""

from collections.abc import Sequence

import streamlit as st

from social.help_words import ASK, KEYS, NAMED, PAGES, STATES_MEAN, TASKS, WILL_NOT, WORDS, WORKED_OUT, Task
from social.staff import Person, who_may
from social.views.parts import Page, begin, outside, told
from social.views.replies_keys import KEYS_HELP
from social.views.words import STATES

STOPS_PAGE, STATEMENT_PAGE = "scheduler/views/stops.py", "social/views/accessibility.py"
MOST_NAMES = 5


def tasks(page: Page) -> None:
    """What the person may do comes first; the rest says what colleagues do."""
    mine = [task for task in TASKS if page.may(task.needs)]
    st.header("Your daily tasks", anchor=False)
    for task in mine:
        one_task(page, task)
    others = [task for task in TASKS if task not in mine]
    if others:
        st.header("What your colleagues do", anchor=False)
    for task in others:
        if task.is_pressing:
            whom_to_tell(page, task)
        else:
            one_task(page, task)


def whom_to_tell(page: Page, task: Task) -> None:
    st.subheader(task.title, anchor=False)
    with page.read() as session:
        people = who_may(session, task.needs)
    outside(f"You cannot do this yourself. Tell one of these at once, by phone: {some_names(people)}")


def one_task(page: Page, task: Task) -> None:
    st.subheader(task.title, anchor=False)
    steps = [NAMED.sub(r"**\1**", step.says) for step in task.steps]
    st.markdown("\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)))
    with st.container(horizontal=True):
        for name in task.pages:
            linked = PAGES[name]
            if linked.needs is None or page.may(linked.needs):
                st.page_link(linked.file, label=f"Open {linked.title}", icon=":material/arrow_forward:")


def meanings(title: str, words: dict[str, str]) -> None:
    st.header(title, anchor=False)
    st.markdown("\n".join(f"- **{word}**: {meaning}" for word, meaning in words.items()))


def who_to_ask(page: Page) -> None:
    st.header("Who to ask", anchor=False)
    st.text("In danger, or for a crime that is happening now: 999. Beatline reaches nobody at once.")
    with page.read() as session:
        found = [(matter, who_may(session, action)) for matter, action in ASK]
    for matter, people in found:
        outside(f"{matter}: {some_names(people)}")


def some_names(people: Sequence[Person]) -> str:
    names = ", ".join(person.name for person in people[:MOST_NAMES])
    more = f" and {len(people) - MOST_NAMES} more" if len(people) > MOST_NAMES else ""
    return names + more or "nobody yet. Ask whoever set Beatline up."


page = begin("Help")
with told():
    tasks(page)
    meanings("Keys", {**KEYS, "Replies": KEYS_HELP})
    meanings("Where a post stands", {STATES[state]: meaning for state, meaning in STATES_MEAN.items()})
    meanings("Other words", WORDS)
    meanings("How figures are worked out", WORKED_OUT)
    st.text("The formulas, with what each takes for granted and how it was tried, come with Beatline: whoever looks after "
            "it has them.")  # fmt: skip
    who_to_ask(page)
    st.header("What Beatline will not do", anchor=False)
    st.markdown("\n".join(f"- {one}" for one in WILL_NOT))
    st.page_link(STOPS_PAGE, label="What Beatline stops, and why", icon=":material/help:")
    st.page_link(STATEMENT_PAGE, label="Accessibility statement", icon=":material/accessibility_new:")

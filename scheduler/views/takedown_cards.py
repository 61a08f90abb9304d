"""How a copy that has to come down looks wherever it is listed, and the click by which a person confirms its removal."""

import streamlit as st

from scheduler.appeal_views import TaskView, task_view
from scheduler.takedown import confirm_removed
from scheduler.takedown_tasks import TaskState, open_tasks
from scheduler.views.cards import open_link
from social.errors import BeatlineError
from social.staff import Action
from social.views.parts import Page, heading, later, outside, problems
from social.views.words import NETWORKS, is_web_address, say_count, say_soon, word

APPEALS_PAGE = "scheduler/views/appeals.py"


def tasks_left(page: Page) -> list[TaskView]:
    """Every copy that is still to come down, those for a person first."""
    with page.read() as session:
        return [task_view(session, task) for task in open_tasks(session)]


def task_card(page: Page, task: TaskView) -> None:
    """One copy: where it is, what stands in the way, who is asked, and what to do."""
    by_hand = task.state == TaskState.BY_HAND
    network = word(NETWORKS, task.channel)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(task.words if by_hand else "Being taken down", color="red" if by_hand else "orange")
            st.text(f"{network}, asked for {say_soon(task.asked_at, page.now)}")
        outside(f"On {task.account}. {'' if by_hand else task.words + '.'}".strip())
        if task.problem:
            outside(f"What stands in the way: {task.problem}")
        outside(f"Who is asked: {task.owner or 'nobody is named'}")
        if task.tried_again_at is not None and task.tried_again_at > page.now:
            st.text(f"Beatline tries again by itself, next {say_soon(task.tried_again_at, page.now)}.")
        links = [url for url in task.urls if is_web_address(url)]
        for number, url in enumerate(links, 1):
            of_several = f", {number} of {len(links)}" if len(links) > 1 else ""
            st.link_button(f"Open the copy of post {task.post_id} on {network}{of_several}", url,
                           icon=":material/open_in_new:")  # fmt: skip
        if by_hand and not links:
            st.text("The network did not say where it is: look for it on the account.")
        open_link(task.post_id)
        if by_hand and page.may(Action.WITHDRAW, task.place_id):
            said = f"I removed the copy of post {task.post_id} from {network}"
            if st.button(said, key=f"t_gone_{task.id}", icon=":material/check:"):
                confirm(page, task)


def confirm(page: Page, task: TaskView) -> None:
    try:
        proved = confirm_removed(page.context, task.id, page.person)
    except BeatlineError as error:
        problems(error)
        return
    later("A look proved that the copy is gone." if proved else
          "Noted. Nobody could look just now; Beatline looks later and tells you if the copy is still there.")  # fmt: skip
    st.rerun()


def takedowns_on_today(page: Page, most: int) -> bool:
    """What is still to come down, for whoever may do something about it.  Returns whether there is anything."""
    tasks = tasks_left(page) if page.may(Action.WITHDRAW) or page.may(Action.PLAN) else []
    if not tasks:
        return False
    heading("To come down")
    by_hand = [task for task in tasks if task.state == TaskState.BY_HAND]
    for task in by_hand[:most]:
        task_card(page, task)
    if len(tasks) > len(by_hand):
        others = say_count(len(tasks) - len(by_hand), "copy is", "copies are")
        st.text(f"{others} being taken down by Beatline; nothing to do yet.")
    st.page_link(APPEALS_PAGE, label="See all that has to come down", icon=":material/person_search:")
    return True

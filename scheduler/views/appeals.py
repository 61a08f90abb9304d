"""Appeals: what is out, the one button that takes it all down, what is left to remove, and how long it took (R08, R10)."""

import csv
import io
from collections.abc import Sequence

import streamlit as st

from scheduler.appeal_closing import STILL_TO_DO, Closed, close_appeal
from scheduler.appeal_views import CSV_COLUMNS, AppealView, TaskView, appeal_views, takedown_rows, takedown_sum
from scheduler.appeals import SOUGHT_KINDS, STATUS_WORDS, Status
from scheduler.case_stages import set_stage
from scheduler.cases import STAGE_WORDS, STAGES, CaseRecord, list_cases
from scheduler.takedown import OUT_OF_REACH
from scheduler.views.cards import open_link
from scheduler.views.takedown_cards import task_card, tasks_left
from social.csv_file import csv_cell
from social.errors import BeatlineError
from social.exports import record_export
from social.staff import Action
from social.views.lead_counts_part import lead_counts_part, waiting_leads
from social.views.parts import Page, begin, heading, later, outside, problems, say_what_was_done, told
from social.views.words import NETWORKS, is_web_address, say_count, say_long, say_moment, say_soon, word

FEW = 20  # most cards in one list; the rest is said as a number


def to_remove(page: Page, tasks: list[TaskView]) -> None:
    st.header("To come down", anchor=False)
    if not tasks:
        st.success("Nothing is left to take down.")
        return
    by_hand = sum(task.state == "by_hand" for task in tasks)
    if by_hand:
        st.error(f"{say_count(by_hand, 'copy has', 'copies have')} to be removed by a person. Open each, remove it "
                 "there, then confirm it here.", title="A person is needed")  # fmt: skip
    for task in tasks[:FEW]:
        task_card(page, task)
    if len(tasks) > FEW:
        st.text(f"and {len(tasks) - FEW} more: remove these first.")
    st.caption(OUT_OF_REACH)


def running(page: Page, views: Sequence[AppealView]) -> None:
    st.header("Running", anchor=False)
    if not views:
        st.text("No appeal is running. One opens by itself when its first post is approved.")
    for view in views[:FEW]:
        with st.container(border=True):
            what_it_is(page, view)
            if page.may(Action.CHANGE_CASE, view.place_id) and page.may(Action.WITHDRAW, view.place_id):
                end_it(page, view)
    if len(views) > FEW:
        st.text(f"and {len(views) - FEW} more, older ones.")


def what_it_is(page: Page, view: AppealView) -> None:
    heading(f"{view.reference}: {view.label}")
    stage = f"Stage of the case: {view.stage}. " if view.stage else ""
    place = f"About {view.place}. " if view.place else ""
    st.text(f"{view.status_words} since {say_soon(view.opened_at, page.now)}. {stage}")
    outside(f"{place}Who is asked: {view.owner or 'nobody is named'}.")
    waiting = f" {say_count(view.waiting, 'copy has', 'copies have')} not gone out." if view.waiting else ""
    st.text(f"{say_count(len(view.live), 'copy is', 'copies are')} live.{waiting}")
    for copy in view.live:
        network = word(NETWORKS, copy.channel)
        outside(f"{network}: {copy.account}")
        if is_web_address(copy.url):
            st.link_button(f"See post {copy.post_id} on {network}", copy.url or "", icon=":material/open_in_new:")
    for post_id in view.posts[:5]:
        open_link(post_id)


def end_it(page: Page, view: AppealView) -> None:
    """Two clicks: the word for why, and yes.  A reason is there to start from."""
    first, label, why = first_word(view)
    asked = f"a_asked_{view.id}"
    if st.button(
        f"{label} (appeal {view.id})", key=f"a_end_{view.id}", type="primary", icon=":material/visibility_off:"
    ):
        st.session_state[asked] = first
    with st.expander(f"Appeal {view.id} ends in another way, or its status changes"):
        others = [status for status in Status if status not in (Status.OPEN, Status(view.status), first)]
        chosen = st.selectbox("What happened?", others, format_func=STATUS_WORDS.__getitem__, key=f"a_other_{view.id}")
        if st.button(f"Go on with appeal {view.id}", key=f"a_go_{view.id}"):
            st.session_state[asked] = chosen
    status = st.session_state.get(asked)
    if status is not None:
        sure(page, view, Status(status), why if status == first else "")


def first_word(view: AppealView) -> tuple[Status, str, str]:
    """What most likely ends it: the status, what the button says, and a reason to start from."""
    if view.kind == "appeal_missing":
        return Status.FOUND, "The person is found: take everything down", "The person was found."
    if view.kind in SOUGHT_KINDS:
        return Status.ARRESTED, "The person is arrested: take everything down", "The person was arrested."
    return Status.CLOSED, "The appeal is over: take everything down", "The appeal is over."


def sure(page: Page, view: AppealView, status: Status, why: str) -> None:
    with st.container(border=True, key=f"a_sure_{view.id}"):
        takes_down = status not in (Status.ARRESTED, Status.CHARGED) or view.kind in SOUGHT_KINDS
        st.text(consequences(view, takes_down))
        if takes_down and view.erases and (waiting := waiting_leads(page, view.reference)):
            st.warning(f"{say_count(waiting, 'lead')} of this appeal {'waits' if waiting == 1 else 'wait'} to be handed off. "
                       "Do that first: what residents wrote is erased with the appeal.")  # fmt: skip
        reason = st.text_input("Why? Leave names out.", value=why, key=f"a_why_{view.id}_{status}")
        yes = "Yes, take everything down now" if takes_down else "Yes, change the status"
        with st.container(horizontal=True):
            if st.button(f"{yes} (appeal {view.id})", key=f"a_yes_{view.id}", type="primary", icon=":material/check:"):
                close(page, view, status, reason)
            if st.button(f"No, leave appeal {view.id} as it is", key=f"a_no_{view.id}"):
                st.session_state.pop(f"a_asked_{view.id}", None)
                st.rerun()


def consequences(view: AppealView, takes_down: bool) -> str:
    if not takes_down:
        return "Nothing comes down. Everything queued of the case is checked again as its stage asks."
    lines = [f"{say_count(len(view.live), 'live copy', 'live copies')} will be taken down, and what has not gone out is "
             "discarded for good."]  # fmt: skip
    lines.append("Names and pictures are erased here, at once when every copy is gone and within 24 hours in any case. "
                 "Numbers stay. This cannot be undone." if view.erases else "The words of its posts are kept.")  # fmt: skip
    return "\n".join(lines)


def close(page: Page, view: AppealView, status: Status, reason: str) -> None:
    try:
        with st.spinner("Asking the networks to take it down"):
            done = close_appeal(page.context, view.reference, status, page.person, reason)
    except BeatlineError as error:
        problems(error)
        return
    st.session_state.pop(f"a_asked_{view.id}", None)
    later(in_words(done))
    st.rerun()


def in_words(done: Closed) -> str:
    said = f"{say_count(done.gone, 'copy is', 'copies are')} taken down."
    if done.left:
        said += f" {say_count(done.left, 'copy is', 'copies are')} left: see what has to come down."
    if done.erased:
        said += " Names and pictures are erased here."
    return f"{said} {STILL_TO_DO}" if done.copies else said


def ended(page: Page, views: Sequence[AppealView]) -> None:
    st.header("Ended in the last 30 days", anchor=False)
    if not views:
        st.text("None.")
    else:
        st.dataframe(
            {
                "Reference": [view.reference for view in views],
                "Kind": [view.label for view in views],
                "How": [view.status_words for view in views],
                "Ended": [say_moment(view.ended_at) for view in views],
                "Copies": [len(view.tasks) for view in views],
                "Left": [len(view.left) for view in views],
                "Hours to takedown": [hours_in_words(view) for view in views],
                "Names and pictures": [erased_in_words(page, view) for view in views],
            },
            hide_index=True,
        )
    how_long(page)


def hours_in_words(view: AppealView) -> str:
    if view.left:
        return "not finished"
    return f"{view.hours:.1f}" if view.hours is not None else "nothing was out"


def erased_in_words(page: Page, view: AppealView) -> str:
    if view.erased_at is not None:
        return f"erased {say_moment(view.erased_at)}"
    if view.erase_by is None:
        return "no person was named or shown"
    left = view.erase_by - page.now
    return f"erased within {say_long(left)}" if left.total_seconds() > 0 else "overdue: is the worker running?"


def how_long(page: Page) -> None:
    """Hours to takedown over all appeals (M07, R08), and the rows behind them."""
    with page.read() as session:
        views = appeal_views(session, page.now, everything=True)
    total = takedown_sum(views)
    if total.median is None or total.longest is None:
        st.text("Hours to takedown: no appeal with a live copy has come to its end yet.")
    else:
        st.text(f"Hours to takedown, over {say_count(total.done, 'appeal')}: {total.median:.1f} in the middle, "
                f"{total.longest:.1f} at the longest.")  # fmt: skip
    if total.ended > total.done:
        st.text(f"{say_count(total.ended - total.done, 'appeal')} still {'has' if total.ended - total.done == 1 else 'have'} "
                "a copy to come down, and no hours yet.")  # fmt: skip
    if views:
        st.download_button("Save as CSV: every appeal with its hours to takedown", lambda: as_csv(page, views),
                           "appeals.csv", "text/csv", icon=":material/download:", key="csv_appeals")  # fmt: skip


def as_csv(page: Page, views: Sequence[AppealView]) -> bytes:
    """The rows behind the figure, for a spreadsheet; that they were taken along is recorded."""
    target = io.StringIO()
    rows = takedown_rows(views)
    csv.writer(target).writerows([CSV_COLUMNS, *([csv_cell(value) for value in row] for row in rows)])
    record_export(page.context, page.person, "appeals", len(rows))
    return target.getvalue().encode()


def cases(page: Page, kept: list[CaseRecord]) -> None:
    st.header("Stages of cases", anchor=False)
    st.text("The stage of a case says what its posts may tell. Once a case is kept here, its stage counts for every post "
            "with its reference, at each check and at the moment of publishing.")  # fmt: skip
    if kept:
        st.dataframe(
            {
                "Reference": [case.reference for case in kept],
                "Stage": [STAGE_WORDS[case.stage] for case in kept],
                "Under 18 involved": ["yes" if case.involves_under_18 else "no" for case in kept],
                "Changed": [say_moment(case.changed_at) for case in kept],
            },
            hide_index=True,
        )
    if page.may(Action.CHANGE_CASE):
        with st.expander("Change the stage of a case, or open one"):
            change_stage_form(page)


def change_stage_form(page: Page) -> None:
    reference = st.text_input("Reference, as its posts carry it", key="c_reference", max_chars=60)
    stage = st.selectbox("Stage", STAGES, format_func=STAGE_WORDS.__getitem__, index=None, key="c_stage",
                         placeholder="Choose the stage")  # fmt: skip
    sexual = st.checkbox("A sexual offence or trafficking: whoever complained must not be identifiable", key="c_sexual")
    under_18 = st.checkbox("Somebody involved is under 18", key="c_under_18")
    reason = st.text_input("Why? Leave names out.", key="c_why")
    st.caption("Everything queued is checked again. From an arrest on, a wanted person's or image appeal of the same "
               "reference ends: it comes down and is erased.")  # R08  # fmt: skip
    if not st.button("Change the stage", key="c_change", icon=":material/gavel:"):
        return
    try:
        done = set_stage(page.context, reference, stage or "", page.person, reason,
                         offence_class="sexual" if sexual else None, involves_under_18=under_18 or None)  # fmt: skip
    except BeatlineError as error:
        problems(error)
        return
    again = done.rechecked
    said = (f"The stage is changed. {say_count(len(again.held), 'post is', 'posts are')} held, "
            f"{say_count(len(again.to_review), 'post is', 'posts are')} back in review.")  # fmt: skip
    if again.live:
        said += f" Look at what is out: {say_count(len(again.live), 'post')} could not go out now."
    later(f"{said} {in_words(done.closed)}" if done.closed is not None else said)
    st.rerun()


page = begin("Appeals")
say_what_was_done()
with told():
    with page.read() as session:
        every, kept = appeal_views(session, page.now), list_cases(session)
    to_remove(page, tasks_left(page))
    running(page, [view for view in every if view.ended_at is None])
    ended(page, [view for view in every if view.ended_at is not None])
    lead_counts_part(page, [view.reference for view in every])
    cases(page, kept)

"""What Today says of what residents wrote: emergencies first, leads, answers near their clock, nobody on duty."""

from dataclasses import replace

import streamlit as st

from social.desk_counts import count_desk
from social.duty import has_contact
from social.duty_findings import NOBODY
from social.duty_seen import OpenEmergency, open_emergencies, say_not_emergency, say_passed, worst_first
from social.inbox import ReplyView, count_replies, list_replies, views_of
from social.inbox_query import State, Wanted
from social.overdue import SOON, count_clocks
from social.staff import Action
from social.views.duty_part import words_read
from social.views.parts import Page, done, outside
from social.views.replying import EMERGENCY_ADVICE, LEAD_ADVICE, REPLIES_PAGE, clock_in_words
from social.views.task_rows import SHOWN, and_more, group, row
from social.views.words import NETWORKS, say_count, say_long, say_soon, word

FORUM = ":material/forum:"
HEALTH_PAGE = "social/views/health.py"
READ_AT_ONCE = 500
"""A reply of so many signs stands on Today as a whole; of a longer one nobody judges here."""
_WHY = {
    "welfare": "somebody may be at risk",
    "threat": "a threat of violence",
    "person": "a colleague says so",
    "unreadable": "could not be read by machine: read it yourself",
}


def open_to(page: Page) -> Wanted:
    """The open replies that are the person's to see."""
    return Wanted(State.OPEN, areas=page.areas, leads=page.may(Action.HAND_OFF))


def emergencies(page: Page) -> bool:
    """Above all else (R19): what reads like an emergency and is open, and above that what nobody has said they have
    seen, whatever its age, the worst first. One press says of a false alarm that it is none. Nothing for who reads no
    replies.  Returns whether there are any."""
    if not page.may(Action.READ_REPLIES):
        return False
    wanted = replace(open_to(page), kinds=("emergency",))
    with page.read() as session:
        unseen = worst_first(open_emergencies(session, page.areas))
        numbers = [one.interaction_id for one in unseen if one.interaction_id is not None]
        count = count_replies(session, wanted)
        known = {one.id: one for one in views_of(session, numbers[:SHOWN])}
        others = [one for one in list_replies(session, wanted, limit=SHOWN + len(numbers)) if one.id not in numbers]
    if not unseen and not count:
        return False
    said = []
    if unseen:
        have = say_count(len(unseen), "emergency has", "emergencies have")
        said.append(f"{have} not been seen by anybody. Look now, and call the control room if anybody may need help.")
    if count:
        said.append(f"{say_count(count, 'open reply reads', 'open replies read')} like an emergency.")
    st.error(" ".join([*said, EMERGENCY_ADVICE]), title="Residents may need help")
    with group("emergencies", "Emergencies", level=2):
        for one in unseen[:SHOWN]:
            _unseen(page, one, known.get(one.interaction_id or 0))
        for reply in others[: max(0, SHOWN - len(unseen))]:
            _reply(page, reply, "Still open")
        shown = min(SHOWN, len(unseen) + len(others))
        and_more(max(count, len(unseen)), shown, "emergencies", REPLIES_PAGE, FORUM,
                 {"kinds": "emergency", "written": "any"})  # fmt: skip
    return True


def _unseen(page: Page, one: OpenEmergency, reply: ReplyView | None) -> None:
    why = f", {_WHY[one.why]}" if one.why in _WHY else ""
    told = f"told {say_count(one.told, 'time')}" if one.told else "not told yet"
    head = f"On {one.account}{why}, {say_long(page.now - one.written_at)} ago. Duty contact: {told}."
    words = reply.text if reply else ""
    if one.interaction_id is None:
        outside(f"{head} The reply is kept no longer. Say what came of it.")
        _passed(page, one)
        _none(page, one)
        return
    readable = 0 < len(words) <= READ_AT_ONCE and page.may(Action.ANSWER, one.place_id)
    row(f"emergency_{one.call_id}", "Not seen yet", "red", head, words, to=REPLIES_PAGE,
        label=f"Open emergency {one.call_id}", icon=":material/emergency:", query={"reply": str(one.interaction_id)},
        whole=readable, beside=(lambda: _none(page, one, words)) if readable else None)  # fmt: skip


def _none(page: Page, one: OpenEmergency, words: str | None = None) -> None:
    """One press for a false alarm: whoever answers has its words before them, all of them."""
    read = words_read(one.call_id, words)
    if page.may(Action.ANSWER, one.place_id) and st.button(
        f"{one.call_id} is not an emergency", key=f"none_{one.call_id}"
    ):
        wrong = f" If that was a slip, open reply {one.interaction_id} and say so there." if one.interaction_id else ""
        done(lambda: say_not_emergency(page.context, one.call_id, page.person, "Read on Today: it is none.", words=read),
             f"{one.call_id} is noted as no emergency, and nobody is told of it any more.{wrong}")  # fmt: skip


def _passed(page: Page, one: OpenEmergency) -> None:
    if page.may(Action.ANSWER, one.place_id) and st.button(
        f"{one.call_id} was passed to the control room", key=f"passed_{one.call_id}"
    ):
        done(lambda: say_passed(page.context, one.call_id, page.person), f"{one.call_id} is noted as passed on. No more "
             "messages go out about it.")  # fmt: skip


def _reply(page: Page, reply: ReplyView, badge: str, *, urgent: bool = True) -> None:
    where = f"{word(NETWORKS, reply.channel)}, {say_soon(reply.created_at, page.now)}"
    row(f"reply_{reply.id}", badge, "red" if urgent else "orange", where,
        reply.text or "(Its words are not kept any more.)", to=REPLIES_PAGE, label=f"Open reply {reply.id}", icon=FORUM,
        query={"reply": str(reply.id)})  # fmt: skip


def leads(page: Page) -> bool:
    """What may help an enquiry and is open (R21).  Returns whether there is any."""
    if not page.may(Action.READ_REPLIES):
        return False
    wanted = replace(open_to(page), kinds=("lead",))
    with page.read() as session:
        count = count_replies(session, wanted)
        first = list_replies(session, wanted, limit=SHOWN) if count else []
    if not count:
        return False
    with group("leads", "Leads", f"{say_count(count, 'reply', 'replies')} may help an enquiry. {LEAD_ADVICE}"):
        for reply in first:
            _reply(page, reply, "", urgent=False)
        and_more(count, len(first), "leads", REPLIES_PAGE, FORUM, {"kinds": "lead", "written": "any"})
    return True


def answers(page: Page) -> bool:
    """Questions and complaints overdue or near their clock (R18), the person's own first; how many are open in all, each
    number with the list behind it.  Returns whether any is near its clock or given to the person."""
    if not page.may(Action.READ_REPLIES):
        return False
    on_clock = replace(open_to(page), kinds=("question", "complaint"))
    with page.read() as session:
        clocks = count_clocks(session, page.now, page.areas)
        counts = count_desk(session, open_to(page), page.now, page.person.id)
        mine = list_replies(session, replace(on_clock, assignee_id=page.person.id), limit=SHOWN) if counts.mine else []
        soonest = list_replies(session, on_clock, limit=SHOWN) if clocks.overdue or clocks.due_soon else []
    near = [one for one in [*mine, *soonest] if one.due_at is not None and one.due_at - page.now < SOON]
    near = list({one.id: one for one in near}.values())[:SHOWN]
    if not counts.open:
        return False
    lines = []
    if clocks.overdue:
        lines.append(f"{say_count(clocks.overdue, 'question or complaint', 'questions and complaints')} "
                     "had no answer within 72 hours.")  # fmt: skip
    if clocks.due_soon:
        lines.append(f"{say_count(clocks.due_soon, 'answer is', 'answers are')} due within 24 hours.")
    with group("answers", "Replies to answer", " ".join(lines)):
        for reply in near:
            _reply(page, reply, clock_in_words(reply, page.now) or "Open", urgent=reply.due_at < page.now)  # type: ignore[operator]  # near its clock: it has one
        with st.container(horizontal=True, gap="medium"):
            for number, show, words in (
                (clocks.overdue, "overdue", "answer is overdue|answers are overdue"),
                (counts.mine, "mine", "reply is given to you|replies are given to you"),
                (counts.open, "open", "reply is open|replies are open"),
            ):
                if number:
                    st.page_link(REPLIES_PAGE, label=say_count(number, *words.split("|")), icon=FORUM,
                                 query_params={"show": show, "written": "any"})  # fmt: skip
            st.page_link(REPLIES_PAGE, label="What worries people", icon=FORUM,
                         query_params={"show": "all", "kinds": "complaint"})  # fmt: skip
    return bool(near or counts.mine)


def nobody_on_duty(page: Page) -> None:
    """That an emergency would reach nobody in particular (R16): for who can change it and for who answers."""
    if not page.accounts or not (page.may(Action.KEEP_DUTY) or page.may(Action.ANSWER)):
        return
    with page.read() as session:
        if has_contact(session):
            return
    st.warning(NOBODY)
    if page.may(Action.KEEP_DUTY):
        st.page_link(HEALTH_PAGE, label="Set a duty contact", icon=":material/person_alert:")

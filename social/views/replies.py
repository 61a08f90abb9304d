"""Replies: what residents wrote, the most urgent first, and beside the list the one that is open, in its thread.

There is deliberately no way to look at, search or group by an author (R25)."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from social.alerts.letterbox_people import WaitingLetter, waiting_letter, waiting_letters
from social.alerts.letterbox_storing import count_letters, count_to_decide
from social.desk import CLOSED_TOGETHER, mark_all_done
from social.desk_counts import DeskCounts, count_desk
from social.exports import record_view
from social.inbox import LONGEST_THREAD, MOST_COUNTED, ReplyView, count_replies, list_replies, reply_view, thread
from social.inbox_query import Wanted
from social.places import place_choices
from social.staff import Action
from social.views.letter_part import beside_replies, letter_detail, letter_row, more_letters
from social.views.parts import Page, begin, done, number_in_address, outside, say_what_was_done, told
from social.views.replies_address import (
    Asked,
    asked,
    filters,
    go_to,
    letter_opener,
    opener,
    replies_asked_for,
    sees_leads,
    to_address,
    to_reply,
)
from social.views.replies_keys import KEYS_HELP, keys
from social.views.reply_detail import post_above, reply_detail
from social.views.replying import (
    EMERGENCY_ADVICE,
    LEAD_ADVICE,
    badges,
    clock_in_words,
    reading_in_words,
    reply_card,
)
from social.views.sign_in import still_there
from social.views.words import KINDS, NETWORKS, say_count, say_soon, shorten, word

PER_PAGE = 25
_WITH_LETTERS = frozenset({"open", "mine", "nobody", "overdue", "all"})

STYLE = """<style>
.st-key-reply_back{display:none}
.st-key-reply_beside{scroll-margin-top:4.5rem}
div:has(>.st-key-reply_said),.st-key-reply_said{position:sticky;top:0;z-index:1;background:Canvas}
@media (min-width:900px){
[data-testid=stColumn]:has(>* .st-key-reply_beside){position:sticky;top:4rem;align-self:flex-start;max-height:calc(100vh - 5rem);overflow-y:auto;padding:6px}
}
@media (max-width:899px){
[data-testid=stHorizontalBlock]:has(>[data-testid=stColumn] .st-key-replies_list){flex-wrap:wrap}
[data-testid=stHorizontalBlock]:has(.st-key-replies_list)>[data-testid=stColumn]{min-width:100%}
[data-testid=stHorizontalBlock]:has(.st-key-reply_beside)>[data-testid=stColumn]:has(.st-key-replies_list),[data-testid=stColumn]:has(.st-key-reply_none){display:none}
.st-key-reply_back{display:flex}
.st-key-reply_close,.st-key-replies_keys_help,[data-testid=stButton] [aria-label^="Shortcut "]{display:none}
div:has(>.st-key-reply_said),.st-key-reply_said{top:3.75rem}
}
</style>"""
"""Side by side where there is room for it; on a phone the list, and in its place the reply that was opened, without a word
of keys that a phone does not have."""


def listing(page: Page) -> None:
    with page.read() as session:
        places = {number: name for number, name in place_choices(session).items() if page.acts_for(number)}
    wanted = asked(places)
    filtered, mine = replies_asked_for(page, replace(wanted, show="open")), page.person.id
    before = Wanted(areas=page.areas, leads=sees_leads(page), until=filtered.since)
    with page.read() as session:
        counts = count_desk(session, filtered, page.now, mine)
        older = count_desk(session, before, page.now, mine) if before.until else None
    every = "Every area" if page.areas is None else "Every area of yours"
    shown = {"open": counts.open, "mine": counts.mine, "nobody": counts.nobody, "overdue": counts.overdue}
    if not wanted.is_narrowed:
        with page.read() as session:
            letters = count_letters(session, page.now, mine)
        add = {"open": letters.all, "mine": letters.mine, "nobody": letters.nobody, "overdue": letters.overdue}
        shown = {show: count + add[show] for show, count in shown.items()}
    filters(wanted, places, shown, every)
    if older is not None and older.open:
        older_replies(wanted, older)
    desk(page, frozenset(places))
    record_view(page.context, page.person, ("replies", "list"))


def older_replies(wanted: Asked, older: DeskCounts) -> None:
    """What is open never goes out of sight (R19): what was written before the chosen time is counted."""
    urgent = say_count(older.emergencies, "older reply reads", "older replies read")
    if older.emergencies:
        it = "it" if older.emergencies == 1 else "them"
        st.error(f"{urgent} like an emergency and nobody has closed {it}.")
    else:
        st.warning(f"{say_count(older.open, 'older reply is', 'older replies are')} still open.")
    st.button("Show older replies too", on_click=lambda: go_to(replace(wanted, period="any", page=1)))


@st.fragment
def desk(page: Page, places: frozenset[int]) -> None:
    """The list and the open reply: a click draws these two anew, and nothing else of the page."""
    if not still_there(page, Action.READ_REPLIES):
        st.rerun(scope="app")
    page = replace(page, now=page.context.clock.now())
    asks = asked(places)
    wanted = replies_asked_for(page, asks)
    with told(), st.container(key="replies_desk"):
        with page.read() as session:
            total = count_replies(session, wanted)
            last = max(1, -(-total // PER_PAGE))
            asks = replace(asks, page=min(asks.page, last))  # fewer are left than when the page was chosen
            replies = list_replies(session, wanted, limit=PER_PAGE, offset=(asks.page - 1) * PER_PAGE)
            chosen = reply_view(session, asks.reply, areas=page.areas, leads=wanted.leads) if asks.reply else None
            letter = waiting_letter(page.context, session, page.person, asks.letter) if asks.letter else None
        letters = letters_asked_for(asks, page) if asks.page == 1 else []
        left, right = st.columns([2, 3], gap="medium")
        with left, st.container(key="replies_list"):
            the_list(page, asks, replies, letters, total, last)
        with right, st.container(key="reply_beside" if asks.reply or asks.letter else "reply_none"):
            if asks.letter:
                letter_beside(page, asks, letter)
            else:
                beside(page, asks, replies, chosen)
        keys(f"Reply {chosen.id} is open." if chosen else say_count(total, "reply", "replies"))


def letters_asked_for(asks: Asked, page: Page) -> list[WaitingLetter]:
    """Letters that name no alert, as far as they are asked for: they have no area and no stance, so that a list that is
    narrowed to some has none of them, and says so (`letters_wait`)."""
    if replace(asks, kinds=()).is_narrowed or asks.show not in _WITH_LETTERS:
        return []
    with page.read() as session:
        every = waiting_letters(page.context, session, page.person)
    return [one for one in every if _is_asked_for(one, asks, page)]


def _is_asked_for(letter: WaitingLetter, asks: Asked, page: Page) -> bool:
    if asks.kinds and ("emergency" if letter.emergency else letter.kind) not in asks.kinds:
        return False
    if asks.show == "overdue":
        return letter.due_at is not None and letter.due_at < page.now
    if asks.show == "mine":
        return letter.assignee_id == page.person.id
    return asks.show != "nobody" or letter.assignee_id is None


def the_list(
    page: Page, asks: Asked, replies: Sequence[ReplyView], letters: Sequence[WaitingLetter], total: int, last: int
) -> None:
    if not replies and not letters:
        nothing(asks)
        return
    many = f"More than {total:,} replies" if total >= MOST_COUNTED else say_count(total, "reply", "replies")
    if letters:
        many += f" and {say_count(len(letters), 'letter that names no alert', 'letters that name no alert')}"
    st.text(f"{many}. Emergencies come first, then leads, then what is due first, then the newest.")
    if any(one.emergency for one in letters) or any(one.kind == "emergency" and one.is_open for one in replies):
        st.error(f"A reply here reads like an emergency. {EMERGENCY_ADVICE}")
    if any(reply.kind == "lead" and reply.is_open for reply in replies):
        st.text(f"Replies that may help an enquiry are marked. {LEAD_ADVICE}")
    more_letters(page, letters)
    all_done(page, replies)
    for one in beside_replies(replies, letters):
        if isinstance(one, WaitingLetter):
            opens = letter_opener(asks, one.id)
            letter_row(one, page.now, is_open=asks.letter == one.id, opens=opens)
        else:
            row(page, asks, one)
    pages(asks, last)
    with st.container(key="replies_keys_help"):
        st.caption(KEYS_HELP)


def nothing(asks: Asked) -> None:
    if asks.is_narrowed:
        st.info("No reply fits these filters.")
    elif asks.show == "open":
        st.success("No reply is open. New ones come in after a post goes out.")
    else:
        st.info("No replies in this time. They come in after a post goes out.")


def all_done(page: Page, replies: Sequence[ReplyView]) -> None:
    """Thanks and banter need no answer: those on this page are closed in one step."""
    idle = [
        one.id
        for one in replies
        if one.is_open and one.kind in CLOSED_TOGETHER and page.may(Action.ANSWER, one.place_id)
    ]
    if idle and st.button(f"Mark all thanks and banter on this page as done ({len(idle)})", key="all_done"):
        done(
            lambda: mark_all_done(page.context, page.person, idle),
            f"{say_count(len(idle), 'reply is', 'replies are')} done.",
        )


def row(page: Page, asks: Asked, reply: ReplyView) -> None:
    """One reply in the list. What a resident wrote stands beside the button, never in its label."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            badges(reply)
            clock = clock_in_words(reply, page.now)
            if clock:
                st.badge(clock, color="red" if clock.startswith("Overdue") else "blue")
        outside(shorten(reply.text, 160) or "(Its words are not kept any more.)")
        st.caption(
            f"{word(NETWORKS, reply.channel)}, {say_soon(reply.created_at, page.now)}. {reading_in_words(reply)}"
        )
        outside(f"Under: {shorten(reply.publication_text, 60)}" + (f" ({reply.place})" if reply.place else ""))
        if reply.assignee:
            outside(f"With {reply.assignee}")
        open_ = asks.reply == reply.id
        kind = word(KINDS, reply.kind).lower() if reply.kind else "not read yet"
        st.button(
            f"Reply {reply.id} is open" if open_ else f"Open reply {reply.id}, {kind}",
            key=f"open_reply_{reply.id}",
            icon=":material/arrow_forward:" if open_ else None,
            on_click=opener(asks, reply.id),
        )


def pages(asks: Asked, last: int) -> None:
    if last < 2:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Page before", disabled=asks.page <= 1, key="page_before",
                  on_click=lambda: go_to(replace(asks, page=asks.page - 1, reply=None, letter=None)))  # fmt: skip
        st.text(f"Page {asks.page:,} of {last:,}")
        st.button("Next page", disabled=asks.page >= last, key="page_after",
                  on_click=lambda: go_to(replace(asks, page=asks.page + 1, reply=None, letter=None)))  # fmt: skip


def letter_beside(page: Page, asks: Asked, letter: WaitingLetter | None) -> None:
    """The letter that is open, in the place of a reply."""
    with st.container(key="reply_back"):
        st.button("Back to the list", icon=":material/arrow_back:", key="to_list", on_click=opener(asks, None))
    st.button("Close", key="reply_close", on_click=opener(asks, None))
    with st.container(key="reply_said"):
        say_what_was_done()
    if letter is None:
        st.info("This letter does not wait any more: somebody has decided about it.")
        return
    letter_detail(page, letter)
    record_view(page.context, page.person, ("letter", letter.id))


def beside(page: Page, asks: Asked, replies: Sequence[ReplyView], chosen: ReplyView | None) -> None:
    """The open reply, and the way to the next and the one before."""
    if asks.reply is None:
        if replies:
            st.text("Open a reply to see its thread here.")
        return
    with st.container(key="reply_back"):
        st.button("Back to the list", icon=":material/arrow_back:", key="to_list", on_click=opener(asks, None))
    if chosen is None:
        st.info(
            "This reply is not here: it is about an area that is not yours, it is not for you to read, or it is gone."
        )
        return
    before, after = neighbours([reply.id for reply in replies], chosen.id)
    with st.container(horizontal=True):
        st.button(
            "Reply before", disabled=before is None, key="reply_before", shortcut="Alt+K", on_click=opener(asks, before)
        )
        st.button(
            "Next reply", disabled=after is None, key="reply_after", shortcut="Alt+J", on_click=opener(asks, after)
        )
        st.button("Close", key="reply_close", on_click=opener(asks, None))
    with st.container(key="reply_said"):
        say_what_was_done()
    reply_detail(page, chosen)
    record_view(page.context, page.person, ("reply", chosen.id))


def neighbours(order: Sequence[int], chosen: int) -> tuple[int | None, int | None]:
    """The replies before and after the open one.  Once it has left the list, because it was answered or closed, they
    are those around the place where it stood."""
    if chosen in order:
        now = order.index(chosen)
        st.session_state["_reply_stood"] = chosen, now
        following = now + 1
    else:
        number, stood = st.session_state.get("_reply_stood", (None, 0))
        now = following = min(stood, len(order)) if number == chosen else 0
    return order[now - 1] if now > 0 else None, order[following] if following < len(order) else None


def whole_thread(page: Page, publication_id: int) -> None:
    """Everything under one post in the order it was written, with the post above."""
    st.button("Back to all replies", icon=":material/arrow_back:", key="to_all", on_click=to_address, args=({},))
    with page.read() as session:
        replies = thread(session, publication_id, areas=page.areas, leads=sees_leads(page))
    if not replies:
        st.info("There is nothing under this post, or it is not known here, or it is about an area that is not yours.")
        return
    st.header("Thread", anchor=False)
    post_above(replies[0])
    if len(replies) >= LONGEST_THREAD:
        st.text(f"The newest {len(replies)} are shown.")
    for reply in replies:
        reply_card(reply, page.now, under=False, opens=to_reply)
    record_view(page.context, page.person, ("thread", publication_id))


def letters_wait(page: Page) -> None:
    """Where filters leave letters that name no alert out of the list: that they are there."""
    asks = asked(())
    with page.read() as session:
        waiting = count_to_decide(session)
    if waiting and (asks.is_narrowed or number_in_address("area") is not None or asks.show not in _WITH_LETTERS):
        with st.container(border=True):
            st.text(f"{say_count(waiting, 'letter that names no alert waits', 'letters that name no alert wait')} to be "
                    "read, and may hold anything that a reply may.")  # fmt: skip
            st.page_link("social/views/letters.py", label="Read the letters", icon=":material/mail:")


page = begin("Replies", needs=Action.READ_REPLIES)
if (
    number_in_address("reply") is None and number_in_address("letter") is None
):  # else it is said beside the list, where it was done
    say_what_was_done()
st.html(STYLE)
publication = number_in_address("thread")
with told():
    if publication is not None and number_in_address("reply") is None:
        whole_thread(page, publication)
    else:
        letters_wait(page)
        listing(page)

"""One lead, whole: what was said, where and when, what came with it, handing it off, and what came of it (R22).

What an outsider attached is never loaded by the browser: a picture is shown drawn anew, everything else as facts."""

from collections.abc import Callable
from datetime import date, datetime, time
from urllib.parse import urlsplit

import streamlit as st

from scheduler.slots import comes_twice, to_instant
from scheduler.views.composing import clock_change
from social.attachment_fetching import fetch_for_lead, has_copy, original
from social.attachment_kinds import WORDS, small_picture
from social.attachments import Attachment
from social.clock import as_local
from social.desks import desks_for
from social.errors import BeatlineError, InputError
from social.handing_off import export_note, export_package, hand_off, note_receipt
from social.lead_notes import said, span_in_words
from social.lead_views import AttachmentView, LeadView
from social.leads import STATE_WORDS, LeadState, say_outcome, set_details, take_back
from social.views.inert import inert
from social.views.parts import Page, done, outside
from social.views.words import NETWORKS, say_count, say_moment, word

LINKS = (
    "Links from outside are text here. Open one only where the force opens such things, never on this machine by habit."
)
_NAMES = {"picture": "Picture", "video": "Film", "file": "File"}


def lead_detail(page: Page, lead: LeadView) -> None:
    st.header(f"Lead {lead.id}", anchor=False)
    st.text(f"{STATE_WORDS[LeadState(lead.state)]}. Appeal: {lead.reference or 'none'}. "
            f"It is erased on {say_moment(lead.purge_at)}.")  # R28 # fmt: skip
    with st.container(border=True):
        st.text(f"Written {say_moment(lead.written_at)} on {word(NETWORKS, lead.channel)}, under our post:")
        outside(lead.publication_text)
        st.caption("What was written:")
        outside(lead.text)
    where_and_when(page, lead)
    attached(page, lead)
    if lead.handed_off_at is None:
        hand_off_form(page, lead)
    else:
        handed_off(page, lead)
    downloads(page, lead)


def where_and_when(page: Page, lead: LeadView) -> None:
    st.header("Where and when", anchor=False)
    outside(f"Where: {lead.place_words or 'not said'}")
    outside(f"When: {span_in_words(lead.seen_from, lead.seen_to) or 'not said'}"
            + (f" ('{lead.time_words}')" if lead.time_words else ""))  # fmt: skip
    if not lead.confirmed:
        st.text("Picked out of the words by Beatline. Read them yourself, then confirm or mend it.")
    with st.expander("Confirm or mend it"):
        reference = st.text_input("Reference of the appeal", lead.reference or "", key=f"l_ref_{lead.id}", max_chars=60)
        place = st.text_input("Where", lead.place_words or "", key=f"l_place_{lead.id}", max_chars=300)
        known = st.checkbox("The time is known", lead.seen_from is not None, key=f"l_known_{lead.id}")
        start: Callable[[], datetime] | None = None
        end: Callable[[], datetime] | None = None
        if known:
            start = _moment("From", f"l_from_{lead.id}", lead.seen_from or lead.written_at, lead.seen_from)
            end = _moment("To", f"l_to_{lead.id}", lead.seen_to or lead.seen_from or lead.written_at, lead.seen_to)
        if st.button("This is right", key=f"l_confirm_{lead.id}", icon=":material/check:"):
            done(
                lambda: set_details(
                    page.context, page.person, lead.id, reference=reference, place=place,
                    seen_from=start() if start else None, seen_to=end() if end else None,
                ),
                f"Lead {lead.id} is confirmed.",
            )  # fmt: skip


def _moment(label: str, key: str, usual: datetime, known: datetime | None) -> Callable[[], datetime]:
    """A day and a local time, from what is known or else from when it was written; which of the two is asked where the
    clock shows it twice (R42).  Returns what makes the instant of them, and raises InputError where there is none.

    A time that is left as it was keeps its instant, also in the hour that comes twice."""
    local = as_local(usual)
    one, two = st.columns(2)
    day = one.date_input(f"{label}: day", local.date(), key=f"{key}_day", format="DD/MM/YYYY")
    clock = two.time_input(f"{label}: time", local.time().replace(tzinfo=None), key=f"{key}_time", step=60)
    assert isinstance(day, date)
    chosen = datetime.combine(day, clock if isinstance(clock, time) else local.time())
    skipped = clock_change(chosen)
    if skipped:
        st.warning(skipped)
    kept = known is not None and chosen == as_local(known).replace(tzinfo=None, fold=0)
    fold = (
        _which(label, key, as_local(known).fold if known is not None and kept else None)
        if comes_twice(chosen)
        else None
    )
    return lambda: _instant(label, chosen, fold)


def _instant(label: str, local: datetime, fold: int | None) -> datetime:
    try:
        return to_instant(local, fold)
    except InputError as error:
        raise InputError(*(f"{label}: {problem.message}" for problem in error.problems)) from None


def _which(label: str, key: str, known: int | None) -> int | None:
    """Which of the two is meant, 0 the first; None until somebody has said so."""
    return st.radio(
        f"{label}: the clock shows this time twice that night. Which one do you mean?", [0, 1], index=known,
        format_func=lambda n: ("The first, in summer time", "The second, in winter time")[n], key=f"{key}_fold_{known}",
    )  # fmt: skip


def attached(page: Page, lead: LeadView) -> None:
    if not lead.attachments and not lead.links:
        return
    st.header("What came with it", anchor=False)
    for one in lead.attachments:
        if one.kind != "link":
            attachment_card(page, one, by_mail=lead.channel == "alert")
    if lead.links:
        st.text(LINKS)
    for address in lead.links:
        outside(f"Host: {host_of(address)}\nLink: {address}")


def host_of(address: str) -> str:
    """The host of a link, which is what people should look at first."""
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        return parts.hostname or "cannot be read"
    except ValueError:
        return "cannot be read"


def attachment_card(page: Page, one: AttachmentView, *, by_mail: bool = False) -> None:
    """by_mail: it came in a letter, so there is no network to fetch it from."""
    with page.read() as session:
        there = one.held and has_copy(page.context, session.get_one(Attachment, one.id))
    with st.container(border=True):
        st.text(f"{one.number}. {_NAMES.get(one.kind, 'File')}")
        if one.held:
            facts(one)
        if there:
            if (one.found or "").startswith("image/"):
                shown_small(page, one)
            return
        if one.held and by_mail:
            st.warning(
                "The sealed copy is not here any more; backups carry none. Look for the letter in the letterbox."
            )
        elif one.held:
            st.warning("The sealed copy is not here any more; backups carry none. Fetch it again.")
        elif one.problem:
            st.warning(inert(one.problem))
        if by_mail:
            return
        st.text("It lies with the network. Who put it there is not told that you look.")
        if st.button(
            f"Fetch attachment {one.number} for the lead", key=f"l_fetch_{one.id}", icon=":material/download:"
        ):
            with st.spinner("Fetching and checking it"):
                done(
                    lambda: fetch_for_lead(page.context, page.person, one.id),
                    f"Attachment {one.number} is kept, sealed.",
                )


def facts(one: AttachmentView) -> None:
    details = (
        " The original holds the camera's details; they are kept in the sealed copy alone." if one.has_details else ""
    )
    st.text(f"{WORDS.get(one.found or '', 'File')}, {one.size or 0:,} bytes.{details}")
    st.code(f"SHA-256 {one.sha256}", language=None)


def shown_small(page: Page, one: AttachmentView) -> None:
    try:
        with page.read() as session:
            content = original(page.context, session.get_one(Attachment, one.id))
        st.image(small_picture(content), caption=f"Attachment {one.number}, small and drawn anew",
                 alt=f"Picture {one.number} that a resident attached; nobody has described it", width="content")  # fmt: skip
    except BeatlineError as error:
        st.warning(inert(str(error)))


def hand_off_form(page: Page, lead: LeadView) -> None:
    st.header("Hand it off", anchor=False)
    with page.read() as session:
        desks = [desk.name for desk in desks_for(session, lead.place_id)]
    if not desks:
        st.warning("No desk takes leads about this area yet. Ask whoever looks after Beatline to name "
                   "one.")  # fmt: skip
    else:
        with st.form(f"l_hand_off_{lead.id}"):
            desk = st.selectbox("Desk", desks, key=f"l_desk_{lead.id}")
            note = st.text_area("Note for the desk (may be empty)", key=f"l_note_{lead.id}", max_chars=2000)
            receipt = st.text_input("Receipt, if the desk gave one already", key=f"l_receipt_{lead.id}", max_chars=60)
            if st.form_submit_button("Hand off", type="primary", icon=":material/send:"):
                done(
                    lambda: hand_off(page.context, page.person, lead.id, desk or "", note, receipt or None),
                    f"Lead {lead.id} is with {desk}. Give them the note or the package.",
                )
    with st.container(horizontal=True):
        if st.button("No lead after all", key=f"l_back_{lead.id}", icon=":material/undo:"):
            done(lambda: take_back(page.context, page.person, lead.id), "It is a reply like any other again.")
        if st.button("Nobody needs it", key=f"l_unused_{lead.id}", icon=":material/block:"):
            done(lambda: say_outcome(page.context, page.person, lead.id, used=False), f"Lead {lead.id} is not used.")


def handed_off(page: Page, lead: LeadView) -> None:
    st.header("Handed off", anchor=False)
    outside(f"To {lead.desk}, {said(lead.handed_off_at)}, by {lead.handed_off_by}.")
    if lead.note:
        outside(f"Note: {lead.note}")
    if lead.mail_state:
        words = {"waiting": "is on its way", "sent": "was sent", "failed": "could not be sent: call them"}
        st.text(f"The message that a lead waits {words.get(lead.mail_state, 'is on its way')}.")
    if lead.receipt:
        outside(f"Receipt: {lead.receipt}, {said(lead.receipt_at)}, noted by {lead.receipt_by}.")
    else:
        with st.form(f"l_receipt_form_{lead.id}"):
            receipt = st.text_input("Receipt that the desk gave", key=f"l_given_{lead.id}", max_chars=60)
            if st.form_submit_button("Note the receipt", icon=":material/receipt:"):
                done(lambda: note_receipt(page.context, page.person, lead.id, receipt), "The receipt is noted.")
    with st.container(horizontal=True):
        for used, label, icon in (
            (True, "The enquiry used it", ":material/check:"),
            (False, "Not used", ":material/block:"),
        ):
            if lead.state != (LeadState.USED if used else LeadState.NOT_USED) and st.button(
                label, key=f"l_used_{used}_{lead.id}", icon=icon
            ):
                done(lambda used=used: say_outcome(page.context, page.person, lead.id, used=used), "Noted.")  # type: ignore[misc]  # mypy cannot infer a default in a lambda


def downloads(page: Page, lead: LeadView) -> None:
    st.header("For the desk", anchor=False)
    held = sum(one.held for one in lead.attachments)
    st.text(f"Every download is in the audit record. The package holds the note, {say_count(held, 'original')} as "
            "fetched, and the list of SHA-256. It is not encrypted: carry it as the force carries such things.")  # fmt: skip
    with st.container(horizontal=True):
        st.download_button("Note as text", lambda: export_note(page.context, page.person, lead.id),
                           f"lead-{lead.id}.txt", "text/plain", key=f"l_txt_{lead.id}", icon=":material/download:")  # fmt: skip
        st.download_button("Note as HTML", lambda: export_note(page.context, page.person, lead.id, html=True),
                           f"lead-{lead.id}.html", "text/html", key=f"l_html_{lead.id}", icon=":material/download:")  # fmt: skip
        st.download_button("Package (ZIP)", lambda: export_package(page.context, page.person, lead.id),
                           f"lead-{lead.id}.zip", "application/zip", key=f"l_zip_{lead.id}", icon=":material/folder_zip:")  # fmt: skip

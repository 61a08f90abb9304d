"""How one reply was read: its flags with how sure each is, and a form to say what it really is.

A flag is a hint for a person and does nothing by itself; criticism is no flag (R20)."""

import streamlit as st

from social.inbox import ReplyView
from social.kinds import Flag, Kind, Stance
from social.labels import Correction, ShownFlag, correct_reading, corrected, flags_of
from social.staff import Action
from social.views.parts import Page, done
from social.views.words import FLAGS, KINDS, STANCES, say_share, word

WHAT_TO_DO: dict[Flag, str] = {
    Flag.NAMES_PERSON: "names somebody as suspect, victim or witness: propose to hide it, keep it as a lead",
    Flag.PERSONAL_DATA: "holds a number, plate, address or e-mail: propose to hide it, keep it as a lead",
    Flag.PREJUDICIAL: "speaks of guilt or of a record: it may harm a trial",
    Flag.THREAT: "threatens or calls for violence",
    Flag.SPAM: "looks like an advertisement or a fraud",
    Flag.POLITICAL: "is about parties, votes or politicians",
    Flag.TAKEDOWN_REQUEST: "asks for a post or picture to be removed: look at it today",
    Flag.WELFARE: "somebody may harm themselves or be at risk: pass it to the control room now",
}
"""What a flag says of the reply, and what to do about it."""


def reading_part(page: Page, reply: ReplyView) -> None:
    """Flags of the reply and, for who may answer, the form 'This was read wrong'. Nothing for words of our own."""
    if reply.ours:
        return
    with page.read() as session:
        flags = flags_of(session, [reply.id])[reply.id]
        said = corrected(session, [reply.id]).get(reply.id, Correction())
    for shown in flags:
        st.text(f"{FLAGS[shown.flag]}: {WHAT_TO_DO[shown.flag]}{_how_sure(shown)}.")
    if said != Correction():
        st.caption("A person has said what this reply is. That is shown, whatever the analyser reads.")
    if page.may(Action.ANSWER):
        with st.expander("This was read wrong", icon=":material/edit_note:"):
            _form(page, reply, {shown.flag for shown in flags}, said)


def _how_sure(shown: ShownFlag) -> str:
    return " (a person said so)" if shown.p is None else f" ({say_share(shown.p)} sure)"


def _form(page: Page, reply: ReplyView, flags: set[Flag], said: Correction) -> None:
    """Kind, stance and flags as they are shown now. Saving judges all of them: unchanged ones were read right."""
    kinds, stances = [kind.value for kind in Kind], [stance.value for stance in Stance]
    shown_kind, shown_stance = said.kind or reply.kind, said.stance or reply.stance
    with st.form(f"reading_{reply.id}", border=False):
        kind = st.selectbox("What it is", kinds, index=_place(kinds, shown_kind), format_func=lambda k: KINDS[k])
        stance = st.selectbox(
            "Toward the police or the post",
            stances,
            index=_place(stances, shown_stance),
            format_func=lambda s: STANCES[s],
        )
        on = st.multiselect(
            "Flags", [flag.value for flag in Flag], default=[flag.value for flag in Flag if flag in flags],
            format_func=lambda flag: word(FLAGS, flag), placeholder="No flag",
        )  # fmt: skip
        st.caption("Say how it ought to have been read. If all of it is right, save it as it is: that is counted too.")
        if st.form_submit_button("Save how it should be read"):
            off = [flag.value for flag in Flag if flag.value not in on]
            done(
                lambda: correct_reading(
                    page.context, page.person, reply.id, kind=kind, stance=stance, flags_on=on, flags_off=off
                ),
                "Saved. Lists and figures go by what you said.",
            )


def _place(values: list[str], value: str | None) -> int:
    return values.index(value) if value in values else values.index("other" if "other" in values else "unknown")

"""What a post says, as whoever reads or approves it sees it: its pictures with their descriptions, and how each network
will show it."""

import streamlit as st

from scheduler.lifecycle import State
from scheduler.picture_answers import answers_of
from scheduler.queries import PostView
from scheduler.thread_parts import OVER
from scheduler.thread_words import drafts_of
from scheduler.views.composing import count_in_words, open_channel
from scheduler.views.pictured import show_answers
from social.views.parts import Page, is_practice, outside
from social.views.words import NETWORKS, word


def pictures(page: Page, view: PostView) -> None:
    """Each picture of the post, what it shows in words, and what was answered about it (R07, R32)."""
    for medium in view.media:
        path = page.context.settings.media_folder / medium.file_name if medium.file_name else None
        if medium.kind == "image" and path is not None and path.exists():
            st.image(path.read_bytes(), width=420, alt=medium.alt_text or "Picture without a description")
        else:
            st.text(absent_medium(page, view, medium.kind))
        outside(
            f"Description: {medium.alt_text}" if medium.alt_text else "No description yet: every picture needs one."
        )
        show_answers(answers_of(medium))


def absent_medium(page: Page, view: PostView, kind: str) -> str:
    """What is said of a picture or a film whose file Beatline does not hold."""
    if kind != "image":
        return "A film goes with this post. Its file is not kept here."
    if any(entry.published_at for entry in view.entries) and any(is_practice(account) for account in page.accounts):
        return "A picture goes with this post. Its file is not here, so the practice network got a stand-in."
    return "A picture is planned; its file is not here yet."


def previews(page: Page, view: PostView) -> None:
    """The words on each account where the post, or a part of it, has not gone out, with their length as that network counts it."""
    accounts = {account.name: account for account in page.accounts}
    for entry in view.entries:
        if State(entry.state) in OVER:
            continue
        network = word(NETWORKS, entry.channel)
        with st.container(border=True):
            st.badge(network, color="blue")
            outside(entry.account)
            account = accounts.get(entry.account)
            channel = open_channel(page.context, account) if account is not None else None
            threads = channel is not None and channel.can.threads
            drafts = drafts_of(entry.text, (view.post.link or "").strip() or None, threads=threads)
            for number, draft in enumerate(drafts, 1):
                if len(drafts) > 1:
                    st.badge(f"Part {number} of {len(drafts)}", color="gray")
                outside(draft.text)
                if draft.link:
                    outside(draft.link)
                if channel is not None:
                    said, fits = count_in_words(channel, network, draft)
                    (st.caption if fits else st.warning)(said)
            if channel is None:
                st.warning("The length cannot be counted: this account's credentials do not open.")
    pictures(page, view)

"""An alert on the page of its post: whom it is for, how many that is, and how far its messages have come."""

import streamlit as st

from scheduler.audience_words import say_audience, say_size
from scheduler.entries import Entry
from scheduler.post_audience import AlertInput, alert_of
from scheduler.queries import EntryView, PostView
from scheduler.thread_words import joined
from scheduler.views.alert_part import count_audience, tell_cost
from scheduler.views.composing import open_channel
from social.accounts import Account
from social.alerts.audience import Reach
from social.alerts.progress import Progress, progress_of
from social.alerts.stopping import usual_words
from social.alerts.text_parts import price_of_texts
from social.clock import as_local
from social.views.parts import Page, outside
from social.views.words import say_count, say_moment

STATE_WORDS = {
    "waiting": "to be sent", "sending": "being sent", "sent": "sent, nothing heard since", "delivered": "arrived",
    "bounced": "came back", "failed": "not sent", "unknown": "sent, not known whether it arrived", "stopped": "stopped before it was sent",
}  # fmt: skip
"""State of a message -> what the page calls it, in the order of its life."""


def alert_told(page: Page, view: PostView) -> None:
    """Nothing for a post that is no alert."""
    with page.read() as session:
        alert = alert_of(session, view.post)
        said = say_audience(session, alert.audience) if alert is not None else []
    if alert is None:
        return
    st.header("The alert", anchor=False)
    outside("\n".join([f"Subject: {alert.subject or 'erased'}", *said]))
    if alert.urgent:
        st.badge("Urgent: at once, also at night", color="red")
    for entry in view.entries:
        if entry.channel == "alert" and entry.platform_id is not None:
            how_far(page, entry)
        elif entry.channel == "alert" and entry.state != "discarded":
            _would_tell(page, view, entry, alert)


def _would_tell(page: Page, view: PostView, entry: EntryView, alert: AlertInput) -> None:
    with page.read() as session:
        account = session.get_one(Account, session.get_one(Entry, entry.id).account_id)
    channel = open_channel(page.context, account)
    reach = Reach(alert.urgent, channel is not None and channel.can.texts)
    counted = count_audience(page, alert.audience, reach)
    (st.text if counted.members else st.warning)(f"If it went out now: {say_size(counted, urgent=alert.urgent)}")
    if counted.by_text:
        post, text = view.post, joined(view.variants.get("alert", view.post.text))
        money = price_of_texts(text, post.link, counted.by_text, page.context.settings, subject=alert.subject,
                               reference=post.appeal_ref)  # fmt: skip
        tell_cost(page, account, money, counted.by_text)


def how_far(page: Page, entry: EntryView) -> None:
    """What became of the messages so far, each count with its name."""
    number = entry.platform_id or ""
    with page.read() as session:
        progress = progress_of(session, int(number)) if number.isdecimal() else None
    if progress is None:
        return
    lines = [f"To {say_count(progress.mailing.members, 'resident')}. It began {say_moment(progress.mailing.made_at)}."]
    lines += [_skipped(progress)] if progress.mailing.skipped else []
    texts = f", {progress.texts:,} of them as a text" if progress.texts else ""
    lines += [say_count(sum(progress.states.values()), "message") + f" at once{texts}"]
    lines += [
        f"{progress.states[state]:,} {words}" for state, words in STATE_WORDS.items() if progress.states.get(state)
    ]
    if progress.in_digests:
        lines.append(
            f"{progress.in_digests:,} in a daily or weekly message, {progress.to_come:,} of them still to come"
        )
    if progress.mailing.stopped_at is not None:
        lines.append(f"Taken back {say_moment(progress.mailing.stopped_at)}.")
    if progress.corrections:
        told = sum(progress.corrections.get(state, 0) for state in ("sent", "delivered", "unknown"))
        lines.append(f"{sum(progress.corrections.values()):,} told that it was taken back; {told:,} of these sent")
    outside("\n".join(lines))


def _skipped(progress: Progress) -> str:
    mailing = progress.mailing
    day = as_local(mailing.skipped_told_at) if mailing.skipped_told_at is not None else None
    last = f", last told on {day.day} {day:%B}" if day is not None else ""
    skipped = say_count(mailing.skipped, "resident")
    return f"{skipped} skipped{last}: as many alerts as may be in a week"


def correction_field(page: Page, view: PostView) -> str | None:
    """What those who got the alert are told when it is taken down; None for a post that did not go out as one."""
    numbers = [entry.platform_id for entry in view.entries if entry.channel == "alert" and entry.state == "published"]
    number = next((one for one in numbers if one is not None and one.isdecimal()), None)
    if number is None:
        return None
    with page.read() as session:
        progress = progress_of(session, int(number))
    if progress is None:
        return None
    st.text("What has arrived cannot be taken back. What has not left is stopped, and whoever has it gets these words:")
    return st.text_area(
        "What are those told who got the alert?", value=usual_words(progress.mailing), key="p_correction", height=150,
        help="It must not repeat a name, nor what the alert said.",
    )  # fmt: skip

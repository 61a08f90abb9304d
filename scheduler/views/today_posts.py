"""What Today says of posts: what is stuck, sent back or waits for a yes, pictures to review, what goes out next."""

from datetime import timedelta

import streamlit as st

from scheduler.content_types import label_of
from scheduler.picture_reviews import reviews_due
from scheduler.queries import EntryView, PostSummary, list_entries, posts_between, posts_numbered
from scheduler.views.cards import APPROVALS_PAGE, COLOURS, NEXT_STEP, POST_PAGE, STUCK
from scheduler.views.lookups import sent_back
from scheduler.waiting import waiting_for
from social.clock import as_local
from social.staff import Action
from social.views.parts import Page
from social.views.task_rows import SHOWN, and_more, group, row
from social.views.words import NETWORKS, STATES, say_count, say_soon, word

CALENDAR_PAGE = "scheduler/views/calendar.py"
ARTICLE = ":material/article:"
_COMING = ("queued", "approved", "publishing")


def approvals(page: Page) -> bool:
    """What waits for this person's yes, soonest first."""
    if not page.may(Action.APPROVE_LOCAL):
        return False
    with page.read() as session:
        waiting = waiting_for(session, page.person).mine
        soonest = posts_numbered(session, [post.post_id for post in waiting[:SHOWN]])
    if not waiting:
        return False
    with group("approvals", "Waiting for your approval"):
        st.page_link(APPROVALS_PAGE, label=f"{say_count(len(waiting), 'post waits', 'posts wait')} for approval",
                     icon=":material/task_alt:")  # fmt: skip
        for post in soonest:
            _post(page, post, APPROVALS_PAGE, f"Decide about post {post.post_id}")
    return True


def stuck(page: Page) -> bool:
    """What has not gone out as planned: whoever can do nothing about it is not bothered with it."""
    if not page.may(Action.PLAN):
        return False
    with page.read() as session:
        found = [one for one in list_entries(session, states=STUCK) if page.may(Action.PLAN, one.place_id)]
    if not found:
        return False
    posts = len({entry.post_id for entry in found})
    with group("stuck", "Not gone out", f"{say_count(posts, 'post has', 'posts have')} not gone out as planned:"):
        for entry in found[:SHOWN]:
            _entry(page, entry)
        and_more(len(found), SHOWN, "of these", CALENDAR_PAGE, ":material/calendar_month:", {})
    return True


def _entry(page: Page, entry: EntryView) -> None:
    when = entry.published_at or entry.due_at
    head = f"{word(NETWORKS, entry.channel)}, {say_soon(when, page.now) if when else 'no time yet'}"
    more = (
        f"Why: {entry.reason or 'no reason was recorded'}\n"
        f"What to do: {NEXT_STEP[entry.state]} Who decides: {entry.owner or 'nobody is named'}"
    )
    row(f"entry_{entry.id}", word(STATES, entry.state), COLOURS.get(entry.state, "gray"), head, entry.text,
        to=POST_PAGE, label=f"Open post {entry.post_id} for {entry.account}", icon=ARTICLE,
        query={"id": str(entry.post_id)}, more=more)  # fmt: skip


def back(page: Page) -> bool:
    """The person's own posts that somebody asked to change."""
    with page.read() as session:
        found = sent_back(session, page.person.id or 0)
    if not found:
        return False
    with group(
        "back", "Sent back to you", f"{say_count(len(found), 'post of yours is', 'posts of yours are')} to be changed:"
    ):
        for post_id, text, reason in found[:SHOWN]:
            row(f"back_{post_id}", "Sent back", "orange", f"What should change: {reason}", text, to=POST_PAGE,
                label=f"Change post {post_id}", icon=ARTICLE, query={"id": str(post_id)})  # fmt: skip
        and_more(len(found), SHOWN, "of these", CALENDAR_PAGE, ":material/calendar_month:", {})
    return True


def reviews(page: Page) -> bool:
    """Pictures of persons whose day of review comes or has passed (R07)."""
    if not page.may(Action.WITHDRAW):
        return False
    with page.read() as session:
        found = reviews_due(session, as_local(page.now).date())
    if not found:
        return False
    with group("reviews", "Pictures to review", "Must they still be online? Each stays with a reason, or comes down."):
        for due in found[:SHOWN]:
            about = f", about {due.place}" if due.place else ""
            row(f"review_{due.post_id}", "Review overdue" if due.passed else "Review soon",
                "red" if due.passed else "orange",
                f"{label_of(due.content_type)}{about}: its picture is to be reviewed by {due.review_by:%d %B %Y}.", "",
                to=POST_PAGE, label=f"Open post {due.post_id}", icon=ARTICLE, query={"id": str(due.post_id)})  # fmt: skip
        and_more(len(found), SHOWN, "of these", "scheduler/views/library.py", ":material/photo_library:",
                 {"l_part": "Pictures"})  # fmt: skip
    return True


def goes_out(page: Page) -> None:
    """The next 24 hours, soonest first."""
    with page.read() as session:
        coming = posts_between(session, page.now, page.now + timedelta(hours=24))
    coming = [post for post in coming if post.status in _COMING]
    st.header("Goes out in the next 24 hours", anchor=False)
    if not coming:
        st.text("Nothing is planned for the next 24 hours.")
        return
    with group("coming", say_count(len(coming), "post")):
        for post in coming[: SHOWN + 2]:
            _post(page, post, POST_PAGE, f"Open post {post.post_id}")
        and_more(len(coming), SHOWN + 2, "of these", CALENDAR_PAGE, ":material/calendar_month:", {})


def _post(page: Page, post: PostSummary, to: str, label: str) -> None:
    place = f" about {post.place}" if post.place else ""
    when = say_soon(post.due_at, page.now) if post.due_at else "no time yet"
    badge = "" if post.status in ("in_review", "queued") else word(STATES, post.status)
    row(f"{'wait' if to == APPROVALS_PAGE else 'post'}_{post.post_id}", badge, COLOURS.get(post.status, "gray"),
        f"{when}, {post.label}{place}", post.text, to=to, label=label, icon=ARTICLE, query={"id": str(post.post_id)})  # fmt: skip


def next_post(page: Page) -> str:
    """'Next post: Tuesday 24 November, 10am.', or that none is planned."""
    with page.read() as session:
        coming = list_entries(session, states=("queued",), start=page.now)
    first = min((entry.due_at for entry in coming if entry.due_at), default=None)
    return f"Next post: {say_soon(first, page.now)}." if first else "No post is planned."

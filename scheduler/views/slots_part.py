"""The part of Write a post that proposes times: the team's own slots that are free, and what its own posts say of them.

No time is called good unless the team's posts show it beyond chance; where they are too few, that is said (M12). What
cannot wait is never timed (R11)."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import streamlit as st

from insights.comparisons import usual_age
from insights.timing import Timing, timing
from scheduler.content_types import kind_of
from scheduler.named_slots import list_slots, next_free
from scheduler.slots import to_instant
from scheduler.views.composing import WHEN_SET, next_slot
from social.clock import as_local
from social.errors import BeatlineError
from social.sorting import NEVER_TIMED
from social.staff import Action
from social.views.parts import Page, outside
from social.views.words import say_moment

MOST = 3
MEASURE = "reach"
EVIDENCE_DAYS = 365


# Kept for an hour: it rests on posts of a week ago and before. Whoever reads figures may see all of it.
@st.cache_data(ttl=3600, max_entries=50, show_spinner=False)
def _evidence(_page: Page, place: str, day: str) -> Timing:  # noqa: ARG001 of the key alone
    since = _page.now - timedelta(days=EVIDENCE_DAYS)
    with _page.read() as session:
        age = usual_age(session, MEASURE, since=since)
        return timing(session, MEASURE, age=age, since=since)


def proposals(page: Page, account_names: Sequence[str]) -> list[tuple[str, datetime, int | None]]:
    """Times to choose from: a slot's name or '', naive local time, fold."""
    found: list[tuple[str, datetime, int | None]] = []
    with page.read() as session:
        for slot in list_slots(session):
            try:
                found.append((slot.name, *next_free(session, slot.name, tuple(account_names), page.now)))
            except BeatlineError:  # taken for a year
                continue
    found.sort(key=lambda one: one[1])
    return found[:MOST]


def suggest_times(page: Page, kind: str | None, account_names: Sequence[str]) -> None:
    """Times with the evidence for each, to be taken over at one press."""
    if kind and kind_of(kind).rules_of in NEVER_TIMED:
        st.text("This kind of post cannot wait, so no time is proposed: send it as soon as it is right.")
        return
    may_read = page.may(Action.READ_FIGURES)
    found = proposals(page, account_names)
    evidence = _evidence(page, page.context.settings.database_url, str(page.now.date())) if may_read else None
    if not found:
        found = _from_evidence(page, evidence)
    with st.container(key="proposed_times"):
        st.caption("Times to choose from, with what your own posts of the last year say of them")
        for number, (name, local, fold) in enumerate(found):
            with st.container(horizontal=True, vertical_alignment="center"):
                when = say_moment(to_instant(local, fold or 0))
                st.button(when, key=f"w_slot_{number}", icon=":material/schedule:", on_click=_take, args=(local, fold))
                words = evidence.say_weekly((local.weekday(),), local.hour) if evidence else ""
                outside(" ".join(part for part in (f"{name}:" if name else "", words) if part))


def _from_evidence(page: Page, evidence: Timing | None) -> list[tuple[str, datetime, int | None]]:
    """Without slots of the team: the usual morning, and an hour of which something good is claimed."""
    usual = next_slot(page.now)
    found: list[tuple[str, datetime, int | None]] = [("", usual, None)]
    better = [one for one in (evidence.hours if evidence else ()) if one.is_claimed and (one.ratio or 0) > 1]
    for one in better[:1]:
        hour = int(one.key)
        day = as_local(page.now).date() + timedelta(days=1)
        if hour != usual.hour:
            found.append(("", datetime.combine(day, time(hour)), None))
    return found


def _take(local: datetime, fold: int | None) -> None:
    st.session_state.update({"w_when": WHEN_SET, "w_day": local.date(), "w_time": local.time()})
    if fold is not None:
        st.session_state["w_fold"] = fold

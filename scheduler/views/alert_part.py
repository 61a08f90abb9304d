"""The fields of an alert on 'Write a post': what it is called, whom it is for, how many that is and what it costs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import streamlit as st

from scheduler.audience_words import groups_there, say_money, say_size, topic_for
from scheduler.checks.alerts import LONGEST_SUBJECT
from scheduler.inputs import PostInput
from scheduler.post_audience import AlertInput
from scheduler.thread_words import joined
from scheduler.views.composing import open_channel
from social.accounts import Account
from social.alerts.audience import Audience, AudienceSize, Reach, size
from social.alerts.text_parts import price_of_texts
from social.alerts.topics import TOPICS
from social.budgets import Bought, Price, would_stop
from social.places import place_choices, places_named
from social.staff import Action
from social.views.parts import Page

KEEP: Final = "session"
COUNTED_FOR = timedelta(seconds=30)
LINK_STANDS_FOR = "(the resident's own link)"
_NO_MOMENT = datetime.fromtimestamp(0, UTC)
LANGUAGE_WORDS = {"en": "English", "cy": "Welsh"}


def alert_fields(page: Page, kind: str | None) -> AlertInput:
    """Subject, topic, urgency and audience, as they stand."""
    st.header("The alert", anchor=False)
    subject = st.text_input("Subject", key="w_alert_subject", max_chars=LONGEST_SUBJECT, persist_state=KEEP,
                            help="What residents see before they open it. They decide by it whether they do.")  # fmt: skip
    _propose_topic(kind)
    topic = st.selectbox("Topic", list(TOPICS), index=None, key="w_alert_topic", format_func=lambda one: TOPICS[one],
                         placeholder="Choose what it is about", persist_state=KEEP)  # fmt: skip
    with page.read() as session:
        places = {n: name for n, name in place_choices(session).items() if page.may(Action.PLAN, n)}
        groups = groups_there(session)
    _forget_unknown("w_alert_areas", places)
    areas = st.multiselect("Areas that are told", list(places), key="w_alert_areas", format_func=lambda one: places[one],
                           placeholder="The area that the post is about", persist_state=KEEP)  # fmt: skip
    with st.expander("Leave some out, or choose only some"):
        _forget_unknown("w_alert_areas_out", places)
        out = st.multiselect("Not in these areas", list(places), key="w_alert_areas_out", persist_state=KEEP,
                             format_func=lambda one: places[one], placeholder="None is left out")  # fmt: skip
        only = st.multiselect("Only members of these groups", list(groups), key="w_alert_groups", persist_state=KEEP,
                              format_func=lambda one: groups[one], placeholder="Everybody")  # fmt: skip
        never = st.multiselect("Nobody of these groups", list(groups), key="w_alert_groups_out", persist_state=KEEP,
                               format_func=lambda one: groups[one], placeholder="None is left out")  # fmt: skip
        languages = st.multiselect("Only residents who read", list(LANGUAGE_WORDS), key="w_alert_languages",
                                   format_func=lambda one: LANGUAGE_WORDS[one], placeholder="Every language",
                                   persist_state=KEEP)  # fmt: skip
    urgent = st.checkbox(
        "Urgent: at once, by text, also at night", key="w_alert_urgent", persist_state=KEEP,
        help="To everybody it is for, whatever they chose. Only for what cannot wait until the morning: a supervisor at "
             "least has to approve it.",
    )  # fmt: skip
    audience = Audience(topic or "", tuple(areas), tuple(out), tuple(only), tuple(never), tuple(languages))
    return AlertInput(subject, audience, urgent)


def _propose_topic(kind: str | None) -> None:
    """The usual topic of the kind, each time the kind changes while nobody has chosen one."""
    if kind and st.session_state.get("w_alert_topic") is None and (proposed := topic_for(kind)):
        if st.session_state.get("w_alert_proposed") != kind:
            st.session_state["w_alert_topic"] = proposed
        st.session_state["w_alert_proposed"] = kind


def _forget_unknown(key: str, known: dict[int, str]) -> None:
    chosen = st.session_state.get(key)
    if chosen and not set(chosen) <= known.keys():
        st.session_state[key] = [one for one in chosen if one in known]


def alert_values(alert: AlertInput | None) -> dict[str, object]:
    """The values that the widgets start from when a post is opened again; {} for a post that is no alert."""
    if alert is None:
        return {}
    audience = alert.audience
    return {
        "w_alert_subject": alert.subject, "w_alert_topic": audience.topic, "w_alert_areas": list(audience.place_ids),
        "w_alert_areas_out": list(audience.places_out), "w_alert_groups": list(audience.groups_in),
        "w_alert_groups_out": list(audience.groups_out), "w_alert_languages": list(audience.languages),
        "w_alert_urgent": alert.urgent,
    }  # fmt: skip


def tell_audience(page: Page, alert: AlertInput, account: Account, place_name: str | None) -> AudienceSize | None:
    """How many would be told now; None where nobody can say yet.  place_name: the area that the post is about."""
    with page.read() as session:
        place = next(iter(places_named(session, place_name or "")), None)
    audience = alert.audience
    if not audience.place_ids and place is not None and place.id is not None:
        audience = replace(audience, place_ids=(place.id,))
    if audience.topic not in TOPICS or not audience.place_ids:
        st.text("Choose a topic and an area to see how many residents would be told.")
        return None
    channel = open_channel(page.context, account)
    texts = channel is not None and channel.can.texts
    counted = count_audience(page, audience, Reach(alert.urgent, texts))
    (st.text if counted.members else st.warning)(say_size(counted, urgent=alert.urgent))
    if alert.urgent and not texts:
        st.text("This account sends no texts, so it goes by e-mail alone.")
    return counted


def tell_texts(page: Page, given: PostInput, account: Account, told: AudienceSize | None) -> None:
    """What the texts of an urgent alert would cost, and whether the month's budget has room for that."""
    alert, text = given.alert, joined(given.variants.get("alert") or given.text)
    if alert is not None and alert.urgent and told is not None and told.by_text and text.strip():
        price = price_of_texts(text, given.link, told.by_text, page.context.settings, subject=alert.subject,
                               reference=given.appeal_ref)  # fmt: skip
        tell_cost(page, account, price, told.by_text)


def tell_cost(page: Page, account: Account, money: int, texts: int) -> None:
    """money: thousandths of a penny."""
    st.text(f"{texts:,} {'text costs' if texts == 1 else 'texts cost'} {say_money(money)} at the most.")
    with page.read() as session:
        stop = would_stop(session, account.id or 0, Price(Bought.POST, money), page.now)
    if stop is not None:
        st.warning(f"{stop.reason} It would wait until then.")


def count_audience(page: Page, audience: Audience, reach: Reach) -> AudienceSize:
    """Counted anew when something changed, else every half minute: other fields are not to wait for it."""
    kept: tuple[object, datetime, AudienceSize] | None = st.session_state.get("_alert_counted")
    asked = (audience, reach)
    if kept is not None and kept[0] == asked and kept[1] <= page.now < kept[1] + COUNTED_FOR:
        return kept[2]
    with page.read() as session:
        found = size(session, audience, reach, per_week=page.context.settings.alerts_per_week, now=page.now)
    st.session_state["_alert_counted"] = (asked, page.now, found)
    return found


def alert_accounts(chosen: Sequence[Account]) -> list[Account]:
    """Those of the accounts that send alerts."""
    return [account for account in chosen if account.channel == "alert"]

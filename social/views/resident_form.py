"""The fields of what a resident asks for: for the officer's sign-up and for changing a member's choices alike."""

from collections.abc import Mapping
from datetime import time

import streamlit as st

from social.alerts.topics import GROUPS, TOPICS
from social.alerts.wishes import DISTANCES, FREQUENCIES, LANGUAGES, Preferences

_NIGHT = (22 * 60, 7 * 60)


def preference_fields(places: Mapping[int, str], key: str, now: Preferences | None = None) -> Preferences:
    """The fields, and what stands in them.  places: names by id.  key: makes the fields' own.  now: what they chose."""
    known = [one for one in (now.areas if now else ()) if one in places]
    topics = st.multiselect("Topics", list(TOPICS), default=list(now.topics) if now else [], format_func=TOPICS.__getitem__,
                            key=f"r_topics_{key}")  # fmt: skip
    chosen = st.multiselect("Areas", list(places), default=known, format_func=places.__getitem__, key=f"r_areas_{key}")
    most = max(now.areas.values(), default=0) if now else 0
    distances = sorted({*DISTANCES, most})
    around = st.selectbox("How far around them", distances, index=distances.index(most),
                          format_func=_distance, key=f"r_around_{key}")  # fmt: skip
    often = st.selectbox("How often", list(FREQUENCIES), format_func=FREQUENCIES.__getitem__, key=f"r_often_{key}",
                         index=list(FREQUENCIES).index(now.frequency) if now else 0)  # fmt: skip
    by_email = st.checkbox("By e-mail", value=now.by_email if now else True, key=f"r_email_{key}")
    by_text = st.checkbox("By text, for urgent alerts only", value=now.by_text if now else False, key=f"r_text_{key}")
    with st.expander("More choices: groups, language, quiet hours"):
        groups = {
            **GROUPS,
            **{one: one.replace("_", " ").capitalize() for one in (now.groups if now else ()) if one not in GROUPS},
        }
        belongs = st.multiselect("Groups they belong to", list(groups), default=list(now.groups) if now else [],
                                 format_func=groups.__getitem__, key=f"r_groups_{key}")  # fmt: skip
        lang = st.selectbox("Language", list(LANGUAGES), format_func=LANGUAGES.__getitem__, key=f"r_lang_{key}",
                            index=list(LANGUAGES).index(now.lang) if now else 0)  # fmt: skip
        quiet = _quiet_fields(key, now.quiet if now else None)
    kept = dict(now.areas) if now is not None and around == most else {}
    areas = {one: kept.get(one, float(around)) for one in chosen}
    return Preferences(tuple(topics), areas, tuple(belongs), often, by_email, by_text, lang, quiet)


def _quiet_fields(key: str, now: tuple[int, int] | None) -> tuple[int, int] | None:
    wanted = st.checkbox("Quiet hours, in which only urgent alerts come", value=now is not None, key=f"r_quiet_{key}")
    start, end = now or _NIGHT
    begins = st.time_input("Quiet from", time(*divmod(start, 60)), key=f"r_from_{key}")
    ends = st.time_input("Quiet until", time(*divmod(end, 60)), key=f"r_until_{key}")
    if not wanted or begins is None or ends is None:
        return None
    return begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute


def _distance(km: float) -> str:
    return f"Within {km:g} km" if km else "Only the areas themselves"

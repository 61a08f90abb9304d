"""An alert's audience, its size and what its texts cost, in words; and what an alert starts from where nobody said."""

import re
from collections.abc import Sequence

from sqlmodel import Session, col, select

from scheduler.content_types import kind_of
from scheduler.post_audience import AlertInput
from social.alerts.audience import Audience, AudienceSize, beneath
from social.alerts.residents import ResidentGroup
from social.alerts.topics import GROUPS, TOPICS
from social.clock import as_local
from social.places import Place

TOPIC_OF: dict[str, str] = {
    "appeal_missing": "missing", "appeal_cctv": "appeals", "appeal_witness": "appeals", "appeal_image": "appeals",
    "appeal_wanted": "appeals", "appeal_closed": "appeals", "crime_update": "burglary", "crime_prevention": "prevention",
    "road_info": "roads", "event": "meetings", "survey": "meetings", "rural": "rural", "you_said_we_did": "good_news",
    "court_result": "good_news", "recognition": "good_news", "team_intro": "meetings",
}  # fmt: skip
"""Content type -> the topic that most of its alerts have; others start without one."""
MOST_IN_SUBJECT = 80
_SENTENCE = re.compile(r"[.!?]\s|\n")


def topic_for(content_type: str) -> str:
    """The topic that is proposed for this kind of post; '' for none."""
    return TOPIC_OF.get(kind_of(content_type).rules_of, "")


def subject_from(text: str) -> str:
    """The beginning of the words as a subject: the first sentence, or as many whole words as fit."""
    first = _SENTENCE.split(text.strip(), maxsplit=1)[0].rstrip(".").strip()
    if len(first) <= MOST_IN_SUBJECT:
        return first
    return first[:MOST_IN_SUBJECT].rpartition(" ")[0] + " ..."


def usual_alert(content_type: str, text: str) -> AlertInput:
    """What an alert is where only its post was given, as in a file: not urgent, for the area of the post."""
    return AlertInput(subject_from(text), Audience(topic_for(content_type) or "prevention"))


def say_size(size: AudienceSize, *, urgent: bool) -> str:
    """'1,240 residents: 900 at once, 240 daily, 100 weekly; 31 skipped, last told on 3 June.'"""
    if not size.members and not size.skipped:
        return "Nobody would get this alert: no confirmed resident chose this topic and area, in these groups."
    parts = [
        f"{n:,} {how}" for n, how in ((size.at_once, "at once"), (size.daily, "daily"), (size.weekly, "weekly")) if n
    ]
    said = f"{size.members:,} {'resident' if size.members == 1 else 'residents'}"
    if parts:
        said += f": {', '.join(parts)}"
    if urgent and size.by_text:
        said += f"; {size.by_mail:,} by e-mail, {size.by_text:,} by text"
    if size.skipped:
        said += f"; {say_skipped(size.skipped, size)}"
    return f"{said}."


def say_skipped(skipped: int, told: AudienceSize) -> str:
    """'31 skipped, last told on 3 June': they have had as many alerts this week as may be."""
    day = as_local(told.skipped_told_at) if told.skipped_told_at is not None else None
    return f"{skipped:,} skipped" + (f", last told on {day.day} {day:%B}" if day is not None else "")


def say_money(thousandths: int) -> str:
    """'£12.41'.  thousandths: of a penny, rounded up to a whole penny."""
    pence = -(-thousandths // 1000)
    return f"£{pence // 100:,}.{pence % 100:02d}"


def say_audience(session: Session, audience: Audience) -> list[str]:
    """The audience, one line a part, with the areas' names."""
    ids = (*audience.place_ids, *audience.places_out)
    named = {one.id: one.name for one in session.exec(select(Place).where(col(Place.id).in_(ids)))}
    lines = [
        ("Topic", [TOPICS.get(audience.topic, audience.topic)]),
        ("Areas", [named.get(one, "an area that is gone") for one in audience.place_ids]),
        ("Without the areas", [named.get(one, "an area that is gone") for one in audience.places_out]),
        ("Only", [GROUPS.get(one, one) for one in audience.groups_in]),
        ("Without", [GROUPS.get(one, one) for one in audience.groups_out]),
        ("Languages", [{"en": "English", "cy": "Welsh"}.get(one, one) for one in audience.languages]),
    ]
    return [f"{name}: {', '.join(sorted(parts))}" for name, parts in lines if parts]


def groups_there(session: Session) -> dict[str, str]:
    """Groups to choose from, by key: those of every force, then the force's own."""
    own = session.exec(select(ResidentGroup.group).distinct())
    return GROUPS | {one: one for one in sorted(own) if one not in GROUPS}


def areas_within(session: Session, areas: Sequence[int]) -> set[int]:
    """These areas and all beneath them."""
    return beneath({place.id: place for place in session.exec(select(Place)) if place.id is not None}, tuple(areas))

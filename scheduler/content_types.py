"""What kinds of post there are, and what each kind asks for: who approves it (R41), when it is too late (R42),
whether its results may be ranked (R11). One table; everything that depends on a kind reads it here."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

Approval = Literal["none", "supervisor", "corporate"]
WhenLate = Literal["go", "ask", "lapse"]

LATE_AFTER = timedelta(minutes=30)
"""R42: a post missed by more than 30 minutes goes to review, not out."""


@dataclass(frozen=True)
class ContentType:
    """One kind of post.

    approval: the least that is asked for (R41); `approval_for` may raise it.  late_after: lateness that still goes
    out.  when_late: what becomes of a later one: go (out all the same), ask (a person gives a new time) or lapse (its
    moment has passed).  ranked: results may be compared and recommended (R11).  light: lighthearted (R38).
    appeal: asks the public for information or help (R15)."""

    key: str
    label: str
    approval: Approval = "none"
    late_after: timedelta = LATE_AFTER
    when_late: WhenLate = "ask"
    ranked: bool = True
    light: bool = False
    appeal: bool = False


_ALL = (
    ContentType("appeal_cctv", "CCTV appeal", "supervisor", appeal=True),
    ContentType("appeal_witness", "Witness appeal", "supervisor", appeal=True),
    ContentType("appeal_image", "Appeal with a person's picture", "corporate", appeal=True),
    ContentType("appeal_missing", "Missing person appeal", "corporate", ranked=False, appeal=True),
    ContentType("appeal_wanted", "Wanted person appeal", "corporate", appeal=True),
    ContentType("appeal_closed", "Appeal closed", "corporate", ranked=False),
    ContentType("arrest_update", "Arrest update", "corporate"),
    ContentType("court_result", "Court result", "corporate"),
    ContentType("crime_update", "Crime update", "supervisor"),
    ContentType("crime_prevention", "Crime prevention"),
    ContentType("hidden_harms", "Hidden harms", "corporate"),
    ContentType("patrol_update", "Patrol update", when_late="lapse"),
    ContentType("road_info", "Road information", when_late="lapse"),
    ContentType("event", "Event", when_late="lapse"),
    ContentType("survey", "Survey", "supervisor"),
    ContentType("you_said_we_did", "You said, we did", "supervisor"),
    ContentType("lighthearted", "Lighthearted", light=True),
    ContentType("trend_day", "Trend day", "supervisor", when_late="lapse", light=True),
    ContentType("campaign", "Campaign", "corporate"),
    ContentType("business", "For businesses", "supervisor"),
    ContentType("rural", "Rural", "supervisor"),
    ContentType("youth", "Young people", "supervisor"),
    ContentType("team_intro", "Meet the team"),
    ContentType("recognition", "Recognition"),
    ContentType("recruitment", "Recruitment", "corporate"),
    ContentType("correction", "Correction", "corporate", when_late="go", ranked=False),
)
CONTENT_TYPES: Mapping[str, ContentType] = MappingProxyType({kind.key: kind for kind in _ALL})

CASE_STAGES = ("none", "suspect", "arrested", "charged", "convicted", "sentenced")
LANGUAGES = ("en", "cy", "cy+en")

_LEVELS: tuple[Approval, ...] = ("none", "supervisor", "corporate")
_SERIOUS_VIOLENCE = re.compile(
    r"\b(assault\w*|attack(?:ed|er)?|stabb\w+|knife|knives|shoot\w*|shot|gun\w*|firearm\w*|murder\w*|manslaughter|"
    r"killed|rape[ds]?|sexual\w*|robb(?:ed|ery|eries)|acid|kidnap\w*|arson)\b",
    re.IGNORECASE,
)
_ALERT_CHANNELS = frozenset({"alert", "smart_alert"})


def label_of(key: str) -> str:
    """What people call the kind; the key itself when it is not one of ours (a post of before Beatline)."""
    return CONTENT_TYPES[key].label if key in CONTENT_TYPES else key


def approval_for(
    key: str, *, text: str, has_picture: bool, channels: Collection[str], raised: bool = False
) -> Approval:
    """Who must approve this very post (R41)?  At least what its kind asks for, and more where its content does:

    an appeal with a picture (it may show a person) or about serious violence goes to corporate communications;
    crime prevention sent as an alert goes to a supervisor.  raised: a check asks for corporate communications
    (a nationality, a party, a private number ...).  Raises KeyError for an unknown kind."""
    kind = CONTENT_TYPES[key]
    least: Approval = kind.approval
    if kind.appeal and (has_picture or _SERIOUS_VIOLENCE.search(text)):
        least = _higher(least, "corporate")
    if raised:
        least = _higher(least, "corporate")
    if key == "crime_prevention" and _ALERT_CHANNELS & set(channels):
        least = _higher(least, "supervisor")
    return least


def _higher(one: Approval, other: Approval) -> Approval:
    return max(one, other, key=_LEVELS.index)

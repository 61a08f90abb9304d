"""What kinds of post there are, and what each kind asks for: who approves it (R41), when it is too late (R42), which
checks apply, which holds let it through (R35, R37, R38), and whether its results may be ranked (R11).

One table; everything that depends on a kind reads it here. A force changes it in its configuration
(`configured_kinds.py`), and may only tighten it."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

from scheduler.hold_kinds import HoldKind

Approval = Literal["none", "supervisor", "corporate"]
WhenLate = Literal["go", "ask", "lapse"]

LATE_AFTER = timedelta(minutes=30)
"""R42: a post missed by more than 30 minutes goes to review, not out."""

CHECKS: tuple[str, ...] = (
    "accessibility",
    "length",
    "alerts",
    "proceedings",
    "suspects",
    "descriptions",
    "complainants",
    "children",
    "missing",
    "wanted",
    "reporting_line",
    "welsh",
    "hashtags",
    "personal_data",
    "links",
    "pictures",
    "politics",
    "tone",
    "wording",
    "style",
    "house",
    "repeats",
)
"""Every family of checks by name, in the order in which they run; `scheduler.checks` has the functions."""

_NORMAL = frozenset({HoldKind.PRE_ELECTION, HoldKind.SERIOUS_INCIDENT})
_CANNOT_WAIT = _NORMAL | {HoldKind.CRITICAL_INCIDENT, HoldKind.MOURNING}
_DAILY = frozenset({HoldKind.PRE_ELECTION})
_BIG = frozenset({HoldKind.SERIOUS_INCIDENT})


@dataclass(frozen=True)
class ContentType:
    """One kind of post.

    approval: the least that is asked for (R41); `approval_for` may raise it.  late_after: lateness that still goes
    out.  when_late: what becomes of a later one: go (out all the same), ask (a person gives a new time) or lapse (its
    moment has passed).  ranked: results may be compared and recommended (R11).  light: lighthearted (R38).
    appeal: asks the public for information or help (R15).  passes: the kinds of hold that do not stop it.
    leaves_out: families of CHECKS that do not apply.  blocks, asks: codes of findings that a force lets stop this
    kind, or sends to corporate communications.  base: the built-in kind that its rules come from, '' for itself."""

    key: str
    label: str
    approval: Approval = "none"
    late_after: timedelta = LATE_AFTER
    when_late: WhenLate = "ask"
    ranked: bool = True
    light: bool = False
    appeal: bool = False
    passes: frozenset[HoldKind] = _NORMAL
    leaves_out: frozenset[str] = frozenset()
    blocks: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    base: str = ""

    @property
    def rules_of(self) -> str:
        """Key of the built-in kind whose rules it follows."""
        return self.base or self.key

    @property
    def checks(self) -> tuple[str, ...]:
        """Families of checks that apply, in their order."""
        return tuple(name for name in CHECKS if name not in self.leaves_out)


_NO_OFFENCE = frozenset({"complainants"})
_GENERAL = frozenset({"complainants", "wording"})
_STORY = frozenset({"wording"})
"""What a talk about harm is not asked; somebody's own story may still tell who they are (R05)."""
_JOKE = frozenset({"complainants", "wording", "descriptions"})
_PERSON = frozenset({"descriptions"})

_ALL = (
    ContentType("appeal_cctv", "CCTV appeal", "supervisor", appeal=True),
    ContentType("appeal_witness", "Witness appeal", "supervisor", appeal=True),
    ContentType("appeal_image", "Appeal with a person's picture", "corporate", appeal=True),
    ContentType("appeal_missing", "Missing person appeal", "corporate", ranked=False, appeal=True,
                passes=_CANNOT_WAIT, leaves_out=_PERSON),
    ContentType("appeal_wanted", "Wanted person appeal", "corporate", appeal=True, passes=_CANNOT_WAIT),
    ContentType("appeal_closed", "Appeal closed", "corporate", ranked=False, passes=_CANNOT_WAIT, leaves_out=_PERSON),
    ContentType("arrest_update", "Arrest update", "corporate"),
    ContentType("court_result", "Court result", "corporate"),
    ContentType("crime_update", "Crime update", "supervisor"),
    ContentType("crime_prevention", "Crime prevention"),
    ContentType("hidden_harms", "Hidden harms", "corporate", leaves_out=_STORY),
    ContentType("patrol_update", "Patrol update", when_late="lapse"),
    ContentType("road_info", "Road information", when_late="lapse", passes=_CANNOT_WAIT),
    ContentType("event", "Event", when_late="lapse", leaves_out=_NO_OFFENCE),
    ContentType("survey", "Survey", "supervisor", leaves_out=_NO_OFFENCE),
    ContentType("you_said_we_did", "You said, we did", "supervisor"),
    ContentType("lighthearted", "Lighthearted", light=True, passes=_DAILY, leaves_out=_JOKE),
    ContentType("trend_day", "Trend day", "supervisor", when_late="lapse", light=True, passes=_DAILY,
                leaves_out=_JOKE),
    ContentType("campaign", "Campaign", "corporate", passes=_BIG, leaves_out=_GENERAL),
    ContentType("business", "For businesses", "supervisor"),
    ContentType("rural", "Rural", "supervisor"),
    ContentType("youth", "Young people", "supervisor"),
    ContentType("team_intro", "Meet the team", leaves_out=_NO_OFFENCE),
    ContentType("recognition", "Recognition"),
    ContentType("recruitment", "Recruitment", "corporate", leaves_out=_NO_OFFENCE),
    ContentType("correction", "Correction", "corporate", when_late="go", ranked=False, passes=_CANNOT_WAIT),
)  # fmt: skip
BUILT_IN: Mapping[str, ContentType] = MappingProxyType({kind.key: kind for kind in _ALL})
"""The kinds as Beatline brings them: the least strict that a force may be."""
_in_force: dict[str, ContentType] = dict(BUILT_IN)
CONTENT_TYPES: Mapping[str, ContentType] = MappingProxyType(_in_force)
"""The kinds in force in this process: the built-in ones as the force's configuration changes and adds to them."""


def use_kinds(kinds: Iterable[ContentType]) -> None:
    """Put these kinds in force.  Called once, where a process starts: one process serves one force."""
    chosen = {kind.key: kind for kind in kinds}
    _in_force.clear()
    _in_force.update(chosen)


def kind_of(key: str) -> ContentType:
    """The kind with that key.  While none is chosen, or when the configuration no longer names it: the strictest."""
    return CONTENT_TYPES.get(key) or ContentType(key, key, "corporate", passes=frozenset(), ranked=False)


CASE_STAGES = ("none", "suspect", "arrested", "charged", "convicted", "sentenced")
LANGUAGES = ("en", "cy", "cy+en")

APPROVALS: tuple[Approval, ...] = ("none", "supervisor", "corporate")
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
    key: str, *, text: str, has_picture: bool, channels: Collection[str], raised: bool = False, urgent: bool = False
) -> Approval:
    """Who must approve this very post (R41)?  At least what its kind asks for, and more where its content does:

    an appeal with a picture (it may show a person) or about serious violence goes to corporate communications;
    crime prevention sent as an alert goes to a supervisor.  raised: a check asks for corporate communications
    (a nationality, a party, a private number ...).  urgent: an alert that may ring at night, which a supervisor at
    least has to answer for (R30)."""
    kind = kind_of(key)
    least: Approval = kind.approval
    if kind.appeal and (has_picture or _SERIOUS_VIOLENCE.search(text)):
        least = _higher(least, "corporate")
    if raised:
        least = _higher(least, "corporate")
    if kind.rules_of == "crime_prevention" and _ALERT_CHANNELS & set(channels):
        least = _higher(least, "supervisor")
    if urgent:
        least = _higher(least, "supervisor")
    return least


def _higher(one: Approval, other: Approval) -> Approval:
    return max(one, other, key=APPROVALS.index)

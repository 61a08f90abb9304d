"""Why publishing may be stopped: the kinds of hold (R31, R35, R37, R38). What each content type does under each of
them is the content type's own answer (`ContentType.passes`)."""

from dataclasses import dataclass
from enum import StrEnum


class HoldKind(StrEnum):
    CRITICAL_INCIDENT = "critical_incident"
    MOURNING = "mourning"
    PRE_ELECTION = "pre_election"
    SERIOUS_INCIDENT = "serious_incident"
    STOP_ALL = "stop_all"


@dataclass(frozen=True)
class KindFacts:
    """What people read about a kind.

    label: its name.  stops, passes: what it stops and what it lets through, in plain words.  rule: the rule behind it.
    suggested: a reason to start from when the hold is placed."""

    label: str
    stops: str
    passes: str
    rule: str
    suggested: str


KINDS: dict[HoldKind, KindFacts] = {
    HoldKind.CRITICAL_INCIDENT: KindFacts(
        "Critical incident",
        "everything that is not about people's safety or an appeal that cannot wait",
        "missing and wanted person appeals, closing an appeal, corrections and road information",
        "R37",
        "A critical incident is under way.",
    ),
    HoldKind.MOURNING: KindFacts(
        "Mourning",
        "everything but what is critical, required by law or necessary",
        "missing and wanted person appeals, closing an appeal, corrections and road information",
        "R37",
        "National or local mourning.",
    ),
    HoldKind.PRE_ELECTION: KindFacts(
        "Pre-election period",
        "campaigns begun in the period, and posts that name a party, a candidate, an elected member or a poll and that "
        "corporate communications has not approved",
        "everything else: appeals, safety and the daily work go on",
        "R35",
        "The period before a poll has begun.",
    ),
    HoldKind.SERIOUS_INCIDENT: KindFacts(
        "Serious incident nearby",
        "light posts for that neighbourhood",
        "everything that is not light",
        "R38",
        "A serious incident happened here.",
    ),
    HoldKind.STOP_ALL: KindFacts(
        "Stop everything",
        "everything",
        "nothing",
        "R31",
        "All publishing is stopped.",
    ),
}


def kind_named(name: str) -> HoldKind | None:
    """The kind with that key, however it is typed: `stop_all`, `stop-all`; None when there is none."""
    key = name.strip().lower().replace("-", "_").replace(" ", "_")
    return HoldKind(key) if key in set(HoldKind) else None

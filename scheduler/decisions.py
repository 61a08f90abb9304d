"""What is to become of an entry at this moment, as a value: worked out from data, without doing anything."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduler.checks import Finding
from scheduler.content_types import APPROVALS, Approval, ContentType


@dataclass(frozen=True)
class Publish:
    pass


@dataclass(frozen=True)
class Wait:
    """until: aware UTC, or None when nobody can say."""

    until: datetime | None
    reason: str


@dataclass(frozen=True)
class Hold:
    """A person must look.  hold_id: of the hold that stopped it, None when it was something else."""

    reason: str
    hold_id: int | None = None


@dataclass(frozen=True)
class Lapse:
    """Its moment has passed (R42)."""

    reason: str


@dataclass(frozen=True)
class Refuse:
    """It may not go out as it stands.  rule: the rule's id, or '' where it is the network's own limit."""

    reason: str
    rule: str


Decision = Publish | Wait | Hold | Lapse | Refuse


@dataclass(frozen=True)
class Situation:
    """All that the decision rests on.

    due_at, not_before, account_not_before: aware UTC or None.  version, approved_version, approved_by, author: of the
    post.  editors: everybody else who wrote a version.  approval: the level that this post asks for; approved_level:
    that of whoever approved it.  paused: why the account is paused, None when it is not.
    findings: what the checks say now.  waits_for: why its files are not ready, None when they are.
    has_video, takes_video: the post's film and the channel's flag.  pictures, takes_images: likewise.
    stopped: by a hold that is in force, or was when it was due (R31, R35, R37, R38)."""

    kind: ContentType
    due_at: datetime | None
    approval: Approval
    version: int
    approved_version: int | None
    author: int
    approved_by: int | None
    approved_level: Approval = "corporate"
    editors: frozenset[int] = frozenset()
    not_before: datetime | None = None
    account_not_before: datetime | None = None
    paused: str | None = None
    findings: Sequence[Finding] = field(default=())
    waits_for: str | None = None
    has_picture: bool = False
    takes_images: bool = True
    has_video: bool = False
    takes_video: bool = True
    stopped: Hold | None = None


def decide(situation: Situation, *, now: datetime) -> Decision:
    """What should happen to this entry now?  The first that applies: approval, hold, time, pause, lateness, checks,
    files."""
    unapproved = _approval_missing(situation)
    if unapproved:
        return Hold(unapproved)
    if situation.stopped is not None:
        return situation.stopped
    if situation.due_at is None:
        return Wait(None, "It has no time yet. Give it one.")
    earliest = max(filter(None, (situation.due_at, situation.not_before, situation.account_not_before)))
    if situation.paused is not None:
        return Wait(None, f"The account is paused: {situation.paused}")
    if earliest > now:
        asked = earliest > situation.due_at
        return Wait(earliest, "The network asked to wait." if asked else "Its time has not come.")
    return _too_late(situation, now) or _faulty(situation) or Publish()


def _approval_missing(situation: Situation) -> str | None:
    if situation.approved_version != situation.version:
        return "It was changed after it was approved. Send it for approval again."
    if situation.approval != "none" and situation.approved_by is None:
        return f"It needs the approval of {APPROVERS[situation.approval]} (R41). Send it for approval."
    if situation.approved_by is not None and situation.approved_by in {situation.author, *situation.editors}:
        return "Somebody who wrote it approved it. Someone else has to (R17)."
    if APPROVALS.index(situation.approval) > APPROVALS.index(situation.approved_level):
        return f"It now needs the approval of {APPROVERS[situation.approval]} (R41). Send it for approval again."
    return None


def _too_late(situation: Situation, now: datetime) -> Decision | None:
    assert situation.due_at is not None
    late = now - situation.due_at
    kind = situation.kind
    if late <= kind.late_after or kind.when_late == "go":
        return None
    missed = f"It missed its time by {in_words(late)}, more than the {in_words(kind.late_after)} allowed (R42)."
    if kind.when_late == "lapse":
        return Lapse(
            f"{missed} A post of the kind '{kind.label}' is then out of date. Give it a new time or discard it."
        )
    return Hold(f"{missed} Give it a new time if it should still go out.")


def _faulty(situation: Situation) -> Decision | None:
    for finding in situation.findings:
        if finding.level == "block":
            rule = f" ({finding.rule})" if finding.rule else ""
            return Refuse(f"{finding.message}{rule}", finding.rule)
    if situation.has_video and not situation.takes_video:
        return Refuse("Videos cannot be sent to this account yet. Put the video there by hand, or use a picture.", "")
    if situation.has_picture and not situation.takes_images:
        return Refuse("This account takes no pictures. Take the picture away.", "")
    return Hold(situation.waits_for) if situation.waits_for else None


APPROVERS: dict[Approval, str] = {
    "none": "nobody",
    "supervisor": "a supervisor",
    "corporate": "corporate communications",
}


def in_words(span: timedelta) -> str:
    """A span for people, in its largest unit: '45 minutes', '3 hours', '2 days'."""
    minutes = int(span.total_seconds() // 60)
    for size, unit in ((1440, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return f"{minutes // size} {unit}s"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


FIRST_WAIT = timedelta(seconds=20)
LONGEST_WAIT = timedelta(minutes=15)


def next_try(now: datetime, failures: int, entry_id: int, asked: datetime | None) -> datetime:
    """When to try again after nothing was sent: twice as long each time, spread out, and never before the network asked.

    failures: how many tries have failed so far, this one included, >= 1.  The spread of up to a quarter comes from
    the entry and the try, so that entries that failed together do not come back together, and tests can tell when."""
    wait = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(failures - 1, 16)))
    digest = hashlib.sha256(f"{entry_id}/{failures}".encode()).digest()
    later = now + wait * (1 + digest[0] / 255 / 4)
    return max(later, asked) if asked is not None else later

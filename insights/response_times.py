"""How soon residents' questions and complaints are answered, team by team, with and without the hours in which nobody
watches (R18).

Counted reply by reply, and only of replies that were written since their account was connected: the history that an
account brings in was never a team's to answer. docs/definitions.md says what each figure means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import Session

from insights.asked import asked_by_residents
from insights.chosen import Chosen
from insights.packed import NONE, Posts, microseconds, moment_of
from social.clocks import ANSWER_WITHIN
from social.duty import hours_of
from social.duty_hours import Spans, windows_between
from social.places import Place, PlaceKind

if TYPE_CHECKING:
    from insights.packed import Numbers

ENOUGH_ANSWERS = 5
"""Fewer answers are counted and have no median: too few to tell (M09)."""
ENOUGH_FOR_TENTH = 10
"""Answers from which on the slowest tenth can be told."""


@dataclass(frozen=True)
class ResponseRow:
    """One team's answers.  group: number of the place as text, '' for none or for all.  label: for people.

    received: questions and complaints = answered + closed + running + overdue.  answered: of these, by the account.
    in_time: of those answered, within 72 hours (R18).  closed: a person closed them without an answer.
    running: unanswered, the 72 hours not over.  overdue: unanswered, over.
    share_in_time: in_time / (answered + overdue), in [0, 1]: of those whose fate is known.
    share_unanswered: (running + overdue) / received, in [0, 1].
    minutes: median from the question to the first answer.  minutes_90: nine in ten answers came within so many.
    watched_minutes: the same median by a clock that runs only while somebody watches the account; None too where no
    account states its hours.  None: nothing to count, or too few to tell."""

    group: str
    label: str
    received: int = 0
    answered: int = 0
    in_time: int = 0
    closed: int = 0
    running: int = 0
    overdue: int = 0
    share_in_time: float | None = None
    share_unanswered: float | None = None
    minutes: float | None = None
    minutes_90: float | None = None
    watched_minutes: float | None = None

    @property
    def waiting(self) -> int:
        """Without an answer and not closed."""
        return self.running + self.overdue


@dataclass(frozen=True)
class ResponseTimes:
    """total: all teams as one row.  teams: by name, those without an area last."""

    total: ResponseRow
    teams: tuple[ResponseRow, ...]


def response_times(
    session: Session,
    now: datetime,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    channel: str | None = None,
    place_id: int | None = None,
    content_type: str | None = None,
) -> ResponseTimes:
    """How questions and complaints written in [since, until) were answered as of `now`.

    A filter of None lets everything through.  place_id: with what lies beneath it.  What its writer deleted before it
    was answered is left out: nobody can answer it."""
    asked = asked_by_residents(session, Chosen(since, until, channel, place_id, content_type))
    asked.columns["watched"] = _watched(asked, hours_of(session, set(asked.columns["account_id"].tolist())))
    rows = [
        _row("" if team is None else str(team), label, asked.where(there), now)
        for team, label, there in _by_team(session, asked)
    ]
    rows.sort(key=lambda row: (row.group == "", row.label))
    return ResponseTimes(_row("", "All teams", asked, now), tuple(rows))


def _by_team(session: Session, asked: Posts) -> Iterator[tuple[int | None, str, "Numbers"]]:
    """Each team with its name and which of `asked` are its; None where they are about no place."""
    import numpy as np

    teams = _teams(session)
    places, each = np.unique(asked.columns["place_id"], return_inverse=True)
    found = [teams.get(place, (NONE, "No area")) for place in places.tolist()]
    numbers = np.array([team for team, _ in found], dtype="<i4")[each]
    names, order = dict(found), np.argsort(numbers, kind="stable")
    for there in np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1) if len(asked) else ():
        team = int(numbers[there[0]])
        yield None if team == NONE else team, names[team], there


def _teams(session: Session) -> dict[int, tuple[int, str]]:
    """Place -> the team that looks after it: the nearest at or above it, else the place itself."""
    columns: list[Any] = [Place.id, Place.name, Place.kind, Place.parent_id]
    places = {row.id: row for row in session.connection().execute(select(*columns))}
    found: dict[int, tuple[int, str]] = {}
    for number, place in places.items():
        one: Any = place
        seen: set[int] = set()
        while one is not None and one.kind != PlaceKind.TEAM and one.id not in seen:
            seen.add(one.id)
            one = places.get(one.parent_id)
        team = one if one is not None and one.kind == PlaceKind.TEAM else place
        found[number] = (team.id, team.name)
    return found


def _row(group: str, label: str, asked: Posts, now: datetime) -> ResponseRow:
    """asked: columns of `insights.asked.SHAPE`, and 'watched' of `_watched`."""
    import numpy as np

    watched = asked.columns["watched"]
    asked_at, answered_at = asked.columns["asked_at"], asked.columns["answered_at"]
    there = answered_at != NONE
    answered, within = int(there.sum()), ANSWER_WITHIN // timedelta(microseconds=1)
    waits = (answered_at - asked_at)[there]
    on_time = int((waits <= within).sum())
    open_ = ~there & (asked.columns["closed"] == 0)
    over = int((open_ & (asked_at + within < microseconds(now))).sum())
    waiting = int(open_.sum())
    minutes = _minutes(waits)
    return ResponseRow(
        group=group,
        label=label,
        received=len(asked),
        answered=answered,
        in_time=on_time,
        closed=len(asked) - answered - waiting,
        running=waiting - over,
        overdue=over,
        share_in_time=_share(on_time, answered + over),
        share_unanswered=_share(waiting, len(asked)),
        minutes=_median(minutes),
        minutes_90=_tenth(minutes),
        watched_minutes=_median(watched[~np.isnan(watched)]),
    )


def _watched(asked: Posts, hours: Mapping[int, Spans]) -> "Numbers":
    """How much of each wait was watched, in minutes; not a number without an answer, or without hours."""
    import numpy as np

    found = np.full(len(asked), np.nan)
    accounts, answered_at = asked.columns["account_id"], asked.columns["answered_at"]
    for account_id, spans in hours.items():
        mine = (accounts == account_id) & (answered_at != NONE)
        if mine.any():
            found[mine] = _minutes(_watched_time(spans, asked.columns["asked_at"][mine], answered_at[mine]))
    return found


def _watched_time(spans: Spans, start: "Numbers", end: "Numbers") -> "Numbers":
    """As `social.duty_hours.watched_time` has it, of many at once, in microseconds."""
    import numpy as np

    end = np.maximum(start, end)
    windows = list(windows_between(spans, moment_of(start.min()), moment_of(end.max())))
    opens, closes = (np.sort([microseconds(window[at]) for window in windows]) for at in (0, 1))
    watched: Numbers = (_since(opens, end) - _since(closes, end)) - (_since(opens, start) - _since(closes, start))
    return watched


def _since(edges: "Numbers", moments: "Numbers") -> "Numbers":
    """How long ago each edge before a moment was, added up.  edges: in order."""
    import numpy as np

    if not len(edges):
        return np.zeros(len(moments), dtype="<i8")
    sums = np.concatenate(([0], np.cumsum(edges - edges[0])))
    count = np.searchsorted(edges, moments)
    added: Numbers = count * (moments - edges[0]) - sums[count]
    return added


def _minutes(waits: "Numbers") -> "Numbers":
    """Never below 0: an answer that a network dates before the question answers it at once."""
    import numpy as np

    minutes: Numbers = np.maximum(waits, 0) / 1_000_000 / 60
    return minutes


def _median(values: "Numbers") -> float | None:
    import numpy as np

    return float(np.median(values)) if len(values) >= ENOUGH_ANSWERS else None


def _tenth(values: "Numbers") -> float | None:
    """What nine in ten values do not pass."""
    import numpy as np

    at = ceil(0.9 * len(values)) - 1
    return float(np.partition(values, at)[at]) if len(values) >= ENOUGH_FOR_TENTH else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None

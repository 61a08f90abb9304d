"""How soon residents' questions and complaints are answered, team by team, with and without the hours in which nobody
watches (R18).

Counted reply by reply, and only of replies that were written since their account was connected: the history that an
account brings in was never a team's to answer. docs/definitions.md says what each figure means."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import median
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from insights.reading.base import CURRENT_VERSION
from social.accounts import Account
from social.clocks import ON_THE_CLOCK, in_time, is_overdue
from social.duty import hours_of
from social.duty_hours import Spans, watched_time
from social.interactions import Interaction, Reading
from social.labels import KIND, Label
from social.places import Place, PlaceKind, list_places, places_within
from social.publications import Publication
from social.retention_tables import ReplyClock

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


@dataclass(frozen=True)
class _Asked:
    place_id: int | None
    account_id: int
    created_at: datetime
    answered_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True)
class _Wanted:
    """Which questions and complaints count; None lets everything through."""

    since: datetime | None
    until: datetime | None
    channel: str | None
    place_id: int | None
    content_type: str | None

    def narrow(self, query: Any, asked_at: Any) -> Any:
        """query: over publications and their accounts.  asked_at: its column of when it was written."""
        if self.since is not None:
            query = query.where(asked_at >= self.since)
        if self.until is not None:
            query = query.where(asked_at < self.until)
        if self.channel is not None:
            query = query.where(col(Account.channel) == self.channel)
        if self.place_id is not None:
            query = query.where(col(Publication.place_id).in_(places_within(self.place_id)))
        if self.content_type is not None:
            query = query.where(col(Publication.content_type) == self.content_type)
        return query


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
    wanted = _Wanted(since, until, channel, place_id, content_type)
    asked = list(_asked(session, wanted))
    hours = hours_of(session, {one.account_id for one in asked})
    teams = _teams(session)
    groups: dict[int | None, list[_Asked]] = {}
    for one in asked:
        groups.setdefault(teams.get(one.place_id or 0, (None, ""))[0], []).append(one)
    names = dict(teams.values())
    rows = [
        _row(str(team) if team is not None else "", names[team] if team is not None else "No area", ones, hours, now)
        for team, ones in groups.items()
    ]
    rows.sort(key=lambda row: (row.group == "", row.label))
    return ResponseTimes(_row("", "All teams", asked, hours, now), tuple(rows))


def _asked(session: Session, wanted: _Wanted) -> Iterator[_Asked]:
    """Questions and complaints, as people said that they are, else as the version in force reads them."""
    said = aliased(Label)
    columns: list[Any] = [
        Publication.place_id, Interaction.account_id, Interaction.created_at, Interaction.answered_at,
        Interaction.done_at,
    ]  # fmt: skip
    query = (
        select(*columns)
        .select_from(Interaction)
        .join(Publication, col(Publication.id) == Interaction.publication_id)
        .join(Account, col(Account.id) == Interaction.account_id)
        .join(
            Reading,
            and_(col(Reading.interaction_id) == col(Interaction.id), col(Reading.version) == CURRENT_VERSION),
            isouter=True,
        )
        .join(
            said,
            and_(col(said.interaction_id) == col(Interaction.id), col(said.aspect) == KIND, col(said.in_force)),
            isouter=True,
        )
        .where(
            ~col(Interaction.ours),
            col(Interaction.created_at) >= col(Account.added_at),
            func.coalesce(said.right, Reading.kind).in_(sorted(ON_THE_CLOCK)),
            col(Interaction.gone_at).is_(None) | col(Interaction.answered_at).is_not(None),
        )
    )
    for row in session.connection().execute(wanted.narrow(query, col(Interaction.created_at))):
        yield _Asked(*row)
    yield from _forgotten(session, wanted)


def _forgotten(session: Session, wanted: _Wanted) -> Iterator[_Asked]:
    """The same of questions and complaints whose words are over their time (R28)."""
    asked_at = col(ReplyClock.asked_at)
    columns: list[Any] = [
        Publication.place_id,
        Publication.account_id,
        asked_at,
        ReplyClock.answered_at,
        ReplyClock.done_at,
    ]
    query = (
        select(*columns)
        .join(Publication, col(Publication.id) == ReplyClock.publication_id)
        .join(Account, col(Account.id) == Publication.account_id)
        .where(asked_at >= col(Account.added_at))
    )
    for row in session.connection().execute(wanted.narrow(query, asked_at)):
        yield _Asked(*row)


def _teams(session: Session) -> dict[int, tuple[int, str]]:
    """Place -> the team that looks after it: the nearest at or above it, else the place itself."""
    places = {place.id or 0: place for place in list_places(session)}
    found: dict[int, tuple[int, str]] = {}
    for number, place in places.items():
        one: Place | None = place
        seen: set[int] = set()
        while one is not None and one.kind != PlaceKind.TEAM and one.id not in seen:
            seen.add(one.id or 0)
            one = places.get(one.parent_id or 0)
        team = one if one is not None and one.kind == PlaceKind.TEAM else place
        found[number] = (team.id or 0, team.name)
    return found


def _row(group: str, label: str, asked: Sequence[_Asked], hours: dict[int, Spans], now: datetime) -> ResponseRow:
    answered = [(one, one.answered_at) for one in asked if one.answered_at is not None]
    on_time = sum(in_time(one.created_at, at) for one, at in answered)
    open_ = [one for one in asked if one.answered_at is None and one.done_at is None]
    over = sum(is_overdue("question", one.created_at, None, now) for one in open_)
    waits = [_minutes_between(one.created_at, at) for one, at in answered]
    watched = [
        watched_time(hours[one.account_id], one.created_at, at).total_seconds() / 60
        for one, at in answered
        if hours.get(one.account_id)
    ]
    return ResponseRow(
        group=group,
        label=label,
        received=len(asked),
        answered=len(answered),
        in_time=on_time,
        closed=len(asked) - len(answered) - len(open_),
        running=len(open_) - over,
        overdue=over,
        share_in_time=_share(on_time, len(answered) + over),
        share_unanswered=_share(len(open_), len(asked)),
        minutes=_median(waits),
        minutes_90=sorted(waits)[ceil(0.9 * len(waits)) - 1] if len(waits) >= ENOUGH_FOR_TENTH else None,
        watched_minutes=_median(watched),
    )


def _minutes_between(asked: datetime, answered: datetime) -> float:
    """Never below 0: an answer that a network dates before the question answers it at once."""
    return max(0.0, (answered - asked).total_seconds() / 60)


def _median(values: Iterable[float]) -> float | None:
    known = list(values)
    return float(median(known)) if len(known) >= ENOUGH_ANSWERS else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None

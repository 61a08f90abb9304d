"""Invites members to a survey: by mail, each once, with a link of their own (R30).

An invitation comes to confirmed members who chose the area, whatever topics they chose. It holds to their quiet hours,
and to the hour of their daily or weekly message where they asked for one. It is no alert and takes nobody's place in the
week's alerts, but whoever has been told enough this week, or was invited to any survey in the last four weeks, is left out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from social.alerts.audience import Audience, Reach, by_mail, conditions
from social.alerts.digests import next_digest
from social.alerts.fatigue import told_enough
from social.alerts.links import public_base
from social.alerts.mailings import LATER, Message, MessageKind, MessageState, Way
from social.alerts.messages import new_token, require_account
from social.alerts.quiet import awake_from
from social.alerts.residents import Frequency, Resident
from social.alerts.survey_running import takes_answers
from social.alerts.surveys import Survey, invitations, is_invitation, survey_with_id
from social.audit import record
from social.context import Context
from social.errors import InputError
from social.places import Place, areas_above
from social.settings import Settings
from social.staff import Action, Person, require
from social.upsert import put_rows

BETWEEN = timedelta(days=28)
"""Between two surveys that a resident is invited to."""
AT_ONCE = 4000
"""Residents whose messages are made together."""


@dataclass(frozen=True)
class Invitations:
    """Members of an audience: would be invited now; have been to this survey; have been told enough for now."""

    now: int
    before: int
    left_out: int


def usual_audience(session: Session, survey: Survey) -> Audience:
    """Everybody in the survey's area, whatever their topics."""
    if survey.place_id is not None:
        return Audience("", (survey.place_id,))
    tops = select(Place.id).where(col(Place.parent_id).is_(None))
    return Audience("", tuple(one for one in session.exec(tops) if one is not None))


def count_invitations(
    session: Session, settings: Settings, survey: Survey, audience: Audience, now: datetime
) -> Invitations:
    """How many would be invited now."""
    rest = _rest(survey, settings, now)
    invited = _invited(survey)
    group = case((invited, "before"), (rest, "left_out"), else_="now")
    query = rows_of(group, func.count()).where(*_audience(session, audience)).group_by(group)
    found: dict[str, int] = {kind: int(n) for kind, n in session.connection().execute(query)}
    return Invitations(found.get("now", 0), found.get("before", 0), found.get("left_out", 0))


def invite(context: Context, person: Person, survey_id: int, audience: Audience | None = None) -> int:
    """Make an invitation for each member of the audience who has none yet.  audience: everybody of the area when None.

    Returns how many were made.  Raises NotAllowed, and InputError where the survey takes no answers, the audience reaches
    beyond its area, or the service cannot send."""
    public_base(context)
    with context.database.write() as session:
        survey = survey_with_id(session, survey_id)
        require(session, person, Action.RUN_SURVEYS, survey.place_id)
        now = context.clock.now()
        if not takes_answers(survey, now):
            raise InputError("Members are invited while the survey takes answers: from its first day to its last.")
        audience = audience or usual_audience(session, survey)
        _require_within(session, survey, audience)
        made = _make(session, survey, audience, require_account(session).id or 0, context.settings, now)
        survey.invited_at = now
        session.add(survey)
        record(session, now, actor=person, action="invite to survey", subject=("survey", survey_id),
               after={"invited": made, "areas": list(audience.place_ids)}, place_id=survey.place_id)  # fmt: skip
    return made


def is_within(session: Session, survey: Survey, place_id: int) -> bool:
    """Whether an area is the survey's own, or lies within it."""
    return survey.place_id is None or survey.place_id in areas_above(session, place_id)


def _require_within(session: Session, survey: Survey, audience: Audience) -> None:
    if not audience.place_ids or not all(is_within(session, survey, one) for one in audience.place_ids):
        raise InputError("Invite members of the survey's own area, or of areas within it.")


def _make(
    session: Session, survey: Survey, audience: Audience, account_id: int, settings: Settings, now: datetime
) -> int:
    where = (*_audience(session, audience), ~_invited(survey), ~_rest(survey, settings, now))
    columns = (col(Resident.id), col(Resident.frequency), col(Resident.quiet_from), col(Resident.quiet_to))
    query: Any = rows_of(*columns).where(*where).order_by(col(Resident.id)).limit(AT_ONCE)
    hours = {one.value: next_digest(one, now) for one in (Frequency.DAILY, Frequency.WEEKLY)}
    made = last = 0
    while rows := session.connection().execute(query.where(col(Resident.id) > last)).all():
        messages = [
            {
                "account_id": account_id, "resident_id": number, "kind": MessageKind.SURVEY.value,
                "way": Way.EMAIL.value, "subject_id": survey.id, "period": invitations(survey.id or 0), "rank": LATER,
                "token": new_token(), "state": MessageState.WAITING.value, "made_at": now,
                "due_at": awake_from(hours.get(frequency, now), quiet_from, quiet_to), "fence": 0, "tries": 0,
                "deferred": 0,
            }
            for number, frequency, quiet_from, quiet_to in rows
        ]  # fmt: skip
        put_rows(session, Message, messages, _once)
        made, last = made + len(rows), rows[-1][0]
    return made


def _audience(session: Session, audience: Audience) -> tuple[ColumnElement[bool], ...]:
    """Members who can be mailed."""
    return (*conditions(session, audience, Reach()), by_mail())


def _invited(survey: Survey) -> ColumnElement[bool]:
    mine = rows_of(col(Message.resident_id)).where(
        *is_invitation(survey.id or 0), col(Message.resident_id).is_not(None)
    )
    return col(Resident.id).in_(mine)


def _rest(survey: Survey, settings: Settings, now: datetime) -> ColumnElement[bool]:
    """Whoever is left in peace: told enough this week, or asked in another survey not long ago."""
    tired = told_enough(now, settings.alerts_per_week).subquery()
    asked = rows_of(col(Message.resident_id)).where(
        col(Message.kind) == MessageKind.SURVEY.value,
        col(Message.subject_id) != survey.id,
        col(Message.made_at) > now - BETWEEN,
        col(Message.resident_id).is_not(None),
    )
    return or_(col(Resident.id).in_(rows_of(tired.c.resident_id)), col(Resident.id).in_(asked))


def _once(insert: Any) -> Any:
    return insert.on_conflict_do_nothing(index_elements=["resident_id", "kind", "period"])

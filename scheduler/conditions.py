"""What is so at a post's time and in its area, whatever it says: a period before a poll (R35), a serious incident
nearby and a solemn day (R38). Asked at planning, at approval and again at the moment of publishing."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from scheduler.awareness import solemn_on
from scheduler.campaign_names import campaign_began
from scheduler.checks import About
from scheduler.content_types import kind_of
from scheduler.hold_kinds import HoldKind
from scheduler.hold_rules import Hold, holds_in_force
from social.clock import as_local


@dataclass(frozen=True)
class When:
    """at: the moment it is to go out, UTC.  began: when the post was first planned, UTC; now for a new one.

    now: the moment of asking. After `at` it is the one at which residents will read it, and so its day counts."""

    at: datetime
    began: datetime
    place_id: int | None
    campaign: str | None
    now: datetime


def with_conditions(session: Session, about: About, when: When) -> About:
    """With what is so at that moment in that area.  A light kind is asked about more: only its posts are stopped."""
    holds = holds_in_force(session, when.at, when.place_id)
    about = _before_a_poll(session, about, when, [hold for hold in holds if hold.kind == HoldKind.PRE_ELECTION])
    if not kind_of(about.content_type).light:
        return about
    incident = next((hold for hold in holds if hold.kind == HoldKind.SERIOUS_INCIDENT), None)
    solemn = solemn_on(session, as_local(max(when.at, when.now)).date(), when.place_id)
    return replace(
        about,
        incident=_incident(incident) if incident is not None else None,
        solemn=solemn.name if solemn is not None else None,
    )


def _before_a_poll(session: Session, about: About, when: When, periods: list[Hold]) -> About:
    if not periods:
        return about
    names = dict.fromkeys(name.strip() for hold in periods for name in hold.names.splitlines() if name.strip())
    starts_at = min(hold.starts_at for hold in periods)
    return replace(
        about,
        period=f"the period before a poll, which began on {_day(starts_at)}",
        candidates=tuple(names),
        campaign_is_new=_campaign_began(session, about, when, starts_at),
    )


def _campaign_began(session: Session, about: About, when: When, starts_at: datetime) -> bool:
    """Whether the campaign of the post began in the period: with its launch, its first post, or this one."""
    if not when.campaign:
        return kind_of(about.content_type).rules_of == "campaign" and when.began >= starts_at
    return min(campaign_began(session, when.campaign) or when.began, when.began) >= starts_at


def _incident(hold: Hold) -> str:
    local = as_local(hold.starts_at)
    return f"A serious incident was marked here on {_day(hold.starts_at)} at {local:%H:%M}"


def _day(at: datetime) -> str:
    local = as_local(at)
    return f"{local.day} {local:%B %Y}"

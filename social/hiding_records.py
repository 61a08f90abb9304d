"""Replies hidden at the network and shown again: the table of orders, and the house rules that they name (R20).

Criticism is no house rule and never will be: it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import Index, text
from sqlmodel import Field, Session, SQLModel, col, select

from social.database import UTCDateTime
from social.errors import InputError


@dataclass(frozen=True)
class HouseRule:
    """label: what people choose.  means: what it covers, in plain words.  rule: the rule behind it.
    note: somebody has to say why it applies, because it is easily stretched."""

    label: str
    means: str
    rule: str
    note: bool = False


HOUSE_RULES: Mapping[str, HouseRule] = MappingProxyType(
    {
        "abuse": HouseRule("Abuse or hate", "abuse of a person or of a group, hate, obscene words", "R20"),
        "threat": HouseRule("Threat", "a threat of harm, or a call to do harm", "R20"),
        "spam": HouseRule("Spam or a dangerous link", "advertising, fraud, the same text over and over", "R20"),
        "personal_data": HouseRule("Personal data", "an address, a number or another detail of a private person", "R21"),
        "names_person": HouseRule(
            "Names or points at somebody", "a victim, a witness or a suspect who could be identified", "R21"
        ),
        "prejudicial": HouseRule(
            "Could prejudice a case", "says who is guilty, or what somebody did before, while a case is open", "R04"
        ),
        "off_topic_baiting": HouseRule(
            "Baiting that has nothing to do with the post", "meant to provoke other residents, not to say anything", "R20",
            note=True,
        ),
    }
)  # fmt: skip
"""Code -> house rule. What a resident thinks of the police is in none of them (R20)."""


class HidingState(StrEnum):
    """ASKED: nothing has left.  SENDING: a request may be under way.  UNKNOWN: it may be done, the network is asked.
    FAILED: a person has to look."""

    ASKED = "asked"
    SENDING = "sending"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


_OPEN = text("state IN ('asked', 'sending', 'unknown')")


class Hiding(SQLModel, table=True):
    """One order to hide a reply at the network, or to show it again.

    publication_id: the post that the reply stood under, which its copy is found by once the reply itself is purged;
    None for an order of before schema 5 whose reply was purged by then.  hides: True to hide, False to show.  house_rule: a key of HOUSE_RULES, None for showing.  note: the person's words.
    evidence: the reply's words as they were when it was ordered, kept beyond the reply itself under `retention` (R20,
    R28); None for showing.  written_at: when the resident wrote them.  not_before: no request before."""

    __table_args__ = (
        Index("ix_hiding_open", "account_id", "platform_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: int | None = Field(default=None, primary_key=True)
    interaction_id: int | None = Field(foreign_key="interaction.id", index=True, ondelete="SET NULL")
    publication_id: int | None = Field(default=None, index=True)
    account_id: int = Field(foreign_key="account.id")
    platform_id: str
    hides: bool
    house_rule: str | None = None
    note: str | None = None
    asked_by_id: int = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=UTCDateTime)
    place_id: int | None = None
    state: str = HidingState.ASKED.value
    not_before: datetime | None = Field(default=None, sa_type=UTCDateTime)
    worker: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    fence: int = 0
    tries: int = 0
    reason: str | None = None
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    evidence: str | None = None
    written_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    retention: str = "moderation_evidence"


def hidings_of(session: Session, interaction_id: int) -> list[Hiding]:
    """Every order about this reply, oldest first."""
    return list(session.exec(select(Hiding).where(Hiding.interaction_id == interaction_id).order_by(col(Hiding.id))))


def open_hiding(session: Session, account_id: int, platform_id: str) -> Hiding | None:
    """The order about this reply that is not settled yet."""
    query = select(Hiding).where(_OPEN, Hiding.account_id == account_id, Hiding.platform_id == platform_id)
    return session.exec(query).first()


def open_hidings(session: Session, now: datetime, limit: int) -> list[Hiding]:
    """Orders whose time has come and that no worker holds."""
    free = col(Hiding.lease_until).is_(None) | (col(Hiding.lease_until) <= now)
    due = col(Hiding.not_before).is_(None) | (col(Hiding.not_before) <= now)
    query = select(Hiding).where(_OPEN, free, due).order_by(col(Hiding.id)).limit(limit)
    return list(session.exec(query.with_for_update(skip_locked=True)))


def any_open_hiding(session: Session) -> bool:
    """Whether a worker has to do with any order at all."""
    return session.exec(select(Hiding.id).where(_OPEN).limit(1)).first() is not None


def house_rule_of(code: str) -> HouseRule:
    """Raises InputError that lists the house rules."""
    found = HOUSE_RULES.get(code)
    if found is None:
        rules = ", ".join(rule.label.lower() for rule in HOUSE_RULES.values())
        raise InputError(f"Hiding needs a house rule: {rules}. Criticism of the police is none of them: answer it.")
    return found

"""How soon a reply needs a person: kept beside it, so that the most urgent of a million are found along one index.

EMERGENCY, LEAD (it may help an enquiry), ON_CLOCK (a question or complaint) and REST, the not yet read among them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, exists, func, literal, select, update
from sqlmodel import Session, col

from social.accounts import Account
from social.clocks import ANSWER_WITHIN, ON_THE_CLOCK
from social.duty_tables import NOT_EMERGENCY, DutyCall
from social.interactions import EMERGENCY, LEAD, ON_CLOCK, REST, Interaction, Reading

URGENT_KINDS: dict[str, int] = {"emergency": EMERGENCY, "lead": LEAD}


def urgency_of(kind: str | None) -> int:
    """How soon a reply of that kind needs a person.  kind: None has not been read yet."""
    return URGENT_KINDS.get(kind or "", ON_CLOCK if kind in ON_THE_CLOCK else REST)


def due_at(urgency: int, created_at: datetime) -> datetime | None:
    """When a reply is to be answered at the latest (R18); None where no clock runs."""
    return created_at + ANSWER_WITHIN if urgency == ON_CLOCK else None


def refresh_urgency(session: Session, interaction_ids: Collection[int]) -> None:
    """Set how soon these replies need a person, in the caller's transaction: as a person said, else as last read.

    A machine never takes an emergency back that nobody has closed (R19). One that a person said is none stands with the
    rest, for as long as its words are those that were judged."""
    refresh_on(session.connection(), interaction_ids)


def refresh_on(connection: Connection, interaction_ids: Collection[int]) -> None:
    """The same on a connection without a session."""
    from social.labels import KIND, Label  # which asks for this module when a label is given

    here = col(Interaction.id)
    corrected: Any = select(col(Label.right)).where(
        col(Label.interaction_id) == here, col(Label.aspect) == KIND, col(Label.in_force)
    )
    read: Any = select(col(Reading.kind)).where(col(Reading.interaction_id) == here)
    read = read.order_by(col(Reading.id).desc()).limit(1)
    corrected, read = (query.correlate(Interaction).scalar_subquery() for query in (corrected, read))
    kind = func.coalesce(corrected, read)
    # The history that an account brings in was never anybody's to answer: no clock runs for it.
    connected: Any = select(col(Account.added_at)).where(col(Account.id) == col(Interaction.account_id))
    connected = connected.correlate(Interaction).scalar_subquery()
    judged: Any = select(literal(1)).where(
        col(DutyCall.interaction_id) == here, col(DutyCall.outcome) == NOT_EMERGENCY, ~col(DutyCall.edited)
    )
    judged = exists(judged.correlate(Interaction))
    stays = (col(Interaction.urgency) == EMERGENCY) & col(Interaction.done_at).is_(None) & corrected.is_(None)
    urgency = case(
        (stays & ~judged, EMERGENCY),
        ((kind == "emergency") & judged, REST),
        *((kind == name, number) for name, number in URGENT_KINDS.items()),
        (kind.in_(sorted(ON_THE_CLOCK)) & (col(Interaction.created_at) >= connected), ON_CLOCK),
        else_=REST,
    )
    connection.execute(
        update(Interaction).where(here.in_(sorted(interaction_ids)), ~col(Interaction.ours)).values(urgency=urgency)
    )

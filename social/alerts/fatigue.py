"""Nobody is told more often in a week than the force allows, except of what is urgent (R30): people who are told too often
leave, and miss what matters.

Counted are alerts that went to somebody at once, urgent ones too, within the last seven days. A daily or weekly message
is one message however much it holds, so those who chose one are never skipped."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from social.alerts.mailings import Mailing, Message, MessageKind, MessageState

WEEK = timedelta(days=7)
_NEVER_CAME = (MessageState.STOPPED.value, MessageState.FAILED.value, MessageState.BOUNCED.value)


def told_enough(now: datetime, per_week: int) -> Any:
    """A query for residents who were told as often as may be: resident_id, and `last`, when that last was.

    per_week: most alerts in seven days; with 0 it finds nobody."""
    alerts = func.count(func.distinct(Message.mailing_id))
    lately = select(Mailing.id).where(col(Mailing.made_at) > now - WEEK, col(Mailing.corrects_id).is_(None))
    # The sum keeps SQLite from walking every message there ever was in the order of residents.
    resident = col(Message.resident_id) + 0
    return (
        select(resident.label("resident_id"), func.max(Message.made_at).label("last"))
        .where(
            col(Message.mailing_id).in_(lately),
            col(Message.kind) == MessageKind.ALERT.value,
            col(Message.state).not_in(_NEVER_CAME),
            per_week > 0,
        )
        .group_by(resident)
        .having(alerts >= per_week)
    )

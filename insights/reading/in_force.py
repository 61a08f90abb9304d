"""Which version's readings figures go by: the one that read last. The setting `reading_tier` and upgrades change it."""

from sqlmodel import Session, col, select

from insights.reading.base import CURRENT_VERSION
from social.interactions import Reading


def last_version(session: Session) -> str | None:
    """The version of the newest reading; None where nothing has been read."""
    return session.exec(select(Reading.version).order_by(col(Reading.id).desc()).limit(1)).first()


def version_in_force(session: Session) -> str:
    """The same, or that of the fast analyser before anything is read."""
    return last_version(session) or CURRENT_VERSION


def tier_of(version: str) -> str:
    """'fast' of 'fast-3'."""
    return version.split("-")[0]

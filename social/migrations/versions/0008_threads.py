"""posts of several parts, marks by which packed weeks are known, a finding a week of each area"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from social.database import UTCDateTime

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _parts()
    _marks()
    _findings_of_areas()


def _parts() -> None:
    """Where each part of a thread is, and which part a request was for."""
    op.create_table(
        "publication_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("platform_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("publication_id", "number"),
    )
    op.create_index("ix_publication_part_published_at", "publication_part", ["published_at"])
    op.add_column("attempt", sa.Column("part", sa.Integer(), server_default="1", nullable=False))


def _marks() -> None:
    """A digest beside each packed week, found without a look at the week itself. Weeks of before have none: they are packed
    again within the hour."""
    for table in ("week_pack", "reach_pack", "folded_week"):
        op.execute(sa.delete(sa.table(table)))
        op.add_column(table, sa.Column("mark", sa.String(), server_default="", nullable=False))
        op.create_index(f"ix_{table}_mark", table, ["week", "mark"])


def _findings_of_areas() -> None:
    """What each week was told of the areas that somebody acts for."""
    op.create_table(
        "finding_of_area",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("substance", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("place_id", "week"),
    )

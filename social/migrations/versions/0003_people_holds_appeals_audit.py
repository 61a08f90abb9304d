"""people's areas, and the tables of holds, appeals, audit, limits and alarms

What is decided about a post beside its words, and by whom."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _people()


def _people() -> None:
    op.create_table(
        "membership",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("person_id", "place_id"),
    )
    op.create_index("ix_membership_place_id", "membership", ["place_id"], unique=False)
    op.execute("INSERT INTO membership (person_id, place_id) SELECT id, team_id FROM person WHERE team_id IS NOT NULL")

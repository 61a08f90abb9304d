"""what residents wrote: its flags, its desk, answers, leads, the duty contact, and how long it is kept"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from social.database import UTCDateTime

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _collecting()
    _webhooks()
    _flags()
    _desk()
    _answers()
    _duty()
    _leads()
    _keeping()


def _collecting() -> None:
    """What is read next, what is left unread, gaps."""


def _webhooks() -> None:
    """What a network delivers by itself."""


def _flags() -> None:
    """What a reading says beside kind and stance, and what people corrected."""
    op.create_table(
        "reading_flag",
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("flag", sa.String(), nullable=False),
        sa.Column("p", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reading_id", "flag"),
    )
    op.create_index("ix_reading_flag_flag", "reading_flag", ["flag"], unique=False)
    op.create_table(
        "label",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("aspect", sa.String(), nullable=False),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("right", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_label_interaction_id", "label", ["interaction_id"], unique=False)
    op.create_index(
        "ix_label_in_force", "label", ["interaction_id", "aspect"], unique=True,
        sqlite_where=sa.text("in_force"), postgresql_where=sa.text("in_force"),
    )  # fmt: skip


def _desk() -> None:
    """Who looks after a reply, notes, saved answers."""


def _answers() -> None:
    """Answers and hidings on their way to a network."""


def _duty() -> None:
    """Who is told of an emergency, and until when."""


def _leads() -> None:
    """Replies that may help an enquiry, and their hand-off."""


def _keeping() -> None:
    """How long what is kept is kept."""

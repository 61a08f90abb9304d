"""what came after the app: marks by which packed weeks are known"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _marks()


def _marks() -> None:
    """A digest beside each packed week, found without a look at the week itself. Weeks of before have none: they are packed
    again within the hour."""
    for table in ("week_pack", "reach_pack", "folded_week"):
        op.execute(f"DELETE FROM {table}")
        op.add_column(table, sa.Column("mark", sa.String(), server_default="", nullable=False))
        op.create_index(f"ix_{table}_mark", table, ["week", "mark"])

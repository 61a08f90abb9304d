"""one post for each id of an imported file

However many imports of one file run at once, on whichever database."""

from collections.abc import Sequence

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index("ix_post_external_ref", table_name="post")
    op.create_index("ix_post_external_ref", "post", ["external_ref"], unique=True)

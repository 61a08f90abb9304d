"""what reached residents: areas as the open data knows them, their profiles, facts of every age, campaigns, reports"""

from collections.abc import Sequence

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _areas()
    _profiles()
    _facts()
    _campaigns()
    _reports()


def _areas() -> None:
    """Boundaries, priorities and events of areas; what a force aims to post about."""


def _profiles() -> None:
    """What is known of a neighbourhood: its partners, community pages and languages; what was asked for and done."""


def _facts() -> None:
    """Figures at set ages of a post, and sums by week."""


def _campaigns() -> None:
    """What a campaign was for, what went into it, what came of it."""


def _reports() -> None:
    """Reports that are made and sent again and again."""

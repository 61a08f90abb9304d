"""what residents wrote: its flags, its desk, answers, leads, the duty contact, and how long it is kept"""

from collections.abc import Sequence

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

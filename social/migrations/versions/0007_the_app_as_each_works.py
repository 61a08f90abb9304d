"""the app as each person works: templates of posts, drafts that are kept while they are written, what waits on whom and
how each is told, what a force sets for itself"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from social.database import UTCDateTime
from social.migrations.facts_0006.dialects import DIALECTS, Trigger
from social.migrations.facts_0006.terms import SOURCED

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OF_REACH = ("source", "source_before", "changed_at", "1h", "24h", "7d", "28d")
"""What of reach and of times shown is in a pack, beside the latest count."""


def upgrade() -> None:
    _writing()
    _notices()
    _house_rules()
    _listening()
    _reach_packs()
    _one_tap()
    _answers()
    _letters()


def _answers() -> None:
    """Questions and complaints by when they were asked, so that answers are counted from the index alone."""
    asked = sa.text("NOT ours AND seen_kind IN ('question', 'complaint')")
    op.create_index(
        "ix_interaction_asked",
        "interaction",
        ["created_at", "publication_id", "account_id", "answered_at", "done_at", "gone_at", "ours", "seen_kind"],
        sqlite_where=asked,
        postgresql_where=asked,
    )


def _letters() -> None:
    """What a letter that names no alert was read as, and who looks after it."""
    op.add_column("letter_in", sa.Column("kind", sa.String(), nullable=True))
    op.add_column("letter_in", sa.Column("assignee_id", sa.Integer(), nullable=True))


def _one_tap() -> None:
    """How it is known whether an alert was useful: by which link, or by a button."""
    op.add_column("message", sa.Column("useful_by", sa.String(), nullable=True))


def _writing() -> None:
    """Posts to begin with, and what is being written and is no post yet."""
    op.create_table(
        "post_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "working_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("appeal_ref", sa.String(), nullable=True),
        sa.Column("picture", sa.String(), nullable=True),
        sa.Column("fields", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_working_draft_person_id", "working_draft", ["person_id"])
    op.create_index("ix_working_draft_post_id", "working_draft", ["post_id"])
    op.create_index("ix_working_draft_saved_at", "working_draft", ["saved_at"])


def _notices() -> None:
    """What waits on whom and was told; how each person chose to be told."""
    op.create_table(
        "notice_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("found_at", UTCDateTime(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["mail_id"], ["alarm_mail.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "kind", "number"),
    )
    op.create_index("ix_notice_mail_id", "notice", ["mail_id"])


def _house_rules() -> None:
    """Quiet hours and the word list of the force."""
    op.create_table(
        "house_rule",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("name"),
    )


def _listening() -> None:
    """How far listening to old posts has come; which posts a network's list leaves out."""
    op.create_table(
        "rotation",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("ring", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("before_at", UTCDateTime(), nullable=True),
        sa.Column("turn_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("account_id", "ring"),
    )
    op.add_column("collectingstate", sa.Column("unlisted", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(
        "ix_collectingstate_unlisted",
        "collectingstate",
        ["publication_id"],
        sqlite_where=sa.text("unlisted"),
        postgresql_where=sa.text("unlisted"),
    )


def _reach_packs() -> None:
    """What reach is told from, packed by week; it goes when the week's other pack goes, or when anything in it changes."""
    op.create_table(
        "reach_pack",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("week"),
    )
    op.drop_table("weekly_of_places")  # a row a place and week was still too many: they are packed with their week
    op.execute("DELETE FROM folded_week")
    op.add_column("folded_week", sa.Column("places", sa.Integer(), server_default="0", nullable=False))
    op.add_column("folded_week", sa.Column("body", sa.LargeBinary(), server_default="", nullable=False))
    dialect = DIALECTS[op.get_bind().dialect.name]
    if not dialect.by_row:  # bodies are numbers that hardly shrink: squeezed, each reading would take them apart
        for table in ("reach_pack", "week_pack", "folded_week"):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN body SET STORAGE EXTERNAL")
    columns = ("followers", *(f"{metric}_{part}" for metric in SOURCED for part in _OF_REACH))
    changed = " OR ".join(dialect.differs(f"OLD.{name}", f"NEW.{name}") for name in columns)
    triggers = (
        Trigger("facts_reach_unpacked", "AFTER UPDATE", "publicationfacts",
                ["DELETE FROM reach_pack WHERE week = NEW.week"], changed, columns),
        Trigger("facts_week_unpacked", "AFTER DELETE", "week_pack", ["DELETE FROM reach_pack WHERE week = OLD.week"]),
    )  # fmt: skip
    for trigger in triggers:
        for statement in dialect.statements(trigger):
            op.get_bind().exec_driver_sql(statement)

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
    with op.batch_alter_table("collectingstate") as table:
        table.add_column(sa.Column("recheck_at", UTCDateTime(), nullable=True))
        table.create_index("ix_collectingstate_recheck_at", ["recheck_at"], unique=False)
    with op.batch_alter_table("spending") as table:
        table.add_column(sa.Column("day", sa.String(), nullable=True))
        table.add_column(sa.Column("read_before", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "reading_gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("noticed_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("filled_at", UTCDateTime(), nullable=True),
        sa.Column("lost_until", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reading_gap_account_id", "reading_gap", ["account_id"], unique=False)
    ours = sa.text("ours")
    op.create_index(
        "ix_interaction_ours", "interaction", ["publication_id"], unique=False, sqlite_where=ours, postgresql_where=ours
    )


def _webhooks() -> None:
    """What a network delivers by itself."""
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("page", "post", "item", "verb", "told_at"),
    )
    op.create_index("ix_delivery_received_at", "delivery", ["received_at"], unique=False)
    waiting = sa.text("done_at IS NULL")
    op.create_index(
        "ix_delivery_waiting", "delivery", ["id"], unique=False, sqlite_where=waiting, postgresql_where=waiting
    )


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
    op.add_column("interaction", sa.Column("urgency", sa.Integer(), server_default="3", nullable=False))
    op.add_column("interaction", sa.Column("done_at", UTCDateTime(), nullable=True))
    op.add_column("interaction", sa.Column("done_by_id", sa.Integer(), nullable=True))
    op.add_column("interaction", sa.Column("assignee_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE interaction SET urgency = CASE (SELECT kind FROM reading WHERE reading.interaction_id = interaction.id "
        "ORDER BY reading.id DESC LIMIT 1) WHEN 'emergency' THEN 0 WHEN 'lead' THEN 1 WHEN 'question' THEN 2 "
        "WHEN 'complaint' THEN 2 ELSE 3 END"
    )
    op.execute(
        "UPDATE interaction SET urgency = 3 WHERE urgency = 2 AND created_at < "
        "(SELECT added_at FROM account WHERE account.id = interaction.account_id)"
    )
    open_ = sa.text(
        "NOT ours AND done_at IS NULL AND retention <> 'erased' AND (urgency = 0 OR (answered_at IS NULL "
        "AND gone_at IS NULL AND (urgency = 1 OR NOT hidden)))"
    )
    op.create_index(
        "ix_interaction_open",
        "interaction",
        ["urgency", "created_at", "id", "account_id", "publication_id", "assignee_id", "ours", "done_at", "retention",
         "answered_at", "gone_at", "hidden", "purpose"],
        sqlite_where=open_,
        postgresql_where=open_,
    )  # fmt: skip
    given = sa.text("assignee_id IS NOT NULL")
    op.create_index(
        "ix_interaction_assignee", "interaction", ["assignee_id"], sqlite_where=given, postgresql_where=given
    )
    op.create_table(
        "reply_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reply_note_interaction_id", "reply_note", ["interaction_id"], unique=False)
    op.create_table(
        "reply_presence",
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("typing_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("interaction_id", "person_id"),
    )
    op.create_index("ix_reply_presence_at", "reply_presence", ["at"], unique=False)
    op.create_table(
        "saved_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
    )


def _answers() -> None:
    """Answers and hidings on their way to a network."""
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("parent_platform_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("pressed_at", UTCDateTime(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=True),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("may_repeat", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("platform_id", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_answer_interaction_id", "answer", ["interaction_id"], unique=False)
    open_answers = sa.text("state IN ('written', 'sending', 'unknown', 'waiting')")
    op.create_index(
        "ix_answer_open", "answer", ["interaction_id"], unique=True,
        sqlite_where=open_answers, postgresql_where=open_answers,
    )  # fmt: skip
    under_way = sa.text("state IN ('written', 'sending', 'unknown')")
    op.create_index(
        "ix_answer_under_way", "answer", ["id"], unique=False, sqlite_where=under_way, postgresql_where=under_way
    )
    op.create_table(
        "answer_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=True),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_answer_step_answer_id", "answer_step", ["answer_id"], unique=False)
    _hidings()


def _hidings() -> None:
    op.create_table(
        "hiding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("platform_id", sa.String(), nullable=False),
        sa.Column("hides", sa.Boolean(), nullable=False),
        sa.Column("house_rule", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=True),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("written_at", UTCDateTime(), nullable=True),
        sa.Column("retention", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_hiding_interaction_id", "hiding", ["interaction_id"], unique=False)
    open_hidings = sa.text("state IN ('asked', 'sending', 'unknown')")
    op.create_index(
        "ix_hiding_open", "hiding", ["account_id", "platform_id"], unique=True,
        sqlite_where=open_hidings, postgresql_where=open_hidings,
    )  # fmt: skip


def _duty() -> None:
    """Who is told of an emergency, and until when."""
    op.create_table(
        "duty_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_duty_contact_place_id", "duty_contact", ["place_id"], unique=False)
    op.create_table(
        "watched_hours",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("account_id", "weekday", "opens"),
    )
    op.create_table(
        "duty_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("p", sa.Float(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("alarm_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("tellings", sa.Integer(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("passed_at", UTCDateTime(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.ForeignKeyConstraint(["alarm_id"], ["alarm.id"]),
        sa.ForeignKeyConstraint(["seen_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("interaction_id"),
    )
    calling = sa.text("next_at IS NOT NULL")
    op.create_index("ix_duty_call_calling", "duty_call", ["next_at"], sqlite_where=calling, postgresql_where=calling)
    op.create_index("ix_duty_call_alarm_id", "duty_call", ["alarm_id"], unique=False)
    op.add_column("alarm_mail", sa.Column("address", sa.String(), nullable=True))
    op.add_column("alarm_mail", sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
    urgent = sa.text("urgent")
    op.create_index(
        "ix_alarm_mail_urgent", "alarm_mail", ["address", "made_at"], sqlite_where=urgent, postgresql_where=urgent
    )


def _leads() -> None:
    """Replies that may help an enquiry, and their hand-off."""
    op.create_table(
        "desk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("url_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("found", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("has_details", sa.Boolean(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("fetched_at", UTCDateTime(), nullable=True),
        sa.Column("fetched_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["fetched_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("interaction_id", "mark"),
    )
    op.create_index("ix_attachment_file_name", "attachment", ["file_name"], unique=False)
    op.create_table(
        "lead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("place_words", sa.String(), nullable=True),
        sa.Column("time_words", sa.String(), nullable=True),
        sa.Column("seen_from", UTCDateTime(), nullable=True),
        sa.Column("seen_to", UTCDateTime(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("handed_off_at", UTCDateTime(), nullable=True),
        sa.Column("handed_off_by_id", sa.Integer(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.Column("receipt_at", UTCDateTime(), nullable=True),
        sa.Column("receipt_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("mail_state", sa.String(), nullable=True),
        sa.Column("mail_id", sa.String(), nullable=True),
        sa.Column("mail_tries", sa.Integer(), nullable=False),
        sa.Column("mail_at", UTCDateTime(), nullable=True),
        sa.Column("purge_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"]),
        sa.ForeignKeyConstraint(["handed_off_by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["receipt_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("interaction_id"),
    )
    for column in ("reference", "state", "purge_at", "mail_state"):
        op.create_index(f"ix_lead_{column}", "lead", [column], unique=False)
    op.create_table(
        "lead_tally",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("leads", sa.Integer(), nullable=False),
        sa.Column("handed_off", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("first_lead_at", UTCDateTime(), nullable=True),
        sa.Column("purged_at", UTCDateTime(), nullable=False),
        sa.Column("scrubbed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("reference"),
    )


def _keeping() -> None:
    """How long what is kept is kept."""
    op.add_column("publication", sa.Column("forgotten_to", UTCDateTime(), nullable=True))
    op.create_table(
        "reply_tally",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stance", sa.String(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("first_asked_at", UTCDateTime(), nullable=False),
        sa.Column("first_answered_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"]),
        sa.PrimaryKeyConstraint("publication_id", "kind", "stance", "answered"),
    )
    op.create_table(
        "reply_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reply_clock_publication_id", "reply_clock", ["publication_id"], unique=False)
    op.create_index("ix_reply_clock_asked_at", "reply_clock", ["asked_at"], unique=False)
    op.create_table(
        "forgotten_reply",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"]),
        sa.PrimaryKeyConstraint("publication_id", "mark"),
    )
    op.create_index("ix_forgotten_reply_written_at", "forgotten_reply", ["written_at"], unique=False)

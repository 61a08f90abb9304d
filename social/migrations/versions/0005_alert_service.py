"""the alert service: residents who asked to be told, what they are told, surveys, and the mail that comes back"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from social.database import UTCDateTime

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
_AWAITED = "state = 'sent' AND provider_id IS NOT NULL AND receipt_at IS NULL"


def upgrade() -> None:
    _residents()
    _mailings()
    _audience()
    _sending()
    _receipts()
    _letterbox()
    _surveys()
    _digests()
    _heard_sooner()
    _duty_texts()
    _measures()
    _calendar_feeds()


def _residents() -> None:
    """Who asked to be told, and what they asked for."""
    op.create_table(
        "resident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=True),
        sa.Column("phone_key", sa.String(), nullable=True),
        sa.Column("frequency", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("by_email", sa.Boolean(), nullable=False),
        sa.Column("by_text", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_to", sa.Integer(), nullable=True),
        sa.Column("consent_at", UTCDateTime(), nullable=False),
        sa.Column("consent_source", sa.String(), nullable=False),
        sa.Column("joined_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.Column("left_reason", sa.String(), nullable=True),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("phone_checked_at", UTCDateTime(), nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("email_stopped_at", UTCDateTime(), nullable=True),
        sa.Column("text_stopped_at", UTCDateTime(), nullable=True),
        sa.Column("soft_bounces", sa.Integer(), nullable=False),
        sa.Column("last_told_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email_key"),
    )
    with op.batch_alter_table("resident") as batch_op:
        batch_op.create_index("ix_resident_left_at", ["left_at"], unique=False)
        batch_op.create_index("ix_resident_phone_key", ["phone_key"], unique=False)
        batch_op.create_index("ix_resident_state", ["state"], unique=False)

    op.create_table(
        "resident_area",
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("within_km", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("resident_id", "place_id"),
    )
    with op.batch_alter_table("resident_area") as batch_op:
        batch_op.create_index("ix_resident_area_place_id", ["place_id"], unique=False)

    op.create_table(
        "resident_group",
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("resident_id", "group"),
    )
    with op.batch_alter_table("resident_group") as batch_op:
        batch_op.create_index("ix_resident_group_group", ["group"], unique=False)

    op.create_table(
        "resident_topic",
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("resident_id", "topic"),
    )
    with op.batch_alter_table("resident_topic") as batch_op:
        batch_op.create_index("ix_resident_topic_topic", ["topic"], unique=False)

    op.create_table(
        "left_address",
        sa.Column("email_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("email_key"),
    )
    with op.batch_alter_table("place") as batch_op:
        batch_op.add_column(sa.Column("lat", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("lon", sa.Float(), nullable=True))


def _mailings() -> None:
    """What they are told."""
    op.create_table(
        "mailing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("digests_told", sa.Integer(), nullable=False),
        sa.Column("skipped_told_at", UTCDateTime(), nullable=True),
        sa.Column("correction", sa.String(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("stopped_at", UTCDateTime(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("erased_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["corrects_id"], ["mailing.id"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "key"),
    )
    with op.batch_alter_table("mailing") as batch_op:
        batch_op.create_index("ix_mailing_account_id", ["account_id"], unique=False)
        batch_op.create_index("ix_mailing_corrects_id", ["corrects_id"], unique=False)
        batch_op.create_index("ix_mailing_made_at", ["made_at"], unique=False)
        batch_op.create_index("ix_mailing_reference", ["reference"], unique=False)

    op.create_table(
        "mailing_picture",
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("alt_text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailing.id"]),
        sa.PrimaryKeyConstraint("mailing_id", "position"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("period", sa.String(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("deferred", sa.Integer(), nullable=False),
        sa.Column("sending_at", UTCDateTime(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.Column("receipt_at", UTCDateTime(), nullable=True),
        sa.Column("useful", sa.Boolean(), nullable=True),
        sa.Column("opened_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailing.id"]),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("mailing_id", "resident_id", "way", "kind"),
        sa.UniqueConstraint("resident_id", "kind", "period"),
        sa.UniqueConstraint("token"),
    )
    with op.batch_alter_table("message") as batch_op:
        batch_op.create_index(
            "ix_message_due",
            ["rank", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting', 'sending')"),
            postgresql_where=sa.text("state IN ('waiting', 'sending')"),
        )
        batch_op.create_index("ix_message_provider_id", ["provider_id"], unique=False)
        batch_op.create_index("ix_message_resident_id", ["resident_id"], unique=False)

    op.create_table(
        "digest_item",
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("dropped_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailing.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"]),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("mailing_id", "resident_id"),
    )
    with op.batch_alter_table("digest_item") as batch_op:
        batch_op.create_index("ix_digest_item_message_id", ["message_id"], unique=False)
        batch_op.create_index("ix_digest_item_resident_id", ["resident_id"], unique=False)


def _audience() -> None:
    """Whom a post is for: kept with the post until it goes out."""
    op.create_table(
        "post_audience",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"]),
        sa.PrimaryKeyConstraint("post_id"),
    )


def _sending() -> None:
    """What sending needs beside the messages themselves."""
    op.create_index(
        "ix_message_in_hands",
        "message",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_table(
        "carrier_trouble",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("needs_person", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("account_id"),
    )


def _receipts() -> None:
    """What mail servers and GOV.UK Notify say of what was sent."""
    op.create_index(
        "ix_message_awaited",
        "message",
        ["account_id", "id"],
        unique=False,
        sqlite_where=sa.text(_AWAITED),
        postgresql_where=sa.text(_AWAITED),
    )
    op.create_table(
        "receipt_look",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("account_id"),
    )


def _duty_texts() -> None:
    """Whoever is on duty may be texted too."""
    op.add_column("duty_contact", sa.Column("phone_sealed", sa.LargeBinary(), nullable=True))
    op.create_table(
        "duty_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("detail", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["mail_id"], ["alarm_mail.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("duty_text") as batch_op:
        batch_op.create_index("ix_duty_text_made_at", ["made_at"], unique=False)


def _letterbox() -> None:
    """Where reading of the mailbox stands, and what came in."""
    op.create_table(
        "letterbox",
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=True),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("reached_at", UTCDateTime(), nullable=True),
        sa.Column("read_at", UTCDateTime(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("failing_since", UTCDateTime(), nullable=True),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("mailbox"),
    )
    op.create_table(
        "letter_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("arrived_at", UTCDateTime(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("mailing_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailing.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("interaction_id"),
        sa.UniqueConstraint("mark"),
    )
    with op.batch_alter_table("letter_in") as batch_op:
        batch_op.create_index("ix_letter_in_arrived_at", ["arrived_at"], unique=False)
        batch_op.create_index("ix_letter_in_message_id", ["message_id"], unique=False)
        batch_op.create_index("ix_letter_in_resident_id", ["resident_id"], unique=False)
        batch_op.create_index("ix_letter_in_state", ["state"], unique=False)

    op.create_table(
        "letter_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter_in.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    with op.batch_alter_table("letter_answer") as batch_op:
        batch_op.create_index("ix_letter_answer_letter_id", ["letter_id"], unique=False)


def _surveys() -> None:
    """What residents are asked. Tables that must not tell an order have no row numbers on SQLite."""
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("intro", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("open_link", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("invited_at", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["copied_from_id"], ["survey.id"]),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("survey") as batch_op:
        batch_op.create_index("ix_survey_place_id", ["place_id"], unique=False)
        batch_op.create_index("ix_survey_state", ["state"], unique=False)

    op.create_table(
        "survey_author",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"]),
        sa.PrimaryKeyConstraint("survey_id", "person_id"),
    )
    op.create_table(
        "survey_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("options", sa.String(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=True),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("concerns", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("survey_id", "position"),
    )
    op.create_table(
        "survey_answered",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"]),
        sa.PrimaryKeyConstraint("survey_id", "who"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_response",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("member", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_response_survey_id", "survey_response", ["survey_id"], unique=False)
    op.create_table(
        "survey_answer",
        sa.Column("response_id", sa.String(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["survey_question.id"]),
        sa.ForeignKeyConstraint(["response_id"], ["survey_response.id"]),
        sa.PrimaryKeyConstraint("response_id", "question_id", "choice"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_answer_question", "survey_answer", ["question_id", "choice"], unique=False)
    op.create_index(
        "ix_survey_answer_unread",
        "survey_answer",
        ["unread"],
        unique=False,
        sqlite_where=sa.text("unread"),
        postgresql_where=sa.text("unread"),
    )


def _digests() -> None:
    """Daily and weekly messages, and what is counted of them."""
    op.create_table(
        "digest_run",
        sa.Column("frequency", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("frequency"),
    )
    op.create_index(
        "ix_message_kept",
        "message",
        ["made_at"],
        unique=False,
        sqlite_where=sa.text("resident_id IS NOT NULL"),
        postgresql_where=sa.text("resident_id IS NOT NULL"),
    )
    op.create_index(
        "ix_digest_item_waiting",
        "digest_item",
        ["resident_id"],
        unique=False,
        sqlite_where=sa.text("message_id IS NULL AND dropped_at IS NULL"),
        postgresql_where=sa.text("message_id IS NULL AND dropped_at IS NULL"),
    )


def _heard_sooner() -> None:
    """What collecting replies needs anew."""
    op.add_column("account", sa.Column("swept_at", UTCDateTime(), nullable=True))
    op.execute("UPDATE account SET swept_at = added_at WHERE id IN (SELECT account_id FROM publication)")
    op.add_column("collectingstate", sa.Column("glanced", sa.String(), nullable=True))
    op.add_column("hiding", sa.Column("publication_id", sa.Integer(), nullable=True))
    op.create_index("ix_hiding_publication_id", "hiding", ["publication_id"], unique=False)
    op.execute(
        "UPDATE hiding SET publication_id = "
        "(SELECT interaction.publication_id FROM interaction WHERE interaction.id = hiding.interaction_id)"
    )


def _calendar_feeds() -> None:
    """Addresses under which calendar programs ask for the plan."""
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("ix_calendar_feed_person_id", "calendar_feed", ["person_id"], unique=False)


def _measures() -> None:
    """What became of each alert, as numbers."""
    numbers = ("sent", "told_of", "delivered", "bounced", "failed", "unknown", "stopped", "waiting", "in_digests",
               "replies", "attachments", "useful", "useful_of", "opened", "opened_of", "left")  # fmt: skip
    op.create_table(
        "mailing_facts",
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in numbers),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("counted_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailing.id"]),
        sa.PrimaryKeyConstraint("mailing_id"),
    )

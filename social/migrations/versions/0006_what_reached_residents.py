"""what reached residents: areas as the open data knows them, their profiles, facts of every age, campaigns, reports"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from social.database import UTCDateTime
from social.migrations.facts_0006 import fill_facts, make_triggers

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
    _findings()
    _approvals()
    _keep_facts()


def _areas() -> None:
    """Boundaries, priorities and events of areas; what a force aims to post about."""
    op.create_table(
        "place_boundary",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("geometry", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("place_id"),
    )
    op.create_table(
        "priority",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("issue", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("acted_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_priority_place_id", "priority", ["place_id"])
    op.create_table(
        "local_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("starts_at", UTCDateTime(), nullable=True),
        sa.Column("ends_at", UTCDateTime(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("cancelled_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_local_event_place_id", "local_event", ["place_id"])
    op.create_table(
        "content_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("least", sa.Float(), nullable=False),
        sa.Column("most", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("place_id", "content_type"),
    )
    op.create_index("ix_content_target_place_id", "content_target", ["place_id"])
    op.create_table(
        "police_data_area",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column("neighbourhood", sa.String(), nullable=True),
        sa.Column("read_at", UTCDateTime(), nullable=True),
        sa.Column("contactable", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("place_id"),
        sa.UniqueConstraint("force", "neighbourhood"),
    )


def _profiles() -> None:
    """What is known of a neighbourhood: its partners, community pages and languages; what was asked for and done."""
    op.create_table(
        "community_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("followers", sa.Integer(), nullable=True),
        sa.Column("followers_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("address"),
    )
    op.create_index("ix_community_page_place_id", "community_page", ["place_id"])
    op.create_table(
        "page_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("shared_on", sa.Date(), nullable=False),
        sa.Column("followers", sa.Integer(), nullable=True),
        sa.Column("seen", sa.Integer(), nullable=True),
        sa.Column("seen_how", sa.String(), nullable=True),
        sa.Column("noted_by", sa.String(), nullable=False),
        sa.Column("noted_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["community_page.id"]),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("page_id", "publication_id"),
    )
    op.create_index("ix_page_share_page_id", "page_share", ["page_id"])
    op.create_index("ix_page_share_publication_id", "page_share", ["publication_id"])
    op.create_table(
        "partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=True),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_partner_place_id", "partner", ["place_id"])
    op.create_table(
        "place_language",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("share", sa.Float(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("place_id", "lang"),
    )
    _asked_and_done()


def _asked_and_done() -> None:
    op.create_table(
        "asked_for",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=True),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"]),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_asked_for_place_id", "asked_for", ["place_id"])
    op.create_table(
        "done_about",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("survey_id", sa.Integer(), nullable=True),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["asked_id"], ["asked_for.id"]),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"]),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"]),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_done_about_asked_id", "done_about", ["asked_id"])


def _facts() -> None:
    """Figures at set ages of a post, and sums by week."""
    counts = ("impressions", "reach", "reactions", "replies", "shares", "clicks", "saves")
    kinds = ("emergency", "lead", "complaint", "question", "thanks", "abuse", "banter", "other")
    stances = ("negative", "neutral", "positive", "unknown")
    with op.batch_alter_table("publicationfacts") as batch_op:
        batch_op.add_column(sa.Column("local_weekday", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("local_hour", sa.Integer(), nullable=False, server_default="0"))
        for count in counts[:2]:
            batch_op.add_column(sa.Column(f"{count}_source", sa.String(), nullable=True))
            batch_op.add_column(sa.Column(f"{count}_source_before", sa.String(), nullable=True))
            batch_op.add_column(sa.Column(f"{count}_changed_at", UTCDateTime(), nullable=True))
        for count in counts:
            for age in ("1h", "24h", "7d", "28d"):
                batch_op.add_column(sa.Column(f"{count}_{age}", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("first_asked_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("first_answered_at", UTCDateTime(), nullable=True))
        batch_op.create_index("ix_publicationfacts_campaign", ["campaign"], unique=False)
        batch_op.drop_index("ix_publicationfacts_place_id")
        batch_op.create_index("ix_publicationfacts_place_published", ["place_id", "published_at"], unique=False)
    op.drop_column("publicationfacts", "analyser")
    op.drop_column("publicationfacts", "updated_at")
    op.add_column("interaction", sa.Column("seen_kind", sa.String(), nullable=True))
    op.add_column("interaction", sa.Column("seen_stance", sa.String(), nullable=True))
    op.create_index("ix_audience_account_fetched", "audience", ["account_id", "fetched_at"])
    sums = ["posts", "posts_with_picture", "reach_posts", "impressions", "impressions_posts"]
    for count in counts[2:]:
        sums += [count, f"{count}_posts"]
    sums += ["engagement_posts", "engagement_where_shares", "replies_stored", "replies_read"]
    sums += [f"n_{one}" for one in stances + kinds] + ["answered", "unanswered"]
    op.create_table(
        "weeklyfacts",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("place_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in sums),
        sa.PrimaryKeyConstraint("week", "place_id", "content_type", "channel", "account_id", "campaign"),
    )
    op.create_index("ix_weeklyfacts_place_week", "weeklyfacts", ["place_id", "week"])
    for name, key in (("of_kinds", ("content_type", "channel")), ("of_places", ("place_id", "channel", "account_id"))):
        columns = {one: sa.Integer() if one.endswith("_id") else sa.String() for one in key}
        op.create_table(
            f"weekly_{name}",
            sa.Column("week", sa.Date(), nullable=False),
            *(sa.Column(one, kind, autoincrement=False, nullable=False) for one, kind in columns.items()),
            *(sa.Column(one, sa.Integer(), nullable=False) for one in sums),
            sa.PrimaryKeyConstraint("week", *key),
        )
    op.create_table(
        "folded_week",
        sa.Column("week", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("week"),
    )
    op.create_table(
        "week_pack",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("week"),
    )
    op.create_table(
        "facts_rebuild",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )


def _campaigns() -> None:
    """What a campaign was for, what went into it, what came of it."""
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("aim", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("feedback_plan", sa.String(), nullable=False),
        sa.Column("objective", sa.String(), nullable=False),
        sa.Column("scanning", sa.String(), nullable=False),
        sa.Column("analysis", sa.String(), nullable=False),
        sa.Column("response", sa.String(), nullable=False),
        sa.Column("assessment", sa.String(), nullable=False),
        sa.Column("impact", sa.String(), nullable=False),
        sa.Column("learning", sa.String(), nullable=False),
        sa.Column("other_causes", sa.String(), nullable=False),
        sa.Column("comparison", sa.String(), nullable=False),
        sa.Column("comparison_place_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("launched_at", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["priority_id"], ["priority.id"]),
        sa.ForeignKeyConstraint(["comparison_place_id"], ["place.id"]),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_index("ix_campaign_state", "campaign", ["state"], unique=False)
    op.create_table(
        "campaign_area",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("campaign_id", "place_id"),
    )
    op.create_index("ix_campaign_area_place_id", "campaign_area", ["place_id"], unique=False)
    op.create_index("ix_publication_campaign", "publication", ["campaign"], unique=False)
    _campaign_numbers()


def _campaign_numbers() -> None:
    """A campaign's measures with their series, and what was done."""
    op.create_table(
        "campaign_measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("baseline", sa.Float(), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("target", sa.Float(), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("facts", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "name"),
    )
    op.create_table(
        "campaign_point",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("comparison", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("of", sa.Float(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["campaign_measure.id"]),
        sa.PrimaryKeyConstraint("measure_id", "comparison", "starts_on"),
    )
    op.create_table(
        "campaign_activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("pence", sa.Integer(), nullable=True),
        sa.Column("survey_id", sa.Integer(), nullable=True),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"]),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_campaign_activity_campaign_id", "campaign_activity", ["campaign_id"], unique=False)


def _reports() -> None:
    """Reports that are made and sent again and again."""
    op.create_table(
        "report_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_report_schedule_due_at", "report_schedule", ["due_at"], unique=False)
    op.create_table(
        "report_recipient",
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["schedule_id"], ["report_schedule.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("schedule_id", "person_id"),
    )
    op.create_table(
        "report_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=True),
        sa.Column("sending_at", UTCDateTime(), nullable=True),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["schedule_id"], ["report_schedule.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("schedule_id", "person_id", "period_from"),
    )
    op.create_index("ix_report_mail_outcome", "report_mail", ["outcome"], unique=False)


def _findings() -> None:
    """What posts came to, as it was last worked out, and what each week was told."""
    op.create_table(
        "kept_finding",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("worked_out_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "finding_of_week",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("substance", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("week"),
    )


def _approvals() -> None:
    """Which version of a waiting post each approver last read."""
    op.create_table(
        "post_seen",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"]),
        sa.PrimaryKeyConstraint("person_id", "post_id"),
    )
    op.create_index("ix_post_seen_post_id", "post_seen", ["post_id"])


def _keep_facts() -> None:
    """Facts of what is stored, and the triggers that keep them. Last: tables that are made anew lose their triggers."""
    fill_facts()
    make_triggers()
    op.drop_table("stalepublication")

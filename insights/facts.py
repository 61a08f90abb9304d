"""What every figure is computed from: one wide row a publication, and sums by week, kept by the database itself in the
transaction that stores the news (docs/decisions/21-facts-kept-by-triggers.md), rebuilt from nothing on demand."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from social.database import UTCDateTime
from social.measurements import Metric


class Age(NamedTuple):
    """An age at which posts are held against each other.  The last look counts that lies not more than `before` before
    it and not more than `late` after it."""

    after: timedelta
    before: timedelta
    late: timedelta


AGES = {
    "1h": Age(timedelta(hours=1), timedelta(minutes=15), timedelta(minutes=5)),
    "24h": Age(timedelta(hours=24), timedelta(hours=3), timedelta(minutes=30)),
    "7d": Age(timedelta(days=7), timedelta(hours=12), timedelta(hours=4)),
    "28d": Age(timedelta(days=28), timedelta(hours=36), timedelta(hours=12)),
}
"""Column suffix -> age. The plan of looks (`social.collect_plan`) has several within each; that of the 28th day itself
comes some seconds late."""
ACTIONS = (Metric.REACTIONS, Metric.REPLIES, Metric.SHARES, Metric.CLICKS, Metric.SAVES)
"""What engagement counts, as far as it is reported."""
NO_PLACE = 0
"""`WeeklyFacts.place_id` of posts about no place in particular."""


class PublicationFacts(SQLModel, table=True):
    """What is known of one publication, now.

    week: Monday of the local week it was published in; local_weekday: 0 for Monday to 6; local_hour: 0 to 23.
    followers: of its account when it was published, the direct audience; None where nobody had counted.
    Metrics are the latest reported counts, None when never reported.  `reach_24h` and the like: as counted at that age,
    by the last look that is near enough (`AGES`); None where none was near or the network did not report it.
    reach_source, impressions_source: the network's own name of the latest, and the version of our definition, such as
    'impression_count v1'.  *_source_before, *_changed_at: the last other name before it, and when the present one
    began; None while there was but one.
    replies_stored: by residents.  n_*: of them those that were read, by stance and kind, as the latest reading says and
    otherwise where a person said otherwise; replies_read is their sum over stances.  answered, unanswered: questions and
    complaints.  first_asked_at, first_answered_at: of the first of them, and the first answer to one;
    response_minutes: between the two, to a thousandth, None when none was answered."""

    __table_args__ = (Index("ix_publicationfacts_place_published", "place_id", "published_at"),)

    publication_id: int = Field(primary_key=True, foreign_key="publication.id")
    account_id: int = Field(index=True)
    channel: str
    content_type: str = Field(index=True)
    place_id: int | None = None
    campaign: str | None = Field(default=None, index=True)
    published_at: datetime = Field(sa_type=UTCDateTime, index=True)
    week: date = Field(index=True)
    local_weekday: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    local_hour: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    has_picture: bool
    followers: int | None = None
    impressions: int | None = None
    reach: int | None = None
    reactions: int | None = None
    replies: int | None = None
    shares: int | None = None
    clicks: int | None = None
    saves: int | None = None
    impressions_source: str | None = None
    impressions_source_before: str | None = None
    impressions_changed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    reach_source: str | None = None
    reach_source_before: str | None = None
    reach_changed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    impressions_1h: int | None = None
    impressions_24h: int | None = None
    impressions_7d: int | None = None
    impressions_28d: int | None = None
    reach_1h: int | None = None
    reach_24h: int | None = None
    reach_7d: int | None = None
    reach_28d: int | None = None
    reactions_1h: int | None = None
    reactions_24h: int | None = None
    reactions_7d: int | None = None
    reactions_28d: int | None = None
    replies_1h: int | None = None
    replies_24h: int | None = None
    replies_7d: int | None = None
    replies_28d: int | None = None
    shares_1h: int | None = None
    shares_24h: int | None = None
    shares_7d: int | None = None
    shares_28d: int | None = None
    clicks_1h: int | None = None
    clicks_24h: int | None = None
    clicks_7d: int | None = None
    clicks_28d: int | None = None
    saves_1h: int | None = None
    saves_24h: int | None = None
    saves_7d: int | None = None
    saves_28d: int | None = None
    replies_stored: int = 0
    replies_read: int = 0
    n_negative: int = 0
    n_neutral: int = 0
    n_positive: int = 0
    n_unknown: int = 0
    n_emergency: int = 0
    n_lead: int = 0
    n_complaint: int = 0
    n_question: int = 0
    n_thanks: int = 0
    n_abuse: int = 0
    n_banter: int = 0
    n_other: int = 0
    answered: int = 0
    unanswered: int = 0
    first_asked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    first_answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    response_minutes: float | None = None

    def at_age(self, metric: Metric, age: str) -> int | None:
        """The metric as it was counted at that age, one of `AGES`; None where no look was near."""
        value: int | None = getattr(self, f"{metric}_{age}")
        return value

    def actions(self, age: str | None = None) -> int | None:
        """Reactions, replies, shares, clicks and saves, as far as they are reported: now, or at that age.

        None when none of them is (M04)."""
        suffix = f"_{age}" if age else ""
        reported = [value for one in ACTIONS if (value := getattr(self, one + suffix)) is not None]
        return sum(reported) if reported else None


class WeekSums(SQLModel):
    """Sums over publications.  `*_posts`: how many of them report that metric: a sum over none is not 0 but not
    reported (M04).  Reach is never summed (M03): only how many report it.
    engagement_posts: posts that report any of `ACTIONS`; their engagement is the five sums together.
    engagement_where_shares: engagement of the posts that report shares, what amplification is a part of (M05).
    The rest as in `PublicationFacts`, summed."""

    posts: int = 0
    posts_with_picture: int = 0
    reach_posts: int = 0
    impressions: int = 0
    impressions_posts: int = 0
    reactions: int = 0
    reactions_posts: int = 0
    replies: int = 0
    replies_posts: int = 0
    shares: int = 0
    shares_posts: int = 0
    clicks: int = 0
    clicks_posts: int = 0
    saves: int = 0
    saves_posts: int = 0
    engagement_posts: int = 0
    engagement_where_shares: int = 0
    replies_stored: int = 0
    replies_read: int = 0
    n_negative: int = 0
    n_neutral: int = 0
    n_positive: int = 0
    n_unknown: int = 0
    n_emergency: int = 0
    n_lead: int = 0
    n_complaint: int = 0
    n_question: int = 0
    n_thanks: int = 0
    n_abuse: int = 0
    n_banter: int = 0
    n_other: int = 0
    answered: int = 0
    unanswered: int = 0


class WeeklyFacts(WeekSums, table=True):
    """Sums over the publications of one week, place, content type, channel, account and campaign.

    place_id: `NO_PLACE` (0) for posts about none.  campaign: '' for none."""

    __table_args__ = (Index("ix_weeklyfacts_place_week", "place_id", "week"),)

    week: date = Field(primary_key=True)
    place_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    content_type: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    account_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    campaign: str = Field(default="", primary_key=True)


class WeeklyOfKinds(WeekSums, table=True):
    """`WeeklyFacts` of a week that has come to rest, added up over places, accounts and campaigns (`insights.folds`)."""

    __tablename__ = "weekly_of_kinds"

    week: date = Field(primary_key=True)
    content_type: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)


def _mark() -> str:
    """A digest of the body beside it: `insights.kept` tells by it whether what it keeps is still so."""
    mark: str = Field(default="", sa_column_kwargs={"server_default": ""})
    return mark


class FoldedWeek(SQLModel, table=True):
    """A week of which `WeeklyOfKinds` and what is here is right.  Gone as soon as any of its sums changes; then
    `WeeklyFacts` itself is read until they are made again.

    body: `WeeklyFacts` of the week added up over kinds and campaigns, `places` rows of `insights.folds.OF_PLACES`, packed."""

    __tablename__ = "folded_week"
    __table_args__ = (Index("ix_folded_week_mark", "week", "mark"),)

    week: date = Field(primary_key=True)
    places: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    body: bytes = Field(default=b"", repr=False, sa_column_kwargs={"server_default": ""})
    mark: str = _mark()


class WeekPack(SQLModel, table=True):
    """What medians need of the posts of one week, packed (`insights.packs`), so that those of years are read in no time.

    Gone as soon as anything changes that is in it; then the posts' own rows are read until it is packed again."""

    __tablename__ = "week_pack"
    __table_args__ = (Index("ix_week_pack_mark", "week", "mark"),)

    week: date = Field(primary_key=True)
    posts: int
    body: bytes = Field(repr=False)
    mark: str = _mark()


class ReachPack(SQLModel, table=True):
    """What reach is told from, of the posts of one week, packed: with followers, ways of counting and ages.

    Gone as soon as anything changes that is in it, as `WeekPack` is."""

    __tablename__ = "reach_pack"
    __table_args__ = (Index("ix_reach_pack_mark", "week", "mark"),)

    week: date = Field(primary_key=True)
    posts: int
    body: bytes = Field(repr=False)
    mark: str = _mark()

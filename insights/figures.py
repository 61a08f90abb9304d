"""The figures that pages, reports and the command line show, all computed from the facts
that the database keeps: sums from whole weeks, medians from posts.

Not reported is None, never 0 (docs/definitions.md). Reach is never added up over posts or channels (M03); counts are
skewed, so a group's rate is the median of its posts' rates (M09). A part of nothing is none, not 0 (M04)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from insights.facts import PublicationFacts
from insights.figure_filters import Filters
from insights.figure_sums import Sums, sums_by
from insights.labels import content_type_label, label_groups
from insights.medians import Medians, medians_by, rate
from insights.weeks import start_of, week_of
from social.sorting import NEVER_RANKED

__all__ = [
    "ENOUGH_POSTS",
    "GROUPS",
    "FigureRow",
    "figures_by",
    "post_figures",
    "rate",
    "totals",
    "week_of",
    "weekly_series",
]

GROUPS = ("content_type", "place", "week", "channel", "account", "campaign", "post")
"""What figures can be grouped by."""
ENOUGH_POSTS = 5
"""Groups with fewer posts are shown and never ranked (M09)."""


@dataclass(frozen=True)
class FigureRow:
    """The figures of a group of posts.

    group: the group's key as text ('' for none or for all).  label: for people.  posts: publications, >= 0.
    reach: median over the `reach_posts` posts whose reach was reported.  impressions, engagement: totals over the
    posts that report them; engagement counts reactions, replies, shares, clicks and saves.
    engagement_median: per post.  engagement_rate: engagement / reach, per post, then the median; may pass 1.
    engagement_rate_by_impressions: the same with impressions, for networks that report no reach.
    amplification: shares / engagement of the posts that report both (M05), in [0, 1].
    replies: residents' replies that are stored.  replies_read: of these, read by the analyser.
    share_*: of replies_read, in [0, 1], add up to 1.  response_minutes_median: over posts, from the first question
    or complaint to our first answer.  answered, unanswered: questions and complaints with and without an answer.
    ranked: False where the group must not be held against others (R11, M09).  None: not reported, or 0 of 0."""

    group: str
    label: str
    posts: int = 0
    reach: float | None = None
    reach_posts: int = 0
    impressions: int | None = None
    engagement: int | None = None
    engagement_median: float | None = None
    engagement_rate: float | None = None
    engagement_rate_by_impressions: float | None = None
    amplification: float | None = None
    replies: int = 0
    replies_read: int = 0
    share_negative: float | None = None
    share_neutral: float | None = None
    share_positive: float | None = None
    share_unknown: float | None = None
    response_minutes_median: float | None = None
    answered: int = 0
    unanswered: int = 0
    ranked: bool = False


def figures_by(
    session: Session,
    by: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    channel: str | None = None,
    place_id: int | None = None,
    content_type: str | None = None,
    only_here: bool = False,
) -> list[FigureRow]:
    """The figures of posts published in [since, until), grouped, in order of the label (weeks: oldest first).

    by: one of GROUPS; raises ValueError for another.  place_id: with what lies beneath it.  A filter of None lets
    everything through; alerts alone are left out unless the channel is theirs (M08).  only_here: of the place itself
    and of nothing beneath it; of posts about no place where place_id is None."""
    if by not in GROUPS:
        raise ValueError(f"figures can be grouped by {', '.join(GROUPS)}, not by {by}")
    filters = Filters(since, until, channel, place_id, content_type, only_here)
    found = _figures(session, by, filters)
    labels = label_groups(session, by, list(found))
    rows = [_finish(*one, _text_key(key), labels[key], by, content_type) for key, one in found.items()]
    return sorted(rows, key=lambda row: (row.group == "", row.group if by == "week" else row.label))


def totals(
    session: Session,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    channel: str | None = None,
    place_id: int | None = None,
    content_type: str | None = None,
) -> FigureRow:
    """One row over all posts that the filters let through; zero posts give a row of zeros and Nones."""
    found = _figures(session, None, Filters(since, until, channel, place_id, content_type))
    return _finish(*found.get(None, (Sums(), Medians())), "", "All posts", "", content_type)


def post_figures(session: Session, publication_id: int) -> FigureRow | None:
    """The figures of one publication; None while no facts are kept of it."""
    post = session.get(PublicationFacts, publication_id)
    if post is None:
        return None
    sums, done = Sums(), post.actions()
    sums.add([
        1, post.reach is not None, post.impressions, post.impressions is not None, done, done is not None, post.shares,
        post.shares is not None, done if post.shares is not None else 0, post.replies_stored, post.replies_read,
        post.n_negative, post.n_neutral, post.n_positive, post.n_unknown, post.answered, post.unanswered,
    ])  # fmt: skip
    own = Medians(
        _float(post.reach), _float(done), rate(done, post.reach), rate(done, post.impressions), post.response_minutes
    )
    return _finish(sums, own, str(publication_id), content_type_label(post.content_type), "", post.content_type)


def _float(value: int | None) -> float | None:
    return None if value is None else float(value)


def weekly_series(session: Session, *, weeks: int, until: datetime, **filters: Any) -> list[FigureRow]:
    """The `weeks` local weeks up to the one that holds `until`, oldest first; a week without posts is a row of 0 posts.

    weeks: >= 1.  filters: channel, place_id, content_type as in `figures_by`."""
    last = week_of(until)
    starts = [last - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
    known = {row.group: row for row in figures_by(session, "week", since=start_of(starts[0]), **filters)}
    labels = label_groups(session, "week", starts)
    return [known.get(start.isoformat(), FigureRow(start.isoformat(), labels[start])) for start in starts]


def _figures(session: Session, by: str | None, filters: Filters) -> dict[Any, tuple[Sums, Medians]]:
    filters = filters.looked_up(session)
    sums = sums_by(session, by, filters)
    medians = medians_by(session, by, filters, sum(one.posts for one in sums.values())) if sums else {}
    return {key: (one, medians.get(key, Medians())) for key, one in sums.items()}


def _finish(sums: Sums, medians: Medians, group: str, label: str, by: str, content_type: str | None) -> FigureRow:
    kind = group if by == "content_type" else content_type
    shared = sums.shares if sums.shares_posts else None
    return FigureRow(
        group=group,
        label=label,
        posts=sums.posts,
        reach=medians.reach,
        reach_posts=sums.reach_posts,
        impressions=sums.impressions if sums.impressions_posts else None,
        engagement=sums.engagement if sums.engagement_posts else None,
        engagement_median=medians.engagement,
        engagement_rate=medians.engagement_rate,
        engagement_rate_by_impressions=medians.engagement_rate_by_impressions,
        amplification=rate(shared, sums.engagement_where_shares),
        replies=sums.replies_stored,
        replies_read=sums.replies_read,
        share_negative=rate(sums.n_negative, sums.replies_read),
        share_neutral=rate(sums.n_neutral, sums.replies_read),
        share_positive=rate(sums.n_positive, sums.replies_read),
        share_unknown=rate(sums.n_unknown, sums.replies_read),
        response_minutes_median=medians.response_minutes,
        answered=sums.answered,
        unanswered=sums.unanswered,
        # A group of several kinds with one of these among them: its median would put that post in the ranking (R11).
        ranked=not medians.apart and sums.posts >= ENOUGH_POSTS and kind not in NEVER_RANKED and group != "",
    )


def _text_key(key: Any) -> str:
    return "" if key is None else key.isoformat() if isinstance(key, date) else str(key)

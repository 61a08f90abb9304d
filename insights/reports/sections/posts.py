"""What was posted and what came of it: by network, kind of post, area and week."""

from collections.abc import Sequence
from datetime import date, timedelta

from insights import charts, sayings
from insights.figures import ENOUGH_POSTS, FigureRow, weekly_series
from insights.held import NOT_HELD, nothing_held
from insights.reports.document import Block, Bullets, Chart, Column, Paragraph, Table, Value
from insights.reports.scope import Scope, say_period, short_day
from social.campaigns import Campaign, CampaignState, areas_for, list_campaigns
from social.clock import as_local
from social.places import areas_above
from social.publications import Publication
from social.sorting import NEVER_RANKED
from social.words import say_count, say_number, say_share, shorten

SOURCE = "figures as the networks report them, read and kept by Beatline"
TOO_FEW = "too few to tell"
NEVER = "never ranked"
_MOST_POSTS = 5
_MOST_LETTERS = 160
"""Of a post's words in a table."""
LOW = 150
"""Height of a chart, in pixels of CSS, on a page that holds more than charts."""


def networks(scope: Scope) -> list[FigureRow]:
    """One row a network, the one with most posts first; alerts are another measure and not among them (M08)."""
    return sorted(scope.figures("channel"), key=lambda row: (-row.posts, row.label))


def main_network(scope: Scope) -> FigureRow | None:
    """The network that groups are held against each other on: of those that report reach the one with most posts."""
    return min(networks(scope), key=lambda row: not row.reach_posts, default=None)


def by_network(scope: Scope) -> list[Block]:
    """Posts, reach and replies, network by network, beside the period before."""
    rows, earlier = networks(scope), {row.group: row.posts for row in networks(scope.before())}
    without = NOT_HELD if nothing_held(scope.session, scope.before().end) else 0
    columns = (
        Column("Network"), Column("Posts", "count"), Column("Posts, period before", "count"),
        Column("Engagement", "count", "actions"), Column("Engagement rate", "share", "median"),
        Column("Rate by times shown", "share", "median"), Column("Replies by residents", "count"),
    )  # fmt: skip
    lines = tuple(
        (row.label, row.posts, earlier.get(row.group, without), row.engagement,
         row.engagement_rate, row.engagement_rate_by_impressions, row.replies)
        for row in rows
    )  # fmt: skip
    table = Table(
        scope.caption("Posts and what came of them, by network"), columns, lines,
        notes=(
            f"The period before is {scope.before().when}.",
        ),
        source=SOURCE, empty=f"Nothing was posted{scope.about} in this period.",
    )  # fmt: skip
    return [table]


def by_kind(scope: Scope) -> list[Block]:
    """How kinds of posts did on the network with most posts: like with like (M10)."""
    network = main_network(scope)
    if network is None:
        return []
    rows = scope.figures("content_type", channel=network.group)
    return [ranked_chart(scope, rows, "kind of post", network.label), Paragraph(
        "Kinds of posts have different aims: a light post is not better than an appeal. Missing-person appeals are "
        "never ranked.")]  # fmt: skip


def by_area(scope: Scope) -> list[Block]:
    """The areas within, on the network with most posts; nothing for an area that holds no other."""
    network = main_network(scope)
    rows = scope.figures("place", channel=network.group) if network is not None else []
    if network is None or len(rows) < 2:
        return []
    return [ranked_chart(scope, rows, "area", network.label), Paragraph(
        "Networks do not tell where readers live: this counts posts about an area. Areas post different kinds of "
        "posts, which alone may set them apart.")]  # fmt: skip


def ranked_chart(scope: Scope, rows: Sequence[FigureRow], group: str, network: str) -> Chart:
    """Bars of the groups that may be held against each other (M09, R11), and a table of all."""
    value, what = sayings.rate_of(rows)
    there = sayings.comparable(rows, value)
    bars = [charts.Bar(shorten(row.label, 40), value(row) or 0.0, say_share(value(row)), row.posts) for row in there]
    head = sayings.headline(rows, value, what=what)
    spoken = "; ".join(f"{bar.label} {bar.shown} from {bar.posts} posts" for bar in bars)
    columns = (
        Column(group.capitalize()), Column("Posts", "count"), Column("Reach of a post", "count", "accounts, median"),
        Column(what.capitalize(), "share", "median"), Column("Replies", "count"),
        Column("Can be compared"),
    )  # fmt: skip
    lines = tuple(
        (row.label, row.posts, _whole(row.reach), value(row), row.replies, _compared(row))
        for row in sorted(rows, key=lambda row: (not row.ranked, row.label))
    )
    return Chart(
        headline=head,
        subtitle=f"{what.capitalize()}, median over posts, by {group}, {network}, {scope.where}, {scope.when}. "
        f"Number of posts in brackets; groups with {ENOUGH_POSTS} posts or more. Of any groups one is highest and one lowest, "
        "by chance alone",
        spec=charts.spec(charts.bars(bars, dark=False)) if len(bars) > 1 else None,
        alt=f"Bar chart. {head} {spoken}.",
        table=Table(
            scope.caption(f"Posts on {network} by {group}"), columns, lines, notes=_never(lines), source=SOURCE
        ),
    )


def _never(lines: Sequence[tuple[Value, ...]]) -> tuple[str, ...]:
    """Why a group with posts enough has no rank."""
    some = any(line[-1] == NEVER for line in lines)
    return ("Never ranked: appeals for missing people, and a group that holds one.",) if some else ()


def by_week(scope: Scope, *, briefly: bool = False) -> list[Block]:
    """How the reach of a post moved, week by week, on the main network.  briefly: a low chart without its table, which the
    chart's description says as well."""
    network = main_network(scope)
    last = min(scope.end - timedelta(seconds=1), scope.now)
    weeks = max(4, -(-((scope.until - scope.since).days + 1) // 7))
    if network is None:
        return []
    rows = weekly_series(scope.session, weeks=weeks, until=last, channel=network.group, place_id=scope.place_id)
    reach = any(row.reach is not None for row in rows)
    what = "median reach of a post" if reach else "median engagement of a post"

    def value(row: FigureRow) -> float | None:
        return row.reach if reach else row.engagement_median

    head = sayings.trend(rows if scope.is_over else rows[:-1], value, what=what)
    gaps = sayings.gaps(rows, value)
    broken = f" {say_count(gaps, 'week')} in between without a report: the line is broken there." if gaps else ""
    points = [(short_week(row.group), value(row)) for row in rows]
    known = [point for point in points if point[1] is not None]
    spoken = "; ".join(f"{row.label} {say_number(value(row))}" for row in rows)
    figures = Table(
        scope.caption(f"Posts on {network.label} by week"),
        (Column("Week from Monday"), Column("Posts", "count"), Column(what.capitalize(), "count", "accounts" if reach
         else "actions"), Column("Replies", "count")),
        tuple((row.label.removeprefix("Week of "), row.posts, _whole(value(row)) if row.posts else "no posts",
               row.replies) for row in rows),
        source=SOURCE,
    )  # fmt: skip
    drawn = charts.spec(charts.weeks(points, dark=False)) if len(known) > 1 else None
    if drawn is not None and briefly:
        drawn["height"] = LOW
    return [
        Chart(
            head, f"{what.capitalize()} by week, {network.label}, {scope.where}, {scope.when}.{broken}",
            drawn, f"Line chart. {head} {spoken}.", figures, beside=not briefly,
        )
    ]  # fmt: skip


def short_week(monday: str) -> str:
    """'7 Sep' for 2026-09-07."""
    day = date.fromisoformat(monday)
    return f"{day.day} {day:%b}"


def most_seen(scope: Scope) -> list[Block]:
    """The posts of each network that most accounts were shown, in their own words; never appeals for the missing (R11)."""
    blocks: list[Block] = []
    for network in networks(scope):
        rows: list[FigureRow] = []
        for kind in scope.figures("content_type", channel=network.group):
            if kind.group not in NEVER_RANKED:
                rows += scope.figures("post", channel=network.group, content_type=kind.group)
        seen = sorted((row for row in rows if row.reach is not None), key=lambda row: (-(row.reach or 0.0), row.group))
        if len(seen) < ENOUGH_POSTS:
            continue
        lines: tuple[tuple[Value, ...], ...] = tuple(
            (_words(scope, row), _whole(row.reach), row.engagement, row.replies) for row in seen[:_MOST_POSTS]
        )
        blocks.append(Table(
            scope.caption(f"Posts on {network.label} that most accounts were shown"),
            (Column("Post"), Column("Reach", "count", "accounts"), Column("Engagement", "count", "actions"),
             Column("Replies", "count")),
            lines, notes=(f"The first {len(lines)} of {say_count(len(seen), 'post')} that report reach.",),
            source=SOURCE,
        ))  # fmt: skip
    if not blocks:
        return [Paragraph(f"No network reports the reach of {ENOUGH_POSTS} posts or more: {TOO_FEW}.")]
    return [*blocks, Paragraph("Missing-person appeals are never ranked and not among them.")]


def _words(scope: Scope, row: FigureRow) -> str:
    """What the post says, so much of it that it can be known again."""
    found = scope.session.get(Publication, int(row.group))
    words = " ".join(found.text.split()) if found is not None and found.text else ""
    return shorten(words, _MOST_LETTERS) or "the words are erased"


def campaigns(scope: Scope) -> list[Block]:
    """The campaigns that ran here in the period, with or without a post, and names that posts carry and nobody planned."""
    posts = {row.group: row.posts for row in scope.figures("campaign") if row.group}
    ran = [
        one for one in list_campaigns(scope.session, CampaignState.RUNNING, CampaignState.CLOSED) if _ran(scope, one)
    ]
    known = {one.name for one in list_campaigns(scope.session)}
    said = [f"{one.title} ({_days(one)}, {one.state}): {_posts(posts.get(one.name, 0), scope)}." for one in ran]
    said += [
        f"{name}, which nobody planned: {_posts(count, scope)}." for name, count in posts.items() if name not in known
    ]
    if not said:
        return [Paragraph(f"No campaign ran{scope.about} in this period.")]
    return [Bullets(tuple(said)), Paragraph("The campaign assessment says what each was for and what came of it.")]


def _ran(scope: Scope, one: Campaign) -> bool:
    """Whether it was for one of these areas, or for all, on a day of the period."""
    areas = areas_for(scope.session, one.id or 0)
    here = (
        not areas
        or scope.place_id is None
        or not set(areas).isdisjoint({*scope.place_ids, *areas_above(scope.session, scope.place_id)})
    )
    begins, ends = one.starts_on, one.ends_on if one.closed_at is None else as_local(one.closed_at).date()
    return here and begins is not None and begins <= scope.until and (ends is None or ends >= scope.since)


def _days(one: Campaign) -> str:
    if one.starts_on is None:
        return "no first day"
    return say_period(one.starts_on, one.ends_on) if one.ends_on else f"from {short_day(one.starts_on)}"


def _posts(count: int, scope: Scope) -> str:
    return (
        f"{say_count(count, 'post')}{scope.about} in this period" if count else f"no post{scope.about} in this period"
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _compared(row: FigureRow) -> str:
    if row.ranked:
        return "yes"
    return TOO_FEW if row.posts < ENOUGH_POSTS and row.group not in NEVER_RANKED else NEVER

"""What posts reached: one network at a time, never added up, and told with where each figure came from (M03, M05).

Reach is the number of different accounts that were shown a post. Networks do not say whose accounts they were, so over
several posts or networks nobody knows how many different people there were: at least as many as the highest single
figure says, and the most is unknown. docs/methods/reach.md has the formulas, what they take for granted and their limits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from statistics import median, quantiles
from typing import Any

from sqlmodel import Session

from insights.chosen import EVERY_POST, Chosen
from insights.denominators import Residents, per_1000, residents_of, residents_of_choice
from insights.facts import AGES
from insights.figures import ENOUGH_POSTS, rate
from insights.labels import CHANNEL_LABELS, label_groups
from insights.reach_posts import Post, Source, posts_of, source_of
from insights.reach_told import Told, told_of, with_moments
from social.sorting import NEVER_RANKED

MOST_UNKNOWN = (
    "How many different people all posts reached together is not known: networks do not say whose accounts they count, "
    "and the same people see several posts."
)
AGE_WORDS = {"1h": "1 hour", "24h": "24 hours", "7d": "7 days", "28d": "28 days"}


@dataclass(frozen=True)
class Spread:
    """The middle of some posts (M09).  n: posts with the figure.  median: None of none.

    low, high: quartiles; None under five posts."""

    n: int = 0
    median: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class AtAge:
    """The figure as counted at one age, of posts that are at least so old.  age: a key of `AGES`.  old_enough: posts.

    Young posts are compared with young posts: of no post is a younger count put in."""

    age: str
    old_enough: int
    reach: Spread


@dataclass(frozen=True)
class Earlier:
    """Posts whose reach was counted by another metric or definition than the latest ones: never in one median with them."""

    source: Source
    reach: Spread


@dataclass(frozen=True)
class ChannelReach:
    """What the posts of a group reached on one network.  Figures are None where the network did not report them (M04).

    posts: publications.  reach: accounts a post, by the latest `source`.  highest: the most any single post or copy
    reached, whichever the source; at least so many accounts were reached.  impressions: showings, added up.
    audience: followers when a post was published, the direct audience.  factor: reach / audience of each post (M05).
    amplification: shares / engagement over posts that report shares, in [0, 1].  page_shares: how often community
    pages on record passed these posts on; pages: how many different ones.  estimated: the highest figure that is
    somebody's estimate, never among the measured; estimated_factor: that / the post's audience.
    per_1000: median reach, and highest_per_1000: the highest, for each 1,000 residents of the group's area."""

    channel: str
    label: str
    posts: int
    source: Source | None = None
    reach: Spread = field(default_factory=Spread)
    highest: Told | None = None
    impressions: int | None = None
    audience: Spread = field(default_factory=Spread)
    factor: Spread = field(default_factory=Spread)
    amplification: float | None = None
    page_shares: int = 0
    pages: int = 0
    estimated: Told | None = None
    estimated_factor: float | None = None
    per_1000: float | None = None
    highest_per_1000: float | None = None
    ages: tuple[AtAge, ...] = ()
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True)
class GroupReach:
    """What a group of posts reached, network by network.

    group: its key as text ('' for none or for all).  highest: the highest single measured figure of all networks: the
    floor.  There is no total and no ceiling: see `MOST_UNKNOWN`.  residents: None where not known.
    ranked: False where the group must not be held against others: under five posts (M09), or one among them is an appeal
    for a missing person (R11)."""

    group: str
    label: str
    posts: int
    channels: tuple[ChannelReach, ...]
    highest: Told | None = None
    highest_channel: str | None = None
    residents: Residents | None = None
    ranked: bool = False

    def as_row(self) -> dict[str, Any]:
        """For JSON: everything above, moments as text."""
        row: dict[str, Any] = plain(asdict(self))
        return {**row, "most": None, "most_is": MOST_UNKNOWN}


def reach_by(session: Session, now: datetime, by: str, chosen: Chosen = EVERY_POST) -> list[GroupReach]:
    """What the chosen posts reached, grouped, in order of the label (weeks: oldest first).

    now: what 'old enough' is told by.  by: a key of `GROUP_COLUMNS`; raises ValueError for another."""
    posts = posts_of(session, chosen, by)
    groups: dict[Any, list[Post]] = {}
    for post in posts:
        groups.setdefault(post.key, []).append(post)
    labels = label_groups(session, by, list(groups))
    known = residents_of(session) if by == "place" else {}
    shared = None if by == "place" else residents_of_choice(session, chosen.place_id)
    told = told_of(session, chosen)
    rows = [
        _group(_text(key), labels[key], there, told, now, known.get(key or 0) if by == "place" else shared)
        for key, there in groups.items()
    ]
    return sorted(_dated(session, rows), key=lambda row: (row.group == "", row.group if by == "week" else row.label))


def reach_of(session: Session, now: datetime, chosen: Chosen = EVERY_POST) -> GroupReach:
    """What all chosen posts reached; of no post a row without networks."""
    posts = posts_of(session, chosen)
    residents = residents_of_choice(session, chosen.place_id)
    whole = _group("", "All posts", posts, told_of(session, chosen), now, residents)
    return _dated(session, [whole])[0]


def _dated(session: Session, rows: Sequence[GroupReach]) -> list[GroupReach]:
    """The highest figures with the moments at which they were fetched, looked up for all at once."""
    dated = with_moments(session, (one.highest for row in rows for one in row.channels))

    def of(told: Told | None) -> Told | None:
        return dated.get(told.publication_id, told) if told is not None and told.page_id is None else told

    return [
        replace(row, highest=of(row.highest),
                channels=tuple(replace(one, highest=of(one.highest)) for one in row.channels))
        for row in rows
    ]  # fmt: skip


def _group(
    group: str, label: str, posts: Sequence[Post], told: dict[int, list[Told]], now: datetime,
    residents: Residents | None,
) -> GroupReach:  # fmt: skip
    names = sorted({post.channel for post in posts}, key=lambda name: CHANNEL_LABELS.get(name, name))
    rows = tuple(_channel(name, [p for p in posts if p.channel == name], told, now, residents) for name in names)
    best = max(
        ((row.highest, row.channel) for row in rows if row.highest), key=lambda one: one[0].value or 0, default=None
    )
    return GroupReach(
        group=group, label=label, posts=len(posts), channels=rows, highest=best[0] if best else None,
        highest_channel=best[1] if best else None, residents=residents,
        ranked=len(posts) >= ENOUGH_POSTS and NEVER_RANKED.isdisjoint(post.content_type for post in posts) and group != "",
    )  # fmt: skip


def _channel(
    name: str, posts: Sequence[Post], told: dict[int, list[Told]], now: datetime, residents: Residents | None
) -> ChannelReach:
    source = latest_source(posts)
    mine = [post for post in posts if source is not None and post.source == source]
    copies = [one for post in posts for one in told.get(post.publication_id, ())]
    best = max((post for post in posts if post.reach is not None), key=lambda post: post.reach or 0, default=None)
    measured = [*([best.told()] if best else []), *(c for c in copies if c.measured and c.value is not None)]
    highest = max(measured, key=lambda one: one.value or 0, default=None)
    guesses = [one for one in copies if not one.measured and one.value is not None]
    estimated = max(guesses, key=lambda one: one.value or 0, default=None)
    followers = {post.publication_id: post.followers for post in posts}
    shown = [post.impressions for post in posts if post.impressions is not None]
    shares = [(post.shares, post.actions) for post in posts if post.shares is not None]
    middle = spread(post.reach for post in mine)
    return ChannelReach(
        channel=name, label=CHANNEL_LABELS.get(name, name.capitalize()), posts=len(posts), source=source_of(source),
        reach=middle, highest=highest, impressions=sum(shown) if shown else None,
        audience=spread(post.followers for post in posts),
        factor=spread(rate(post.reach, post.followers) for post in mine),
        amplification=rate(sum(s for s, _ in shares), sum(a or 0 for _, a in shares)) if shares else None,
        page_shares=len(copies), pages=len({one.page_id for one in copies}), estimated=estimated,
        estimated_factor=rate(estimated.value, followers.get(estimated.publication_id)) if estimated else None,
        per_1000=per_1000(middle.median, residents),
        highest_per_1000=per_1000(highest.value if highest else None, residents),
        ages=tuple(_at_age(age, posts, source, now) for age in AGES), earlier=_earlier(posts, source),
    )  # fmt: skip


def _at_age(age: str, posts: Sequence[Post], source: str | None, now: datetime) -> AtAge:
    old = [post for post in posts if post.published_at + AGES[age].after <= now]
    there = (post.reach_at[age] for post in old if source is not None and post.source_at(age) == source)
    return AtAge(age, len(old), spread(there))


def _earlier(posts: Sequence[Post], latest: str | None) -> tuple[Earlier, ...]:
    others = dict.fromkeys(post.source for post in posts if post.source not in (None, latest))
    return tuple(
        Earlier(source_of(source) or Source(""), spread(post.reach for post in posts if post.source == source))
        for source in others
    )


def latest_source(posts: Sequence[Post]) -> str | None:
    """By which metric and definition the newest post that reports reach was counted; None where none reports it."""
    reporting = [post for post in posts if post.source is not None]
    return max(reporting, key=lambda post: (post.published_at, post.publication_id)).source if reporting else None


def spread(values: Any) -> Spread:
    """The middle of the values that are there; quartiles from five on (M09)."""
    known = [value for value in values if value is not None]
    if not known:
        return Spread()
    if len(known) < ENOUGH_POSTS:
        return Spread(len(known), float(median(known)))
    low, middle, high = quantiles(known, n=4, method="inclusive")
    return Spread(len(known), float(middle), float(low), float(high))


def _text(key: Any) -> str:
    return "" if key is None else str(key)


def plain(value: Any) -> Any:
    """For JSON: days and moments as text, tuples as lists."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value

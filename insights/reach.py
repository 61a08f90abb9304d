"""What posts reached: one network at a time, never added up, and told with where each figure came from (M03, M05).

Reach is the number of different accounts that were shown a post. Networks do not say whose accounts they were, so over
several posts or networks nobody knows how many different people there were: at least as many as the highest single
figure says, and the most is unknown. docs/methods/reach.md has the formulas, what they take for granted and their limits."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from insights.chosen import EVERY_POST, GROUP_COLUMNS, Chosen
from insights.denominators import Residents, per_1000, residents_of, residents_of_choice
from insights.facts import AGES
from insights.figure_sums import key_of
from insights.figures import ENOUGH_POSTS, rate
from insights.labels import CHANNEL_LABELS, label_groups
from insights.packed import NONE, sorted_by
from insights.reach_posts import ReachPosts, Source, day_of, posts_of, source_of
from insights.reach_told import Told, told_of, with_moments
from social.sorting import NEVER_RANKED

if TYPE_CHECKING:
    from insights.packed import Numbers

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
    groups = dict(_grouped(posts_of(session, chosen, by), by))
    labels = label_groups(session, by, list(groups))
    known = residents_of(session) if by == "place" else {}
    shared = None if by == "place" else residents_of_choice(session, chosen.place_id)
    told = told_of(session, chosen)
    rows = [
        _group(_text(key), labels[key], there, told, now, known.get(key or 0) if by == "place" else shared)
        for key, there in groups.items()
    ]
    return sorted(_dated(session, rows), key=lambda row: (row.group == "", row.group if by == "week" else row.label))


def _grouped(posts: ReachPosts, by: str) -> Iterator[tuple[Any, ReachPosts]]:
    import numpy as np

    column = GROUP_COLUMNS[by]
    codes = posts.column(column)
    order = sorted_by(codes)
    for there in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1) if len(posts) else ():
        number = int(codes[there[0]])
        key: Any = posts.words(column)[number] if column in posts.posts.words else number
        if by == "week":
            key = day_of(number)
        yield key_of(by, key), posts.where(there)


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
    group: str, label: str, posts: ReachPosts, told: dict[int, list[Told]], now: datetime,
    residents: Residents | None,
) -> GroupReach:  # fmt: skip
    rows = tuple(_channel(name, part, told, now, residents) for name, part in by_channel(posts))
    best = max(
        ((row.highest, row.channel) for row in rows if row.highest), key=lambda one: one[0].value or 0, default=None
    )
    kinds = {posts.words("content_type")[code] for code in set(posts.column("content_type").tolist())}
    return GroupReach(
        group=group, label=label, posts=len(posts), channels=rows, highest=best[0] if best else None,
        highest_channel=best[1] if best else None, residents=residents,
        ranked=len(posts) >= ENOUGH_POSTS and NEVER_RANKED.isdisjoint(kinds) and group != "",
    )  # fmt: skip


def by_channel(posts: ReachPosts) -> list[tuple[str, ReachPosts]]:
    """The posts of each network by itself, in order of its name for people."""
    channels = posts.column("channel")
    names = {posts.words("channel")[code]: code for code in set(channels.tolist())}
    return [(name, posts.where(channels == names[name])) for name in sorted(names, key=channel_label)]


def channel_label(name: str) -> str:
    """The network's name for people."""
    return CHANNEL_LABELS.get(name, name.capitalize())


def _channel(
    name: str, posts: ReachPosts, told: dict[int, list[Told]], now: datetime, residents: Residents | None
) -> ChannelReach:
    source = latest_source(posts)
    mine = posts.where(posts.source == source) if source != NONE else None
    numbers = set(posts.column("publication_id").tolist()) if told else set()
    copies = [one for number, those in sorted(told.items()) if number in numbers for one in those]
    measured = [*_best(posts), *(c for c in copies if c.measured and c.value is not None)]
    highest = max(measured, key=lambda one: one.value or 0, default=None)
    guesses = [one for one in copies if not one.measured and one.value is not None]
    estimated = max(guesses, key=lambda one: one.value or 0, default=None)
    middle = spread(mine.value) if mine is not None else Spread()
    return ChannelReach(
        channel=name, label=channel_label(name), posts=len(posts),
        source=source_of(posts.sources[source]) if source != NONE else None,
        reach=middle, highest=highest, impressions=_sum(posts.number("impressions")),
        audience=spread(posts.number("followers")),
        factor=spread(_rates(mine.value, mine.number("followers"))) if mine is not None else Spread(),
        amplification=_amplification(posts),
        page_shares=len(copies), pages=len({one.page_id for one in copies}), estimated=estimated,
        estimated_factor=rate(estimated.value, _followers(posts, estimated.publication_id)) if estimated else None,
        per_1000=per_1000(middle.median, residents),
        highest_per_1000=per_1000(highest.value if highest else None, residents),
        ages=tuple(_at_age(age, posts, source, now) for age in AGES), earlier=_earlier(posts, source),
    )  # fmt: skip


def _best(posts: ReachPosts) -> list[Told]:
    """The highest single count, the earliest of equals; none where none is reported."""
    import numpy as np

    if np.isnan(posts.value).all():
        return []
    return [posts.told(posts.oldest(np.flatnonzero(posts.value == np.nanmax(posts.value))))]


def _sum(values: "Numbers") -> int | None:
    import numpy as np

    return None if np.isnan(values).all() else int(np.nansum(values))


def _rates(part: "Numbers", whole: "Numbers") -> "Numbers":
    import numpy as np

    rates: Numbers = part / np.where(whole == 0, np.nan, whole)
    return rates


def _amplification(posts: ReachPosts) -> float | None:
    shares = posts.column("shares")
    there = shares >= 0
    if not there.any():
        return None
    return rate(int(shares[there].sum()), int(posts.column("engagement")[there].sum()))


def _followers(posts: ReachPosts, publication_id: int) -> int | None:
    [followers] = posts.column("followers")[posts.column("publication_id") == publication_id].tolist()
    return followers if followers >= 0 else None


def _at_age(age: str, posts: ReachPosts, source: int, now: datetime) -> AtAge:
    old = posts.is_old(age, now)
    there = old & (posts.source_at(age) == source) & (source != NONE)
    return AtAge(age, int(old.sum()), spread(posts.at(age)[there]))


def _earlier(posts: ReachPosts, latest: int) -> tuple[Earlier, ...]:
    import numpy as np

    others = {code: np.flatnonzero(posts.source == code) for code in set(posts.source.tolist()) - {NONE, latest}}
    first = {code: posts.published_first(there) for code, there in others.items()}
    return tuple(
        Earlier(source_of(posts.sources[code]) or Source(""), spread(posts.value[others[code]]))
        for code in sorted(others, key=first.__getitem__)
    )


def latest_source(posts: ReachPosts) -> int:
    """By which metric and definition the newest post that reports reach was counted; `NONE` where none reports it."""
    import numpy as np

    reporting = np.flatnonzero(posts.source != NONE)
    return int(posts.source[posts.newest(reporting)]) if len(reporting) else NONE


def spread(values: "Numbers") -> Spread:
    """The middle of the values that are numbers; quartiles from five on (M09)."""
    import numpy as np

    known = values[~np.isnan(values)]
    n = len(known)
    if not n:
        return Spread()
    if n < ENOUGH_POSTS:
        return Spread(n, float(median(known.tolist())))
    # As `statistics.quantiles` has it, to the last digit, without sorting a hundred thousand.
    places = [divmod(quarter * (n - 1), 4) for quarter in (1, 2, 3)]
    parted = np.partition(known, sorted({at for place, _ in places for at in (place, min(place + 1, n - 1))}))
    low, middle, high = (
        float((parted[at] * (4 - rest) + parted[min(at + 1, n - 1)] * rest) / 4) for at, rest in places
    )
    return Spread(n, middle, low, high)


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

"""How far posts went: network by network with the floor, the direct audience and the ages, never added up (M03, M05)."""

from insights.chosen import Chosen
from insights.reach import AGE_WORDS, GroupReach, Spread, reach_by, reach_of
from insights.reach_tables import WHY, limits, residents_note, say_told
from insights.reach_told import Told, where_seen
from insights.reaching import answer
from insights.reports.document import Between, Block, Column, Paragraph, Table, Value
from insights.reports.scope import Scope
from insights.reports.sections.posts import SOURCE, TOO_FEW
from social.words import NOT_REPORTED, say_moment

MEANING = (
    ("Middle half", "Half of the posts lie between these two figures; a quarter below them, a quarter above."),
    ("Followers", "The accounts that followed ours when a post went out: the direct audience."),
    ("Reach for each follower", "Reach divided by followers. Above 1, a post went beyond those who follow us."),
    ("Community page", "A page or group of a community, never a person, that the team has on record. Only its sharing of our "
     "posts is noted."),
)  # fmt: skip


def chosen(scope: Scope) -> Chosen:
    """The same posts, as the functions about reach and stance take them."""
    return Chosen(since=scope.start, until=scope.end, place_id=scope.place_id)


def reached(scope: Scope) -> GroupReach:
    return reach_of(scope.session, scope.now, chosen(scope))


def how_far(scope: Scope) -> list[str]:
    """Whether residents are reached, and with what: a sentence each, with what nobody knows."""
    kinds = reach_by(scope.session, scope.now, "content_type", chosen(scope))
    area = scope.where if scope.about else ""
    return answer(area, reached(scope), kinds, "in this period")


def reach(scope: Scope) -> list[Block]:
    """The answer, the table by network, and the same at the same age of each post."""
    whole = reached(scope)
    if not whole.posts:
        return [Paragraph(f"Nothing was posted{scope.about} in this period, so nobody was reached.")]
    first, *rest = how_far(scope)
    return [Paragraph(first, strong=True), *(Paragraph(line) for line in rest), _by_network(scope, whole),
            _by_age(scope, whole), *_estimates(whole), Paragraph(limits(whole))]  # fmt: skip


def _by_network(scope: Scope, whole: GroupReach) -> Table:
    per = whole.residents is not None
    columns = (
        Column("Network"), Column("Posts", "count"), Column("Reach of a post", "count", "accounts, median"),
        Column("Middle half", "figure"), Column("Highest single post", "count", "accounts"),
        Column("Followers", "count", "median"), Column("Reach for each follower", "number", "median"),
        *((Column("Reach for each 1,000 residents", "count", "median"),) if per else ()),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for one in whole.channels:
        rows.append((
            one.label, one.posts, one.reach.median, _half(one.reach) if one.reach.median is not None else NOT_REPORTED,
            one.highest.value if one.highest is not None else None, one.audience.median, one.factor.median,
            *((one.per_1000,) if per else ()),
        ))  # fmt: skip
    notes = [
        f"Highest {where_seen(one.highest, one.label)}: {_in_plain_words(one.highest, one.label)}."
        for one in whole.channels
        if one.highest is not None
    ]
    if whole.residents is not None:
        notes.append(f"{residents_note(whole)} The rate gives the size of a "
                     "figure, not who saw it.")  # fmt: skip
    passed = [f"{one.label} {one.page_shares} times" for one in whole.channels if one.page_shares]
    if passed:
        notes.append(f"Community pages on record passed posts on: {', '.join(passed)}.")
    return Table(scope.caption("Reach by network"), columns, tuple(rows), notes=tuple(notes), source=SOURCE)


def _in_plain_words(one: Told, network: str) -> str:
    """The figure, who counted it and when; what the network calls it is on the page What works."""
    if one.page_id is not None or one.fetched_at is None:
        return say_told(one)
    return f"{one.value:,} accounts, as {network} counts them, read {say_moment(one.fetched_at)}"


def _by_age(scope: Scope, whole: GroupReach) -> Table:
    """Young posts beside young posts: each line holds what posts had reached at that age."""
    rows: list[tuple[Value, ...]] = []
    for one in whole.channels:
        for at in one.ages if one.reach.median is not None else ():
            median: Value = (
                at.reach.median if at.reach.n else WHY["too young" if not at.old_enough else "not looked at"]
            )
            rows.append((f"{one.label}, after {AGE_WORDS[at.age]}", at.old_enough, at.reach.n, median, _half(at.reach)))
    return Table(
        scope.caption("Reach of a post at the same age"),
        (Column("Network and age"), Column("Posts so old", "count"), Column("With a figure", "count"),
         Column("Reach", "count", "median"), Column("Middle half", "figure")), tuple(rows),
        notes=("Posts of one age are compared with posts of the same age: of none a later figure is taken.",), source=SOURCE,
        empty="No network reports the reach of these posts.",
    )  # fmt: skip


def _half(found: Spread) -> Value:
    """'4,273 to 9,368': the quartiles, from five posts on (M09)."""
    if found.low is None or found.high is None:
        return TOO_FEW
    return Between(f"{found.low:,.0f} to {found.high:,.0f}", None, found.low, found.high, share=False)


def _estimates(whole: GroupReach) -> list[Block]:
    """What somebody told and nobody measured, by itself."""
    told = [f"Estimated on {one.label}: {say_told(one.estimated)}." for one in whole.channels if one.estimated]
    return [Paragraph(" ".join(told) + " An estimate is never among the measured figures.")] if told else []

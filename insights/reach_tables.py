"""What reach says in sentences and tables, for pages, files and reports alike."""

from collections.abc import Sequence

from insights.chance import CHANCE, chance_of
from insights.coverage_tables import as_csv as csv_of
from insights.figures import ENOUGH_POSTS
from insights.reach import AGE_WORDS, MOST_UNKNOWN, AtAge, ChannelReach, GroupReach, Spread
from insights.reach_series import LATEST, Series
from insights.reach_told import Told, where_seen
from social.clock import as_local
from social.words import NOT_REPORTED, say_count, say_day, say_moment, say_number, say_share

Line = dict[str, object]
COUNTED_BY = "Highest single post, counted by"
METRIC_WORDS = {"reach": "reach", "impressions": "times shown"}
WHY = {
    "no post": "no post", "not reported": "not reported", "too young": "posts too young yet",
    "not looked at": "no look near that age",
}  # fmt: skip


def headline(whole: GroupReach) -> str:
    """The floor in one sentence, without a total (M03)."""
    if not whole.posts:
        return "Nothing was posted, so nobody was reached."
    if whole.highest is None or whole.highest.value is None:
        return f"How many people were reached is not reported by {' or '.join(c.label for c in whole.channels)}."
    label = next(one.label for one in whole.channels if one.channel == whole.highest_channel)
    where = where_seen(whole.highest, label)
    return f"At least {say_count(whole.highest.value, 'account')} reached, by one post {where}; how many in all is unknown."


def limits(whole: GroupReach) -> str:
    """What the figures do not say."""
    also = "" if whole.residents else " Rates for residents are left out: the population of the area is not on record."
    return f"{MOST_UNKNOWN} Networks do not tell where readers live either.{also}"


def say_spread(found: Spread, digits: int = 0, missing: str = NOT_REPORTED) -> str:
    """'2,400 (1,900 to 3,100; 12 posts)'.  missing: what is said where there is none."""
    if found.median is None:
        return missing
    middle = f"{found.median:,.{digits}f}"
    ends = f"{found.low:,.{digits}f} to {found.high:,.{digits}f}; " if found.low is not None else ""
    few = ", too few to tell" if found.n < ENOUGH_POSTS else ""
    return f"{middle} ({ends}{say_count(found.n, 'post')}{few})"


def say_told(one: Told | None) -> str:
    """The figure, whether it was measured, and when; 'not reported' for none.  `say_source` has the rest."""
    if one is None or one.value is None:
        return NOT_REPORTED
    how = "measured" if one.measured else "estimated"
    by = f", as {one.source} told" if one.page_id else ""
    day = as_local(one.fetched_at).date() if one.fetched_at else None
    when = f", {day.day} {day:%b %Y}" if day else ""
    return f"{one.value:,} ({how}{by}{when})"


def say_source(one: Told | None) -> str:
    """By which of the network's own metrics and which definition of ours, and the moment at which it was fetched."""
    if one is None or one.value is None:
        return NOT_REPORTED
    when = f", fetched {say_moment(one.fetched_at)}" if one.fetched_at else ""
    by = f"{one.source} told" if one.page_id else f"{one.source}, definition {one.definition or 'not kept'}"
    return f"{by}{when}"


def table(whole: GroupReach) -> list[Line]:
    """One line a network."""
    return [_line(one, whole) for one in whole.channels]


def _line(one: ChannelReach, whole: GroupReach) -> Line:
    ages = {f"Reach after {AGE_WORDS[at.age]}": say_spread(at.reach, missing=_why(one, at)) for at in one.ages}
    return {
        "Network": one.label,
        "Posts": one.posts,
        "Reach of a post, median": say_spread(one.reach),
        "Highest single post": say_told(one.highest),
        COUNTED_BY: say_source(one.highest),
        "Times shown": say_number(one.impressions),
        "Followers when posted, median": say_spread(one.audience, missing="not counted yet then"),
        "Reach for each follower, median": say_spread(one.factor, 1 if (one.factor.median or 0) >= 2 else 2, missing=NOT_REPORTED if one.source is None else "followers not counted yet then"),
        "Shares of all engagement": say_share(one.amplification),
        "Passed on by community pages": say_count(one.page_shares, "time") if one.page_shares else "not on record",
        "Estimated, told by a page": say_told(one.estimated) if one.estimated else "no estimate",
        "Estimate for each follower": "no estimate" if one.estimated_factor is None else f"{one.estimated_factor:,.1f}",
        "Median for each 1,000 residents": _rate(one.per_1000, whole),
        "Highest for each 1,000 residents": _rate(one.highest_per_1000, whole),
        **ages,
        "Counted otherwise before": "; ".join(
            f"{part.source.metric}, definition {part.source.definition or 'not kept'}: {say_spread(part.reach)}"
            for part in one.earlier
        ) or "no",
    }  # fmt: skip


def _why(one: ChannelReach, at: AtAge) -> str:
    """Why there is no figure at that age."""
    if one.source is None:
        return NOT_REPORTED
    return WHY["not looked at"] if at.old_enough else "no post so old yet"


def _rate(rate: float | None, whole: GroupReach) -> str:
    if whole.residents is None:
        return "population not known"
    return NOT_REPORTED if rate is None else f"{rate:,.0f}"


def group_table(rows: Sequence[GroupReach]) -> list[Line]:
    """One line a group and network."""
    return [
        {"Group": row.label, **line, "Can be compared": "yes" if row.ranked else "no"}
        for row in rows
        for line in table(row)
    ]


def series_headline(one: Series) -> str:
    """How the later half of the weeks compares with the earlier, within one definition; else why nothing is said."""
    what = METRIC_WORDS[one.metric]
    if not one.segments:
        return f"{one.label} does not report {'reach' if one.metric == 'reach' else 'how often posts are shown'}."
    points = one.segments[-1].points
    if len(points) < 8:
        return f"Too few weeks counted in one way to tell how {what} on {one.label} moves."
    half = len(points) // 2
    first, second = [p.value for p in points[:half]], [p.value for p in points[-half:]]
    early, late = sum(first) / half, sum(second) / half
    if not early or 0.9 <= late / early <= 1.1 or chance_of(first, second) >= CHANCE:
        return f"No clear change in {what} on {one.label} over these {len(points)} weeks."
    return f"{what.capitalize()} on {one.label} went {'up' if late > early else 'down'}: the later weeks stand at {late / early:.0%} of the earlier."


def series_subtitle(one: Series, where: str) -> str:
    """Measure, age, place, time, and where the line is broken."""
    at = "as counted last" if one.age == LATEST else f"{AGE_WORDS[one.age]} after posting"
    there = where if where.startswith(one.label) else f"{one.label}, {where}"
    said = f"{METRIC_WORDS[one.metric].capitalize()} of a post {at}, median by week, {there}."
    if one.changes:
        days = " and ".join(say_day(week) for week in one.changes)
        said += f" Counted in another way from the week of {days}: the line is broken there and dashed before."
    return said


def series_table(one: Series) -> list[Line]:
    """One line a week and definition; a week without a point says why."""
    lines: list[tuple[object, Line]] = [
        (point.week, _week(point.week.isoformat(), f"{point.value:,.0f}", point.n, f"{s.source.metric}, definition "
                           f"{s.source.definition or 'not kept'}"))
        for s in one.segments for point in s.points
    ]  # fmt: skip
    lines += [(gap.week, _week(gap.week.isoformat(), WHY[gap.why], 0, "")) for gap in one.gaps]
    return [line for _, line in sorted(lines, key=lambda pair: str(pair[0]))]


def _week(week: str, value: str, n: int, source: str) -> Line:
    return {"Week of": week, "Median": value, "Posts counted": n, "Counted by": source}


def residents_note(whole: GroupReach) -> str | None:
    """Of which year and source the population is; None where it is not known."""
    if whole.residents is None:
        return None
    year = f", {whole.residents.year}" if whole.residents.year else ", year not kept"
    return f"Residents of {whole.residents.area}: {whole.residents.number:,}{year}, {whole.residents.source or 'source not kept'}."


def as_csv(lines: Sequence[Line], *notes: str | None) -> bytes:
    """The table as a file, with what the figures do not say beneath it; no spreadsheet takes it for formulas."""
    return csv_of(lines, list(lines[0]) if lines else [], notes)

"""What partners outside the force may see: sums alone, small numbers hidden so that none can be worked out (R27).

No post, no alert and no survey stands alone by its words here, and no week: what one of them did is shown by its sum."""

from insights.alert_tables import by_area
from insights.figures import ENOUGH_POSTS, FigureRow
from insights.reports.document import NOT_MEASURED, Block, Column, Paragraph, Table, Value, listed
from insights.reports.scope import Scope
from insights.reports.sections.alerts import measured
from insights.reports.sections.answers import times
from insights.reports.sections.local import asked as things_asked
from insights.reports.sections.posts import SOURCE, TOO_FEW, networks
from insights.reports.small_numbers import HIDDEN, column_shown, count_shown, table_shown, told_apart
from insights.response_times import ResponseRow
from insights.sayings import rate_of
from social.alerts.survey_small_numbers import LEAST
from social.sorting import NEVER_RANKED
from social.words import in_sentence, say_count, say_number

_EVERY_AREA, _EVERY_TEAM = "All areas", "All teams"
_NEVER = "never compared"
NOTE = "Numbers below 5 are hidden, and so is whatever would let a reader work them out."


def by_network(scope: Scope) -> list[Block]:
    """Posts and reach of each network."""
    return [_posts(scope, networks(scope), "Network", "by network")]


def by_kind(scope: Scope) -> list[Block]:
    """The same by kind of post, network by network; only the names of the kinds where no number of them may be shown."""
    blocks: list[Block] = []
    for network in networks(scope):
        rows = scope.figures("content_type", channel=network.group)
        if all(one == HIDDEN for one in column_shown([row.posts for row in rows])):
            blocks.append(Paragraph(_without_numbers(network.label, rows)))
        else:
            blocks.append(_posts(scope, rows, "Kind of post", f"on {network.label} by kind"))
    return [*blocks, Paragraph("Kinds of posts have different aims: a light post is not better than an appeal.")]


def _without_numbers(network: str, rows: list[FigureRow]) -> str:
    kinds = listed([in_sentence(row.label) for row in rows])
    return f"Posts on {network} were of these kinds, each with numbers too small to show: {kinds}."


def _posts(scope: Scope, rows: list[FigureRow], group: str, by: str) -> Table:
    counts = column_shown([row.posts for row in rows])
    value, what = rate_of(rows)
    reported = any(row.reach is not None for row in rows)
    lines = tuple(
        (row.label, posts, *_compared(row, posts, value(row))[0 if reported else 1 :])
        for row, posts in zip(rows, counts, strict=True)
    )
    reach = (Column("Reach of a post", "count", "accounts, median"),) if reported else ()
    of_reach = "Reach is never added up: the same people see several posts." if reported else "No reach is reported."
    return Table(
        scope.caption(f"Posts {by}"),
        (Column(group), Column("Posts", "count"), *reach, Column(what.capitalize(), "share", "median")),
        lines, notes=(NOTE, of_reach), source=SOURCE,
        empty=f"Nothing was posted{scope.about} in this period.",
    )  # fmt: skip


def _compared(row: FigureRow, shown: int | str, rate: float | None) -> tuple[Value, Value]:
    """Reach and rate; of appeals for missing people neither, since those are never held against anything (R11)."""
    if row.group in NEVER_RANKED:
        return _NEVER, _NEVER
    reach = _if_enough(row.reach, row.reach_posts, shown)
    few = f"fewer than {LEAST}" if isinstance(reach, float) and reach < LEAST else reach
    return few, _if_enough(rate, row.posts, shown)


def _if_enough(value: float | None, posts: int, shown: int | str) -> Value:
    """A middle value over five posts or more; one over fewer is a single post's."""
    if value is None:
        return None
    return TOO_FEW if posts < ENOUGH_POSTS or isinstance(shown, str) else value


def replies(scope: Scope) -> list[Block]:
    """How replies were read, area by area."""
    rows = [row for row in scope.figures("place") if row.replies_read]
    counts = dict(zip(told_apart(row.label for row in rows), map(_by_stance, rows), strict=True))
    lines = tuple((label, n, *cells) for label, n, cells in table_shown(counts, _EVERY_AREA))
    return [
        Table(
            scope.caption("Replies by residents"),
            (Column("Area"), Column("Replies sorted", "count"), Column("As critical", "count"), Column("As neutral", "count"),
             Column("As supportive", "count"), Column("Cannot be told", "count")),
            lines, notes=(NOTE, "Counted as a program sorted them. It errs, and these counts do not allow for that, unlike the shares in reports that "
                "stay within the force. They say how replies speak, not what residents think."),
            source="replies under our posts, read by Beatline",
            empty="Fewer than 5 replies have been read in this period: too few to show.",
        )
    ]  # fmt: skip


def _by_stance(row: FigureRow) -> tuple[int, ...]:
    shares = (row.share_negative, row.share_neutral, row.share_positive, row.share_unknown)
    return tuple(round((share or 0.0) * row.replies_read) for share in shares)


def answered(scope: Scope) -> list[Block]:
    """Questions and complaints by team."""
    found = times(scope)
    rows = [row for row in found.teams if row.received]
    counts = dict(zip(told_apart(row.label for row in rows), map(_by_fate, rows), strict=True))
    shown = table_shown(counts, _EVERY_TEAM)
    if shown and all(cell == HIDDEN for cell in shown[-1][2]):  # a table of hidden cells tells no more than its sums
        asked_for = Table(
            scope.caption("Questions and complaints by residents"), (Column("Team"), Column("Asked", "count")),
            tuple((label, n) for label, n, _ in shown),
            notes=("How many were answered is hidden: the numbers are small, or would tell of one that is.",),
            source="replies under our posts, read by Beatline",
        )  # fmt: skip
        return [asked_for]
    lines = tuple((label, n, *cells) for label, n, cells in shown)
    return [
        Table(
            scope.caption("Questions and complaints by residents"),
            (Column("Team"), Column("Asked", "count"), Column("Answered within 72 hours", "count"),
             Column("Answered later", "count"), Column("Without an answer", "count")),
            lines, notes=(NOTE,), source="replies under our posts, read by Beatline",
            empty="Fewer than 5 questions and complaints were written in this period: too few to show.",
        )
    ]  # fmt: skip


def _by_fate(row: ResponseRow) -> tuple[int, ...]:
    return row.in_time, row.answered - row.in_time, row.received - row.answered


def alerts(scope: Scope) -> list[Block]:
    """Alerts by area, of areas with members enough."""
    found = measured(scope)
    heads = (("Residents", "Residents"), ("Replies", "Replies"), ("Useful: yes", "Useful: yes"),
             ("Useful: answers", "Useful: answers"), ("Left within 7 days", "Left within 7 days"))  # fmt: skip
    lines = by_area(found, plain=True) if found.alerts else []
    rows: list[tuple[Value, ...]] = [
        (str(line["Area"]), *(value if isinstance(value := line[head], str | int) else None for head, _ in heads))
        for line in lines
    ]
    return [
        Table(
            scope.caption("Residents told by alerts"),
            (Column("Area"), *(Column(said, "count") for _, said in heads)), tuple(rows),
            notes=(NOTE, "Who was told of two alerts counts twice."), source="Beatline's own record of messages",
            empty=f"No alert went out{scope.about} in this period, or too few residents were told to show any number.",
        ),
        Paragraph("Residents who get alerts and accounts that see posts are counted in different ways and are never added up."),
    ]  # fmt: skip


def asked(scope: Scope) -> list[Block]:
    """How much was asked for and how much of it something was done about."""
    return [Paragraph(_asked_in_words(scope))]


def _asked_in_words(scope: Scope) -> str:
    found = things_asked(scope)
    done = sum(any(deed.done_on <= scope.until for deed in one.done) for one in found)
    if not found:
        return f"What residents of {scope.where} asked for: {NOT_MEASURED}."
    if len(found) < LEAST or 0 < done < LEAST or 0 < len(found) - done < LEAST:
        return (
            f"Residents asked for {_said(len(found))} things. How many of them something was done about is hidden, since "
            "it is small or would tell of a number that is."
        )
    return f"Residents asked for {say_count(len(found), 'thing')}; something was done about {done:,} of them."


def in_short(scope: Scope) -> tuple[str, ...]:
    """What to know when there is time for nothing else: from the same numbers as the tables, as they may be shown."""
    rows = networks(scope)
    said = [] if rows else [f"Nothing was posted{scope.about} in this period."]
    for row, posts in zip(rows, column_shown([row.posts for row in rows]), strict=True):
        if posts == HIDDEN:
            said.append(
                f"On {row.label} the number of posts is hidden, since it is small or would tell of one that is."
            )
        elif row.reach is None or row.reach_posts < ENOUGH_POSTS:
            said.append(
                f"{say_count(row.posts, 'post')} on {row.label}; how many accounts a post reached is not known."
            )
        else:
            said.append(
                f"{say_count(row.posts, 'post')} on {row.label}; half of them reached {row.reach:,.0f} accounts or more."
            )
    return (*said, _replied(scope), _asked_in_words(scope))


def _replied(scope: Scope) -> str:
    """How much residents wrote, each number as the tables have it."""
    read = sum(row.replies_read for row in scope.figures("place"))
    asked_us = times(scope).total.received
    return f"Residents wrote {_said(read)} replies that were sorted, and {_said(asked_us)} questions and complaints."


def _said(count: int) -> str:
    """As it may be shown, the way it is read in a sentence."""
    shown = count_shown(count)
    return shown if isinstance(shown, str) else say_number(shown)

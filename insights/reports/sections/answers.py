"""What residents replied, and how soon their questions and complaints were answered."""

from insights import charts, sayings
from insights.figures import ENOUGH_POSTS, totals
from insights.reports.document import Block, Chart, Column, Table
from insights.reports.scope import Scope
from insights.response_tables import headline, in_words
from insights.response_times import ENOUGH_ANSWERS, ResponseRow, ResponseTimes, response_times
from social.words import say_count, say_share


def replies(scope: Scope) -> list[Block]:
    """How replies were read, by kind of post: shares with what cannot be told."""
    total = totals(scope.session, since=scope.start, until=scope.end, place_id=scope.place_id)
    rows = [row for row in scope.figures("content_type") if row.replies_read]
    drawn = [
        (row.label, dict(zip(charts.MOODS, (row.share_negative or 0.0, row.share_neutral or 0.0,
                                            row.share_positive or 0.0, row.share_unknown or 0.0), strict=True)))
        for row in rows if row.ranked
    ]  # fmt: skip
    head = sayings.mood_headline(total)
    spoken = "; ".join(f"{label}: " + ", ".join(f"{mood.lower()} {share:.0%}" for mood, share in parts.items())
                       for label, parts in drawn)  # fmt: skip
    table = Table(
        scope.caption("Replies by kind of post"),
        (Column("Kind of post"), Column("Posts", "count"), Column("Replies read", "count"), Column("Critical", "share"),
         Column("Neutral", "share"), Column("Supportive", "share"), Column("Cannot be told", "share")),
        tuple((row.label, row.posts, row.replies_read, row.share_negative, row.share_neutral, row.share_positive,
               row.share_unknown) for row in rows),
        notes=("Read by a program that errs, and put right where staff said otherwise. Replies in a language that cannot "
               "be scored count as 'cannot be told', never as neutral.",),
        source="replies under our posts, read by Beatline", empty="No replies have been read in this period.",
    )  # fmt: skip
    return [
        Chart(
            head, f"Share of the replies that were read, by kind of post, {scope.where}, {scope.when}; kinds with "
            f"{ENOUGH_POSTS} posts or more", charts.spec(charts.shares(drawn, dark=False)) if drawn else None,
            f"Stacked bars. {head} {spoken}.", table,
        )
    ]  # fmt: skip


def times(scope: Scope) -> ResponseTimes:
    """How soon questions and complaints written in the period were answered."""
    return response_times(scope.session, scope.now, since=scope.start, until=scope.end, place_id=scope.place_id)


def answered(scope: Scope) -> list[Block]:
    """The team table, and bars where several teams have enough."""
    found = times(scope)
    bars = [
        charts.Bar(row.label, row.share_in_time, say_share(row.share_in_time), row.received)
        for row in found.teams
        if row.share_in_time is not None and row.received >= ENOUGH_ANSWERS
    ]
    rows = (*found.teams, found.total) if len(found.teams) > 1 else (found.total,)
    spoken = "; ".join(f"{bar.label} {bar.shown} of {bar.posts}" for bar in bars)
    table = Table(
        scope.caption("Questions and complaints, and their answers"),
        (Column("Team"), Column("Asked", "count"), Column("Answered", "count"), Column("Within 72 hours", "count"),
         Column("Closed without answer", "count"), Column("Waiting, in time", "count"), Column("Overdue", "count"),
         Column("Half answered within")),
        tuple(_line(row) for row in rows if row.received),
        notes=("72 hours is what neighbourhood policing has promised (Neighbourhood Policing Guarantee). Weekends count.",),
        source="replies under our posts, read by Beatline", empty="No question and no complaint was written.",
    )  # fmt: skip
    return [
        Chart(
            headline(found), f"Share answered within 72 hours, of those answered or overdue, {scope.where}, {scope.when}. "
            "Number asked in brackets", charts.spec(charts.bars(bars, dark=False)) if len(bars) > 1 and any(bar.value for bar in bars) else None,
            f"Bar chart. {headline(found)} {spoken}.", table,
        )
    ]  # fmt: skip


def in_short(scope: Scope) -> str:
    """The same in a sentence that can stand alone."""
    found = times(scope)
    if not found.total.received:
        return headline(found)
    asked = say_count(found.total.received, "question or complaint", "questions and complaints")
    return f"{asked} came in. Of those answered or overdue, {headline(found)}"


def _line(row: ResponseRow) -> tuple[str | int, ...]:
    half = in_words(row.minutes) if row.minutes is not None else "too few to tell"
    return (row.label, row.received, row.answered, row.in_time, row.closed, row.running, row.overdue, half)

"""What residents replied, and how soon their questions and complaints were answered."""

from insights import charts
from insights.reports.document import Between, Block, Chart, Column, Table, Value
from insights.reports.scope import Scope
from insights.reports.sections.reach import chosen
from insights.response_tables import headline, in_words
from insights.response_times import ENOUGH_ANSWERS, ResponseRow, ResponseTimes, response_times
from insights.sentiment import FEW, Sentiment, sentiment_by, sentiment_of
from insights.sentiment_tables import LIMITS, basis, say_estimate
from insights.sentiment_tables import headline as sentiment_headline
from insights.shares import CLASSES
from social.sorting import NEVER_RANKED
from social.words import say_count, say_share


def replies(scope: Scope) -> list[Block]:
    """Shares of critical, neutral and supportive replies, corrected for the analyser's errors, with intervals (M06)."""
    found = sentiment_of(scope.session, chosen(scope))
    rows = [row for row in sentiment_by(scope.session, "content_type", chosen(scope)) if row.read or row.unknown]
    bars = [
        charts.Range(row.label, one.estimate, one.low, one.high, say_estimate(one), row.read)
        for row in rows
        if not row.few and row.group not in NEVER_RANKED and (one := row.shares["negative"])
    ]
    head = sentiment_headline(found)
    spoken = "; ".join(f"{bar.label} {bar.shown} of {bar.n}" for bar in bars)
    lines = [(row.label, row) for row in rows] + ([("All kinds", found)] if len(rows) > 1 else [])
    table = Table(
        scope.caption("Replies by kind of post"),
        (Column("Kind of post"), Column("Replies read", "count"), Column("Critical", "figure"), Column("Neutral", "figure"),
         Column("Supportive", "figure"), Column("Cannot be told", "share")),
        tuple((label, row.read, *(_share(row, name) for name in CLASSES), row.unknown_share) for label, row in lines),
        notes=(basis(found), LIMITS), source="replies under our posts, read by Beatline",
        empty="",
    )  # fmt: skip
    return [
        Chart(
            head, f"Share of critical replies with its 95% interval, by kind of post, {scope.where}, {scope.when}; kinds "
            f"with {FEW} replies or more; behind the interval the number of replies", charts.spec(charts.whiskers(bars)) if len(bars) > 1 else None,
            f"Chart of shares with intervals. {head} {spoken}.", table,
        )
    ]  # fmt: skip


def _share(row: Sentiment, name: str) -> Value:
    one = row.shares.get(name)
    if row.few or one is None:
        return "too few to tell" if row.few else say_estimate(one)
    return Between(say_estimate(one), one.estimate, one.low, one.high)


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
         Column("Half answered within", "figure")),
        tuple(_line(row) for row in rows if row.received),
        notes=("72 hours is what neighbourhood policing has promised (Neighbourhood Policing Guarantee). Weekends count.",),
        source="replies under our posts, read by Beatline", empty="",
    )  # fmt: skip
    return [
        Chart(
            headline(found), f"Share answered within 72 hours, of those answered or overdue, {scope.where}, {scope.when}. "
            "Number asked in brackets", charts.spec(charts.bars(bars, dark=False)) if len(bars) > 1 and any(bar.value for bar in bars) else None,
            f"Bar chart. {headline(found)} {spoken}.", table,
        )
    ]  # fmt: skip


def mood(scope: Scope) -> str:
    """The critical share in a sentence, or why nothing is said."""
    return sentiment_headline(sentiment_of(scope.session, chosen(scope)))


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

"""What pages ask of the figures, as functions and, where none asks just that, as one query; and the same without facts
(`bench.figures_plain`)."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import text
from sqlmodel import Session

from bench import figures_plain as plain
from bench.figures_fill import NOW
from insights.chosen import Chosen
from insights.coverage import coverage
from insights.drilldown import drill_down
from insights.figures import figures_by, totals, weekly_series
from insights.reach import reach_of
from insights.reach_series import reach_series
from insights.response_times import response_times
from insights.sentiment import sentiment_of
from insights.weeks import week_of

Asked = Callable[[Session, int], object]
"""A question, asked for the n-th time: of another place each time where it is of one."""
YEAR, QUARTER, MONTH = NOW - timedelta(weeks=52), NOW - timedelta(weeks=12), NOW - timedelta(days=28)


def week_before(weeks: int) -> date:
    return week_of(NOW - timedelta(weeks=weeks))


def questions(places: list[int]) -> dict[str, Asked]:
    def of(turn: int) -> int:
        return places[turn * 17 % len(places)]

    def sql(query: str) -> Asked:
        return lambda session, turn: session.connection().execute(text(query), {"place": of(turn)}).all()

    return {
        "by kind, 12 weeks": lambda s, _: figures_by(s, "content_type", since=QUARTER),
        "by place, 12 weeks": lambda s, _: figures_by(s, "place", since=QUARTER),
        "by network, 12 weeks": lambda s, _: figures_by(s, "channel", since=QUARTER),
        "by account, 12 weeks": lambda s, _: figures_by(s, "account", since=QUARTER),
        "all posts, 12 weeks": lambda s, _: totals(s, since=QUARTER),
        "a division by kind, 12 weeks": lambda s, turn: figures_by(
            s, "content_type", since=QUARTER, place_id=2 + turn % 6
        ),
        "52 weeks, week by week": lambda s, _: weekly_series(s, weeks=52, until=NOW),
        "by kind, all years": lambda s, _: figures_by(s, "content_type"),
        "by place, all years": lambda s, _: figures_by(s, "place"),
        "all posts, all years": lambda s, _: totals(s),
        "one neighbourhood by kind": lambda s, turn: figures_by(s, "content_type", place_id=of(turn)),
        "posts of a neighbourhood, 28 days": lambda s, turn: figures_by(s, "post", since=MONTH, place_id=of(turn)),
        "engagement by place and kind, 26 weeks": sql(
            "SELECT coalesce(place_id, 0), coalesce(content_type, ''), sum(reactions + replies + shares + clicks + saves) FROM weeklyfacts "
            f"WHERE week >= '{week_before(26)}' GROUP BY coalesce(place_id, 0), coalesce(content_type, '')"
        ),
        "sentiment by place and kind, 26 weeks": sql(
            "SELECT coalesce(place_id, 0), coalesce(content_type, ''), sum(n_negative), sum(n_neutral), sum(n_positive), sum(n_unknown) "
            f"FROM weeklyfacts WHERE week >= '{week_before(26)}' GROUP BY coalesce(place_id, 0), coalesce(content_type, '')"
        ),
        "104 weeks, week by week": lambda s, _: weekly_series(s, weeks=104, until=NOW),
        "20 posts most replied to, 28 days": sql(
            "SELECT publication_id, replies_stored, n_negative * 1.0 / replies_read FROM publicationfacts "
            f"WHERE published_at >= '{MONTH:%Y-%m-%d %H:%M:%S}' AND replies_read > 0 ORDER BY replies_stored DESC LIMIT 20"
        ),
        "weekday and hour, one neighbourhood": sql(
            "SELECT local_weekday, local_hour, count(*), avg(replies_stored) FROM publicationfacts "
            "WHERE place_id = :place GROUP BY local_weekday, local_hour"
        ),
        "negative share by place, 8 weeks before and after": sql(
            f"SELECT place_id, week >= '{week_before(8)}', sum(n_negative), sum(replies_read) FROM weeklyfacts "
            f"WHERE week >= '{week_before(16)}' GROUP BY 1, 2"
        ),
        "reach, 28 days": lambda s, _: reach_of(s, NOW, Chosen(since=MONTH)),
        "reach, a year": lambda s, _: reach_of(s, NOW, Chosen(since=YEAR)),
        "reach of a network, 52 weeks, week by week": lambda s, _: reach_series(
            s, weeks=52, until=NOW, chosen=Chosen(channel="x")
        ),
        "reach about a neighbourhood, a year": lambda s, turn: reach_of(s, NOW, Chosen(since=YEAR, place_id=of(turn))),
        "what replies say, a year": lambda s, _: sentiment_of(s, Chosen(since=YEAR)),
        "drill down from the force, a year": lambda s, _: drill_down(s, since=YEAR),
        "answers by team, 28 days": lambda s, _: response_times(s, NOW, since=MONTH),
        "coverage of every area": lambda s, _: coverage(s, NOW),
    }


def plain_questions(places: list[int]) -> dict[str, Asked]:
    """The same asked of posts, counts, replies and readings themselves; without those that read no facts in any case."""

    def of(turn: int) -> int:
        return places[turn * 17 % len(places)]

    half, sixteen = NOW - timedelta(weeks=26), NOW - timedelta(weeks=16)
    return {
        "by kind, 12 weeks": lambda s, _: plain.figures(s, "content_type", since=QUARTER),
        "by place, 12 weeks": lambda s, _: plain.figures(s, "place", since=QUARTER),
        "by network, 12 weeks": lambda s, _: plain.figures(s, "channel", since=QUARTER),
        "by account, 12 weeks": lambda s, _: plain.figures(s, "account", since=QUARTER),
        "all posts, 12 weeks": lambda s, _: plain.figures(s, since=QUARTER),
        "a division by kind, 12 weeks": lambda s, turn: plain.figures(
            s, "content_type", since=QUARTER, place_id=2 + turn % 6
        ),
        "52 weeks, week by week": lambda s, _: plain.figures(s, "week", since=YEAR),
        "by kind, all years": lambda s, _: plain.figures(s, "content_type"),
        "by place, all years": lambda s, _: plain.figures(s, "place"),
        "all posts, all years": lambda s, _: plain.figures(s),
        "one neighbourhood by kind": lambda s, turn: plain.figures(s, "content_type", place_id=of(turn)),
        "posts of a neighbourhood, 28 days": lambda s, turn: plain.figures(s, "post", since=MONTH, place_id=of(turn)),
        "engagement by place and kind, 26 weeks": lambda s, _: plain.counts(s, "place and kind", since=half),
        "sentiment by place and kind, 26 weeks": lambda s, _: plain.shares(s, "place and kind", since=half),
        "104 weeks, week by week": lambda s, _: plain.figures(s, "week"),
        "20 posts most replied to, 28 days": lambda s, _: plain.shares(s, "post", since=MONTH),
        "weekday and hour, one neighbourhood": lambda s, turn: plain.hours(s, of(turn)),
        "negative share by place, 8 weeks before and after": lambda s, _: plain.shares(s, "place", since=sixteen),
        "reach, 28 days": lambda s, _: plain.counts(s, "channel", since=MONTH),
        "reach, a year": lambda s, _: plain.counts(s, "channel", since=YEAR),
        "reach of a network, 52 weeks, week by week": lambda s, _: plain.counts(s, "week", since=YEAR, channel="x"),
        "reach about a neighbourhood, a year": lambda s, turn: plain.counts(
            s, "channel", since=YEAR, place_id=of(turn)
        ),
        "what replies say, a year": lambda s, _: plain.shares(s, since=YEAR),
        "drill down from the force, a year": lambda s, _: plain.figures(s, "place", since=YEAR),
        "coverage of every area": lambda s, _: plain.last_posts(s),
    }

"""Graph insights with the metric names of today. A retired or invented name fails the whole request, as it does there."""

from datetime import timedelta
from typing import Any

from social.practice import conversation
from social.practice.graph_errors import graph_error
from social.practice.residents import Figures
from social.practice.store import Post
from social.practice.world import World, from_ms, to_ms

_DAY_MS = 86_400_000
_REACTION_KEYS = {
    "LIKE": "like", "LOVE": "love", "CARE": "care", "WOW": "wow", "HAHA": "haha", "SAD": "sorry", "ANGRY": "anger",
}  # fmt: skip
POST_METRICS = (
    "post_media_view", "post_total_media_view_unique", "post_clicks", "post_clicks_by_type",
    "post_reactions_by_type_total", "post_reactions_like_total", "post_reactions_love_total",
    "post_reactions_wow_total", "post_reactions_haha_total", "post_reactions_sorry_total",
    "post_reactions_anger_total", "post_activity_by_action_type", "post_video_views",
)  # fmt: skip
PAGE_METRICS = (
    "page_media_view", "page_total_media_view_unique", "page_follows", "page_daily_follows",
    "page_daily_follows_unique", "page_daily_unfollows_unique", "page_post_engagements", "page_views_total",
    "page_total_actions",
)  # fmt: skip


def asked_metrics(given: str, known: tuple[str, ...]) -> list[str]:
    """The metrics of a request.  Raises Halt when none is named or one is not known."""
    asked = [name.strip() for name in given.strip("[] ").replace('"', "").split(",") if name.strip()]
    if not asked:
        raise graph_error(3001, "(#3001) You must specify a metric", subcode=1504028)
    if not set(asked) <= set(known):
        raise graph_error(100, "(#100) The value must be a valid insights metric")
    return asked


def post_insights(world: World, post: Post, given: str) -> dict[str, Any]:
    """The answer for one post: lifetime values."""
    figures = conversation.figures(post, world.now_ms())
    comments = len(conversation.said_under(world.store, post, world.now_ms()))
    data = []
    for metric in asked_metrics(given, POST_METRICS):
        value = _post_value(metric, figures, comments)
        data.append(_metric(post.platform_id, metric, "lifetime", [{"value": value}]))
    return {"data": data, "paging": {}}


def _post_value(metric: str, figures: Figures, comments: int) -> int | dict[str, int]:
    by_type = {_REACTION_KEYS[name]: count for name, count in figures.reactions.items() if count}
    plain: dict[str, int | dict[str, int]] = {
        "post_media_view": figures.impressions,
        "post_total_media_view_unique": figures.reach,
        "post_clicks": figures.clicks,
        "post_clicks_by_type": {"link clicks": figures.clicks // 4, "other clicks": figures.clicks - figures.clicks // 4},
        "post_reactions_by_type_total": by_type,
        "post_activity_by_action_type": {
            name: count
            for name, count in (("like", figures.reaction_count), ("comment", comments), ("share", figures.shares))
            if count
        },
        "post_video_views": 0,
    }  # fmt: skip
    if metric in plain:
        return plain[metric]
    return by_type.get(metric.removeprefix("post_reactions_").removesuffix("_total"), 0)


def page_insights(world: World, params: dict[str, str]) -> dict[str, Any]:
    """The answer for the page: one value a day, at most 90 days."""
    metrics = asked_metrics(params.get("metric", ""), PAGE_METRICS)
    period = params.get("period", "day")
    if period != "day":
        raise graph_error(100, "(#100) The practice network reports page insights by day; ask with period=day")
    now = world.now_ms()
    end = min(_seconds(params.get("until")) or now, now)
    start = _seconds(params.get("since")) or end - 2 * _DAY_MS
    if end - start > 90 * _DAY_MS:
        raise graph_error(100, "(#100) There cannot be more than 90 days (7776000 s) between since and until")
    days = []
    midnight = from_ms(start).replace(hour=8, minute=0, second=0, microsecond=0)
    while to_ms(midnight) <= end:
        if to_ms(midnight) > start:
            days.append(to_ms(midnight))
        midnight += timedelta(days=1)
    counted = {day: _page_day(world, day) for day in days}
    data = [
        _metric(world.page_id, metric, "day", [
            {"value": counted[day][metric], "end_time": graph_time(day)} for day in days
        ])
        for metric in metrics
    ]  # fmt: skip
    return {"data": data, "paging": {}}


def _seconds(given: str | None) -> int | None:
    """Epoch seconds as milliseconds; None when none are given."""
    if not given:
        return None
    if not given.isdecimal() or len(given) > 11:
        raise graph_error(100, "(#100) Params since and until must be times in epoch seconds")
    return int(given) * 1000


def _page_day(world: World, end_ms: int) -> dict[str, int]:
    """What the posts of the past week gained in the day that ends then."""
    views = reach = engaged = clicks = 0
    for post in world.store.posts("facebook", after_ms=end_ms - 7 * _DAY_MS, before_ms=end_ms, limit=500):
        after, before = conversation.figures(post, end_ms), conversation.figures(post, end_ms - _DAY_MS)
        views += after.impressions - before.impressions
        reach += after.reach - before.reach
        clicks += after.clicks - before.clicks
        engaged += after.reaction_count + after.shares - before.reaction_count - before.shares
    follows = 7 + end_ms // _DAY_MS * 31 % 9
    return {
        "page_media_view": views,
        # Residents who saw two posts count once; how many did is not simulated, so a steady share is taken off.
        "page_total_media_view_unique": int(reach * 0.8),
        "page_follows": world.followers("facebook"),
        "page_daily_follows": follows,
        "page_daily_follows_unique": follows,
        "page_daily_unfollows_unique": follows // 3,
        "page_post_engagements": engaged + clicks,
        "page_views_total": clicks * 2 + 40,
        "page_total_actions": clicks // 9,
    }


def _metric(object_id: str, name: str, period: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    words = name.replace("_", " ").capitalize()
    return {
        "name": name, "period": period, "values": values, "title": words, "description": f"{words} (practice network)",
        "id": f"{object_id}/insights/{name}/{period}",
    }  # fmt: skip


def graph_time(moment_ms: int) -> str:
    return from_ms(moment_ms).strftime("%Y-%m-%dT%H:%M:%S+0000")

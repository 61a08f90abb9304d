"""'Are we reaching people in Copperbeck, and with what?', answered in sentences that say what is not known.

All networks, each by itself: reach is never added up (M03). Nobody knows where readers live, so the answer is about posts
on the area; a rate for each 1,000 residents gives the size of a figure, not who saw it (D09)."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from insights.chosen import Chosen
from insights.figures import ENOUGH_POSTS
from insights.reach import GroupReach, reach_by, reach_of
from insights.reach_told import where_seen
from social.sorting import NEVER_RANKED
from social.words import in_sentence, say_count

MOST_KINDS = 3


def reaching(session: Session, now: datetime, area: str, chosen: Chosen, period: str) -> list[str]:
    """The answer for posts about `area`.  chosen: its place and the period; period: in words, 'in the last 28 days'."""
    whole = reach_of(session, now, chosen)
    return answer(area, whole, reach_by(session, now, "content_type", chosen), period)


def answer(area: str, whole: GroupReach, kinds: Sequence[GroupReach], period: str) -> list[str]:
    """One sentence on how far, one on what is not known, one on with what; or one that nothing was posted.

    area: '' for the whole force."""
    if not whole.posts:
        about = f"was about {area}" if area else "went out"
        return [f"No post {about} {period}, so nobody was reached by one."]
    return [_how_far(area, whole, period), *_not_known(whole), _with_what(kinds)]


def _how_far(area: str, whole: GroupReach, period: str) -> str:
    begun = f"{say_count(whole.posts, 'post was', 'posts were')} about {area} {period}" if area else (
        f"{say_count(whole.posts, 'post')} went out {period}"
    )  # fmt: skip
    if whole.highest is None or whole.highest.value is None:
        return f"{begun}. How many people they reached is not reported by {_networks(whole)}."
    label = next(one.label for one in whole.channels if one.channel == whole.highest_channel)
    one = "it" if whole.posts == 1 else "any of them"
    where = where_seen(whole.highest, label)
    return (
        f"{begun}. The most that {one} reached is {say_count(whole.highest.value, 'account')}, {where}{_rate(whole)}."
    )


def _rate(whole: GroupReach) -> str:
    if whole.residents is None or whole.highest is None or whole.highest.value is None:
        return ""
    per = 1000 * whole.highest.value / whole.residents.number
    return f": {per:,.0f} for each 1,000 of its {whole.residents.number:,} residents"


def _not_known(whole: GroupReach) -> list[str]:
    if whole.highest is None:
        return []
    silent = [one.label for one in whole.channels if one.highest is None]
    also = f" {' and '.join(silent)} {'reports' if len(silent) == 1 else 'report'} no reach." if silent else ""
    return [
        "How many of these accounts are residents, and how many different people all posts reached together, nobody "
        f"knows.{also}"
    ]


def _networks(whole: GroupReach) -> str:
    return " or ".join(one.label for one in whole.channels)


def _with_what(kinds: Sequence[GroupReach]) -> str:
    """The kinds there are most of, never by how far they reached: their aims differ (M10)."""
    told = sorted((one for one in kinds if one.group and one.group not in NEVER_RANKED), key=lambda one: -one.posts)
    said = [
        f"of {channel.reach.n} {in_sentence(kind.label)} posts on {channel.label}, half reached "
        f"{channel.reach.median:,.0f} accounts or more"
        for kind in told
        for channel in kind.channels
        if channel.reach.median is not None and channel.reach.n >= ENOUGH_POSTS
    ][:MOST_KINDS]
    if said:
        sentence = "; ".join(said)
        return f"With what: {sentence}. Kinds of post have different aims, so that one is not better than another."
    there = ", ".join(f"{in_sentence(one.label)} ({one.posts})" for one in told[:MOST_KINDS])
    return f"With what: too few to tell, as no kind of post has {ENOUGH_POSTS} with this figure. {_mostly(there)}"


def _mostly(there: str) -> str:
    return f"Posted were: {there}." if there else "The kinds that there were are not held against others."

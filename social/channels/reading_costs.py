"""What reading takes on each network, and what its limits leave for it, for the plan of what to read next.

X counts requests and charges by the post (prices read in August 2026, see `prices.py`). Facebook charges nothing and tells its
limit in per cent of an allowance whose size it keeps to itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from social.channels.facebook_limits import SLOW_FROM
from social.channels.prices import milli
from social.collect_budget import Cost
from social.limits import RateLimit
from social.settings import Settings

X_PAGE = 100
_WINDOW = timedelta(minutes=15)
"""X's windows; the end of one that is open is not kept, so what was told is believed for as long as one lasts."""
_FACEBOOK_LOOK = 3
_SCARCE_FROM = 50
"""Per cent of Facebook's allowance from which looks are counted."""


def reading_cost(channel: str, settings: Settings) -> Cost:
    """What one look takes."""
    if channel == "x":
        each = milli(settings.x_read_pence)
        return Cost(requests=1, page=X_PAGE, item=each, figures=each, aside=X_PAGE * each)
    if channel == "facebook":  # comments, counts, insights
        return Cost(requests=_FACEBOOK_LOOK, page=100)
    return Cost()


def requests_left(channel: str, known: Sequence[RateLimit], now: datetime) -> tuple[int, datetime] | None:
    """How many requests for reading may leave, and until when that holds; None where nothing is known to be scarce.

    known: what the answers said of the account's and its app's limits.

    Facebook's per cents are taken for looks: from half of the allowance on, one for each per cent that is left
    before reading is slowed down. That is a guess on the safe side; the headers correct it within the window."""
    fresh = [one for one in known if one.remaining is not None and now - one.seen_at < _WINDOW]
    if channel == "x":
        searches = [one for one in fresh if one.family in ("search", "search a day")]
        counts = [(one.remaining or 0, one.seen_at + _WINDOW) for one in searches]
    elif channel == "facebook":
        used = [(100 - (one.remaining or 0), one.seen_at + _WINDOW) for one in fresh if one.family == "everything"]
        counts = [
            (max(SLOW_FROM - percent, 0) * _FACEBOOK_LOOK, ends) for percent, ends in used if percent >= _SCARCE_FROM
        ]
    else:
        counts = []
    return min(counts, default=None)

"""What reading takes on each network, and what its limits leave for it, for the plan of what to read next.

X counts requests and charges by the post (prices read in August 2026, see `prices.py`). Facebook charges nothing and tells its
limit in per cent of an allowance whose size it keeps to itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from social.channels.facebook_limits import SLOW_FROM
from social.channels.prices import milli
from social.collect_budget import Cost
from social.collect_plan import SWEEP_EVERY, SWEEP_SEARCHES
from social.limits import RateLimit
from social.settings import Settings

X_PAGE = 100
_WINDOW = timedelta(minutes=15)
"""X's windows; the end of one that is open is not kept, so what was told is believed for as long as one lasts."""
_FACEBOOK_LOOK = 3
_SCARCE_FROM = 50
"""Per cent of Facebook's allowance from which looks are counted."""


X_SEARCHES = 300
"""Searches in a quarter of an hour, where X has not said otherwise: an account's, by its user's token."""
_KEPT = 3
"""One part in so many of X's searches is kept from the turns, for looks at single posts."""
_MOST_GLANCES = 200
"""Requests of one turn on Facebook, 20,000 posts: as many as fit between two turns."""
_UNTOLD_GLANCES = 5
"""The same where Facebook has not said how much of its allowance is used: half of the least that there is, which is
4,800 requests a day for each person who engaged with the Page."""
_THRIFTY_TO = 70
"""Per cent of Facebook's allowance from which a turn takes a single request, so that looks at young posts go on."""


def requests_a_turn(channel: str, known: Sequence[RateLimit], now: datetime) -> int:
    """How many requests one turn of listening to old posts may take (`social.rotating`), >= 1.

    known: as for `requests_left`.  What nobody has said lately is taken to be as the network's documents say."""
    fresh = [one for one in known if one.remaining is not None and now - one.seen_at < _WINDOW]
    if channel == "x":
        return _searches_a_turn(fresh)
    if channel == "facebook":
        used = [100 - (one.remaining or 0) for one in fresh if one.family == "everything"]
        if not used:
            return _UNTOLD_GLANCES
        share = (_THRIFTY_TO - max(used)) / (_THRIFTY_TO - _SCARCE_FROM)
        return max(int(_MOST_GLANCES * min(share, 1.0)), 1)
    return _MOST_GLANCES


def _searches_a_turn(fresh: Sequence[RateLimit]) -> int:
    """A third of X's searches stays for looks; of the rest each turn of the window gets its part, less what sweeps
    take."""
    window = [one for one in fresh if one.family == "search"]
    most = max((one.most for one in window if one.most), default=X_SEARCHES)
    turns = _WINDOW // SWEEP_EVERY
    usual = (most - most // _KEPT) // turns - SWEEP_SEARCHES
    left = [(one.remaining or 0) - most // _KEPT for one in window]
    days = [(one.remaining or 0) // (timedelta(days=1) // SWEEP_EVERY) for one in fresh if one.family == "search a day"]
    return max(min([usual, *left, *days]), 1)


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

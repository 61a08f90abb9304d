"""How long a worker may hold something that it sends for somebody, and what the worker is called.

What is claimed must be over before its lease is: else a second worker would send what the first still has on its way."""

import os

from social.settings import Settings

SEND_MARGIN = 5.0
"""Seconds between the longest that a request may take and the end of the lease."""


def worker_name() -> str:
    """A name for this process that no other running worker has."""
    return f"{os.uname().nodename}:{os.getpid()}"


def lease_seconds(settings: Settings) -> float:
    """How long a claim lasts: as set, and never so short that one request could outlast it."""
    return max(settings.lease, 2 * longest_request(settings))


def longest_request(settings: Settings) -> float:
    """Seconds that one request may take at the most, with a margin."""
    return settings.connect_timeout + settings.read_timeout + SEND_MARGIN


def last_moment(taken_at: float, settings: Settings) -> float:
    """Until when, by `steady_seconds`, a request may leave so that it is over before the lease is.

    taken_at: `steady_seconds()` when the claim was made."""
    return taken_at + lease_seconds(settings) - longest_request(settings)

"""The periodic work of this slice."""

import logging

from social.collecting import CollectReport, collect
from social.context import Context
from social.jobs import Job

_log = logging.getLogger("beatline.collecting")
_told: set[str] = set()
"""What the round before had to say, so that trouble that lasts is not written down every few seconds."""


def _collect(context: Context) -> int:
    """How many replies and figures were new; 0 when nothing was due or nothing had changed."""
    return _outcome(collect(context))


def _collect_everything(context: Context) -> int:
    return _outcome(collect(context, everything=True))


def _outcome(report: CollectReport) -> int:
    for problem in dict.fromkeys(report.problems):
        if problem not in _told:
            _log.warning("%s", problem)
    _told.clear()
    _told.update(report.problems)
    return report.replies + report.figures


JOBS: tuple[Job, ...] = (Job("collect", "collect_every", _collect, thorough=_collect_everything),)

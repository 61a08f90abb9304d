"""The periodic work of this slice."""

import logging
from collections.abc import Iterable

from social.collecting import CollectReport, collect
from social.context import Context
from social.jobs import Job
from social.rotating import rotate

_log = logging.getLogger("beatline.collecting")
_told: dict[str, set[str]] = {"collect": set(), "listen": set()}
"""What the round before had to say, so that trouble that lasts is not written down every few seconds."""


def _collect(context: Context) -> int:
    """How many replies and figures were new; 0 when nothing was due or nothing had changed."""
    return _outcome(collect(context))


def _collect_everything(context: Context) -> int:
    return _outcome(collect(context, everything=True))


def _outcome(report: CollectReport) -> int:
    _tell("collect", report.problems)
    return report.replies + report.figures


def _listen(context: Context) -> int:
    """How many replies, or posts with news, the turns brought."""
    report = rotate(context)
    _tell("listen", report.problems)
    return report.heard


def _tell(job: str, problems: Iterable[str]) -> None:
    for problem in dict.fromkeys(problems):
        if problem not in _told[job]:
            _log.warning("%s", problem)
    _told[job] = set(problems)


JOBS: tuple[Job, ...] = (
    Job("collect", "collect_every", _collect, thorough=_collect_everything),
    Job("listen to old posts", "collect_every", _listen),
)

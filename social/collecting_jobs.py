"""The periodic work of this slice."""

from social.collecting import collect
from social.context import Context
from social.jobs import Job


def _collect(context: Context) -> int:
    """How many replies and figures were new; 0 when nothing was due or nothing had changed."""
    report = collect(context)
    return report.replies + report.figures


def _collect_everything(context: Context) -> int:
    report = collect(context, everything=True)
    return report.replies + report.figures


JOBS: tuple[Job, ...] = (Job("collect", "collect_every", _collect, thorough=_collect_everything),)

"""The periodic work of this slice."""

from social.collecting import collect
from social.context import Context
from social.jobs import Job
from social.settings import TABLE

_EVERY = next(float(setting.default) for setting in TABLE if setting.name == "collect_every")


def _collect(context: Context) -> int:
    """How many replies and figures were new; 0 when nothing was due or nothing had changed."""
    report = collect(context)
    return report.replies + report.figures


JOBS: tuple[Job, ...] = (Job("collect", _EVERY, _collect),)
